"""The words of a training in a bundle: a lexicon a file, packed, a form a line."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from ..errors import BundleError
from ..lexicon import MAX_BYTES, Lexicon


def write_words(lexicon: Lexicon, file: Path) -> None:
    """Write ``lexicon``, the same bytes for the same words."""
    file.write_bytes(gzip.compress("".join(lexicon.to_lines()).encode(), mtime=0))


def read_words(file: Path) -> Lexicon:
    """Return what `write_words` wrote; what is damaged, or too large, is a `BundleError`."""
    try:
        with gzip.open(file, "rb") as opened:
            data = opened.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise BundleError(f"{file}: a lexicon has at most {MAX_BYTES:,} bytes; copy the bundle again")
        return Lexicon.from_lines(io.StringIO(data.decode(), newline="\n"))
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise BundleError(f"{file}: the words cannot be read: {error}; copy the bundle again") from error
