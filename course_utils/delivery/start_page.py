"""START.md, the first page of a workbook: where to go on, what is new, the map, how to work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from course_utils.language import ENGLISH, every, language, speaking, to_translate, translated
from course_utils.translating import prose_in
from course_utils.workbook import PROGRAMS, PROGRESS, Workbook

PREDICTIONS = "predictions.json"  # written by course_utils/predictions/web/store.js
IN_WORDS = to_translate("Points are those that `check` gives; answers in words have more of them.")
HOW = Path("docs/working.md")  # of the course: the same words as on its pages


def page(book: Workbook, news: Sequence[str] = ()) -> str:
    """The page as Markdown.

    Args:
        book: the workbook, laid.
        news: what laying it has to say, such as what an update brought.
    """
    sources = book.sources()
    lessons = [name for name in sources if name.startswith("notebooks/")]
    last = last_worked_on(book, list(sources))
    with speaking(book.language):
        parts = ["# Carousel", _way(last, lessons, sources)]
        if news:
            lines = "\n".join(f"- {line}" for line in news)
            parts += [f"## {translated('What is new')}", lines]
        parts += [f"## {translated('The map')}", _map(book, lessons, sources)]
        parts += [f"## {translated('How to work')}", _how(book)]
        note = translated(
            "*The course writes this page anew at each start. Keep notes of yours in another file.*"
        )
        return "\n\n".join([*parts, note]) + "\n"


def begun(book: Workbook) -> bool:
    """Whether something has been worked on in the workbook."""
    return last_worked_on(book, list(book.sources())) is not None


def last_worked_on(book: Workbook, names: Sequence[str]) -> str | None:
    """The lesson or set whose copy was saved last, of those that are not as they were laid."""
    saved = []
    for name in names:
        path = book.folder / name
        if path.is_file() and path.read_bytes() != book.fresh(name):
            saved.append((path.stat().st_mtime, name))
    return max(saved)[1] if saved else None


def points(source: Path, best: dict[str, float]) -> tuple[float, float]:
    """What the answers to a set are worth, and what all could be; without those in words."""
    cells = json.loads(source.read_bytes()).get("cells", [])
    own = [cell.get("metadata", {}).get("nbgrader", {}) for cell in cells]
    graded = [
        (mark.get("grade_id", "").removesuffix("-check"), mark.get("points", 0))
        for mark in own
        if mark.get("grade") and not mark.get("solution")
    ]
    return sum(best.get(task, 0) * worth for task, worth in graded), sum(w for _, w in graded)


def _way(last: str | None, lessons: Sequence[str], sources: dict[str, Path]) -> str:
    if last is None:
        return translated(
            "**Begin with {link}.** It takes about half an hour.", link=_link(lessons[0], sources)
        )
    link = _link(last, sources)
    where = translated("**Go on with {link}**, where you were last.", link=link)
    if last.startswith("exercises/"):
        where = translated("**Go on with problem set {link}**, where you were last.", link=link)
    if last == lessons[-1] or last not in lessons:
        return where
    link = _link(lessons[lessons.index(last) + 1], sources)
    return where + translated(" After it comes {link}.", link=link)


def _map(book: Workbook, lessons: Sequence[str], sources: dict[str, Path]) -> str:
    best, predicted = _best(book), _predicted(book)
    rows = [
        translated("| lesson | predictions | problem set | points | from a blank file |"),
        "|---|---|---|---|---|",
    ]
    programs = book.programs()
    for name in lessons:
        one, own = (
            f"exercises/{PurePosixPath(name).name}",
            f"{PROGRAMS}/{PurePosixPath(name).stem}.py",
        )
        asked = _asked(sources[name])
        cells = [
            _link(name, sources),
            _share(predicted.get(_number(name), 0), asked),
            "",
            "",
            f"[{translated('program {number}', number=_number(own))}]({own})" * (own in programs),
        ]
        if one in sources:
            got, most = points(sources[one], best)
            link = f"[{translated('set {number}', number=_number(one))}]({one})"
            cells[2:4] = [link, _share(got, most)]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join([*rows, "", translated(IN_WORDS)])


def _share(part: float, whole: float) -> str:
    """ "3 of 5", and nothing where there is none to have."""
    return translated("{part:g} of {whole:g}", part=part, whole=whole) if whole else ""


def _how(book: Workbook) -> str:
    path = book.course / HOW
    if not path.is_file():
        return translated(
            "Shift+Enter runs a cell. `course doctor`, in a terminal, helps if something fails."
        )
    text = path.read_text(encoding="utf-8").partition("\n")[2].strip()
    return text if language() == ENGLISH else prose_in(text, every(language()))


def _best(book: Workbook) -> dict[str, float]:
    try:
        scores = json.loads((book.folder / PROGRESS).read_bytes())["best"]
        return {str(name): float(score) for name, score in scores.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _predicted(book: Workbook) -> dict[str, int]:
    """How many predictions of each lesson, by its number, are answered."""
    try:
        kept = json.loads((book.folder / PREDICTIONS).read_bytes())["predictions"]
        return {
            lesson: sum(record.get("choice") is not None for record in records.values())
            for lesson, records in kept.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _asked(source: Path) -> int:
    """How many predictions with choices a lesson has."""
    try:
        cells = json.loads(source.read_bytes())["cells"]
        return sum("".join(cell["source"]).count("\npredict(\n") for cell in cells)
    except (OSError, ValueError, TypeError, KeyError):
        return 0


def _link(name: str, sources: dict[str, Path]) -> str:
    try:
        first = json.loads(sources[name].read_bytes())["cells"][0]["source"]
        title = translated("".join(first).splitlines()[0].removeprefix("# "))
    except (ValueError, KeyError, IndexError, TypeError):
        title = PurePosixPath(name).stem
    return f"[{title}]({name})"


def _number(name: str) -> str:
    return PurePosixPath(name).name.partition("_")[0]
