"""Numbers and marks that differ between the sides."""

from __future__ import annotations

import pytest

from dragoman.checking.marks import other_marks, other_numbers, repeats


@pytest.mark.parametrize(
    ("src", "trg", "differ"),
    [
        ("in 1985", "en 1985", False),
        ("in 1985", "en 1986", True),
        ("1,250.5 kg", "1.250,5 kg", False),
        ("$10,000", "1万", False),
        ("6:30", "６時半", False),
        ("at 8 PM", "a las 20 horas", False),
        ("3 cats", "tres gatos", False),
        ("7 of 9", "9 de 7", False),
    ],
)
def test_numbers_differ(src: str, trg: str, differ: bool) -> None:
    assert other_numbers(src, trg) is differ
    assert other_numbers(trg, src) is differ


@pytest.mark.parametrize(
    ("src", "trg", "differ"),
    [
        ("Press <b>OK</b>", "Pulse OK", True),
        ("Press <b>OK</b>", "Pulse <i>OK</i>", False),
        ("%d files", "archivos", True),
        ("{name} left", "{name} salió", False),
        ("See :func:`open`", "Véase abrir", True),
        ("50% of us", "la mitad", False),
        ("2 < 3 and 4 > 3", "2 es menos", False),
    ],
)
def test_marks_differ(src: str, trg: str, differ: bool) -> None:
    assert other_marks(src, trg) is differ
    assert other_marks(trg, src) is differ


@pytest.mark.parametrize(
    ("src", "trg", "differ"),
    [
        ("It is late.", "Es tarde tarde tarde tarde.", True),
        ("No, no, no, no!", "¡No, no, no, no!", False),
        ("He said that that is it.", "Dijo que eso es.", False),
    ],
)
def test_one_side_repeats(src: str, trg: str, differ: bool) -> None:
    assert repeats(src, trg) is differ
