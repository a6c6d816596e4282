"""Jobs as children: what they tell, how they end, and that whoever opens their folder finds them again."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import dragoman.jobs
from dragoman.errors import ConflictError, MissingPackageError, NotFoundError, StorageError
from dragoman.jobs import Job, Jobs

PROGRAM = (sys.executable, str(Path(__file__).parent / "fake_program.py"))
PATIENCE = 60


def ended(jobs: Jobs, job: Job) -> Job:
    """Return the job when it runs no longer."""
    until = time.monotonic() + PATIENCE
    while (now := jobs.job(job.id)).state == "running":
        assert time.monotonic() < until
        time.sleep(0.02)
    return now


def told(jobs: Jobs, job: Job, event: str) -> None:
    """Wait until the job has told of an event."""
    until = time.monotonic() + PATIENCE
    while not any(json.loads(line)["event"] == event for line in jobs.events(job.id)[0]):
        assert time.monotonic() < until
        time.sleep(0.02)


def process_of(jobs: Path) -> int:
    return int(json.loads((jobs / "running").read_text())["process"])


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    made = Jobs(tmp_path / "jobs", PROGRAM)
    yield made
    for job in made.jobs():
        if job.state == "running":
            os.kill(process_of(tmp_path / "jobs"), signal.SIGKILL)
            ended(made, job)


@pytest.fixture
def waiting(jobs: Jobs, tmp_path: Path) -> Job:
    """A job that waits to be stopped."""
    (tmp_path / "memo").write_text("")
    job = jobs.start("train", "small", ["waits", str(tmp_path / "memo")])
    told(jobs, job, "validated")
    return job


def test_a_job_tells_how_far_it_is_and_how_it_ended(jobs: Jobs) -> None:
    job = jobs.start("train", "small", ["quick"])
    assert (job.kind, job.model, job.state, job.error) == ("train", "small", "running", None)
    done = ended(jobs, job)
    assert (done.state, done.error, done.step, done.n_steps, done.seconds_left) == ("done", None, 20, 20, None)
    assert (done.dev_chrf, done.dev_bleu) == (50.0, 30.0)
    assert done.samples == [{"src": "Go.", "ref": "Ve.", "hyp": "Va."}], "those of the first direction"
    assert done.history == [{"step": 10, "dev_chrf": 50.0, "dev_loss": 2.0}]
    assert done.to_json()["job"] == job.id
    with pytest.raises(ConflictError, match="is done; only one that was stopped or has failed goes on"):
        jobs.resume(job.id)


def test_a_job_is_stopped_and_goes_on_with_the_same_command(jobs: Jobs, waiting: Job) -> None:
    assert jobs.job(waiting.id).seconds_left == 7.0
    assert jobs.stop(waiting.id).stopping
    if jobs.job(waiting.id).state == "running":
        jobs.stop(waiting.id)  # a second Ctrl-C would end it without keeping anything
    stopped = ended(jobs, waiting)
    assert (stopped.state, stopped.stopping, stopped.error) == ("stopped", False, None)
    with pytest.raises(ConflictError, match="does not run: it is stopped"):
        jobs.stop(waiting.id)
    jobs.resume(waiting.id)
    assert ended(jobs, waiting).state == "done"
    names = [json.loads(line)["event"] for line in jobs.events(waiting.id)[0]]
    assert [name for name in names if name not in ("planned", "progress", "samples", "validated")] == [
        "started", "stopping", "stopped", "started", "done",
    ]  # fmt: skip


def test_one_job_runs_at_a_time(jobs: Jobs, waiting: Job) -> None:
    with pytest.raises(ConflictError, match=f"the job {waiting.id} is running"):
        jobs.start("learn", "small", ["quick"])
    assert [job.id for job in jobs.jobs()] == [waiting.id]
    jobs.stop(waiting.id)
    ended(jobs, waiting)
    after = jobs.start("learn", "small", ["quick"])
    assert [job.id for job in jobs.jobs()] == [after.id, waiting.id], "newest first"


def test_who_opens_the_folder_later_finds_the_job_and_can_stop_it(jobs: Jobs, waiting: Job, tmp_path: Path) -> None:
    later = Jobs(tmp_path / "jobs", PROGRAM)
    found = later.job(waiting.id)
    assert (found.state, found.step, found.history) == ("running", 10, jobs.job(waiting.id).history)
    with pytest.raises(ConflictError, match="is running"):
        later.start("train", "other", ["quick"])
    later.stop(waiting.id)
    assert ended(later, waiting).state == "stopped"
    assert jobs.job(waiting.id).state == "stopped"


def test_a_killed_job_is_found_stopped_and_goes_on(jobs: Jobs, waiting: Job, tmp_path: Path) -> None:
    os.kill(process_of(tmp_path / "jobs"), signal.SIGKILL)
    killed = ended(jobs, waiting)
    assert killed.state == "stopped"
    assert killed.error is not None
    assert "it was killed" in killed.error
    with (tmp_path / "jobs" / waiting.id / "events.jsonl").open("a") as events:
        events.write('{"event": "prog\n')  # as a full disk leaves it
    jobs.resume(waiting.id)
    done = ended(jobs, waiting)
    assert (done.state, done.error) == ("done", None)


def test_a_number_of_a_process_is_not_believed_without_the_lock(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.start("train", "small", ["quick"])
    ended(jobs, job)
    (tmp_path / "jobs" / "running").write_text(json.dumps({"job": job.id, "process": os.getpid()}))
    assert jobs.job(job.id).state == "done"


@pytest.mark.parametrize(("how", "error"), [("fails", "the disk is full"), ("refuses", "no train of this")])
def test_a_failed_job_says_why(jobs: Jobs, how: str, error: str) -> None:
    failed = ended(jobs, jobs.start("train", "small", [how]))
    assert (failed.state, failed.error) == ("failed", error)


def test_events_are_read_on_from_a_place(jobs: Jobs) -> None:
    job = jobs.start("train", "small", ["quick"])
    ended(jobs, job)
    lines, place = jobs.events(job.id)
    assert [json.loads(line)["event"] for line in (lines[0], lines[-1])] == ["started", "done"]
    assert jobs.events(job.id, place) == ([], place)


@pytest.mark.parametrize("job", ["0123456789abcdef", "..", "a/b", "", "x" * 500])
def test_an_unknown_job_is_none(jobs: Jobs, job: str) -> None:
    for ask in (jobs.job, jobs.stop, jobs.resume, jobs.events):
        with pytest.raises(NotFoundError, match="there is no job"):
            ask(job)


def test_of_many_jobs_the_oldest_are_forgotten(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dragoman.jobs, "KEPT", 1)
    first = ended(jobs, jobs.start("train", "a", ["quick"]))
    second = ended(jobs, jobs.start("train", "b", ["quick"]))
    assert [job.id for job in jobs.jobs()] == [second.id]
    with pytest.raises(NotFoundError):
        jobs.job(first.id)


def test_without_the_packages_of_a_training_it_says_what_to_install(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingPackageError, match=r"pip install 'dragoman\[train\]'"):
        jobs.start("train", "small", ["quick"])
    assert jobs.jobs() == []


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="the job cannot be kept there: File exists; make room"):
        Jobs(tmp_path / "file", PROGRAM).start("train", "small", ["quick"])


def test_a_program_that_is_not_there_is_said(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, ["/no/such/program"])
    with pytest.raises(StorageError, match="No such file"):
        jobs.start("train", "small", [])
    assert jobs.jobs() == []
