"""Stands for the command line in the tests of jobs: tells events as a training does, and ends as it is asked to.

    fake_program.py KIND HOW [--out FOLDER] ...

HOW is ``quick``, ``waits`` (until Ctrl-C; started again it is done), ``fails``, ``refuses`` (without an event) or a
bundle, which is copied to FOLDER.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

VALUES = {"loss": 1.0, "dev_loss": 2.0, "dev_bleu": 30.0, "dev_chrf": 50.0}


def tell(event: str, **fields: Any) -> None:
    print(json.dumps({"event": event, **fields}), flush=True)  # noqa: T201


def main() -> int:
    interrupted: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: interrupted.append(number))
    kind, how = sys.argv[1], sys.argv[2]
    while os.getpriority(os.PRIO_PROCESS, 0) < 19:
        time.sleep(0.01)
    if how == "refuses":
        print(f"dragoman: error: no {kind} of this", file=sys.stderr)  # noqa: T201
        return 2
    tell("planned", n_steps=20, seconds=9.0)
    tell("progress", step=5, n_steps=20, seconds_left=7.0)
    tell("samples", step=10, rows=[["Go.", "Ve.", "Va."]])
    tell("samples", step=10, rows=[["Ve.", "Go.", "Goes."]])
    tell("validated", step=10, **VALUES)
    if how == "fails":
        tell("failed", error="the disk is full")
        return 1
    if how == "waits" and not Path(sys.argv[3]).read_text():
        Path(sys.argv[3]).write_text("resumed")
        while not interrupted:
            time.sleep(0.01)
        tell("stopped")
        return 130
    if Path(how).is_dir():
        shutil.copytree(how, sys.argv[sys.argv.index("--out") + 1])
    tell("progress", step=20, n_steps=20, seconds_left=0.0)
    tell("done")
    return 0


sys.exit(main())
