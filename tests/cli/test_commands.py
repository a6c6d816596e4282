"""The forms of the command line that are a contract: what each takes, prints, writes and returns."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from subprocess import PIPE

import pytest

from dragoman import Translator, __version__
from dragoman.cli import demo, train
from tests.cli.running import Run, output, start
from tests.fakes import FakeEngine, translator_of

COMMANDS = ["demo", "train", "translate", "evaluate", "inspect", "plot", "export", "serve", "memory", "keys", "corpus"]
HEAVY = {
    "sqlalchemy",
    "alembic",
    "defusedxml",
    "keras",
    "jax",
    "tensorflow",
    "torch",
    "ctranslate2",
    "matplotlib",
}
# What neither a start nor one translation needs, and what a start alone does not need.
UNUSED = HEAVY | {"langcodes", "pooch", "py3langid", "rapidfuzz", "rich", "sacrebleu", "threadpoolctl", "turbohtml"}
UNUSED_AT_START = UNUSED | {"numpy", "safetensors", "dragoman.corpus", "dragoman.engine", "dragoman.bundle"}


# Help, version, start.


@pytest.mark.parametrize(
    "command", [[], *([c] for c in COMMANDS), *(["corpus", c] for c in ("check", "split", "clean", "find"))]
)
def test_every_command_has_help(command: list[str], dragoman: Run) -> None:
    text = output(dragoman(*command, "--help"))
    assert text.startswith(f"Usage: {' '.join(['dragoman', *command])} ")


def test_the_help_names_every_command(dragoman: Run) -> None:
    words = output(dragoman("--help")).split()
    assert set(COMMANDS) < set(words)


@pytest.mark.parametrize("group", [[], ["corpus"], ["memory"], ["keys"]])
def test_a_group_alone_shows_its_help_on_standard_error(group: list[str], dragoman: Run) -> None:
    result = dragoman(*group)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == output(dragoman(*group, "--help"))


def test_version(dragoman: Run) -> None:
    assert output(dragoman("--version")) == f"dragoman {__version__}\n"


@pytest.mark.parametrize(
    ("code", "unused"),
    [
        ("import dragoman", UNUSED_AT_START),
        ("from dragoman.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass", UNUSED_AT_START),
        ("from dragoman.cli import main\ntry: main(['train', '--help'])\nexcept SystemExit: pass", UNUSED_AT_START),
        ("from dragoman.cli import main\ntry: main(['translate', 'model', 'Go.'])\nexcept SystemExit: pass", UNUSED),
        ("from dragoman.cli import main\ntry: main(['inspect', 'model', '--check'])\nexcept SystemExit: pass", HEAVY),
    ],
    ids=["import", "help", "help of a command", "translate", "inspect"],
)
def test_what_starts_light_stays_light(code: str, unused: set[str], world: Path) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], stdout=PIPE, text=True, check=True
    )
    assert set(loaded.stdout.splitlines()[-1].split()).isdisjoint(unused)


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    with start("--help", stdout=PIPE) as process:
        text, _ = process.communicate()
    assert process.returncode == 0
    assert text.startswith(b"Usage: dragoman ")


# Translate.


def test_translate_gives_a_line_for_each_text(world: Path, dragoman: Run) -> None:
    texts = ["Where is the station?", "", "I see a dog."]
    expected = [t.text for t in Translator.load("model").translate(texts)]
    assert output(dragoman("translate", "model", *texts)).splitlines() == expected
    assert output(dragoman("translate", "model", stdin="\n".join(texts).encode())).splitlines() == expected
    assert (
        output(dragoman("translate", "model", stdin="".join(f"{t}\r\n" for t in texts).encode())).splitlines()
        == expected
    )
    assert output(dragoman("translate", "model", stdin=b"")) == ""


@pytest.mark.slow
def test_translate_keeps_the_order_of_a_long_input(world: Path, dragoman: Run) -> None:
    texts = [f"I have {n} {'big ' * (n % 7)}dogs." for n in range(300)]
    each = json.loads(f"[{','.join(output(dragoman('translate', 'model', '--json', *texts)).splitlines())}]")
    assert [entry["src"] for entry in each] == texts
    lines = output(dragoman("translate", "model", stdin="\n".join(texts).encode())).splitlines()
    assert lines == [entry["text"] for entry in each]


def test_translate_searches_as_it_is_told(world: Path, dragoman: Run) -> None:
    run = partial(dragoman, "translate", "model", "Where is the station?")
    greedy = output(run())
    assert output(run("--beam", "1")) == greedy
    best, *others = output(run("--beam", "4", "--n-best", "3")).splitlines()
    assert best.split("\t")[1] + "\n" == output(run("--beam", "4"))
    scores = [float(line.split("\t")[0]) for line in (best, *others)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3
    assert output(run("--temperature", "1", "--top-k", "1")) == greedy
    sampled = {output(run("--temperature", "3", "--seed", seed)) for seed in "123"}
    assert len(sampled) == 3
    assert output(run("--temperature", "3", "--seed", "1")) in sampled
    assert len(output(run("--max-length", "5"))) <= 6


def test_translate_says_what_it_did_not_know(world: Path, dragoman: Run) -> None:
    result = dragoman("translate", "model", "Go.", "日 is 本\t", "--json")
    entries = [json.loads(line) for line in output(result).splitlines()]
    assert [entry["unknown"] for entry in entries] == [[], ["日", "本"]]
    fields = {"src", "text", "score", "alternatives", "unknown", "origin", "warnings", "confidence"}
    assert entries[0].keys() == fields
    assert result.stderr == "dragoman: warning: text 2: unknown characters passed over: 日 本\n"


def test_translate_says_where_the_numbers_are_others(dragoman: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src[1:]]), monkeypatch)
    monkeypatch.setattr(Translator, "load", lambda *place, **choices: translator)
    result = dragoman("translate", "model", "see 7 dogs", "7 dogs")
    assert result.stdout == "7 dogs\ndogs\n"
    assert result.stderr == "dragoman: warning: text 2: the numbers of the translation are not those of the text\n"
    assert json.loads(dragoman("translate", "model", "--json", "7 dogs").stdout)["warnings"] == ["numbers"]


def test_translate_leaves_what_is_too_unsure(dragoman: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src[::-1]]), monkeypatch)
    translator.confidence = lambda evidence: 0.2 if "dogs" in evidence.src else 0.9
    monkeypatch.setattr(Translator, "load", lambda *place, **choices: translator)
    texts = ["I see. My dogs bark!  Yes indeed.", "Good cats."]
    result = dragoman("translate", "model", "--min-confidence", "0.5", *texts)
    assert result.stdout == "see. I My dogs bark!  indeed. Yes\ncats. Good\n"
    assert result.stderr == (
        "dragoman: warning: 1 sentence is left in the words of the source, with a confidence below 0.5\n"
    )
    first, second = dragoman("translate", "model", "--json", "--min-confidence", "0.5", *texts).stdout.splitlines()
    entry = json.loads(first)
    assert (entry["confidence"], entry["warnings"]) == (0.2, ["unsure"])
    assert [other["text"] for other in entry["alternatives"]] == [entry["text"]]
    assert (json.loads(second)["confidence"], json.loads(second)["warnings"]) == (0.9, [])
    scored = json.loads(
        dragoman("translate", "model", "--json", "--token-scores", "--min-confidence", "0.5", texts[0]).stdout
    )
    assert [(one["text"], one["origin"], one["confidence"]) for one in scored["sentences"]] == [
        ("see. I", "model", 0.9),
        ("My dogs bark!", "source", 0.2),
        ("indeed. Yes", "model", 0.9),
    ]
    assert dragoman("translate", "model", "--min-confidence", "0.1", *texts).stderr == ""
    (tmp_path / "page.html").write_text("<p>Good <b>cats</b>.</p><p>My <b>dogs</b>.</p>", encoding="utf-8")
    files = ["--file", str(tmp_path / "page.html"), "--out", str(tmp_path / "out.html")]
    result = dragoman("translate", "model", *files, "--min-confidence", "0.5")
    assert "1 sentence is left" in result.stderr
    assert "<p>My <b>dogs</b>.</p>" in (tmp_path / "out.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--min-confidence", "1.5"], "--min-confidence is a probability from 0 to 1, not 1.5"),
        (["--min-confidence", "nan"], "--min-confidence is a probability from 0 to 1, not nan"),
        (["--min-confidence", "0.5", "--n-best", "2"], "--min-confidence is of the best translation only"),
        (["--min-confidence", "0.5"], "model: the model does not know how sure it is"),
    ],
)
def test_a_confidence_that_cannot_be_asked_for_is_refused(
    dragoman: Run, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src]), monkeypatch)
    monkeypatch.setattr(Translator, "load", lambda *place, **choices: translator)
    result = dragoman("translate", "model", *options, "Go.")
    assert result.returncode == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_translate_tells_the_tokens_and_their_scores(world: Path, dragoman: Run) -> None:
    entry = json.loads(output(dragoman("translate", "model", "--json", "--token-scores", "Go. I see a dog.")))
    first, second = entry["sentences"]
    assert (first["src"], second["src"]) == ("Go.", "I see a dog.")
    assert f"{first['text']} {second['text']}" == entry["text"]
    assert first["src_tokens"] == ["G", "o", "."]
    assert ("".join(second["trg_tokens"]), len(second["token_scores"])) == (second["text"], len(second["trg_tokens"]))


def test_a_text_of_several_lines_keeps_them_but_not_among_alternatives(world: Path, dragoman: Run) -> None:
    assert len(output(dragoman("translate", "model", "Go.\nI see a dog.")).splitlines()) == 2
    assert len(output(dragoman("translate", "model", "--n-best", "3", "Go.\nI see a dog.")).splitlines()) == 3


def test_n_best_gives_as_many_lines_for_any_text(dragoman: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src, src, src[::-1]][: options.n_best]), monkeypatch)
    monkeypatch.setattr(Translator, "load", lambda *place, **choices: translator)
    result = output(dragoman("translate", "model", "--n-best", "3", stdin=b"Go home\n\n*\nHi\n"))
    no_more = "-inf\t\n"
    assert result == (
        f"-1.0000\tGo home\n-3.0000\thome Go\n{no_more}"
        f"0.0000\t\n{no_more * 2}0.0000\t*\n{no_more * 2}-1.0000\tHi\n{no_more * 2}"
    )
    told = json.loads(output(dragoman("translate", "model", "--n-best", "3", "--json", "Go home")))
    assert [alternative["text"] for alternative in told["alternatives"]] == ["Go home", "home Go"]


def test_a_direction_may_be_named(world: Path, dragoman: Run) -> None:
    plain = output(dragoman("translate", "model", "Go."))
    assert (
        output(dragoman("translate", "model", "Go.", "--src", "eng", "--trg", "es", "--precision", "float32")) == plain
    )
    result = dragoman(
        "evaluate", "model", "pairs.tsv", "--src", "en", "--precision", "float32", "--beam", "2", "--json"
    )
    assert json.loads(output(result))["n_pairs"] == 60


def test_a_text_may_begin_with_a_dash(world: Path, dragoman: Run) -> None:
    texts = ["- Where are you?", "-5", "-¿Qué?", "-", "---", "-Go home", "—"]
    result = output(dragoman("translate", "model", "Go.", *texts, "--json", "--beam", "2", "--seed=3", "Who?"))
    assert [json.loads(line)["src"] for line in result.splitlines()] == ["Go.", *texts, "Who?"]
    entry = output(dragoman("memory", "add", "- Go.", "-¡Ve!", "--src", "en", "--trg", "es", "--context", "- x"))
    assert entry.split("\t")[3:5] == ["- Go.", "-¡Ve!"]
    assert output(dragoman("memory", "edit", "1", "- Ve.")).split("\t")[4] == "- Ve."


def test_translate_takes_what_follows_two_dashes_as_text(world: Path, dragoman: Run) -> None:
    entries = output(dragoman("translate", "model", "--json", "--", "--debug", "-5")).splitlines()
    assert [json.loads(entry)["src"] for entry in entries] == ["--debug", "-5"]


def test_translate_streams_line_by_line(world: Path) -> None:
    answers = []
    with start("translate", "model", stdin=PIPE, stdout=PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("Go.", "I see a dog.", "", "Go."):
            # Each answer is waited for before the next line is written.
            process.stdin.write(f"{text}\n".encode())
            answers.append(process.stdout.readline().decode())
    assert process.returncode == 0
    assert answers[0] == answers[3] != "\n"
    assert answers[2] == "\n"


def test_translate_is_quiet_when_nobody_reads_on(world: Path) -> None:
    Path("lines").write_text("Go.\n" * 100_000, encoding="utf-8")
    with (
        Path("lines").open("rb") as lines,
        start("translate", "model", stdin=lines, stdout=PIPE, stderr=PIPE) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().endswith(b"\n")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_ctrl_c_ends_a_translation_that_waits_for_input(world: Path) -> None:
    with start("translate", "model", stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"Go.\n")
        assert process.stdout.readline().endswith(b"\n")
        time.sleep(0.2)  # it waits for the next line now
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"dragoman: interrupted\n"
    assert process.returncode == 130


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_one_line(world: Path) -> None:
    with Path("/dev/full").open("wb") as full, start("inspect", "model", stdout=full, stderr=PIPE) as process:
        assert process.stderr is not None
        (line,) = process.stderr.readlines()
    assert process.returncode == 1
    assert line.startswith(b"dragoman: error: ")


# Corpus.


def test_corpus_check(world: Path, dragoman: Run) -> None:
    text = "".join(f"Where are my {n} black cats?\tWo sind meine {n} schwarzen Katzen?\n" for n in range(150))
    Path("twice.tsv").write_text(f"{text}I have 1 cat.\n{text[: text.index(chr(10)) + 1]}", encoding="utf-8")
    drawn = [
        " ".join(line.split()) for line in output(dragoman("corpus", "check", "twice.tsv", "pairs.tsv")).splitlines()
    ]
    assert drawn[0].startswith("twice.tsv")
    assert "pairs 150 to learn from, of 151 in 152 rows" in drawn
    assert "dropped: duplicate, 1" in drawn
    assert "twice.tsv:151: expected 2 or 3 columns, found 1 (is the separator a tab?)" in drawn
    assert "pairs 60 to learn from, of 60 in 60 rows" in drawn
    Path("all.en").write_text("a\n" * 30)
    Path("all.gsw").write_text("b\n" * 30)
    told = json.loads(output(dragoman("corpus", "check", "all.en", "all.gsw", "--json")))
    (source,) = told["sources"]
    assert (told["src"], told["trg"], told["n_pairs"], source["n_bad"]) == ("en", "gsw", 1, 0)
    assert (source["src"]["mean"], source["examples"]) == (1.0, [["a", "b"]])
    look = json.loads(output(dragoman("corpus", "check", "-", "--json", stdin=Path("pairs.tsv").read_bytes())))
    assert (look["n_pairs"], look["dropped"], look["sources"][0]["n_shared"]) == (60, {}, 0)
    Path("short.tsv").write_text("a\tb\n")
    assert "expected at least 20 pairs" in dragoman("corpus", "check", "short.tsv", "--json").stderr


def test_corpus_split_and_clean(world: Path, dragoman: Run) -> None:
    text = Path("pairs.tsv").read_text("utf-8")
    Path("twice.tsv").write_text(text + text + f"Hm.\t{'¡Ay! ' * 50}\n", encoding="utf-8")
    cleaned = output(dragoman("corpus", "clean", "twice.tsv", "--out", "clean.tsv.gz", "--max-length", "100"))
    assert cleaned == "clean.tsv.gz: kept 60 of 121 pairs, dropped 61 (duplicate 60, too long 1)\n"
    assert gzip.decompress(Path("clean.tsv.gz").read_bytes()).decode() == text

    years = "".join(f"The year {n}.\tEl año {n}.\n" for n in range(1901, 1951))
    Path("more.tsv").write_text(f"{text}{years}The year 1985.\tEl año 1986.\n", encoding="utf-8")
    both = output(dragoman("corpus", "clean", "pairs.tsv", "more.tsv", "--out", "both.tsv"))
    assert both == "both.tsv: kept 110 of 171 pairs, dropped 61 (duplicate 60, other numbers 1)\n"
    assert Path("both.tsv").read_text("utf-8") == f"{text}{years}"

    command = "corpus split clean.tsv.gz --out parts --dev 0.2 --test 0.2 --seed 1 --reverse"
    lines = output(dragoman(*command.split())).splitlines()
    assert lines[0] == "kept 60 of 60 pairs, dropped 0"
    parts = {name: Path(f"parts/{name}.tsv").read_text("utf-8").splitlines() for name in ("train", "dev", "test")}
    assert lines[1:] == [f"parts/{name}.tsv: {len(rows)} pairs" for name, rows in parts.items()]
    assert sorted(row for rows in parts.values() for row in rows) == sorted(
        "\t".join(reversed(row.split("\t"))) for row in text.splitlines()
    )


def test_bad_rows_are_warned_of_and_passed_over(world: Path, dragoman: Run) -> None:
    rows = [f"I see {n} cats.\tVeo {n} gatos.\n" for n in range(199)]
    Path("mostly.tsv").write_text("".join([*rows[:6], "I see no tab.\n", *rows[6:]]), encoding="utf-8")
    result = dragoman("corpus", "clean", "mostly.tsv", "--out", "clean.tsv")
    assert output(result) == "clean.tsv: kept 199 of 199 pairs, dropped 0\n"
    assert result.stderr == (
        "dragoman: warning: mostly.tsv:7: expected 2 or 3 columns, found 1 (is the separator a tab?)\n"
    )


# The demo.


@pytest.mark.slow
def test_demo_walks_the_whole_road(world: Path, dragoman: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    little = {"name": "char-lstm", "units": 4, "batch_size": 256, "dev": 0.2, "test": 0.2}
    monkeypatch.setattr(demo, "CHOICES", little)
    monkeypatch.setattr(train, "fit_with_view", partial(train.fit_with_view, limit=200))
    text = output(dragoman("demo", "--epochs", "1", "--out", "shown"))
    assert "Held-out sentences (10 of " in text
    assert text.count("      reference    ") == text.count("      translation  ") == 10
    assert "BLEU" in text
    assert "leaks: none" in text
    assert '  dragoman translate shown "Where is the station?"\n' in text
    assert "  dragoman train tatoeba:spa-eng --minutes 20 --out spanish" in text
    assert Translator.load("shown").trg == "es"
