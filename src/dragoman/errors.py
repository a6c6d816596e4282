"""Every error that a user, a file or a request can cause, in one tree.

    DragomanError                exit 1   HTTP 500
    ├── UsageError               exit 2   HTTP 400   an option or argument that cannot work
    │   ├── NotFoundError        exit 2   HTTP 404   an entry or a key that is not there
    │   └── ConflictError        exit 2   HTTP 409   what cannot be while something else is as it is
    ├── CorpusError              exit 3   HTTP 400   sentence pairs that cannot be used
    ├── BundleError              exit 4   HTTP 500   a trained translator that cannot be loaded or written
    ├── DocumentError            exit 8   HTTP 422   a document that cannot be read, or is too large
    ├── DownloadError            exit 5   HTTP 502   a named corpus that cannot be fetched
    ├── StorageError             exit 1   HTTP 507   a disk that is full, or a folder that cannot be written
    ├── MissingPackageError      exit 6   HTTP 501   an extra that is not installed
    ├── RequestError             exit 2   HTTP 400   a request to the server that breaks a rule
    │   ├── UnprocessableError   exit 2   HTTP 422   a body that is JSON and not what was asked for
    │   ├── TooLargeError        exit 2   HTTP 413   a body or a text beyond its limit
    │   ├── KeyMissingError      exit 2   HTTP 401   a key is needed and none came
    │   ├── ForbiddenError       exit 2   HTTP 403   a key that is not known, or whose role does not suffice
    │   └── TimedOutError        exit 2   HTTP 408   a request that came too slowly
    ├── MemoryUnavailableError   exit 7   HTTP 503   corrections that cannot be read or written just now
    ├── RateError                exit 1   HTTP 429   more requests than a key or an address may make
    ├── OverloadedError          exit 1   HTTP 503   more work than can be done soon
    └── Interrupted              exit 130 HTTP 503   stopped by the user before the end

A message is one line: the rule, the value that broke it and the remedy, with file and line where there is
one, as in ``pairs.tsv:118: expected 2 or 3 columns, found 1 (is the separator a tab?)``. This file imports
nothing of Dragoman.
"""

from __future__ import annotations

import shlex
import sys
from typing import ClassVar


class DragomanError(Exception):
    """Base of all errors that Dragoman reports; ``str(error)`` is the one line that a user sees."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500


class UsageError(DragomanError):
    """An option or an argument breaks its rule, alone or with the others."""

    exit_code = 2
    http_status = 400


class NotFoundError(UsageError):
    """There is no entry of that number, or no key of that name."""

    http_status = 404


class ConflictError(UsageError):
    """What is asked for cannot be while something else is as it is."""

    http_status = 409


class CorpusError(DragomanError):
    """A file of sentence pairs cannot be read, or what it holds cannot be used."""

    exit_code = 3
    http_status = 400


class BundleError(DragomanError):
    """A bundle is missing, truncated, altered, too new, or cannot be written."""

    exit_code = 4


class DocumentError(DragomanError):
    """A document is not what its format says, or larger than it may be."""

    exit_code = 8
    http_status = 422


class DownloadError(DragomanError):
    """A named corpus could not be fetched; the message says which file to fetch by hand."""

    exit_code = 5
    http_status = 502


class StorageError(DragomanError):
    """The disk is full, or a folder cannot be written."""

    http_status = 507


class MissingPackageError(DragomanError):
    """A package is needed and not installed; the message ends with the command that installs ``what`` for the Python
    that runs: the package, or an extra that brings it.
    """

    exit_code = 6
    http_status = 501

    def __init__(self, message: str, what: str) -> None:
        super().__init__(f"{message}: {sys.executable} -m pip install {shlex.quote(what)}")


class RequestError(DragomanError):
    """A request to the server breaks a rule."""

    exit_code = 2
    http_status = 400


class UnprocessableError(RequestError):
    """The body of a request is JSON, and not what was asked for."""

    http_status = 422


class TooLargeError(RequestError):
    """A body or a text is longer than its limit."""

    http_status = 413


class KeyMissingError(RequestError):
    """A key is needed and none came."""

    http_status = 401


class ForbiddenError(RequestError):
    """A key is not known, or its role does not suffice."""

    http_status = 403


class TimedOutError(RequestError):
    """A request came too slowly."""

    http_status = 408


class MemoryUnavailableError(DragomanError):
    """The database of corrections is gone, locked, full, damaged or too new; asking again later may help."""

    exit_code = 7
    http_status = 503


class RateError(DragomanError):
    """More requests came than a key or an address may make; ``retry_after`` is in seconds."""

    http_status = 429

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OverloadedError(DragomanError):
    """More work waits than can be done soon; ``retry_after`` is in seconds."""

    http_status = 503

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Interrupted(DragomanError):
    """The user stopped the work; the message says what was kept and where."""

    exit_code = 130
    http_status = 503
