"""A source as a file that can be read from any place, for libraries that ask for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from ..errors import CorpusError
from .lines import BUFFER_BYTES, Source, opened

MAX_BYTES = 2 * 2**30
IN_MEMORY = 16 * 2**20


@contextmanager
def spooled(source: Source, at_most: int = MAX_BYTES) -> Iterator[IO[bytes]]:
    """Give ``source`` as a file with a place: itself where it lies on the disk as it is, else a copy that is gone
    afterwards. More than ``at_most`` bytes are a `CorpusError`.
    """
    with opened(source) as stream:
        if source.path is not None and not source.path.name.lower().endswith(".gz"):
            source.n_bytes = source.path.stat().st_size
            if source.n_bytes > at_most:
                raise _too_large(source, at_most)
            yield stream
            return
        with SpooledTemporaryFile(IN_MEMORY) as copy:
            source.n_bytes = 0
            while data := stream.read(BUFFER_BYTES):
                source.n_bytes += len(data)
                if source.n_bytes > at_most:
                    raise _too_large(source, at_most)
                copy.write(data)
            copy.seek(0)
            yield copy


def _too_large(source: Source, at_most: int) -> CorpusError:
    return CorpusError(f"{source.name}: more than {at_most:,} bytes (split the file, or take a part of it)")
