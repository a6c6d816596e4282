from __future__ import annotations

import json

import pytest

from dragoman.corpus.formats.jsonl import how, read_jsonl
from dragoman.corpus.units import LeftOut, Segment, Unit
from dragoman.errors import CorpusError, UsageError
from tests.corpus.formats.conftest import Write


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


GO, RUN = ("Go.", "Ve."), ("Run.", "Corre.")


@pytest.mark.parametrize(
    ("records", "wanted", "languages", "said"),
    [
        ([{"translation": {"en": s, "es": t}} for s, t in (GO, RUN)], (), ("en", "es"), "keys 'en' and 'es'"),
        ([{"id": 7, "en": s, "es": t} for s, t in (GO, RUN)], (), ("en", "es"), "keys 'en' and 'es'"),
        ([{"target": t, "source": s} for s, t in (GO, RUN)], (), ("", ""), "keys 'source' and 'target'"),
        ([{"es": t, "en": s} for s, t in (GO, RUN)], ("en", "es"), ("en", "es"), "keys 'en' and 'es'"),
        ([{"y": t, "x": s} for s, t in (GO, RUN)], ("x", "y"), ("", ""), "keys 'x' and 'y'"),
        ([{"eng_Latn": s, "spa_Latn": t} for s, t in (GO, RUN)], (), ("en", "es"), "keys 'eng_Latn' and 'spa_Latn'"),
    ],
)
def test_texts_by_their_keys(
    write: Write, records: list[object], wanted: tuple[str, ...], languages: tuple[str, str], said: str
) -> None:
    source = write("a.jsonl", lines(*records))
    expected = [
        Unit("a.jsonl", n, tuple(map(Segment, languages, sides)), counts="line")
        for n, sides in enumerate((GO, RUN), start=1)
    ]
    assert list(read_jsonl(source, wanted)) == expected
    assert how(source, wanted) == said


def test_bad_lines_are_said(write: Write) -> None:
    good = lines({"en": "Go.", "es": "Ve."})
    bad = ['{"en": "Go."', "[1]", '{"en": "Run.", "es": null}', "", '{"en": {"a": 1}, "es": "x"}', '{"en": NaN}']
    found = list(read_jsonl(write("a.jsonl", good + "\n".join(bad) + "\n" + good)))
    assert [type(one) for one in found] == [Unit, *5 * [LeftOut], Unit]
    assert [(one.fault, str(one).split(" (")[0]) for one in found if isinstance(one, LeftOut)] == [
        (True, "a.jsonl:2: no object of JSON: Expecting ',' delimiter: line 1 column 13"),
        (True, "a.jsonl:3: no object of JSON"),
        (False, "a.jsonl:4: not translated"),
        (False, "a.jsonl:6: not translated"),
        (False, "a.jsonl:7: not translated"),
    ]


def test_half_a_character_is_left_out(write: Write) -> None:
    found = next(read_jsonl(write("a.jsonl", '{"en": "Go\\ud83d.", "es": "Ve."}\n')))
    assert isinstance(found, Unit)
    assert found.segments[0].text == "Go."


def test_a_number_with_too_many_digits(write: Write) -> None:
    found = list(read_jsonl(write("a.jsonl", '{"en": "Go.", "es": "Ve."}\n{"en": ' + "9" * 5_000 + ', "es": "x"}\n')))
    assert isinstance(found[1], LeftOut)
    assert found[1].reason == "no object of JSON"


def test_an_unknown_key(write: Write) -> None:
    with pytest.raises(UsageError, match=r"^a.jsonl: there is no column 'fr'; the first row has 'en', 'es'"):
        list(read_jsonl(write("a.jsonl", lines({"en": "Go.", "es": "Ve."})), ("en", "fr")))


def test_an_empty_file(write: Write) -> None:
    with pytest.raises(CorpusError, match=r"^a.jsonl: the file is empty"):
        list(read_jsonl(write("a.jsonl", "")))
