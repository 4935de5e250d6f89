"""`course translate`: catalogs follow the sources, and whoever translates sees what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.authoring.document import ROOT, AuthoringError
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
    texts = domains(root, names)
    if unknown := set(names) - texts.keys():
        known = ", ".join(domains(root))
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


def state(root: Path = ROOT, report: Callable[[str], None] = print) -> None:
    """Say of each language, and of each of its pages, how much is missing or stale.

    Raises AuthoringError if catalogs are not those of the sources, or a translation breaks a rule.
    """
    texts, wrong = domains(root), []
    for language in sorted(path.name for path in (root / "locale").glob("*/")):
        counted = catalogs.compared(texts, language, root)
        found = [one for row in counted for one in rules.remarks(row.domain, language, root)]
        wrong += map(str, found)
        for domain, there in texts.items():
            path = catalogs.folder(language, root) / f"{domain}.po"
            known = {one.id for one in catalogs.read(path, language) if one.id}
            if known != {one.text for one in there}:
                wrong.append(
                    f"{path.name}: its English is not that of the course: `make translate`"
                )
        left = [one for one in counted if one.missing or one.stale]
        for line in table(language, left) if left else [f"{language}: all is translated."]:
            report(line)
    if wrong:
        raise AuthoringError("\n".join(wrong))


def table(language: str, counted: list[catalogs.Counted]) -> list[str]:
    """What is there and what is missing, a line for each domain and one for all."""
    lines = [f"{language:<18}{'entries':>8}{'words':>8}{'missing':>9}{'stale':>7}"]
    every = catalogs.Counted("together", *map(sum, zip(*(one[1:] for one in counted))))
    for one in [*counted, *[every] * (len(counted) > 1)]:
        lines.append(
            f"{one.domain:<18}{one.entries:>8}{one.words:>8}{one.missing:>9}{one.stale:>7}"
        )
    return lines
