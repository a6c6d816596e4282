from __future__ import annotations

import pytest

from dragoman.corpus.pairing import NO_TEXT, NOT_BOTH, OTHER_CODES, TOO_MANY, pairs_of, sides
from dragoman.corpus.pairs import Origin, Pair
from dragoman.corpus.units import LeftOut, Segment, Unit


def unit(*segments: tuple[str, str] | Segment) -> Unit:
    return Unit("a.tmx", 7, tuple(Segment(*segment) for segment in segments), "Ana")


@pytest.mark.parametrize(
    ("codes", "src", "trg", "expected"),
    [
        (("en", "es"), "en", "es", ("0", "1")),
        (("en", "es"), "es", "en", ("1", "0")),
        (("en-US", "en-GB", "es-MX", "fr"), "en", "es", ("01", "2")),
        (("en", "en-GB"), "en", "en-GB", ("0", "1")),
        (("en-US", "es"), "en-GB", "es", ("", "1")),
        (("pt-BR", "pt"), "pt-BR", "es", ("0", "")),
        # What the file does not say.
        (("", ""), "en", "es", ("0", "1")),
        (("en", ""), "en", "es", ("0", "1")),
        (("", "es"), "en", "es", ("0", "1")),
        (("en", ""), "es", "en", ("1", "0")),
        (("fr", ""), "en", "es", ("", "")),
        (("", "en", "es"), "en", "es", ("1", "2")),
    ],
)
def test_sides(codes: tuple[str, ...], src: str, trg: str, expected: tuple[str, str]) -> None:
    found = sides(unit(*((code, str(n)) for n, code in enumerate(codes))), src, trg)
    assert tuple("".join(segment.text for segment in side) for side in found) == expected


def test_pairs_are_clean_and_know_their_unit() -> None:
    (pair,) = pairs_of(unit(("en", "  Go\N{NO-BREAK SPACE}now,\r\n\t  please. "), ("es", "Ve.")), "en", "es")
    assert pair == Pair("Go now, please.", "Ve.", Origin("a.tmx", 7, "Ana", "unit"))
    assert isinstance(pair, Pair)
    assert str(pair.origin) == "a.tmx, unit 7"


def test_each_source_goes_with_each_target() -> None:
    found = list(pairs_of(unit(("en", "A"), ("en-US", "B"), ("es", "C"), ("es-MX", "D")), "en", "es"))
    assert [(pair.src, pair.trg) for pair in found if isinstance(pair, Pair)] == [
        ("A", "C"),
        ("A", "D"),
        ("B", "C"),
        ("B", "D"),
    ]


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ((("en", "Go."), ("fr", "Va."), ("", "x")), (NOT_BOTH, "it has en, fr and texts without a language")),
        ((), (NOT_BOTH, "it has no language")),
        ((("en", "Go."), ("es", " \n ")), (NO_TEXT, "")),
        ((("en", "Go."), ("es", "\N{ZERO WIDTH SPACE}")), (NO_TEXT, "")),
        ((Segment("en", "%d of %d", ("%d", "%d")), Segment("es", "%d", ("%d",))), (OTHER_CODES, "%d")),
        ((Segment("en", "Go.", ()), Segment("es", "Ve %s.", ("%s",))), (OTHER_CODES, "%s")),
        (tuple(40 * [("en", "Go."), ("es", "Ve.")]), (TOO_MANY, "40 texts with 40 translations")),
    ],
)
def test_what_is_left_out(segments: tuple[tuple[str, str] | Segment, ...], said: tuple[str, str]) -> None:
    (left,) = pairs_of(unit(*segments), "en", "es")
    assert left == LeftOut(said[0], "a.tmx, unit 7", fault=False, detail=said[1])


def test_a_code_may_be_text_on_the_other_side() -> None:
    (pair,) = pairs_of(unit(Segment("en", "Go %s.", ("%s",)), Segment("es", "Ve %s.")), "en", "es")
    assert isinstance(pair, Pair)
