"""Every error that a user, a file or a request can cause, in one tree.

    DragomanError                exit 1   HTTP 500
    ├── UsageError               exit 2   HTTP 400   an option or argument that cannot work
    ├── CorpusError              exit 3   HTTP 400   sentence pairs that cannot be used
    ├── BundleError              exit 4   HTTP 500   a trained translator that cannot be loaded or written
    ├── DocumentError            exit 8   HTTP 422   a document that cannot be read, or is too large
    ├── DownloadError            exit 5   HTTP 502   a named corpus that cannot be fetched
    ├── MissingPackageError      exit 6   HTTP 501   an extra that is not installed
    └── Interrupted              exit 130 HTTP 503   stopped by the user before the end

A message is one line: the rule, the value that broke it and the remedy, with file and line where there is
one, as in ``pairs.tsv:118: expected 2 or 3 columns, found 1 (is the separator a tab?)``. This file imports
nothing of Dragoman.
"""

from __future__ import annotations

from typing import ClassVar


class DragomanError(Exception):
    """Base of all errors that Dragoman reports; ``str(error)`` is the one line that a user sees."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500


class UsageError(DragomanError):
    """An option or an argument breaks its rule, alone or with the others."""

    exit_code = 2
    http_status = 400


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


class MissingPackageError(DragomanError):
    """A package of an extra is needed and not installed; the message names the extra."""

    exit_code = 6
    http_status = 501


class Interrupted(DragomanError):
    """The user stopped the work; the message says what was kept and where."""

    exit_code = 130
    http_status = 503
