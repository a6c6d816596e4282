"""Numbers as the target's locale writes them: its marks of thousands and decimals.

No digit changes, and what may be something else than such a number stays as it is.
"""

from __future__ import annotations

import re

from .locales import Marks, groups_late, marks_of

_SPACES = " \u00a0\u2009\u202f"
_NUMERAL = re.compile(rf"(?<![\d.,'’])\d+(?:[.,'’]\d+|[{_SPACES}]\d{{3}}(?!\d))*", re.ASCII)
_GROUPED = re.compile(rf"([1-9]\d{{0,2}}([.,'’{_SPACES}])\d{{2,3}}(?:\2\d{{2,3}})*)(?:([.,])(\d+))?", re.ASCII)
_DECIMAL = re.compile(r"(\d+)([.,])(\d+)", re.ASCII)
_REWRITTEN = frozenset({"number", "quantity", "score"})


def written(text: str, kind: str, src: str, trg: str) -> str:
    """Return what stands for ``text``, a span of ``kind``, in a translation from ``src`` to ``trg``.

    The thousands of a number get the target's marks, and so do decimals of a quantity and those behind thousands:
    elsewhere "1.5" may be a version or a section. Dates, times, and what an unknown locale has, stay.
    """
    if src == trg or kind not in _REWRITTEN or text.isdigit():
        return text
    ours, theirs = marks_of(src), marks_of(trg)
    if ours is None or theirs is None or ours == theirs:
        return text
    least = theirs.grouping[0] + 1 + groups_late(trg)
    return _NUMERAL.sub(lambda match: _rewritten(match[0], kind == "quantity", ours, theirs, least), text)


def _rewritten(numeral: str, has_unit: bool, ours: Marks, theirs: Marks, least: int) -> str:
    """Return ``numeral`` with the marks of ``theirs``; a whole number of ``least`` digits has some for its groups."""
    if match := _GROUPED.fullmatch(numeral):
        whole, group, decimal, decimals = match.groups()
        digits = re.sub(r"\D", "", whole)
        is_ours = _same(group, ours.group) and _grouped(digits, group, ours.grouping) == whole
        if is_ours and decimal in (None, ours.decimal):
            if len(digits) >= least:
                digits = _grouped(digits, theirs.group, theirs.grouping)
            return digits + (theirs.decimal + decimals if decimal else "")
    if has_unit and (match := _DECIMAL.fullmatch(numeral)) and match[2] == ours.decimal:
        return match[1] + theirs.decimal + match[3]
    return numeral


def _same(mark: str, other: str) -> bool:
    return mark == other or (mark in _SPACES and other in _SPACES) or (mark in "'’" and other in "'’")


def _grouped(digits: str, mark: str, grouping: tuple[int, int]) -> str:
    last, others = grouping
    head, tail = digits[:-last], digits[-last:]
    groups = [head[max(end - others, 0) : end] for end in range(len(head), 0, -others)]
    return mark.join([*reversed(groups), tail])
