"""Everything in one source: its files, and which versions of which sets they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace

from course_utils.delivery.grading import sources
from course_utils.delivery.grading.claims import Claim, Export
from course_utils.delivery.grading.material import Material
from course_utils.delivery.grading.names import printable, stem_of
from course_utils.delivery.grading.register import Register
from course_utils.delivery.grading.sources import Listed, Source, notebooks_in
from course_utils.delivery.grading.submission import NotReadable, cells
from course_utils.delivery.grading.versions import Version, choose, instead, version_of
from course_utils.delivery.grading.whose import Whose

MOST = 20  # lines about files of one kind
ENDINGS = {  # of what may be an answer, where nothing but a file's name says whose it is
    "pdf", "html", "htm", "docx", "doc", "odt", "py", "zip", "7z", "rar", "gz", "ipynb", "json",
}  # fmt: skip
EMPTY = "The file is empty: ask to save the notebook again and to hand in that."
LESSON = "That is the lesson: ask for the problem set of the same name, from exercises/."
NO_ANSWERS = {"readme", "index", "problems", "homework", "nbgrader_config", "people", "setup"}


class Batch:
    """The files of a source. `said` gets a line for everything that is not plain."""

    def __init__(self, source: Source, sets: dict[str, Material], said: list[str]):
        self.source, self.sets, self.said = source, sets, said
        self.files = source.files
        self.versions: dict[Listed, list[Version]] = defaultdict(list)
        self.whys: dict[Listed, str] = {}
        self.lessons: dict[Listed, str] = {}

    def whose(self, layout: str | None, known: Callable[[str], bool]) -> Whose:
        """What says whose the files are."""
        export = Export([file.parts for file in self.files], tuple(self.sets), self.source.peek)
        wanted = [file.is_notebook or file.is_zip for file in self.files]
        return Whose(export, wanted, layout, known)

    def read(self, whose: Whose) -> None:
        """Find the versions, everybody's first file before anybody's second."""
        unknown = []
        guesses = {file: whose.guess(number) for number, file in enumerate(self.files)}
        wanted = [file for file in self.files if file.is_notebook or file.is_zip]
        for file in in_turn(wanted, guesses, self.said):
            try:
                content = self.source.read(file)
                if not content.strip():
                    raise NotReadable(EMPTY)
                if file.is_zip:
                    self._read_zip(file, content)
                    continue
                cells(content)
            except NotReadable as why:
                self.whys[file] = str(why)
                continue
            if version := version_of(file, content, self.sets):
                self.versions[file].append(version)
                if not file.parts[-1].lower().endswith(".ipynb"):
                    self.said.append(f"{printable(file.place)} is a notebook by its content.")
            elif any(one.is_lesson(content) for one in self.sets.values()):
                self.lessons[file] = LESSON
            else:
                unknown.append(printable(file.place))
        self.said += [f"{place} belongs to no known set: left out." for place in unknown[:MOST]]
        if len(unknown) > MOST:
            self.said.append(
                f"{len(unknown) - MOST} more notebooks belong to no known set: left out."
            )

    def _read_zip(self, file: Listed, content: bytes) -> None:
        """A zip that a learner handed in counts if it holds one notebook of a set to be marked."""
        found = [
            version
            for inner, text in notebooks_in(file, content)
            if (version := version_of(inner, text, self.sets)) and version.has_cells
        ]
        for name in dict.fromkeys(one.material.name for one in found):
            every = [one for one in found if one.material.name == name and not one.is_courses]
            own = [one for one in every if not one.is_blank and not one.is_spare] or every[:1]
            if len(own) > 1:
                raise NotReadable(
                    f"It holds {len(own)} notebooks of {name}: ask which of them is the answer."
                )
            self.versions[file] += own

    @property
    def assignment(self) -> str:
        """The set of most notebooks: for it a platform's numbers of one assignment hold."""
        every = [one.material.name for some in self.versions.values() for one in some]
        return Counter(every).most_common(1)[0][0] if every else ""

    def claims(self, whose: Whose) -> dict[Listed, Claim]:
        """Whose each file is that is to be marked, or that may have been handed in instead."""
        sets = [self.versions[file][0].material.name if file in self.versions else ""
                for file in self.files]  # fmt: skip
        found, others = {}, Counter()
        for file, claim in zip(self.files, whose.claims(sets)):
            if claim is None:
                if file in self.versions:
                    place = printable(file.place)
                    self.said.append(f"{place} is not named as this layout names files: left out.")
            elif file in self.versions or claim.evidence != "file name" or may_be_answer(file):
                found[file] = claim
            else:
                others[printable(kind_of(file))] += 1
        if others:
            kinds = ", ".join(f"{count} {kind}" for kind, count in others.most_common())
            self.said.append(f"What is no notebook is left out: {kinds}.")
        return found

    def choose(
        self, claims: dict[Listed, Claim], rows: dict[Claim, str]
    ) -> dict[tuple[str, str], Version]:
        """The version that counts, of each person and set."""
        every = defaultdict(list)
        for file, claim in claims.items():
            for version in self.versions.get(file, []):
                every[rows[person(claim)], version.material.name].append((version, claim))
        found = {
            (row, name): choose(row, name, some, self.said)
            for (row, name), some in sorted(every.items(), key=lambda pair: pair[0])
        }
        return {key: version for key, version in found.items() if version}

    def note_instead(
        self,
        claims: dict[Listed, Claim],
        rows: dict[Claim, str],
        chosen: dict[tuple[str, str], Version],
        register: Register,
    ) -> None:
        """Put people into the register who handed in something else than a notebook of a set.

        It is of the set whose name is in its place, or else of all sets that others handed in.
        """
        marked = {name for _, name in chosen}
        theirs = defaultdict(list)
        for file, claim in claims.items():
            theirs[rows[person(claim)]].append(file)
        for row, files in sorted(theirs.items()):
            if any((row, name) in chosen for name in marked):
                self.said += [
                    f"{printable(file.place)}: {self.whys[file]}"
                    for file in files
                    if file in self.whys
                ]
                continue
            named = [name for name in self.sets if any(name in file.place for file in files)]
            for name in named or sorted(marked):
                sentence = instead(name, files, self.lessons | self.whys)
                register.instead.setdefault(name, {})[row] = sentence
                self.said.append(f"{row}: {sentence}")
        for row, name in chosen:
            register.instead.get(name, {}).pop(row, None)


def person(claim: Claim) -> Claim:
    """A claim without what tells one attempt from another."""
    return replace(claim, when="")


def in_turn(
    files: list[Listed], guesses: dict[Listed, tuple[str, str]], said: list[str]
) -> list[Listed]:
    """The files to read: the first of everybody, then the second of everybody, and so on."""
    taken: Counter = Counter()
    ranks = {}
    for file in files:
        taken[guesses[file]] += 1
        ranks[file] = taken[guesses[file]]
    if len(files) > sources.MOST_FILES:
        said.append(
            f"There are {len(files)} notebooks, and {sources.MOST_FILES} are the most that are "
            "read: the others of those who handed in many are left out."
        )
    return sorted(files, key=ranks.get)[: sources.MOST_FILES]


def may_be_answer(file: Listed) -> bool:
    """Whether a file in a flat folder may be what somebody handed in."""
    *_, name = file.parts
    ending = name.lower().rpartition(".")[2]
    return ending in ENDINGS and stem_of(name).lower() not in NO_ANSWERS


def kind_of(file: Listed) -> str:
    ending = file.parts[-1].rpartition(".")[1:]
    return "".join(ending)[:20] if ending[0] else "without an ending"
