"""course doctor: finds what is wrong, and says what to do about it."""

import io
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from course_utils import CourseError, distributions
from course_utils.delivery import doctor


def examine(monkeypatch: pytest.MonkeyPatch, **findings) -> tuple[bool, str]:
    """The verdict and the printed table for examinations that find what is given."""
    monkeypatch.setattr(doctor, "EXAMINATIONS", findings)
    out = io.StringIO()
    return doctor.examine(Console(file=out, width=120)), out.getvalue()


def test_this_environment_is_well() -> None:
    for examination in (doctor.python, doctor.packages, doctor.kernel, doctor.keras):
        finding = examination()
        assert finding.state == "ok", finding
    assert "imported in" in finding.found


def test_verdict_and_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    note, problem = (doctor.Finding(s, "[brackets]", "do this") for s in ("note", "problem"))
    well, table = examine(monkeypatch, memory=lambda: note)
    assert well and "All is well" in table and "[brackets]" in table
    well, table = examine(monkeypatch, memory=lambda: problem, disk=lambda: note)
    assert not well and "do this" in table and "1 problem found" in table


def test_an_examination_that_breaks_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    well, table = examine(monkeypatch, kernel=lambda: {}["no such kernel"])
    assert not well and "KeyError" in table


def test_what_the_user_can_mend_is_told_in_its_own_words() -> None:
    def examination() -> doctor.Finding:
        raise CourseError("This is a file where a folder belongs: move it away.")

    finding = doctor.attempt(examination)
    assert finding.state == "problem" and finding.found == "cannot be used"
    assert finding.advice == "This is a file where a folder belongs: move it away."


def test_a_file_that_is_refused_is_no_reason_to_install_again() -> None:
    def examination() -> doctor.Finding:
        raise PermissionError(13, "Permission denied", "/home/ada/book")

    finding = doctor.attempt(examination)
    assert finding.state == "problem" and finding.found == "Permission denied"
    assert finding.advice == "make /home/ada/book yours to read and write"


def with_versions(monkeypatch: pytest.MonkeyPatch, **versions: str | None) -> None:
    """Let some packages seem to have another version, or None: to be missing."""
    real = doctor.distribution

    def distribution(name: str) -> object:
        answer = versions.get(name, "real")
        if answer is None:
            raise metadata.PackageNotFoundError(name)
        return real(name) if answer == "real" else SimpleNamespace(version=answer)

    monkeypatch.setattr(doctor, "distribution", distribution)


def test_missing_and_unfit_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    with_versions(monkeypatch, numpy="1.26.4", tqdm=None)
    finding = doctor.packages()
    assert finding.state == "problem" and finding.advice
    assert "numpy is 1.26.4, needed <3,>=2.1" in finding.found
    assert "tqdm is missing" in finding.found


def test_another_version_within_bounds_is_only_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    with_versions(monkeypatch, numpy="2.1.0")
    assert doctor.packages().state == "ok"
    finding = doctor.lock()
    assert finding.state == "note" and "numpy 2.1.0 (tested: ==" in finding.found


def test_a_course_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def requires(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", requires)
    assert "not installed" in doctor.packages().found


def test_lock_reads_every_package_that_applies_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "click==0.1 \\\n    --hash=sha256:00\n    # via x\n"
        "rich==0.1 ; python_full_version >= '3' \\\n    --hash=sha256:00\n"
        "tqdm==0.1 ; sys_platform == 'nowhere' \\\n    --hash=sha256:00\n"
    )
    monkeypatch.setattr(doctor, "LOCK", lock)
    finding = doctor.lock()
    assert finding.found.startswith("2 of 2 differ") and "tqdm" not in finding.found
    lock.write_text(lock.read_text() + "no-such-package==1 \\\n    --hash=sha256:00\n")
    assert doctor.lock().found.startswith("2 of 2 differ")  # the lab can do without it
    lab = tmp_path / "requirements-lab.lock"
    lab.write_text("no-such-package==1 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(doctor, "LAB_LOCK", lab)
    assert "no-such-package missing" in doctor.lock().found
    lock.unlink()
    assert doctor.lock().state == "note"


def test_wrong_python(monkeypatch: pytest.MonkeyPatch) -> None:
    for version, state in (((3, 9, 1), "problem"), ((3, 13, 0), "ok"), ((3, 14, 0), "problem")):
        monkeypatch.setattr(sys, "version_info", version)
        assert doctor.python().state == state


def test_memory_and_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((8e9, "ok"), (1.5e9, "note"), (0.1e9, "problem")):
        memory = SimpleNamespace(available=free)
        monkeypatch.setattr(doctor.psutil, "virtual_memory", lambda memory=memory: memory)
        assert doctor.memory().state == state
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: SimpleNamespace(free=1e6))
    assert doctor.disk().state == "problem"


def test_kernel_of_another_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    finding = doctor.kernel()
    assert finding.state == "problem" and "course lab" in finding.advice


@pytest.mark.parametrize(
    "pip, prefix, command",
    [
        (True, "/home/a/.venv", 'pip install "keras'),
        (False, "/home/a/.venv", 'uv pip install "keras'),
        (False, "/home/a/.cache/uv/archive-v0/WwKN", "uvx --from"),
    ],
)
def test_what_brings_keras_fits_the_environment(monkeypatch, pip, prefix, command) -> None:
    monkeypatch.setattr(distributions, "find_spec", lambda name: pip or None)
    monkeypatch.setattr(sys, "prefix", prefix)
    assert distributions.with_keras().startswith(command)


@pytest.mark.parametrize(
    ("returncode", "stderr", "expected"),
    [
        (-4, "", "AVX"),
        (1, "ModuleNotFoundError: No module named 'keras'", "make clean setup"),
        (1, "ImportError: DLL load failed while importing", "Visual C++"),
    ],
)
def test_keras_that_does_not_import(
    monkeypatch: pytest.MonkeyPatch, returncode: int, stderr: str, expected: str
) -> None:
    done = subprocess.CompletedProcess([], returncode, stdout="", stderr=stderr)
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: done)
    finding = doctor.keras()
    assert finding.state == "problem" and expected in finding.advice


def test_conda_users_are_told_condas_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "conda-meta").mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert "conda env update" in doctor.repair()


def test_a_home_that_is_not_made_yet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "not" / "there"))
    assert doctor.disk().found.endswith("free")
