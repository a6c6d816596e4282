"""``dragoman inspect``: what a bundle holds, and whether it still translates as it did when it was written."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import BundleError
from .options import BundleArgument, JsonOption

if TYPE_CHECKING:
    from ..bundle import Bundle


def inspect(
    bundle: BundleArgument,
    as_json: JsonOption = False,
    check: Annotated[
        bool, typer.Option("--check", help="Verify every file and repeat the golden translations.")
    ] = False,
) -> None:
    """Show what a bundle holds: languages, sizes, where its pairs came from, how it was trained, what it scores."""
    from ..bundle import read
    from .drawing import draw_facts, results_console

    opened = read(bundle)
    card = _card(opened)
    if check:
        card["check"] = _check(opened)
    if as_json:
        typer.echo(json.dumps(card, ensure_ascii=False, indent=1))
        return
    facts = {name.replace("_", " "): _shown(value) for name, value in card.items() if name != "corpora"}
    corpora = {f"corpus {name}": _shown(corpus) for name, corpus in card.get("corpora", {}).items()}
    draw_facts(facts | corpora, results_console())


def _card(bundle: Bundle) -> dict[str, Any]:
    trained = bundle.trained
    return {
        "bundle": str(bundle.path),
        "direction": ", ".join("-".join(direction) for direction in bundle.directions),
        "finished": bundle.finished,
        "model": trained.config.to_json(),
        "parameters": sum(array.size for array in trained.weights.values()),
        "vocabulary": {"source": trained.src_vocabulary.size, "target": trained.trg_vocabulary.size},
        "training": bundle.training.to_json(),
        "epochs_done": len(bundle.history),
        "last_epoch": bundle.history[-1] if bundle.history else None,
        "provenance": asdict(replace(bundle.provenance, corpora=())),
        **_corpora(bundle),
        **_scores(bundle),
        "corrections_learned": len(bundle.learned.corrections),
        "training_pairs": "in the bundle" if bundle.has_data else "left out",
        "written_by": f"dragoman {bundle.dragoman}",
        "fingerprint": bundle.fingerprint,
    }


def _corpora(bundle: Bundle) -> dict[str, Any]:
    """What each source of the pairs holds, by its name."""
    corpora = {corpus.name: asdict(corpus) for corpus in bundle.provenance.corpora}
    for corpus in corpora.values():
        corpus.pop("name")
    return {"corpora": corpora} if corpora else {}


def _scores(bundle: Bundle) -> dict[str, Any]:
    """The value of each score, by part, and those of the harder parts where a bundle has them.

    Loading leaves the reports in a bundle unread, so they may hold anything.
    """
    try:
        scores = {part: _values(report) for part, report in bundle.scores.items()}
        for part, report in bundle.scores.items():  # those of several corpora have each its own too
            scores |= {f"{part}, {corpus['name']}": _values(corpus) for corpus in report.get("corpora", ())}
        harder = {part: report["harder"] for part, report in bundle.scores.items() if report.get("harder")}
        parts = {p: _values(h) | {"pairs": h["n_pairs"], "definition": h["definition"]} for p, h in harder.items()}
        return {"scores": scores} | ({"harder_parts": parts} if parts else {})
    except (AttributeError, KeyError, TypeError) as error:
        raise BundleError(f"{bundle.path}: the scores in bundle.json are damaged; copy the bundle again") from error


def _values(report: dict[str, Any]) -> dict[str, Any]:
    return {score["name"]: round(score["value"], 1) for score in report["scores"]}


def _check(bundle: Bundle) -> str:
    """Verify what loading leaves unread too, read the pairs, and repeat the golden translations."""
    from ..bundle import PARTS
    from ..translator import Translator

    bundle.verify()
    n_pairs = sum(len(bundle.pairs(part) or ()) for part in PARTS)
    assert bundle.path is not None
    translator = Translator.load(bundle.path)
    for translation in translator.translate(list(bundle.golden)):
        expected = bundle.golden[translation.src]
        if translation.text != expected:
            raise BundleError(
                f"{bundle.path}: {translation.src!r} gives {translation.text!r} and gave {expected!r} when the "
                "bundle was written; the weights or the program have changed"
            )
    return f"passed: {len(bundle.golden)} golden translations repeated, {n_pairs:,} pairs read, all hashes right"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        said = (f"{name} {_shown(item)}" for name, item in value.items() if item not in (None, {}, (), ""))
        return ", ".join(said) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
