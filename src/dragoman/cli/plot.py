"""``dragoman plot``: the pictures of a bundle."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from ..errors import BundleError, UsageError
from .options import BundleArgument

logger = logging.getLogger("dragoman.cli")


def plot(
    bundle: BundleArgument,
    out: Annotated[Path, typer.Option("--out", help="The folder to write the pictures to.")] = Path(),
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that have the pictures' names.")
    ] = False,
) -> None:
    """Draw a bundle's training curve, and its scores by sentence length, as PNG files.

    They are called after the bundle: MODEL-training.png and MODEL-lengths.png. Prints their paths.
    """
    from ..bundle import read
    from ..plots import lengths_picture, training_picture

    opened = read(bundle)
    name = bundle.resolve().name
    files = {kind: out / f"{name}-{kind}.png" for kind in ("training", "lengths")}
    _refuse_taken(files.values(), overwrite=overwrite)
    pictures = {"training": training_picture(opened, name), "lengths": lengths_picture(opened, name)}
    drawn = {files[kind]: picture for kind, picture in pictures.items() if picture is not None}
    if not drawn:
        raise BundleError(f"{bundle}: the bundle has neither a history nor scores by length to draw; train it again")
    for kind in pictures:
        if pictures[kind] is None:
            logger.warning("%s: the bundle has nothing for %s", bundle, files[kind])
    _write(drawn, out)


def _refuse_taken(files: Iterable[Path], *, overwrite: bool) -> None:
    for file in files:
        if file.is_dir():
            raise UsageError(f"{file}: a folder has this name; move it away")
        if file.exists() and not overwrite:
            raise UsageError(f"{file}: the file exists already; move it away, or pass --overwrite")


def _write(pictures: dict[Path, bytes], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, picture in pictures.items():
            file.write_bytes(picture)
            typer.echo(file)
    except OSError as error:
        raise UsageError(f"{folder}: the pictures cannot be written there: {error.strerror or error}") from error
