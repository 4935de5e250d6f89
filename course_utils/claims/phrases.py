"""The words around the numbers of a claim, in the language of this process."""

from __future__ import annotations

from course_utils.language import translated


def found(
    value: str, count: str, over: str, ends: tuple[str, str], share: bool, on_average: bool = False
) -> str:
    """ "4 of 5 seeds (0.38 to 0.96)", "0.12 from 3 seeds (0.09 to 0.17)"; one value alone."""
    if on_average:
        value = translated("{value} on average", value=value)
    if not count:
        return value
    low, high = ends
    given = {"value": value, "count": count, "over": translated(over), "low": low, "high": high}
    if share:
        return translated("{value} of {count} {over} ({low} to {high})", **given)
    return translated("{value} from {count} {over} ({low} to {high})", **given)


def asked(above: str, below: str) -> str:
    """The threshold: "below 0.3", "within 4 to 6"."""
    if above and below:
        return translated("within {low} to {high}", low=above, high=below)
    if above:
        return translated("above {end}", end=above)
    return translated("below {end}", end=below)


def relation(threshold: str, margin: str, equal: bool, rows: int) -> str:
    """The threshold with the margin: "4.6 spreads below 0.3, nearest of 2"."""
    if rows > 1:
        threshold = translated("{threshold}, nearest of {count}", threshold=threshold, count=rows)
    if equal:
        return translated("all equal, {threshold}", threshold=threshold)
    if margin:
        return translated("{margin} spreads {threshold}", margin=margin, threshold=threshold)
    return threshold


def measured(said: str, how: str, control: str = "", controlled: str = "") -> str:
    """What stands behind the arrow: what was found, how it stands to the threshold, the control."""
    if not control:
        return translated("{found}, {relation}", found=said, relation=how)
    return translated(
        "{found}, {relation}; control, {name}: {value}",
        found=said,
        relation=how,
        name=translated(control),
        value=controlled,
    )


def share(value: str, count: str) -> str:
    """ "4 of 5"."""
    return translated("{value} of {count}", value=value, count=count)
