"""Where each file came from: what a platform wrote of it, for due dates and for the way back."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from course_utils.delivery.grading.classroom import Classroom, ClassroomError
from course_utils.delivery.grading.safely_read import read_below
from course_utils.delivery.grading.submission import NotReadable
from course_utils.delivery.grading.versions import Version
from course_utils.files import write_atomically

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# Blackboard: "01_set_ada_attempt_2026-11-25-10-15-00_..."; nbgrader's inbound folder:
# "ada+01_set+2026-11-25 10:15:00.5 UTC+..."; Brightspace: "1-2 - Ada - 25 November, 2026 1015 AM"
# or "... - Nov 25, 2026 1015 AM"; Moodle and Canvas write none.
BLACKBOARD = re.compile(r"_attempt_(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)")
NBGRADER = re.compile(r"^[^+]+\+[^+]+\+(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? UTC")
BRIGHTSPACE = re.compile(
    r" - (?:(?P<d>\d\d?) (?P<m>[A-Z][a-z]{2})[a-z]*,?|(?P<M>[A-Z][a-z]{2})[a-z]* (?P<D>\d\d?),)"
    r" (?P<y>\d{4}) (?P<h>\d\d?):?(?P<min>\d\d) (?P<half>[AP]M)$"
)
MOODLE = re.compile(r"^(?P<who>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?")
CANVAS = re.compile(r"^(?P<who>[^_]+)(?P<late>_LATE)?_(?P<number>\d+)_\d+_")


@dataclass(frozen=True)
class Origin:
    """Of one file.

    Attributes:
        source: the name of the zip or folder.
        place: where it was in there.
        digest: of the file: what is said here is of no other.
        written: when it was handed in, as the platform wrote it into the place, in ISO's form.
        late: whether the platform calls it late.
    """

    source: str
    place: str
    digest: str
    written: str = ""
    late: bool = False


def keep(classroom: Classroom, source: Path, laid: Mapping[tuple[str, str], Version]) -> None:
    """Note where files came from that are in `submitted/` now, by learner and set.

    A time that a name holds is the platform's only if all names of the same source hold one: a
    single learner may call a file as they like.
    """
    if not laid:
        return
    times = {key: time_in(found.file.place) for key, found in laid.items()}
    believed = all(times.values())
    known = _read(classroom)
    for (learner, name), found in laid.items():
        origin = Origin(
            source.resolve().name,
            found.file.place,
            digest_of(found.content),
            times[learner, name] if believed else "",
            any(match["late"] for match in map(CANVAS.match, found.file.place.split("/")) if match),
        )
        known.setdefault(learner, {})[name] = asdict(origin)
    text = json.dumps(known, indent=1, sort_keys=True) + "\n"
    write_atomically(_path(classroom), text.encode("utf-8", "surrogatepass"))


def origins(classroom: Classroom, name: str) -> dict[str, Origin]:
    """Of a set, by learner; none for a file that is another one by now.

    Raises ClassroomError if what was noted cannot be read.
    """
    found = {}
    for learner, sets in _read(classroom).items():
        if name not in sets:
            continue
        origin = Origin(**sets[name])
        with contextlib.suppress(NotReadable):
            content = read_below(classroom.submitted, [learner, name, f"{name}.ipynb"])
            if origin.digest == digest_of(content):
                found[learner] = origin
    return found


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def time_in(place: str) -> str:
    """The time that a platform wrote into a path, in ISO's form; "" if there is none.

    The outermost name that holds one counts: what is inside of a learner's folder is the learner's.
    """
    for part in place.split("/"):
        if MOODLE.match(part) or CANVAS.match(part):
            return ""
        if found := BLACKBOARD.search(part):
            return f"{found[1]}T{found[2]}:{found[3]}:{found[4]}"
        if found := NBGRADER.match(part):
            return f"{found[1]}T{found[2]}+00:00"
        if (found := BRIGHTSPACE.search(part)) and _month(found) in MONTHS:
            hour = int(found["h"]) % 12 + 12 * (found["half"] == "PM")
            month, day = MONTHS.index(_month(found)) + 1, int(found["d"] or found["D"])
            return f"{found['y']}-{month:02}-{day:02}T{hour:02}:{found['min']}:00"
    return ""


def _month(found: re.Match) -> str:
    return (found["m"] or found["M"]).lower()


def _path(classroom: Classroom) -> Path:
    return classroom.folder / "origins.json"


def _read(classroom: Classroom) -> dict[str, dict[str, dict]]:
    path = _path(classroom)
    if not path.exists():
        return {}
    try:
        known = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
        for sets in known.values():
            for one in sets.values():
                Origin(**one)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ClassroomError(
            f"{path} is damaged: restore it from a copy, or remove it and collect once more."
        ) from None
    return known
