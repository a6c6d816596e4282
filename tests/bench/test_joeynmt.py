"""The peer of the Transformer: what it is told, and what its log says. JoeyNMT itself is not needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import monotonic

import pytest
from sentencepiece import SentencePieceProcessor

from bench.benches import transformer
from bench.compare import parser
from bench.parts import train_subwords, write_parts
from bench.peers.joeynmt.__main__ import after_progress, training_figures
from bench.peers.joeynmt.config import SPECIALS, Places, Recipe, decoding_text, training_text
from bench.peers.joeynmt.folder import pieces, prepare
from bench.peers.joeynmt.log import (
    LogError,
    Patience,
    generation_seconds,
    last_loss,
    n_parameters,
    progress_of,
    steady_rate,
)
from bench.peers.joeynmt.quality import figures_of, plan_of
from bench.peers.joeynmt.running import JoeyNMT, without_bytes
from dragoman.corpus import open_pairs

LOG = """\
2026-11-24 11:00:00,000 - INFO - joeynmt.model - Total params: 5501184
2026-11-24 11:00:10,000 - INFO - joeynmt.training - EPOCH 1
2026-11-24 11:00:20,000 - INFO - joeynmt.training - Epoch   1, Step:       10, Batch Loss:     8.000000, \
Batch Acc: 0.010000, Tokens per Sec:       10, Lr: 0.000020
2026-11-24 11:00:30,000 - INFO - joeynmt.training - Epoch   1, Step:       20, Batch Loss:     7.000000, \
Batch Acc: 0.020000, Tokens per Sec:       90, Lr: 0.000040
2026-11-24 11:00:40,000 - INFO - joeynmt.training - Epoch   1, Step:       30, Batch Loss:     6.000000, \
Batch Acc: 0.030000, Tokens per Sec:      100, Lr: 0.000060
2026-11-24 11:00:42,500 - INFO - joeynmt.training - Epoch   1, Step:       40, Batch Loss:     4.000000, \
Batch Acc: 0.040000, Tokens per Sec:      400, Lr: 0.000080
2026-11-24 11:01:00,000 - INFO - joeynmt.prediction - Generation took 12.5000[sec].
""".splitlines()
PROGRESS = [found for line in LOG if (found := progress_of(line))]


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parts")
    data = folder / "pairs.tsv"
    data.write_text("".join(f"{pair.src}\t{pair.trg}\n" for pair in open_pairs("phrasebook", limit=2000)), "utf-8")
    train = write_parts(data, folder)
    train_subwords((text for pair in train for text in (pair.src, pair.trg)), folder / "subwords.model", 400)
    return folder


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def test_the_rate_is_that_of_the_updates_after_the_warm_up() -> None:
    rate = steady_rate(PROGRESS, 20)
    assert rate.seconds == 12.5
    assert rate.tokens_per_s == (10 * 100 + 2.5 * 400) / 12.5
    assert rate.tokens_per_batch == 2000 / 20


def test_a_training_that_is_too_short_has_no_rate() -> None:
    with pytest.raises(LogError, match="two lines of progress after 40 updates, not 1: train longer"):
        steady_rate(PROGRESS, 40)


def test_the_log_tells_the_loss_the_parameters_and_the_seconds_of_decoding() -> None:
    assert last_loss(PROGRESS, 2) == 5.0
    assert n_parameters(LOG) == 5_501_184
    assert generation_seconds(LOG) == 12.5
    with pytest.raises(LogError, match="no line with 'Total params"):
        n_parameters(LOG[1:])


def test_the_figures_of_a_training() -> None:
    figures = training_figures(LOG, 60.0)
    assert figures["target_tokens_per_s"] == 160.0
    assert figures["updates"] == 40
    assert figures["training_s"] == 60.0


def test_the_model_has_the_shape_of_ours(places: Places) -> None:
    model = json.loads(training_text(places, Recipe(), updates=100))["model"]
    assert model["tied_embeddings"]
    assert model["tied_softmax"]
    for side, n_layers in (("encoder", 3), ("decoder", 2)):
        stack = model[side]
        assert (stack["num_layers"], stack["num_heads"], stack["layer_norm"]) == (n_layers, 4, "pre")
        assert (stack["hidden_size"], stack["embeddings"]["embedding_dim"], stack["ff_size"]) == (256, 256, 1024)


def test_training_reads_no_test_pairs_and_decoding_only_those(places: Places) -> None:
    training = json.loads(training_text(places, Recipe(batch_size=2048), updates=100))
    assert {"train", "dev"} == training["data"].keys() & {"train", "dev", "test"}
    assert (training["training"]["updates"], training["training"]["batch_size"]) == (100, 2048)
    decoding = json.loads(decoding_text(places, Recipe(), beam=4))
    assert {"test"} == decoding["data"].keys() & {"train", "dev", "test"}
    assert decoding["testing"]["beam_size"] == 4


@pytest.mark.parametrize("text", ["1e-", "Infinity", "NaN"])
def test_the_file_holds_no_number_that_its_reader_takes_for_a_text(places: Places, text: str) -> None:
    assert text not in training_text(places, Recipe(), updates=100)


def test_the_parts_hold_each_pair_once_and_share_no_sentence(parts: Path) -> None:
    rows = {part: list(open_pairs(parts / f"{part}.tsv", min_pairs=1)) for part in ("train", "dev", "test")}
    assert sum(map(len, rows.values())) <= 2000
    sources = [{pair.src for pair in pairs} for pairs in rows.values()]
    assert len(set.union(*sources)) == sum(map(len, sources))


def test_the_peers_vocabulary_is_all_subwords_with_its_symbols_first(parts: Path) -> None:
    vocabulary = pieces(parts / "subwords.model")
    assert vocabulary[:4] == list(SPECIALS)
    assert len(set(vocabulary)) == len(vocabulary) == 400
    model = SentencePieceProcessor(model_file=str(parts / "subwords.model"))
    assert set(model.encode("Where is the 駅?", out_type=str)) < set(vocabulary)


def test_the_folder_holds_both_sides_line_by_line(parts: Path, places: Places, tmp_path: Path) -> None:
    for part in ("train", "dev"):
        (tmp_path / f"{part}.tsv").write_bytes((parts / f"{part}.tsv").read_bytes())
    (tmp_path / "test.tsv").write_text("Go\u2028on.\tSiga.\ttatoeba\nStop.\tAlto\x85 ahí.\nRun.\tCorre.\n", "utf-8")
    prepare(tmp_path, parts / "subwords.model", places, {"test": 2})
    assert places.side("test", "src").read_text("utf-8").splitlines() == ["Go on.", "Stop."]
    assert places.side("test", "trg").read_text("utf-8").splitlines() == ["Siga.", "Alto ahí."]
    counts = {len(places.side("train", side).read_text("utf-8").splitlines()) for side in ("src", "trg")}
    assert counts == {len((parts / "train.tsv").read_text("utf-8").splitlines())}


VALIDATION = (
    "2026-11-24 11:00:50,000 - INFO - joeynmt.prediction - Evaluation result (greedy): chrf:   0.04, loss: 2.35"
)
BETTER = "2026-11-24 11:00:50,100 - INFO - joeynmt.training - Hooray! New best validation result [chrf]!"


def test_patience_ends_when_so_many_validations_in_a_row_are_no_better() -> None:
    enough = Patience(2)
    better, worse, progress = [VALIDATION, BETTER], [VALIDATION], LOG[2:3]
    lines = [*better, *progress, *worse, *progress, *better, *progress, *worse, *worse, *progress]
    assert [enough(line) for line in lines] == [False] * (len(lines) - 1) + [True]


def test_a_better_validation_is_heard_before_the_patience_ends() -> None:
    enough = Patience(1)
    assert not any(map(enough, [VALIDATION, BETTER, *LOG]))


def test_the_figures_of_quality_are_those_of_the_best_validation() -> None:
    rows = [f"Steps: {n}00\tchrf: {chrf}\tloss: 2.1\tLR: 0.001\t" for n, chrf in enumerate((0.09, 0.12571, 0.11), 1)]
    figures = figures_of(LOG, "\n".join(rows), 61.0)
    assert figures.pop("dev_chrf") == pytest.approx(12.571)
    assert figures == {"training_s": 61.0, "updates": 40, "loss": 6.25, "validations": 3}
    assert figures_of(LOG[:2], "", 61.0) == {"training_s": 61.0, "validations": 0, "dev_chrf": 0.0}


@pytest.mark.parametrize(("minutes", "warm_up"), [(1, 100), (8, 200), (60, 500)])
def test_the_warm_up_is_part_of_the_minutes(minutes: float, warm_up: int, places: Places) -> None:
    plan = plan_of(minutes, small_data=False, seed=3)
    training = json.loads(training_text(places, plan.recipe, updates=100))["training"]
    assert (training["learning_rate_warmup"], training["validation_freq"]) == (warm_up, 100)
    assert (plan.n_subwords, plan.recipe.seed, plan.patience) == (4000, 3, None)


def test_small_data_gets_a_smaller_model_with_more_dropout_and_ends_by_itself(places: Places) -> None:
    large, small = (plan_of(10, small_data=small, seed=0) for small in (False, True))
    model = json.loads(training_text(places, small.recipe, updates=100))["model"]
    assert model["encoder"]["dropout"] == model["decoder"]["dropout"] == 0.3
    assert model["encoder"]["ff_size"] < large.recipe.feed_forward
    assert small.n_subwords < large.n_subwords
    assert small.patience


def test_the_best_weights_translate_if_a_validation_said_which_they_are(places: Places) -> None:
    places.model.mkdir()
    assert places.checkpoint.name == "latest.ckpt"
    (places.model / "best.ckpt").touch()
    decoding = json.loads(decoding_text(places, Recipe(), beam=4))
    assert decoding["testing"]["load_model"] == str(places.model / "best.ckpt")


def test_translations_have_no_bytes_but_characters() -> None:
    assert without_bytes("<0xC2><0xBF>Qu<0xC3><0xA9>? <0x4E>o.") == "¿Qué? No."
    assert without_bytes("<0xC3>, <unk>") == "\ufffd, <unk>"


def test_without_its_environment_the_command_says_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such Python; bench/peers/joeynmt/environment makes its environment"):
        JoeyNMT(tmp_path / "python", 1, tmp_path)


def test_a_run_that_fails_ends_with_its_last_words(tmp_path: Path) -> None:
    # Our Python has no module of this name, unless the folder has.
    (tmp_path / "joeynmt.py").write_text("raise SystemExit('no such file')")
    with pytest.raises(SystemExit, match="JoeyNMT ended with 1:\nno such file"):
        JoeyNMT(Path(sys.executable), 1, tmp_path).run("train", "train.yaml")


def test_a_training_is_interrupted_after_its_minutes(tmp_path: Path) -> None:
    code = f"""
import itertools, sys, time
try:
    for _ in itertools.count():
        print({LOG[2]!r}, file=sys.stderr, flush=True)
        time.sleep(0.01)
except KeyboardInterrupt:
    print("interrupted", file=sys.stderr)
"""
    (tmp_path / "joeynmt.py").write_text(code)
    log = JoeyNMT(Path(sys.executable), 1, tmp_path).run("train", "train.yaml", enough=after_progress(0.001))
    assert log[-1] == "interrupted"


def test_a_training_that_says_nothing_is_interrupted_at_its_deadline(tmp_path: Path) -> None:
    code = """
import sys, time
try:
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted", file=sys.stderr)
"""
    (tmp_path / "joeynmt.py").write_text(code)
    log = JoeyNMT(Path(sys.executable), 1, tmp_path).run("train", "train.yaml", deadline=monotonic() + 3)
    assert log == ["interrupted"]


def test_the_bench_gives_the_peer_the_parts_and_the_subwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.benches._run", lambda *arguments: None)
    options = parser().parse_args(["transformer", "--data", "pairs.tsv", "--minutes", "2", "--score", "100"])
    options.work = tmp_path
    peer, ours = transformer(options).sides
    command = " ".join(peer.command)
    assert f"--parts {tmp_path}/parts --spm {tmp_path}/parts/subwords.model --minutes 2.0" in command
    assert "--decode 100" in command
    assert f"--parts {tmp_path}/parts --spm {tmp_path}/parts/subwords.model --minutes 2.0" in " ".join(ours.command)
