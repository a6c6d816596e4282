"""How a sentence is brought to the spelling that training knows."""

from __future__ import annotations

import pytest

from dragoman.lexicon import Lexicon, Seen
from dragoman.wording.spelling import Speller, Style, Unseen, with_marks_of, with_single_marks, without_accents

FORMS = {
    "don't": Seen(500, 100),
    "Don't": Seen(0, 90),
    "cant": Seen(1, 0),
    "can't": Seen(400, 0),
    "wont": Seen(30, 0),
    "won't": Seen(400, 0),
    "I": Seen(900, 900),
    "Tom": Seen(90, 90, 180),
    "NASA": Seen(5, 0, 5),
    "Louvre": Seen(2, 0, 2),
    "Paris": Seen(2, 0, 0),
    "open": Seen(40, 0),
    "the": Seen(900, 0),
    "house": Seen(40, 1),
    "tomorrow": Seen(40, 0),
    "receive": Seen(20, 0),
    "separate": Seen(20, 0),
    "también": Seen(80, 0),
    "está": Seen(800, 0),
    "esta": Seen(300, 0),
    "UN": Seen(3, 0),
    "you": Seen(900, 0),
    "U": Seen(30, 0),
}


@pytest.fixture
def speller() -> Speller:
    return Speller(Lexicon(FORMS), "en")


@pytest.mark.parametrize(
    ("word", "style", "expected"),
    [
        ("open", Style.PLAIN, "open"),
        ("OPEN", Style.CAPITALS, "open"),
        ("OPEN", Style.PLAIN, "open"),
        ("Open", Style.TITLE, "open"),
        ("NASA", Style.CAPITALS, "NASA"),
        ("TOM", Style.CAPITALS, "Tom"),
        ("tom", Style.SMALL, "Tom"),
        ("i", Style.SMALL, "I"),
        ("un", Style.PLAIN, "un"),
        ("dont", Style.SMALL, "don't"),
        ("DONT", Style.CAPITALS, "don't"),
        ("don’t", Style.PLAIN, "don’t"),
        ("cant", Style.PLAIN, "can't"),
        ("wont", Style.PLAIN, "wont"),
        ("tambien", Style.PLAIN, "también"),
        ("esta", Style.PLAIN, "esta"),
        ("tommorow", Style.PLAIN, "tomorrow"),
        ("recieve", Style.PLAIN, "receive"),
        ("seperate", Style.PLAIN, "separate"),
        ("u", Style.SMALL, "you"),
        ("U", Style.CAPITALS, "you"),
        ("U", Style.PLAIN, "U"),
        ("opener", Style.PLAIN, "opener"),
        ("Tom's", Style.PLAIN, "Tom's"),
    ],
)
def test_a_word_is_spelled_as_training_knows_it(speller: Speller, word: str, style: Style, expected: str) -> None:
    assert speller.respelled(word, style, is_first=False) == expected


@pytest.mark.parametrize(
    ("word", "style", "expected"),
    [
        ("Raghunathan", Style.PLAIN, Unseen.NAME),
        ("Raghunathan's", Style.PLAIN, Unseen.NAME),
        ("Louvre", Style.PLAIN, Unseen.NAME),  # seen twice, and copied each time
        ("McAllister", Style.PLAIN, Unseen.NAME),
        ("xyzzy", Style.PLAIN, Unseen.WORD),
        ("FAQ", Style.PLAIN, Unseen.WORD),
        ("QUAGMIRE", Style.CAPITALS, Unseen.WORD),
    ],
)
def test_what_training_has_not_seen_is_told(speller: Speller, word: str, style: Style, expected: Unseen) -> None:
    assert speller.respelled(word, style, is_first=False) is expected


def test_a_name_that_the_target_writes_otherwise_is_left_to_the_model(speller: Speller) -> None:
    assert speller.respelled("Paris", Style.PLAIN, is_first=False) == "Paris"


def test_a_capital_makes_no_name_where_all_nouns_have_one() -> None:
    speller = Speller(Lexicon({"Haus": Seen(9, 0), "Donau": Seen(1, 0, 1)}), "de-AT")
    assert speller.respelled("Quark", Style.PLAIN, is_first=False) is Unseen.WORD
    assert speller.respelled("Donau", Style.PLAIN, is_first=False) == "Donau"


def test_the_first_word_keeps_its_capital(speller: Speller) -> None:
    assert speller.respelled("Recieve", Style.PLAIN, is_first=True) == "Receive"
    assert speller.respelled("OPEN", Style.PLAIN, is_first=True) == "Open"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("OPEN THE HOUSE", Style.CAPITALS),
        ("HOUSE", Style.CAPITALS),
        ("NASA", Style.PLAIN),
        ("N A", Style.PLAIN),
        ("FAQ", Style.PLAIN),
        ("open the house", Style.SMALL),
        ("Open The House Tomorrow", Style.TITLE),
        ("Open Tom", Style.PLAIN),
        ("Open the house", Style.PLAIN),
        ("", Style.PLAIN),
        ("寿司", Style.PLAIN),
    ],
)
def test_the_style_of_a_sentence(speller: Speller, text: str, style: Style) -> None:
    assert speller.style(text.split()) is style


def test_accents_go_and_letters_stay() -> None:
    assert without_accents("¿Qué será el niño? Łódź") == "¿Que sera el nino? Łodz"


@pytest.mark.parametrize(
    ("text", "single", "translation", "written"),
    [
        ("Stop!!!", "Stop!", "¡Para!", "¡Para!!!"),
        ('"Why??"', '"Why?"', '"¿Por qué?"', '"¿Por qué??"'),
        ("What?!", "What?!", "¿Qué?", "¿Qué?"),
        ("Wait...", "Wait...", "Espera...", "Espera..."),
        ("a!!b", "a!!b", "a!!b", "a!!b"),
    ],
)
def test_marks_that_are_doubled_are_read_once(text: str, single: str, translation: str, written: str) -> None:
    assert with_single_marks(text) == single
    assert with_marks_of(text, translation) == written
