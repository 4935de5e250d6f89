"""Who handed in a file, from its path: learning platforms and people put much else into names."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

LONGEST_NAME, MOST_BYTES = 80, 200  # letters; bytes, of which a file system takes 255
# Moodle: "Ada Lovelace_123_assignsubmission_file_"; Canvas: "lovelaceada_LATE_123_456_"; nbgrader's
# inbound folder: "ada+01_set+2026-11-25 ..."; Blackboard: "01_set_ada_attempt_2026-11-25-...".
PLATFORMS = (
    re.compile(r"^(?P<who>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)"),
    re.compile(r"^(?P<who>[^_]+)(?:_LATE)?_(?P<number>\d+)_\d+_."),
    re.compile(r"^(?P<who>[^+]+)(?P<number>)\+[^+]+\+\d{4}-\d\d-\d\d"),
    re.compile(r"^(?:.*_)?(?P<who>[^_]+)(?P<number>)_attempt_\d{4}"),
)
NO_NAME = re.compile(r"^(submitted|submissions?|exercises?|notebooks?|\d\d_\w+|)$", re.IGNORECASE)


def common_folders(places: list[str]) -> list[str]:
    """The folders that all of several paths start with: they tell learners apart from nobody."""
    if len(places) < 2:
        return []
    levels = zip(*(place.split("/")[:-1] for place in places))
    return [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]


def learner_of(place: str, set_name: str, common: list[str], inner: bool = True) -> tuple[str, str]:
    """The learner's name from a path inside what was handed in, and their number on the platform.

    What a platform has written counts first, then the outermost folder that is not common to
    all, then the file's name, without what sets and copies add to it. What is inside of a
    learner's folder the learner has named, so of two names the outer one counts; and `inner` says
    whether a platform's name counts at all below a folder of another kind (see `inner_names`).
    """
    own, stem = parts_of(place, common)
    candidates = [bare(text, set_name) for text in [*own, stem, *reversed(common)]]
    named = [text for text in candidates if not NO_NAME.match(text)]
    for text in [*own, stem, *reversed(common)]:
        if match := platform_name(text):
            return as_name(match["who"]), match["number"]
        if not inner and bare(text, set_name) in named:
            break
    return as_name(named[0] if named else stem), ""


def inner_names(places: list[str], common: list[str]) -> bool:
    """Whether names of a platform count below folders of another kind, such as one for each group.

    Only if most of these folders hold nothing else: the file of a single learner that is named
    like another's is no export of a platform.
    """
    folders: dict[str, list[bool]] = {}
    for place in places:
        own, stem = parts_of(place, common)
        if own and not platform_name(own[0]):
            there = any(map(platform_name, [*own[1:], stem]))
            folders.setdefault(own[0], []).append(there)
    return 2 * sum(map(all, folders.values())) > len(folders)


def parts_of(place: str, common: list[str]) -> tuple[list[str], str]:
    """The folders of a path that are not common to all, and the file's name without its ending."""
    *folders, name = place.split("/")
    return folders[len(common) :], re.sub(r"\.ipynb$", "", name, flags=re.IGNORECASE)


def platform_name(text: str) -> re.Match | None:
    """What a platform has written into a name: `who`, and their `number` if it says one."""
    matches = (pattern.match(text) for pattern in PLATFORMS)
    return next((match for match in matches if match), None)


def told_apart(found: dict[str, tuple[str, str]]) -> tuple[dict[str, str], list[str]]:
    """The learner of each place, all of one set; one name with two numbers is two learners.

    Args:
        found: names and numbers (see `learner_of`) by place.

    Returns:
        Their names by place, and a sentence for each name that several have.
    """
    numbers: dict[str, set[str]] = {}
    for name, number in found.values():
        numbers.setdefault(name, set()).update({number} - {""})
    several = {name: len(some) for name, some in numbers.items() if len(some) > 1}
    learners = {
        place: as_name(f"{name[:60]}_{number}") if name in several and number else name
        for place, (name, number) in found.items()
    }
    said = [
        f"{count} learners are called {name}: the platform's numbers tell them apart here."
        for name, count in sorted(several.items())
    ]
    return learners, said


def bare(text: str, set_name: str) -> str:
    """A name without the set's, in full or as a number at either end, and without "-Copy1"."""
    number = re.escape(set_name.split("_")[0])
    text = re.sub(r"([-_ ]?Copy\d*|[ _]?\(\d+\))$", "", text).replace(set_name, "")
    text = re.sub(rf"^{number}(?=[-_. ])|(?<=[-_. ]){number}$", "", text)
    return text.strip("-_. ()") if text != set_name else ""


def as_name(text: str) -> str:
    """A text as the name of a folder and a learner: letters, digits, dots, dashes, underscores."""
    text = unicodedata.normalize("NFC", text)
    kept = re.sub(r"[^\w.@-]+", "_", text).strip("._-@")[:LONGEST_NAME]
    return kept.encode()[:MOST_BYTES].decode(errors="ignore").strip("._-@") or "unnamed"


def printable(text: str) -> str:
    """A foreign name for the screen: short, and with nothing in it that a terminal obeys."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= 120 else f"{shown[:60]}...{shown[-57:]}"
