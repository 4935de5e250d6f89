"""What hostile code finds in a sandbox: nothing to read, nothing to write, nobody to call."""

import os
from dataclasses import replace

import pytest

from course_utils.delivery.grading import sandbox
from course_utils.delivery.grading.allowed import allowed
from course_utils.delivery.grading.sandbox import Kit, Worker, WorkerLost
from course_utils.feedback.verdict import Failure

from .attacks import AMPLE, SHORT, found_by, found_in_turn

LIBC = "import ctypes; libc = ctypes.CDLL(None, use_errno=True); io = (ctypes.c_size_t * 2)(8, 8)"
NOT_REFUSED = "assert ctypes.get_errno() != 38"  # ENOSYS; a bad address is found later
ATTACKS = {
    "read the problems": "import course_utils.feedback.bank.lstm",
    "read the judge": "import course_utils.feedback.judging",
    "call the package": "from course_utils.cells import LSTM",
    "read a file": "open('/etc/passwd').read()",
    "read the course": f"open({str(sandbox.PACKAGE / 'feedback' / 'judging.py')!r})",
    "see the course": f"os.listdir({str(sandbox.PACKAGE)!r})",
    "write a file": "open('/found', 'w').write('x')",
    "make a folder": "os.mkdir('/found')",
    "write into numpy": "open(__import__('numpy').__file__, 'a')",
    "write into a library": "open(os.__file__, 'a')",
    "start a process": "os.fork()",
    "start a program": "subprocess.run([sys.executable, '-c', ''], check=True)",
    "start a thread": "__import__('threading').Thread(target=print).start()",
    "open a socket": "socket.socket()",
    "resolve a name": "socket.create_connection(('127.0.0.1', 22), 1)",
    "raise a limit": "resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))",
    "lower a limit": "resource.setrlimit(resource.RLIMIT_CPU, (0, 0))",
    "lower a soft limit": "resource.setrlimit(resource.RLIMIT_STACK, (1 << 16, -1))",
    "hidden memory": "os.memfd_create('x')",
    "secret memory": "assert __import__('ctypes').CDLL(None).syscall(447, 0) >= 0",
    "bubblewrap's memory": f"{LIBC}; libc.process_vm_writev(1, io, 1, io, 1, 0); {NOT_REFUSED}",
    "bubblewrap's files": f"{LIBC}; libc.syscall(312, 1, 1, 0, 0, 0); {NOT_REFUSED}",
    "bubblewrap's limits": "resource.prlimit(1, resource.RLIMIT_CPU, (1, 1))",
    "much memory": "bytearray(1 << 30)",
    "kill the parent": "os.kill(os.getppid() or 99999, 9); 1 / (os.getppid() == 0)",
    "many open files": "kept = [os.dup(0) for _ in range(1000)]",
}


HONEST = "import numpy; print('x' * 10_000_000); numpy.ones(10)"


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    """What came of each attack, and of honest code before and after all of them."""
    return found_in_turn({"first": HONEST, **ATTACKS, "last": HONEST}, "bubblewrap")


@pytest.mark.parametrize("attack", ATTACKS)
def test_impossible(outcomes: dict[str, str], attack: str) -> None:
    assert isinstance(outcomes[attack], str) and outcomes[attack] != "possible"


def test_honest_code_is_possible(outcomes: dict[str, str]) -> None:
    assert outcomes["first"] == outcomes["last"] == "possible"


def test_the_environment_tells_nothing(monkeypatch) -> None:
    monkeypatch.setenv("COURSE_SECRET", "reference")
    names = found_by("import os; found = sorted(os.environ)")
    assert set(names) <= {*sandbox.environment(), "PWD", "LC_CTYPE"}


def test_frames_and_memory_hold_no_reference() -> None:
    code = """
import gc, sys
found = []
frame = sys._getframe()
while frame:
    found += list(map(str, frame.f_globals)) + list(map(str, frame.f_locals))
    frame = frame.f_back
found += [str(getattr(one, "__name__", "")) for one in gc.get_objects() if callable(one)]
found = sorted(set(found))[:900000]
"""
    names = set(found_by(code))
    assert not names & {"reference", "judge_one", "recognise", "Gradebook", "expected"}


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import signal\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except Exception: pass\nwhile True:\n    try:\n        while True: pass\n"
        "    except BaseException: pass",
        "import time\ntime.sleep(1000)",
    ],
)
def test_loops_end(code: str) -> None:
    with pytest.raises(WorkerLost, match="time"):
        found_by(code, SHORT)  # none would end by itself


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("import os; os._exit(0)", "end"),
        ("import ctypes; ctypes.string_at(0)", "end"),
        ("import os\nfor n in range(3, 9):\n    try: os.write(n, b'\\xff' * 64)\n"
         "    except OSError: pass", "protocol"),
    ],
)  # fmt: skip
def test_a_lost_worker_is_told(code: str, kind: str) -> None:
    with pytest.raises(WorkerLost, match=kind):
        found_by(code)


def test_too_much_output_is_refused() -> None:
    with pytest.raises(WorkerLost, match="protocol"):
        found_by("import numpy; found = numpy.zeros(500_000)", replace(AMPLE, output=1 << 20))


def test_pickles_are_no_answers() -> None:
    code = "class Evil:\n    def __reduce__(self): return (print, ())\nfound = Evil()"
    answer = found_by(code)
    assert isinstance(answer, Failure) and answer.kind == "type"


@pytest.mark.parametrize("part", ["cells", "tasks", "training", "measure"])
def test_a_part_of_the_course_comes_with_all_it_imports(part: str) -> None:
    """A set-up cell that imports a whole part gets it whole."""
    line = f"import course_utils.{part} as part"
    given = allowed([line], ["part"], [])
    request = {"do": "run", "label": "set-up", "source": line, "lenient": False}
    with Worker(Kit(parts=tuple(given.files), lent=given.lent), AMPLE) as worker:
        reply = worker.ask(request, AMPLE.seconds)
    assert reply == {"absent": [], "error": None}


def test_a_worker_dies_with_its_with() -> None:
    with Worker(Kit(), SHORT) as worker:
        pid = worker._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
