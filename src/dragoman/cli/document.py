"""``dragoman translate --file``: a document to a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..errors import DocumentError, UsageError
from ..writing import written_beside

if TYPE_CHECKING:
    from ..documents import Aligned
    from ..translation import Translation

SHOWN = 60
"""Characters of a text in a message."""


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
    """Write the translation of ``file`` to ``out``, and say where its numbers are others; ``translate`` must have been
    asked for attention.
    """
    from ..attention import aligned
    from ..documents import MAX_BYTES, format_of, translate_document

    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file}: the file cannot be read: {error.strerror or error}") from error
    wrong: list[str] = []

    def translate_texts(texts: Sequence[str]) -> list[Aligned]:
        translations = translate(texts)
        wrong.extend(found.src for found in translations if "numbers" in found.warnings)
        return [aligned(found) for found in translations]

    try:
        translated = translate_document(content, format_of(file.name), translate_texts)
    except DocumentError as error:
        raise DocumentError(f"{file}: {error}") from error
    with written_beside(out) as opened:
        opened.write(translated)
    if wrong:
        first = " ".join(wrong[0].split())[:SHOWN]
        typer.echo(
            f"dragoman: warning: {file}: the numbers of {len(wrong):,} translations are not those of the text, "
            f"first of {first!r}",
            err=True,
        )
