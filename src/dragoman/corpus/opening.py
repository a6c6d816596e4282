"""The door: what a user names as sentence pairs, opened as readers of pairs, with a word on how each is read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import CorpusError, UsageError
from . import catalogue
from .containers import is_container, members
from .counterparts import Asked, Counterparts, counterparts
from .formats import DELIMITED, Format, format_begun, format_named
from .formats.aligned import read_aligned
from .languages import PHRASEBOOK_LANGUAGES, UNDETERMINED, is_swapped, language, languages_of, told_apart
from .lines import Source, head_of, is_pipe, open_gzip, open_plain, open_stdin
from .pairing import is_of, listed
from .pairs import Pair, evenly
from .reader import MIN_PAIRS, PairReader
from .units import LeftOut, Unit

STDIN = "-"
PHRASEBOOK = "phrasebook"

LOOKED_AT = 1_000
"""Units by which the languages of a file are told."""

MEMBERS_LOOKED_AT = 20
"""Files of a container by which its languages are told."""

BAD_MEMBER = "a file that cannot be read"

Units = Iterator[Pair | Unit | LeftOut]


class Content(NamedTuple):
    """What a file or two of them hold: ``read`` yields it anew, ``how`` says in words how it is read.

    The ``languages`` are those that the name tells; a container has ``parts``.
    """

    name: str
    read: Callable[[], Units]
    how: str
    sources: tuple[Source, ...]
    languages: tuple[str, str] = (UNDETERMINED, UNDETERMINED)
    parts: tuple[Content, ...] = ()


def open_pairs(
    path: str | os.PathLike[str],
    trg_path: str | os.PathLike[str] | None = None,
    *,
    src: str | None = None,
    trg: str | None = None,
    columns: Sequence[str] = (),
    reverse: bool = False,
    limit: int | None = None,
    min_pairs: int = MIN_PAIRS,
    progress: catalogue.Progress | None = None,
) -> PairReader:
    """Return the pairs of `path`, lazily, each with NFC sides and its origin.

    Args:
        path: a file of translations, by its name or content (`dragoman.corpus.formats`), plain or ``.gz``; a folder,
            zip or tarball of such; ``-`` for a table on standard input; ``phrasebook`` for the embedded corpus; or the
            name of a corpus to download, such as ``tatoeba:spa-eng``. A file of one of these names is meant by
            ``./phrasebook``.
        trg_path: the target side, if `path` and it are two aligned files, one sentence a line.
        src: the language of the source: of a file in several languages the one that is meant, of a file that does not
            say, the one that it has. By default it follows from the file, where that is in two languages.
        trg: the language of the target, likewise.
        columns: two columns of a table, each by its heading or its number from 1.
        reverse: swap source and target.
        limit: take only the first so many good pairs.
        min_pairs: fewer good pairs than this are an error at the end of the iteration.
        progress: called with bytes so far and bytes in all (None if unknown) while a named corpus is
            downloaded.

    Raises:
        CorpusError: the file is missing, empty, binary or packed otherwise than its name says; during
            iteration, what `PairReader` and the readers of the formats refuse.
        UsageError: an unknown corpus name, a column that is not there, a file of several languages of which none are
            chosen, or `trg_path` beside a name that holds both sides.
        DownloadError: a named corpus could not be fetched.
    """
    name = os.fspath(path)
    asked = (language(src) if src else None, language(trg) if trg else None)
    is_named = name == PHRASEBOOK or catalogue.is_name(name)
    if trg_path is not None and (name == STDIN or is_named):
        raise UsageError(
            f"{name} holds both sides; a second file {os.fspath(trg_path)} cannot go with it (leave one out)"
        )
    licence = citation = ""
    if trg_path is not None:
        content = _two_files(Path(path), Path(trg_path), asked)
    elif name == PHRASEBOOK:
        content = Content(PHRASEBOOK, _phrasebook, "the embedded corpus", (), PHRASEBOOK_LANGUAGES)
    elif name == STDIN:
        content = _table(Source("standard input", open_stdin, keep_open=True), columns)
    elif catalogue.is_name(name):
        where = catalogue.fetch(name, src=src, trg=trg, limit=limit, progress=progress)
        licence, citation = catalogue.terms(name, where)
        content = _content(where, columns, asked)._replace(name=name, languages=languages_of(name))
    else:
        content = _content(Path(path), columns, asked)._replace(languages=languages_of(name))
    read, languages = _in_languages(content, asked, is_named)
    return PairReader(
        content.name,
        read,
        languages=languages,
        how=content.how,
        sources=content.sources,
        is_named=is_named,
        licence=licence,
        citation=citation,
        reverse=reverse,
        limit=limit,
        min_pairs=min_pairs,
        once=name == STDIN,
    )


def open_sources(arguments: Sequence[str], **choices: Any) -> list[PairReader]:
    """Return a reader for each of ``arguments``, in their order, with the ``choices`` of `open_pairs`.

    Two arguments whose names differ in the language only (``train.en`` and ``train.es``) are one source, two aligned
    files; so are just two files of which each has one sentence a line.
    """
    left, readers = list(arguments), []
    while left:
        first = left.pop(0)
        second = next((other for other in left if _are_aligned(first, other, are_all=len(arguments) == 2)), None)
        if second is not None:
            left.remove(second)
        readers.append(open_pairs(first, second, **choices))
    return readers


def _are_aligned(first: str, second: str, *, are_all: bool) -> bool:
    if not all(map(_has_one_side, (first, second))):
        return False
    return are_all or told_apart(first, second) is not None


def _has_one_side(name: str) -> bool:
    """Tell whether ``name`` is a file in one language: with a sentence a line, or strings by keys."""
    path = Path(name)
    if name in (STDIN, PHRASEBOOK) or catalogue.is_name(name) or is_container(path) or is_pipe(path):
        return False
    if not path.exists():
        return False
    kind = _kind(_source(path))
    return kind is None or kind.is_one_side


def _two_files(src_path: Path, trg_path: Path, asked: Asked) -> Content:
    sources = _source(src_path), _source(trg_path)
    languages = languages_of(src_path, trg_path)
    name = f"{sources[0].name} and {sources[1].name}"
    if is_swapped(languages, asked):
        sources, languages = sources[::-1], (languages[1], languages[0])
    kind = _kind(sources[0])
    if kind is not None and kind.is_one_side:
        return Content(name, partial(kind.units_of_two, *sources), f"{kind.name}, by key", sources, languages)
    return Content(name, partial(read_aligned, *sources), "two aligned files, line by line", sources, languages)


def _kind(source: Source) -> Format | None:
    """The format of ``source``, by its name or content; None for text with a sentence a line."""
    head = head_of(source)
    kind = format_named(source.name) or format_begun(head)
    return DELIMITED if kind is None and b"\t" in head.split(b"\n")[0] else kind


def _content(path: Path, columns: Sequence[str], asked: Asked) -> Content:
    if is_container(path):
        return _container(path, columns, asked)
    source = _source(path)
    if source.path is None:
        return _table(source, columns)
    return _file(source, columns)


def _file(source: Source, columns: Sequence[str]) -> Content:
    kind = _kind(source) or DELIMITED
    return Content(source.name, partial(kind.units, source, columns), kind.how(source, columns), (source,))


def _table(source: Source, columns: Sequence[str]) -> Content:
    return Content(source.name, partial(DELIMITED.units, source, columns), "a table", (source,))


def _source(path: Path) -> Source:
    opener = open_gzip if path.suffix.lower() == ".gz" else open_plain
    source = Source(path.name or str(path), partial(opener, path))
    # A pipe is given once: looking into it now would take its first bytes from the reader.
    if not is_pipe(path):
        head_of(source)
        source.path = path
        source.n_bytes_in_all = path.stat().st_size if opener is open_plain else None
    return source


def _container(path: Path, columns: Sequence[str], asked: Asked) -> Content:
    whole, files = members(path)
    contents = list(map(_of_two, counterparts(files, asked)))
    contents += _members(files, columns, is_all=not contents)
    if not contents:
        found = ", ".join(source.name for source in files[:3]) or "nothing"
        raise CorpusError(f"{path.name}: there is no file of translations in it; it has {found} (pass such a file)")
    kinds = Counter(content.how for content in contents)
    how = " and ".join(f"{n:,} of {kind}" if n > 1 else kind for kind, n in kinds.most_common(3))
    how = contents[0].how if len(contents) == 1 else f"{len(contents):,} files: {how}"
    used = tuple(source for content in contents for source in content.sources)
    if whole is not None:
        whole.n_bytes_in_all = sum(source.n_bytes_in_all or 0 for source in used)

    def read() -> Units:
        if whole is not None:
            whole.n_bytes = 0
        for content in contents:
            try:
                yield from content.read()
            except CorpusError as error:
                if len(contents) == 1:
                    raise
                place, _, said = str(error).partition(": ")
                yield LeftOut(BAD_MEMBER, place, detail=said)

    return Content(path.name or str(path), read, how, (whole,) if whole else used, parts=tuple(contents))


def _members(files: Sequence[Source], columns: Sequence[str], *, is_all: bool) -> Iterator[Content]:
    known = [(source, kind) for source in files if (kind := format_named(source.name)) and not kind.is_one_side]
    if is_all and not known:  # a text file alone in an archive, as manythings.org packs it
        known = [(source, DELIMITED) for source in files if _is_text(source.name)]
    for source, kind in known:
        how = kind.how(source, columns) if len(known) == 1 else kind.name
        yield Content(source.name, partial(kind.units, source, columns), how, (source,))


def _is_text(name: str) -> bool:
    return name.lower().endswith(".txt") and not name.endswith("_about.txt") and "readme" not in name.lower()


def _of_two(found: Counterparts) -> Content:
    """The content of two files in a container."""
    name, kind, sources, languages = found
    if kind is not None:
        return Content(name, partial(kind.units_of_two, *sources), f"{kind.name}, by key", sources)
    how = f"aligned files in {languages[0]} and {languages[1]}"
    return Content(name, partial(read_aligned, *sources, languages=languages), how, sources)


def _phrasebook() -> Iterator[Pair]:
    # The tables of the phrasebook are loaded only when they are wanted.
    from .phrasebook import pairs

    return iter(pairs())


def _in_languages(content: Content, asked: Asked, is_named: bool) -> tuple[Callable[[], Units], tuple[str, str]]:
    """Return how to read ``content``, and its two languages in the order in which they are asked for."""
    src, trg = asked
    languages = (src, trg) if src and trg else _found_languages(content, asked)
    if is_named and is_swapped(content.languages, languages):
        return partial(_said_to_be, content.read, content.languages), languages
    return content.read, languages


def _said_to_be(read: Callable[[], Units], languages: tuple[str, str]) -> Units:
    """What ``read`` yields, the sides of each unit said to be in ``languages``, of which the second is the source."""
    for row in read():
        if isinstance(row, Pair):
            yield row.reversed()
        elif isinstance(row, Unit):
            sides = zip(row.segments, languages, strict=True)
            yield row._replace(segments=tuple(segment._replace(language=code) for segment, code in sides))
        else:
            yield row


def _found_languages(content: Content, asked: Asked) -> tuple[str, str]:
    """The languages of the two sides, where not both are asked for: by the units, or else by the name."""
    src, trg = asked
    found = _languages_in(content)
    if len(found) > 2:  # those of regions are one
        found = list(dict.fromkeys(code.split("-")[0] for code in found))
    others = [code for code in found if not any(one and is_of(code, one) for one in asked)]
    if not any(found):
        return src or content.languages[0], trg or content.languages[1]
    if len(others) > (1 if src or trg else 2):
        raise UsageError(f"{content.name}: it has {listed(found)}; choose two of them by --src and --trg")
    others = [code or UNDETERMINED for code in others] + [UNDETERMINED, UNDETERMINED]
    if src or trg:
        return src or others[0], trg or others[0]
    return others[0], others[1]


def _languages_in(content: Content) -> list[str]:
    """The languages of the first units, in the order in which they come, "" for what is in none."""
    if any(source.path is None for source in content.sources):
        return []  # a pipe is given once
    found: dict[str, None] = {}
    for part in evenly(content.parts, MEMBERS_LOOKED_AT) or (content,):
        with suppress(CorpusError):  # who reads it to its end is told
            for unit in islice(part.read(), LOOKED_AT):
                if isinstance(unit, Unit):
                    found.update(dict.fromkeys(segment.language for segment in unit.segments))
    return list(found)
