"""Whose each file is: as a platform says, or as folders and files are named by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from course_utils import CourseError
from course_utils.delivery.grading.claims import Claim, Export
from course_utils.delivery.grading.layouts import BY_HAND, LAYOUTS, plausible, read_as
from course_utils.delivery.grading.names import (
    common_folders,
    names_nobody,
    numbered,
    printable,
    stem_of,
    without_set,
)
from course_utils.delivery.grading.platforms import HIDDEN_NOTE

KINDS = [*LAYOUTS, *BY_HAND]


class Whose:
    """The claims on the files of one export.

    Args:
        export: all files.
        notebooks: which of them are notebooks, or zips that may hold some.
        layout: the name of a platform, "folders" or "flat"; None looks for what fits.
        known: whether somebody of a name is known to the class or in its roster.

    Raises CourseError if there is no such layout, or if it fits no file.
    """

    def __init__(
        self,
        export: Export,
        notebooks: list[bool],
        layout: str | None = None,
        known: Callable[[str], bool] = lambda name: False,
    ):
        if layout and layout not in KINDS:
            raise CourseError(f"There is no layout {layout!r}; there are: {', '.join(KINDS)}.")
        self.export, self.known, self.said = export, known, []
        self.layout = layout if layout in BY_HAND else None
        own = [parts for parts, wanted in zip(export.places, notebooks) if wanted]
        self.common = common_folders(own) if len(own) > 1 else []
        self.platform = None if self.layout else self._platform(layout)
        self.notebooks = notebooks
        self.level = self._known_level(own)

    def _platform(self, layout: str | None) -> list[Claim | None] | None:
        """What the platform's names say, if it is one that has written them."""
        nearly = ("", "", 0)
        for one in [LAYOUTS[layout]] if layout else LAYOUTS.values():
            claims, fit, level = read_as(one, self.export)
            if layout and not any(claims):
                raise CourseError(
                    f"No file is named as {one.title} names files: try --layout flat."
                )
            if layout or (
                fit == len(claims) and any(claims) and plausible(one, claims, self.export, level)
            ):
                self._say_platform(one.title, claims, bool(layout))
                return claims
            nearly = max(nearly, (one.title, one.name, fit), key=lambda found: found[2])
        title, name, fit = nearly
        if 2 * fit > len(self.export.places):
            self.said.append(
                f"{fit} of {len(self.export.places)} files could be named by {title}, but not all "
                f"together: names are taken as they stand. If they are, say --layout {name}."
            )
        return None

    def _say_platform(self, title: str, claims: list[Claim | None], told: bool) -> None:
        first = next(number for number, one in enumerate(claims) if one)
        place = printable("/".join(self.export.places[first]))
        if not told:
            self.said.append(
                f"Names are read as those of {title}: {place} is of {printable(claims[first].who)}."
                " If it is not, say --layout folders, or flat."
            )
        unclear = [n for n, one in enumerate(claims) if one and one.evidence != title]
        if unclear:
            self.said.append(
                f"{len(unclear)} names can be read in two ways, such as "
                f"{printable('/'.join(self.export.places[unclear[0]]))}: taken for "
                f"{printable(claims[unclear[0]].who)}, and added to nobody else's row."
            )
        if any(one.hidden for one in claims if one):
            self.said.append(f"{title} {HIDDEN_NOTE}")

    def _known_level(self, notebooks: list[list[str]]) -> int:
        """The level at which folders or files name people whom the class knows; 0 if there is none.

        All of them, several in one folder, and nobody further out: folders of groups are like
        that, while what is inside of a learner's folder is theirs.
        """
        first = len(self.common)
        for level in range(first + 1, first + 3):
            if not notebooks or any(len(parts) <= level for parts in notebooks):
                return 0
            if any(self.known(stem_of(parts[level - 1])) for parts in notebooks):
                return 0
            groups = defaultdict(set)
            for parts in notebooks:
                last = level == len(parts) - 1
                groups[parts[first]].add(stem_of(parts[level]) if last else parts[level])
            if all(map(self.known, set().union(*groups.values()))):
                several = next((one for one, people in groups.items() if len(people) > 1), "")
                if several:
                    self.said.append(
                        f"{printable(several)} is taken for a group of learners: if it is one "
                        "learner, say --layout folders."
                    )
                return level if several else 0
        return 0

    def _alone(self, sets: list[str]) -> str:
        """The folder around everything, if it is a single learner's.

        The class knows the name, or the files in it name nobody.
        """
        around = [one for one in self.common if not names_nobody(one, self.export.sets)]
        if known := next(filter(self.known, around), ""):
            return known
        if not around:
            return ""
        every = zip(self.export.places, sets, self.notebooks)
        own = [(parts, name) for parts, name, wanted in every if wanted]
        folders = any(self._folders(parts) for parts, _ in own)
        stems = [without_set_of(stem_of(parts[-1]), self.export.sets) for parts, _ in own]
        nameless = any(names_nobody(stem, self.export.sets) for stem in stems)
        numbers = all(stem == name.split("_")[0] != "" for stem, (_, name) in zip(stems, own))
        if (nameless or numbers) and not folders:
            return around[0]
        what = "folders" if folders else "files"
        self.said.append(
            f"All lie in {printable('/'.join(self.common))}: the {what} in it are taken for one of "
            "each learner. If it is a learner's, name learners with --roster."
        )
        return ""

    def guess(self, number: int) -> tuple[str, str]:
        """Whose a file may be before it is read: to let everybody's first come first."""
        if self.platform:
            one = self.platform[number]
            return (one.who, one.number) if one else ("", "")
        parts = self.export.places[number]
        folders = self._folders(parts)
        return (folders[0], "") if folders else ("", stem_of(parts[-1]))

    def claims(self, sets: list[str]) -> list[Claim | None]:
        """The claim on each file, of which the set is known by now, or "" if it has none.

        None for a file that does not fit the layout that was asked for.
        """
        if self.platform:
            return self.platform
        made: list[Claim | None] = [None] * len(sets)
        alone = self._alone(sets) if self.layout is None else ""
        by_file = []
        for number, parts in enumerate(self.export.places):
            folders = self._folders(parts)
            if alone:
                made[number] = Claim(alone, "folder")
            elif folders and self.layout != "flat":
                made[number] = Claim(folders[0], "folder")
            elif self.layout != "folders":
                by_file.append(number)
        stems = {number: stem_of(self.export.places[number][-1]) for number in by_file}
        for number, who in self._from_files(stems, sets).items():
            made[number] = Claim(who, "file name")
        return made

    def _folders(self, parts: list[str]) -> list[str]:
        """The folders of a path that may be a learner's, the outermost first."""
        common = self.common if parts[: len(self.common)] == self.common else []
        if self.level and self.layout is None:
            return parts[self.level : -1]
        own = [one for one in parts[len(common) : -1] if not names_nobody(one, self.export.sets)]
        if not own and self.layout == "folders":
            own = [one for one in common if not names_nobody(one, self.export.sets)][:1]
        return own

    def _from_files(self, stems: dict[int, str], sets: list[str]) -> dict[int, str]:
        """The names in files' names.

        A set's number is taken off only if all files of the set have it, and there are several,
        or if the class knows the name without it.
        """
        found: dict[int, str] = {}
        only = {one for one in sets if one}
        for name in {sets[number] for number in stems}:
            own = [number for number in stems if sets[number] == name]
            cut = name and len(own) > 1 and all(numbered(stems[one], name) for one in own)
            if cut:
                self.said.append(
                    f"{name.split('_')[0]} at an end of file names, as in "
                    f"{printable(stems[own[0]])}, is taken for the set's number: if not, name "
                    "learners with --roster."
                )
            whole = name or (next(iter(only)) if len(only) == 1 else "")
            for number in own:
                found[number] = self._from_file(stems[number], whole, bool(cut))
        return found

    def _from_file(self, stem: str, set_name: str, cut: bool) -> str:
        who = without_set(stem, set_name) if set_name else without_set_of(stem, self.export.sets)
        short = without_set(stem, set_name, True) if set_name else who
        if self.known(who):
            return who
        if cut or (short and short != who and self.known(short)):
            who = short
        if names_nobody(who, self.export.sets):
            around = [one for one in self.common if not names_nobody(one, self.export.sets)]
            if not around:
                self.said.append(
                    f"{printable(stem)} is nobody's name: put such files into folders with names."
                )
            return around[0] if around else stem
        return who


def without_set_of(stem: str, sets: tuple[str, ...]) -> str:
    """A file's name without that of any set."""
    for name in sets:
        if name in stem:
            return without_set(stem, name)
    return without_set(stem, "")
