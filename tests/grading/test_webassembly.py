"""What hostile code finds behind WebAssembly's walls, and what it finds if one is taken away."""

import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest

from course_utils.delivery.grading import commands, webassembly, webassembly_files
from course_utils.delivery.grading.sandbox import WorkerLost
from course_utils.delivery.grading.webassembly import Worker
from course_utils.feedback.verdict import Failure
from tests.processes import PATIENCE, kill, still_running

from .attacks import AMPLE, SHORT, found_by, found_in_turn, tried
from .classes import FULL, handed_in, lay, source
from .test_sandbox import ATTACKS
from .test_walls import DEAF

pytestmark = pytest.mark.usefixtures("webassembly_walls")
LIBRARY = "/usr/local/lib/python315.zip"
MORE = {
    "read the machine's files": "open('/etc/hostname').read()",
    "list the only folder": "os.listdir('/usr/local/lib')",
    "climb out of it": "open('/usr/local/lib/../../../etc/passwd')",
    "add to it": "open('/usr/local/lib/x', 'w')",
    "overwrite Python's library": f"open({LIBRARY!r}, 'r+b')",
    "rename it": f"os.rename({LIBRARY!r}, '/usr/local/lib/x')",
    "make a link": "os.symlink('/etc', '/usr/local/lib/x')",
    "remove it": f"os.remove({LIBRARY!r})",
    "change its time": f"os.utime({LIBRARY!r})",
    "other packages": "import scipy",
    "draw": "import matplotlib",
    "call C": "__import__('ctypes').string_at(0)",
    "a variable": "1 / len(os.environ)",
}


def possible(attack: str) -> bool:
    return found_by(tried(attack), AMPLE, "webassembly") == "possible"


HONEST = f"import numpy; print('x' * 10_000_000); numpy.ones(10); open({LIBRARY!r})"


@pytest.fixture(scope="module")
def outcomes(webassembly_walls) -> dict[str, str]:
    """What came of each attack, and of honest code before and after all of them."""
    return found_in_turn({"first": HONEST, **ATTACKS, **MORE, "last": HONEST}, "webassembly")


@pytest.mark.parametrize("attack", [*ATTACKS, *MORE])
def test_impossible(outcomes: dict[str, str], attack: str) -> None:
    assert isinstance(outcomes[attack], str) and outcomes[attack] != "possible"


def test_honest_code_is_possible(outcomes: dict[str, str]) -> None:
    assert outcomes["first"] == outcomes["last"] == "possible"


def test_frames_and_memory_hold_no_reference() -> None:
    code = """
import gc
names = [str(getattr(one, "__name__", "")) for one in gc.get_objects() if callable(one)]
found = sorted(set(names))[:900000]
"""
    names = set(found_by(code, AMPLE, "webassembly"))
    assert not names & {"reference", "judge_one", "recognise", "Gradebook", "expected"}


@pytest.mark.parametrize("code", ["while True: pass", DEAF, "import time\ntime.sleep(1000)"])
def test_loops_end(code: str) -> None:
    start = time.monotonic()
    with pytest.raises(WorkerLost, match="time"):
        found_by(code, SHORT, "webassembly")
    assert time.monotonic() - start < 120  # none would end by itself


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("import os; os._exit(0)", "end"),
        ("import _host; _host.call(b'\\xff' * 64)", "protocol"),
        ("import _host; _host.call(b'\\0' * (1 << 28))", "protocol"),
        ("import _host\nwhile True: _host.call(b'\\0' * 4096)", "protocol|time|end"),
    ],
)
def test_a_lost_worker_is_told(code: str, kind: str) -> None:
    with pytest.raises(WorkerLost, match=kind):
        found_by(code, SHORT, "webassembly")


def test_pickles_are_no_answers() -> None:
    code = "class Evil:\n    def __reduce__(self): return (print, ())\nfound = Evil()"
    answer = found_by(code, AMPLE, "webassembly")
    assert isinstance(answer, Failure) and answer.kind == "type"


def test_nobody_hears_what_a_guest_says_too_much() -> None:
    """A guest that talks without end fills what is read ahead, and then waits."""
    with Worker(limits=AMPLE) as worker:
        source = "import _host\nwhile True: _host.call(b'\\0' * 4096)"
        worker._to_say.put(
            webassembly.wire.pack({"do": "run", "label": "x", "source": source, "lenient": False})
        )
        while not worker._said.full():
            time.sleep(0.01)
        assert worker._said.qsize() == webassembly.CHUNKS
        assert worker._threads[0].is_alive()  # it waits, and __exit__ ends it all the same
    assert not worker._threads[0].is_alive()


def test_a_guest_ends_with_its_with() -> None:
    with Worker(limits=SHORT) as worker:
        process = psutil.Process(worker._process.pid)
        assert process.is_running()
    assert not still_running([process])


FORGED = """
import _host, json, struct
def say(value):
    head = json.dumps(value).encode()
    _host.call(struct.pack("!II", len(head), 0) + head)
say({"d": [["absent", []], ["error", None]]})
for _ in range(20):
    say([1.0, 1.0, 1.0])
"""


def test_replies_forged_at_the_door_earn_nothing(tmp_path) -> None:
    """They come before anybody has asked, so they are no answers to what is asked."""
    lay(tmp_path, {"eve": handed_in(source(FORGED)), "ada": handed_in()})
    every = commands.grade(tmp_path, None, jobs=2, walls="webassembly")
    points = {marks.learner: marks.points for marks in every}
    assert points == {"ada": FULL, "eve": 0}


# Each wall taken away


@pytest.fixture
def without(monkeypatch):
    """Changes what a guest is given."""

    def change(**changes) -> None:
        whole = webassembly.settings
        monkeypatch.setattr(webassembly, "settings", lambda *given: whole(*given) | changes)

    return change


def test_files_are_not_there(without, tmp_path, webassembly_walls) -> None:
    (tmp_path / "secret").write_text("x")
    attack = "open('/found/secret').read()"
    assert not possible(attack)
    without(folders={str(webassembly_walls.library): "/usr/local/lib", str(tmp_path): "/found"})
    assert possible(attack)


def test_nothing_is_listed(without) -> None:
    assert not possible(MORE["list the only folder"])
    without(calls=[*webassembly.CALLS, "fd_readdir"])
    assert possible(MORE["list the only folder"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
def test_nothing_is_written(without, tmp_path, webassembly_walls) -> None:
    """The folder is read-only, and the calls that change it are not there, either."""
    (tmp_path / "x").touch()
    folders = {str(webassembly_walls.library): "/usr/local/lib", str(tmp_path): "/found"}
    calls = [*webassembly.CALLS, "path_rename"]
    making, renaming = "open('/found/made', 'w').close()", "os.rename('/found/x', '/found/y')"
    without(folders=folders)
    assert not possible(making) and not possible(renaming)
    without(calls=calls)
    assert not possible(renaming)
    without(writable=True)
    assert possible(making) and possible(renaming)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "y"]
    (tmp_path / "y").rename(tmp_path / "x")
    without(calls=webassembly.CALLS)
    assert not possible(renaming)
    filling = "open('/found/made', 'wb', buffering=0).write(b'x' * 10_000)"
    assert not possible(filling)  # the kernel's limit stands behind, where there is one
    without(limits={})
    assert possible(filling)


def test_the_limit_of_memory(without) -> None:
    attack = "bytearray(600 << 20)"
    assert not possible(attack)
    without(memory=None)
    assert possible(attack)


def test_the_limit_of_output() -> None:
    code = "import numpy; found = numpy.zeros(500_000)"
    with pytest.raises(WorkerLost, match="protocol"):
        found_by(code, replace(AMPLE, output=1 << 20), "webassembly")
    assert len(found_by(code, replace(AMPLE, output=8 << 20), "webassembly")) == 500_000


def test_what_is_too_long_is_cut_off_outside_of_the_guest(without) -> None:
    """Or the process around it would hold a copy of whatever a guest says."""
    code = "import numpy; found = numpy.zeros(500_000)"
    without(longest=100)
    with pytest.raises(WorkerLost, match="time"):  # the rest never comes
        found_by(code, replace(SHORT, seconds=5.0), "webassembly")


def test_the_process_ends_by_itself_behind_the_clock(without) -> None:
    without(seconds=5.0)
    with pytest.raises(WorkerLost, match="end"):
        found_by(DEAF, AMPLE, "webassembly")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_so_does_the_kernels(without) -> None:
    without(limits={"CPU": 5})
    with pytest.raises(WorkerLost, match="end"):
        found_by(DEAF, AMPLE, "webassembly")


ALONE = """
import sys
from pathlib import Path
from course_utils.delivery.grading import webassembly_files
webassembly_files.HOST = Path(sys.argv[1])
from course_utils.delivery.grading.sandbox import Limits
from course_utils.delivery.grading.webassembly import Worker
with Worker(limits=Limits(seconds=600)) as worker:
    print(worker._process.pid, flush=True)
    worker.ask({"do": "run", "label": "x", "source": "while True: pass", "lenient": False}, 600)
"""


@pytest.mark.parametrize("survives", [False, True])
def test_nobody_outlives_the_marking(survives: bool, tmp_path) -> None:
    """Unless it goes on when its standard input has ended."""
    text = webassembly_files.HOST.read_text(encoding="utf-8")
    assert text.count("    os._exit(1)\n") == 1
    host = tmp_path / "host.py"
    host.write_text(text.replace("    os._exit(1)\n", "" if survives else "    os._exit(1)\n"))
    marking = subprocess.Popen(
        [sys.executable, "-c", ALONE, str(host)], stdout=subprocess.PIPE, text=True
    )
    family = []
    try:
        family = [psutil.Process(int(marking.stdout.readline()))]
        marking.kill()
        marking.wait()
        assert bool(still_running(family, 2 if survives else PATIENCE)) == survives
    finally:
        kill(family)
        marking.kill()
        marking.wait()
        marking.stdout.close()


def test_a_process_that_crashes_takes_nobody_with_it() -> None:
    """As a fault of the engine would."""
    with Worker(limits=AMPLE) as worker:
        worker._process.kill()
        with pytest.raises(WorkerLost, match="end"):
            worker.ask({"do": "run", "label": "x", "source": "", "lenient": False}, 60)
