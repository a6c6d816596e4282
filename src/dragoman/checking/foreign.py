"""Sentences that are in another language than the others of their side."""

from __future__ import annotations

from collections.abc import Sequence

import langcodes

from ..corpus.languages import UNDETERMINED
from ..detection import Detector, likely_language
from ..errors import MissingPackageError

NEAR = 20
"""Languages up to so far from each other (CLDR) are not told apart by a sentence: Norwegian and Danish, Malay."""
LEAST_CHARACTERS = 12
N_SHOWN = 200


class Foreign:
    """Tells which texts of a side, that is said to be in ``code``, are surely in another language."""

    def __init__(self, code: str, sample: Sequence[str]) -> None:
        try:
            if code == UNDETERMINED:
                code = likely_language(" ".join(sample[:: max(1, len(sample) // N_SHOWN)])) or code
            self._detector = Detector([code]) if code != UNDETERMINED else None
        except MissingPackageError:
            self._detector = None  # a look that is done where it can be
        self._code = code

    def is_foreign(self, text: str) -> bool:
        """Tell whether ``text`` surely is in another language."""
        if self._detector is None or len(text) < LEAST_CHARACTERS:
            return False
        found = self._detector.elsewhere(text)
        return found is not None and langcodes.tag_distance(found.language, self._code) > NEAR
