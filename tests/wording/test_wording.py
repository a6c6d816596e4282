"""What a model reads of a sentence, and how its translation is written."""

from __future__ import annotations

import random
from itertools import chain

import pytest

from dragoman.corpus.pairs import Origin, Pair
from dragoman.lexicon import Lexicon, Seen
from dragoman.slots import has_slots_of, mended
from dragoman.slots.kinds import KINDS
from dragoman.slots.spans import Family
from dragoman.slots.symbols import ALL, ANY, MOST, SYMBOLS
from dragoman.wording import Wordings

WORDS = "Mr please contact at before Friday call me Tom where is the station don't I know open file and says"
FIRST = {form: Seen(0, 50) for form in ("Where", "Please", "Call", "Open", "The")}
SRC = {form: Seen(90, 9, 90 if form == "Tom" else 0) for form in WORDS.split()} | FIRST
TRG = {form: Seen(90, 9) for form in ["llama", "a", "Tom", "la", "estación"]}
NAME, NUMBER, CODE = (family[0] for family in SYMBOLS.values())
NAME_2, CODE_2 = SYMBOLS[Family.NAME][1], SYMBOLS[Family.CODE][1]


def _is_unseen(character: str) -> bool:
    return not (character.isascii() or character in "áéíóúñ¿¡" or character in ALL)


@pytest.fixture
def wordings() -> Wordings:
    return Wordings(_is_unseen, _is_unseen, (Lexicon(SRC), Lexicon(TRG)), "en", "es")


@pytest.mark.parametrize(
    ("text", "read", "taken_over"),
    [
        ("Please contact Priya Raghunathan at help@example.org.", f"Please contact {NAME} at {CODE}.", 2),
        ("Call Tom.", "Call Tom.", 0),
        ("Call Tom", "call Tom", 0),
        ("Please call Mr. Station.", f"Please call Mr. {NAME}.", 1),
        ("Please call Zorbak Station.", f"Please call {NAME}.", 1),
        ("Please call the Station.", "Please call the station.", 0),
        ("Call Tom at the station", "Call Tom at the station", 0),
        ("Call Zorbak-un's Tom", f"Call {NAME}'s Tom", 1),
        ("WHERE IS THE STATION?", "Where is the station?", 0),
        ("Where Is The Station Before Friday?", "Where is the station before Friday?", 0),
        ("i dont know tom", "I don't know Tom", 0),
        ("Open the STATION!!", "Open the station!", 0),
        ("Open %s and 12 files", f"open {CODE} and {NUMBER} files", 2),
        ("Zorbak, Tom and Quuxby", f"{NAME}, Tom and {NAME_2}", 2),
        ("Zorbak Zorbak", NAME, 1),
        ("Call 😀 me", f"call {CODE} me", 1),
        ("Call 東京 me", f"call {CODE} me", 1),
        ("Call Ωμέγα δύο at %s", f"call {CODE} at {CODE_2}", 2),
    ],
)
def test_what_a_model_reads(wordings: Wordings, text: str, read: str, taken_over: int) -> None:
    wording = wordings.of(text)
    assert (wording.text, len(wording.slots)) == (read, taken_over)
    assert wording.src == text


@pytest.mark.parametrize(
    ("text", "translation", "written"),
    [
        (
            "Please contact Priya at help@example.org.",
            f"Contacte a {NAME} en {CODE}.",
            "Contacte a Priya en help@example.org.",
        ),
        ("WHERE IS THE STATION?", "¿Dónde está la estación?", "¿DÓNDE ESTÁ LA ESTACIÓN?"),
        ("CALL %d", f"Llama a {CODE}", "LLAMA A %d"),
        ("call me", "Llámame", "llámame"),
        ("call tom", "Tom llama", "Tom llama"),
        ("Call", "llama", "Llama"),
        ("Where??", "¿Dónde?", "¿Dónde??"),
        ("<b>Open</b> file", f"{CODE} Abre {CODE_2} archivo", "<b>Abre</b> archivo"),
        ("Open %s file", f"Abre {CODE} archivo", "Abre %s archivo"),
        ("Zorbak", "", ""),
    ],
)
def test_how_a_translation_is_written(wordings: Wordings, text: str, translation: str, written: str) -> None:
    assert wordings.of(text).written(translation, None, Lexicon(TRG)) == written


def test_a_loud_word_is_loud_in_the_translation(wordings: Wordings) -> None:
    wording = wordings.of("Call me BEFORE Friday")
    assert wording.needs_links
    assert wording.written("Llámame antes del viernes", [0, 2, 2, 3], None) == "Llámame ANTES DEL viernes"


def test_what_holds_no_letter_to_translate_is_not_read(wordings: Wordings) -> None:
    assert [wordings.of(text).is_readable for text in ("Zorbak", "12 %s", "Call Zorbak")] == [False, False, True]


def test_unseen_words_are_told(wordings: Wordings) -> None:
    assert wordings.of("Please contact Priya Raghunathan at help@example.org, xyzzy").unknown == (
        "Priya Raghunathan",
        "xyzzy",
    )


def test_without_a_lexicon_nothing_but_signs_is_set_apart() -> None:
    wording = Wordings(_is_unseen, _is_unseen, None, "en", "es").of("CALL Zorbak at 12:30 😀")
    assert (wording.text, wording.slots) == ("CALL Zorbak at 12:30", ())
    assert wording.written("LLAMA a Zorbak a las 12:30", None, None) == "LLAMA a Zorbak a las 12:30 😀"


def test_more_than_there_are_symbols_overflow(wordings: Wordings) -> None:
    text = "Call " + " and ".join(f"{number} %s" for number in range(10, 10 + MOST))
    wording = wordings.of(text)
    assert wording.overflows
    assert len(wording.slots) == MOST
    assert not wordings.of("Call 12").overflows


@pytest.mark.parametrize(
    ("src", "trg", "expected"),
    [
        ("Open %s and %d", "Abra %s y %d", "open _ and _|abra _ y _"),
        ("Call 1,200 and 1,200", "Llama a 1200 y 1200", "call _ and _|llama a _ y _"),
        ("Call 12", "Llama a doce", "call 12|llama a doce"),
        ("Call 12", "Llama a 12 y 12", "call 12|llama a 12 y 12"),
        ("CALL 12", "LLAMA A 12", "CALL 12|LLAMA A 12"),
        ("Call me", "Llámame", "call me|llámame"),
        ("Call Tom", "Tom llama", "call Tom|Tom llama"),
    ],
)
def test_a_training_pair_has_the_symbols_of_what_both_sides_have(
    wordings: Wordings, src: str, trg: str, expected: str
) -> None:
    pair = wordings.of_pair(Pair(src, trg, Origin("pairs.tsv", 1)))
    assert "|".join(ANY.sub("_", side) for side in (pair.src, pair.trg)) == expected
    assert has_slots_of(pair.src, pair.trg)


@pytest.mark.parametrize(
    ("src", "trg", "expected"),
    [
        (f"See {CODE}.", "Ve.", f"Ve {CODE}."),
        (f"{CODE}: see", "ve", f"{CODE} ve"),
        (f"a {CODE} b {CODE_2}", f"{CODE} {CODE} x {NAME}", f"{CODE} x {CODE_2}"),
        (f"a {CODE}, {CODE_2} b", f"x {CODE} y", f"x {CODE}, {CODE_2} y"),
        (f"{CODE}", "", f"{CODE}"),
    ],
)
def test_a_translation_gets_each_slot_once(src: str, trg: str, expected: str) -> None:
    assert mended(src, trg) == expected


@pytest.mark.slow
def test_whatever_a_model_makes_of_them_all_that_must_survive_does(wordings: Wordings) -> None:
    """100,000 sentences of examples of all kinds, whose translations lose, double and invent slots."""
    chance = random.Random(7)
    examples = sorted(set(chain.from_iterable(kind.examples for kind in KINDS)))
    names = ("Raghunathan", "Zorbak", "Quuxby")
    plain = ("please", "call", "me", "at", "the", "station", "and", "before", "Friday")
    for _ in range(100_000):
        parts = [chance.choice(chance.choice((examples, names, plain, plain))) for _ in range(chance.randrange(1, 9))]
        wording = wordings.of(" ".join(parts))
        said = list(wording.text.replace("call", "llama"))
        for _ in range(chance.randrange(4)):
            place = chance.randrange(len(said) + 1)
            said[place : place + chance.randrange(3)] = chance.choice(("", " ", chance.choice(ALL), " x "))
        translation = mended(wording.text, "".join(said))
        assert has_slots_of(wording.text, translation)
        written = wording.written(translation, None, None)
        assert all(slot.written in written for slot in wording.slots), (parts, written)
