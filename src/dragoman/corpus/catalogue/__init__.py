"""Corpora with a name, downloaded once into the user's cache: ``tatoeba:spa-eng`` and ``opus:GlobalVoices``.

`tatoeba:` names the pairs of manythings.org/anki, `opus:` those of OPUS, in the two languages that the user names. A
corpus that is there is taken as it is, without a question to any server, if it still has the hash that was kept beside
it. `finding` tells what there is. `web` alone opens a socket.
"""

from __future__ import annotations

import logging
from pathlib import Path

from ...errors import DownloadError, UsageError
from ..tatoeba import PREFIX as TATOEBA
from ..tatoeba import file_of, languages, names
from . import collections
from .collections import Terms
from .downloading import Progress, download
from .keeping import is_kept
from .naming import PREFIX as OPUS
from .naming import parts
from .web import RefusedError, Web, origin

__all__ = ["Progress", "Terms", "fetch", "is_name", "languages", "names", "terms"]

_log = logging.getLogger("dragoman.corpus")

BASE_URL = "https://www.manythings.org/anki/"


def is_name(text: str) -> bool:
    """Tell whether `text` has the form of a corpus name, known or not."""
    return text.startswith((TATOEBA, OPUS))


def fetch(
    name: str,
    *,
    src: str | None = None,
    trg: str | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
    base_url: str | None = None,
    cache_dir: Path | None = None,
) -> Path:
    """Return the path of the zip file of the corpus `name`, downloaded if it is not there yet.

    Args:
        name: ``tatoeba:spa-eng``, English in the first column; or ``opus:NAME``, ``opus:NAME@VERSION``, a Moses zip:
            one text of each language, named by OPUS's code for it.
        src: one language of an ``opus:`` corpus.
        trg: the other one.
        limit: how many pairs are wanted. Of a larger corpus only the first of its pairs are fetched: a tenth more than
            that, because readers drop some, or `opus_files.PAIRS_AT_MOST` without a limit.
        progress: called with the bytes received so far and in all.
        base_url: the server that is asked instead; https and the host of the corpus otherwise.
        cache_dir: the folder of the files, by default the user's cache.

    Raises:
        UsageError: an unknown name, or no languages for one of ``opus:``.
        DownloadError: the file cannot be had; it says what to fetch by hand, and where to put it.
    """
    folder = cache_dir if cache_dir is not None else _user_cache()
    if name.startswith(TATOEBA):
        return _fetch_tatoeba(name, base_url or BASE_URL, folder, progress)
    if src is None or trg is None:
        raise UsageError(f"{name} needs its two languages (--src and --trg, such as --src en --trg sw)")
    # Imported late: codes of languages are not needed by most commands.
    from .opus_files import fetch_opus

    return fetch_opus(name, (src, trg), limit, base_url, folder / "opus", progress)


def terms(name: str, path: Path | None = None) -> Terms:
    """Return licence and citation of the corpus `name`; the licence in its zip at `path` comes before our table."""
    if name.startswith(TATOEBA):
        return collections.terms("tatoeba")
    return collections.terms(parts(name)[0], path)


def _user_cache() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("dragoman")


def _fetch_tatoeba(name: str, base_url: str, folder: Path, progress: Progress | None) -> Path:
    file_name = file_of(name)
    url = base_url.rstrip("/") + "/" + file_name
    place = folder / file_name
    try:
        if is_kept(place):
            return place
        download(Web({origin(base_url)}), url, place, progress)
    except (RefusedError, OSError) as error:
        raise DownloadError(
            f"{url} cannot be downloaded: {' '.join(str(error).split())} "
            f"(download it yourself and pass its path: dragoman train {file_name} --out BUNDLE)"
        ) from error
    _log.warning(f"{name}: {collections.terms('tatoeba')}")
    return place
