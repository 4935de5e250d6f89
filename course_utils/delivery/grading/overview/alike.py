"""Answers that have much in common which nobody else has, as pairs with the evidence.

Short tasks have one natural answer, so what counts is how rare a thing is: nothing that stands in
the hand-out, the course's own solution, its lesson or a known mistake counts, and the rest counts
by how few others in the class wrote it. The weight is the surprise in bits, -log2 of the share of
the others who have it, as in the inverse document frequency of Sparck Jones (1972,
https://doi.org/10.1108/eb026526); names in the place of names, as in JPlag and MOSS
(https://doi.org/10.1145/872757.872770), make other names no disguise.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from course_utils.delivery.grading.overview.shapes import Feature, Shape

ENOUGH, SAME = 10.0, 0.8  # bits, and one more for each doubling of the pairs; share of what is rare
BUILT, SAME_BUILT, IN_A_TASK = 10.0, 0.95, 3.0  # the same for statements; bits that make it a task
MOST_LEARNERS = 30  # with more, too many are built alike by chance
BITS_OF_NAME = {1: 0.5, 2: 1.0, 3: 1.5}  # by length: everybody has a `k`
LONG_NAME, NUMBER, NODES, LETTERS = 4.0, 3.0, 3.0, 4.0  # most bits of a name, a number; of each bit


@dataclass(frozen=True)
class Shared:
    """What two answers to one task have in common, and how surprising that is, in bits.

    `worth` is the sum over the features; in `bits` names that always come together count once.
    """

    problem: str
    features: tuple[Feature, ...]
    worth: float
    bits: float
    built: float  # bits of the statements alone

    def found(self, kind: str) -> list[str]:
        """The features of one kind: statement, name, constant or comment."""
        return [text for one, text in self.features if one == kind]


@dataclass(frozen=True)
class Pair:
    """Two learners, and what their answers share; `kind` is "text" or "structure"."""

    one: str
    other: str
    shared: tuple[Shared, ...]
    kind: str

    @property
    def bits(self) -> float:
        return sum(one.bits for one in self.shared)


Answers = Mapping[str, Mapping[str, Shape]]  # by problem and learner
Two = tuple[str, str]


def pairs(answers: Answers, known: Mapping[str, Iterable[Shape]]) -> list[Pair]:
    """The pairs of learners whose answers share more than chance explains, the closest first.

    Of kind "text" are those that share nearly all that is rare in one of them, names, numbers and
    comments included; of kind "structure" those whose rare statements are the same in the same
    order, in two tasks at least, under whatever names, if nobody else has written so.

    Args:
        answers: the shape of each learner's answer.
        known: shapes in which everybody could have seen it, by problem.
    """
    worth = {problem: worths(own, known.get(problem, ())) for problem, own in answers.items()}
    learners = sorted({learner for own in answers.values() for learner in own})
    text = {one: total(answers, worth, one) for one in learners}
    built = {one: total(answers, worth, one, "statement") for one in learners}
    found = in_common(answers, worth)
    least = ENOUGH + math.log2(max(math.comb(len(learners), 2), 1))
    copies, similar = [], []
    for two, shared in found.items():
        bits, frames = sum(one.bits for one in shared), sum(one.built for one in shared)
        rare = sum(one.worth for one in shared)
        if bits >= least and rare >= SAME * min(text[one] for one in two):
            copies.append(Pair(*two, tuple(shared), "text"))
        elif (
            frames >= BUILT
            and frames >= SAME_BUILT * min(built[one] for one in two)
            and sum(one.built >= IN_A_TASK for one in shared) > 1
            and in_order(answers, two)
        ):
            similar.append(Pair(*two, tuple(shared), "structure"))
    owners = Counter(learner for pair in [*copies, *similar] for learner in (pair.one, pair.other))
    if len(learners) > MOST_LEARNERS:
        similar = []
    similar = [pair for pair in similar if owners[pair.one] == owners[pair.other] == 1]
    return [*sorted(copies, key=closeness), *sorted(similar, key=closeness)]


def closeness(pair: Pair) -> tuple:
    return -pair.bits, pair.one, pair.other


def worths(answers: Mapping[str, Shape], known: Iterable[Shape]) -> dict[Feature, float]:
    """What each feature of one task is worth, in bits; nothing if everybody could have seen it."""
    seen = {feature for shape in known for feature in shape.lines}
    owners = Counter(feature for shape in answers.values() for feature in shape.lines)
    sizes = {feature: size for shape in answers.values() for feature, size in shape.sizes.items()}
    return {
        feature: min(surprise(count, len(answers)), most_bits(feature, sizes[feature]))
        for feature, count in owners.items()
        if feature not in seen
    }


def surprise(owners: int, learners: int) -> float:
    """The bits of a feature that two share and `owners` - 2 of the other `learners` - 2 have.

    The share is estimated with half a learner more, so that nothing is quite impossible.
    """
    return max(-math.log2((max(owners - 2, 0) + 0.5) / max(learners - 1, 1)), 0.0)


def most_bits(feature: Feature, size: int) -> float:
    """A feature's worth however rare it is: a short one may be chance in the smallest class."""
    kind = feature[0]
    if kind == "name":
        return BITS_OF_NAME.get(size, LONG_NAME)
    return {"statement": size / NODES, "comment": size / LETTERS, "constant": NUMBER}[kind]


def total(answers: Answers, worth: Mapping, learner: str, kind: str = "") -> float:
    """The bits of all that a learner wrote, or of one kind of it."""
    return sum(
        worth[problem].get(feature, 0.0)
        for problem, own in answers.items()
        if learner in own
        for feature in own[learner].lines
        if kind in ("", feature[0])
    )


def in_common(answers: Answers, worth: Mapping) -> dict[Two, list[Shared]]:
    """What each pair shares of what is worth anything, task by task."""
    found: dict[Two, list[Shared]] = defaultdict(list)
    for problem, own in answers.items():
        owners: dict[Feature, list[str]] = defaultdict(list)
        for learner in sorted(own):
            for feature in own[learner].lines:
                owners[feature].append(learner)
        features: dict[Two, list[Feature]] = defaultdict(list)
        for feature, learners in owners.items():
            if worth[problem].get(feature, 0.0) > 0:
                for two in combinations(learners, 2):
                    features[two].append(feature)
        for two, some in features.items():
            bits = {one: worth[problem][one] for one in some}
            built = sum(bits[one] for one in some if one[0] == "statement")
            names = {tuple(owners[one]): bits[one] for one in some if one[0] == "name"}
            others = sum(bits[one] for one in some if one[0] != "name")
            once = others + sum(names.values())
            found[two].append(Shared(problem, tuple(some), sum(bits.values()), once, built))
    return found


def in_order(answers: Answers, two: Two) -> bool:
    """Whether the statements that two learners share stand in the same order in both answers."""
    for own in answers.values():
        if not all(learner in own for learner in two):
            continue
        one, other = (own[learner].lines for learner in two)
        both = [feature for feature in one if feature[0] == "statement" and feature in other]
        if sorted(both, key=one.__getitem__) != sorted(both, key=other.__getitem__):
            return False
    return True
