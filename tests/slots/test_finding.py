from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.slots.finding import find
from dragoman.slots.kinds import KINDS

WORDS = ["we", "saw", "Tom", "and", "the", "dog", "near", "her", "House", "today,", "but", "NASA", "did", "not", "come"]
AROUND = [
    ("", ""), ("", "."), ("", ","), ("", "!"), ("", "?"), ("", ";"), ("", ":"), ("", "..."), ('"', '"'), ("'", "'"),
    ("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"), ("‘", "’."), ("„", "“"),
    ("¿", "?"), ("(", ")."), ('"', '."'), ("*", "*"),
]  # fmt: skip


def shown(text: str, src: str = "en", trg: str = "und") -> list[str]:
    return [text[span.begin : span.end] for span in find(text, src, trg)]


@pytest.mark.slow
def test_examples_of_all_kinds_are_found_in_any_sentence() -> None:
    generator = random.Random(7)
    for _ in range(20_000):
        text, expected = "", []
        # Two that stand side by side can be one ("5" and "4 GB"), so a word is between them.
        for is_span in generator.choice(
            [(True,), (True, False), (False, True), (False, True, False, True), (True, False, True)]
        ):
            before, after = generator.choice(AROUND)
            text += " " if text else ""
            if is_span:
                kind = generator.choice(KINDS)
                example = generator.choice(kind.examples)
                text += before
                expected.append((len(text), len(text) + len(example), kind.name))
                text += example + after
            else:
                text += " ".join(generator.choices(WORDS, k=generator.randint(1, 4)))
        assert [(span.begin, span.end, span.kind) for span in find(text, "en", "es")] == expected, text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Go to https://example.org/a?b=c. Then wait.", ["https://example.org/a?b=c"]),
        ("(see https://x.org/a_(b))", ["https://x.org/a_(b)"]),
        ("See report.pdf.", ["report.pdf"]),
        ("We left at 7 p.m.", ["7 p.m."]),
        ("Dr. Smith met Mr. Jones in the U.S. at 5 p.m. on Friday.", ["5 p.m."]),
        ("Error: cannot open file %s (code {code}).", ["%s", "{code}"]),
        ("Hello %1$s, good to see you again!", ["%1$s"]),
        ("#hashtag @user", ["#hashtag", "@user"]),
        ("Version 2.10.3 is out, I have 3,500.50 dollars and 1.5 liters.", ["2.10.3", "3,500.50", "1.5"]),
        ("The temperature is -5 degrees. It's 20°C.", ["-5", "20°C"]),
        ("I have 1 dog, she has 2.", ["2"]),
        ("the 5th of the 1990s, my 2nd 3D film", ["3D"]),
        ("3本と5月3日、2024年の第5章", ["3", "5", "3", "2024", "5"]),
        ("２０２４年 عام ٢٠٢٤ वर्ष २०२४", ["２０２４", "٢٠٢٤", "२०२४"]),
        ("メールはfoo@bar.orgへ、https://x.org/aを見て", ["foo@bar.org", "https://x.org/a"]),
        ("I was tired.you know. The end.The next", []),
        ("We use e.g. this and/or that, AT&T, R&D; it's well-known - or not.", []),
        ("a 30-year-old of the mid-1990s", ["30"]),
        ("a\ue000b\ue017", ["\ue000", "\ue017"]),
        ("2+2=4 and 3×4=12", ["2", "2", "4", "3", "4", "12"]),
    ],
)
def test_what_is_found(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Tá mé i nGaillimh", "ga", []),
        ("Ngikhuluma isiZulu", "zu", []),
        ("isiZulu", "en", ["isiZulu"]),
        ("Um 7 am Montag", "de", ["7"]),
        ("Skwxwu7mesh", "squ", []),
    ],
)
def test_what_a_language_spells_so_is_not_found(text: str, language: str, expected: list[str]) -> None:
    assert shown(text, language) == expected


def test_numbers_are_written_as_the_target_does_and_code_is_not() -> None:
    text = "It cost $12,500, in a12500.pdf, on 12/03/1998."
    assert [span.written for span in find(text, "en", "es")] == ["$12.500", "a12500.pdf", "12/03/1998"]
    assert [span.written for span in find(text, "und", "es")] == ["$12,500", "a12500.pdf", "12/03/1998"]


@given(st.one_of(st.text(), st.text(st.sampled_from("aB1 .,:/@#%{}<>&$`'()-_+\\°\ue000é語😀\u200d\n"))))
def test_spans_are_in_order_and_apart(text: str) -> None:
    end = 0
    for span in find(text, "en", "es"):
        assert end <= span.begin < span.end <= len(text)
        end = span.end


HOSTILE = [
    "{", "{{", "a.", "1,", "%", "@", "a@", "a.b@", "<a ", "<a b=c ", '<a b="', "/", "a/", "\\", "C:\\a ",
    "C:\\a b\\", "#", "`", "``", "`a", "{a,plural,{", "-", "--a", "+1 ", "12 ", "1.2.", "1-", "1:23", "12/",
    "a_", "__a", "A-1-", "aB", "a()", "😀\u200d", "🇪", "&a", "$1", "${", "http://", "http://(", "x.com/(", "1%",
    "1 000", "Ctrl+", "~/", "a/b/c.", "DE89 3704 ", "<!-", "{%", "%(", "(((", "[[", "é.", "a\u0300", "1\u00a0",
    "Ab, ", "語1", "'", "\n",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_length_of_a_hostile_line(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length] + "!"
        durations = []
        for _ in range(2):
            begin = time.process_time()
            find(text, "en", "es")
            durations.append(time.process_time() - begin)
        return min(durations)

    # 64 times would be the square.
    assert seconds(40_000) < 24 * max(seconds(5_000), 1e-3)
