"""What there is for two languages, and what of it is taken by those who have no pairs of their own."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from ...errors import DownloadError
from ..languages import nearest
from ..tatoeba import PREFIX as TATOEBA
from ..tatoeba import languages
from .collections import collection
from .opus import API_URL, Api, Offer
from .web import RefusedError

FREE_PAIRS = 1_000_000
"""So many pairs in all are taken unasked."""

ENOUGH = f"those before it are enough: {FREE_PAIRS:,} pairs at most"
TWIN = "tatoeba: has the same sentences, with their authors"


class Found(NamedTuple):
    """A corpus that there is in two languages: version, pairs and size (None where nobody says), terms, and why
    ``--with free`` leaves it out, if it does.
    """

    name: str
    version: str | None
    n_pairs: int | None
    n_bytes: int | None
    licence: str
    citation: str
    left_out: str


def find(src: str, trg: str, *, base_url: str | None = None) -> list[Found]:
    """Return what there is in the languages `src` and `trg`: first what ``--with free`` takes, the smallest first, then
    what it leaves out.

    It takes what is free and good, as long as that is no more than ``FREE_PAIRS`` pairs together, as far as OPUS says
    how many; where the smallest alone has more, that one. Raises `DownloadError` where OPUS cannot be asked, and
    `UsageError` for a language that does not exist.
    """
    api = Api(base_url or API_URL)
    try:
        offers = api.offers(src, trg)
    except RefusedError as error:
        raise DownloadError(
            f"{api.url} cannot be asked what there is in {src} and {trg}: {error} "
            "(look at https://opus.nlpl.eu, download a Moses file yourself, and pass its path)"
        ) from error
    found = [_found(offer) for offer in offers]
    if (name := _tatoeba_name(src, trg)) is not None:
        found = [one._replace(left_out=TWIN) if one.name == "opus:Tatoeba" else one for one in found]
        found.append(Found(name, None, None, None, *collection("tatoeba")))
    good = sorted((one for one in found if not one.left_out), key=_by_size)
    total = list(accumulate(one.n_pairs or 0 for one in good))
    n_taken = max(1, sum(n_pairs <= FREE_PAIRS for n_pairs in total))
    left_out = [one._replace(left_out=ENOUGH) for one in good[n_taken:]] + [one for one in found if one.left_out]
    return good[:n_taken] + sorted(left_out, key=_by_size)


def _by_size(found: Found) -> tuple[int, str]:
    return found.n_pairs or 0, found.name


def free_corpora(src: str, trg: str, *, base_url: str | None = None) -> list[str]:
    """Return the names of what `find` finds and leaves nothing out of: free, good, and not too much of it together.

    Empty where there is none. Errors are those of `find`.
    """
    return [one.name for one in find(src, trg, base_url=base_url) if not one.left_out]


def _found(offer: Offer) -> Found:
    return Found(offer.name, offer.version, offer.n_pairs or None, offer.n_bytes or None, *collection(offer.corpus))


def _tatoeba_name(src: str, trg: str) -> str | None:
    """The name of the pairs of manythings.org, if one language is English and they have the other."""
    other = trg if nearest(src, ("en",)) else src if nearest(trg, ("en",)) else None
    code = nearest(other, tuple(languages())) if other is not None else None
    return f"{TATOEBA}{code}-eng" if code is not None else None
