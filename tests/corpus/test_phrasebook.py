"""The embedded corpus: its size and spread, its grammar against a table checked by hand, and its word alignment."""

from __future__ import annotations

import hashlib
import tomllib
import unicodedata
from collections import Counter
from importlib.resources import files
from itertools import pairwise

import pytest

from dragoman.corpus.pairs import Origin
from dragoman.corpus.phrasebook import LONGEST, Phrase, grammar, morphology, pairs, phrases
from dragoman.corpus.phrasebook.lexicon import read_lexicon

PHRASES = phrases()
BY_SRC = {phrase.src: phrase for phrase in PHRASES}
MARKS = "¿?¡!.,"

GOLDEN = {
    "The water is cold.": "El agua está fría.",  # el before a stressed a, feminine adjective
    "They don't like water.": "No les gusta el agua.",
    "Does she like water?": "¿Le gusta el agua?",
    "I'm going to the park.": "Voy al parque.",  # a + el
    "We're going to the church.": "Vamos a la iglesia.",
    "Ana is near the bank.": "Ana está cerca del banco.",  # de + el
    "Ana is near the beach.": "Ana está cerca de la playa.",
    "I saw your brother.": "Vi a tu hermano.",  # personal a
    "I saw your book.": "Vi tu libro.",
    "I like oranges.": "Me gustan las naranjas.",  # gustar agrees with what pleases
    "She likes coffee.": "Le gusta el café.",
    "We don't like to sing.": "No nos gusta cantar.",
    "He likes your hat.": "Le gusta tu sombrero.",
    "They're not ready.": "No están listos.",  # estar for a state, ser for a trait
    "We're not tall.": "No somos altos.",
    "Is your mother tired?": "¿Tu madre está cansada?",
    "Is your mother rich?": "¿Tu madre es rica?",
    "She's English.": "Ella es inglesa.",
    "We're Spanish.": "Somos españoles.",
    "I'm not hungry.": "No tengo hambre.",  # tener for English be
    "We're very hungry.": "Tenemos mucha hambre.",
    "You're very sleepy.": "Tienes mucho sueño.",
    "I'm twenty.": "Tengo veinte años.",
    "This is a good book.": "Este es un buen libro.",  # short form before a masculine noun
    "This is a bad table.": "Esta es una mala mesa.",
    "This is my sister.": "Esta es mi hermana.",
    "His keys are blue.": "Sus llaves son azules.",
    "She wants a white bag.": "Ella quiere un bolso blanco.",
    "They need a pencil.": "Necesitan un lápiz.",
    "They have an old key.": "Tienen una llave vieja.",
    "We like our car.": "Nos gusta nuestro coche.",
    "Four beers, please.": "Cuatro cervezas, por favor.",
    "It's one o'clock.": "Es la una.",
    "It's quarter past eleven.": "Son las once y cuarto.",
    "It's quarter to eight.": "Son las ocho menos cuarto.",
    "The train leaves at one.": "El tren sale a la una.",
    "Is the school closed?": "¿Está cerrada la escuela?",
    "Does he have this lamp?": "¿Él tiene esta lámpara?",
    "My sister has to read.": "Mi hermana tiene que leer.",
    "He can't sleep.": "Él no puede dormir.",
    "Luis is sleeping.": "Luis está durmiendo.",
    "They're going to read.": "Van a leer.",
    "She sold my lamp.": "Ella vendió mi lámpara.",
    "We lost our key.": "Perdimos nuestra llave.",
    "Marta is from Mexico.": "Marta es de México.",
    "It's sunny in Rome.": "Hace sol en Roma.",
    "How much is this bag?": "¿Cuánto cuesta este bolso?",
    "The party is on Monday.": "La fiesta es el lunes.",
    "Today is June 10.": "Hoy es el 10 de junio.",
    "Good night, Pablo!": "¡Buenas noches, Pablo!",
}

ALIGNED = {
    "She wants a white bag.": "She-Ella wants-quiere a-un white-blanco. bag.-bolso",
    "I'm going to the park.": "I'm-Voy going-Voy to-al the-al park.-parque.",
    "I like oranges.": "I-Me like-gustan oranges.-naranjas.",
    "Does she like water?": "she-¿Le like-gusta water?-agua?",
    "They're not ready.": "They're-están not-No ready.-listos.",
    "It's quarter past eleven.": "It's-Son quarter-y quarter-cuarto. past-y past-cuarto. eleven.-once",
}


def words(text: str) -> list[str]:
    return [word.strip(MARKS).casefold() for word in text.split()]


def test_size_and_spread() -> None:
    patterns = Counter(phrase.pattern for phrase in PHRASES)
    assert len(PHRASES) >= 12_000
    assert len(patterns) >= 60
    assert max(patterns.values()) <= 0.05 * len(PHRASES)
    assert len({word for phrase in PHRASES for word in words(phrase.trg)}) >= 500


def test_one_spanish_side_for_each_english_side() -> None:
    assert len(BY_SRC) == len(PHRASES)


def test_sentences_are_short() -> None:
    assert max(max(len(phrase.src), len(phrase.trg)) for phrase in PHRASES) <= LONGEST
    assert 17 <= sum(len(phrase.src) for phrase in PHRASES) / len(PHRASES) <= 21


def test_the_list_is_the_same_everywhere() -> None:
    digest = hashlib.sha256("\n".join("\t".join(map(str, phrase)) for phrase in PHRASES).encode()).hexdigest()
    assert digest == "112df23d9975a589a0484796d95d81c3142e9c61089f762a2d693bb1d909f86d"


def test_the_first_phrases_cover_all_patterns() -> None:
    patterns = {phrase.pattern for phrase in PHRASES}
    assert {phrase.pattern for phrase in PHRASES[: len(patterns)]} == patterns


def test_pairs_are_the_phrases_with_their_place() -> None:
    found = list(pairs())
    assert [(pair.src, pair.trg) for pair in found] == [(phrase.src, phrase.trg) for phrase in PHRASES]
    assert found[0].origin == Origin("phrasebook", 1)
    assert found[-1].origin == Origin("phrasebook", len(PHRASES))


@pytest.mark.parametrize(("src", "trg"), GOLDEN.items())
def test_golden(src: str, trg: str) -> None:
    assert BY_SRC[src].trg == trg


@pytest.mark.parametrize(("src", "aligned"), ALIGNED.items())
def test_alignment(src: str, aligned: str) -> None:
    phrase = BY_SRC[src]
    src_words, trg_words = phrase.src.split(), phrase.trg.split()
    assert " ".join(f"{src_words[i]}-{trg_words[j]}" for i, j in phrase.links) == aligned


def test_links_are_in_range_sorted_and_never_missing() -> None:
    def sound(phrase: Phrase) -> bool:
        n_src, n_trg = len(phrase.src.split()), len(phrase.trg.split())
        inside = all(0 <= i < n_src and 0 <= j < n_trg for i, j in phrase.links)
        return inside and bool(phrase.links) and list(phrase.links) == sorted(set(phrase.links))

    assert [phrase for phrase in PHRASES if not sound(phrase)] == []


def test_most_words_are_linked() -> None:
    n_linked = sum(len({j for _, j in phrase.links}) for phrase in PHRASES)
    assert n_linked > 0.95 * sum(len(phrase.trg.split()) for phrase in PHRASES)


def test_form_of_every_sentence() -> None:
    for src, trg, _, _ in PHRASES:
        for text in (src, trg):
            assert unicodedata.is_normalized("NFC", text)
            assert text == " ".join(text.split())
            assert text[-1] in ".?!"
            assert text.lstrip("¿¡")[0].isupper() or text[0].isdigit()
        assert src[-1] == trg[-1]
        assert trg.count("¿") == trg.count("?") == (trg[0] == "¿")
        assert trg.count("¡") == trg.count("!") == (trg[0] == "¡")


def test_no_article_is_left_uncontracted_or_wrong() -> None:
    for phrase in PHRASES:
        text = f" {phrase.trg.casefold()} "
        assert not any(wrong in text for wrong in (" a el ", " de el ", " la agua")), phrase
        english = phrase.src.casefold().split()
        for article, word in pairwise(english):
            vowel = word[0] in "aeiou"
            assert article not in ("a", "an") or (article == "an") == vowel, phrase


def test_patterns_link_every_literal_chunk() -> None:
    text = (files("dragoman.corpus.phrasebook") / "patterns.toml").read_text(encoding="utf-8")

    def chunks(template: grammar.Template) -> set[str]:
        return {name for part in template.parts if isinstance(part, grammar.Token) for name in part.names}

    for name, pattern in tomllib.loads(text).items():
        assert chunks(grammar.parse("en", pattern["en"])) == chunks(grammar.parse("es", pattern["es"])), name


def test_every_word_of_the_tables_is_used() -> None:
    used = Counter(word for phrase in PHRASES for word in words(phrase.trg))
    members = {word.name: word for group in read_lexicon().classes.values() for word in group}
    unused = [
        word.name
        for word in members.values()
        if not any(used[part] for form in word.es.values() for part in words(form.replace("|", " ")))
        and not word.dropped
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("singular", "plural"),
    [("flor", "flores"), ("lápiz", "lápices"), ("estación", "estaciones"), ("autobús", "autobuses"), ("sofá", "sofás")],
)
def test_spanish_plural(singular: str, plural: str) -> None:
    assert morphology.spanish_plural(singular) == plural


def test_conjugation_by_rule() -> None:
    forms = morphology.spanish_verb("comprar", "", {})
    present = [forms[person] for person in morphology.PERSONS]
    past = [forms["past" + person] for person in morphology.PERSONS]
    assert present == ["compro", "compras", "compra", "compramos", "compran"]
    assert past == ["compré", "compraste", "compró", "compramos", "compraron"]
    assert morphology.spanish_verb("perder", "e>ie", {})["3p"] == "pierden"
    assert morphology.spanish_verb("tener que", "e>ie", {"1s": "tengo"})["1s"] == "tengo que"
    assert morphology.english_verb("want to", {})["3s"] == "wants to"
    assert morphology.english_verb("study", {})["3s"] == "studies"


@pytest.mark.parametrize(
    ("en", "es", "expected"),
    [
        (
            "Give me {a item}.",
            "Dame {a item}.",
            ("Give me a pencil.", "Dame un lápiz.", ((0, 0), (1, 0), (2, 1), (3, 2))),
        ),
        (
            "Where | is {the item}?",
            "¿Dónde | está {the item}?",
            ("Where is the pencil?", "¿Dónde está el lápiz?", ((0, 0), (1, 1), (2, 2), (3, 3))),
        ),
        ("~Oh, {the item}!", "¡~Oh, {the item}!", ("Oh, the pencil!", "¡Oh, el lápiz!", ((1, 1), (2, 2)))),
    ],
)
def test_templates(en: str, es: str, expected: tuple[str, str, tuple[tuple[int, int], ...]]) -> None:
    words_by_name = read_lexicon().words
    binding = {"item": words_by_name["pencil"], "a": words_by_name["a"], "the": words_by_name["the"]}
    src = grammar.render(grammar.parse("en", en), binding)
    trg = grammar.render(grammar.parse("es", es), binding)
    texts = (" ".join(token.text for token in side) for side in (src, trg))
    assert (*texts, grammar.links(src, trg)) == expected
