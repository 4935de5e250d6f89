"""Rules about claims: that each can fail, says by how much, and is not wider than what was run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from nbformat import NotebookNode

from course_utils.claims.printed import Read, as_number
from course_utils.claims.wording import left_unsaid, seeds_in, sounds_measured
from course_utils.delivery.authoring.claim_calls import (
    Bindings,
    Call,
    calls,
    compares_with_itself,
    is_computed,
    names_in,
)
from course_utils.delivery.authoring.inventory import Claim, notebook_claims
from course_utils.delivery.authoring.rules import Rule, code_cells, place, prose

FEWEST = 3
ALIKE = 0.85  # of two sentences: the same words but for a few
SENTENCE = re.compile(r"(?<=[.!?:])\s+")


def claims(name: str, notebook: NotebookNode) -> Iterator[str]:
    """At least three, none twice, all of a named kind."""
    found = notebook_claims(name, notebook)
    if len(found) < FEWEST:
        yield f"it has {len(found)} claims; it needs at least {FEWEST}"
    for text, count in Counter(claim.text for claim in found).items():
        if count > 1:
            yield f"{text!r} is claimed {count} times"
    yield from kinds(name, notebook)


def kinds(name: str, notebook: NotebookNode) -> Iterator[str]:
    """Every claim is an identity, a measurement or published: none passes a plain condition."""
    for call in (call for call in _calls(notebook)[0] if not call.kind):
        yield (
            f"{place(call.cell)}: {call.text!r} names no kind: pass identity=, measured= with its "
            "threshold and control, or published= with its source"
        )


def can_fail(name: str, notebook: NotebookNode) -> Iterator[str]:
    """A claim rests on something that was run, and a measurement has a control of its own."""
    found, bindings = _calls(notebook)
    for call in found:
        for message in _cannot_fail(call, bindings):
            yield f"{place(call.cell)}: {call.text!r} {message}"


def _cannot_fail(call: Call, bindings: Bindings) -> Iterator[str]:
    given, control = call.given, call.control
    value = given.get("identity", given.get("measured"))
    if value is not None and not is_computed(value, bindings):
        yield "rests on nothing that was run: it cannot fail"
    if value is not None and compares_with_itself(value):
        yield "compares a thing with itself: it cannot fail"
    if call.kind == "identity" and sounds_measured(call.text):
        yield "speaks of seeds or training: it is a measurement, not an identity"
    if call.kind != "measurement":
        return
    if control is None:
        yield "has no control: measure the same where it must be false (control={name: values})"
        return
    if not is_computed(control, bindings):
        yield "has a control that was not run: measure it"
    threshold = [given[name] for name in ("above", "below") if name in given]
    if set().union(*map(names_in, threshold)) & names_in(control):
        yield "takes its threshold from its control, which then cannot keep to it"


def margins(name: str, notebook: NotebookNode) -> Iterator[str]:
    """What was measured lies a spread or more within its threshold, and its control does not."""
    for claim in notebook_claims(name, notebook):
        if claim.found:
            for message in _too_close(claim.found):
                yield f"{place(claim.cell - 1)}: {claim.text!r} {message}"


def _too_close(found: Read) -> Iterator[str]:
    if found.margin is None:
        yield "has a single value and so no spread: pass one for each seed"
    elif found.margin < 1:
        yield (
            f"lies {found.margin:g} spreads from its threshold, {found.relation}: at least 1, or "
            "claim less"
        )
    if found.controlled and _keeps_to(as_number(found.controlled), found.relation):
        yield f"holds for its control too ({found.control}: {found.controlled})"


def _keeps_to(value: float, relation: str) -> bool:
    way, *ends = relation.replace(" to ", " ").split()
    low = as_number(ends[0]) if way != "below" else -float("inf")
    high = as_number(ends[-1]) if way != "above" else float("inf")
    return low < value < high


def width(name: str, notebook: NotebookNode) -> Iterator[str]:
    """A sentence about a cell says the rate, start, length and seeds that it was found with."""
    for claim in notebook_claims(name, notebook):
        if claim.found:
            for message in _too_wide(claim, claim.found):
                yield f"{place(claim.cell - 1)}: {claim.text!r} {message}"


def _too_wide(claim: Claim, found: Read) -> Iterator[str]:
    by_seed = found.over == "seeds"
    unsaid = left_unsaid(claim.text, found.count if by_seed else 1)
    if unsaid:
        yield (
            f"speaks of a cell, and does not say its {', '.join(unsaid)}: it is wider than what "
            "was run"
        )
    said = seeds_in(claim.text)
    if by_seed and said is not None and said != found.count:
        yield f"says {said} seeds and has {found.count}"


def repeated(name: str, notebook: NotebookNode) -> Iterator[str]:
    """No sentence stands twice on a page: a claim and the prose around it say different things."""
    told = [
        (index, _plain(sentence))
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for paragraph in prose(cell).split("\n\n")
        for sentence in SENTENCE.split(" ".join(paragraph.split()))
    ]
    for claim in notebook_claims(name, notebook):
        claimed = _plain(claim.text)
        for index, sentence in told:
            if _alike(claimed, sentence):
                yield f"{place(index)}: {claim.text!r} stands there in prose and is claimed too"
                break


def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < ALIKE / (2 - ALIKE) * max(len(one), len(other)):
        return False  # SequenceMatcher's ratio cannot reach ALIKE
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text).lower().split())


def _calls(notebook: NotebookNode) -> tuple[list[Call], Bindings]:
    return calls((index, cell.source) for index, cell in code_cells(notebook))


RULES: dict[str, Rule] = {
    "claims": claims,
    "can fail": can_fail,
    "margin": margins,
    "width of claims": width,
    "said once": repeated,
}
