"""Many `course` commands in one interpreter, each in a process forked from it.

They come out as if each had been typed: its own `main`, its own status, its own words. What they
import is imported once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORKS = """
import json, os, sys, tempfile
from course_utils.delivery.cli import course, main

def all_of(first, *others):
    sys.argv[0], kept, found = "course", sys.stdout, []
    sys.stdout = sys.stderr
    course(first, standalone_mode=False)  # it imports what the others need
    sys.stdout = kept
    for words in others:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            if not (child := os.fork()):
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                sys.argv[1:] = words
                main()
                os._exit(0)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            out.seek(0), err.seek(0)
            found.append((status, out.read().decode(), err.read().decode()))
    print(json.dumps(found))

"""


def commands_said(
    first: list[str],
    others: list[list[str]],
    inside: list[str] | None = None,
    before: str = "",
    **options: object,
) -> list[tuple[int, str, str]]:
    """The status of each of the others, and what it wrote to its two outputs.

    Args:
        first: a command that ends well, in the process that the others are forked from.
        others: commands that may fail.
        inside: a program, with its options, in which all of it runs.
        before: Python that changes the course.
        options: of the process.
    """
    code = f"{before}\n{FORKS}\nall_of(*json.loads(sys.argv[1]))"
    done = subprocess.run(
        [*(inside or []), sys.executable, "-c", code, json.dumps([first, *others])],
        capture_output=True,
        text=True,
        timeout=900,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        **options,
    )
    assert done.returncode == 0, done.stderr
    return [tuple(one) for one in json.loads(done.stdout)]
