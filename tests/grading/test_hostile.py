"""A batch with every kind of hostile answer: each harms its own learner and nobody else."""

import csv
import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import psutil
import pytest

from course_utils.delivery.grading import commands
from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.runs import Run
from course_utils.delivery.grading.sandbox import Limits
from course_utils.delivery.grading.sets import COURSE
from tests.processes import still_running

from .classes import FULL, SET, WITHOUT_FIRST, digests, handed_in, lay, source

STEP = "def rnn_step(x, h_prev, W, U, b):\n    "
RIGHT = STEP + "return (h_prev + np.tanh(x @ W + h_prev @ U + b)) / 2\n"
HIDE = (  # no signal that can be caught gets through, and no exception either
    "import signal\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n"
    "    except Exception: pass\n"
)

# What stands in the answer cell of the first task, and what the learner gets in all. Right answers
# that also attack keep their points: the attack came to nothing.
ATTACKS = {
    "fork_bomb": "import os\nwhile True:\n    try: os.fork()\n    except BaseException: pass",
    "fork_bomb_when_asked": STEP + "import os\n    while True: os.fork()",
    "thread_bomb": "import threading\nwhile True: threading.Thread(target=print).start()",
    "memory_bomb": "kept = []\nwhile True: kept.append(bytearray(1 << 24))",
    "memory_bomb_that_goes_on": "kept = []\nwhile True:\n    try: kept.append(bytearray(1 << 20))\n"
    "    except BaseException: pass",
    "output_bomb": "import sys\nwhile True:\n    print('x' * 10**6); sys.stderr.write('x' * 10**6)",
    "output_bomb_into_all_pipes": "import os\nwhile True:\n    for n in range(64):\n"
    "        try: os.write(n, b'\\0' * 65536)\n        except OSError: pass",
    "endless": "while True: pass",
    "endless_and_deaf": HIDE + "while True:\n    try:\n        while True: pass\n"
    "    except BaseException: pass",
    "endless_in_c": STEP + "return sum(iter(int, 1))",
    "sleeps": STEP + "import time; time.sleep(10**6)",
    "kills_everyone": "import os\nfor n in (-1, 0, 1, os.getppid()):\n    try: os.kill(n, 9)\n"
    "    except OSError: pass",
    "lingers": "import os, subprocess, sys\nif os.fork() == 0:\n    os.setsid()\n"
    "    while True: pass",
    "exits": STEP + "import os; os._exit(0)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "recurses": STEP + "return rnn_step(x, h_prev, W, U, b)",
    "huge_answer": STEP + "return np.zeros(10**7)",
    "deep_answer": STEP + "y = []\n    for _ in range(10**6): y = [y]\n    return y",
    "many_small_answers": STEP + "return [[]] * 900_000",
    "lying_array": "class Array:\n    def __array__(self, *a, **k): return np.zeros((2, 2))\n"
    "    def __eq__(self, other): return True\n" + STEP + "return Array()",
    "equal_to_all": "class Equal(float):\n    def __eq__(self, other): return True\n"
    "    def __sub__(self, other): return 0.0\n" + STEP + "return Equal(0)",
    "not_a_number": STEP + "return np.full((len(x), len(U)), np.nan)",
    "forged_frames": "import os, struct, json\n"
    "head = json.dumps({'absent': [], 'error': None}).encode()\n"
    "for n in range(3, 10):\n    try: os.write(n, struct.pack('!II', len(head), 0) + head)\n"
    "    except OSError: pass",
    "forged_verdict": STEP + "from course_utils.feedback.verdict import Verdict\n"
    "    return Verdict(1.0, True, 'Right.')",
    "patched_worker": "import course_utils.feedback.run as run\n"
    "run.collect = lambda *a: [True] * 3\n" + STEP + "return None",
    "patched_numpy": "np.allclose = np.array_equal = np.all = np.max = lambda *a, **k: True\n"
    "np.testing.assert_allclose = lambda *a, **k: None\n" + STEP + "return x @ W",
    "asks_the_package": STEP + "from course_utils.cells import SimpleRNN\n    return 0",
    "asks_the_bank": "from course_utils.feedback import problems\n"
    "rnn_step = problems.get('rnn_step').reference",
    "steals_from_frames": STEP + "import sys\n    frame = sys._getframe()\n    while frame:\n"
    "        for one in {**frame.f_globals, **frame.f_locals}.values():\n"
    "            if hasattr(one, 'reference'): return one.reference(x, h_prev, W, U, b)\n"
    "        frame = frame.f_back",
    "replies_before_the_question": "import json, os, struct\n"
    "head = json.dumps([{'a': ['<f8', [2, 2]]}] * 3).encode()\n"
    "frame = struct.pack('!II', len(head), 96) + head + bytes(96)\n"
    "for n in range(3, 8):\n    try: os.write(n, frame * 50)\n    except OSError: pass\n"
    + STEP + "return None",
    "eats_the_questions": "import os\nos.set_blocking(3, False)\n"
    "try: os.read(3, 10**6)\nexcept OSError: pass\nos.close(3)",
    "stops_itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "looks_killed": STEP + "import os; os._exit(137)",
    "closes_its_pipes": "import os\nos.closerange(0, 64)\n" + STEP + "return None",
    "becomes_another": "import os, sys\nos.execv(sys.executable, [sys.executable, '-c', ''])",
    "ends_bubblewrap": "import resource\nresource.prlimit(1, resource.RLIMIT_CPU, (0, 0))\n"
    + STEP + "return None",
    "huge_exception": STEP + "raise ValueError(*['x' * 1000] * 10**5)",
    "exception_without_end": "class E(Exception):\n    def __str__(self): return str(self)\n"
    + STEP + "raise E",
    "objects_with_a_will": "class D:\n    def __del__(self): import os; os._exit(0)\n"
    + STEP + "return np.array([D()] * 4, object)",
    "array_of_a_kind": "class A(np.ndarray):\n    shape = property(lambda self: (10**9,))\n"
    "    def tobytes(self, *a): return b''\n" + STEP + "return np.zeros((2, 2)).view(A)",
    "billions_of_the_same": STEP + "return np.broadcast_to(0.0, (10**9, 10**9))",
    "patched_json": "import json\njson.dumps = lambda *a, **k: '[1, 1, 1]'\n" + RIGHT,
    "surrogates": "name = '\\udcff' * 10\n" + STEP + "raise ValueError(chr(0xd800) + '\\x1b[2J')",
    "null_bytes": "x = 1\0",
    "endless_source": "x = 1\n" * 100_000,
    "nested_source": "x = " + "(" * 90_000,
}  # fmt: skip
HARMLESS = {
    "right": RIGHT,
    "prints": "print('x' * 10**7)\n" + RIGHT,
    "prints_to_stderr": "import sys\nprint('x' * 10**6, file=sys.stderr)\n" + RIGHT,
    "warns": "import warnings\n"
    + RIGHT.replace("    return", "    warnings.warn('slow')\n    return"),
    "is_slow": "import time\ntime.sleep(1)\n"
    + RIGHT.replace("    return", "    time.sleep(0.05)\n    return"),
    "draws": """%matplotlib inline
import matplotlib.pyplot as plt
fig, axis = plt.subplots()
axis.plot([1, 2])[0].set_color("red")
with plt.style.context("fast"):
    plt.show()
display(fig)
"""
    + RIGHT.replace("    return", "    plt.plot(b)\n    return"),
    "holds_files": """import fcntl, glob, os
kept = []
for path in [*glob.glob("/course/**", recursive=True), "/usr/lib", os.__file__, np.__file__]:
    try:
        kept.append(os.open(path, os.O_RDONLY))
        for command, value in ((1024, 0), (1024, 1), (1026, 0x8000003F), (6, 0), (1031, 1 << 20)):
            try: fcntl.fcntl(kept[-1], command, value)
            except OSError: pass
        fcntl.flock(kept[-1], fcntl.LOCK_EX)
    except OSError: pass
"""
    + RIGHT,
    "memory_up_to_the_limit": "import mmap\nkept = []\ntry:\n    while True:\n"
    "        kept.append(mmap.mmap(-1, 1 << 24))\n        kept[-1].write(b'x' * (1 << 24))\n"
    "except Exception: del kept[:8]\n" + RIGHT,
    "alarms": "import signal\nsignal.signal(signal.SIGALRM, lambda *a: None)\n"
    "signal.setitimer(signal.ITIMER_REAL, 1e-3, 1e-3)\n" + RIGHT,
    "lowers_its_limits": "import resource\nfor n in range(16):\n"
    "    try: resource.setrlimit(n, (0, 0))\n    except (OSError, ValueError): pass\n" + RIGHT,
    "says_goodbye": "import atexit, os\natexit.register(lambda: os.write(4, b'x' * 10))\n" + RIGHT,
    "catches": RIGHT + "try: open('/etc/passwd')\nexcept OSError: pass\n",
}
SELF_HARM = {
    "eats_the_questions",
    "patched_worker",
    "replies_before_the_question",
    "patched_json",
}  # may ruin the learner's other answers as well
# What never ends is stopped at its limit, whatever that is; its learner's other answers take
# milliseconds. Honest code that is slow has time enough, on a busy machine as well.
SHORT = Limits(seconds=1.0, grace=0.5, total=30.0, patience=200.0, memory=512 << 20)
AMPLE = replace(SHORT, seconds=20.0, total=120.0, patience=50.0)


@pytest.fixture(scope="module", params=["bubblewrap", "webassembly"])
def batch(request, tmp_path_factory):
    """The class after marking, the marks by learner, and who called a port of this machine."""
    if request.param == "webassembly":
        request.getfixturevalue("webassembly_walls")
    folder = tmp_path_factory.mktemp("class")
    secrets = folder / "submitted" / "right" / SET / f"{SET}.ipynb"
    listener = socket.create_server(("127.0.0.1", 0))
    port, calls = listener.getsockname()[1], []
    threading.Thread(target=accept, args=(listener, calls), daemon=True).start()
    reach = {
        "reads_another": f"text = open({str(secrets)!r}).read()",
        "reads_the_solution": f"text = open({str(COURSE / 'solutions' / f'{SET}.ipynb')!r}).read()",
        "reads_the_secret": f"text = open({str(folder / '.carousel-secret')!r}).read()",
        "writes_marks": f"open({str(folder / 'gradebook.db')!r}, 'w').write('x')",
        "writes_the_config": f"open({str(folder / 'nbgrader_config.py')!r}, 'w').write('x')",
        "writes_to_another": f"open({str(secrets)!r}, 'w').write('x')",
        "deletes": f"import shutil; shutil.rmtree({str(folder)!r})",
        "calls_home": f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)",
    }
    answers = ATTACKS | reach | HARMLESS
    lay(folder, {learner: handed_in(source(code)) for learner, code in answers.items()})
    before = digests(folder / "submitted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Entry, "run", with_limits(Entry.run))
        every = commands.grade(folder, None, jobs=2, walls=request.param)
    found = {marks.learner: marks for marks in every}
    assert {marks.walls for marks in every} == {request.param}
    assert digests(folder / "submitted") == before
    listener.close()
    return folder, found, calls, list(reach)


def with_limits(run: Callable) -> Callable:
    """What makes a run, with limits by who the learner is."""

    def limited(entry: Entry, *given, **named) -> Run:
        limits = AMPLE if entry.learner in HARMLESS else SHORT
        return replace(run(entry, *given, **named), limits=limits)

    return limited


def accept(listener: socket.socket, calls: list) -> None:
    try:
        while True:
            calls.append(listener.accept())
    except OSError:
        pass


def test_everyone_is_marked(batch) -> None:
    _, found, _, reach = batch
    assert set(found) == {*ATTACKS, *HARMLESS, *reach}
    assert all(marks.out_of == FULL for marks in found.values())


@pytest.mark.parametrize("learner", ATTACKS)
def test_an_attack_earns_nothing(batch, learner: str) -> None:
    marks = batch[1][learner]
    assert marks.marks[0].points == 0
    assert marks.points == WITHOUT_FIRST or (learner in SELF_HARM and marks.points == 0)
    assert marks.marks[0].message


@pytest.mark.parametrize("learner", HARMLESS)
def test_honest_code_gets_all_points(batch, learner: str) -> None:
    assert batch[1][learner].points == FULL, batch[1][learner].marks


def test_nothing_is_read_written_or_called(batch) -> None:
    folder, found, calls, reach = batch
    for learner in reach:
        assert found[learner].points == WITHOUT_FIRST, learner
        assert "stops with" in found[learner].marks[0].message
    assert not calls
    assert (folder / "nbgrader_config.py").read_text().startswith("# Written by")


def test_the_gradebook_holds_the_same_marks(batch) -> None:
    folder, found, _, _ = batch
    with open(folder / "grades.csv", encoding="utf-8", newline="") as file:
        sums = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert sums == {learner: marks.points for learner, marks in found.items()}


def test_every_learner_has_a_page(batch) -> None:
    folder, found, _, _ = batch
    for learner in found:
        page = folder / "feedback" / learner / SET / f"{SET}.html"
        assert "</html>" in page.read_text(encoding="utf-8"), learner


def test_no_message_can_command_a_terminal(batch) -> None:
    for marks in batch[1].values():
        for mark in marks.marks:
            assert mark.message.isprintable(), marks.learner


def test_nobody_is_left_behind(batch) -> None:
    assert not still_running(filter(is_sandbox, psutil.Process().children(recursive=True)))


def is_sandbox(process: psutil.Process) -> bool:
    try:
        return "bwrap" in process.name() or "webassembly_host" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
