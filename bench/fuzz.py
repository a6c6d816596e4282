"""Texts of every kind through a translator: none may break it, make it loop, or come out empty or far too long.

    python -m bench.fuzz BUNDLE --inputs 20000 --seed 0
    python -m bench.fuzz BUNDLE --inputs 0 --numbers test.tsv

Ends with 1 where a text broke a rule, and shows the first ones. With ``--numbers`` it also says how many translations
have the numbers of their sources.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from time import perf_counter

from dragoman import SearchConfig, Translator, open_pairs
from dragoman.corpus.lines import clean
from dragoman.corpus.pairs import Pair
from dragoman.documents.words import spoken
from dragoman.loops import LEAST, LEAST_CHARACTERS, allowed_in_a_row, loop_begin, most_in_a_row
from dragoman.numbers import has_numbers_of
from dragoman.safeguards import is_blank
from dragoman.translation import Sentence, Translation
from dragoman.translator import BATCH
from dragoman.vocabulary.characters import CharVocabulary

N_NUMBERS = 500
N_SHOWN = 5
LONG = 5000
# Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai, Hiragana, Chinese, Hangul.
SCRIPTS = (
    *((0x370, 0x3FF), (0x400, 0x4FF), (0x5D0, 0x5EA), (0x620, 0x64A)),
    *((0x905, 0x939), (0xE01, 0xE2E), (0x3041, 0x3096), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3)),
)
EMOJI = ((0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x1F1E6, 0x1F1FF))
BETWEEN_EMOJI = ["", " ", "\u200d", "\ufe0f", "\U0001f3fd"]
ENDS = [" ", ". ", ", ", "! ", "? ", "\n", "\n\n", "\t", "  ", "", "。", "…", '" "', ") ("]
BLANKS = " \t\n\r\v\f\x00\x01\x1b\x7f\x85\u00a0\u2003\u2028\u3000\ufeff"

Random = random.Random
Words = Sequence[str]


def _characters(rng: Random, ranges: Sequence[tuple[int, int]], n: int, between: Sequence[str] = ("",)) -> str:
    return "".join(chr(rng.randint(*rng.choice(ranges))) + rng.choice(between) for _ in range(n))


def _any_unicode(rng: Random, words: Words) -> str:
    return _characters(rng, [(0, 0x10FFFF), (0, 0x2FFF), (0, 0xFF)], rng.randint(1, 60))


def _emoji(rng: Random, words: Words) -> str:
    return _characters(rng, EMOJI, rng.randint(1, 12), BETWEEN_EMOJI)


def _one_word(rng: Random, words: Words) -> str:
    return rng.choice(words)


def _number(rng: Random, words: Words) -> str:
    digits = str(rng.randrange(10 ** rng.randint(1, 15)))
    shape = rng.choice(
        ["{}", "{}%", "-{}", "{}.5", "${},00", "{}:30", "It is {}.", "{0} {0}", "{0}/{0}/{0}", "Nr. {}!"]
    )
    return shape.format(digits)


def _long_line(rng: Random, words: Words) -> str:
    unit = rng.choice([rng.choice("xаあ語1.?-"), _one_word(rng, words), _emoji(rng, words), _other_script(rng, words)])
    joint = rng.choice(["", " ", rng.choice(ENDS)])
    if rng.random() < 0.5:
        return joint.join(rng.choice(words) for _ in range(LONG))[:LONG]
    return (unit + joint) * (LONG // len(unit + joint) + 1)


def _control(rng: Random, words: Words) -> str:
    return "".join(
        rng.choice([*BLANKS, chr(rng.randrange(0x20)), rng.choice(words)]) for _ in range(rng.randint(1, 30))
    )


def _other_script(rng: Random, words: Words) -> str:
    return _characters(rng, [rng.choice(SCRIPTS)], rng.randint(1, 40), ["", "", "", " "])


def _blank(rng: Random, words: Words) -> str:
    return "".join(rng.choice(BLANKS) for _ in range(rng.randint(0, 12)))


def _repeated(rng: Random, words: Words) -> str:
    unit = " ".join(rng.choice(words) for _ in range(rng.randint(1, 5)))
    return rng.choice([" ", " ", ". ", ""]).join([unit] * rng.randint(2, 30))


def _mixed(rng: Random, words: Words) -> str:
    kinds = [_any_unicode, _emoji, _one_word, _one_word, _one_word, _number, _control, _other_script, _repeated]
    return "".join(rng.choice(kinds)(rng, words) + rng.choice(ENDS) for _ in range(rng.randint(1, 8)))


KINDS: dict[str, tuple[Callable[[Random, Words], str], float]] = {
    "random Unicode": (_any_unicode, 3),
    "emoji": (_emoji, 2),
    "single words": (_one_word, 4),
    "numbers": (_number, 2),
    "5,000 characters": (_long_line, 0.1),
    "control characters": (_control, 2),
    "other scripts": (_other_script, 2),
    "blank": (_blank, 1),
    "repeated words": (_repeated, 2),
    "mixed": (_mixed, 2),
}
"""How texts of each kind are made, and how many there are of one for those of the others."""


def inputs(seed: int, words: Words) -> Iterator[tuple[str, str]]:
    """Yield kinds and texts without end; the same for the same seed and words."""
    rng = Random(seed)
    weights = [weight for _, weight in KINDS.values()]
    while True:
        kind = rng.choices(list(KINDS), weights)[0]
        yield kind, KINDS[kind][0](rng, words)


def violations(translator: Translator, translation: Translation) -> list[str]:
    """Return the rules that ``translation`` breaks; it must have been made with token scores."""
    src, text = translation.src, translation.text
    if is_blank(src):
        return [] if text == src else ["blank in, not the same out"]
    broken = ["blank"] if is_blank(text) else []
    src_tokens = translator.src_vocabulary.encode(clean(src))
    if sum(len(sentence.trg_tokens) for sentence in translation.sentences) > 2 * len(src_tokens) + 10:
        broken.append("too long")
    if len(src.splitlines()) != len(text.splitlines()):
        return [*broken, "other lines"]
    least = LEAST_CHARACTERS if isinstance(translator.trg_vocabulary, CharVocabulary) else LEAST
    for sentence in translation.sentences:
        if sentence.trg_tokens and loop_begin(spoken(sentence.text), spoken(clean(sentence.src))) is not None:
            broken.append("phrases repeated")
    allowed = allowed_in_a_row(src_tokens, least)
    for src_line, line, tokens in zip(src.splitlines(), text.splitlines(), _tokens_of_lines(translation), strict=True):
        if all(most_in_a_row(ours) > allowed_in_a_row(theirs) for ours, theirs in _words_of(line, src_line)):
            broken.append("words repeated")
        if most_in_a_row(tokens) > allowed:
            broken.append("tokens repeated")
    return broken


def _words_of(line: str, src_line: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the words of two lines with signs and without: signs that are put back may come together."""
    yield line.split(), src_line.split()
    yield spoken(line), spoken(src_line)


def _tokens_of_lines(translation: Translation) -> Iterator[list[str]]:
    """Yield the target tokens of each line of the source."""
    sentences: list[Sentence] = list(translation.sentences)
    for line in translation.src.splitlines():
        tokens: list[str] = []
        rest = line.lstrip()
        while rest:
            sentence = sentences.pop(0)
            assert rest.startswith(sentence.src), "the sentences are those of the text, in order"
            tokens += sentence.trg_tokens
            rest = rest[len(sentence.src) :].lstrip()
        yield tokens


def fuzz(translator: Translator, n_inputs: int, seed: int, words: Words) -> dict[str, Counter[str]]:
    """Translate ``n_inputs`` texts and return, for each kind, how many there were and how many broke which rule."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    stream = islice(inputs(seed, words), n_inputs)
    while batch := list(islice(stream, BATCH)):
        results = _translated(translator, [text for _, text in batch])
        for (kind, text), result in zip(batch, results, strict=True):
            broken = [result] if isinstance(result, str) else violations(translator, result)
            counts[kind].update(["inputs", *dict.fromkeys(broken)])
            if broken and sum(sum(c.values()) - c["inputs"] for c in counts.values()) <= N_SHOWN:
                shown = result if isinstance(result, str) else ascii(result.text[:300])
                print(f"{', '.join(broken)}: {text[:300]!a} gave {shown}", file=sys.stderr)
    return counts


def _translated(translator: Translator, texts: list[str]) -> Sequence[Translation | str]:
    """The translations, or the name of the exception for a text that raises one."""
    options = SearchConfig(token_scores=True)
    try:
        return translator.translate(texts, options)
    except Exception as error:
        if len(texts) == 1:
            return [type(error).__name__]
        return [result for text in texts for result in _translated(translator, [text])]


def words_of(translator: Translator) -> list[str]:
    """Return the distinct words of the sources that the translator was trained on, or of the phrasebook's."""
    pairs: Sequence[Pair] = translator.training_pairs() or list(open_pairs("phrasebook"))
    return sorted({word for pair in pairs for word in pair.src.split()})


def numbers(translator: Translator, pairs: Sequence[Pair]) -> str:
    """Return a line on the numbers in the translations of ``pairs``, and in their references."""
    chosen = [pair for pair in pairs if re.search(r"\d", pair.src)][:N_NUMBERS]
    if not chosen:
        return "numbers: no source has digits"
    translations = translator.translate([pair.src for pair in chosen])
    n_same = sum(has_numbers_of(t.src, t.text) for t in translations)
    n_refs = sum(has_numbers_of(pair.src, pair.trg) for pair in chosen)
    return (
        f"numbers: the same in {n_same:,} of {len(chosen):,} translations ({n_same / len(chosen):.1%}), "
        f"and in {n_refs:,} references"
    )


def table(counts: dict[str, Counter[str]]) -> str:
    """Return ``counts`` as a Markdown table with a row for each kind and one for all."""
    total: Counter[str] = sum(counts.values(), Counter())
    rules = sorted(rule for rule in total if rule != "inputs")
    rows = [["kind", "inputs", *(rules or ["violations"])]]
    for kind, found in [*counts.items(), ("all", total)]:
        rows.append([kind, f"{found['inputs']:,}", *(f"{found[rule]:,}" for rule in rules or ["violations"])])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "| --- " * len(rows[0]) + "|", *lines[1:]])


def main() -> None:
    """Fuzz, print the table and the numbers, and exit with 1 where a rule was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("bundle")
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--src", help="the direction, where the bundle has several")
    parser.add_argument("--trg")
    parser.add_argument("--precision")
    parser.add_argument("--numbers", metavar="FILE", help="pairs to compare the numbers of")
    options = parser.parse_args()
    translator = Translator.load(options.bundle, src=options.src, trg=options.trg, precision=options.precision)
    began = perf_counter()
    counts = fuzz(translator, options.inputs, options.seed, words_of(translator))
    print(table(counts))
    print(f"{options.inputs:,} inputs in {perf_counter() - began:.0f} s, seed {options.seed}")
    if options.numbers:
        print(numbers(translator, list(open_pairs(options.numbers, min_pairs=1))))
    sys.exit(int(any(set(found) - {"inputs"} for found in counts.values())))


if __name__ == "__main__":
    main()
