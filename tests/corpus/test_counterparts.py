"""Strings of Android and Apple, each language in a file of its own: as two arguments, in folders and in archives."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from dragoman.corpus import open_pairs, open_sources
from dragoman.errors import CorpusError, UsageError

N = range(2, 32)
TEXTS = {
    "en": [f"I have {n} dogs." for n in N],
    "es": [f"Tengo {n} perros." for n in N],
    "pt": [f"Tenho {n} cães." for n in N],
}
SIDES = list(zip(TEXTS["en"], TEXTS["es"], strict=True))


def android(code: str) -> str:
    strings = "".join(f'<string name="s{n}">{text}</string>\n' for n, text in enumerate(TEXTS[code]))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!-- strings -->\n<resources>{strings}</resources>'


def apple(code: str) -> str:
    return "".join(f'"s{n}" = "{text}";\n' for n, text in enumerate(TEXTS[code]))


def plurals(code: str) -> str:
    entries = "".join(
        f"<key>s{n}</key><dict><key>n</key><dict><key>other</key><string>{text}</string></dict></dict>"
        for n, text in enumerate(TEXTS[code])
    )
    return f'<?xml version="1.0"?>\n<plist version="1.0"><dict>{entries}</dict></plist>'


ANDROID = {
    "app/values/strings.xml": android("en"),
    "app/values/colors.xml": "<resources></resources>",
    "app/values-night/strings.xml": android("en"),
    "app/values-es/strings.xml": android("es"),
    "app/values-pt-rBR/strings.xml": android("pt"),
}
APPLE = {f"{code}.lproj/Localizable.strings": apple(code) for code in TEXTS}
BASE = {f"{'Base' if code == 'en' else code}.lproj/Localizable.strings": apple(code) for code in TEXTS}
PLURALS = {f"{code}.lproj/Localizable.stringsdict": plurals(code) for code in TEXTS}


def foldered(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text, "utf-8")
    return path


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path.with_suffix(".zip")


@pytest.mark.parametrize("pack", [foldered, zipped])
@pytest.mark.parametrize(
    ("files", "how"),
    [
        (ANDROID, "Android's strings, by key"),
        (APPLE, "Apple's strings, by key"),
        (BASE, "Apple's strings, by key"),
        (PLURALS, "Apple's plural forms, by key"),
    ],
    ids=["android", "apple", "base", "plurals"],
)
def test_the_two_languages_of_a_container(tmp_path: Path, pack: object, files: dict[str, str], how: str) -> None:
    path = pack(tmp_path / "app", files)  # type: ignore[operator]
    reader = open_pairs(path, src="en", trg="es")
    assert [(pair.src, pair.trg) for pair in reader] == SIDES
    assert (reader.how, reader.languages) == (how, ("en", "es"))
    assert [(pair.trg, pair.src) for pair in open_pairs(path, src="es", trg="en")] == SIDES
    portuguese = open_pairs(path, src="es", trg="pt")
    assert [(pair.src, pair.trg) for pair in portuguese] == list(zip(TEXTS["es"], TEXTS["pt"], strict=True))
    with pytest.raises(CorpusError, match="there is no file of translations in it"):
        open_pairs(path, src="fr", trg="de")
    with pytest.raises(UsageError, match=r"it has .* and .*; choose two of them by --src and --trg"):
        open_pairs(path)


@pytest.mark.parametrize("pack", [foldered, zipped])
def test_texts_in_folders_of_languages(tmp_path: Path, pack: object) -> None:
    files = {f"{code}/{n}.txt": "\n".join(texts) for code, texts in TEXTS.items() for n in (1, 2)}
    files |= {"README.md": "About.", "en/about.txt": "Of one language."}
    path = pack(tmp_path / "all", files)  # type: ignore[operator]
    reader = open_pairs(path, src="en", trg="es")
    assert [(pair.src, pair.trg) for pair in reader] == SIDES * 2
    assert reader.how == "2 files: 2 of aligned files in en and es"
    with pytest.raises(UsageError, match=r"1.txt: it has en, es and pt; choose two of them"):
        open_pairs(path)


def test_modules_of_a_folder(tmp_path: Path) -> None:
    modules = {f"{module}/{name}": text for module in ("a", "b") for name, text in ANDROID.items() if "pt" not in name}
    reader = open_pairs(foldered(tmp_path / "all", modules))
    assert [(pair.src, pair.trg) for pair in reader] == SIDES * 2
    assert (reader.how, reader.languages) == ("2 files: 2 of Android's strings, by key", ("und", "es"))
    assert [str(pair.origin) for pair in reader][::30] == [
        "all/a/app/values/strings.xml, string 1",
        "all/b/app/values/strings.xml, string 1",
    ]


@pytest.mark.parametrize(
    ("files", "first", "second", "languages"),
    [
        (ANDROID, "app/values/strings.xml", "app/values-es/strings.xml", ("und", "es")),
        (APPLE, "en.lproj/Localizable.strings", "es.lproj/Localizable.strings", ("en", "es")),
        (PLURALS, "en.lproj/Localizable.stringsdict", "es.lproj/Localizable.stringsdict", ("en", "es")),
    ],
    ids=["android", "apple", "plurals"],
)
def test_two_arguments(
    tmp_path: Path, files: dict[str, str], first: str, second: str, languages: tuple[str, str]
) -> None:
    path = foldered(tmp_path / "app", files)
    arguments = [str(path / first), str(path / second)]
    (reader,) = open_sources(arguments)
    assert [(pair.src, pair.trg) for pair in reader] == SIDES
    assert reader.languages == languages
    (reader,) = open_sources(arguments, src="en", trg="es")
    assert [(pair.src, pair.trg) for pair in reader] == SIDES
    (reader,) = open_sources(arguments[::-1], src="en", trg="es")
    assert [(pair.src, pair.trg) for pair in reader] == SIDES
    with pytest.raises(CorpusError, match=r"this is one side of .* \(pass the file in the other language beside it\)"):
        list(open_pairs(arguments[0]))
