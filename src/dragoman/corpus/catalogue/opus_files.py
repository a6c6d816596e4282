"""A corpus of OPUS in the user's cache: found there, or brought there, whole or its first pairs.

Files lie at ``opus/CORPUS/VERSION/en-sw.txt.zip``, under OPUS's own codes; a part of a corpus is called
``en-sw.first-1000000.txt.zip``.
"""

from __future__ import annotations

import difflib
import logging
import re
from pathlib import Path

import langcodes

from ...errors import DownloadError, UsageError
from .collections import terms
from .downloading import Progress, download
from .heads import cut, download_head, require_moses
from .keeping import is_kept, remove
from .naming import PREFIX, parts
from .opus import API_URL, Api, Offer, as_there
from .web import RefusedError, Web

PAIRS_AT_MOST = 1_000_000
"""Of a larger corpus so many pairs are taken, the first ones, unless a limit says otherwise."""

WHOLE_BYTES = 8 * 1024**2
"""A file up to this size is downloaded whole, however few of its pairs are wanted."""

_log = logging.getLogger("dragoman.corpus")


def fetch_opus(
    name: str, pair: tuple[str, str], limit: int | None, url: str | None, folder: Path, progress: Progress | None
) -> Path:
    """Return the path of the Moses zip of `name` in the two languages of `pair`, as `catalogue.fetch` describes."""
    corpus, version = parts(name)
    codes = as_there(pair[0]), as_there(pair[1])
    n_lines = PAIRS_AT_MOST if limit is None else limit + limit // 10
    api = Api(url or API_URL)
    by_hand = folder / corpus / (version or "by-hand") / f"{'-'.join(codes)}.txt.zip"
    try:
        if (kept := _kept(folder / corpus, version, pair, n_lines)) is not None:
            return kept
        offer = _offer(api, name, pair)
    except (RefusedError, OSError) as error:
        raise DownloadError(
            f"{api.url} does not tell where {name} lies: {_reason(error)} (download its Moses file for {codes[0]} and "
            f"{codes[1]} from https://opus.nlpl.eu yourself, and pass its path or put it at {by_hand})"
        ) from error
    place = folder / offer.corpus / offer.version / offer.file_name
    try:
        if is_kept(place):
            return place
        path = _fetched(api.web, offer, place, n_lines, progress)
    except (RefusedError, OSError) as error:
        raise DownloadError(
            f"{offer.url} cannot be downloaded: {_reason(error)} "
            f"(download it yourself, and pass its path or put it at {place})"
        ) from error
    _log.warning(f"{name}: {terms(corpus, path)}")
    return path


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())


def _kept(folder: Path, version: str, pair: tuple[str, str], n_lines: int) -> Path | None:
    """The newest file of the cache in these languages that is whole or has so many lines."""
    paths = sorted(folder.glob(f"{version or '*'}/*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in paths:
        match = re.fullmatch(r"(\w+)-(\w+)(?:\.first-(\d{1,12}))?\.txt\.zip", path.name)
        if match is None or (match[3] and int(match[3]) < n_lines):
            continue
        if _are(pair, match[1], match[2]) or _are(pair, match[2], match[1]):
            if is_kept(path):
                return path
            _log.warning(f"{path}: it is not what was downloaded any more, and is not used")
    return None


def _are(pair: tuple[str, str], *codes: str) -> bool:
    # Only the very same: OPUS may have nearer ones than the cache.
    return all(
        langcodes.tag_is_valid(code) and langcodes.tag_distance(wanted, code) <= 1
        for wanted, code in zip(pair, codes, strict=True)
    )


def _offer(api: Api, name: str, pair: tuple[str, str]) -> Offer:
    corpus, version = parts(name)
    if offers := api.offers(*pair, corpus=corpus, version=version):
        return offers[0]
    known = {offer.name.lower(): offer.name for offer in api.offers(*pair)}
    close = [known[one] for one in difflib.get_close_matches(f"{PREFIX}{corpus}".lower(), known, n=2)]
    hint = f"there is {' and '.join(close)}; " if close else ""
    raise UsageError(f"OPUS has no {name} in {' and '.join(pair)} ({hint}see dragoman corpus find {' '.join(pair)})")


def _fetched(web: Web, offer: Offer, place: Path, n_lines: int, progress: Progress | None) -> Path:
    if offer.n_bytes <= WHOLE_BYTES or 0 < offer.n_pairs <= n_lines:
        download(web, offer.url, place, progress)
        try:
            require_moses(place, offer.codes)
        except RefusedError:
            remove(place)
            raise
        return place
    of = f" of {offer.n_pairs:,}" if offer.n_pairs else ""
    _log.warning(f"{offer.name}: its first {n_lines:,}{of} pairs are taken (--limit takes more, or fewer)")
    head = place.with_name(f"{'-'.join(offer.codes)}.first-{n_lines}.txt.zip")
    if not download_head(web, offer.url, head, offer.codes, n_lines, progress):
        whole = place.with_name(f"{place.name}.whole")
        download(web, offer.url, whole, progress)
        cut(whole.open("rb", buffering=0), head, offer.codes, n_lines)
        remove(whole)
    return head
