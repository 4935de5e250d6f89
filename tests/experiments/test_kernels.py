"""Kernels of OpenBLAS: chosen by name, checked against the processor, and never mixed."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from course_utils import CourseError
from course_utils.experiments import catalog, command, kernels, run_sweep
from course_utils.experiments.store import Store
from course_utils.interpreter import python
from tests.experiments.conftest import made, quick_sweep

SAY = "from course_utils.experiments import kernels; print(kernels.running())"


def able(kernel: str) -> bool:
    try:
        kernels.check(kernel)
    except CourseError:
        return False
    return True


@pytest.mark.parametrize("kernel", kernels.KERNELS)
def test_a_process_computes_with_the_kernel_that_is_asked_for(kernel: str) -> None:
    if not able(kernel):
        pytest.skip(f"this machine cannot compute with {kernel}")
    environment = kernels.environment(kernel)
    told = subprocess.run(python("-c", SAY), env=environment, capture_output=True, text=True)
    assert told.stdout.strip() == kernel, told.stderr


def test_a_processor_without_the_instructions_says_so(monkeypatch) -> None:
    monkeypatch.setitem(kernels.KERNELS, "Future", ("AVX2", "NO_SUCH_THING"))
    with pytest.raises(CourseError, match="Future needs a processor with NO_SUCH_THING"):
        kernels.check("Future")


def test_a_library_that_does_not_tell_says_so(monkeypatch) -> None:
    monkeypatch.setitem(kernels.KERNELS, "Any", ())
    monkeypatch.setattr(kernels, "running", lambda: None)
    with pytest.raises(CourseError, match="does not compute with OpenBLAS"):
        kernels.check("Any")


def test_runs_of_another_kernel_are_refused(log: Path, tmp_path: Path) -> None:
    plan = replace(quick_sweep(log), kernel="Another")
    with pytest.raises(CourseError, match="set OPENBLAS_CORETYPE=Another before"):
        run_sweep(plan, tmp_path, jobs=1, progress=False)
    assert not made(log) and not Store("quick", tmp_path).read()


def test_the_command_starts_a_process_with_the_kernel(log: Path, tmp_path, monkeypatch) -> None:
    """It is told so by its environment; the results go where they were to go."""
    started = []

    def run(words: list[str], env: dict[str, str]) -> subprocess.CompletedProcess:
        started.append((words, env["OPENBLAS_CORETYPE"]))
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setitem(kernels.KERNELS, "Another", ())
    monkeypatch.setattr(kernels, "running", lambda: "This")
    monkeypatch.setattr(command.subprocess, "run", run)
    plan = replace(quick_sweep(log), kernel="Another")
    monkeypatch.setattr(catalog, "MAKERS", (lambda: plan,))
    monkeypatch.setattr(catalog, "NAMES", ("quick",))
    assert command.sweep(("quick",), tmp_path, jobs=1)
    [(words, kernel)] = started
    assert kernel == "Another" and words[-6:-4] == ["sweep", "quick"]
    assert words[-2:] == ["--results", str(tmp_path)] and not made(log)
