"""Work is spread over batches, and comes back in order."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import threadpool_info

from dragoman.engine.cores import MIN_BATCH, on_all_cores


def n_blas_threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.mark.parametrize("n_cores", [1, 2, 7])
@pytest.mark.parametrize("n", [0, 1, 15, 100])
def test_results_stand_in_the_order_of_the_places(n: int, n_cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: n_cores)
    lengths = [place * 7 % 11 for place in range(n)]
    batches: list[list[int]] = []

    def work(places: Sequence[int]) -> list[str]:
        batches.append([lengths[place] for place in places])
        return [str(place) for place in places]

    assert on_all_cores(work, lengths, batch=20) == [str(place) for place in range(n)]
    assert all(len(batch) <= 20 for batch in batches)
    assert sum(max(batch) - min(batch) for batch in batches) <= 11


def test_an_error_in_one_batch_is_the_callers() -> None:
    def work(places: Sequence[int]) -> list[int]:
        if 3 in places:
            raise ValueError("three")
        return list(places)

    before = n_blas_threads()
    with pytest.raises(ValueError, match="three"):
        on_all_cores(work, [1] * 100, batch=16)
    assert n_blas_threads() == before


@pytest.mark.slow
def test_products_have_one_thread_while_any_caller_is_at_work_and_theirs_afterwards() -> None:
    before = n_blas_threads()

    def work(places: Sequence[int]) -> list[list[int]]:
        return [n_blas_threads() for _ in places]

    with ThreadPoolExecutor(4) as callers:
        together = list(callers.map(lambda n: on_all_cores(work, [1] * n, 4), range(2 * MIN_BATCH, 60)))
    assert {n for call in together for counts in call for n in counts} == {1}
    assert n_blas_threads() == before
