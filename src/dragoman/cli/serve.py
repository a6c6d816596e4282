"""``dragoman serve``: bundles over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import MissingPackageError, UsageError
from .options import PrecisionOption, open_memory

if TYPE_CHECKING:
    from ..memory import Memory
    from ..server.access import Access

LEVELS = ("info", "warning", "error")
KEY_RATE, ADDRESS_RATE = 6_000, 600
"""Texts a minute by key and by address, where others than this machine can ask and nobody said otherwise."""
MAX_RATE = 10**9


def serve(
    bundles: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[BUNDLE...]", help="The folders of trained translators, of any languages.", show_default=False
        ),
    ] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 is any that is free.")] = 8765,
    models: Annotated[
        Path | None,
        typer.Option(
            "--models",
            metavar="DIR",
            help="The folder for new translators; those in it are served too. By default one of your own.",
            show_default=False,
        ),
    ] = None,
    memory: Annotated[
        str | None, typer.Option("--memory", help="The database of corrections: a file or a URL; by default your own.")
    ] = None,
    no_memory: Annotated[bool, typer.Option("--no-memory", help="Serve without corrections.")] = False,
    keys: Annotated[
        bool | None,
        typer.Option(
            "--keys/--no-keys", help="Ask for keys (dragoman keys); by default beyond this machine.", show_default=False
        ),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-origin",
            metavar="ORIGIN",
            help="A site whose pages may suggest, such as https://translate.example; may be given several times.",
            show_default=False,
        ),
    ] = None,
    key_rate: Annotated[
        int | None,
        typer.Option("--key-rate", min=0, max=MAX_RATE, help="Texts a minute for each key; 0 is any number."),
    ] = None,
    address_rate: Annotated[
        int | None,
        typer.Option(
            "--address-rate", min=0, max=MAX_RATE, help="Texts a minute for each address without a key; 0 is any."
        ),
    ] = None,
    precision: PrecisionOption = None,
    log_level: Annotated[str, typer.Option("--log-level", help="info, warning or error.")] = "info",
) -> None:
    """Serve bundles over HTTP: LibreTranslate's API for its clients, and our own under /v1.

    It listens on this machine only, unless told otherwise, and then it asks for keys.
    """
    try:
        from ..server.access import LOCAL_HOSTS
        from ..server.app import Workshop, application
        from ..server.running import Server, logging_to_standard_error, settle
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"serving needs the package {error.name}, and has all that it needs with the extra serve", "dragoman[serve]"
        ) from error
    from ..service import Service, load

    if log_level not in LEVELS:
        raise UsageError(f"the log level must be one of {', '.join(LEVELS)}, not {log_level!r}")
    is_local = host in LOCAL_HOSTS
    with_keys = not is_local if keys is None else keys
    if no_memory and with_keys:
        raise UsageError("keys stand in the memory; leave out --no-memory, or pass --no-keys")
    with logging_to_standard_error(log_level), _opened(memory, no_memory) as opened:
        access = _access(opened, is_local, with_keys, allow_origin or [], (key_rate, address_rate))
        service = Service(load(bundles or [], precision), opened)
        workshop = Workshop(_own_models() if models is None else models.absolute(), memory, precision)
        gate = application(service, access, workshop=workshop)
        service.detect("a")  # so that no request waits for the tables
        server = Server(gate, host, port)
        settle()
        typer.echo(f"dragoman: listening on {server.listen()}", err=True)
        server.serve_until_stopped()


def _opened(place: str | None, no_memory: bool) -> AbstractContextManager[Memory | None]:
    """The memory at ``place``, or the user's own."""
    if no_memory:
        return nullcontext()
    return open_memory(place)


def _own_models() -> Path:
    """The folder of the user's own translators."""
    import platformdirs

    return platformdirs.user_data_path("dragoman") / "models"


def _access(
    memory: Memory | None,
    is_local: bool,
    with_keys: bool,
    origins: Sequence[str],
    rates: tuple[int | None, int | None],
) -> Access:
    """Who may ask, and how often; without keys nobody else than this machine may, unless the user said so."""
    from ..memory.keys import Keys
    from ..server.access import Access
    from ..server.rates import Rates

    keys = Keys(memory) if with_keys and memory is not None else None
    if keys is not None and not keys.list():
        raise UsageError(
            "there are no keys, so nobody could ask: add one with `dragoman keys add NAME`; or pass --no-keys, which "
            "lets everybody who reaches the address translate, suggest, and read training pairs and corrections"
        )
    defaults = (0, 0) if is_local else (KEY_RATE, ADDRESS_RATE)
    key_rate, address_rate = (default if rate is None else rate for rate, default in zip(rates, defaults, strict=True))
    return Access(
        keys,
        is_local=is_local,
        origins=origins,
        key_rates=Rates(key_rate) if key_rate else None,
        address_rates=Rates(address_rate) if address_rate else None,
    )
