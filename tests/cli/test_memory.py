"""``dragoman memory``, ``dragoman keys``, and ``dragoman translate --memory``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Run

EN_ES = ("--src", "en", "--trg", "es")


@pytest.fixture
def run(dragoman: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """``run(*arguments)`` gives the output of a command that ends well; the user's own memory is a new one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def output(*arguments: str) -> str:
        result = dragoman(*arguments)
        assert (result.returncode, result.stderr) == (0, ""), result.stderr
        return result.stdout

    return output


def test_a_correction_from_the_command_line_on(run: Callable[..., str], dragoman: Run) -> None:
    assert run("memory", "list") == ""
    assert (
        run("memory", "add", "Go.", "Ve.", *EN_ES, "--author", "Ana", "--pending")
        == "1\tpending\ten-es\tGo.\tVe.\tAna\n"
    )
    run("memory", "add", "Stop.", "Alto.", *EN_ES)
    assert run("memory", "approve", "1") == "1\tapproved\ten-es\tGo.\tVe.\tAna\n"
    run("memory", "edit", "1", "Vete.")
    assert run("memory", "withdraw", "1", "2").splitlines()[1] == "2\twithdrawn\ten-es\tStop.\tAlto.\t"
    assert [row.split("\t")[0] for row in run("memory", "list", "--state", "withdrawn").splitlines()] == ["1", "2"]
    assert run("memory", "list", "--trg", "fr") == ""
    listed = json.loads(run("memory", "list", "--limit", "1", "--json"))
    assert (listed["target"], listed["context"]) == ("Vete.", "")
    shown = json.loads(run("memory", "show", "1", "--json"))
    assert [(v["target"], v["state"]) for v in shown["past"]] == [
        ("Ve.", "pending"),
        ("Ve.", "approved"),
        ("Vete.", "approved"),
    ]
    assert run("memory", "show", "1").splitlines()[-1].endswith(", approved: Vete.")
    result = dragoman("memory", "withdraw", "7")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("dragoman: error: there is no entry 7 in the memory")


@pytest.mark.parametrize("name", ["pairs.tsv", "pairs.tmx"])
def test_import_and_export(name: str, run: Callable[..., str], dragoman: Run, tmp_path: Path) -> None:
    source, file = tmp_path / "source.tsv", str(tmp_path / name)
    source.write_text("Go.\tVe.\nGo.\tVe.\nStop.\tAlto.\tAna\n", encoding="utf-8")
    said = f"{source}: 2 new entries, 1 there already, 0 left out, of 3 rows\n"
    assert run("memory", "import", str(source), *EN_ES, "--author", "Ben") == said
    said = f"{source}: 0 new entries, 3 there already, 0 left out, of 3 rows\n"
    assert run("memory", "import", str(source), "--src", "EN", "--trg", "SPA") == said
    assert run("memory", "export", file, *EN_ES) == f"{file}: 2 entries\n"
    other = str(tmp_path / "other")
    run("memory", "import", file, *EN_ES, "--memory", other, "--pending")
    assert (
        run("memory", "list", "--memory", other)
        == "1\tpending\ten-es\tGo.\tVe.\tBen\n2\tpending\ten-es\tStop.\tAlto.\tAna\n"
    )
    again = dragoman("memory", "export", file, *EN_ES)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)


def test_an_export_of_nothing_is_an_error(run: Callable[..., str], dragoman: Run, tmp_path: Path) -> None:
    run("memory", "add", "Go.", "Ve.", *EN_ES)
    run("memory", "add", "Ve.", "Go.", "--src", "es", "--trg", "en", "--pending")
    file = tmp_path / "pairs.tsv"
    result = dragoman("memory", "export", str(file), "--src", "ES", "--trg", "en")
    assert (result.returncode, result.stdout, file.exists()) == (2, "", False)
    assert "no approved entries from es to en to export; it has en-es (1)" in result.stderr
    result = dragoman("memory", "export", str(tmp_path / "pairs.csv"), *EN_ES)
    assert (result.returncode, "choose one of these names" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        ("memory", "list"),
        ("memory", "show", "1"),
        ("memory", "edit", "1", "Ve."),
        ("memory", "approve", "1"),
        ("memory", "withdraw", "1"),
        ("memory", "export", "pairs.tsv", *EN_ES),
        ("keys", "list"),
        ("keys", "revoke", "ana"),
    ],
    ids=" ".join,
)
def test_a_mistyped_memory_is_not_made(command: tuple[str, ...], dragoman: Run, tmp_path: Path) -> None:
    place = tmp_path / "mistyped"
    result = dragoman(*command, "--memory", str(place))
    assert (result.returncode, result.stdout, place.exists()) == (7, "", False)
    assert "there is no such memory" in result.stderr


def test_a_number_that_no_entry_has(run: Callable[..., str], dragoman: Run) -> None:
    number = "9223372036854775807"
    run("memory", "add", "Go.", "Ve.", *EN_ES)
    for command in (("show", number), ("edit", number, "Ve."), ("withdraw", number)):
        result = dragoman("memory", *command)
        assert (result.returncode, result.stdout) == (2, "")
        assert f"there is no entry {number} in the memory" in result.stderr
    assert run("memory", "list", "--after", number) == ""
    assert run("memory", "list", "--limit", number).count("\n") == 1


@pytest.mark.parametrize("number", ["-1", "0", "9223372036854775808", "9" * 50])
def test_a_number_that_no_entry_can_have(number: str, dragoman: Run) -> None:
    for command in (("show", "--", number), ("edit", "--", number, "Ve."), ("withdraw", "--", number)):
        result = dragoman("memory", *command)
        assert (result.returncode, result.stdout) == (2, "")
        assert number in result.stderr


def test_what_an_import_leaves_out_is_a_warning(dragoman: Run, tmp_path: Path) -> None:
    file, place = tmp_path / "pairs.tmx", str(tmp_path / "memory")
    rows = [("Go.", "Ve."), ("", "Ve."), ("", "Alto.")]
    units = "".join(
        f'<tu><tuv xml:lang="en"><seg>{en}</seg></tuv><tuv xml:lang="es"><seg>{es}</seg></tuv></tu>' for en, es in rows
    )
    file.write_text(f'<tmx version="1.4"><header/><body>{units}</body></tmx>')
    result = dragoman("memory", "import", str(file), *EN_ES, "--memory", place)
    assert (result.returncode, result.stdout) == (
        0,
        f"{file}: 1 new entries, 0 there already, 2 left out, of 3 units\n",
    )
    assert result.stderr == (
        "dragoman: warning: 2 left out, no text on a side; the first is pairs.tmx, unit 2: no text on a side\n"
    )
    result = dragoman("memory", "import", str(file), "--src", "en", "--trg", "de", "--memory", place)
    assert (result.returncode, result.stdout) == (3, "")
    assert "the file has en and es, no de" in result.stderr


def test_keys(run: Callable[..., str], dragoman: Run) -> None:
    secret = run("keys", "add", "ana", "--role", "correct")
    assert secret.startswith("dragoman_")
    run("keys", "add", "ben")
    assert run("keys", "revoke", "ana") == "ana: revoked\n"
    rows = [row.split("\t") for row in run("keys", "list").splitlines()]
    assert [(name, role, state.split()[0]) for name, role, _, state in rows] == [
        ("ana", "correct", "revoked"),
        ("ben", "translate", "good"),
    ]
    assert "hash" not in run("keys", "list", "--json")
    assert dragoman("keys", "revoke", "ana").returncode == 2


def test_translate_takes_what_is_known(run: Callable[..., str], dragoman: Run, world: Path) -> None:
    run("memory", "add", "I have 7 dogs.", "Siete perros tengo.", *EN_ES, "--memory", "corrections")
    asked = ("translate", "model", "I have 7 dogs.", "--memory", "corrections")
    assert run(*asked) == "Siete perros tengo.\n"
    assert json.loads(run(*asked, "--json"))["origin"] == "memory"
    assert dragoman(*asked[:3]).stdout != "Siete perros tengo.\n"
    result = dragoman("translate", "model", "Go.", "--memory", "none")
    assert (result.returncode, result.stdout) == (7, "")
    assert result.stderr.startswith("dragoman: error: none: there is no such memory")


def test_evaluate_knows_no_memory(dragoman: Run, world: Path) -> None:
    assert dragoman("evaluate", "model", "pairs.tsv", "--memory", "corrections").returncode == 2


def test_without_the_extra_the_message_names_it(world: Path) -> None:
    code = "import sys; sys.modules['sqlalchemy'] = None; from dragoman.cli import main; main(['memory', 'list'])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.returncode, result.stderr.count("pip install 'dragoman[memory]'")) == (6, 1)
