"""A submission is (person, set, version); of several versions one counts, and it is said which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from course_utils.delivery.grading.claims import Claim
from course_utils.delivery.grading.material import Material, answers_in
from course_utils.delivery.grading.names import printable, stem_of
from course_utils.delivery.grading.sources import Listed
from course_utils.delivery.grading.submission import NotReadable, ids

# What `course lab` lays beside a learner's notebook, and Jupyter's own copies.
MARK = r"(new|kept-\d{4}-\d\d-\d\d)(-\d+)?"
SPARE = re.compile(rf"^{MARK}_(?=\d\d_)|\.{MARK}$|-checkpoint$")
LISTED = 3  # places that a line names


@dataclass(frozen=True, eq=False)
class Version:
    """A notebook of a set.

    Attributes:
        file: where it was found.
        content: its bytes.
        material: what the course has of its set.
        has_cells: whether any answer cell of the set is in it.
    """

    file: Listed
    content: bytes
    material: Material
    has_cells: bool

    @cached_property
    def answers(self) -> dict[str, tuple[str, ...]]:
        try:
            return answers_in(self.content, self.material)
        except NotReadable:
            return {}

    @cached_property
    def is_blank(self) -> bool:
        """Whether it is the hand-out as it was."""
        return self.material.is_blank(self.answers)

    @cached_property
    def is_solution(self) -> bool:
        """Whether all answers are the course's own."""
        return self.material.is_solution(self.answers)

    @property
    def is_spare(self) -> bool:
        """Whether the course or Jupyter laid it beside a learner's notebook."""
        return SPARE.search(stem_of(self.file.parts[-1])) is not None

    @property
    def is_courses(self) -> bool:
        """Whether it lies where a copy of the course keeps its solution, and is that."""
        return "solutions" in self.file.parts[:-1] and self.is_solution

    def rank(self, claim: Claim) -> tuple:
        """What counts before what: the greatest of a person's versions is the submission."""
        return (
            self.has_cells,
            not self.is_courses,
            claim.evidence != "file name",
            not self.is_spare,
            not self.is_blank,
            claim.when,
            self.file.when,
            self.file.place,
        )


def version_of(file: Listed, content: bytes, sets: dict[str, Material]) -> Version | None:
    """The version that a notebook is; None if it belongs to no set.

    The set is told by the ids of its cells; if none are known, by the name of its file or folder,
    unless it is a lesson.
    """
    present = ids(content)
    if not any(present & one.ids for one in sets.values()):  # marks were lost
        present = ids(content, *(one.traces for one in sets.values()))
    counts = {name: len(present & one.ids) for name, one in sets.items()}
    best = max(counts, key=counts.get, default="")
    if best and counts[best]:
        return Version(file, content, sets[best], True)
    named = [one for name, one in sets.items() if name in file.place]
    if len(named) == 1 and not named[0].is_lesson(content):
        return Version(file, content, named[0], False)
    return None


def choose(
    row: str, name: str, every: list[tuple[Version, Claim]], said: list[str]
) -> Version | None:
    """The version that counts, and a sentence for each thing that is not plain.

    None if there is only what the course itself has.
    """
    ordered = sorted(every, key=lambda pair: pair[0].rank(pair[1]), reverse=True)
    best = ordered[0][0]
    if best.is_courses:
        return None
    others = [(one, own) for one, own in ordered[1:] if counts_too(one)]
    if others:
        places = [printable(one.file.place) for one, _ in others]
        more = f" and {len(places) - LISTED} more" if len(places) > LISTED else ""
        said.append(
            f"{row} handed in {name} more than once: {printable(best.file.place)} counts, "
            f"{', '.join(places[:LISTED])}{more} left out."
        )
        apart = len({one.file.place.rpartition("/")[0] for one, _ in ordered}) > 1
        if apart and all(own.evidence == "folder" for _, own in every):
            said.append(f"If {row} is a group of learners, mark its folders one by one.")
    told = {own.evidence for _, own in every}
    if len(told) > 1:
        said.append(
            f"{row} is named by {' and by a '.join(sorted(told, reverse=True))}: "
            f"{printable(best.file.place)} counts. Are they one person?"
        )
    if best.is_spare:
        said.append(f"{row} has {name} only as {printable(best.file.place)}: it counts.")
    return best


def counts_too(version: Version) -> bool:
    """Whether a version that is left out could have been meant."""
    if version.is_courses or not version.has_cells:
        return False
    return not version.is_blank


def instead(name: str, files: list[Listed], whys: dict[Listed, str]) -> str:
    """What to say of somebody who handed in something, but no notebook of a set."""
    shown = ", ".join(printable(file.parts[-1]) for file in files[:LISTED])
    more = f" and {len(files) - LISTED} more" if len(files) > LISTED else ""
    why = next((whys[file] for file in files if file in whys), "")
    return f"No notebook of {name} was handed in, but {shown}{more}. {why or ask_for(files[0])}"


def to_the_learner(why: str) -> str:
    """The same sentence for the one who handed it in."""
    return why.replace("ask for ", "hand in ").replace("Ask for ", "Hand in ")


def ask_for(file: Listed) -> str:
    """What to ask the learner for, by the ending of what came."""
    ending = file.parts[-1].lower().rpartition(".")[2]
    if ending in ("pdf", "html", "htm", "docx", "doc", "odt", "rtf", "png", "jpg", "jpeg", "md"):
        return "That is a printout: ask for the notebook itself, the file that ends in .ipynb."
    if ending in ("py", "txt", "ipy"):
        return "That is code without its notebook: ask for the file that ends in .ipynb."
    if ending in ("zip", "7z", "rar", "tar", "gz", "tgz", "xz", "bz2"):
        return "Ask for the notebook itself, not packed: the file that ends in .ipynb."
    if ending in ("ipynb", "json"):
        return "Ask for the problem set itself: it has none of its cells for answers."
    return "Ask for the notebook, the file that ends in .ipynb."
