"""A submission beside the set it belongs to: what of both goes into the sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from course_utils.delivery.grading.lending import Loan
from course_utils.delivery.grading.runs import Question, Run
from course_utils.delivery.grading.sets import ProblemSet, marked, text_of
from course_utils.delivery.grading.submission import Submission
from course_utils.delivery.grading.variants import Varied, number


@dataclass(frozen=True)
class Entry:
    """A submission with the set it belongs to and the problems its learner had."""

    learner: str
    submission: Submission
    set: ProblemSet
    secret: bytes

    def own(self, name: str) -> Any:
        """The learner's problem."""
        one = self.set.problems[name]
        if isinstance(one, Varied):
            return one.problem(one.variant_of(self.secret, self.learner))
        return one

    def seed(self, name: str) -> int:
        """Of the random inputs: the same whenever this file is marked, and known to no learner.

        Who hands in another file is asked something else, so nothing that a page of feedback told
        of the first inputs and answers can be handed in as the second answer.
        """
        return number(
            self.secret, "seed", self.set.name, name, self.learner, self.submission.digest
        )

    def run(
        self,
        variants: Mapping[str, tuple] | None = None,
        only: Iterable[str] = (),
        loan: Loan | None = None,
    ) -> Run:
        """What the sandbox gets.

        Args:
            variants: ask some problems in the variants of others.
            only: ask these problems alone.
            loan: functions in place of the learner's.
        """
        names = [name for name in self.set.problems if not only or name in only]
        given = variants or {}
        questions = tuple(self.question(name, given.get(name)) for name in names)
        values = self.set.values(self.secret, self.learner)
        cells = [
            (name, source)
            for name in self.set.problems
            for source in self.submission.answers.get(name, ())
        ]
        kit, limits = self.set.kit, self.set.limits
        set_up = self.set.set_up(values)
        notebook, untouched = self._notebook(), self._untouched(values)
        answers = (tuple(cells), questions)
        return Run(self.learner, set_up, *answers, kit, limits, notebook, untouched, loan)

    def _notebook(self) -> tuple[tuple[str, str], ...]:
        """The learner's cells of code, without those that came with the hand-out."""
        every = [cell for cell in self.set.notebook["cells"] if not marked(cell).get("solution")]
        given = {bare(text_of(cell)) for cell in every if cell["cell_type"] == "code"}
        return tuple(
            cell for cell in self.submission.cells if cell[0] or bare(cell[1]) not in given
        )

    def _untouched(self, values: dict) -> frozenset[str]:
        """The problems whose code to be mended is as it was handed out."""
        return frozenset(
            name
            for name, text in self.set.given(values).items()
            if {bare(one) for one in self.submission.answers.get(name, ())} == {bare(text)}
        )

    def question(self, name: str, variant: tuple | None = None) -> Question:
        """What the worker is told of a problem, the learner's own or in another variant.

        Nothing from which its answer follows.
        """
        problem = self.own(name) if variant is None else self.set.problem(name, variant)
        return question(problem, name, self.seed(name))

    def uses(self, name: str) -> tuple[str, ...]:
        """The problems of the set whose functions an answer to this one may call."""
        used = getattr(self.own(name), "uses", ())
        return tuple(one for one in used if one in self.set.problems)


def question(problem: Any, key: str, seed: int) -> Question:
    """What the worker is told of a problem: nothing from which its answer follows."""
    outputs = [output.name for output in getattr(problem, "output_list", ())]
    card = (problem.name, problem.kind, problem.call, list(problem.arguments), outputs)
    return Question(key, card, problem.questions(seed))


def bare(source: str) -> str:
    """Code without its blanks: what an editor may change."""
    return "".join(source.split())
