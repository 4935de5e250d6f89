"""What an exercise asks, what a right answer is, and which wrong answers are old acquaintances."""

from __future__ import annotations

import inspect
import re
import textwrap
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

KINDS = ("function", "value", "keras")


@dataclass(frozen=True)
class Misconception:
    """A mistake that people make: its name, what to tell them, and what it makes of the inputs.

    ``edits`` are the lines (old, new) of the reference in which the mistake differs from it, if it
    was made by `slip`: only such mistakes are recognised in pairs.
    """

    name: str
    message: str
    answer: Callable
    edits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Output:
    """One thing that an answer holds: its name, and what its axes are called ("B", "T", "n")."""

    name: str
    axes: tuple[str, ...] | None


@dataclass(frozen=True)
class Exercise:
    """What is asked, and all that is known about answers.

    Args:
        name: of the problem, and of the function or variable that the learner writes.
        lesson: "04".
        title: a few words.
        task: what to write, in one or two sentences.
        reference: the worked answer, as short as a learner would like it; its arguments are those
            of the learner's function. Of a "value" it takes no arguments.
        draw: random inputs, as a tuple of plain data, from a generator and the question's number.
        outputs: their names and axes: "h[B,n] c[B,n]". With several, the reference returns a tuple
            in this order, or a dict with these names.
        hints: three, from a nudge to nearly the line of code.
        misconceptions: the mistakes to recognise.
        kind: "function", "value" (a variable holds the answer) or "keras" (a function that may
            use Keras; the reference never does).
        draws: how many random inputs one check uses.
        tolerance: relative to the largest number of an output; float32 passes.
        look: the output to speak of first if it is wrong: the one that spoils the others.
        uses: problems whose functions an answer may call: where one of them is wrong, this one is
            judged once more with the right one in its place.
    """

    name: str
    lesson: str
    title: str
    task: str
    reference: Callable
    draw: Callable[[np.random.Generator, int], tuple]
    outputs: str
    hints: tuple[str, str, str]
    misconceptions: tuple[Misconception, ...]
    points: int = 1
    minutes: int = 5
    kind: str = "function"
    draws: int = 3
    tolerance: float = 1e-4
    look: str = ""
    uses: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments, in order."""
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def call(self) -> str:
        """How the answer is used: "lstm_step(x, h_prev, c_prev, W, U, b)"."""
        return self.name if self.kind == "value" else f"{self.name}({', '.join(self.arguments)})"

    @cached_property
    def output_list(self) -> tuple[Output, ...]:
        """The outputs, parsed."""
        found = re.findall(r"(\w+)(?:\[([^\]]*)\])?", self.outputs)
        return tuple(Output(name, tuple(axes.split(",")) if axes else None) for name, axes in found)

    def questions(self, seed: int) -> list[tuple]:
        """Random inputs for one check, the same for the same seed."""
        if self.kind == "value":
            return [()]
        rng = np.random.default_rng([seed, zlib.crc32(self.name.encode())])
        return [self.draw(rng, k) for k in range(self.draws)]


@cache
def edited(reference: Callable, edits: tuple[tuple[str, str], ...]) -> Callable:
    """The function with each old text, which must occur exactly once, replaced by its new one.

    Raises ValueError if one does not: pairs of edits that touch the same text cannot be combined.
    """
    source = textwrap.dedent(inspect.getsource(reference))
    for old, new in edits:
        if source.count(old) != 1:
            raise ValueError(f"{old!r} occurs {source.count(old)} times in {reference.__name__}.")
        source = source.replace(old, new)
    scope = dict(reference.__globals__)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two edits together may be odd, and then are no match
        exec(compile(source, f"<{reference.__name__}, edited>", "exec"), scope)
    return scope[reference.__name__]
