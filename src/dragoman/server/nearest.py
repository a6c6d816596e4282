"""The training pairs that are most like a text: what a translator saw that may explain what it says.

An index is made at the first question in a direction, in a thread, and is gone with its translator. It takes about
0.7 kB a pair.
"""

from __future__ import annotations

import asyncio
from itertools import islice
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool

from ..errors import NotFoundError
from ..neighbours import Neighbour, Neighbours
from ..service import Service
from ..translator import Translator

MAX_PAIRS = 200_000
"""Of an index; of more training pairs every second, third ... is in it."""


class Nearest:
    """Finds training pairs of what ``service`` serves."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._indexes: WeakKeyDictionary[Translator, asyncio.Task[Neighbours]] = WeakKeyDictionary()

    async def find(self, src: str, trg: str, text: str, n: int) -> list[Neighbour]:
        """Return the ``n`` pairs whose source is most like ``text``, likest first.

        A `NotFoundError` for a direction that is not served, or whose bundle holds no pairs.
        """
        translator = self._service.served(src, trg).translator
        making = self._indexes.get(translator)
        if making is None or (making.done() and (making.cancelled() or making.exception())):
            making = self._indexes[translator] = asyncio.create_task(run_in_threadpool(_index, translator))
        # Whoever hangs up must not take the index from the others who wait for it.
        index = await asyncio.shield(making)
        return await run_in_threadpool(index.nearest, text, n)


def _index(translator: Translator) -> Neighbours:
    bundle = translator.bundle
    reader = bundle.reader("train") if bundle else None
    if bundle is None or reader is None:
        raise NotFoundError("this translator's bundle holds no training pairs; it was written without data")
    step = max(1, -(-bundle.provenance.n_pairs.get("train", 0) // MAX_PAIRS))
    pairs = islice(reader, 0, step * MAX_PAIRS, step)
    turned = (translator.src, translator.trg) != bundle.directions[0]
    return Neighbours([pair.reversed() for pair in pairs] if turned else list(pairs))
