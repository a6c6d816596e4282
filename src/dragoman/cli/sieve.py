"""``dragoman translate --min-confidence``: sentences that are too unsure stay as they are, and are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ..translation import Translation


class Sieve:
    """Lets translations through whose confidence is at least ``least``, sentence by sentence."""

    def __init__(self, least: float) -> None:
        self.least = least
        self.n_left = 0

    def __call__(self, translation: Translation) -> Translation:
        """Return ``translation`` without what is too unsure."""
        if not self.least:
            return translation
        from ..translation import UNSURE, without_unsure

        sieved = without_unsure(translation, self.least)
        self.n_left += sum(UNSURE in sentence.warnings for sentence in sieved.sentences)
        return sieved

    def tell(self) -> None:
        """Say on standard error how many sentences were left."""
        if self.n_left:
            sentences = "1 sentence is" if self.n_left == 1 else f"{self.n_left:,} sentences are"
            typer.echo(
                f"dragoman: warning: {sentences} left in the words of the source, with a confidence below "
                f"{self.least:g}",
                err=True,
            )
