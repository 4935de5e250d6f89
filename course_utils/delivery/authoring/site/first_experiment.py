"""The experiment of lesson 00 without a kernel: what its three networks believe, written down.

    python -m course_utils.delivery.authoring.site.first_experiment     after lesson 00 has changed

The lesson asks its networks twice: before and after they practise with longer sentences. Its
cells are run once, and what the networks say is kept for both. The RNN depends on how a processor
rounds: the record goes with the pictures of the lesson.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout

from course_utils.delivery.authoring.document import documents
from course_utils.delivery.authoring.execution import ENVIRONMENT
from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.dial.recording import PATH, made_of

LESSON = "00"
PREDICTED = "from course_utils.predictions import"
PARTS = {"near": "scene", "far": "after_practice"}  # what the lesson calls the networks' answers
SHOWN = ("show(", "sentence_dial(", "from course_utils.dial import first_dial", PREDICTED)
DISTANCES = range(3, 61)
Names = dict[str, object]


def measure(last: str = "far") -> dict[str, object]:
    """The recordings of all parts up to `last`; what they share stands once."""
    parts: dict[str, object] = {}
    with redirect_stdout(sys.stderr):  # what the lesson prints, and its bars
        for part, names in _answers():
            near, trained = names["near"], names[part].distance_range
            made = made_of(names[PARTS[part]], near.countries, DISTANCES, trained)
            parts[part] = {name: made.pop(name) for name in ("trained", "beliefs")}
            if part == last:
                break
    return {"lesson": fingerprint(), **made, "parts": parts}


def fingerprint() -> str:
    """A short hash of the code that is run: with another one the record is out of date."""
    return hashlib.sha256("\n\n".join(_cells()).encode()).hexdigest()[:16]


def _cells() -> list[str]:
    """The code of the lesson up to the last of `PARTS`, without what it shows."""
    code = [cell.source for cell in documents([LESSON])[0].text().cells if cell.cell_type == "code"]
    last = f"def {list(PARTS.values())[-1]}("
    found = [number for number, source in enumerate(code) if last in source]
    if not found:
        raise SiteError(f"Lesson {LESSON} has no cell with {last!r}, of which the record is made.")
    return [source for source in code[: found[0] + 1] if not source.startswith(SHOWN)]


def _answers() -> Iterator[tuple[str, Names]]:
    """Run the lesson; each part as soon as it can be asked, and what the cells have defined."""
    os.environ.update(ENVIRONMENT)  # before NumPy is there: threads round differently
    names: Names = {}
    waiting = dict(PARTS)
    for source in _cells():
        exec(source, names)
        for part in [part for part, name in waiting.items() if name in names]:
            del waiting[part]
            yield part, names


if __name__ == "__main__":
    text = json.dumps(measure(), separators=(",", ":"), ensure_ascii=False)
    PATH.write_text(text + "\n", encoding="utf-8")
    print(f"{PATH.name}: {len(text) // 1000} kB")
