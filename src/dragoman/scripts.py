"""Which scripts are written without spaces between words."""

from __future__ import annotations

import re

# Thai, Lao, Tibetan, Myanmar, Khmer; Chinese and Japanese with their punctuation.
UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3000-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff00-\uff9f\U00020000-\U0003ffff]"
)
"""A character of such a script."""
