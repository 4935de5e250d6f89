"""Who handed in a file, from its path: learning platforms and people put much else into names."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

LONGEST_NAME = 80
# Moodle: "Ada Lovelace_123_assignsubmission_file_"; Canvas: "lovelaceada_LATE_123_456_"; nbgrader's
# inbound folder: "ada+01_set+2026-11-25 ..."; Blackboard: "01_set_ada_attempt_2026-11-25-...".
PLATFORMS = (
    re.compile(r"^(?P<who>.+?)_\d+_assignsubmission_(?:file|onlinetext)"),
    re.compile(r"^(?P<who>[^_]+)(?:_LATE)?_\d+_\d+_."),
    re.compile(r"^(?P<who>[^+]+)\+[^+]+\+\d{4}-\d\d-\d\d"),
    re.compile(r"^(?:.*_)?(?P<who>[^_]+)_attempt_\d{4}"),
)
NO_NAME = re.compile(r"^(submitted|submissions?|exercises?|notebooks?|\d\d_\w+|)$", re.IGNORECASE)


def common_folders(places: list[str]) -> list[str]:
    """The folders that all of several paths start with: they tell learners apart from nobody."""
    if len(places) < 2:
        return []
    levels = zip(*(place.split("/")[:-1] for place in places))
    return [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]


def learner_of(place: str, set_name: str, common: list[str]) -> str:
    """The learner's name from a path inside what was handed in.

    What a platform has written counts first, then the outermost folder that is not common to
    all, then the file's name, without what sets and copies add to it.
    """
    *folders, name = place.split("/")
    stem = re.sub(r"\.ipynb$", "", name, flags=re.IGNORECASE)
    for text in [*reversed(folders), stem]:
        for pattern in PLATFORMS:
            if match := pattern.match(text):
                return as_name(match["who"])
    own = folders[len(common) :]
    candidates = [bare(text, set_name) for text in [*own, stem, *reversed(common)]]
    named = [text for text in candidates if not NO_NAME.match(text)]
    return as_name(named[0] if named else stem)


def bare(text: str, set_name: str) -> str:
    """A name without the set's, in full or as a number at either end, and without "-Copy1"."""
    number = re.escape(set_name.split("_")[0])
    text = re.sub(r"([-_ ]?Copy\d*|[ _]?\(\d+\))$", "", text).replace(set_name, "")
    text = re.sub(rf"^{number}(?=[-_. ])|(?<=[-_. ]){number}$", "", text)
    return text.strip("-_. ()") if text != set_name else ""


def as_name(text: str) -> str:
    """A text as the name of a folder and a learner: letters, digits, dots, dashes, underscores."""
    text = unicodedata.normalize("NFC", text)
    kept = re.sub(r"[^\w.@-]+", "_", text).strip("._-@")
    return kept[:LONGEST_NAME].strip("._-@") or "unnamed"


def printable(text: str) -> str:
    """A foreign name for the screen: short, and with nothing in it that a terminal obeys."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= 120 else f"{shown[:60]}...{shown[-57:]}"
