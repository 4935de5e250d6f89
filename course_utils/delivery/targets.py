"""A target of the Makefile, where there is no make: bootstrap.py sets up and then starts this."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from course_utils.interpreter import clean
from course_utils.place import COURSE

RULE = r"^{0}: (?:lab-)?setup ##.*\n((?:\t@.*\n)+)"
FEW = "$(filter --quick,$(ARGS))"  # the one function of make that the Makefile uses there


def commands(target: str, options: list[str], makefile: str) -> list[list[str]]:
    """The command lines of a target, with `options` where make puts ARGS."""
    (found,) = re.findall(RULE.format(re.escape(target)), makefile, re.MULTILINE)
    few = [one for one in options if one == "--quick"]
    result = []
    for line in found.replace(FEW, "QUICK").splitlines():
        words: list[str] = []
        for word in shlex.split(line.strip().removeprefix("@")):
            words += {"$(ARGS)": options, "QUICK": few}.get(word, [word])
        result.append([program(words[0]), *words[1:]])
    return result


def program(word: str) -> str:
    """The path of `$(BIN)/course` in this environment, on any system."""
    ending = ".exe" if os.name == "nt" else ""
    return str(Path(sys.executable).parent / f"{word.removeprefix('$(BIN)/')}{ending}")


def call(words: list[str]) -> int:
    """Run a command to its end and return its status; Ctrl-C is for it to answer."""
    process = subprocess.Popen(words, cwd=COURSE, env=clean(dict(os.environ)))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def main() -> None:
    """Run the target that stands first on the command line."""
    target, *options = sys.argv[1:]
    makefile = (COURSE / "Makefile").read_text(encoding="utf-8")
    for words in commands(target, options, makefile):
        if status := call(words):
            sys.exit(status if status > 0 else 128 - status)


if __name__ == "__main__":
    main()
