"""`course doctor`: what is wrong with this machine or environment, and what to do about it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil
from packaging.requirements import Requirement
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course_utils import CourseError, interpreter, place
from course_utils.delivery import proxies
from course_utils.delivery.lab import environment
from course_utils.delivery.last_workbook import remembered
from course_utils.distributions import distribution, with_keras
from course_utils.workbook import FOLDERS

LOCK = place.COURSE / "requirements.lock"
LAB_LOCK = LOCK.with_name("requirements-lab.lock")
PYTHONS = (3, 10), (3, 13)
KERAS = """
import json, time
start = time.perf_counter()
import keras
answer = [keras.__version__, keras.backend.backend(), time.perf_counter() - start]
print(json.dumps(answer))
"""
STYLE = {"ok": "green", "note": "yellow", "problem": "bold red"}


@dataclass(frozen=True)
class Finding:
    """What one examination found: `state` is "ok", "note" or "problem"."""

    state: str
    found: str
    advice: str = ""


def examine(console: Console | None = None) -> bool:
    """Examine everything, print a table, and say whether there is no problem."""
    console = console or Console()
    os.environ.update(environment())  # the kernel and the packages that `course lab` would see
    table = Table("", "", "found", "what to do", title="course doctor", title_justify="left")
    states = []
    for subject, examination in EXAMINATIONS.items():
        with console.status(f"Looking at: {subject}"):
            finding = attempt(examination)
        states.append(finding.state)
        state = f"[{STYLE[finding.state]}]{finding.state}[/]"
        table.add_row(subject, state, Text(finding.found), Text(finding.advice))
    console.print(table)
    problems = states.count("problem")
    console.print(
        f"{problems} problem{'s' * (problems > 1)} found." if problems else "All is well."
    )
    return not problems


def attempt(examination: Callable[[], Finding]) -> Finding:
    """The finding of an examination; if it breaks, that is the finding."""
    try:
        return examination()
    except CourseError as error:
        return Finding("problem", "cannot be used", str(error))
    except PermissionError as error:
        advice = f"make {error.filename} yours to read and write"
        return Finding("problem", error.strerror or "refused", advice)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        return Finding("problem", reason, repair())


def repair() -> str:
    """How to make this environment whole again."""
    if Path(sys.prefix, "conda-meta").is_dir():
        return "conda env update -f environment.yml"
    if not place.is_clone():
        return "install the course again, in a fresh environment"
    if os.name != "posix":  # without make
        return "delete the folder .venv, then: python bootstrap.py"
    return "make clean setup"


def python() -> Finding:
    """The version of Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    if PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        return Finding("ok", f"{version} in {sys.prefix}")
    return Finding("problem", version, f"{repair()}, with a Python from 3.10 to 3.13")


def packages() -> Finding:
    """The packages the course names, within the bounds it names."""
    try:
        needed = metadata.requires("carousel-course") or []
    except metadata.PackageNotFoundError:
        return Finding("problem", "the course itself is not installed", repair())
    wrong = []
    for requirement in applying(needed):
        present = installed(requirement.name)
        if present is None:
            wrong.append(f"{requirement.name} is missing")
        elif not requirement.specifier.contains(present, prereleases=True):
            wrong.append(f"{requirement.name} is {present}, needed {requirement.specifier}")
    if wrong:
        return Finding("problem", "\n".join(wrong), repair())
    return Finding("ok", f"{len(applying(needed))} present, within their bounds")


def lock() -> Finding:
    """The difference from the versions the course was tested with: of interest, not a fault."""
    if not LOCK.exists():
        return Finding("note", "requirements.lock is not here", "fine outside a clone")
    needed, different = {pin.name for pin in pins_of(LAB_LOCK)}, []
    pins = [pin for pin in pins_of(LOCK) if pin.name in needed or installed(pin.name)]
    for pin in pins:
        present = installed(pin.name)
        if not pin.specifier.contains(present or "0", prereleases=True):
            different.append(f"{pin.name} {present or 'missing'} (tested: {pin.specifier})")
    if not different:
        return Finding("ok", f"{len(pins)} as tested")
    shown = different[:5] + ["..."] * (len(different) > 5)
    count = f"{len(different)} of {len(pins)} differ from the tested:"
    return Finding("note", "\n".join([count, *shown]), f"if something fails: {repair()}")


def pins_of(lock: Path) -> list[Requirement]:
    lines = lock.read_text(encoding="utf-8").splitlines() if lock.exists() else []
    return applying(line.removesuffix("\\").strip() for line in lines if is_pin(line))


def is_pin(line: str) -> bool:
    return bool(line) and line[0].isalnum()


def applying(lines) -> list[Requirement]:
    """The requirements that apply to this Python and machine, without extras."""
    requirements = [Requirement(line) for line in lines]
    return [r for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})]


def installed(name: str) -> str | None:
    """The installed version of a package, None if it is missing."""
    try:
        return distribution(name).version
    except metadata.PackageNotFoundError:
        return None


def memory() -> Finding:
    """Free memory; a notebook with TensorFlow takes about 0.7 GB."""
    free = available_memory() / 1e9
    return amount(free, needed=1, comfortable=2, advice="close other programs and notebooks")


def available_memory() -> int:
    """Free memory in bytes, of the machine or of the container around us."""
    free = psutil.virtual_memory().available
    limit, used = (Path("/sys/fs/cgroup", f"memory.{name}") for name in ("max", "current"))
    if limit.exists() and (text := limit.read_text().strip()).isdigit():  # inside a container
        free = min(free, int(text) - int(used.read_text()))
    return free


def disk() -> Finding:
    """Free disk for the learner's files."""
    home = Path.home()
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(there).free / 1e9
    return amount(free, needed=0.2, comfortable=1, advice=f"free some disk in {home}")


def amount(free: float, needed: float, comfortable: float, advice: str) -> Finding:
    """Judge an amount in GB."""
    found = f"{free:.1f} GB free"
    if free >= comfortable:
        return Finding("ok", found)
    return Finding("note" if free >= needed else "problem", f"{found}, {needed} needed", advice)


def kernel() -> Finding:
    """A notebook's kernel that starts, answers, and is of this environment."""
    from jupyter_client.manager import KernelManager

    from course_utils.delivery.kernels import OwnKernels

    manager = KernelManager(kernel_name="python3", kernel_spec_manager=OwnKernels())
    manager.start_kernel(cwd=str(interpreter.SAFE_FOLDER), stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        answer = client.execute(
            "", user_expressions={"prefix": "__import__('sys').prefix"}, reply=True, timeout=60
        )
        prefix = answer["content"]["user_expressions"]["prefix"]["data"]["text/plain"].strip("'")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if not os.path.samefile(prefix, sys.prefix):
        return Finding("problem", f"the kernel is of {prefix}", "start JupyterLab with: course lab")
    return Finding("ok", "starts and answers")


def keras() -> Finding:
    """Keras, imported in a process of its own, since a wrong processor would end it."""
    if not place.is_clone() and {installed("keras"), installed("tensorflow")} == {None}:
        return Finding(
            "note", "not installed; lessons that compare with Keras need it", with_keras()
        )
    answer = in_process(KERAS)
    if isinstance(answer, Finding):
        return answer
    version, backend, seconds = answer
    return Finding("ok", f"{version} on {backend}, imported in {seconds:.1f} s")


def in_process(code: str) -> list | Finding:
    """The list that `code` prints last, as JSON; if it fails, a finding that says why."""
    done = subprocess.run(
        interpreter.python("-c", code),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=300,
    )
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    if done.returncode < 0:
        advice = "TensorFlow needs a processor with AVX, and 1 GB of free memory"
        return Finding("problem", f"the import was ended by signal {-done.returncode}", advice)
    reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
    advice = repair()
    if "DLL load failed" in reason:
        advice = "install the Microsoft Visual C++ Redistributable"
    return Finding("problem", reason, advice)


def webassembly() -> Finding:
    """What `course grade` marks with where there is no bubblewrap: an extra."""
    from course_utils.delivery.grading import webassembly_files as files

    if not files.is_installed():
        return Finding("ok", "not installed; only for marking without bubblewrap")
    if not files.is_prepared():
        advice = "`course grade` makes it when it is needed, in one to three minutes"
        return Finding("ok", "installed; its code is not made yet", advice)
    files.own_folder(files.cache_folder())
    return Finding("ok", f"ready, in {files.cache_folder()}")


def network() -> Finding:
    """Proxies that are named but that JupyterLab, or nothing, can use."""
    found = proxies.unusable(os.environ)
    if not found:
        count = len(proxies.named(os.environ))
        return Finding("ok", f"{count} proxies named" if count else "no proxy named")
    shown = ", ".join(f"{name}={proxies.without_password(it)}" for name, it in found.items())
    if all(map(proxies.is_socks, found.values())):
        advice = "lessons need no network; JupyterLab's list of extensions stays empty behind SOCKS"
        return Finding("note", shown, advice)
    return Finding("problem", shown, "write http://NAME:PORT, or unset the variable")


def names() -> Finding:
    """Files in the workbook that bear the name of a module, which is imported in their place."""
    folder = remembered()
    known = set(sys.stdlib_module_names) | set(metadata.packages_distributions())
    hidden = [
        path
        for place in (folder, *(folder / name for name in FOLDERS))
        for path in [*place.glob("*.py"), *(one.parent for one in place.glob("*/__init__.py"))]
        if path.stem in known
    ]
    if not hidden:
        return Finding("ok", "none has the name of a module")
    shown = ", ".join(str(path.relative_to(folder)) for path in sorted(hidden)[:5])
    first = sorted(hidden)[0].stem
    advice = f"rename them: `import {first}` finds the module of that name, not your file"
    return Finding("note", shown, advice)


EXAMINATIONS: dict[str, Callable[[], Finding]] = {
    "Python": python,
    "packages": packages,
    "versions": lock,
    "memory": memory,
    "disk": disk,
    "proxy": network,
    "your files": names,
    "kernel": kernel,
    "Keras": keras,
    "WebAssembly": webassembly,
}
