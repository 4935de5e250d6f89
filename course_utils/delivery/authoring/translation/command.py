"""`course translate`: catalogs follow the sources, and whoever translates sees what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.authoring.document import ROOT
from course_utils.delivery.authoring.translation import catalogs, rules
from course_utils.delivery.authoring.translation.extract import domains


def translate(
    names: Iterable[str] = (),
    languages: Iterable[str] = (),
    *,
    check: bool = False,
    root: Path = ROOT,
    report: Callable[[str], None] = print,
) -> bool:
    """Bring catalogs up to date and say what is missing; True if all is there and keeps the rules.

    names: domains such as lesson-04; all without. check: write nothing, and name each entry that
    breaks a rule. Raises CourseError for a name that no domain has, and for no language.
    """
    names = [Path(one).stem for one in names]
    chosen = list(languages) or sorted(path.name for path in (root / "locale").glob("*/"))
    if not chosen:
        raise CourseError("There is no language yet: name one with --language.")
    texts = domains(root)
    if unknown := set(names) - texts.keys():
        known = ", ".join(texts)
        raise CourseError(f"There is no domain {sorted(unknown)[0]!r}; there are {known}.")
    good = True
    for language in chosen:
        if check:
            counted = catalogs.compared(texts, language, root, names)
        else:
            counted = catalogs.update(texts, language, root, names)
        found = [one for row in counted for one in rules.remarks(row.domain, language, root)]
        for line in (*map(str, found), *table(language, counted)):
            report(line)
        good &= not found and not any(one.missing or one.stale for one in counted)
    return good


def table(language: str, counted: list[catalogs.Counted]) -> list[str]:
    """What is there and what is missing, a line for each domain and one for all."""
    lines = [f"{language:<18}{'entries':>8}{'words':>8}{'missing':>9}{'stale':>7}"]
    every = catalogs.Counted("together", *map(sum, zip(*(one[1:] for one in counted))))
    for one in [*counted, *[every] * (len(counted) > 1)]:
        lines.append(
            f"{one.domain:<18}{one.entries:>8}{one.words:>8}{one.missing:>9}{one.stale:>7}"
        )
    return lines
