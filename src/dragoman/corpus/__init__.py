"""Sentence pairs in: read from files, checked, cleaned, split, counted.

`open_pairs` is the door, and `open_sources` the one for many. This room knows text and files; it imports no other room,
and only `catalogue` opens a socket.
"""

from __future__ import annotations

from . import catalogue as catalogue
from .opening import open_pairs, open_sources
from .pairs import Origin, Pair
from .reader import PairReader
from .tsv import write_pairs

__all__ = ["Origin", "Pair", "PairReader", "open_pairs", "open_sources", "write_pairs"]
