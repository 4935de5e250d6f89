"""Fill the generated parts of docs/teach and of the page of exercises.

They stand between `<!-- begin ... -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from course_utils.delivery.authoring.document import ROOT, AuthoringError
from course_utils.delivery.authoring.teaching import plans, tables
from course_utils.delivery.authoring.teaching.material import Bank, Material, material

FOLDER, EXERCISES = Path("docs/teach"), Path("exercises/README.md")
BLOCK = re.compile(
    r"(?P<begin><!-- begin (?P<kind>\w+)(?: (?P<what>[^\n]+?))? -->\n).*?(?P<end>^<!-- end -->$)",
    re.MULTILINE | re.DOTALL,
)
BLOCKS: dict[str, Callable[[Material, str], str]] = {
    "claimed": tables.of_stated,
    "lessons": tables.of_lessons,
    "minutes": tables.of_minutes,
    "mistake": tables.of_mistake,
    "mistakes": tables.of_all_mistakes,
    "rates": tables.of_rates,
    "set": tables.of_set,
    "sets": tables.of_sets,
    "tasks": tables.of_tasks,
}


def write(bank: Bank, *, root: Path = ROOT, report: Callable[[str], None] = print) -> None:
    """Fill the pages of docs/teach again, and say which of them changed.

    Raises AuthoringError, with the page and the part, for a part that cannot be filled.
    """
    known = material(bank, root)
    others = [path for path in [root / EXERCISES] if path.exists()]
    for path in [*pages(root), *others]:
        old = path.read_text(encoding="utf-8")
        new = filled(path, known)
        if new != old:
            path.write_text(new, encoding="utf-8")
            report(f"{path.relative_to(root).as_posix()}  written")
    changed = [n for n, one in known.lessons.items() if any(part.changed for part in one.timed)]
    if changed:
        again = " ".join(f"--measure {number}" for number in changed)
        report(f"Code has changed since its seconds were measured: `course teach {again}` runs it.")


def pages(root: Path = ROOT) -> list[Path]:
    """The pages of the guide, in order."""
    return sorted((root / FOLDER).glob("*.md"))


def filled(path: Path, known: Material) -> str:
    """The text of a page with its generated parts made afresh.

    Raises AuthoringError, with the page and the part, for a part that cannot be filled.
    """
    text = path.read_text(encoding="utf-8")

    def fill(match: re.Match[str]) -> str:
        try:
            block = BLOCKS[match["kind"]]
        except KeyError:
            raise AuthoringError(f"{path.name}: no part is called {match['kind']!r}.") from None
        try:
            inside = block(known, match["what"] or "")
        except AuthoringError as error:
            raise AuthoringError(f"{path.name}, {match['kind']} {match['what']}: {error}") from None
        return f"{match['begin']}\n{inside}\n\n{match['end']}"

    if len(BLOCK.findall(text)) != text.count("<!-- begin "):
        raise AuthoringError(f"{path.name}: a `<!-- begin ... -->` has no `<!-- end -->`.")
    return plans.recounted(plans.retimed(BLOCK.sub(fill, text)), known)


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """The kinds of the generated parts of a page, and what each is about."""
    for match in BLOCK.finditer(text):
        yield match["kind"], match["what"] or ""
