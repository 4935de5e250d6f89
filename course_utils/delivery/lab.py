"""Starting JupyterLab on a workbook, with the kernel and the tools of this environment."""

import contextlib
import importlib.util
import os
import socket
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from course_utils import CourseError
from course_utils.delivery import proxies
from course_utils.interpreter import SAFE_FOLDER, become, clean, python
from course_utils.language import translated

SETTINGS = Path(__file__).with_name("lab_settings")
LOOK = Path(__file__).parents[1] / "plots" / "look"  # custom.css: figures in the dark
FOR_TEACHERS = ("assignment_list", "course_list", "formgrader", "validate_assignment")


class LabError(CourseError):
    """Why JupyterLab cannot start and what to do about it, in one sentence."""


def launch(folder: Path, lesson: str, port: int | None, options: list[str]) -> None:
    """Replace this process by JupyterLab, open on `lesson`, a path inside `folder`.

    Raises:
        LabError: if JupyterLab is not installed or the port is taken.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise LabError(
            translated("JupyterLab is not installed in this environment: run `make lab`.")
        )
    if port is not None:
        require_free(port)
    require_writable()
    jupyter = python("-m", "course_utils.delivery.lab")
    command = [*jupyter, *arguments(folder, lesson, port), *quietly(), *options]
    become(command, environment(), SAFE_FOLDER)


def arguments(folder: Path, lesson: str, port: int | None) -> list[str]:
    """JupyterLab's command line: where it works and what it opens."""
    result = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{quote(lesson)}",
        f"--LabApp.app_settings_dir={SETTINGS}",  # asks for no news: a workshop may be offline
        "--ServerApp.kernel_spec_manager_class=course_utils.delivery.kernels.OwnKernels",
        f"--ServerApp.jpserver_extensions={switched_off()}",
        "--LabApp.custom_css=True",
        f"--ServerApp.tornado_settings={ {'static_custom_path': [str(LOOK)]} }",
    ]
    if proxies.unusable(os.environ):  # through which it would look for extensions
        result += ["--LabApp.extension_manager=readonly"]
    if port is not None:
        result += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        result += ["--allow-root"]  # in a container there is often no other user
    return result


def quietly() -> list[str]:
    """Options that leave the address, warnings and errors of what JupyterLab prints."""
    return ["--Application.log_level=WARN"]


def switched_off() -> dict[str, bool]:
    """Extensions that come with packages of the course and that no learner needs.

    jupytext's would run a `.jupytext.py` that lies in the workbook.
    """
    off = {"jupytext": False}
    if importlib.util.find_spec("nbgrader") is not None:
        off |= {f"nbgrader.server_extensions.{name}": False for name in FOR_TEACHERS}
    return off


def environment() -> dict[str, str]:
    """The variables that make `python3` kernels and `!commands` those of this environment.

    A kernel gets one thread, unless the user has said otherwise: the lessons' matrices are small,
    and OpenBLAS with several threads is many times slower beside a busy neighbour.
    """
    result = clean(dict(os.environ)) | proxies.completed(os.environ)
    own_kernels = str(Path(sys.prefix, "share", "jupyter"))
    own_commands = str(Path(sys.executable).parent)
    for name, first in (("JUPYTER_PATH", own_kernels), ("PATH", own_commands)):
        result[name] = os.pathsep.join(filter(None, [first, result.get(name)]))
    result["KERAS_BACKEND"] = "tensorflow"
    result.setdefault("OMP_NUM_THREADS", "1")
    return result


def require_writable() -> None:
    """Raise LabError if there is no place for what JupyterLab keeps while it runs."""
    from jupyter_core.paths import jupyter_runtime_dir

    folder = Path(jupyter_runtime_dir())
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise LabError(
            translated(
                "JupyterLab must write to {folder} and cannot ({reason}): make it yours to write, "
                "or name another folder in the variable JUPYTER_RUNTIME_DIR.",
                folder=folder,
                reason=error.strerror,
            )
        ) from None


def require_free(port: int) -> None:
    """Raise LabError if something listens on `port` of this machine."""
    try:
        probe(port)
    except OSError as error:
        raise LabError(
            translated(
                "Port {port} cannot be used ({reason}), perhaps because JupyterLab runs there "
                "already: choose another, or leave --port out to get a free one.",
                port=port,
                reason=error.strerror,
            )
        ) from error


def is_free(port: int) -> bool:
    """Whether nothing listens on `port` of this machine."""
    try:
        probe(port)
    except OSError:
        return False
    return True


def probe(port: int) -> None:
    """Listen on a port for a moment; raises OSError if that is not possible."""
    with contextlib.closing(socket.socket()) as listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("localhost", port))


def trust(notebooks: list[Path]) -> None:
    """Sign notebooks that the course has just written, so that JupyterLab shows their outputs."""
    if not notebooks:
        return
    import nbformat
    from jupyter_core.paths import jupyter_data_dir
    from jupyter_core.utils import ensure_dir_exists
    from nbformat.sign import NotebookNotary

    kept = jupyter_data_dir()
    with contextlib.suppress(OSError):  # without it the signatures are lost, and nothing else
        ensure_dir_exists(kept, mode=0o700)
    # Told where, it starts no application, which would take over the logging of this process.
    notary = NotebookNotary(data_dir=kept)
    for path in notebooks:
        with contextlib.suppress(Exception):  # what cannot be read is shown as it is
            notary.sign(nbformat.read(path, as_version=4))


def leave_yarn_alone() -> None:
    """Spare JupyterLab's start two seconds of Node.js, which tell it nothing.

    It asks Yarn for settings and looks for lines that its own Yarn no longer prints; without
    Node.js it goes on with the same defaults. Only builds of JupyterLab would use them.
    """
    with proxies.put_aside():
        from jupyterlab import commands

    commands._yarn_config = lambda logger: {"yarn config": {}, "npm config": {}}


def run() -> None:
    """Be JupyterLab; Ctrl-C before it answers, too, ends it with one line."""
    try:
        with proxies.put_aside():
            from jupyterlab.labapp import main

        leave_yarn_alone()
        main()
    except KeyboardInterrupt:
        print(f"\n{translated('Stopped by Ctrl-C.')}", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    run()
