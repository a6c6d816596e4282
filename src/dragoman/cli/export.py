"""``dragoman export``: a bundle to the files of another program, or to a light copy of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from .options import BundleArgument


def export(
    bundle: BundleArgument,
    keras: Annotated[
        Path | None,
        typer.Option("--keras", help="Write the article's three Keras models to this new folder.", show_default=False),
    ] = None,
    light: Annotated[
        Path | None,
        typer.Option(
            "--light",
            help="Write a bundle to serve or to send to this new folder: without pairs, weights in 8 or 16 bits.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a bundle as something else: with --keras as .keras files, with the characters of their columns as JSON,
    which plain Keras opens without Dragoman, on the backend that KERAS_BACKEND names; with --light as a bundle that is
    as small as it can be.
    """
    from ..bundle import read

    if keras is None and light is None:
        raise UsageError("there is nothing to write; say where to: --keras FOLDER or --light FOLDER")
    if keras is not None:
        from ..models.keras_files import backend, write_keras

        for file in write_keras(read(bundle).trained, keras):
            typer.echo(file)
        typer.echo(f"dragoman: to open them here, set KERAS_BACKEND={backend()} before Keras is imported", err=True)
    if light is not None:
        from ..light import write_light

        write_light(read(bundle), light)
        n_bytes = sum(file.stat().st_size for file in light.iterdir())
        typer.echo(f"{light}: {n_bytes / 1e6:.1f} MB")
