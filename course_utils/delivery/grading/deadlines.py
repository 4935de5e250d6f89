"""When sets are due, what being late costs, and since when a file has been handed in."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.names import as_name
from course_utils.delivery.grading.origins import Origin
from course_utils.delivery.grading.times import duration, later, moment, shown, zone_named

try:
    import tomllib
except ModuleNotFoundError:  # before Python 3.11
    import tomli as tomllib

FILE, MOST_LINES = "due.toml", 20
COSTS = {"grace", "penalty", "each", "most", "closed", "unproven"}
OF_A_SET = COSTS | {"due", "extensions", "handed_in"}
ONLY_THE_FILES = "the file's own time"


class DueError(CourseError):
    """What is wrong in due.toml, and where."""


@dataclass(frozen=True)
class Price:
    """Points, or a share of all points of a set."""

    amount: float
    share: bool

    def of(self, full: float) -> float:
        return self.amount * full if self.share else self.amount


@dataclass(frozen=True)
class Handed:
    """Since when a file has been handed in, and who says so; `proven` if it is not the learner."""

    when: datetime | None
    source: str
    proven: bool
    called_late: bool = False


@dataclass(frozen=True)
class Late:
    """What being late means for one learner. `seconds` are after the learner's own due date."""

    due: datetime | None
    handed: Handed
    seconds: float = 0.0
    penalty: float = 0.0


@dataclass(frozen=True)
class Rule:
    """Of one set. `told` if due.toml says when it is due, or that it is not."""

    told: bool = False
    due: datetime | None = None
    zone: tzinfo | None = None
    grace: timedelta = timedelta()
    penalty: Price = Price(0.0, False)
    each: timedelta | None = None
    most: Price | None = None
    closed: timedelta | None = None
    unproven: bool = False
    extensions: dict[str, datetime | timedelta] = field(default_factory=dict)
    handed_in: dict[str, datetime] = field(default_factory=dict)

    def due_for(self, learner: str) -> datetime | None:
        """The learner's own due date; an extension never makes it earlier."""
        extension = self.extensions.get(learner)
        if self.due is None or extension is None:
            return self.due
        if isinstance(extension, timedelta):
            return later(self.due, extension, self.zone)
        return max(self.due, extension)

    def late(self, learner: str, handed: Handed, full: float) -> Late:
        """What being late costs.

        Args:
            learner: who.
            handed: since when.
            full: all points of the set.
        """
        due = self.due_for(learner)
        if due is None or handed.when is None:
            return Late(due, handed)
        seconds = max(0.0, (handed.when - due).total_seconds())
        counts = handed.proven or self.unproven
        if not counts or seconds <= self.grace.total_seconds():
            return Late(due, handed, seconds)
        if self.closed is not None and seconds > self.closed.total_seconds():
            return Late(due, handed, seconds, full)
        steps = math.ceil(seconds / self.each.total_seconds()) if self.each else 1
        cost = steps * self.penalty.of(full)
        if self.most is not None:
            cost = min(cost, self.most.of(full))
        return Late(due, handed, seconds, round(min(cost, full), 2))

    def handed(
        self, learner: str, told: datetime | None, origin: Origin | None, path: Path
    ) -> Handed:
        """Since when a file has been handed in: the teacher's word, a platform's, the file's own.

        Args:
            learner: who.
            told: what nbgrader's receipt says, in UTC.
            origin: where the file came from, if that is known.
            path: its folder.
        """
        called_late = bool(origin and origin.late)
        if learner in self.handed_in:
            return Handed(self.handed_in[learner], FILE, True)
        if told is not None:
            return Handed(told, "nbgrader's receipt", True)
        if origin and origin.written:
            when = moment(origin.written, self.zone)
            return Handed(when, "the time that the platform wrote", True)
        when = None
        with contextlib.suppress(OSError, OverflowError, ValueError):
            if (own := max(file.lstat().st_mtime for file in path.glob("*.ipynb"))) > 0:
                when = datetime.fromtimestamp(own, timezone.utc)
        return Handed(when, ONLY_THE_FILES, False, called_late)

    def shown(self, when: datetime) -> str:
        return shown(when, self.zone)


ALWAYS_IN_TIME = Rule()


def rule_of(classroom: Classroom, name: str, known: list[str]) -> Rule:
    """What due.toml says of a set, and of all sets.

    Args:
        classroom: the class.
        name: of the set.
        known: the names of all sets.

    Raises:
        DueError: if the file cannot be understood, whatever set the fault is in.
    """
    path, data, zone = classroom.folder / FILE, _data(classroom), zone_at_top(classroom)
    data.pop("zone", None)
    try:
        costs = {key: data.pop(key) for key in list(data) if key in COSTS}
        base = _with(Rule(zone=zone), costs, "at the top")
        rules = {}
        for key, own in data.items():
            chosen = [one for one in known if key == one or one.split("_")[0] == key.zfill(2)]
            if not isinstance(own, dict):
                raise ValueError(f"{key} is no setting; there are zone, {', '.join(sorted(COSTS))}")
            if len(chosen) > 1 or (chosen and chosen[0] in rules):
                raise ValueError(f"[{key}] names a set that another section names as well")
            rules[chosen[0] if chosen else key] = _with(base, own, f"in [{key}]")
    except ValueError as error:
        raise DueError(f"{path}: {error}.") from None
    own = {path.name for path in (classroom.folder / "release").glob("*")}
    if unknown := sorted(set(rules) - {*known, *own}):
        raise DueError(f"{path}: there is no set {unknown[0]!r}; there are: {', '.join(known)}.")
    return rules.get(name, base)


def zone_at_top(classroom: Classroom) -> tzinfo | None:
    """The zone that due.toml names for times without one. Raises DueError."""
    data = _data(classroom)
    try:
        return zone_named(data["zone"]) if "zone" in data else None
    except ValueError as error:
        raise DueError(f"{classroom.folder / FILE}: {error}.") from None


def _data(classroom: Classroom) -> dict:
    path = classroom.folder / FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DueError(f"{path} cannot be read: {error}.") from None


def _with(rule: Rule, settings: dict, where: str) -> Rule:
    for key, value in settings.items():
        if key not in OF_A_SET:
            raise ValueError(
                f"{key} {where} is no setting; there are {', '.join(sorted(OF_A_SET))}"
            )
        try:
            told = rule.told or key == "due"
            rule = replace(rule, told=told, **{key: _setting(key, value, rule.zone)})
        except ValueError as error:
            raise ValueError(f"{key} {where}: {error}") from None
    return rule


def _setting(key: str, value: object, zone: tzinfo | None) -> object:
    if key == "due":
        return None if value is False else moment(value, zone)
    if key == "unproven":
        if value not in ("ignore", "count"):
            raise ValueError(f'{value!r} must be "ignore" or "count"')
        return value == "count"
    if key in ("penalty", "most"):
        return _price(value)
    if key not in ("extensions", "handed_in"):
        found = duration(value)
        if key == "each" and not found:
            raise ValueError("it must be longer than nothing")
        return found
    if not isinstance(value, dict):
        raise ValueError("it needs a line for each learner, such as ada = 2026-12-06")
    times = {}
    for learner, one in value.items():
        span = key == "extensions" and isinstance(one, str) and not one[:4].isdigit()
        try:
            times[as_name(learner)] = duration(one) if span else moment(one, zone)
        except ValueError as error:
            raise ValueError(f"{learner}: {error}") from None
    return times


def _price(value: object) -> Price:
    if isinstance(value, int | float) and not isinstance(value, bool):
        amount, share = float(value), False
    elif isinstance(value, str) and value.strip().endswith("%"):
        try:
            amount, share = float(value.strip()[:-1]) / 100, True
        except ValueError:
            raise ValueError(f'{value!r} is no share such as "10 %"') from None
    else:
        raise ValueError(f'{value!r} is neither points, such as 2, nor a share, such as "10 %"')
    if not 0 <= amount < math.inf:
        raise ValueError(f"{value!r} must not be negative")
    return Price(amount, share)


def sentences(rule: Rule, lates: dict[str, Late], people: Iterable[str]) -> list[str]:
    """What a teacher should know of late submissions.

    Args:
        rule: of the set.
        lates: by learner, of all who handed something in.
        people: everybody in the class.
    """
    people = sorted(people)
    named = {*rule.extensions, *rule.handed_in} - set(lates)
    said = [_nobody(name, people) for name in sorted(named - set(people))]
    if absent := named & set(people):
        said.append(f"{FILE} names {listed(absent)}: nothing of this set came from them.")
    if not any(late.due for late in lates.values()):
        return said
    charged = {learner: late for learner, late in lates.items() if late.penalty}
    lost = sum(late.penalty for late in charged.values())
    due = f"Due {rule.shown(rule.due)}" if rule.due else "Due"
    said.insert(0, f"{due}: {len(charged)} late with points taken off, {lost:g} in all.")
    said += [
        f"{learner}: {how_long(late.seconds)} late by {late.handed.source}, {late.penalty:g} off."
        for learner, late in list(charged.items())[:MOST_LINES]
    ]
    if len(charged) > MOST_LINES:
        said.append(f"... and {len(charged) - MOST_LINES} more.")
    called = {learner for learner, late in lates.items() if late.handed.called_late}
    unknown = {learner for learner, late in lates.items() if late.handed.when is None} - called
    unproven = {one for one, late in lates.items() if not late.handed.proven} - called - unknown
    after = {one for one in unproven if lates[one].seconds > rule.grace.total_seconds()}
    if called:
        said.append(
            f"Canvas calls {listed(called)} late, and not by how much: write the time into {FILE}, "
            "under handed_in."
        )
    if unproven and not rule.unproven:
        would = f" ({listed(after)} would be late)" if after else ""
        said.append(
            f"Of {len(unproven)} file{'s'[: len(unproven) != 1]} only the own time is known, which "
            f"proves nothing: no points are taken off{would}. {FILE} can say when they came, under "
            "handed_in."
        )
    return said


def _nobody(name: str, people: list[str]) -> str:
    near = get_close_matches(name, people, 1)
    advice = f"is it {near[0]}?" if near else "take the names of the folders in submitted/."
    return f"{FILE} names {name}, and nobody in the class is called so: {advice}"


def listed(names: set[str]) -> str:
    some = sorted(names)
    return ", ".join(some[:10]) + (f" and {len(some) - 10} more" if len(some) > 10 else "")


def how_long(seconds: float) -> str:
    """Such as "1 day 3 h": the two largest units."""
    minutes = math.ceil(seconds / 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [f"{days} day{'s'[: days != 1]}"] * bool(days) + [f"{hours} h"] * bool(hours)
    return " ".join((parts + [f"{rest} min"] * bool(rest or not parts))[:2])
