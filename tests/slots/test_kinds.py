from __future__ import annotations

import pytest

from dragoman.slots.finding import find
from dragoman.slots.kind import Kind
from dragoman.slots.kinds import KINDS, SPELLED

EXAMPLES = [pytest.param(kind, text, id=f"{kind.name}: {text}") for kind in KINDS for text in kind.examples]
COUNTEREXAMPLES = [
    pytest.param(kind, text, id=f"{kind.name}: {text}") for kind in KINDS for text in kind.counterexamples
]


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_an_example_is_found_whole(kind: Kind, text: str) -> None:
    assert kind.pattern.fullmatch(text)
    assert [(span.begin, span.end, span.kind, span.family) for span in find(text, "en", "es")] == [
        (0, len(text), kind.name, kind.family)
    ]


@pytest.mark.parametrize(("kind", "text"), COUNTEREXAMPLES)
def test_a_counterexample_has_no_span_of_the_kind(kind: Kind, text: str) -> None:
    assert kind.pattern.search(text) is None
    assert kind.name not in {span.kind for span in find(text, "en", "es")}


def test_kinds_have_names_of_their_own_and_no_groups() -> None:
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names)
    assert all(kind.examples and kind.counterexamples and not kind.pattern.groups for kind in KINDS)
    assert frozenset[str]().union(*SPELLED.values()) <= set(names)
