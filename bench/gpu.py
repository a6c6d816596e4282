"""What seconds of steps on a GPU come to: compilation, validation and scoring are left out of them.

    python -m bench.gpu --data spa.txt --out FOLDER                     a model, trained for 60 seconds
    python -m bench.gpu --data spa.txt --out FOLDER --distilled 140     and one of its translations and the pairs

The learning rate follows the clock, not the steps, so that a training ends when its seconds do. A distilled model is
trained on the pairs and, beside them, on the first model's translations of their sources (Kim and Rush, 2016). Each
is written as a light bundle and scored as a person would use it: CTranslate2, int8, beam 4. JAX must see a GPU
(``pip install 'dragoman[gpu]'``); it also runs without one, for a look at the script.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

from dragoman import bundle as bundles
from dragoman.augmentation import further_pairs
from dragoman.bundle import Bundle, Provenance
from dragoman.config import ModelConfig, SearchConfig, TrainConfig, TransformerConfig
from dragoman.corpus.languages import languages_of
from dragoman.corpus.pairs import Pair
from dragoman.corpus.store import Store, StoredPairs
from dragoman.encoded import EncodedPairs
from dragoman.engine import TrainedModel
from dragoman.feeding import Feed, Source, feed
from dragoman.fitting.loop import Steps
from dragoman.fitting.objective import compile_model
from dragoman.light import write_light
from dragoman.metrics import corpus_scores
from dragoman.models import transformer
from dragoman.packing import PackedBatches
from dragoman.recipe import Task, choose
from dragoman.translator import Translator
from dragoman.wording import Wordings
from dragoman.wording.pairs import WordedPairs

from .quality.material import Material, prepare

STEPS_A_CALL = 80
RISING = 0.04
"""The share of the seconds in which the rate rises."""


class Recipe(NamedTuple):
    """Sizes and rates: chosen once, by guess, for a training of a minute or two."""

    width: int
    encoder_layers: int
    dropout: float
    batch_tokens: int = 4096
    highest_rate: float = 0.006

    def configs(self, n_pairs: int, seed: int) -> tuple[ModelConfig, TrainConfig]:
        """Return model and training: the recipe's, but for what is chosen here; the rate is set from outside."""
        choices = {
            "width": self.width,
            "encoder_layers": self.encoder_layers,
            "dropout": self.dropout,
            "batch_tokens": self.batch_tokens,
            "learning_rate": self.highest_rate,
            "warmup": 0.0,
            "schedule": "constant",
            "sampled_softmax": None,
            "precision": "bfloat16",
            "steps": 1,
            "seed": seed,
        }
        return choose(Task(n_pairs, None), choices)


TEACHER, STUDENT = Recipe(256, 3, 0.15), Recipe(256, 5, 0.2)


def rate_at(share: float, highest: float) -> float:
    """Return the rate after ``share`` of the time: up in a line, then down in one."""
    return highest * max(0.0, min(share / RISING, (1.0 - share) / (1.0 - RISING)))


def fit(model: Any, batches: PackedBatches, seconds: float, highest: float) -> dict[str, float]:
    """Compile, then train for ``seconds``; return what was done in them."""
    model.optimizer.learning_rate = 0.0
    began = perf_counter()
    model.fit(Steps(batches.fitted_at, 2).for_keras(), shuffle=False, verbose=0)
    compiling = perf_counter() - began
    began, n_steps = perf_counter(), 0
    while (gone := perf_counter() - began) < seconds:
        a_call = gone / n_steps * STEPS_A_CALL if n_steps else 0.0
        model.optimizer.learning_rate = rate_at((gone + a_call / 2) / seconds, highest)
        at = partial(_later, batches, n_steps)
        model.fit(Steps(at, STEPS_A_CALL).for_keras(), shuffle=False, verbose=0)
        n_steps += STEPS_A_CALL
    taken = perf_counter() - began
    return {"compiling_s": compiling, "training_s": taken, "steps": n_steps, "epochs": n_steps / len(batches)}


def _later(batches: PackedBatches, first: int, index: int) -> Any:
    return batches.fitted_at(first + index)


def distilled(pairs: StoredPairs, translator: Translator) -> list[Pair]:
    """Return the sources of ``pairs`` with the translator's translations, where these are no pairs yet."""
    known = {(pair.src, pair.trg) for pair in pairs}
    sources = {pair.src: pair.origin for pair in pairs}
    done = translator.translate(list(sources), SearchConfig(beam=1))
    found = (Pair(src, one.text, origin) for (src, origin), one in zip(sources.items(), done, strict=True))
    return [pair for pair in found if pair.trg and (pair.src, pair.trg) not in known]


class Bench:
    """A corpus, and what models of it share: parts, vocabularies, ids."""

    def __init__(self, data: str, folder: Path, out: Path) -> None:
        self.out, self.folder = out, folder
        self.material: Material = prepare(data, folder / "test", seed=0, limit=None, reverse=False)
        self.train = Store(folder / "test" / "store").part("train")
        self.languages = languages_of(data)
        model, training = TEACHER.configs(len(self.train), 0)
        self.feed: Feed = feed(
            model, training, Source(self.train, self.material.test[:1], folder / "ids", languages=self.languages)
        )

    def batches(self, more: Sequence[Pair], seed: int, batch_tokens: int) -> PackedBatches:
        """Return batches of the training pairs and the recipe's further ones, and of ``more``."""
        usual = self.feed.train
        assert isinstance(usual, PackedBatches), "a Transformer's batches are packed"
        encoded = usual.encoded
        if more:
            assert self.feed.words is not None, "a Transformer's feed has the words of its training"
            wordings = Wordings.of_training(self.feed.words, self.languages)
            further = further_pairs(self.train, 0, self.feed.words[0], wordings.of_pair)
            worded = WordedPairs.write(self.train, wordings, self.folder / "worded")
            every = [*further, *map(wordings.of_pair, more)]
            encoded = EncodedPairs.write(worded, *self.feed.vocabularies, self.folder / "more", further=every)
        return PackedBatches(encoded, batch_tokens, seed=seed, widths=usual.widths)

    def run(self, name: str, recipe: Recipe, seconds: float, more: Sequence[Pair], seed: int) -> Translator:
        """Train a model, write its light bundle, and print its scores."""
        config, training = recipe.configs(len(self.train), seed)
        assert isinstance(config, TransformerConfig), "the recipe's model"
        model = transformer.build(config, *self.feed.vocabularies, seed=seed, precision=training.precision)
        transformer.relate(model, self.feed.related())
        compile_model(model, training, n_steps=1)
        figures = fit(model, self.batches(more, seed, recipe.batch_tokens), seconds, recipe.highest_rate)
        lengths = self.feed.max_src_length, self.feed.max_trg_length
        trained = TrainedModel(config, transformer.to_engine(model), *self.feed.vocabularies, *lengths, self.feed.words)
        src, trg = self.languages
        about = replace(training, steps=int(figures["steps"]))
        whole = Bundle(src=src, trg=trg, trained=trained, training=about, provenance=Provenance("bench.gpu"))
        write_light(bundles.write(whole, self.folder / name), self.out / name)
        translator = Translator.load(self.out / name)
        n_bytes = sum(file.stat().st_size for file in (self.out / name).iterdir())
        rounded = {key: round(value, 2) for key, value in figures.items()}
        print(json.dumps({"name": name, **rounded, "light_mb": round(n_bytes / 1e6, 2), "distilled": len(more)}))
        hyps = [one.text for one in translator.translate([pair.src for pair in self.material.test])]
        for part, places in self.material.sets.items():
            refs = [self.material.test[i].trg for i in places]
            scores = corpus_scores([hyps[i] for i in places], refs, trg=trg)
            print(f"{name}, {part}: {', '.join(map(str, scores[:2]))}", flush=True)
        return translator


def main() -> None:
    """Train, score, and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", required=True, help="what dragoman train takes as PAIRS, such as spa.txt")
    options.add_argument("--out", type=Path, required=True, help="a folder for the light bundles")
    options.add_argument("--seconds", type=float, default=60.0, help="of the first model's steps")
    options.add_argument(
        "--distilled", type=float, metavar="SECONDS", help="train a second model, on the first's words"
    )
    args = options.parse_args()
    with TemporaryDirectory(prefix="dragoman-gpu-") as folder:
        bench = Bench(args.data, Path(folder), args.out)
        teacher = bench.run("first", TEACHER, args.seconds, (), 0)
        if args.distilled:
            more = distilled(bench.train, teacher)
            bench.run("distilled", STUDENT, args.distilled, more, 1)


if __name__ == "__main__":
    main()
