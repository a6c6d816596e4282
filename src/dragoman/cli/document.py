"""``dragoman translate --file``: a document to a document."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DocumentError, UsageError

if TYPE_CHECKING:
    from ..translator import Translation


def check_files(file: Path, out: Path | None, *, overwrite: bool) -> Path:
    """Return where the translation of ``file`` goes; what cannot be done is refused before a model is loaded."""
    from ..documents import format_of

    if out is None:
        raise UsageError("--file needs --out, the file that the translation is written to")
    format_of(file.name)
    if out.is_dir():
        raise UsageError(f"{out}: a folder has this name; move it away")
    if out.exists() and not overwrite:
        raise UsageError(f"{out}: the file exists already; move it away, or pass --overwrite")
    return out


def translate_file(file: Path, out: Path, translate: Callable[[Sequence[str]], Sequence[Translation]]) -> None:
    """Write the translation of ``file`` to ``out``; ``translate`` must have been asked for attention."""
    from ..attention import aligned
    from ..documents import MAX_BYTES, format_of, translate_document

    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file}: the file cannot be read: {error.strerror or error}") from error
    try:
        translated = translate_document(
            content, format_of(file.name), lambda texts: [aligned(found) for found in translate(texts)]
        )
    except DocumentError as error:
        raise DocumentError(f"{file}: {error}") from error
    _write(out, translated)


def _write(out: Path, content: bytes) -> None:
    """Write a file beside ``out``, and rename it: there is never half a document at ``out``."""
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(out)
    except OSError as error:
        raise UsageError(f"{out}: the document cannot be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)
