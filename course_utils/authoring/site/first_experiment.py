"""The experiment of lesson 00 without a kernel: what its three networks believe, written down.

    python -m course_utils.authoring.site.first_experiment     after lesson 00 has changed

The lesson has two dials, before and after its networks practise with longer sentences. Its cells
are run once, and what the networks say of each country at each distance is kept for both. The RNN
depends on how a processor rounds: the record goes with the pictures of the lesson.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout

from course_utils.authoring.document import documents
from course_utils.authoring.execution import ENVIRONMENT
from course_utils.authoring.site.folders import SOURCES, SiteError

PATH = SOURCES / "first_experiment.json"
LESSON = "00"
DIAL, FIGURE = "sentence_dial(", "show("
PARTS = ("near", "far")  # the dials in order, each by the lesson's name for the task just practised
DISTANCES = range(3, 61)
ANSWERS = 3  # of each network: the right one, and the likeliest of the others
PRECISION = 1000
Names = dict[str, object]


def measure(last: str = PARTS[-1]) -> dict[str, object]:
    """The networks' first answers for each country at each distance, in thousandths, up to a part.

    An answer is the number of a language, and is followed by how likely the network finds it.
    """
    parts: dict[str, object] = {}
    with redirect_stdout(sys.stderr):  # what the lesson prints
        for part, names in _dials():
            parts[part] = _part(names, part)
            if part == last:
                break
    near, languages = names["near"], list(names["near"].answers)
    some = [names["scene"](near.countries[0], words) for words in DISTANCES]
    return {
        "lesson": fingerprint(),
        "distances": list(DISTANCES),
        "texts": [" ".join(one.words).replace(one.clue, "*") for one in some],
        "languages": languages,
        "countries": {one: languages.index(names["language"][one]) for one in near.countries},
        "parts": parts,
    }


def fingerprint() -> str:
    """A short hash of the code that is run: with another one the record is out of date."""
    return hashlib.sha256("\n\n".join(_cells()).encode()).hexdigest()[:16]


def _cells() -> list[str]:
    """The code of the lesson up to its last dial, without the figures."""
    code = [cell.source for cell in documents([LESSON])[0].text().cells if cell.cell_type == "code"]
    dials = [number for number, source in enumerate(code) if source.startswith(DIAL)]
    if len(dials) != len(PARTS):
        raise SiteError(f"Lesson {LESSON} has {len(dials)} dials; the record needs {len(PARTS)}.")
    return [source for source in code[: dials[-1] + 1] if not source.startswith(FIGURE)]


def _dials() -> Iterator[tuple[str, Names]]:
    """Run the lesson; at each dial, the part and what the cells have defined so far."""
    os.environ.update(ENVIRONMENT)  # before NumPy is there: threads round differently
    names: Names = {}
    parts = iter(PARTS)
    for source in _cells():
        if source.startswith(DIAL):
            yield next(parts), names
        else:
            exec(source, names)


def _part(names: Names, part: str) -> dict[str, object]:
    countries, languages = names["near"].countries, list(names["near"].answers)
    scenes = {one: [names["scene"](one, words) for words in DISTANCES] for one in countries}
    return {
        "trained": list(names[part].distance_range),
        "beliefs": {
            country: {
                network: [_first(one, network, languages) for one in some]
                for network in names["networks"]
            }
            for country, some in scenes.items()
        },
    }


def _first(scene: object, network: str, languages: list[str]) -> list[int]:
    pairs = scene.first(network, ANSWERS)
    return [
        number
        for answer, belief in pairs
        for number in (languages.index(answer), round(PRECISION * float(belief)))
    ]


if __name__ == "__main__":
    text = json.dumps(measure(), separators=(",", ":"), ensure_ascii=False)
    PATH.write_text(text + "\n", encoding="utf-8")
    print(f"{PATH.name}: {len(text) // 1000} kB")
