"""Forms of one word: English plurals and verb forms, Spanish plurals, genders and conjugations.

Every function is pure and returns a table from the name of a form to its text. What the rules do not give stands in the
column ``irregular`` of the word tables as ``form=text``.
"""

from __future__ import annotations

from collections.abc import Mapping

_PRESENT = {"a": ("o", "as", "a", "amos", "an"), "e": ("o", "es", "e", "emos", "en")}
_PRESENT["i"] = ("o", "es", "e", "imos", "en")
_PAST = {"a": ("é", "aste", "ó", "amos", "aron"), "e": ("í", "iste", "ió", "imos", "ieron")}
_PAST["i"] = _PAST["e"]
PERSONS = ("1s", "2s", "3s", "1p", "3p")
_UNACCENTED = str.maketrans("áéíóú", "aeiou")


def english_s(word: str) -> str:
    """Return the plural of a noun, which is also the third person of a verb."""
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def english_verb(base: str, irregular: Mapping[str, str]) -> dict[str, str]:
    """Return ``base``, ``3s`` and ``ing``; a particle stays behind the verb: *want to*, *wants to*."""
    verb, space, particle = base.partition(" ")
    stem = verb[:-1] if verb.endswith("e") else verb
    forms = {"base": verb, "3s": english_s(verb), "ing": stem + "ing"}
    return {form: text + space + particle for form, text in {**forms, **irregular}.items()}


def spanish_plural(word: str) -> str:
    """Return the plural of a noun or adjective: *llaves*, *lápices*, *pasteles*, *alemanes*, *cafés*."""
    if word[-1] in "aeiouáéó":
        return word + "s"
    if word.endswith("z"):
        return word[:-1] + "ces"
    if word[-2] in "áéíóú" and word[-1] in "ns":
        word = word[:-2] + word[-2:].translate(_UNACCENTED)
    return word + "es"


def spanish_adjective(masculine: str, irregular: Mapping[str, str]) -> dict[str, str]:
    """Return ``ms``, ``fs``, ``mp`` and ``fp``; ``short`` is the form before a masculine noun (*buen*)."""
    feminine = irregular.get("fs", masculine[:-1] + "a" if masculine.endswith("o") else masculine)
    forms = {"ms": masculine, "fs": feminine, "short": masculine}
    forms |= {"mp": spanish_plural(masculine), "fp": spanish_plural(feminine)}
    return {**forms, **irregular}


def spanish_verb(infinitive: str, change: str, irregular: Mapping[str, str]) -> dict[str, str]:
    """Return ``inf``, ``ing`` (the gerund), the present (``1s`` and so on) and the past (``past1s`` and so on).

    ``change`` is a change of the stem's last vowel under stress, as in ``e>ie``. A particle stays behind the verb
    (*tener que*).
    """
    verb, space, particle = infinitive.partition(" ")
    stem, vowel = verb[:-2], verb[-2]
    forms = {"inf": verb, "ing": stem + ("ando" if vowel == "a" else "iendo")}
    old, _, new = change.partition(">")
    before, _, after = stem.rpartition(old) if old else (stem, "", "")
    stressed = before + new + after
    for person, ending, past_ending in zip(PERSONS, _PRESENT[vowel], _PAST[vowel], strict=True):
        forms[person] = (stem if person == "1p" else stressed) + ending
        forms["past" + person] = stem + past_ending
    return {form: text + space + particle for form, text in {**forms, **irregular}.items()}
