"""The shapes of many answers, read in a process that may crash, hang or eat memory: see `shape`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.delivery.grading.overview.shape import LONGEST, SECONDS

PROGRAM = Path(__file__).with_name("shape.py")
Feature = tuple[str, str]  # its kind, "statement", "name", "constant" or "comment", and what it is


@dataclass(frozen=True)
class Shape:
    """What an answer is made of.

    Attributes:
        whole: the same for the same code under other names, in another layout.
        lines: where each feature stands, counted from 1.
        sizes: of statements in nodes, of names and comments in letters.
    """

    whole: str
    lines: Mapping[Feature, tuple[int, ...]] = field(default_factory=dict)
    sizes: Mapping[Feature, int] = field(default_factory=dict)


def shapes(sources: Iterable[str]) -> dict[str, Shape]:
    """The shape of each source that is Python; those that cannot be read are left out.

    The process gets nothing but the answers. If it ends at one of them, that one is left out, and
    another process goes on behind it.
    """
    waiting = [one for one in dict.fromkeys(sources) if len(one) <= LONGEST]
    found: dict[str, Shape] = {}
    while waiting:
        replies = ask(waiting)
        for source, reply in zip(waiting, replies):
            if reply is not None:
                found[source] = as_shape(reply)
        waiting = waiting[len(replies) + 1 :]  # the next one is where it ended
    return found


def ask(sources: list[str]) -> list[dict | None]:
    """What the process says of the sources, as far as it came."""
    lines = "".join(f"{json.dumps(one)}\n" for one in sources)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(PROGRAM)],
            input=lines.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir() if PROGRAM.drive else "/",
            env={name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
            timeout=60 + SECONDS * len(sources),  # its own clock is faster; this one never rings
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return [json.loads(line) for line in (late.stdout or b"").split(b"\n")[:-1]]
    return [json.loads(line) for line in done.stdout.split(b"\n")[:-1]]


def as_shape(reply: dict) -> Shape:
    lines: dict[Feature, tuple[int, ...]] = {}
    sizes: dict[Feature, int] = {}
    for digest, first, last, size in reply["statements"]:
        feature = "statement", digest
        lines[feature] = (*lines.get(feature, ()), *range(first, last + 1))
        sizes[feature] = size
    for kind in ("names", "constants", "comments"):
        for text, places in reply[kind].items():
            feature = kind[:-1], text
            lines[feature], sizes[feature] = tuple(places), len(text)
    return Shape(reply["whole"], lines, sizes)
