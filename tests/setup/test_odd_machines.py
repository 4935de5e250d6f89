"""Machines as schools have them: proxies, odd names, full disks, homes that cannot be written."""

import errno
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from course_utils.delivery import doctor, lab, last_workbook, proxies
from course_utils.feedback import check, problems, progress, record
from course_utils.interpreter import python
from course_utils.workbook import MANIFEST, Workbook, WorkbookError, write_atomically

LAB = python("-m", "course_utils.delivery.lab", "--version")
PROXIES = [
    ("http_proxy", "proxy.school.edu:3128"),
    ("ALL_PROXY", "socks5h://u:p@127.0.0.1:9"),
    ("https_proxy", "ftp://x:1"),
    ("http_proxy", "http://[::1"),
]


@pytest.mark.parametrize(("variable", "address"), PROXIES)
def test_jupyterlab_starts_behind_any_proxy(
    monkeypatch: pytest.MonkeyPatch, variable: str, address: str
) -> None:
    """As far as it can fail: it makes its way through the proxy while it is imported."""
    for name in list(proxies.named(os.environ)):
        monkeypatch.delenv(name)
    monkeypatch.setenv(variable, address)
    done = subprocess.run(LAB, env=lab.environment(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr


def test_without_putting_aside_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "ftp://x:1")
    direct = python("-c", "import jupyterlab.labapp")
    done = subprocess.run(direct, env=lab.environment(), capture_output=True, timeout=300)
    assert done.returncode, "JupyterLab no longer needs `put_aside`"


YARN = """
import logging
from course_utils.delivery import lab, proxies
with proxies.put_aside():
    from jupyterlab import commands
said = commands._yarn_config(logging.getLogger())
lab.leave_yarn_alone()
commands.subprocess = None  # who starts a program from now on fails
handler = commands._AppHandler(commands.AppOptions())
print(said == commands._yarn_config(None), handler.registry == commands.YARN_DEFAULT_REGISTRY)
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="without Node.js Yarn is not asked")
def test_yarn_tells_jupyterlab_nothing_and_is_not_waited_for() -> None:
    script = python("-c", YARN)
    done = subprocess.run(script, env=lab.environment(), capture_output=True, text=True)
    assert done.stdout == "True True\n", done.stdout + done.stderr


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("", "ok"),
        ("proxy:3128", "ok"),
        ("http://u:secret@proxy:3128", "ok"),
        ("socks5://u:secret@proxy:1", "note"),
        ("ftp://u:secret@proxy", "problem"),
        ("http://u:secret@proxy:x", "problem"),
    ],
)
def test_doctor_looks_at_proxies(monkeypatch: pytest.MonkeyPatch, address: str, state: str) -> None:
    for name in list(proxies.named(os.environ)):
        monkeypatch.delenv(name)
    monkeypatch.setenv("https_proxy", address)
    finding = doctor.network()
    assert finding.state == state and "secret" not in finding.found
    assert bool(finding.advice) == (state != "ok")


def test_what_was_put_aside_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://x:1")
    with proxies.put_aside():
        assert "ALL_PROXY" not in os.environ and "all" not in urllib.request.getproxies()
    assert os.environ["ALL_PROXY"] == "socks5://x:1"


def test_doctor_names_files_that_a_module_hides(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "remembered", lambda: tmp_path)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "helper.py").touch()
    assert doctor.names().state == "ok"
    (tmp_path / "notebooks" / "numpy.py").touch()
    (tmp_path / "random").mkdir()
    (tmp_path / "random" / "__init__.py").touch()
    finding = doctor.names()
    assert finding.state == "note" and "rename" in finding.advice
    assert finding.found == "notebooks/numpy.py, random"


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes")
def test_a_workbook_whose_name_is_not_in_utf_8(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"not in UTF-8.*--workbook"):
        Workbook(tmp_path / os.fsdecode(b"wb\xe9"))


def no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said_with_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "01.ipynb"
    write_atomically(path, b"old")
    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError) as failed:
        write_atomically(path, b"new")
    assert failed.value.filename == str(path) and failed.value.filename2 is None
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_progress_on_a_full_disk_counts_while_the_notebook_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / MANIFEST).write_text("{}")
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(record, "write_atomically", no_room)
        check("rnn_step", problems.get("rnn_step").reference)
        assert "as long as this notebook runs" in " ".join(capsys.readouterr().out.split())
        progress()
        assert "1 of" in capsys.readouterr().out
        check("lstm_step", lambda x, h_prev, c_prev, W, U, b: (h_prev, c_prev))
    check("gru_step", lambda x, h_prev, W, U, b: h_prev)  # there is room again
    record._unsaved.clear()  # as for the next notebook
    assert record.best() == {"rnn_step": 1, "lstm_step": 0, "gru_step": 0}


def test_without_a_place_to_write_jupyterlab_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()  # which even root can make no folder of
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "file" / "runtime"))
    with pytest.raises(lab.LabError, match=r"must write to .*JUPYTER_RUNTIME_DIR"):
        lab.launch(tmp_path, "notebooks/01.ipynb", None, [])


def test_a_home_that_nobody_knows_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(last_workbook.Path, "home", unknown)
    last_workbook.remember(Path("/tmp/book"))  # cannot, and says nothing


EMPTY_HOME = """
import os
from course_utils import interpreter
os.execve = lambda *command: print(command[2].get("HOME"))  # the isolated Python that follows
interpreter.enter("course_utils.delivery.start")
"""


@pytest.mark.skipif(os.name != "posix", reason="a home that is named, but empty")
def test_an_empty_home_is_none() -> None:
    """Only looked at: who runs a command so writes into their own home."""
    script = [sys.executable, "-c", EMPTY_HOME]
    done = subprocess.run(script, env=os.environ | {"HOME": ""}, capture_output=True, text=True)
    assert done.stdout == "None\n", done.stdout + done.stderr


def test_the_tests_remember_no_workbook_for_who_runs_them(tmp_path: Path) -> None:
    own = Path.home() / ".config" / "carousel" / "workbook"
    before = own.read_bytes() if own.exists() else None
    program = Path(sys.executable).with_name("course")
    command = [program, "reset", "02", "--workbook", tmp_path / "book"]
    subprocess.run(command, check=True, capture_output=True)
    assert last_workbook.remembered() == tmp_path / "book"
    assert (own.read_bytes() if own.exists() else None) == before
