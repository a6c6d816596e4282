"""Sets of characters, and the edges of tokens, that the patterns of all kinds share."""

from __future__ import annotations

SYMBOLS = "\ue000-\ue017"
"""The private characters that stand for slots; a text that has them itself keeps them as spans."""

WORD = "A-Za-z0-9_"
_LETTERS_WITH_MARKS = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"  # without the signs × and ÷
LATIN = f"{WORD}{_LETTERS_WITH_MARKS}"
"""Latin letters, ASCII digits and the underscore, as a set in a pattern."""

# Letters of Chinese, Japanese, Korean and Thai are not among them, nor those of Arabic and Hebrew, which write words of
# one letter together with what follows.
GLUED = f"A-Za-zªºµ{_LETTERS_WITH_MARKS}\u0300-\u058f\u0900-\u0965\u0970-\u09e5\u09f0-\u0dff\u10a0-\u10ff\u1e00-\u1fff"
"""Letters that make one token with the digits beside them."""

NOT_AFTER = rf"(?<![{GLUED}\d_])"
NOT_BEFORE = rf"(?![{GLUED}\d_])"
NOT_IN_NUMBER = rf"{NOT_AFTER}(?<!\d[.,'’:/–−-])"
GAP = "[ \u00a0\u2009\u202f]"
"""A space that may stand inside a number."""
