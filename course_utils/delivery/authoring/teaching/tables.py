"""The generated parts of docs/teach, each a piece of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from course_utils.delivery.authoring.document import AuthoringError
from course_utils.delivery.authoring.sets import Task
from course_utils.delivery.authoring.teaching.material import Lesson, Material, Mistake, Timed
from course_utils.delivery.authoring.teaching.minutes import ALONE, LIVE, Rates

STATED = re.compile(r"About (?P<minutes>\d+) minutes; its cells run in (?P<seconds>\d+) s")
STAR = re.compile(r"(?<!\S)\*(?!\S)|\*\*")
CHANGED = "†"
RATES = "README.md#how-the-minutes-are-made"


def of_minutes(known: Material, number: str) -> str:
    """What was counted and measured of each section, and the minutes estimated from it."""
    lesson = _lesson(known, number)
    rows = [_minutes_row(one) for one in lesson.timed]
    parts = [one.section for one in lesson.timed]
    rows.append(
        [
            "**together**",
            f"{sum(one.words for one in parts):,}",
            sum(one.lines for one in parts),
            sum(one.prompts for one in parts),
            f"{lesson.seconds:.0f} s",
            f"**{lesson.alone}**",
            f"**{lesson.live}**",
            sum(one.slides.count for one in lesson.timed) or "",
        ]
    )
    machines = sorted({one.running.machine for one in lesson.timed if one.running})
    note = (
        "Words, lines of code and predictions are counted. What the cells run was measured"
        f" ({'; '.join(machines) or 'not yet'}). *Alone* and *live* are"
        f" **estimates** in minutes, at [these rates]({RATES})."
    )
    if any(one.changed for one in lesson.timed):
        note += f" {CHANGED} The code has changed since it was measured."
    talk = sum(one.slides.minutes for one in lesson.timed)
    if talk:
        note += f" The slides state {talk:g} minutes for themselves."
    headings = ("section", "words", "lines", "predictions", "runs", "alone", "live", "slides")
    return f"{_table(headings, rows, 'lrrrrrrr')}\n\n{note}"


def _minutes_row(one: Timed) -> list[object]:
    section = one.section
    runs = f"{one.running.seconds:.1f} s" if one.running else ""
    runs += f" {CHANGED}" * one.changed
    return [
        section.title,
        section.words,
        section.lines or "",
        section.prompts or "",
        runs.strip(),
        one.alone,
        one.live,
        one.slides.count or "",
    ]


def of_stated(known: Material, _: str) -> str:
    """What each lesson says of its own time, beside what is computed here."""
    rows = []
    for number, lesson in known.lessons.items():
        cells = lesson.document.notebook().cells
        stated = next(found for cell in cells if (found := STATED.search(cell.source)))
        rows.append(
            [
                f"[{number}]({number}.md)",
                stated["minutes"],
                lesson.alone,
                f"{stated['seconds']} s",
                f"{lesson.seconds:.0f} s",
            ]
        )
    headings = ("lesson", "it says", "estimated here", "runs, it says", "runs, measured")
    return _table(headings, rows, "lrrrr")


def of_lessons(known: Material, _: str) -> str:
    """All lessons with their sizes, minutes and sets."""
    rows = [
        [
            f"[{number}]({number}.md)",
            lesson.title,
            f"{sum(one.section.words for one in lesson.timed):,}",
            sum(one.section.prompts for one in lesson.timed),
            f"{lesson.seconds:.0f} s",
            lesson.alone,
            lesson.live,
            _set_in_short(lesson),
        ]
        for number, lesson in known.lessons.items()
    ]
    lessons = known.lessons.values()
    sets = [task for lesson in lessons for task in lesson.tasks]
    rows.append(
        [
            "",
            "**together**",
            f"{sum(one.section.words for lesson in lessons for one in lesson.timed):,}",
            sum(one.section.prompts for lesson in lessons for one in lesson.timed),
            f"{sum(lesson.seconds for lesson in lessons):.0f} s",
            f"**{sum(lesson.alone for lesson in lessons)}**",
            f"**{sum(lesson.live for lesson in lessons)}**",
            f"{sum(t.points for t in sets)} points, {sum(t.minutes for t in sets)} minutes",
        ]
    )
    headings = ("", "lesson", "words", "predictions", "runs", "alone", "live", "problem set")
    return _table(headings, rows, "llrrrrrl")


def of_rates(known: Material, _: str) -> str:
    """At which rates minutes are estimated."""
    rows = [
        ["words of prose and tables, a minute", *(f"{r.words:g}" for r in (ALONE, LIVE))],
        *_seconds_rows(("formula", "displayed formula"), ("line", "line of code")),
        *_seconds_rows(("prompt", "prediction or question"), ("figure", "figure")),
        *_seconds_rows(("claim", "claim")),
        ["running of the cells", "as measured", "as measured"],
    ]
    return _table(("for each", "alone", "live"), rows, "lrr")


def _seconds_rows(*fields: tuple[str, str]) -> list[list[str]]:
    return [[name, *(_seconds(r, field) for r in (ALONE, LIVE))] for field, name in fields]


def _seconds(rates: Rates, field: str) -> str:
    return f"{getattr(rates, field):g} s"


def of_set(known: Material, number: str) -> str:
    """The tasks of a lesson's problem set."""
    lesson = _lesson(known, number)
    if not lesson.tasks:
        raise AuthoringError(f"lesson {number} has no problem set")
    rows = []
    for task in lesson.tasks:
        entry = known.problems.get(task.answer or "")
        mistakes = "marked by you" if task.written else len(entry.mistakes) if entry else ""
        answer = f"`{task.answer}`" if not task.written else "in words"
        rows.append([task.number, task.title, answer, task.points, task.minutes, mistakes])
    points, minutes = (sum(getattr(t, f) for t in lesson.tasks) for f in ("points", "minutes"))
    rows.append(["", "**together**", "", f"**{points}**", f"**{minutes}**", ""])
    headings = ("", "task", "answer", "points", "minutes", "mistakes it names")
    return _table(headings, rows, "llrrrr".replace("lr", "ll", 1))


def of_sets(known: Material, _: str) -> str:
    """The problem sets with points, minutes, and what is marked by hand."""
    rows = []
    for number, lesson in known.lessons.items():
        if lesson.tasks:
            by_hand = sum(task.points for task in lesson.tasks if task.written)
            points = sum(task.points for task in lesson.tasks)
            minutes = sum(task.minutes for task in lesson.tasks)
            rows.append([number, lesson.title, points, by_hand or "", minutes])
    headings = ("set", "lesson", "points", "of them by hand", "minutes")
    return _table(headings, rows, "llrrr")


def of_tasks(known: Material, _: str) -> str:
    """For learners: the sets in order, each with its tasks."""
    parts = []
    for number, lesson in known.lessons.items():
        if not lesson.tasks:
            continue
        points, minutes = (sum(getattr(t, f) for t in lesson.tasks) for f in ("points", "minutes"))
        head = f"### [{number} · {lesson.title}]({lesson.document.name}.ipynb)"
        rows = [[t.title, difficulty(t), t.points, t.minutes] for t in lesson.tasks]
        rows.append(["**together**", "", f"**{points}**", f"**{minutes}**"])
        table = _table(("task", "difficulty", "points", "minutes"), rows, "llrr")
        parts.append(f"{head}\n\n{table}")
    return "\n\n".join(parts)


def difficulty(task: Task) -> str:
    """By the points of a task that code answers: one is a line or two, three an algorithm."""
    if task.written:
        return "in words"
    return ("easy", "middle", "hard")[min(task.points, 3) - 1]


def of_mistake(known: Material, what: str) -> str:
    """One misconception: the problem, its name, and what the learner is told."""
    problem, _, name = what.partition(": ")
    entry, mistake = known.mistake(problem, name)
    return f"> **{entry.title}** (`{problem}`), *{name}*. The learner is told: {told(mistake)}"


def of_all_mistakes(known: Material, number: str) -> str:
    """Every misconception of a lesson's problems that is recognised by name."""
    parts = []
    for entry in known.bank.get(number, ()):
        lines = [f"- *{one.name}*: {told(one)}" for one in entry.mistakes]
        parts.append("\n".join([f"**{entry.title}** (`{entry.name}`)", "", *lines]))
    return "\n\n".join(parts) or "None yet."


def told(mistake: Mistake) -> str:
    """The message as Markdown: a star between numbers is a star, no emphasis."""
    text = " ".join(mistake.message.split())
    return STAR.sub(lambda star: star[0].replace("*", r"\*"), text).replace("<", r"\<")


def _set_in_short(lesson: Lesson) -> str:
    if not lesson.tasks:
        return ""
    points = sum(task.points for task in lesson.tasks)
    return f"{points} points, {sum(task.minutes for task in lesson.tasks)} minutes"


def _lesson(known: Material, number: str) -> Lesson:
    if number not in known.lessons:
        raise AuthoringError(f"there is no lesson {number!r}")
    return known.lessons[number]


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]], align: str) -> str:
    rules = ["---:" if side == "r" else "---" for side in align]
    lines = [headings, rules, *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
