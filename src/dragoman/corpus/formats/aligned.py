"""Two aligned files, one sentence a line: line 7 of ``train.en`` is translated by line 7 of ``train.es``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from ...errors import CorpusError
from ..lines import Source, clean, read_lines
from ..units import LeftOut, Segment, Unit


def read_aligned(src_file: Source, trg_file: Source, languages: tuple[str, str] = ("", "")) -> Iterator[Unit | LeftOut]:
    """Yield a unit for each line, and what was left out for each line that is blank or broken in one file only.

    Lines blank in both files are passed over. Raises `CorpusError` if the files have different numbers of
    lines, which shows only at their end (blank lines at the end do not count), and for what `read_lines`
    refuses.
    """
    n_src = n_trg = 0
    surplus = False
    lines = zip_longest(read_lines(src_file), read_lines(trg_file), fillvalue=None)
    for number, (src_line, trg_line) in enumerate(lines, start=1):
        src, trg = src_line[1] if src_line else "", trg_line[1] if trg_line else ""
        n_src, n_trg = n_src + (src_line is not None), n_trg + (trg_line is not None)
        if isinstance(src, LeftOut) or isinstance(trg, LeftOut):
            yield src if isinstance(src, LeftOut) else trg  # type: ignore[misc]
            continue
        src, trg = clean(src), clean(trg)
        if src_line is None or trg_line is None:
            surplus = surplus or bool(src or trg)
        elif src and trg:
            segments = Segment(languages[0], src), Segment(languages[1], trg)
            yield Unit(src_file.name, number, segments, counts="line")
        elif src or trg:
            blank, other = (trg_file, src_file) if src else (src_file, trg_file)
            detail = f"the line is blank, and in {other.name} it is not"
            yield LeftOut("a blank line beside text", f"{blank.name}:{number}", detail=detail)
    if surplus:
        raise CorpusError(
            f"{src_file.name} has {n_src} lines and {trg_file.name} has {n_trg} (aligned files have the same number)"
        )
