"""Minutes for a section: how long it ran when measured, and the rest estimated at given rates."""

from __future__ import annotations

from typing import NamedTuple

from course_utils.delivery.authoring.teaching.sections import Section


class Rates(NamedTuple):
    """What a section takes beside its running: words a minute, and seconds for each of the rest."""

    words: float
    formula: float
    line: float
    prompt: float
    figure: float
    claim: float


ALONE = Rates(words=180, formula=20, line=8, prompt=45, figure=30, claim=5)
LIVE = Rates(words=360, formula=40, line=3, prompt=90, figure=45, claim=2)


def minutes(section: Section, running: float, rates: Rates) -> int:
    """Whole minutes for a section whose cells run for `running` seconds; one at the least."""
    seconds = (
        running
        + 60 * section.words / rates.words
        + section.formulas * rates.formula
        + section.lines * rates.line
        + section.prompts * rates.prompt
        + section.figures * rates.figure
        + section.claims * rates.claim
    )
    return max(1, round(seconds / 60))
