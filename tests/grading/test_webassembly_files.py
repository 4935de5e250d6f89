"""Native code is made once, whole or not at all, and believed only where nobody else can write."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course_utils.delivery.grading import webassembly_files as files
from course_utils.delivery.grading.sandbox import SandboxError

pytest.importorskip("wasmtime", reason="the extra marking-anywhere needs Python 3.11")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture
def made(monkeypatch, tmp_path: Path) -> list:
    """A cache of its own, in which nothing is really compiled; the sources of what is."""
    compiled: list = []

    def compile_module(source: Path, target: Path) -> None:
        compiled.append(source)
        target.write_bytes(b"native code")

    monkeypatch.setattr(files, "cache_folder", lambda: tmp_path / "carousel" / "webassembly")
    monkeypatch.setattr(files, "compile_module", compile_module)
    monkeypatch.setattr(files, "loads", lambda module: True)
    files._prepared.cache_clear()
    yield compiled
    files._prepared.cache_clear()


def again() -> files.Prepared:
    """As another process would find it."""
    files._prepared.cache_clear()
    return files.prepared()


def test_it_is_made_once(made: list) -> None:
    assert not files.is_prepared()
    found = again()
    assert again() == found and len(made) == 1 and files.is_prepared()
    assert found.module.read_bytes() == b"native code"
    assert [path.name for path in found.library.iterdir()] == ["python315.zip"]


def test_the_library_holds_no_package_that_does_the_work(made: list) -> None:
    with zipfile.ZipFile(next(again().library.iterdir())) as library:
        tops = {name.split("/")[0].split(".")[0] for name in library.namelist()}
    assert {"numpy", "json", "_py_warnings"} <= tops
    assert not tops & {"scipy", "sklearn", "pandas", "statsmodels", "sympy", "matplotlib", "host"}


@pytest.mark.parametrize("which", ["module", "library", "note", "cut"])
def test_what_is_damaged_is_made_again(made: list, which: str) -> None:
    found = again()
    library = next(found.library.iterdir())
    if which == "note":
        found.module.with_name(f"{found.module.name}.made").write_text("[")
    elif which == "cut":
        os.truncate(found.module, 3)
    else:
        path = found.module if which == "module" else library
        path.write_bytes(path.read_bytes() + b"x")
    assert again() == found and len(made) == 2
    assert found.module.read_bytes() == b"native code" and zipfile.is_zipfile(library)


def test_code_of_another_processor_is_made_again(made: list, monkeypatch) -> None:
    again()
    monkeypatch.setattr(files, "loads", lambda module: False)
    again()
    assert len(made) == 2


def test_what_was_not_finished_is_not_there(made: list, monkeypatch) -> None:
    def stopped(source: Path, target: Path) -> None:
        target.write_bytes(b"half of")
        raise KeyboardInterrupt

    whole = files.compile_module
    monkeypatch.setattr(files, "compile_module", stopped)
    with pytest.raises(KeyboardInterrupt):
        again()
    folder = files.cache_folder()
    left = [path.name for path in folder.iterdir() if path.is_file() and path.name != "lock"]
    assert left == [] and not files.is_prepared()
    monkeypatch.setattr(files, "compile_module", whole)
    assert again().module.read_bytes() == b"native code"


def test_two_at_a_time_make_it_once(made: list) -> None:
    """The second, in a process of its own, waits for the first and finds all there."""
    folder = files.cache_folder()
    files.own_folder(folder)
    with files.alone(folder):
        other = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert other.stdout.readline() == "begins\n"
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(2)
    assert other.communicate(timeout=120)[0] == "made\n"
    assert again().module.read_bytes() == b"native code" and not made


OTHER = """
import sys
from pathlib import Path
from course_utils.delivery.grading import webassembly_files as files
files.cache_folder = lambda: Path(sys.argv[1])
files.loads = lambda module: True
files.compile_module = lambda source, target: target.write_bytes(b"native code")
print("begins", flush=True)
files.prepared()
print("made")
"""


def test_a_place_that_cannot_be_written_to(made: list, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(files, "cache_folder", lambda: tmp_path / "file" / "webassembly")
    with pytest.raises(SandboxError, match="cannot be used"):
        again()


@POSIX
@pytest.mark.parametrize("mode", [0o755, 0o770, 0o777, 0o701])
def test_a_folder_that_is_open_to_others_is_refused(made: list, mode: int) -> None:
    files.cache_folder().mkdir(parents=True)
    files.cache_folder().chmod(mode)
    with pytest.raises(SandboxError, match="open to others"):
        again()
    assert not made


@POSIX
def test_a_link_is_refused(made: list, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    files.cache_folder().parent.mkdir()
    files.cache_folder().symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SandboxError, match="is no folder"):
        again()
    assert not made


@POSIX
def test_below_a_folder_of_everybody_it_is_refused(made: list, tmp_path: Path) -> None:
    files.cache_folder().parent.mkdir()
    files.cache_folder().parent.chmod(0o777)
    with pytest.raises(SandboxError, match="chmod o-w"):
        again()
    files.cache_folder().parent.chmod(0o1777)  # as /tmp: nobody can put another in its place
    assert again() and len(made) == 1


@POSIX
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give")
def test_a_folder_of_somebody_else_is_refused(made: list) -> None:
    files.cache_folder().mkdir(mode=0o700, parents=True)
    os.chown(files.cache_folder(), 65534, 65534)
    with pytest.raises(SandboxError, match="open to others"):
        again()


def test_what_another_version_left_is_removed_when_nobody_uses_it(made: list) -> None:
    found = again()
    for name, age in (("new", 0), ("old", files.UNUSED + 60)):
        for path in (found.module.with_name(name), found.module.with_name(f"{name}.made")):
            path.write_bytes(b"")
            os.utime(path, (path.stat().st_mtime - age,) * 2)
    again()
    assert not found.module.with_name("old").exists()
    assert found.module.with_name("new").exists()


def test_the_engine_refuses_what_is_no_code_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "code").write_bytes(b"\x7fELF" + bytes(1000))
    assert not files.loads(tmp_path / "code")


def test_a_compiler_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"no WebAssembly")
    with pytest.raises(SandboxError, match=r"could not be made \(.*\): they need 3 GB"):
        files.compile_module(tmp_path / "source", tmp_path / "target")


def test_without_the_extra(monkeypatch) -> None:
    monkeypatch.setattr(files, "is_installed", lambda: False)
    with pytest.raises(SandboxError, match=r'pip install -e "\.\[marking-anywhere\]"'):
        files.require_webassembly()
    monkeypatch.setattr(files.sys, "version_info", (3, 10, 13))
    with pytest.raises(SandboxError, match=r"need Python 3\.11 or newer"):
        files.require_webassembly()
