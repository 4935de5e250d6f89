"""The course command: instant, and one sentence for every mistake of a user."""

import errno
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.sign import NotebookNotary

from course_utils import __version__, workbook
from course_utils.delivery import lab, last_workbook
from course_utils.delivery.authoring import project
from course_utils.delivery.cli import course, in_one_sentence
from course_utils.delivery.workshop.hub import NO_PROXY, free_port
from course_utils.interpreter import python

COURSE = [sys.executable, "-c", "from course_utils.delivery.cli import main; main()"]
LESSON = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of our own: no test may touch the workbook of whoever runs the tests."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("CAROUSEL_WORKBOOK", raising=False)
    return tmp_path


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    """A course with two lessons, which `run` uses in place of the real one."""
    folder = tmp_path / "course" / "notebooks"
    folder.mkdir(parents=True)
    for name in ("01_first", "02_second"):
        (folder / f"{name}.ipynb").write_text(LESSON)
    return folder.parent


def command(*arguments: object, course: Path = workbook.COURSE) -> list[str]:
    """The command line of `course` with `arguments`, for the lessons of `course`."""
    code = (
        "from course_utils import workbook; "
        "from course_utils.delivery import cli; "
        f"workbook.COURSE = workbook.Path({str(course)!r}); cli.main()"
    )
    return [sys.executable, "-c", code, *map(str, arguments)]


def run(*arguments: object, course: Path = workbook.COURSE) -> subprocess.CompletedProcess:
    call = command(*arguments, course=course)
    return subprocess.run(call, capture_output=True, text=True, timeout=300)


def assert_one_sentence(result: subprocess.CompletedProcess, *words: str) -> None:
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    last = result.stderr.strip().splitlines()[-1]
    assert last.endswith(".") and all(word in last for word in words), result.stderr


def test_help_is_instant() -> None:
    def seconds() -> float:
        """Of the processor, for other programs must not count."""
        start = os.times()
        subprocess.run([*COURSE, "--help"], stdout=subprocess.DEVNULL)
        end = os.times()
        return end.children_user + end.children_system - start.children_user - start.children_system

    out = subprocess.check_output([*COURSE, "--help"], text=True)
    for command in ("doctor", "lab", "reset", "build", "check", "version"):
        assert f"\n  {command} " in out
    assert any(seconds() < 0.3 for _ in range(10))


def test_version_is_the_projects() -> None:
    pyproject = (workbook.COURSE / "pyproject.toml").read_text()
    assert f'\nversion = "{__version__}"\n' in pyproject
    assert run("version").stdout == run("--version").stdout == f"{__version__}\n"


def test_help_says_a_whole_sentence_about_every_command() -> None:
    wide = os.environ | {"COLUMNS": "80"}
    out = subprocess.check_output([*COURSE, "--help"], text=True, env=wide)
    assert "..." not in out.partition("\n")[2]


def test_reset_lays_and_remembers(lessons: Path, home: Path) -> None:
    mine = home / "mine"
    assert run("reset", "1", "--workbook", mine, course=lessons).returncode == 0
    (mine / "notebooks/01_first.ipynb").write_text("changed")
    result = run("reset", "01", course=lessons)
    assert "your copy is now notebooks/kept-" in result.stdout
    assert json.loads((mine / "notebooks/01_first.ipynb").read_text()) == json.loads(LESSON)


def test_a_workbook_that_could_not_be_used_is_not_remembered(lessons: Path, home: Path) -> None:
    mine, wrong = home / "mine", home / "wrong"
    wrong.write_text("in the way")
    assert run("reset", "1", "--workbook", mine, course=lessons).returncode == 0
    for arguments in (("reset", "1"), ("lab",), ("submit", "1")):
        assert run(*arguments, "--workbook", wrong, course=lessons).returncode == 1
        assert last_workbook.remembered() == mine


def test_a_lesson_that_there_is_not_lays_nothing(lessons: Path, home: Path) -> None:
    assert run("reset", "9", "--workbook", home / "typed", course=lessons).returncode == 1
    assert run("lab", "9", "--workbook", home / "typed", course=lessons).returncode == 1
    assert not (home / "typed").exists()
    assert last_workbook.remembered() == home / "carousel-workbook"


@pytest.mark.parametrize(
    ("number", "said", "advice"),
    [
        (errno.EACCES, "Permission denied", "make it yours to read and write"),
        (errno.EROFS, "Read-only", "make it yours to read and write"),
        (errno.ENOSPC, "No space left", "free some disk"),
        (errno.ENOTDIR, "Not a directory", "choose another place"),
        (errno.EIO, "error", "try again"),
    ],
)
def test_what_the_machine_refuses_comes_with_advice(number: int, said: str, advice: str) -> None:
    sentence = in_one_sentence(OSError(number, os.strerror(number), "/there/a.txt"))
    assert sentence.startswith("Cannot use /there/a.txt (") and said in sentence
    assert advice in sentence and sentence.endswith(".")


def test_a_damaged_notebook_is_laid_like_all_others(lessons: Path) -> None:
    (lessons / "notebooks/01_first.ipynb").write_text("<<<<<<< ours")
    assert run("reset", "1", course=lessons).returncode == 0


def test_unknown_lesson(lessons: Path) -> None:
    assert_one_sentence(run("reset", "9", course=lessons), "no lesson '9'", "01, 02")
    assert_one_sentence(run("lab", "9", course=lessons), "no lesson '9'", "01, 02")


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="needs a place nobody can write to")
def test_unwritable_workbook(lessons: Path) -> None:
    result = run("lab", "--workbook", "/dev/null/book", course=lessons)
    assert_one_sentence(result, "/dev/null")


def test_a_file_in_the_way(lessons: Path, home: Path) -> None:
    (home / "carousel-workbook").write_text("in the way")
    assert_one_sentence(run("lab", course=lessons), "carousel-workbook is a file", "--workbook")


def test_the_clone_is_no_workbook() -> None:
    assert_one_sentence(run("lab", "--workbook", workbook.COURSE), "holds the course itself")


def test_port_in_use(lessons: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("lab", "--no-browser", "--port", port, course=lessons)
    assert_one_sentence(result, f"Port {port}", "--port")


def test_missing_package_is_named(tmp_path: Path) -> None:
    for missing, arguments in (("click", ["--help"]), ("rich", ["doctor"])):
        code = f"import sys; sys.modules[{missing!r}] = None; from course_utils.delivery import cli"
        call = [sys.executable, "-c", f"{code}; cli.main()", *arguments]
        result = subprocess.run(call, capture_output=True, text=True)
        assert_one_sentence(result, missing, "make setup")


def test_check_shows_that_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(names: list[str] | None, bank: dict) -> None:
        print("all in step" if len(bank["lstm_step"]) == 2 else bank)

    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setattr(project, "check", check)
    assert CliRunner().invoke(course, ["check"]).output.startswith("all in step\n")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert "Checking" in CliRunner().invoke(course, ["check"]).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["03"], "opens in your browser; if not, open"),
        (["03", "--no-browser"], "Open the address below"),
        (["--no-browser", "03"], "Open the address below"),
    ],
)
def test_lab_says_where_it_opens(
    arguments: list[str], said: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr(lab, "launch", lambda *arguments: started.append(arguments))
    result = CliRunner().invoke(course, ["lab", "--workbook", str(home / "book"), *arguments])
    assert said in result.output and "press Ctrl-C" in result.output
    ((_, lesson, _, handed_on),) = started
    assert lesson.startswith("notebooks/03_")
    assert handed_on == [one for one in arguments if one != "03"]


def test_lab_hands_on_what_it_does_not_know(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(lab, "launch", lambda *arguments: started.append(arguments))
    options = ["--debug", "--ip", "0.0.0.0", "--ServerApp.port_retries=3"]
    for lesson in ([], ["02"]):
        arguments = ["lab", "--workbook", str(home / "book"), *lesson, *options]
        assert CliRunner().invoke(course, arguments).exit_code == 0
    assert [handed_on for *_, handed_on in started] == [options, options]


def test_lab_does_not_guess_whether_a_number_is_the_lesson(lessons: Path, home: Path) -> None:
    result = run("lab", "--debug", "02", course=lessons)
    assert_one_sentence(result, "`course lab 02 --debug`", "join them with =")
    assert not (home / "carousel-workbook").exists()


def test_what_was_laid_is_trusted_in_a_new_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whoever looks later, and without an end to the logging of this process."""
    data = tmp_path / "new" / "jupyter"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(data))
    laid = tmp_path / "01_first.ipynb"
    laid.write_text(LESSON)
    ended = []
    handler = logging.StreamHandler()
    monkeypatch.setattr(handler, "close", lambda: ended.append(handler))
    lab.trust([laid])
    later = NotebookNotary(data_dir=str(data))
    assert later.check_signature(nbformat.read(laid, as_version=4))
    assert not ended


def test_launch_hands_over_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called = {}
    monkeypatch.setattr(os, "chdir", lambda path: None)
    monkeypatch.setattr(os, "execve", lambda *args: called.update(zip("pce", args, strict=True)))
    monkeypatch.setattr(sys, "exit", lambda status: None)
    monkeypatch.setattr(subprocess, "call", lambda *a, **k: 0)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setenv("JUPYTER_PATH", "/elsewhere")
    lab.launch(tmp_path, "notebooks/01_first.ipynb", None, ["--no-browser"])
    assert called["c"][:4] == python("-m", "course_utils.delivery.lab")
    assert called["c"][-1] == "--no-browser"
    assert "--Application.log_level=WARN" in called["c"]  # what is handed on comes later and wins
    environment = called["e"]
    assert environment["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert environment["JUPYTER_PATH"] == f"{sys.prefix}/share/jupyter{os.pathsep}/elsewhere"


@pytest.mark.skipif(os.name != "posix", reason="stops the server with a signal")
def test_kernels_get_one_thread_unless_the_user_has_said_otherwise(monkeypatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert lab.environment()["OMP_NUM_THREADS"] == "1"
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    assert lab.environment()["OMP_NUM_THREADS"] == "4"


def test_lab_serves_the_workbook(lessons: Path, home: Path) -> None:
    port = free_port()
    call = command("lab", "02", "--no-browser", "--port", port, course=lessons)
    environment = os.environ | {"JUPYTER_TOKEN": "t"}
    server = subprocess.Popen(call, env=environment, stderr=subprocess.DEVNULL)
    try:
        listing = ask(port, "api/contents/notebooks")
        names = sorted(item["name"] for item in listing["content"])
        assert names == ["01_first.ipynb", "02_second.ipynb"]
        assert "python3" in ask(port, "api/kernelspecs")["kernelspecs"]
        address = f"http://localhost:{port}/?token=t"
        with NO_PROXY.open(address) as page:
            assert page.url.split("?")[0].endswith("/lab/tree/notebooks/02_second.ipynb")
        notification = ask(port, "lab/api/settings/@jupyterlab/apputils-extension:notification")
        assert notification["schema"]["properties"]["fetchNews"]["default"] == "false"
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=120)
        finally:
            server.kill()


def ask(port: int, path: str) -> dict:
    """The server's answer, once it is up."""
    address = f"http://localhost:{port}/{path}?token=t"
    deadline = time.monotonic() + 300
    while True:
        try:
            with NO_PROXY.open(address) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:  # not up yet
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.2)
