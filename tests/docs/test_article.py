"""The page and its script: the script runs, is short, uses public names, and the page quotes it truly."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
SCRIPT = (DOCS / "article.py").read_text("utf-8")


@pytest.mark.slow
def test_the_script_trains_and_decodes_on_the_phrasebook() -> None:
    arguments = ["phrasebook", "--epochs", "2", "--pairs", "300", "--units", "16"]
    done = subprocess.run([sys.executable, DOCS / "article.py", *arguments], capture_output=True, text=True, check=True)
    assert "Number of samples: 300" in done.stdout
    assert done.stdout.count("Decoded sentence:") == 10
    assert re.search(r"val_loss: \d\.\d+", done.stdout)


def test_the_script_is_short_and_uses_public_names_only() -> None:
    assert len(SCRIPT.splitlines()) <= 80
    assert not re.search(r"\._|import _|\b_[a-z]", SCRIPT)


def test_the_page_quotes_the_script() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "article.md").read_text("utf-8"), re.S)
    assert len(blocks) == 5
    for block in blocks:
        assert block in SCRIPT
