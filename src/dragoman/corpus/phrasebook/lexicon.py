"""The word tables of the package, read into words that know their forms.

A table is UTF-8 text with tab-separated columns under a heading; ``#`` begins a comment line. A word belongs to any
number of classes (column ``class``); where a pattern names a class, any of its words may stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from . import morphology

TABLES = ("nouns", "adjectives", "verbs", "determiners", "people", "phrases")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its forms in both languages and what others agree with: gender, number and person."""

    kind: str
    name: str
    en: Mapping[str, str]
    es: Mapping[str, str]
    gender: str = "m"
    number: str = "s"
    person: str = "3"
    stressed_a: bool = False
    before: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All words: by class for the slots of a pattern, by name for the words that a pattern fixes."""

    classes: Mapping[str, tuple[Word, ...]]
    words: Mapping[str, Word]


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one word table as dictionaries; a missing cell is empty."""
    text = (files(__package__) / f"{table}.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    heading = lines[0].split("\t")
    for line in lines[1:]:
        cells = line.split("\t")
        yield dict(zip(heading, cells + [""] * (len(heading) - len(cells)), strict=True))


@cache
def read_lexicon() -> Lexicon:
    """Return the words of all tables, in the tables' order."""
    classes: dict[str, list[Word]] = {}
    words: dict[str, Word] = {}
    for table in TABLES:
        for row in rows(table):
            word = _word(table, row)
            words.setdefault(word.name, word)
            for name in row["class"].split():
                classes.setdefault(name, []).append(word)
    return Lexicon({name: tuple(members) for name, members in classes.items()}, words)


def _word(table: str, row: dict[str, str]) -> Word:
    en, es, name = row["en"], row["es"], row.get("name") or row["en"]
    exceptions = dict(cell.split("=") for cell in row.get("irregular", "").split(";") if cell)
    english = {form.removeprefix("en."): text for form, text in exceptions.items() if form.startswith("en.")}
    spanish = {form: text for form, text in exceptions.items() if not form.startswith("en.")}
    match table:
        case "nouns":
            forms_en = {"s": en, "p": morphology.english_s(en)} | english
            forms_es = {"s": es, "p": morphology.spanish_plural(es)} | spanish
            gender, stressed_a = row["gender"][0], row["gender"] == "f*"
            return Word("noun", name, forms_en, forms_es, gender, stressed_a=stressed_a)
        case "adjectives":
            forms_es = morphology.spanish_adjective(es, spanish)
            return Word("adjective", name, {"": en}, forms_es, before=row["place"] == "before")
        case "verbs":
            forms_en = morphology.english_verb(en, english) if en else {"": ""}
            fixed_es = spanish or {"": es}
            forms_es = fixed_es if row["change"] == "-" else morphology.spanish_verb(es, row["change"], spanish)
            return Word("verb", name, forms_en, forms_es)
        case "determiners":
            forms_es = dict(zip(("ms", "fs", "mp", "fp"), es.split("/"), strict=True))
            return Word("determiner", name, dict(zip("sp", en.split("/"), strict=True)), forms_es)
        case "people":
            dropped = row["dropped"] == "yes"
            return Word(
                "person", name, {"": en}, {"": es}, row["gender"], row["person"][1], row["person"][0], dropped=dropped
            )
        case _:
            agree = row["agree"] or "ms"
            return Word("phrase", name, {"": en}, {"": es}, agree[0], agree[1])
