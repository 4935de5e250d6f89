"""A worker that does not start, or is lost through a neighbour, ends no batch and costs nobody."""

import json
from pathlib import Path

import pytest

from course_utils.delivery.grading import commands, libraries, marking, performing, runs, walls
from course_utils.delivery.grading.performing import BUSY
from course_utils.delivery.grading.runs import Ran
from course_utils.delivery.grading.sandbox import SandboxError, Worker, WorkerLost

from .classes import FULL, SET, WITHOUT_FIRST, handed_in, lay, source

MARK = "unlucky = 1\n"  # stands in the answer of the learner whom it hits
RIGHT = (
    "def rnn_step(x, h_prev, W, U, b):\n    return (h_prev + np.tanh(x @ W + h_prev @ U + b)) / 2"
)
EVERYONE = ("ada", "bo", "unlucky")
SUBMISSIONS = {
    "ada": handed_in(),
    "bo": handed_in(),
    "unlucky": handed_in(source(MARK + RIGHT)),
}


class Bad:
    """A worker that loses whoever has the mark; `times` says how often, `kind` in what way."""

    kind, times, patience = "start", 0, ()

    def __init__(self, kit, limits):
        self.inner = Worker(kit, limits)
        type(self).patience += (limits.patience,)

    def __enter__(self):
        self.inner.__enter__()
        return self

    def __exit__(self, *error):
        self.inner.__exit__(*error)

    @property
    def used(self) -> float:
        return self.inner.used

    def ask(self, request, seconds):
        if MARK in str(request.get("source")) and type(self).times > 0:
            type(self).times -= 1
            raise WorkerLost(self.kind)
        return self.inner.ask(request, seconds)


def hit(monkeypatch, kind: str, times: int) -> type[Bad]:
    worker = type("Hit", (Bad,), {"kind": kind, "times": times})
    monkeypatch.setitem(walls.WORKERS, "bubblewrap", worker)
    return worker


@pytest.mark.parametrize("kind", ["start", "load", "end"])
def test_who_is_lost_once_is_marked_alone(monkeypatch, tmp_path: Path, kind: str) -> None:
    worker = hit(monkeypatch, kind, 1)
    found = commands.grade(lay(tmp_path, SUBMISSIONS), None, jobs=2)
    assert [(one.learner, one.points) for one in found] == [(name, FULL) for name in EVERYONE]
    assert worker.patience[-1] > worker.patience[0]


@pytest.mark.parametrize("kind", ["start", "load"])
def test_who_is_lost_again_is_named_and_waits(monkeypatch, tmp_path: Path, capsys, kind) -> None:
    hit(monkeypatch, kind, 10**6)
    found = commands.grade(lay(tmp_path, SUBMISSIONS), None, jobs=2)
    assert [(one.learner, one.points) for one in found] == [("ada", FULL), ("bo", FULL)]
    assert (
        f"unlucky is not marked: {BUSY}. The same command tries again." in capsys.readouterr().out
    )
    log = (tmp_path / "marks" / f"{SET}.jsonl").read_text().splitlines()
    assert {json.loads(line)["learner"] for line in log} == {"ada", "bo"}
    monkeypatch.setitem(walls.WORKERS, "bubblewrap", Worker)
    found = commands.grade(tmp_path, None, jobs=2)
    assert [one.points for one in found] == [FULL, FULL, FULL]


def test_nobody_is_marked_while_all_are_lost(monkeypatch, tmp_path: Path, capsys) -> None:
    hit(monkeypatch, "load", 10**6)
    found = commands.grade(lay(tmp_path, {"unlucky": SUBMISSIONS["unlucky"]}), None)
    assert found == [] and "unlucky is not marked" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["end", "time", "protocol", "threads"])
def test_what_a_learner_does_alone_is_theirs(monkeypatch, tmp_path: Path, kind: str) -> None:
    hit(monkeypatch, kind, 2)
    found = {one.learner: one for one in commands.grade(lay(tmp_path, SUBMISSIONS), None, jobs=2)}
    assert found["ada"].points == found["bo"].points == FULL
    assert found["unlucky"].points == WITHOUT_FIRST and found["unlucky"].marks[0].message


def test_a_loss_is_a_verdict_without_the_second_try(monkeypatch, tmp_path: Path) -> None:
    """The rule taken away: a neighbour's memory would cost points."""
    hit(monkeypatch, "end", 1)
    monkeypatch.setattr(performing, "doubt", lambda run: lambda kind: None)
    found = {one.learner: one for one in commands.grade(lay(tmp_path, SUBMISSIONS), None, jobs=2)}
    assert found["unlucky"].points == WITHOUT_FIRST


def test_a_set_up_that_is_lost_is_tried_again(monkeypatch, tmp_path: Path) -> None:
    lost = [WorkerLost("load")]
    whole = Worker.ask

    def ask(self, request, seconds):
        if request.get("label") == "set-up" and lost:
            raise lost.pop()
        return whole(self, request, seconds)

    monkeypatch.setattr(Worker, "ask", ask)
    found = commands.grade(lay(tmp_path, SUBMISSIONS), None, jobs=2)
    assert not lost and [one.points for one in found] == [FULL, FULL, FULL]


def test_a_set_up_that_ends_every_worker_is_told(monkeypatch, tmp_path: Path) -> None:
    whole = Worker.ask

    def ask(self, request, seconds):
        if request.get("label") == "set-up":
            raise WorkerLost("end")
        return whole(self, request, seconds)

    monkeypatch.setattr(Worker, "ask", ask)
    with pytest.raises(SandboxError, match="The set-up cell of the teacher's notebook"):
        commands.grade(lay(tmp_path, SUBMISSIONS), None, jobs=2)


def test_a_machine_without_sandboxes_says_so_once(monkeypatch) -> None:
    tried = []

    def refuse(run):
        tried.append(run)
        return Ran(run.learner, {}, {}, 0.0, "bubblewrap cannot", impossible=True)

    monkeypatch.setattr(marking, "safely", refuse)
    with pytest.raises(SandboxError, match="bubblewrap cannot"):
        list(marking.perform_all(map(plain_run, EVERYONE), 1, None))
    assert len(tried) == len(EVERYONE) + 1


def test_one_bad_machine_of_a_cluster_stops_nobody(monkeypatch) -> None:
    seen = set()

    def sometimes(run):
        bad = run.learner == "unlucky" and run.learner not in seen
        seen.add(run.learner)
        said = ("bubblewrap cannot", True) if bad else ()
        return Ran(run.learner, {}, {}, 0.0, *said)

    monkeypatch.setattr(marking, "safely", sometimes)
    done = list(marking.perform_all(map(plain_run, EVERYONE), 1, None))
    assert [(ran.learner, ran.lost) for ran in done] == [(name, "") for name in EVERYONE]


def plain_run(learner: str) -> runs.Run:
    return runs.Run(learner, (), (), (), runs.Kit(), runs.Limits())


def test_bubblewrap_that_cannot_is_told_from_a_worker_that_does_not(monkeypatch) -> None:
    whole = Worker._options
    nowhere = ["--bind", "/nowhere", "/nowhere"]
    monkeypatch.setattr(Worker, "_options", lambda *given: [*whole(*given), *nowhere])
    with pytest.raises(SandboxError, match="bubblewrap cannot make a sandbox on this machine"):
        Worker().__enter__()
    monkeypatch.setattr(Worker, "_options", whole)
    fails = [str(libraries.interpreter()), "-I", "-S", "-c", "no Python"]
    monkeypatch.setattr(Worker, "_program", lambda self: fails)
    with pytest.raises(WorkerLost, match="start"):
        Worker().__enter__()


def test_a_worker_that_is_silent_has_not_started(monkeypatch) -> None:
    sleeps = [str(libraries.interpreter()), "-I", "-S", "-c", "import time; time.sleep(10**6)"]
    monkeypatch.setattr(Worker, "_program", lambda self: sleeps)
    with pytest.raises(WorkerLost, match="start"):
        Worker(limits=runs.Limits(start=0.2, patience=1.0)).__enter__()


def test_no_room_for_another_process(monkeypatch) -> None:
    def full(*given, **named):
        raise BlockingIOError("no more processes")

    monkeypatch.setattr("course_utils.delivery.grading.sandbox.subprocess.Popen", full)
    with pytest.raises(WorkerLost, match="start"):
        Worker().__enter__()


def test_who_cannot_be_compared_with_other_variants_waits(monkeypatch, tmp_path, capsys) -> None:
    """The second run, on what others were asked, may be lost as the first."""
    whole = performing.safely

    def safely(run):
        return whole(run) if run.questions else Ran(run.learner, {}, {}, 0.0, BUSY)

    def review(entry, marks, ran, everyone):
        if entry.learner == "unlucky":
            yield plain_run("unlucky")
        return marks

    monkeypatch.setattr(marking, "safely", safely)
    monkeypatch.setattr(marking, "review", review)
    found = commands.grade(lay(tmp_path, SUBMISSIONS), None, jobs=2)
    assert [one.learner for one in found] == ["ada", "bo"]
    assert f"unlucky is not marked: {BUSY}" in capsys.readouterr().out
