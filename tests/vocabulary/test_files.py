"""Vocabularies in files: what comes back is what was written, and a file that was made to mislead is refused."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import BundleError
from dragoman.vocabulary.characters import CharVocabulary, character_vocabularies
from dragoman.vocabulary.files import from_files, layout, to_files
from dragoman.vocabulary.subwords import SubwordVocabulary


@pytest.fixture(scope="module")
def other() -> SubwordVocabulary:
    return SubwordVocabulary.train(["¡Corre!", "Ve."])


def test_a_joint_vocabulary_is_one_file_and_one_object(subwords: SubwordVocabulary) -> None:
    files = to_files(subwords, subwords)
    assert files == {"joint.spm": subwords.model}
    src, trg = from_files(files)
    assert src is trg
    assert src.encode("Go.") == subwords.encode("Go.")


def test_one_a_side_is_two_files(subwords: SubwordVocabulary, other: SubwordVocabulary) -> None:
    files = to_files(subwords, other)
    assert files == {"src.spm": subwords.model, "trg.spm": other.model}
    assert [vocabulary.size for vocabulary in from_files(files)] == [subwords.size, other.size]


def test_characters_are_json() -> None:
    files = to_files(*character_vocabularies(["Go."], ["Ve."]))
    assert list(files) == ["src.vocabulary.json", "trg.vocabulary.json"]
    src, trg = from_files(files)
    assert isinstance(src, CharVocabulary)
    assert isinstance(trg, CharVocabulary)
    assert (src.characters, src.marks, trg.characters, trg.marks) == ((".", "G", "o"), False, (".", "V", "e"), True)


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"[" * 200_000, b'{"type": "words"}'], ids=lambda d: repr(d[:5]))
def test_characters_that_cannot_be_read_are_refused(data: bytes) -> None:
    good = to_files(*character_vocabularies(["Go."], ["Ve."]))
    with pytest.raises(BundleError):
        from_files({**good, "trg.vocabulary.json": data})


def test_the_files_suit_the_model() -> None:
    card: dict[str, object] = {"weights.safetensors": {}, "history.json": {}}
    assert layout("transformer", {**card, "joint.spm": {}}) == ("joint.spm",)
    assert layout("transformer", {"trg.spm": {}, **card, "src.spm": {}}) == ("src.spm", "trg.spm")
    characters = {"src.vocabulary.json", "trg.vocabulary.json"}
    assert layout("char-lstm", characters) == ("src.vocabulary.json", "trg.vocabulary.json")


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("transformer", ["src.vocabulary.json", "trg.vocabulary.json"]),
        ("transformer", ["src.spm"]),
        ("transformer", ["joint.spm", "src.spm", "trg.spm"]),
        ("transformer", []),
        ("char-lstm", ["joint.spm"]),
        ("char-lstm", ["src.vocabulary.json"]),
        ("char-lstm", ["src.vocabulary.json", "trg.vocabulary.json", "joint.spm"]),
        (None, ["joint.spm"]),
    ],
)
def test_files_that_do_not_suit_the_model_are_refused(model: object, names: list[str]) -> None:
    with pytest.raises(BundleError, match="the vocabularies of the model"):
        layout(model, names)


def field(number: int, value: int | bytes) -> bytes:
    """A field of a Protocol Buffers message, whose length or value is below 128."""
    key = number << 3 | (2 if isinstance(value, bytes) else 0)
    head = bytes([key]) if key < 128 else bytes([key & 127 | 128, key >> 7])
    return head + (bytes([len(value)]) + value if isinstance(value, bytes) else bytes([value]))


def piece(text: str, score: bytes = b"\0\0\0\0", kind: int = 1) -> bytes:
    content = field(1, text.encode()) + bytes([0x15]) + score + field(3, kind)
    return field(1, content)


def without(part: bytes) -> Callable[[bytes], bytes]:
    def cut(model: bytes) -> bytes:
        assert model.count(part) == 1
        return model.replace(part, b"")

    return cut


TAMPERED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda m: b"", "byte"),
    "noise": (lambda m: b"garbage" * 99, "damaged"),
    "JSON": (lambda m: json.dumps({"type": "characters"}).encode(), "damaged"),
    "cut": (lambda m: m[:-5], "cut short"),
    "cut in a number": (lambda m: m + b"\x80", "damaged"),
    "a number without end": (lambda m: m + b"\x80" * 2**20, "64 bits"),
    "many fields in one": (lambda m: m + bytes([0x12, 0x80, 0x80, 0x08]) + field(1, 1) * 2**16, "more than 64,008"),
    "a field more": (lambda m: m + field(4, b""), "field 4"),
    "a decoder's table": (lambda m: m + field(5, field(2, b"table")), "field 5"),
    "no bytes": (lambda m: m + field(2, field(35, 0)), "fall back to bytes"),
    "words": (lambda m: m + field(2, field(3, 3)), "neither a unigram model"),
    "spaces after words": (lambda m: m + field(2, field(24, 1)), "after words"),
    "another padding": (lambda m: m.replace(b"<pad>", b"<pod>"), "have the ids"),
    "no unknown": (lambda m: m.replace(piece("<unk>", kind=2), piece("<unk>", kind=3)), "damaged"),
    "a byte missing": (without(piece("<0x41>", kind=6)), "damaged"),
    "a byte of no name": (lambda m: m.replace(b"<0x41>", b"<0x4G>"), "damaged"),
    "a byte that is a word": (lambda m: m + piece("zzz", kind=6), "damaged"),
    "a byte twice": (lambda m: m + piece("<0x41>", kind=6), "damaged"),
    "a table": (lambda m: m + field(3, field(2, b"\xff" * 60)), "normalises"),
    "NFKC": (lambda m: m + field(3, field(1, b"nmt_nfkc")), "normalises"),
    "spaces dropped": (lambda m: m + field(3, field(4, 1)), "normalises"),
    "no space before": (lambda m: m + field(3, field(3, 0)), "normalises"),
    "spaces as they are": (lambda m: m + field(3, field(5, 0)), "normalises"),
    "rules": (lambda m: m + field(3, field(6, b"rules")), "normalises"),
    "not a number": (lambda m: m + piece("zzz", b"\0\0\xc0\x7f"), "damaged"),
    "a piece twice": (lambda m: m + piece("▁"), "damaged"),
    "a piece of nothing": (lambda m: m + piece(""), "damaged"),
    "no space": (lambda m: m.replace("\n\x03▁".encode(), "\n\x03▂".encode()), "no piece for the space"),
    "a noncharacter": (lambda m: m + piece("a\U0010ffff"), "noncharacter"),
    "not UTF-8": (lambda m: m + piece("zz").replace(b"zz", b"\xffz"), "damaged"),
    "too many": (lambda m: m + b"".join(piece(f"zz{i}") for i in range(64_009)), "more than 64,008"),
}


@pytest.mark.parametrize(("tamper", "fragment"), TAMPERED.values(), ids=TAMPERED)
def test_a_model_that_would_mislead_is_refused(
    subwords: SubwordVocabulary, tamper: Callable[[bytes], bytes], fragment: str, capfd: pytest.CaptureFixture[str]
) -> None:
    tampered = tamper(subwords.model)
    assert tampered != subwords.model
    with pytest.raises(BundleError, match=fragment) as caught:
        SubwordVocabulary(tampered)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@given(st.data())
def test_any_damage_gives_an_error_or_a_vocabulary_that_works(subwords: SubwordVocabulary, data: st.DataObject) -> None:
    model = bytearray(subwords.model)
    for _ in range(data.draw(st.integers(1, 4))):
        model[data.draw(st.integers(0, len(model) - 1))] = data.draw(st.integers(0, 255))
    try:
        vocabulary = SubwordVocabulary(bytes(model[: data.draw(st.integers(len(model) - 9, len(model)))]))
    except BundleError:
        return
    text = "Where is the \u2581 station? ¿Щ?"
    assert vocabulary.decode(vocabulary.encode(text)) == text
