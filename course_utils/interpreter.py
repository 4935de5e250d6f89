"""How the course starts Python: it imports what the environment holds, and nothing else.

Python started with -m or -c looks for modules in the current folder first, and that folder may hold
a learner's `random.py`. Isolated (-I), it looks neither there nor at PYTHONPATH, and runs no
start-up file that these would lead to. Every process of ours is started by the words of `python`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

SAFE_FOLDER = Path(sys.prefix)  # to be in, for programs that read settings where they are
MISLEADING = ("PYTHONPATH", "PYTHONHOME")  # as in the Makefile: they would mix in other packages

RELATIVE = (
    "PYTHONPATH has an entry that is empty or relative: in any folder where you start a Python, "
    "what lies there may run as you. Take the entry out."
)


def python(*words: str) -> list[str]:
    """The command line that hands `words`, such as "-m", "jupyterlab", to this Python, isolated."""
    return [sys.executable, *flags(), *words]


def flags() -> list[str]:
    """The options that isolate, and what else of this process's options a child must share."""
    return ["-I", *(["-X", "utf8"] if sys.flags.utf8_mode else [])]


def clean(environment: dict[str, str]) -> dict[str, str]:
    """An environment without the variables that lead Python to other packages than ours."""
    return {name: value for name, value in environment.items() if name not in MISLEADING}


def isolate_pools() -> None:
    """Let the processes of joblib start isolated, too: loky starts them with `python -m`.

    It hands the options of this process on to its other helpers, but not to its workers, and can
    be told nothing else; a test sees that this holds.
    """
    from joblib.externals.loky.backend import fork_exec as loky

    if getattr(loky.fork_exec, "isolates", False):
        return
    start = loky.fork_exec

    def isolated(command: list[str], *rest: object, **named: object) -> int:
        return start([command[0], *flags(), *command[1:]], *rest, **named)

    isolated.isolates = True
    loky.fork_exec = isolated


def enter(module: str) -> None:
    """Be `module`, isolated, in the place of this process, unless it is isolated already."""
    if sys.flags.isolated:
        return
    if not all(map(os.path.isabs, os.environ.get("PYTHONPATH", "/").split(os.pathsep))):
        print(RELATIVE, file=sys.stderr)
    for name in MISLEADING:
        os.environ.pop(name, None)
    if os.environ.get("HOME") == "":  # the same as none, but would be taken for /
        del os.environ["HOME"]
    become(python("-m", module, *sys.argv[1:]), dict(os.environ))


def become(command: list[str], environment: dict[str, str], folder: Path | None = None) -> NoReturn:
    """Let `command` run in the place of this process, in `folder` if one is named."""
    if os.name == "posix":
        if folder:
            os.chdir(folder)
        os.execve(command[0], command, environment)
    import signal
    import subprocess  # Windows cannot replace a process: it is waited for

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which asks back
    sys.exit(subprocess.call(command, env=environment, cwd=folder))
