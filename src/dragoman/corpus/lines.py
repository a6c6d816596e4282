r"""Bytes to checked lines: what every reader of sentence files stands on.

Files are untrusted. Whether a file is packed, binary, damaged, not UTF-8 or endless is found out here, before
a line of it reaches a reader. Lines end at ``\n`` and nowhere else, so that line numbers agree with those of
an editor and of ``wc -l``. A file is read as a stream: memory holds one line.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ..errors import CorpusError

HEAD_BYTES = 8 * 1024
MAX_LINE_BYTES = 1024 * 1024
MAX_TEXT_BYTES = 8 * 1024**3

_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_MAGIC = b"PK\x03\x04"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DAMAGE = (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, struct.error)

# Every space, control or separator that is white space becomes a plain space: removing one would join two words.
_SPACES = "\t\n\v\f\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Other control characters, and what has no width: soft hyphens, zero-width spaces, marks of direction. Joiners stay in
# the scripts that write with them, from Arabic to Mongolian, and in emoji.
_INVISIBLE = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_NEEDS_JOINERS = "\u0600-\u109f\u1780-\u18af\ufe0f\u2190-\u2bff\U0001f000-\U0001faff"
_LIGATURES = "\ufb00-\ufb06\ufb13-\ufb17"
_REPLACED = re.compile(f"([{_SPACES}])|([{_LIGATURES}])|[{_INVISIBLE}]|(?<![{_NEEDS_JOINERS}])[\u200c\u200d]")
_SUSPECT = re.compile(f"[{_SPACES}{_LIGATURES}{_INVISIBLE}\u200c\u200d]")


@dataclass
class Source:
    """A file to read lines from.

    Attributes:
        name: what messages call it.
        open: opens it anew.
        keep_open: leave it open at the end.
        path: where it lies; None for what gives its bytes only once.
        n_bytes_in_all: the length of its text, where that is known beforehand.
        n_bytes: how much of its text has been read.
        tap: is given each line that is read, with its line end, before anything else is done with it.
    """

    name: str
    open: Callable[[], io.BufferedReader]
    keep_open: bool = False
    path: Path | None = None
    n_bytes_in_all: int | None = None
    n_bytes: int = 0
    tap: Callable[[bytes], object] | None = None


def clean(text: str) -> str:
    """Return ``text`` in the form in which it is trained on, translated and looked up: in NFC and stripped, with plain
    spaces, without control characters and those of no width, with ligatures such as "ﬁ" in letters.
    """
    if _SUSPECT.search(text):
        text = _REPLACED.sub(_plain, text)
    return unicodedata.normalize("NFC", text).strip()


def _plain(match: re.Match[str]) -> str:
    space, ligature = match.groups()
    return " " if space else unicodedata.normalize("NFKC", ligature) if ligature else ""


def open_plain(path: Path) -> io.BufferedReader:
    """Open a file as it is."""
    return path.open("rb")


def open_gzip(path: Path) -> io.BufferedReader:
    """Open a gzip file as the bytes packed in it."""
    _require_magic(path, _GZIP_MAGIC, "gzip")
    return io.BufferedReader(cast(io.RawIOBase, gzip.open(path, "rb")))


def open_zip(path: Path) -> io.BufferedReader:
    """Open the one text file in a zip file; ``_about.txt`` beside it, as manythings.org packs it, is none."""
    _require_magic(path, _ZIP_MAGIC, "zip")
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if _is_sentence_file(member.filename)]
        if len(members) != 1:
            found = f"found {len(members)}" + (
                f": {', '.join(member.filename for member in members[:3])}" if members else ""
            )
            raise CorpusError(
                f"{path.name}: expected one .txt or .tsv file in the zip beside _about.txt, {found} "
                "(unpack it, and pass the file that you mean)"
            )
        if members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise CorpusError(f"{path.name}: packed in a way that is not read here (unpack it, and pass the text file)")
        # The member keeps the file open after the archive object is closed.
        return io.BufferedReader(cast(io.RawIOBase, archive.open(members[0])))


def open_stdin() -> io.BufferedReader:
    """Return standard input as bytes."""
    stream = sys.stdin.buffer
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))


def is_pipe(path: Path) -> bool:
    """Tell whether `path` gives its bytes only once."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def check_head(source: Source) -> None:
    """Raise `CorpusError` where the first bytes show that `source` cannot hold sentences; read only those."""
    with _opened(source) as stream:
        _peek(source.name, stream)


def read_lines(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the lines of `source` with their numbers from 1, without line ends.

    Raises `CorpusError`, with the line number where there is one, for a file that is missing, empty, binary,
    packed in a way that its name does not say, damaged, not UTF-8, with a line over ``MAX_LINE_BYTES`` or
    with more text than ``MAX_TEXT_BYTES``.
    """
    with _opened(source) as stream:
        _peek(source.name, stream)
        source.n_bytes = 0
        for number, raw in enumerate(_raw_lines(source.name, stream), start=1):
            if source.tap is not None:
                source.tap(raw)
            source.n_bytes += len(raw)
            if source.n_bytes > MAX_TEXT_BYTES:
                raise CorpusError(
                    f"{source.name}:{number}: more than {MAX_TEXT_BYTES} bytes of text "
                    "(split the file, or take a part of it)"
                )
            yield number, _decoded(source.name, number, raw)


def _is_sentence_file(member: str) -> bool:
    name = member.rpartition("/")[2]
    return name.endswith((".txt", ".tsv")) and not name.endswith("_about.txt") and not name.startswith("._")


def _require_magic(path: Path, magic: bytes, kind: str) -> None:
    with path.open("rb") as stream:
        head = stream.read(len(magic))
    if head and head != magic:
        raise CorpusError(
            f"{path.name}: the name says {kind}, the content does not (is the suffix right, the download whole?)"
        )
    if not head:
        raise CorpusError(f"{path.name}: the file is empty (expected sentence pairs)")


@contextmanager
def _opened(source: Source) -> Iterator[io.BufferedReader]:
    stream = _open(source)
    try:
        yield stream
    finally:
        if not source.keep_open:
            stream.close()


def _open(source: Source) -> io.BufferedReader:
    try:
        return source.open()
    except FileNotFoundError as error:
        raise CorpusError(f"{error.filename}: there is no such file") from None
    except IsADirectoryError:
        raise CorpusError(f"{source.name}: expected a file, found a directory (pass the file in it)") from None
    except (*_DAMAGE, ValueError) as error:
        raise CorpusError(f"{source.name}: cannot be opened: {_reason(error)}") from error


def _damaged(place: str, error: BaseException) -> CorpusError:
    return CorpusError(f"{place}: the file is damaged or cut off: {_reason(error)} (copy or download it again)")


def _peek(name: str, stream: io.BufferedReader) -> None:
    try:
        # One read at most: a pipe that gives one line and waits is not waited for.
        head = stream.peek(HEAD_BYTES)[:HEAD_BYTES]
    except _DAMAGE as error:
        raise _damaged(name, error) from error
    if not head:
        raise CorpusError(f"{name}: the file is empty (expected sentence pairs)")
    for magic, kind, suffix in ((_GZIP_MAGIC, "gzip", ".gz"), (_ZIP_MAGIC, "zip", ".zip")):
        if head.startswith(magic):
            raise CorpusError(f"{name}: this is a {kind} file (unpack it, or let its name end in {suffix})")
    if head.startswith(_UTF_16_MARKS):
        raise CorpusError(f"{name}: the text is UTF-16 (convert it to UTF-8: iconv -f UTF-16 -t UTF-8)")
    if b"\0" in head:
        raise CorpusError(f"{name}: this is a binary file, not text (expected sentence pairs in UTF-8)")
    if b"\n" not in head and head.count(b"\r") > 1:
        raise CorpusError(f"{name}: the lines end in CR alone (convert the line ends: tr '\\r' '\\n')")


def _raw_lines(name: str, stream: io.BufferedReader) -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        try:
            raw = stream.readline(MAX_LINE_BYTES + 1)
        except _DAMAGE as error:
            raise _damaged(f"{name}:{number}", error) from error
        if not raw:
            return
        if len(raw) > MAX_LINE_BYTES:
            raise CorpusError(
                f"{name}:{number}: a line of more than {MAX_LINE_BYTES} bytes (one pair a line is expected)"
            )
        yield raw


def _decoded(name: str, number: int, raw: bytes) -> str:
    try:
        return raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{name}:{number}: invalid UTF-8 at byte {error.start + 1} of the line "
            "(convert the file to UTF-8, for example: iconv -f ISO-8859-1 -t UTF-8)"
        ) from None


def _reason(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split()) or type(error).__name__
