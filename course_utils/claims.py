"""Sentences of fact that a lesson proves while it runs."""

from __future__ import annotations

import itertools

from course_utils.lines import filled, wrapped

MARK = "✓ claim: "
BELOW = " " * len(MARK)  # begins the further lines of a long claim
NAMED = "ClaimError: "  # what Python writes before the message of a claim that fails
LONGEST = 240  # characters of a claim's text: one sentence, two lines on a page


class ClaimError(AssertionError):
    """A claim of the lesson does not hold."""


def claim(
    text: str,
    condition: bool,
    *,
    measured: object = None,
    source: str | None = None,
    published: object = None,
) -> None:
    """Print "✓ claim: ..." if `condition` is True, and raise ClaimError if it is False.

    `text` is a single sentence that ends with a period and names its baseline and its seeds. It is
    printed in one line, or broken between words into several: `whole_lines` joins them again.
    `source` is the paper that a claim reproduces and `published` the paper's own figure; both are
    printed. `measured` is shown only when the claim fails, so that what is printed is the same
    on every machine.

    Raises TypeError or ValueError for a claim that is badly put: a condition that is not a plain
    True or False (an array, a number), a text without its period or with other gaps between its
    words than one space.
    """
    _check_text(text)
    _check_condition(text, condition)
    if published is not None and source is None:
        raise ValueError(f"The claim {text!r} has a published figure, so it needs its source.")
    for name, note in (("source", source), ("published", published)):
        if note is not None and (not _is_line(str(note)) or set("[];") & set(str(note))):
            raise ValueError(f"{name} of the claim {text!r} must be a line without [ ] or ;")
    if not condition:
        found = "" if measured is None else f" Measured: {measured}."
        known = "" if source is None else f" Source: {source}."
        paper = "" if published is None else f" Published: {published}."
        said = wrapped(f"This does not hold: {text}{found}{known}{paper}", NAMED)
        raise ClaimError(said.removeprefix(NAMED))
    notes = [] if source is None else [f"source: {source}"]
    notes += [] if published is None else [f"published: {published}"]
    print(filled(text + (f" [{'; '.join(notes)}]" if notes else ""), MARK))


def whole_lines(output: str) -> list[str]:
    """The lines that a cell has printed, with each claim in one line again."""
    lines, whole = output.splitlines(), []
    while lines:
        parts = _claim_lines(lines)
        whole.append(" ".join([lines[0], *(line.removeprefix(BELOW) for line in lines[1:parts])]))
        del lines[:parts]
    return whole


def _claim_lines(lines: list[str]) -> int:
    """How many lines the first one takes: more than 1 if it begins a claim that was broken."""
    if lines[0].startswith(MARK):
        below = itertools.takewhile(lambda line: line.startswith(BELOW), lines[1:])
        words = [line[len(MARK) :] for line in [lines[0], *below]]
        for parts in range(len(words), 1, -1):
            if filled(" ".join(words[:parts]), MARK).splitlines() == lines[:parts]:
                return parts
    return 1


def _is_line(text: str) -> bool:
    """Whether there is text, and one space, no other gap, between all of its words."""
    return bool(text) and text == " ".join(text.split())


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        raise TypeError(
            f"The first argument of claim() is its text; this is a {type(text).__name__}."
        )
    if not _is_line(text) or not text.endswith("."):
        raise ValueError(
            "The text of a claim is one line, with one space between its words, that ends with a "
            f"period, not {text!r}."
        )
    if len(text) > LONGEST:
        raise ValueError(f"A claim has at most {LONGEST} characters; this one has {len(text)}.")


def _check_condition(text: str, condition: object) -> None:
    kind = type(condition)
    if isinstance(condition, bool) or (kind.__module__, kind.__name__) in NUMPY_BOOLS:
        return
    shape = getattr(condition, "shape", None)
    described = f"an array of shape {shape}" if shape is not None else f"a {kind.__name__}"
    advice = ": use np.all(...) or np.any(...)" if shape is not None else ""
    raise TypeError(
        f"The condition of the claim {text!r} must be True or False, not {described}{advice}."
    )


NUMPY_BOOLS = {("numpy", "bool"), ("numpy", "bool_")}  # by name: this module needs no NumPy
