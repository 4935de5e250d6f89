"""The first experiment of the landing page: what three networks of lesson 00 believe, written down.

    python -m course_utils.authoring.site.first_experiment     after lesson 00 has changed

A page has no kernel. So the cells of the lesson, up to the one that makes a scene, are run once,
and what its networks say of each country at each distance is kept in first_experiment.json. The
RNN depends on how a processor rounds: the record goes with the pictures of the lesson.
"""

from __future__ import annotations

import hashlib
import json
import os

from course_utils.authoring.document import documents
from course_utils.authoring.execution import ENVIRONMENT
from course_utils.authoring.site.folders import SOURCES

PATH = SOURCES / "first_experiment.json"
LESSON, MAKES = "00", "scene"
DISTANCES = range(3, 61)
ANSWERS = 3  # of each network: the right one, and the likeliest of the others
PRECISION = 1000


def measure() -> dict[str, object]:
    """The networks' first answers for each country at each distance, in thousandths.

    An answer is the number of a language, and is followed by how likely the network finds it.
    """
    names = _names()
    near, language, networks = names["near"], names["language"], names["networks"]
    countries, languages = list(near.countries), list(near.answers)
    scenes = {
        country: [names[MAKES](country, words) for words in DISTANCES] for country in countries
    }
    return {
        "lesson": fingerprint(),
        "trained": list(near.distance_range),
        "distances": list(DISTANCES),
        "texts": [" ".join(one.words).replace(one.clue, "*") for one in scenes[countries[0]]],
        "languages": languages,
        "countries": {country: languages.index(language[country]) for country in countries},
        "beliefs": {
            country: {
                network: [_first(one, network, languages) for one in some] for network in networks
            }
            for country, some in scenes.items()
        },
    }


def fingerprint() -> str:
    """A short hash of the code that is run: with another one the record is out of date."""
    return hashlib.sha256("\n\n".join(_cells()).encode()).hexdigest()[:16]


def _cells() -> list[str]:
    """The code of the lesson as far as the cell that defines MAKES."""
    code = [cell.source for cell in documents([LESSON])[0].text().cells if cell.cell_type == "code"]
    for number, source in enumerate(code, 1):
        if f"def {MAKES}(" in source:
            return code[:number]
    raise LookupError(f"No cell of lesson {LESSON} defines {MAKES}.")


def _names() -> dict[str, object]:
    """What these cells have defined; the networks are then trained."""
    os.environ.update(ENVIRONMENT)  # before NumPy is there: threads round differently
    names: dict[str, object] = {}
    for source in _cells():
        exec(source, names)
    return names


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
