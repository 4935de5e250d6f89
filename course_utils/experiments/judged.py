"""Every claim of a paper, judged by the rules on stored results."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from course_utils.experiments import results
from course_utils.experiments.published import Judged
from course_utils.experiments.rules import PUBLISHED


def published_claims(folder: Path | None = None) -> list[Judged]:
    """The published claims with what the results in `folder` say; None is the course's own."""
    load = partial(results.load, folder=folder)
    return [Judged(one, one.check(load)) for one in PUBLISHED]
