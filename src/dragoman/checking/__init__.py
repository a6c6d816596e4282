"""One look at pairs before a model is trained on them: what each source holds, which pairs are damaged, what is to be
done about it.

`check` is the door; `damage.Filter` tells damaged pairs one from another. Knows of pairs and of the numbers of the
recipe; neither of models nor of the terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..corpus.languages import UNDETERMINED
from ..corpus.pairs import Pair
from ..corpus.reader import PairReader
from ..errors import CorpusError
from .damage import Filter
from .findings import Finding, findings
from .languages import language_warnings
from .source import N_SHOWN, Counted, Dropped, SourceLook

__all__ = ["Dropped", "Filter", "Finding", "Look", "SourceLook", "check", "language_warnings"]


@dataclass(frozen=True)
class Look:
    """What is to be known of some sources: their languages, as named or else as they look (None where neither is
    known), what each holds, and what is to be said of them, the gravest first.
    """

    src: str | None
    trg: str | None
    sources: tuple[SourceLook, ...]
    findings: tuple[Finding, ...]

    @property
    def n_pairs(self) -> int:
        """Pairs that are left for training."""
        return sum(source.n_pairs for source in self.sources)

    @property
    def n_read(self) -> int:
        """Pairs that were read."""
        return sum(source.n_read for source in self.sources)

    @property
    def dropped(self) -> dict[str, int]:
        """How many pairs were dropped, by reason."""
        return dict(sum((Counter({why: d.n for why, d in one.dropped.items()}) for one in self.sources), Counter()))


def check(readers: Sequence[PairReader], src: str | None = None, trg: str | None = None) -> Look:
    """Read all pairs of ``readers`` once and return what is to be known of them.

    ``src`` and ``trg`` are the languages as the user names them. Memory holds some hashes of each pair and a sample,
    by which damage is told.

    Raises:
        CorpusError: what reading raises; no pair is left.
    """
    counted = [Counted(reader) for reader in readers]
    sample = [pair for one in counted for pair in one.sample]
    if not sample:
        names = ", ".join(reader.name for reader in readers)
        raise CorpusError(f"{names}: cleaning {counted[0].cleaner.report}: there is nothing to train on (add pairs)")
    named = _named(readers, src, trg)
    # What is rare in one source may be the rule in another.
    judges = [Filter.learned_from(one.sample, *named) for one in counted]
    looks = tuple(_looked(one, judge) for one, judge in zip(counted, judges, strict=True))
    passed_over = {reason: share for judge in judges for reason, share in judge.passed_over.items()}
    seen, found = findings(looks, sample, named, passed_over, [reader.limit for reader in readers])
    codes = [None if code == UNDETERMINED else code for code in named]
    return Look(codes[0] or seen[0], codes[1] or seen[1], looks, tuple(sorted(found, key=lambda one: not one.stops)))


def _named(readers: Sequence[PairReader], src: str | None, trg: str | None) -> tuple[str, str]:
    """The languages of the pairs as the user names them, or else as the first source does that names any."""
    of_sources = [_languages(reader) for reader in readers]
    known = next((both for both in of_sources if UNDETERMINED not in both), of_sources[0])
    return src or known[0], trg or known[1]


def _languages(reader: PairReader) -> tuple[str, str]:
    src, trg = reader.languages
    return (trg, src) if reader.reverse else (src, trg)


def _looked(one: Counted, judge: Filter) -> SourceLook:
    reader, report = one.reader, one.cleaner.report
    dropped = {why: Dropped(left.n, list(left.examples)) for why, left in reader.left_out.items()}
    for reason, n in report.dropped.items():
        if n:
            dropped[reason] = Dropped(n, list(report.examples[reason]))
    share = one.n_kept / max(1, len(one.sample))
    found: dict[str, Dropped] = {}
    mended, examples = 0, list[Pair]()
    for pair, judgement in zip(one.sample, judge.judge(one.sample), strict=True):
        if judgement is None:
            examples.append(pair)
        elif judgement.mended is not None:
            mended += 1
        else:
            found.setdefault(judgement.reason, Dropped()).add(1, f"{pair.origin}: {pair.src} | {pair.trg}")
    for reason, of_sample in found.items():
        dropped[reason] = Dropped(round(of_sample.n * share), of_sample.examples)
    lost = sum(dropped[reason].n for reason in found)
    some = examples[:: max(1, len(examples) // N_SHOWN)][:N_SHOWN]
    return SourceLook(
        name=reader.name,
        how=reader.how,
        languages=_languages(reader),
        n_rows=reader.n_rows,
        n_bad=reader.n_bad,
        first_bad=reader.bad_rows[0] if reader.bad_rows else None,
        n_read=report.n_read,
        n_pairs=one.n_kept - lost,
        dropped=dropped,
        mended=round(mended * share),
        is_estimated=one.is_sampled,
        n_shared=one.n_shared,
        n_near=one.n_near,
        is_sorted=one.is_sorted,
        src=one.sides[0].side(),
        trg=one.sides[1].side(),
        examples=tuple((pair.src, pair.trg) for pair in some),
    )
