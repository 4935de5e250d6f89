"""What `course handout` does: notebooks in, PDF out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from course_utils.delivery.authoring.document import LESSONS, documents, read
from course_utils.delivery.authoring.handout.page import page
from course_utils.delivery.authoring.handout.pdf import printer
from course_utils.delivery.authoring.handout.sheet import sheet
from course_utils.delivery.authoring.sets import HANDOUTS as EXERCISES
from course_utils.delivery.authoring.sets import SETS, problem_sets
from course_utils.delivery.authoring.site.chinese import with_font
from course_utils.delivery.authoring.site.folders import HANDOUTS, shown
from course_utils.delivery.authoring.site.vendor import vendor
from course_utils.delivery.authoring.slides.deck import decks
from course_utils.delivery.authoring.slides.languages import spoken
from course_utils.language import ENGLISH, speaking
from course_utils.language import language as spoken_language
from course_utils.place import COURSE
from course_utils.translating import translate_notebook

ALL = "all"


def write_handouts(
    names: Iterable[str],
    folder: Path = HANDOUTS,
    report: Callable[[str], None] = print,
    whole: bool = False,
    language: str = ENGLISH,
) -> list[Path]:
    """Write a PDF for each of `names`: "04" is a lesson, "exercises/04" its set; return the paths.

    "solutions/04" is the set with its answers, "all" every lesson and every set without answers.
    A lesson is a sheet to fill in, or, if `whole`, all of its text, code and results.

    Raises AuthoringError for a name that is nothing, SiteError if what prints is missing.
    """
    chosen = list(dict.fromkeys(path for name in names for path in notebooks(name)))
    width = max(len(_named(path)) for path in chosen)
    files, written = vendor(report), []
    folder = folder / ("" if language == ENGLISH else language)
    with printer() as print_page:
        for source in chosen:
            start = time.perf_counter()
            target = (folder / _named(source)).with_suffix(".pdf")
            with speaking(language):
                text = _page(source, files, whole)
            print_page(with_font(text, files) if language != ENGLISH else text, target)
            written.append(target)
            size, seconds = target.stat().st_size / 1000, time.perf_counter() - start
            report(f"{_named(source):<{width}}  {size:.0f} kB in {seconds:.0f} s  {shown(target)}")
    return written


def _page(source: Path, files: Path, whole: bool) -> str:
    if whole or source.parent.name != LESSONS:
        notebook = read(source)
        if spoken_language() != ENGLISH:
            name = f"{source.parent.name}/{source.name}"
            translate_notebook(notebook, name, spoken_language(), COURSE)
        return page(notebook, files)
    return sheet(spoken(decks([source.stem])[0]), files)


def notebooks(name: str) -> list[Path]:
    """The notebooks that a name means.

    Raises AuthoringError if there is none.
    """
    if name == ALL:
        return [
            *(one.target for one in documents()),
            *(one.handout_target for one in problem_sets()),
        ]
    folders = Path(name).parts[:-1]
    if EXERCISES in folders:
        return [one.handout_target for one in problem_sets([name])]
    return [one.target for one in documents([name], folder=SETS if SETS in folders else LESSONS)]


def _named(notebook: Path) -> str:
    """04_name for a lesson, exercises/04_name for a set."""
    lesson = notebook.parent.name == LESSONS
    return notebook.stem if lesson else f"{notebook.parent.name}/{notebook.stem}"
