"""A worker's own time: a busy machine, or one that stops it, costs it nothing."""

import os
import signal
import threading
import time
from dataclasses import replace

import pytest

from course_utils.delivery.grading import clock, sandbox
from course_utils.delivery.grading.clock import OwnTime, innermost
from course_utils.delivery.grading.sandbox import Kit, Limits, Worker, WorkerLost

from .attacks import AMPLE

BRIEF = replace(AMPLE, seconds=1.0, patience=2.0)


def run(source: str) -> dict:
    return {"do": "run", "label": "answer", "source": source, "lenient": False}


def stop(worker: Worker) -> int:
    """Stop it as a machine does that has no time for it; the process that was stopped."""
    pid = innermost(worker._process.pid)
    os.kill(pid, signal.SIGSTOP)
    return pid


def test_who_is_kept_waiting_loses_no_time() -> None:
    with Worker(Kit(), BRIEF) as worker:
        stop(worker)
        with pytest.raises(WorkerLost, match="load"):
            worker.ask(run("pass"), BRIEF.seconds)
        assert worker.used < BRIEF.seconds / 2


def test_a_wall_clock_would_call_it_an_attack(monkeypatch) -> None:
    """The same without the rule: whatever passes is the worker's time."""
    monkeypatch.setattr(clock, "_states", lambda pid: iter(clock.ASLEEP))
    with Worker(Kit(), BRIEF) as worker:
        stop(worker)
        with pytest.raises(WorkerLost, match="time"):
            worker.ask(run("pass"), BRIEF.seconds)


def test_it_goes_on_where_it_was_stopped() -> None:
    with Worker(Kit(), replace(BRIEF, patience=100.0)) as worker:
        pid = stop(worker)

        def release() -> None:
            while worker._clock.waited < 2 * BRIEF.seconds:
                time.sleep(0.01)
            os.kill(pid, signal.SIGCONT)

        releasing = threading.Thread(target=release)
        releasing.start()
        assert worker.ask(run("pass"), BRIEF.seconds) == {"absent": [], "error": None}
        releasing.join()


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import time; time.sleep(10**6)",
        "import time\nwhile True: time.sleep(0.001)",
        "import select; select.select([], [], [])",
        "import os, struct, time\nos.write(4, struct.pack('!II', 10**6, 0))\n"
        "while True:\n    os.write(4, b' ')\n    time.sleep(0.01)",
    ],
)
def test_whoever_computes_or_sleeps_uses_time(code: str) -> None:
    with Worker(Kit(), replace(BRIEF, patience=1000.0)) as worker:
        with pytest.raises(WorkerLost, match="time"):
            worker.ask(run(code), BRIEF.seconds)
        assert worker.used >= BRIEF.seconds


def answer(source: str, change: str = "") -> tuple[object, float]:
    """What a function f gives when it has one second, and the worker's time; then it goes on."""
    card = ["f", "function", "f(x)", ["x"], ["y"]]
    ask = {"do": "ask", "card": card, "questions": [[1.0]], "seconds": 1.0}
    with Worker(Kit(), AMPLE) as worker:
        assert worker.ask(run(change + source), AMPLE.seconds)["error"] is None
        (found,) = worker.ask(ask, AMPLE.seconds)
        assert worker.ask(run("pass"), AMPLE.seconds)["error"] is None
        return found, worker.used


def test_an_answer_is_stopped_by_its_processor_time() -> None:
    found, used = answer("def f(x):\n    while True: pass")
    assert found.kind == "time" and used > 0.5


def test_the_alarm_does_not_ring_while_others_compute() -> None:
    waits = "import time\ndef f(x):\n    time.sleep(2.5)\n    return x"  # as on a busy machine
    assert answer(waits)[0] == 1.0
    wall = "from course_utils.feedback import limit, run\nrun.time_limit = limit.time_limit\n"
    assert answer(waits, wall)[0].kind == "time"  # the rule taken away


def test_a_marking_that_was_stopped_takes_nothing_from_a_worker() -> None:
    own = OwnTime(os.getpid())
    own._looked -= 1000.0  # nobody looked for so long
    own.look()
    assert own.waited <= 2 * clock.TICK
    assert own.seconds <= 1000.0


def test_small_replies_add_up() -> None:
    """Or ten thousand cells of a tenth of a second each would be free."""
    with Worker(Kit(), AMPLE) as worker:
        for _ in range(300):  # on a busy machine it is not always seen asleep
            worker.ask(run("import time; time.sleep(0.1)"), AMPLE.seconds)
            if worker.used >= 0.3:
                return
    raise AssertionError(worker.used)


def test_too_many_threads_end_a_worker(monkeypatch) -> None:
    """Also where the kernel's limit does not hold, as for root."""
    monkeypatch.setattr(Limits, "of_the_kernel", property(lambda self: {}))
    code = (
        "import threading\nthreading.stack_size(1 << 16)\nstop = threading.Event()\n"
        "for _ in range(900): threading.Thread(target=stop.wait, daemon=True).start()\n"
        "stop.wait(10**6)"
    )
    many = replace(AMPLE, threads=True)
    with Worker(Kit(), many) as worker, pytest.raises(WorkerLost, match="threads"):
        worker.ask(run(code), AMPLE.seconds)
    monkeypatch.setattr(sandbox, "THREADS", 10**6)
    with Worker(Kit(), many) as worker, pytest.raises(WorkerLost, match="time"):
        worker.ask(run(code), 2.0)


def test_memory_goes_first_where_it_was_taken(monkeypatch) -> None:
    """If the machine runs out of it, the kernel ends a worker and no marking."""
    with Worker(Kit(), AMPLE) as worker:
        assert worst(worker) == "1000"
    monkeypatch.setattr(sandbox, "go_first", lambda pid: None)
    with Worker(Kit(), AMPLE) as worker:
        assert worst(worker) != "1000"


def worst(worker: Worker) -> str:
    with open(f"/proc/{innermost(worker._process.pid)}/oom_score_adj", encoding="utf-8") as file:
        return file.read().strip()
