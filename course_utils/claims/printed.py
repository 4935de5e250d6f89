"""How a claim looks where it is printed, and how it is read back from there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from course_utils.claims import phrases
from course_utils.claims.measurement import Measurement
from course_utils.language import to_translate, translated
from course_utils.lines import columns, filled, joined

MARK = to_translate("✓ claim: ")
BELOW = " " * len(MARK)  # begins the further lines of a long claim
ARROW = "→ "
FOUND = ARROW.rjust(len(MARK))  # begins the line that says what was measured
IDENTITY = to_translate("identity")
NOTES = {
    "source": to_translate("source: "),
    "spirit": to_translate("in the spirit of: "),
    "published": to_translate("published: "),
}
CONTROL = "; control, "

LINE = re.compile(
    rf"^{re.escape(MARK)}(?P<text>.*?)(?: \[(?P<notes>[^\[\]]*)\])?(?: {ARROW}(?P<found>.*))?$"
)
NUMBER = r"-?(?:inf|nan|[\d,]+(?:\.\d+)?(?:e[+-]?\d+)?)"
MEASURED = re.compile(
    rf"^(?P<value>{NUMBER})(?P<average> on average)?(?: (?P<of>of|from) (?P<count>\d+) "
    rf"(?P<over>[^(]+) \((?P<low>{NUMBER}) to (?P<high>{NUMBER})\))?, "
    rf"(?:(?P<margin>{NUMBER}) spreads? |(?P<equal>all equal, ))?"
    rf"(?P<way>(?:above|below|within) {NUMBER}(?: to {NUMBER})?)(?:, nearest of (?P<rows>\d+))?"
    rf"(?:{CONTROL}(?P<control>.+): (?P<controlled>{NUMBER}(?: of \d+)?))?$"
)


class Read(NamedTuple):
    """What a measurement's line says.

    Attributes:
        value: as printed, "0.12" or "5 of 5".
        count, over: how many values there are and of what, "seeds"; 1 where it says nothing.
        margin: in spreads; infinite where all values are equal, None where there is one.
        relation: "below 0.3".
        control, controlled: its name and its value as printed; None without one.
    """

    value: str
    count: int
    over: str
    margin: float | None
    relation: str
    control: str | None
    controlled: str | None


def sentence(text: str, notes: Sequence[str]) -> str:
    """The lines of a claim without what was measured."""
    mark, text = translated(MARK), translated(text)
    return filled(text + (f" [{'; '.join(map(in_words, notes))}]" if notes else ""), mark)


def in_words(note: str) -> str:
    """ "source: Greff 2015": its first words are the course's."""
    if note == IDENTITY:
        return translated(IDENTITY)
    name = next(one for one in NOTES.values() if note.startswith(one))
    return translated(name) + note.removeprefix(name)


def measured_lines(found: Measurement, control: tuple[str, Measurement] | None) -> str:
    """The lines below a claim: value, spread, threshold with its margin, and the control."""
    name, value = (control[0], control[1].value) if control else ("", "")
    return _behind_arrow(phrases.measured(found.described, found.relation, name, value))


def _behind_arrow(text: str) -> str:
    return filled(text, ARROW.rjust(columns(translated(MARK))))


def retold(line: str) -> str:
    """A claim as `whole_lines` gives it, of a notebook in English, in the language of this process.

    Any other line stays as it is.
    """
    claimed = LINE.match(line)
    if not claimed:
        return line
    said = sentence(claimed["text"], claimed["notes"].split("; ") if claimed["notes"] else [])
    return (
        f"{said}\n{_behind_arrow(found_in_words(claimed['found']))}" if claimed["found"] else said
    )


def found_in_words(line: str) -> str:
    """What stands behind the arrow of a claim in English, in the language of this process."""
    found = MEASURED.match(line)
    if not found:
        return line
    what = phrases.found(
        found["value"],
        found["count"] or "",
        found["over"] or "",
        (found["low"] or "", found["high"] or ""),
        found["of"] == "of",
        bool(found["average"]),
    )
    way, _, ends = found["way"].partition(" ")
    low, _, high = ends.partition(" to ")
    above, below = {"above": (low, ""), "below": ("", low), "within": (low, high)}[way]
    rows, margin = int(found["rows"] or 1), found["margin"] or ""
    how = phrases.relation(phrases.asked(above, below), margin, bool(found["equal"]), rows)
    value = found["controlled"] or ""
    if " of " in value:
        value = phrases.share(*value.split(" of "))
    return phrases.measured(what, how, found["control"] or "", value)


def read(found: str) -> Read:
    """What `measured_lines` has printed, in one line and without its arrow.

    Raises:
        ValueError: if it is not one of its lines.
    """
    match = MEASURED.match(found)
    if not match:
        raise ValueError(f"{found!r} is not what a claim prints about a measurement.")
    share = match["of"] == "of"
    margin = "inf" if match["equal"] else match["margin"]
    return Read(
        value=match["value"] + (f" of {match['count']}" if share else ""),
        count=int(match["count"] or 1),
        over=match["over"] or "",
        margin=None if margin is None else as_number(margin),
        relation=match["way"],
        control=match["control"],
        controlled=match["controlled"],
    )


def as_number(text: str) -> float:
    """What stands there: 0.12, 1,250, or of "4 of 5" the share."""
    value, _, total = text.replace(",", "").partition(" of ")
    return float(value) / float(total or 1)


def whole_lines(output: str) -> list[str]:
    """The lines that a cell has printed, with each claim in one line again.

    What was measured follows the claim's sentence behind an arrow.
    """
    lines, whole = output.splitlines(), []
    while lines:
        claimed = _parts(lines, MARK)
        line = _joined(lines[:claimed], BELOW)
        if lines[0].startswith(MARK) and lines[claimed:] and lines[claimed].startswith(FOUND):
            measured = _parts(lines[claimed:], FOUND)
            found = _joined(lines[claimed : claimed + measured], BELOW)
            line, claimed = f"{line} {found.strip()}", claimed + measured
        whole.append(line)
        del lines[:claimed]
    return whole


def _joined(lines: Sequence[str], lead: str) -> str:
    return joined([lines[0], *(line.removeprefix(lead) for line in lines[1:])])


def _parts(lines: Sequence[str], lead: str) -> int:
    """How many lines the first one takes: more than 1 if it begins a text that was broken."""
    if lines[0].startswith(lead):
        below = itertools.takewhile(lambda line: line.startswith(BELOW), lines[1:])
        words = [line[len(MARK) :] for line in [lines[0], *below]]
        for parts in range(len(words), 1, -1):
            if filled(joined(words[:parts]), lead).splitlines() == list(lines[:parts]):
                return parts
    return 1
