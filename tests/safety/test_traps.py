"""Nothing that lies in a current or given folder is run by a process of the course.

Each folder is full of traps: a module under every name that can be imported, and every kind of
configuration that some program reads where it stands. The commands must not touch one of them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from course_utils import interpreter
from course_utils.delivery.kernels import OwnKernels
from course_utils.interpreter import python
from course_utils.workbook import COURSE
from tests.browser.server import course_lab, learners_environment
from tests.safety.traps import plant

pytestmark = pytest.mark.skipif(os.name != "posix", reason="finds `course` and its parts as Linux")
SET = "01_a_recurrent_network_from_scratch.ipynb"
LEARNERS = 9  # enough that pages of feedback are written by several processes
POOL = """
from course_utils import interpreter, parallel
{change}
print(sorted(parallel.as_finished(abs, [(-1,), (-2,), (-3,)], jobs=2)))
"""


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Where traps leave their names; no trap lies in its folder."""
    return tmp_path / "told"


@pytest.fixture
def den(tmp_path: Path, told: Path) -> Path:
    plant(tmp_path / "den", told)
    return tmp_path / "den"


def sprung(told: Path) -> str:
    """The places of the traps that ran."""
    return told.read_text(encoding="utf-8") if told.exists() else ""


def run(*words: object, folder: Path) -> subprocess.CompletedProcess:
    """`course` with words, in a folder, as an ordinary user with a home of their own."""
    program = Path(sys.executable).with_name("course")
    command = [str(program), *map(str, words)]
    environment = learners_environment(folder.parent)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import json"],
        ["-m", "json.tool", "--help"],
        ["-c", POOL.format(change="")],
        ["-I", "-c", POOL.format(change="interpreter.flags = list")],
        ["-m", "ipykernel_launcher", "--help"],
    ],
)
def test_the_traps_work(den: Path, told: Path, command: list[str]) -> None:
    """An unprotected process falls into one; so does a pool whose protection is taken away."""
    end = {"capture_output": True, "timeout": 600}
    subprocess.run([sys.executable, *command], cwd=den, **end)
    assert sprung(told)


def test_pools(den: Path, told: Path) -> None:
    command = python("-c", POOL.format(change=""))
    done = subprocess.run(command, cwd=den, capture_output=True, text=True, timeout=600)
    assert done.stdout == "[1, 2, 3]\n", done.stderr
    assert not sprung(told)


@pytest.mark.parametrize("words", [["doctor"], ["check", "01"], ["claims"], ["sweep"], ["--help"]])
def test_commands(den: Path, told: Path, words: list[str]) -> None:
    done = run(*words, folder=den)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not sprung(told)


@pytest.mark.parametrize(
    "words", [["site"], ["slides", "01"], ["handout", "01"], ["sweep", "reach"]]
)
def test_what_makes_pages_or_runs(den: Path, told: Path, words: list[str]) -> None:
    """Sphinx, npm and Chromium are started, where there are such; elsewhere a sentence says so."""
    done = run(*words, folder=den)
    assert done.returncode == 0 or "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 0 or not (shutil.which("npm") and shutil.which("chromium"))
    assert not sprung(told)


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="marking needs bubblewrap")
def test_marking(den: Path, told: Path) -> None:
    """Traps lie in the class, in the folder of submissions, in one's own and in the exercises."""
    handed_in = den / "handed-in"
    plant(handed_in, told)
    for number in range(LEARNERS):
        own = handed_in / f"learner{number}"
        own.mkdir()
        shutil.copy(COURSE / "solutions" / SET, own)
    plant(handed_in / "learner0", told)
    layout = ("--layout", "folders")  # else each trap is somebody who handed in a file of code
    done = run("grade", "handed-in", "--class", ".", *layout, folder=den)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((den / "feedback").glob(f"learner?/*/{SET[:-6]}.html"))) == LEARNERS
    collect = ["collect", "handed-in", *layout]
    for words in (["feedback"], ["release", "02"], collect, ["regrade", "01"]):
        done = run(*words, "--class", ".", folder=den)
        assert done.returncode == 0, done.stdout + done.stderr
    assert not sprung(told)


def test_a_workbook_full_of_them_opens(tmp_path: Path, told: Path) -> None:
    """JupyterLab answers, a kernel starts beside the traps and imports what is meant."""
    places = ("", "home", "workbook", "workbook/notebooks", "workbook/exercises")
    for place in places:
        plant(tmp_path / "den" / place, told)
    with course_lab(tmp_path / "den") as server:
        (server.workbook / "notebooks" / "helper.py").write_text("answer = 42\n")
        found = ask(server, "contents/notebooks")
        assert any(one["name"] == "00_start_here.ipynb" for one in found["content"])
        ask(server, "terminals", {})
        kernel = ask(server, "kernels", {"name": "python3", "path": "notebooks/x.ipynb"})["id"]
        runtime = ask(server, "kernels") and next((tmp_path / "den").rglob(f"kernel-{kernel}.json"))
        client = BlockingKernelClient(connection_file=str(runtime))
        client.load_connection_file()
        assert said(client, "import random, numpy, code, helper; helper.answer") == "42"
    assert not sprung(told)


@pytest.mark.parametrize("name", ["random", "numpy", "code", "token", "IPython", "ipykernel"])
def test_a_kernel_starts_beside_a_module_of_that_name(tmp_path: Path, name: str) -> None:
    """And the notebook gets the real one; what only lies beside it, it gets as well."""
    (tmp_path / f"{name}.py").write_text("raise SystemExit('not the real one')")
    (tmp_path / "helper.py").write_text("answer = 42\n")
    manager = KernelManager(kernel_name="python3", kernel_spec_manager=OwnKernels())
    manager.start_kernel(cwd=str(tmp_path), stderr=subprocess.DEVNULL)
    try:
        code = f"import {name}, helper, sys; (helper.answer, sys.path[-1], {name}.__file__)"
        answer = " ".join(said(manager.client(), code).split())
        assert answer.startswith("(42, '',") and str(tmp_path) not in answer
    finally:
        manager.shutdown_kernel(now=True)


def said(client: BlockingKernelClient, code: str) -> str:
    """The value of a cell's last expression, as text."""
    client.start_channels()
    try:
        client.wait_for_ready(timeout=300)
        last = code.rpartition(";")[2].strip()
        before = code.rpartition(";")[0]
        reply = client.execute(before, user_expressions={"it": last}, reply=True, timeout=300)
        value = reply["content"]["user_expressions"]["it"]
        return value.get("data", value)["text/plain"] if "data" in value else str(value)
    finally:
        client.stop_channels()


def ask(server, path: str, data: dict | None = None) -> dict:
    """What JupyterLab's interface answers."""
    request = urllib.request.Request(
        f"{server.address}/api/{path}",
        data=None if data is None else json.dumps(data).encode(),
        headers={"Authorization": f"token {server.token}"},
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.loads(answer.read())


def test_variables_that_mislead_are_not_handed_on(den: Path, told: Path) -> None:
    """PYTHONPATH with other packages, as some set-ups leave it behind."""
    plant(other := den.parent / "other", told)
    for name in ("numpy", "rich", "joblib"):  # what Python's own start needs would stop it
        shutil.copy(other / f"{name}.py", den.parent / f"{name}.py")
    environment = learners_environment(den.parent) | {"PYTHONPATH": str(den.parent)}
    program = Path(sys.executable).with_name("course")
    for words in (["version"], ["claims"]):
        subprocess.run([program, *words], env=environment, check=True, capture_output=True)
    assert not sprung(told)


def test_a_python_path_that_names_the_current_folder_is_said(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": f"{os.pathsep}/nowhere"}
    program = Path(sys.executable).with_name("course")
    done = subprocess.run(
        [program, "version"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.stderr.strip() == interpreter.RELATIVE and done.returncode == 0
