"""Runs a program as if there were no course: python -I -S alone.py PROGRAM FOLDER [PACKAGES].

Nothing of the course can be imported, nothing be written but into FOLDER, nothing be fetched.
-S leaves out the .pth file by which this environment finds the course; the folder of packages is
then put on the path by hand, and whoever asks for course_utils all the same is refused.
"""

import os
import runpy
import sys
from pathlib import Path

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Refused(Exception):
    """What a program on its own must not do."""


class NoCourse:
    """Refuses to import the course, where it is installed as well."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.split(".")[0] == "course_utils":
            raise ImportError(f"{name} is of the course: a program on its own has none")


def watch(folder: Path) -> None:
    """Refuse connections, and files that are opened for writing outside of `folder`."""

    def hook(event: str, args: tuple) -> None:
        if event in ("socket.connect", "socket.getaddrinfo"):
            raise Refused(f"{event} {args}")
        if event == "open" and isinstance(args[0], str | bytes) and args[2] & WRITES:
            path = Path(os.path.abspath(os.fsdecode(args[0])))
            if folder not in path.parents and path.parts[1] not in ("dev", "proc"):
                raise Refused(f"writes {path}")

    sys.addaudithook(hook)


if __name__ == "__main__":
    program, folder, *packages = sys.argv[1:]
    sys.path[1:] = [*sys.path[1:], *packages]
    del sys.path[0]  # the folder of this file
    sys.meta_path.insert(0, NoCourse())
    watch(Path(folder))
    sys.argv = [program]
    runpy.run_path(program, run_name="__main__")
