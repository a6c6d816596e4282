"""The folder of a training: locked, remembered after a kill, gone when nothing has begun."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dragoman.errors import BundleError, UsageError
from dragoman.fitting.workplace import Workplace

REQUEST = {"pairs": ["spa.txt"], "model": {"units": 256, "layers": 1}}
OTHER = {"pairs": ["spa.txt"], "model": {"units": 128, "layers": 1}}


def test_a_training_that_never_began_leaves_nothing(tmp_path: Path) -> None:
    with Workplace(tmp_path / "deep" / "out", REQUEST) as place:
        assert not place.is_begun
        (place.folder / "half").write_text("of something")
    assert list(tmp_path.iterdir()) == []


def test_the_same_request_finds_the_plan_again(tmp_path: Path) -> None:
    with Workplace(tmp_path / "out", REQUEST) as place:
        place.write_plan({"n_steps": 12})
        (place.checkpoints / "step-000000000.safetensors").write_text("kept")
    with Workplace(tmp_path / "out", REQUEST) as place:
        assert place.is_begun
        assert place.read_plan() == {"n_steps": 12}
        assert len(list(place.checkpoints.iterdir())) == 1
        place.remove()
    assert list(tmp_path.iterdir()) == []


def test_another_request_is_refused_with_the_difference(tmp_path: Path) -> None:
    with Workplace(tmp_path / "out", REQUEST) as place:
        place.write_plan({})
    with pytest.raises(UsageError, match="units 256, not 128"), Workplace(tmp_path / "out", OTHER):
        pass
    with Workplace(tmp_path / "out", REQUEST) as place:
        assert place.is_begun


def test_overwrite_begins_anew_with_another_request_and_goes_on_with_the_same(tmp_path: Path) -> None:
    with Workplace(tmp_path / "out", REQUEST) as place:
        place.write_plan({})
        (place.checkpoints / "step-000000000.safetensors").write_text("old")
    with Workplace(tmp_path / "out", REQUEST, overwrite=True) as place:
        assert place.is_begun
    with Workplace(tmp_path / "out", OTHER, overwrite=True) as place:
        assert not place.is_begun
        assert list(place.checkpoints.iterdir()) == []


def test_two_trainings_into_one_folder_are_refused(tmp_path: Path) -> None:
    with Workplace(tmp_path / "out", REQUEST):
        with pytest.raises(BundleError, match="another process"), Workplace(tmp_path / "out", REQUEST):
            pass
        with Workplace(tmp_path / "other", REQUEST):
            pass


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom dragoman.fitting.workplace import Workplace\n"
        "with Workplace(Path(sys.argv[1]), {'a': 1}) as place:\n"
        "    place.write_plan({})\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path / "out")]).returncode == -9
    with Workplace(tmp_path / "out", {"a": 1}) as place:
        assert place.is_begun


@pytest.mark.parametrize("harmed", ["request.json", "plan.json"])
def test_a_harmed_folder_is_an_error_whose_remedies_work(harmed: str, tmp_path: Path) -> None:
    with Workplace(tmp_path / "out", REQUEST) as place:
        place.write_plan({})
    whole = (place.folder / harmed).read_text()
    (place.folder / harmed).write_text("{")
    remedies = r"\(put it back as it was to go on, or pass --overwrite to begin anew\)"
    with pytest.raises(BundleError, match=remedies), Workplace(tmp_path / "out", REQUEST):
        pass
    (place.folder / harmed).write_text(whole)
    with Workplace(tmp_path / "out", REQUEST) as place:
        assert place.is_begun
    (place.folder / harmed).write_text("{")
    with Workplace(tmp_path / "out", REQUEST, overwrite=True) as place:
        assert not place.is_begun
