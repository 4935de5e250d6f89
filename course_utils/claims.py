"""Sentences of fact that a lesson proves while it runs."""

from __future__ import annotations

MARK = "✓ claim: "
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
    """Print one line, "✓ claim: ...", if `condition` is True, and raise ClaimError if it is False.

    `text` is a single sentence that ends with a period and names its baseline and its seeds.
    `source` is the paper that a claim reproduces and `published` the paper's own figure; both are
    printed. `measured` is shown only when the claim fails, so that the printed line is the same
    on every machine.

    Raises TypeError or ValueError for a claim that is badly put: a condition that is not a plain
    True or False (an array, a number), a text without its period.
    """
    _check_text(text)
    _check_condition(text, condition)
    if published is not None and source is None:
        raise ValueError(f"The claim {text!r} has a published figure, so it needs its source.")
    for name, note in (("source", source), ("published", published)):
        if note is not None and (not str(note).strip() or set("[];\n") & set(str(note))):
            raise ValueError(f"{name} of the claim {text!r} must be a line without [ ] or ;")
    if not condition:
        found = "" if measured is None else f" Measured: {measured}."
        known = "" if source is None else f" Source: {source}."
        paper = "" if published is None else f" Published: {published}."
        raise ClaimError(f"This does not hold: {text}{found}{known}{paper}")
    notes = [] if source is None else [f"source: {source}"]
    notes += [] if published is None else [f"published: {published}"]
    print(MARK + text + (f" [{'; '.join(notes)}]" if notes else ""))


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        raise TypeError(
            f"The first argument of claim() is its text; this is a {type(text).__name__}."
        )
    if not text.strip() or text != text.strip() or "\n" in text or not text.endswith("."):
        raise ValueError(f"The text of a claim is one line that ends with a period, not {text!r}.")
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


NUMPY_BOOLS = {("numpy", "bool"), ("numpy", "bool_")}  # by name: this module imports nothing
