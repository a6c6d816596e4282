"""``dragoman demo``: the whole road in two minutes, on the corpus that comes with Dragoman."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..config import TrainConfig
from ..errors import BundleError

EPOCHS = 8
CHOICES = {"size": "tiny", "dropout": 0.05, "optimizer": "adamw", "learning_rate": 0.004}
N_SHOWN = 10
NEXT_STEPS = """
The phrasebook is small and regular; a real language is not. What to try next:
  dragoman translate {out} "Where is the station?"
  dragoman corpus check tatoeba:spa-eng                          (downloads the pairs once; 72 languages have a name)
  dragoman train tatoeba:spa-eng --minutes 20 --out spanish      (a real language)
  dragoman train your-pairs.tsv --minutes 20 --out yours         (a sentence, a tab, its translation)
"""


def demo(
    out: Annotated[Path, typer.Option("--out", help="The folder for the demo's bundle.")] = Path("demo-model"),
    epochs: Annotated[int, typer.Option("--epochs", help="Passes over the phrasebook.")] = EPOCHS,
    seed: Annotated[
        int, typer.Option("--seed", help="Fixes the split, the first weights and the order.")
    ] = TrainConfig.seed,
) -> None:
    """Train on the embedded English-Spanish phrasebook, translate sentences it has never seen, and score them."""
    from rich.text import Text

    from ..bundle import CARD, read
    from ..evaluation import evaluate
    from ..translator import Translator
    from .drawing import draw_report, results_console
    from .train import fit_with_view, refuse_unfinished

    if (out / CARD).exists() and read(out).provenance.name != "phrasebook":
        raise BundleError(f"{out}: this bundle was not made by the demo; choose another folder with --out")
    choices = {**CHOICES, "epochs": epochs, "seed": seed}
    bundle = fit_with_view("phrasebook", out, choices=choices, overwrite=True)
    console = results_console()
    held_out = bundle.pairs("test") or []
    console.print(Text(f"\nHeld-out sentences ({N_SHOWN} of {len(held_out):,} that training never saw):", style="bold"))
    translator = Translator.load(out)
    shown = held_out[:: max(1, len(held_out) // N_SHOWN)][:N_SHOWN]
    for pair, translation in zip(shown, translator.translate([pair.src for pair in shown]), strict=True):
        mark = "=" if translation.text == pair.trg else "x"
        console.print(
            Text(f"  {mark} {pair.src}\n      translation  {translation.text}\n      reference    {pair.trg}")
        )
    console.print(Text("\nScores on all of them, with 95 % intervals:", style="bold"))
    draw_report(evaluate(translator, held_out, test_name="phrasebook, test part"), console)
    console.print(Text(NEXT_STEPS.format(out=out)))
    refuse_unfinished(bundle)
