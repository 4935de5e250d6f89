"""Times and durations as teachers write them, and local times that do not exist or come twice."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

UNITS = {"min": 1, "minute": 1, "h": 60, "hour": 60, "d": 1440, "day": 1440, "week": 10080}
LONGEST = 10 * 366 * 1440  # minutes
DURATION = re.compile(r"(\d+(?:\.\d+)?) *([a-z]+)")


def duration(text: object) -> timedelta:
    """Such as "15 min", "2 days" or "1 day 12 hours". Raises ValueError if it is none."""
    found = DURATION.findall(text) if isinstance(text, str) else []
    rest = DURATION.sub("", text) if isinstance(text, str) else "?"
    minutes = [
        float(count) * UNITS[key]
        for count, unit in found
        if (key := unit if unit in UNITS else unit.removesuffix("s")) in UNITS
    ]
    if not found or len(minutes) != len(found) or rest.strip(" ,"):
        raise ValueError(f'{text!r} is no duration such as "15 min", "12 hours" or "2 days"')
    if sum(minutes) > LONGEST:
        raise ValueError(f"{text!r} is longer than ten years")
    return timedelta(minutes=sum(minutes))


def zone_named(name: object) -> ZoneInfo:
    """A time zone. Raises ValueError if this machine knows none of that name."""
    try:
        return ZoneInfo(str(name))
    except (LookupError, ValueError, OSError):
        raise ValueError(f'{name!r} is no time zone such as "Europe/Berlin"') from None


def moment(value: object, zone: tzinfo | None) -> datetime:
    """A time, in UTC, as TOML or a text has it.

    Args:
        value: a datetime, a date (its end is meant), or a text in ISO's form of either.
        zone: of a time that names none; None is the zone of this machine.

    Raises:
        ValueError: if it is none, or if clocks jumped over it. What clocks show twice is the
            later of both.
    """
    if isinstance(value, str):
        text = re.sub(r"[zZ]$", "+00:00", value.strip())
        try:
            value = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{value!r} is no time such as 2026-12-04T18:00") from None
    if isinstance(value, date) and not 1980 <= value.year <= 2200:
        raise ValueError(f"{value} is no year for a class")
    if isinstance(value, datetime):
        return in_utc(value, zone)
    if isinstance(value, date):
        return in_utc(datetime.combine(value + timedelta(days=1), time()), zone)
    raise ValueError(f"{value!r} is no time such as 2026-12-04T18:00")


def in_utc(when: datetime, zone: tzinfo | None) -> datetime:
    """See `moment`."""
    if when.tzinfo is not None:
        return when.astimezone(timezone.utc)
    found = _put(when, zone)
    if local(found, zone) != when:
        raise ValueError(f"on {when:%Y-%m-%d} there is no {when:%H:%M}: clocks jump over it")
    return found


def later(when: datetime, by: timedelta, zone: tzinfo | None) -> datetime:
    """So much later on the wall's clock: two days after 18:00 it is 18:00, whatever clocks did."""
    return _put(local(when, zone) + by, zone)


def local(when: datetime, zone: tzinfo | None) -> datetime:
    """What the clock on the wall shows, without a zone."""
    return when.astimezone(zone).replace(tzinfo=None, fold=0)


def shown(when: datetime, zone: tzinfo | None) -> str:
    """For people: with the zone's short name."""
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _put(when: datetime, zone: tzinfo | None) -> datetime:
    when = when.replace(fold=1)
    there = when.astimezone() if zone is None else when.replace(tzinfo=zone)
    return there.astimezone(timezone.utc)
