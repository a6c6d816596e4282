"""What OPUS, the open collection of parallel corpora, has for two languages, by its API at opus.nlpl.eu/opusapi.

The API answers with rows that name a corpus, its version, its number of pairs, its size in KiB and the address of the
zip of its two texts. It keeps a pair under one of the many codes that a language has there (``zh``, ``zh_CN``,
``cmn``), the two in the order of the alphabet. Nothing in a row is believed that is not of the expected form.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

import langcodes

from ..languages import language, nearest
from .naming import NAME
from .web import RefusedError, Web, origin

API_URL = "https://opus.nlpl.eu/opusapi/"
ORIGINS = frozenset({"https://opus.nlpl.eu", "https://object.pouta.csc.fi"})
"""The API, and the storage that holds the files."""

MAX_ROWS = 2000
MAX_VARIANTS = 4
MAX_NUMBER = 10**12

_CODE = re.compile(r"[A-Za-z]{2,8}(?:[_-][A-Za-z0-9]{1,8}){0,3}")
_URL = re.compile(r"https?://[!-~]{1,500}\.zip")

_log = logging.getLogger("dragoman.corpus")


class Offer(NamedTuple):
    """A corpus in two languages, by OPUS's own codes for them; ``n_pairs`` is 0 where OPUS does not say."""

    corpus: str
    version: str
    codes: tuple[str, str]
    n_pairs: int
    n_bytes: int
    url: str

    @property
    def name(self) -> str:
        """What a user calls it."""
        return f"opus:{self.corpus}"

    @property
    def file_name(self) -> str:
        """What OPUS calls the zip of its texts."""
        return f"{'-'.join(self.codes)}.txt.zip"


@dataclass(frozen=True)
class Api:
    """The API at ``url``; with another one than OPUS's own, all that it names must lie on its server too."""

    url: str = API_URL

    @property
    def web(self) -> Web:
        """The servers that are asked."""
        return Web(ORIGINS if self.url == API_URL else {origin(self.url)})

    def offers(self, src: str, trg: str, *, corpus: str = "", version: str = "") -> list[Offer]:
        """Return what there is in the languages ``src`` and ``trg``, one offer a corpus, by the alphabet.

        All corpora, or the one named; the latest version, or the one named. Of several codes for the language the
        nearest is taken. Raises `RefusedError`.
        """
        chosen = {"corpus": corpus, "preprocessing": "moses", "version": version or "latest"}
        found: dict[str, Offer] = {}
        faults: list[str] = []
        for codes in self._codes(src, trg, corpus):
            for row in self._ask("corpora", source=codes[0], target=codes[1], **chosen):
                if isinstance(offer := self._offer(row), str):
                    faults.append(offer)
                # The codes come nearest first.
                elif not corpus or offer.corpus == corpus:
                    found.setdefault(offer.corpus, offer)
            if corpus and found:
                break
        if faults and not found:
            raise RefusedError(faults[0])
        if faults:
            _log.warning(f"OPUS: {len(faults)} of its corpora left out: {faults[0]}")
        return sorted(found.values(), key=lambda offer: offer.corpus.lower())

    def _codes(self, src: str, trg: str, corpus: str) -> list[tuple[str, str]]:
        """The codes of the two languages that OPUS may have pairs under, the nearest first.

        One of them is usually the plain one, and its list of languages has the other.
        """
        within = {"corpus": corpus} if corpus else {}
        beside = {code: self._ask("languages", source=as_there(code), **within) for code in (src, trg)}
        found = {(as_there(src), code) for code in self._variants(trg, beside[src])}
        found |= {(code, as_there(trg)) for code in self._variants(src, beside[trg])}
        if not found:
            for code in self._variants(src, self._ask("languages", **within)):
                known = self._ask("languages", source=code, **within)
                found |= {(code, other) for other in self._variants(trg, known)}
        return sorted(found, key=lambda codes: (_far(src, codes[0]) + _far(trg, codes[1]), codes))

    def _variants(self, code: str, known: list[Any]) -> list[str]:
        fit = [one for one in known if isinstance(one, str) and _CODE.fullmatch(one) and nearest(code, (one,))]
        return sorted(fit, key=lambda one: (_far(code, one), one))[:MAX_VARIANTS]

    def _ask(self, kind: str, **parameters: str) -> list[Any]:
        """The list that the API answers with, of ``corpora`` or ``languages``."""
        if kind == "languages":
            parameters["languages"] = "True"
        query = urlencode({name: value for name, value in parameters.items() if value})
        answer = self.web.json(f"{self.url}?{query}")
        rows = answer.get(kind) if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            raise RefusedError(f"the answer has no list of {kind}")
        if len(rows) > MAX_ROWS:
            raise RefusedError(f"the answer has more than {MAX_ROWS} {kind}")
        return rows

    def _offer(self, row: Any) -> Offer | str:
        """Make an offer of a row, or say what is wrong with it."""
        if not isinstance(row, dict):
            return "a row is no object"
        for key, form in (("corpus", NAME), ("version", NAME), ("source", _CODE), ("target", _CODE), ("url", _URL)):
            if not isinstance(value := row.get(key), str) or not form.fullmatch(value):
                return f"{key} is {str(value)[:60]!r}"
        for key in ("alignment_pairs", "size"):
            # OPUS leaves a number that it does not know empty.
            value = row.get(key) or 0
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
                return f"{row['corpus']}: {key} is {str(value)[:60]!r}"
        if not self.web.allows(row["url"]):
            return f"{row['corpus']}: its file lies at {origin(row['url'])}, which is not asked"
        return Offer(
            row["corpus"],
            row["version"],
            (row["source"], row["target"]),
            row.get("alignment_pairs") or 0,
            (row.get("size") or 0) * 1024,
            row["url"],
        )


def as_there(code: str) -> str:
    """Return ``code`` as OPUS writes codes."""
    return language(code).replace("-", "_")


def _far(wanted: str, code: str) -> float:
    """How far a code is from the one that is wanted; of two that mean the same, the same one is nearer."""
    return langcodes.tag_distance(wanted, code) + (0 if code.lower() == as_there(wanted).lower() else 0.1)
