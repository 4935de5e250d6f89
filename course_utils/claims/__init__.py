"""Sentences that a lesson proves while it runs, of three kinds.

    claim("Nudging and the chain rule agree, to 2 decimals.", identity=close)
    claim(
        "With the wrong gradient none of 3 seeds names it in 30 of 100; guessing gives 8.",
        measured=accuracies,
        below=0.3,
        control={"the right gradient": others},
    )
    claim("No variant was clearly better.", source="Greff 2015", published="none of 8")

`measurement` judges what was measured, `printed` says how a claim looks and reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.claims.measurement import Measurement
from course_utils.claims.printed import (
    ARROW,
    IDENTITY,
    MARK,
    NOTES,
    in_words,
    measured_lines,
    sentence,
    whole_lines,
)
from course_utils.language import translated
from course_utils.lines import wrapped

__all__ = ["LONGEST", "MARK", "ClaimError", "claim", "whole_lines"]

NAMED = "ClaimError: "  # what Python writes before the message of a claim that fails
LONGEST = 240  # characters of a claim's text: one sentence, two lines on a page
NUMPY_BOOLS = {("numpy", "bool"), ("numpy", "bool_")}


class ClaimError(AssertionError):
    """A claim of the lesson does not hold, or holds where it must not."""


def claim(
    text: str,
    condition: bool | None = None,
    *,
    identity: bool | None = None,
    measured: object = None,
    above: float | None = None,
    below: float | None = None,
    over: str = "seeds",
    on_average: bool = False,
    control: Mapping[str, object] | None = None,
    source: str | None = None,
    in_the_spirit_of: str | None = None,
    published: object = None,
) -> None:
    """Print "✓ claim: ..." if the claim holds, and raise ClaimError if it does not.

    A claim is one of three kinds. An **identity** is a theorem, a count, or two computations that
    agree: `identity` is True or False. A **measurement** passes what was measured, its threshold,
    and a control for which the same must be false. A statement that is only **published** passes
    `published` and its `source`. (A lesson that is not converted yet passes a plain condition.)

    Args:
        text: one sentence with a period at its end. A sentence about a cell names what it was
            found with: rate, start, length and seeds.
        condition: the form of lessons that are not converted yet.
        identity: whether the identity holds.
        measured: a value for each seed, (seeds,), or (conditions, seeds). True and False count as
            a share, with Wilson's interval.
        above, below: the threshold; both for a range. Every value must keep to it; a share, or a
            mean, only as a whole.
        over: what the values of a row are, if they are not seeds.
        on_average: the mean is claimed, not every value.
        control: {name: values}: the same, measured where the claim must be false (an untrained
            network, the other cell, the step before the change). It is not to keep to the
            threshold even in its middle.
        source: the paper that makes this very statement.
        in_the_spirit_of: a paper that makes one like it, about another task or scale.
        published: the paper's own figure.

    What was measured is printed below the sentence: its centre, its range, how many spreads
    (standard deviations over the seeds) lie between the centre and the threshold, the control.

    Raises:
        ClaimError: if it does not hold, or its control holds as well.
        TypeError, ValueError: if it is badly put.
    """
    _check_text(text)
    _check_kind(text, condition, identity, measured, published)
    notes = _notes(text, source, in_the_spirit_of, published)
    if condition is not None or measured is None:
        holds = condition if identity is None else identity
        holds = True if holds is None else holds
        _check_condition(text, holds)
        if not holds:
            said = translated("This does not hold: {claim}", claim=translated(text))
            if measured is not None:
                said += translated(" Measured: {measured}.", measured=measured)
            raise _failed(said, notes)
        print(sentence(text, [IDENTITY] * (identity is not None) + notes))
        return
    found = Measurement.of(measured, above, below, over, on_average)
    against = _control(text, control, above, below, over, on_average)
    if not found.holds:
        raise _failed(
            translated(
                "This does not hold: {claim} Measured: {found}, not {asked}.",
                claim=translated(text),
                found=found.described,
                asked=found.asked,
            ),
            notes,
        )
    if against and against[1].centre_holds:
        name, other = against
        raise _failed(
            translated(
                "This says nothing, for it holds for its control too ({name}: {found}): {claim}",
                name=translated(name),
                found=other.described,
                claim=translated(text),
            ),
            notes,
        )
    print(sentence(text, notes) + "\n" + measured_lines(found, against))


def _failed(message: str, notes: list[str]) -> ClaimError:
    said = map(in_words, notes)
    known = "".join(translated(" {note}.", note=f"{one[0].upper()}{one[1:]}") for one in said)
    return ClaimError(wrapped(message + known, NAMED).removeprefix(NAMED))


def _notes(
    text: str, source: str | None, spirit: str | None, published: object | None
) -> list[str]:
    if published is not None and source is None:
        raise ValueError(f"The claim {text!r} has a published figure, so it needs its source.")
    if source is not None and spirit is not None:
        raise ValueError(f"The claim {text!r} has a source or is in the spirit of one, not both.")
    given = {"source": source, "spirit": spirit, "published": published}
    for name, note in given.items():
        if note is not None and (not _is_line(str(note)) or set("[];→") & set(str(note))):
            raise ValueError(f"{name} of the claim {text!r} must be a line without [ ] ; or →")
    return [NOTES[name] + str(note) for name, note in given.items() if note is not None]


def _control(
    text: str, control: Mapping[str, object] | None, *threshold: object
) -> tuple[str, Measurement] | None:
    if control is None:
        return None
    if not isinstance(control, Mapping) or len(control) != 1:
        raise TypeError(f"The claim {text!r} takes one control, as {{its name: its values}}.")
    [(name, values)] = control.items()
    if not isinstance(name, str) or not _is_line(name) or set(":;[]→") & set(name):
        raise ValueError(f"The control of the claim {text!r} needs a name without : ; [ ] or →")
    return name, Measurement.of(values, *threshold)


def _is_line(text: str) -> bool:
    """Whether there is text, and one space, no other gap, between all of its words."""
    return bool(text) and text == " ".join(text.split())


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        raise TypeError(
            f"The first argument of claim() is its text; this is a {type(text).__name__}."
        )
    if not _is_line(text) or not text.endswith(".") or ARROW.strip() in text:
        raise ValueError(
            "The text of a claim is one line, with one space between its words, no →, and a "
            f"period at its end, not {text!r}."
        )
    if len(text) > LONGEST:
        raise ValueError(f"A claim has at most {LONGEST} characters; this one has {len(text)}.")


def _check_kind(
    text: str, condition: object, identity: object, measured: object, published: object
) -> None:
    old, exact, found = (one is not None for one in (condition, identity, measured))
    if exact + (found or old) > 1 or not (exact or found or old or published is not None):
        raise TypeError(
            f"The claim {text!r} passes one of identity=, measured= with its threshold, or "
            "published= with its source."
        )


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
