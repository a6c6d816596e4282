"""``dragoman translate``: texts from the command line, or lines from standard input, to standard output."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..config import SearchConfig
from ..errors import CorpusError, UsageError
from .document import check_files, translate_file
from .options import BeamOption, BundleArgument, JsonOption, PrecisionOption, SrcOption, TrgOption
from .sieve import Sieve

if TYPE_CHECKING:
    from ..translation import Sentence, Translation
    from ..translator import Known, Translator

MAX_LINE_BYTES = 2**20
READ_BYTES = 2**16
GROUP = 512

NO_MORE = "-inf\t"
"""The line of a translation that there is not: who counts lines does not lose step."""

WARNINGS = {"numbers": "the numbers of the translation are not those of the text"}
"""What is said of a warning at once; of sentences that were left as they are the `Sieve` tells at the end."""


def translate(
    bundle: BundleArgument,
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT...]", help="Texts; without any, lines from standard input."),
    ] = None,
    src: SrcOption = None,
    trg: TrgOption = None,
    beam: BeamOption = None,
    n_best: Annotated[int, typer.Option("--n-best", help="Print so many translations of each text.")] = 1,
    temperature: Annotated[
        float | None, typer.Option("--temperature", help="Sample, at this temperature, instead of searching.")
    ] = None,
    top_k: Annotated[int, typer.Option("--top-k", help="Sample among the k likeliest; 0 is all.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Fixes what is sampled.")] = 0,
    max_length: Annotated[
        int | None,
        typer.Option("--max-length", help="Target tokens of a sentence at most; by default what suits the model."),
    ] = None,
    length_penalty: Annotated[
        float, typer.Option("--length-penalty", help="Above 1 prefers longer translations, below 1 shorter ones.")
    ] = 1.0,
    repetition_penalty: Annotated[
        float, typer.Option("--repetition-penalty", help="Above 1 makes tokens that were said already less likely.")
    ] = 1.0,
    no_repeat_ngram: Annotated[
        int, typer.Option("--no-repeat-ngram", help="No n-gram of so many tokens comes twice; 0 lets it.")
    ] = 0,
    precision: PrecisionOption = None,
    memory: Annotated[
        str | None,
        typer.Option(
            "--memory",
            metavar="PATH|URL",
            help="Take what stands in this memory, whole texts and sentences, from there.",
        ),
    ] = None,
    min_confidence: Annotated[
        float,
        typer.Option(
            "--min-confidence", help="Leave sentences that are less likely of use, 0 to 1, in the words of the source."
        ),
    ] = 0.0,
    token_scores: Annotated[
        bool, typer.Option("--token-scores", help="With --json: the sentences of each text, with a score a token.")
    ] = False,
    as_json: JsonOption = False,
    file: Annotated[
        Path | None, typer.Option("--file", help="Translate this document instead: .txt or .html; its form is kept.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="With --file: where its translation goes.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file at --out.")] = False,
) -> None:
    """Translate texts, or standard input line by line; one line out for each line in, in order.

    With --n-best each text gives that many lines, each with another translation: score (mean log-probability of a
    token), tab, translation. Where there are no more, -inf, tab and nothing fill them up.
    """
    if token_scores and not as_json:
        raise UsageError("--token-scores prints JSON; add --json")
    if not 0 <= min_confidence <= 1:
        raise UsageError(f"--min-confidence is a probability from 0 to 1, not {min_confidence:g}")
    if min_confidence and n_best > 1:
        raise UsageError("--min-confidence is of the best translation only; leave out --n-best")
    if file is None and (out is not None or overwrite):
        raise UsageError("--out and --overwrite are of a document; add --file")
    if file is not None and (texts or as_json or n_best > 1):
        raise UsageError("--file translates a document to one document: it takes no texts, no --json and no --n-best")
    if file is not None:
        out = check_files(file, out, overwrite=overwrite)
    options = SearchConfig(
        beam=beam,
        n_best=n_best,
        temperature=temperature,
        top_k=top_k,
        seed=seed,
        max_length=max_length,
        length_penalty=length_penalty,
        repetition_penalty=repetition_penalty,
        no_repeat_ngram=no_repeat_ngram,
        token_scores=token_scores,
        attention=file is not None,
    )
    from ..corpus.lines import open_stdin
    from ..translator import Translator

    translator = Translator.load(bundle, src=src, trg=trg, precision=precision)
    if min_confidence and translator.confidence is None:
        raise UsageError(f"{bundle}: the model does not know how sure it is; train it again, or no --min-confidence")
    sieve = Sieve(min_confidence)
    if file is not None and out is not None:
        translate_file(file, out, lambda texts: [*map(sieve, translator.translate(texts, options))])
        sieve.tell()
        return
    groups = [texts] if texts else _arriving(open_stdin())
    known = _known(memory, translator)
    n_done = 0
    for group in groups:
        for translation in map(sieve, translator.translate(group, options, known)):
            n_done += 1
            print(_as_json(translation, token_scores) if as_json else _as_lines(translation, n_best))
            for what, unknown in _unknown(translation).items():
                typer.echo(f"dragoman: warning: text {n_done}: {what}: {' '.join(unknown)}", err=True)
            for warning in translation.warnings:
                if warning in WARNINGS:
                    typer.echo(f"dragoman: warning: text {n_done}: {WARNINGS[warning]}", err=True)
        sys.stdout.flush()
    sieve.tell()


def _known(memory: str | None, translator: Translator) -> Known | None:
    """Return the look-up in ``memory``, which stays open until the command ends."""
    if memory is None:
        return None
    from ..memory import Memory

    return Memory(memory, must_exist=True).known(translator.src, translator.trg)


def _as_json(translation: Translation, token_scores: bool) -> str:
    values = {**translation._asdict(), "alternatives": [a._asdict() for a in translation.alternatives]}
    del values["sentences"]
    if token_scores:
        values["sentences"] = [_scored(sentence) for sentence in translation.sentences]
    return json.dumps(values, ensure_ascii=False)


def _scored(sentence: Sentence) -> dict[str, object]:
    """The fields of ``sentence``, without the attention, which nobody asked for."""
    return {name: value for name, value in sentence._asdict().items() if name != "attention"}


def _as_lines(translation: Translation, n_best: int) -> str:
    if n_best == 1:
        return translation.text
    # Only a text of the command line has line breaks; here a line is an alternative.
    lines = [f"{a.score:.4f}\t{' '.join(a.text.split(chr(10)))}" for a in translation.alternatives]
    return "\n".join(lines + [NO_MORE] * (n_best - len(lines)))


def _unknown(translation: Translation) -> dict[str, list[str]]:
    """Return what was unknown, by what became of it."""
    words = [word for sentence in translation.sentences for word in sentence.unknown]
    characters = [_shown(each) for each in translation.unknown if each not in words]
    found = {"unknown characters passed over": characters, "unknown words left as they are": words}
    return {what: each for what, each in found.items() if each}


def _shown(character: str) -> str:
    return (
        character
        if character.isprintable() and not character.isspace()
        else unicodedata.name(character, f"U+{ord(character):04X}")
    )


def _arriving(stream: io.BufferedReader) -> Iterator[list[str]]:
    """Yield lists of the lines that have arrived: one line when they trickle in, `GROUP` when they wait."""
    n_lines, rest = 0, b""
    while data := stream.read1(READ_BYTES):
        *lines, rest = (rest + data).split(b"\n")
        if len(rest) > MAX_LINE_BYTES:
            lines.append(rest)
        yield from _checked(lines, n_lines)
        n_lines += len(lines)
    if rest:
        yield from _checked([rest], n_lines)


def _checked(lines: list[bytes], n_before: int) -> Iterator[list[str]]:
    """Yield ``lines`` as text, in groups; what stands before a bad line comes before its error."""
    for first in range(0, len(lines), GROUP):
        group: list[str] = []
        for number, line in enumerate(lines[first : first + GROUP], n_before + first + 1):
            try:
                group.append(_text(line, number))
            except CorpusError:
                yield group
                raise
        yield group


def _text(line: bytes, number: int) -> str:
    if len(line) > MAX_LINE_BYTES:
        raise CorpusError(f"standard input:{number}: a line may have {MAX_LINE_BYTES:,} bytes; split it into sentences")
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"standard input:{number}: not UTF-8 (byte {error.start + 1} is 0x{error.object[error.start]:02x}); "
            "convert it to UTF-8"
        ) from error
