"""Stands in for the package ``minisbd``, whose models must be downloaded: each text is one sentence, at no cost."""

from __future__ import annotations


class SBDetect:
    """Finds the sentences of a text."""

    def __init__(self, lang: str, use_gpu: bool = False) -> None:
        pass

    def sentences(self, text: str) -> list[str]:
        """Return the text."""
        return [text]


class models:  # noqa: N801 - the name of a module
    """The models that it has."""

    cache_dir = ""

    @staticmethod
    def list_models() -> list[str]:
        """Return the languages."""
        return ["en"]


def download_models(*_: object) -> None:
    """There is nothing to download."""
