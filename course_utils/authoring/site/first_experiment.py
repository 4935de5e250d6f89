"""The first experiment of the landing page: what three networks of lesson 00 believe, written down.

    python -m course_utils.authoring.site.first_experiment     after lesson 00 has changed

A page has no kernel. So the cells of the lesson, up to the one that makes a scene, are run once, and
what its networks say at each distance is kept in docs/site/first_experiment.json.
"""

from __future__ import annotations

import json
import os

from course_utils.authoring.document import documents
from course_utils.authoring.site.folders import SOURCES

PATH = SOURCES / "first_experiment.json"
LESSON, MAKES = "00", "scene"
COUNTRIES = ("France", "Greece", "Japan", "Poland", "Sweden")
DISTANCES = range(3, 61)
ANSWERS = 3  # of each network
PRECISION = 1000


def measure() -> dict[str, object]:
    """The networks' first answers for each country at each distance, in thousandths."""
    names = _names()
    scenes = {
        country: [names[MAKES](country, words) for words in DISTANCES]
        for country in COUNTRIES
        if country in names["near"].countries
    }
    return {
        "distances": list(DISTANCES),
        "countries": {
            country: {
                "answer": some[0].answer,
                "words": [" ".join(one.words) for one in some],
                "beliefs": {
                    network: [_first(one, network) for one in some] for network in some[0].beliefs
                },
            }
            for country, some in scenes.items()
        },
    }


def _names() -> dict[str, object]:
    """What the lesson's cells have defined when MAKES is there; its networks are then trained."""
    os.environ["COURSE_BUILD"] = "1"  # no progress bars
    names: dict[str, object] = {}
    for cell in documents([LESSON])[0].text().cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
        if MAKES in names:
            return names
    raise LookupError(f"No cell of lesson {LESSON} defines {MAKES}.")


def _first(scene: object, network: str) -> list[list[object]]:
    """The likeliest answers, the right one among them."""
    first = scene.first(network, ANSWERS)
    return [[answer, round(PRECISION * float(belief))] for answer, belief in first]


if __name__ == "__main__":
    text = json.dumps(measure(), separators=(",", ":"), ensure_ascii=False)
    PATH.write_text(text + "\n", encoding="utf-8")
    print(f"{PATH.name}: {len(text) // 1000} kB")
