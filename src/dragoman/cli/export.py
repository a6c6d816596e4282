"""``dragoman export``: a bundle to the files of another program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import BundleArgument


def export(
    bundle: BundleArgument,
    keras: Annotated[
        Path,
        typer.Option("--keras", help="Write the three Keras models to this new folder.", show_default=False),
    ],
) -> None:
    """Write the three Keras models of a bundle as .keras files, with the characters of their columns as JSON.

    Plain Keras opens them, without Dragoman.
    """
    from ..bundle import read
    from ..models.keras_files import write_keras

    for file in write_keras(read(bundle).trained, keras):
        typer.echo(file)
