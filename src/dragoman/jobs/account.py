"""What a job has told so far, put together from its events."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

ENDS = ("done", "stopped", "failed")
"""Last events, which are states."""

NUMBERS = ("step", "n_steps", "seconds_left", "dev_chrf", "dev_bleu")
"""What an event says of these is so until another says otherwise."""

_ERROR_LINE = re.compile(r"dragoman: (?:internal )?error: (.*)")


@dataclass(frozen=True)
class Job:
    """A job as it is now. ``state`` is running, stopped, failed or done; ``stopping`` says that it was asked to stop
    and writes what it has learned; ``error`` is what went wrong, in words.

    ``samples`` are dev sentences with their references and translations, ``history`` has an entry for each validation.
    """

    id: str
    kind: str
    model: str
    arguments: tuple[str, ...]
    state: str
    stopping: bool
    error: str | None
    started: str
    step: int
    n_steps: int
    seconds_left: float | None
    dev_chrf: float | None
    dev_bleu: float | None
    samples: list[dict[str, str]]
    history: list[dict[str, Any]]

    @property
    def can_resume(self) -> bool:
        """Whether it can go on: one that failed before its steps were planned would fail again in the same way."""
        return self.state == "stopped" or (self.state == "failed" and self.n_steps > 0)

    def to_json(self) -> dict[str, Any]:
        """Return what is told of it; the arguments name places on this machine, and are not."""
        fields = asdict(self)
        del fields["arguments"]
        return {"job": fields.pop("id"), "can_resume": self.can_resume, **fields}


@dataclass
class _Told:
    """The fields of a `Job` that its events fill."""

    end: str | None = None
    stopping: bool = False
    error: str | None = None
    step: int = 0
    n_steps: int = 0
    seconds_left: float | None = None
    dev_chrf: float | None = None
    dev_bleu: float | None = None
    samples: list[dict[str, str]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    _sampled_at: int | None = None

    def take(self, event: dict[str, Any]) -> None:
        """Take in what ``event`` says; one of another kind says nothing here."""
        kind = event.get("event")
        vars(self).update({name: event[name] for name in NUMBERS if name in event})
        if kind == "started":
            self.end, self.stopping, self.error, self.seconds_left = None, False, None, None
        elif kind == "stopping":
            self.stopping = True
        elif kind in ENDS:
            self.end, self.error, self.seconds_left = kind, event.get("error"), None
        elif kind == "planned":
            self.seconds_left = event.get("seconds")
        elif kind == "resumed":  # what came behind the last checkpoint is done again
            self.history = [entry for entry in self.history if entry["step"] <= self.step]
        elif kind == "validated":
            self.history.append({name: event.get(name) for name in ("step", "dev_chrf", "dev_loss")})
        elif kind == "samples" and event.get("step") != self._sampled_at:
            self._sampled_at = event.get("step")  # the second direction comes behind the first
            self.samples = [dict(zip(("src", "ref", "hyp"), row, strict=True)) for row in event.get("rows", ())]


class Account:
    """The files of a job in ``folder``, read on as they grow. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._id = folder.name
        self.events, self.errors = folder / "events.jsonl", folder / "errors.txt"
        self.request: dict[str, Any] = json.loads((folder / "request.json").read_text("utf-8"))
        self._told = _Told()
        self._place = 0
        self._lock = Lock()

    def note(self, event: str, **fields: str) -> None:
        """Add an event of our own to those of the child."""
        with self.events.open("ab") as file:
            file.write(json.dumps({"event": event, **fields}).encode() + b"\n")

    def lines(self, place: int) -> tuple[list[str], int]:
        """Return the lines behind ``place`` that are whole, and the place behind them."""
        try:
            with self.events.open("rb") as file:
                file.seek(place)
                whole, newline, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return [], place
        return whole.decode("utf-8", "replace").split("\n") if whole else [], place + len(whole) + len(newline)

    def job(self, is_running: bool) -> Job:
        """Return the job as it is now."""
        with self._lock:
            lines, self._place = self.lines(self._place)
            for event in filter(None, map(_event, lines)):
                self._told.take(event)
            told = {name: value for name, value in vars(self._told).items() if name not in ("end", "_sampled_at")}
            if is_running:
                state = "running"
            else:
                told["stopping"] = False
                state, told["error"] = self._end()
        kind, model, started = (self.request[name] for name in ("kind", "model", "started"))
        arguments = tuple(self.request["arguments"])
        return Job(id=self._id, kind=kind, model=model, arguments=arguments, started=started, state=state, **told)

    def _end(self) -> tuple[str, str | None]:
        """How a job ended that does not run, and what went wrong."""
        if self._told.end is not None:
            return self._told.end, self._told.error
        if self._told.stopping:
            return "stopped", None
        try:
            last = self.errors.read_bytes()[-2_000:].decode("utf-8", "replace").rstrip().rpartition("\n")[2]
        except FileNotFoundError:
            last = ""
        if found := _ERROR_LINE.fullmatch(last):
            return "failed", found[1]
        return "stopped", "it was killed, or the machine was switched off; resume goes on where it was"


def _event(line: str) -> dict[str, Any] | None:
    """Return the event in ``line``; None where a full disk or a kill left half of one."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None
