"""How learning platforms write names into their exports. docs/grading.md has the table.

A pattern counts only if every file of an export fits it and what it reads is plausible: one name
for each number, and nobody's file is everybody's. What a platform puts first it has written
itself; whatever a learner chose stands behind it, so patterns are read from the left.
"""

from __future__ import annotations

import re
from collections import defaultdict

from course_utils.delivery.grading.claims import Claim, Export, Layout
from course_utils.delivery.grading.platforms import ID, blackboard, brightspace, canvas, gradescope

DEEPEST = 4  # folders around an export
BESIDE = {"csv", "tsv", "xls", "xlsx", "ods", "db", "md", "log", "url", "yml", "ini"}


def written(pattern: str) -> re.Pattern:
    """A pattern; learners' parts of a name may even hold line breaks."""
    return re.compile(pattern, re.DOTALL)


LAYOUTS = {
    one.name: one
    for one in (
        Layout(
            "moodle", "Moodle",
            written(
                r"(?P<who>[^_/]+)_(?:(?P<number>\d+)_)?assignsubmission_[a-z]+(?:_[^/]*)?(?:/.*)?"
            ),
            "assignment",
        ),
        Layout(
            "canvas", "Canvas",
            written(
                r"(?:(?:LATE_)?anon_(?P<anon>[A-Za-z0-9]+)|"
                r"(?P<who>[^\WA-Z]+?)(?:_LATE)?_(?P<number>ID))"
                r"(?:_(?:text|link)\.html|_(?P<file>ID)(?P<rest>_[^/]+))".replace("ID", ID)
            ),
            "platform", read=canvas,
        ),
        Layout(
            "blackboard", "Blackboard",
            written(
                r"(?P<head>[^/]+?)_attempt_"
                r"(?P<when>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:\.txt|_(?P<rest>[^/]+))"
            ),
            "platform", read=blackboard,
        ),
        Layout(
            "brightspace", "Brightspace",
            written(
                r"(?P<number>\d+)-\d+ - (?P<who>[^/]+?) - "
                r"(?P<when>[^/]*?\b\d{4}\b[^/]*?[AP]M)(?: - [^/]+|/.*)?"
            ),
            "platform", written(r"index\.html"), brightspace,
        ),
        Layout(
            "nbgrader", "nbgrader",
            written(
                r"(?P<who>[^+/]+)\+[^+/]+\+"
                r"(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+/]*)(?:\+[^/]*)?/.*"
            ),
        ),
        Layout(
            "sakai", "Sakai",
            written(
                r"(?P<who>[^/()]+, ?[^/()]*)\((?P<number>[^/()]+)\)/Submission attachment\(s\)/.*"
            ),
            "platform",
            written(
                r"grades\.(csv|xlsx?)|[^/]+/([^/]+\.(txt|html)|Feedback Attachment\(s\)/.*)"
            ),
        ),
        Layout(
            "gradescope", "Gradescope", written(r"(?P<folder>submission_\d+)/.*"),
            "platform", written(r"submission_metadata\.yml"), gradescope,
        ),
        Layout(
            "teams", "Teams",
            written(r"(?P<who>[^/]+)/[^/]+/Version (?P<when>\d+)/[^/]+"),
        ),
        Layout(
            "ilias", "ILIAS",
            written(r"(?P<who>[^_/]+_[^/]+_(?P<login>[^_/]+)_(?P<number>[1-9]\d*))/.*"),
            "platform", written(r"[^/]*status[^/]*\.(xlsx?|csv|xml)"),
        ),
        Layout(
            "google-classroom", "Google Classroom",
            written(r"(?P<who>[^/]+?) - (?P<title>[^/]+?)(?: \(\d+\))?"),
        ),
    )
}  # fmt: skip
BY_HAND = ("folders", "flat")  # what the teacher may name besides


def read_as(layout: Layout, export: Export) -> tuple[list[Claim | None], int, int]:
    """The claims at the level of folders where most fit, how many fit, and the level."""
    best: tuple[list[Claim | None], int, int] = ([None] * len(export.places), 0, 0)
    for level in range(DEEPEST):
        claims = layout.claims(export, level)
        fit = sum(
            claim is not None or layout.adds(parts, level) or is_beside(parts)
            for claim, parts in zip(claims, export.places)
        )
        if fit > best[1] and any(claims):
            best = claims, fit, level
    return best


def is_beside(parts: list[str]) -> bool:
    """Whether a file may lie beside an export without being a part of it: a list or a note."""
    return len(parts) == 1 and parts[0].lower().rpartition(".")[2] in BESIDE


def plausible(layout: Layout, claims: list[Claim | None], export: Export, level: int) -> bool:
    """Whether a platform could have written these names.

    One number has one name; people and their files differ; and below folders that learners may
    have named, there are several people.
    """
    made = [one for one in claims if one]
    names, people = defaultdict(set), {(one.who, one.number) for one in made}
    for one in made:
        names[one.number or one.who].add(one.who)
    if any(len(some) > 1 for some in names.values()):
        return False
    if level and len(people) < 2:
        return False
    if layout.name == "canvas":
        files = [one.when for one in made if one.when and not one.hidden]
        alike = len(made) > 1 and len({one.who for one in made}) == 1 and not made[0].hidden
        late = any("_LATE_" in part for parts in export.places for part in parts)
        return len(files) == len(set(files)) and (late or not alike)
    if layout.name == "google-classroom":
        found = [layout.pattern.fullmatch("/".join(parts[level:])) for parts in export.places]
        return len({match["title"] for match in found if match}) == 1 < len(people)
    return True
