"""What ``pip install dragoman[serve]`` brings: not much, and no training framework."""

from __future__ import annotations

from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def closure(name: str, extras: frozenset[str]) -> dict[str, set[str]]:
    """Return what ``name`` with ``extras`` needs, with all that this needs in turn: names to extras."""
    found: dict[str, set[str]] = {}
    waiting = [(name, extras)]
    while waiting:
        name, extras = waiting.pop()
        name = canonicalize_name(name)
        if name in found and extras <= found[name]:
            continue
        found.setdefault(name, set()).update(extras)
        for line in distribution(name).requires or ():
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                waiting.append((needed.name, frozenset(needed.extras)))
    return found


def megabytes(name: str) -> float:
    files = (distribution(name).locate_file(file) for file in distribution(name).files or ())
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6  # type: ignore[attr-defined]


@pytest.mark.slow
def test_serving_needs_less_than_400_mb_and_no_training_framework() -> None:
    needed = closure("dragoman", frozenset({"serve"}))
    assert {"fastapi", "uvloop", "sqlalchemy", "ctranslate2", "py3langid"} <= needed.keys()
    assert not {"torch", "tensorflow", "tensorflow-cpu", "jax", "jaxlib", "keras", "matplotlib"} & needed.keys()
    sizes = sorted(((round(megabytes(name)), name) for name in needed.keys() - {"dragoman"}), reverse=True)
    assert 200 < sum(size for size, _ in sizes) < 400, sizes
