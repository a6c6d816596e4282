r"""Bytes to checked lines: what every reader of sentence files stands on.

Files are untrusted. Whether a file is packed, binary, damaged, in another encoding or endless is found out here,
before a line of it reaches a reader. Lines end at ``\n`` (of a file without one, at CR), so that line numbers agree
with those of an editor and of ``wc -l``. A file is read as a stream: memory holds one line.
"""

from __future__ import annotations

import codecs
import gzip
import io
import logging
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
from typing import TYPE_CHECKING, cast

from ..errors import CorpusError
from .encodings import code_page, wide_encoding
from .units import LeftOut

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD_BYTES = 8 * 1024
BUFFER_BYTES = 64 * 1024
MAX_LINE_BYTES = 1024 * 1024
MAX_TEXT_BYTES = 8 * 1024**3

_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_MAGIC = b"PK\x03\x04"
_DAMAGE = (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, struct.error)

MAX_CONTROL_SHARE = 0.05
"""Control characters that a text may have; a NUL here and there is damage."""

_TEXT_BYTES = bytes({*range(32, 256)} - {127} | {*b"\t\n\v\f\r\x1b"})

_log = logging.getLogger("dragoman.corpus")

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
        encoding: what its text was found to be in, where that is not UTF-8.
    """

    name: str
    open: Callable[[], io.BufferedReader]
    keep_open: bool = False
    path: Path | None = None
    n_bytes_in_all: int | None = None
    n_bytes: int = 0
    tap: Callable[[bytes], object] | None = None
    encoding: str = ""


def clean(text: str) -> str:
    """Return ``text`` in the form in which it is trained on, translated and looked up: in NFC and stripped, with plain
    spaces, without control characters and those of no width, with ligatures such as "ﬁ" in letters.
    """
    if text.isascii() and text.isprintable():
        return text.strip()  # as most texts are
    if _SUSPECT.search(text):
        text = _REPLACED.sub(_plain, text)
    return unicodedata.normalize("NFC", text).strip()


def _plain(match: re.Match[str]) -> str:
    space, ligature = match.groups()
    return " " if space else unicodedata.normalize("NFKC", ligature) if ligature else ""


def open_plain(path: Path) -> io.BufferedReader:
    """Open a file as it is."""
    return io.BufferedReader(io.FileIO(path), BUFFER_BYTES)


def open_gzip(path: Path) -> io.BufferedReader:
    """Open a gzip file as the bytes packed in it."""
    require_magic(path, _GZIP_MAGIC, "gzip")
    return io.BufferedReader(cast(io.RawIOBase, gzip.open(path, "rb")), BUFFER_BYTES)


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


@contextmanager
def opened(source: Source) -> Iterator[io.BufferedReader]:
    """Give the bytes of ``source``, and close them at the end; what goes wrong on the way is a `CorpusError`."""
    stream = _open(source)
    try:
        yield stream
    except _DAMAGE as error:
        raise _damaged(source.name, error) from error
    finally:
        if not source.keep_open:
            stream.close()


def head_of(source: Source) -> bytes:
    """Return how ``source`` begins, at most `BUFFER_BYTES`, and read no more; an empty file is a `CorpusError`."""
    with opened(source) as stream:
        return _head(source.name, stream)


def read_whole(source: Source, at_most: int) -> bytes:
    """Return all bytes of ``source``; more than ``at_most`` are a `CorpusError`."""
    with opened(source) as stream:
        data = stream.read(at_most + 1)
    if len(data) > at_most:
        raise CorpusError(f"{source.name}: more than {at_most:,} bytes (split the file, or take a part of it)")
    source.n_bytes = len(data)
    return data


def read_lines(
    source: Source, look: Callable[[bytes], object] = lambda head: None
) -> Iterator[tuple[int, str | LeftOut]]:
    """Yield the lines of `source` with their numbers from 1, without line ends; for a line that is broken (not in the
    file's encoding, with a NUL, of more than ``MAX_LINE_BYTES``) what is to be said of it.

    ``look`` is given how the text begins before the first line comes: of a pipe what has arrived, of a file at most
    `BUFFER_BYTES`. Text that is not UTF-8 is read in the encoding that it seems to be in, with a warning. Raises
    `CorpusError`, with the line number where there is one, for a file that is missing, empty, binary, packed in a way
    that its name does not say, damaged, or with more text than ``MAX_TEXT_BYTES``.
    """
    with opened(source) as stream:
        text = as_text(source, stream)
        look(text.peek(BUFFER_BYTES)[:BUFFER_BYTES])
        source.n_bytes = 0
        encoding = "utf-8"
        # Where all lines so far were ASCII, the first that is not UTF-8 may be the first of an old code page.
        ascii_so_far = True
        for number, raw in _raw_lines(source, text):
            place = f"{source.name}:{number}"
            if raw is None:
                yield number, LeftOut("a line too long", place, detail=f"a line of more than {MAX_LINE_BYTES} bytes")
                continue
            try:
                line = raw.decode(encoding)
            except UnicodeDecodeError as error:
                if not ascii_so_far or (found := code_page(raw + text.peek(HEAD_BYTES)[:BUFFER_BYTES])) is None:
                    what = "UTF-8" if encoding == "utf-8" else encoding
                    detail = f"invalid {what} at byte {error.start + 1} of the line"
                    yield number, LeftOut("broken bytes", place, detail=detail)
                    continue
                encoding = found
                _say_encoding(source, encoding)
                line = raw.decode(encoding, errors="replace")
            if ascii_so_far and len(line) != len(raw):
                ascii_so_far = False
            if "\0" in line:
                yield number, LeftOut("a NUL in the line", place)
                continue
            yield number, line.rstrip("\r\n")


def as_text(source: Source, stream: io.BufferedReader) -> io.BufferedReader:
    """Return ``stream`` with lines that end in LF, and in UTF-8 where it is in UTF-16 or UTF-32; what is no text is a
    `CorpusError`.
    """
    head = _head(source.name, stream)
    encoding = wide_encoding(head)
    if encoding is not None:
        _say_encoding(source, encoding)
    elif (kind := _binary(head)) is not None:
        raise CorpusError(f"{source.name}: {kind}")
    text = head.decode(encoding, errors="replace").encode() if encoding else head
    cr = b"\n" not in text and text.count(b"\r") > 1
    if encoding is None and not cr:
        return stream
    return io.BufferedReader(_Rewritten(stream, encoding, cr), BUFFER_BYTES)


def require_magic(path: Path, magic: bytes, kind: str) -> None:
    """Raise `CorpusError` where ``path`` does not begin with the bytes of the ``kind`` that its name says."""
    with path.open("rb") as stream:
        head = stream.read(len(magic))
    if head and head != magic:
        raise CorpusError(
            f"{path.name}: the name says {kind}, the content does not (is the suffix right, the download whole?)"
        )
    if not head:
        raise CorpusError(f"{path.name}: the file is empty (expected sentence pairs)")


class _Rewritten(io.RawIOBase):
    """The bytes of ``stream`` in UTF-8, with LF for CR where ``cr`` says so."""

    def __init__(self, stream: io.BufferedReader, encoding: str | None, cr: bool) -> None:
        self._stream, self._cr = stream, cr
        self._decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._left:
            data = self._stream.read1(BUFFER_BYTES)
            text = self._decoder.decode(data, final=not data).encode() if self._decoder else data
            self._left = text.replace(b"\r", b"\n") if self._cr else text
            if not data:
                break
        n = min(len(view), len(self._left))
        view[:n], self._left = self._left[:n], self._left[n:]
        return n


def _say_encoding(source: Source, encoding: str) -> None:
    if source.encoding != encoding:
        source.encoding = encoding
        _log.warning("%s: the text is not UTF-8; it is read as %s", source.name, encoding)


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


def _head(name: str, stream: io.BufferedReader) -> bytes:
    try:
        # One read at most: a pipe that gives one line and waits is not waited for.
        head = stream.peek(BUFFER_BYTES)[:BUFFER_BYTES]
    except _DAMAGE as error:
        raise _damaged(name, error) from error
    if not head:
        raise CorpusError(f"{name}: the file is empty (expected sentence pairs)")
    return head


def _binary(head: bytes) -> str | None:
    """What is said of a file that is no text, by how it begins."""
    for magic, kind, suffix in ((_GZIP_MAGIC, "gzip", ".gz"), (_ZIP_MAGIC, "zip", ".zip")):
        if head.startswith(magic):
            return f"this is a {kind} file (unpack it, or let its name end in {suffix})"
    if len(head.translate(None, _TEXT_BYTES)) > MAX_CONTROL_SHARE * len(head):
        return "this is a binary file, not text (expected sentence pairs)"
    return None


def _raw_lines(source: Source, stream: io.BufferedReader) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number; None for one that is too long."""
    number, is_inside = 1, False
    while True:
        try:
            raw = stream.readline(MAX_LINE_BYTES + 1)
        except _DAMAGE as error:
            raise _damaged(f"{source.name}:{number}", error) from error
        if source.tap is not None:
            source.tap(raw)
        source.n_bytes += len(raw)
        if source.n_bytes > MAX_TEXT_BYTES:
            raise CorpusError(
                f"{source.name}:{number}: more than {MAX_TEXT_BYTES} bytes of text "
                "(split the file, or take a part of it)"
            )
        is_cut = len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n")
        if is_cut:
            is_inside = True
            continue
        if is_inside or len(raw) > MAX_LINE_BYTES:
            is_inside = False
            yield number, None
        elif raw:
            yield number, raw
        if not raw:
            return
        number += 1


def _reason(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split()) or type(error).__name__
