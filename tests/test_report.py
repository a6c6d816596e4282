from __future__ import annotations

import json

import pytest

from dragoman.metrics import corpus_scores, scores_by_length
from dragoman.report import Compared, CorpusScores, Example, Leak, Leaks, Report, Score, ScoresByLength

REFS = ["Vete.", "Ya veo el mar.", "Mi hermana vive cerca del mar."]
HYPS = ["Ve.", "Ya veo el mar.", "Mi hermano vive lejos del mar."]


@pytest.mark.parametrize("value", [None, [], {}, {"unit": "words", "classes": [1]}, {"unit": "words", "classes": [{}]}])
def test_what_is_no_table_of_lengths_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="no scores by length"):
        ScoresByLength.from_json(value)


def test_a_report_goes_through_json() -> None:
    scores = corpus_scores(HYPS, REFS, trg="es", n_bootstrap=40)
    leaks = Leaks(1, 0, 1, 0, (Leak("source", "Go.", "test.tsv:3", "spa.txt:1"),))
    example = Example("Go.", "Ve.", "Vete.")
    by_length = scores_by_length(REFS, HYPS, REFS, src="es", trg="es", n_bootstrap=40)
    report = Report("test.tsv", "ab12", len(REFS), "cd34", scores, None, leaks, (example,), None, by_length)
    back = json.loads(json.dumps(report.to_json()))
    assert tuple(Score(**score) for score in back["scores"]) == scores
    assert ScoresByLength.from_json(back["by_length"]) == by_length
    assert back["leaks"]["examples"][0]["training_origin"] == "spa.txt:1"
    assert (back["baseline"], back["against"]) == (None, None)


def test_the_scores_of_a_corpus_in_a_line() -> None:
    scores = Score("BLEU", 40.51, 38.9, 42.3, ""), Score("chrF2", 61.4, 60.2, 62.7, "")
    alone = CorpusScores("spa.txt", 1375, scores, None)
    assert alone.in_words("before") == "spa.txt, 1,375 pairs: BLEU 40.5 [38.9, 42.3]; chrF2 61.4 [60.2, 62.7]"
    second = Compared((Score("BLEU", 43.5, 0, 0, ""), Score("chrF2", 63.3, 0, 0, "")), ())
    assert CorpusScores("spa.txt", 1375, scores, second).in_words("before") == (
        "spa.txt, 1,375 pairs: BLEU 40.5 [38.9, 42.3], before 43.5; chrF2 61.4 [60.2, 62.7], before 63.3"
    )
