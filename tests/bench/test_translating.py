"""The translating bench on a small bundle."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bench.benches import translating
from bench.compare import parser
from bench.harness import SideFailed, python, run_side
from bench.private_memory import private_bytes
from bench.sides.precisions import differences
from bench.sides.translating import read_sample

REFS = ["El gato duerme en la casa.", "Me gusta mucho el pan.", "¿Dónde está la estación?", "Ella lee un libro."]


def bench_options(*arguments: object) -> list[str]:
    return ["translating", "--data", "pairs.tsv", *map(str, arguments)]


@pytest.mark.slow
def test_the_side_tells_rates_and_private_memory(bundle_path: Path, tmp_path: Path) -> None:
    data = tmp_path / "test.tsv"
    data.write_text("".join(f"The dog sleeps {n}.\tEl perro duerme {n}.\n" for n in range(12)), "utf-8")
    options = parser().parse_args(["translating", "--data", str(data), "--bundle", str(bundle_path), "--precisions"])
    bench = translating(options)
    run = run_side(bench.sides[0])
    assert {target.figure for target in bench.targets if target.ours == bench.sides[0].name} < set(run.figures)
    assert run.about == {"sentences": "12", "beam": "4"}
    assert 1 < run.figures["private_mib"] <= run.figures["peak_mib"]


def test_a_sample_is_spread_over_all_pairs(tmp_path: Path) -> None:
    data = tmp_path / "pairs.tsv"
    data.write_text("".join(f"{n}\t{n}\n" for n in range(7)), "utf-8")
    assert [pair.src for pair in read_sample(data, 3)] == ["0", "2", "4"]
    assert len(read_sample(data, 100)) == 7


def test_both_precisions_are_measured_and_compared() -> None:
    bench = translating(parser().parse_args(bench_options("--bundle", "model")))
    assert [side.name for side in bench.sides] == ["int8", "float32", "dragoman translate", "int8 and float32"]
    assert {target.ours for target in bench.targets} <= {side.name for side in bench.sides}
    served = bench.sides[0].command
    assert served[served.index("--precision") + 1] == "int8"
    assert served[served.index("--sentences") + 1] == "2000"


def test_a_model_of_one_precision_has_nothing_to_compare() -> None:
    bench = translating(parser().parse_args(bench_options("--bundle", "model", "--precisions")))
    assert [side.name for side in bench.sides] == ["Dragoman", "dragoman translate"]


def test_the_bench_needs_a_bundle() -> None:
    with pytest.raises(SideFailed, match="--bundle must name"):
        translating(parser().parse_args(bench_options()))


def test_what_int8_costs_is_the_difference_of_the_scores() -> None:
    figures = differences([*REFS[:3], "Ella tiene un libro."], REFS, REFS, trg="es")
    assert figures["float32_bleu"] == pytest.approx(100)
    assert figures["bleu_loss"] == pytest.approx(100 - figures["int8_bleu"])
    assert figures["chrf_loss"] > 0
    assert figures["changed_share"] == 0.25
    assert differences(REFS, REFS, REFS, trg="es")["bleu_loss"] == 0


def test_private_memory_is_what_a_process_took_and_no_file_holds() -> None:
    code = """
import os
from bench.private_memory import private_bytes
before = private_bytes(os.getpid())
taken = bytearray(b"x") * (50 * 2**20)
print((private_bytes(os.getpid()) - before) / 2**20)
"""
    done = subprocess.run(python("-c", code), capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert 45 < float(done.stdout) < 60
    assert private_bytes(os.getpid()) > 0
