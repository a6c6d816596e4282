"""Batches are gathered while the engine works; a lone text does not wait; nobody gets what is another's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Hashable

import pytest

from dragoman.errors import OverloadedError
from dragoman.server import batching
from dragoman.server.batching import Batcher


class Engine:
    """Turns texts to capitals; each batch waits until it is let go, if ``held``."""

    def __init__(self, held: bool = False) -> None:
        self.batches: list[tuple[Hashable, list[str]]] = []
        self.free = threading.Event()
        if not held:
            self.free.set()

    def __call__(self, kind: Hashable, texts: list[str]) -> list[str]:
        self.batches.append((kind, texts))
        assert self.free.wait(10)
        if "bad" in texts:
            raise ValueError("bad")
        return [text.upper() for text in texts]


async def begun(engine: Engine, n: int = 1) -> None:
    while len(engine.batches) < n:
        await asyncio.sleep(0.001)


def test_a_lone_text_goes_to_an_idle_engine_at_once() -> None:
    engine = Engine(held=True)

    async def main() -> list[str]:
        task = asyncio.create_task(Batcher(engine).run(None, ["a"]))
        await begun(engine)
        engine.free.set()
        return await task

    assert asyncio.run(main()) == ["A"]


def test_what_comes_while_the_engine_works_is_one_batch_and_each_gets_its_own() -> None:
    engine = Engine(held=True)

    async def main() -> list[list[str]]:
        batcher = Batcher(engine)
        first = asyncio.create_task(batcher.run(None, ["first"]))
        await begun(engine)
        rest = [asyncio.create_task(batcher.run(None, [f"a{i}", f"b{i}"])) for i in range(20)]
        await asyncio.sleep(0)
        engine.free.set()
        return await asyncio.gather(first, *rest)

    assert asyncio.run(main()) == [["FIRST"], *([f"A{i}", f"B{i}"] for i in range(20))]
    assert [len(texts) for _, texts in engine.batches] == [1, 40]


def test_texts_of_two_kinds_do_not_share_a_batch() -> None:
    engine = Engine(held=True)

    async def main() -> list[list[str]]:
        batcher = Batcher(engine)
        tasks = [asyncio.create_task(batcher.run(i % 2, [f"t{i}"])) for i in range(7)]
        await begun(engine)
        engine.free.set()
        return await asyncio.gather(*tasks)

    assert asyncio.run(main()) == [[f"T{i}"] for i in range(7)]
    assert engine.batches == [(0, ["t0"]), (1, ["t1", "t3", "t5"]), (0, ["t2", "t4", "t6"])]


def test_a_long_document_does_not_keep_a_short_request_waiting() -> None:
    engine = Engine(held=True)
    document = [f"{i:04d}" * 100 for i in range(50)]
    done = []

    async def main() -> list[str]:
        batcher = Batcher(engine)
        first = asyncio.create_task(batcher.run(None, document))
        await begun(engine)
        short = asyncio.create_task(batcher.run(None, ["short"]))
        short.add_done_callback(lambda _: done.append(len(engine.batches)))
        await asyncio.sleep(0)
        engine.free.set()
        await short
        return await first

    assert asyncio.run(main()) == [text.upper() for text in document]
    assert done[0] <= 5
    assert len(engine.batches) > 20


@pytest.mark.parametrize("n_threads", [1, 3])
def test_texts_of_a_long_request_come_back_in_order(n_threads: int) -> None:
    texts = [f"{i} " + "x" * (37 * i % 700) for i in range(200)]
    assert asyncio.run(Batcher(Engine(), n_threads=n_threads).run(None, texts)) == [text.upper() for text in texts]


def test_an_error_reaches_all_of_its_batch_and_none_after_it() -> None:
    engine = Engine(held=True)

    async def main() -> tuple[list[list[str] | BaseException], list[str]]:
        batcher = Batcher(engine)
        first = asyncio.create_task(batcher.run(None, ["first"]))
        await begun(engine)
        tasks = [asyncio.create_task(batcher.run(None, [text])) for text in ("good", "bad")]
        await asyncio.sleep(0)
        engine.free.set()
        await first
        failed = await asyncio.gather(*tasks, return_exceptions=True)
        return failed, await batcher.run(None, ["later"])

    failed, later = asyncio.run(main())
    assert [type(error) for error in failed] == [ValueError, ValueError]
    assert later == ["LATER"]


def test_a_request_that_was_given_up_is_not_worked_on() -> None:
    engine = Engine(held=True)

    async def main() -> list[str]:
        batcher = Batcher(engine)
        first = asyncio.create_task(batcher.run(None, ["first"]))
        await begun(engine)
        gone = asyncio.create_task(batcher.run(None, ["gone"]))
        stays = asyncio.create_task(batcher.run(None, ["stays"]))
        await asyncio.sleep(0)
        gone.cancel()
        engine.free.set()
        await first
        return await stays

    assert asyncio.run(main()) == ["STAYS"]
    assert [texts for _, texts in engine.batches] == [["first"], ["stays"]]


def test_more_than_may_wait_is_refused_and_what_waits_is_answered() -> None:
    engine = Engine(held=True)

    async def main() -> list[list[str] | BaseException]:
        batcher = Batcher(engine, limit=10)
        tasks = [asyncio.create_task(batcher.run(None, [f"t{i}"])) for i in range(15)]
        await begun(engine)
        engine.free.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    answers = asyncio.run(main())
    assert answers[:11] == [[f"T{i}"] for i in range(11)]
    assert all(isinstance(error, OverloadedError) and error.retry_after >= 1 for error in answers[11:])
    assert len(answers) == 15


def test_a_slow_engine_lets_fewer_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    clock = [0.0]

    def slowly(kind: Hashable, texts: list[str]) -> list[str]:
        clock[0] += 0.2 * len(texts)
        return engine(kind, texts)

    monkeypatch.setattr(batching, "monotonic", lambda: clock[0])

    async def main() -> int:
        batcher = Batcher(slowly)
        await batcher.run(None, ["0"])  # 0.2 s a text
        engine.free.clear()
        tasks = [asyncio.create_task(batcher.run(None, [f"{i}"])) for i in range(30)]
        await asyncio.sleep(0)
        engine.free.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        return sum(isinstance(answer, OverloadedError) for answer in answers)

    assert asyncio.run(main()) == 30 - 1 - batching.ALWAYS
