"""What `course slides` does: decks in, pages out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from course_utils.delivery.authoring.document import AuthoringError
from course_utils.delivery.authoring.sets import HANDOUTS, SETS
from course_utils.delivery.authoring.site.chinese import with_font
from course_utils.delivery.authoring.site.folders import SLIDES, shown
from course_utils.delivery.authoring.site.vendor import vendor
from course_utils.delivery.authoring.slides.deck import Deck, decks
from course_utils.delivery.authoring.slides.heads import sections
from course_utils.delivery.authoring.slides.languages import spoken
from course_utils.delivery.authoring.slides.page import page, whole
from course_utils.delivery.authoring.slides.plan import plan
from course_utils.language import ENGLISH, speaking


def write_decks(
    names: Iterable[str] = (),
    folder: Path = SLIDES,
    report: Callable[[str], None] = print,
    language: str = ENGLISH,
) -> list[Path]:
    """Write NN_name/index.html for the lessons in `names`, or for all; return their paths.

    Raises AuthoringError for a name or a slide that is wrong, SiteError without fonts or scripts.
    """
    names = list(names)
    for name in names:
        if {HANDOUTS, SETS} & set(Path(name).parts[:-1]):
            raise AuthoringError(
                f"{name} is a problem set, and has no slides: `course handout {name}` prints it."
            )
    chosen, folder = decks(names or None), folder / ("" if language == ENGLISH else language)
    files = vendor(report)
    width = max(len(deck.document.name) for deck in chosen)
    written = []
    for deck in chosen:
        path = folder / deck.document.name / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        with speaking(language):
            text = page(spoken(deck), files)
        if language != ENGLISH:
            text = with_font(text, files)
        path.write_text(text, encoding="utf-8")
        written.append(path)
        report(f"{deck.document.name:<{width}}  {_words(deck)}  {shown(path)}")
    report("Open them in a browser; S is the speaker's view, D turns the light, ? lists the keys.")
    return written


def write_plan(
    name: str,
    week: int | None = None,
    folder: Path = SLIDES,
    report: Callable[[str], None] = print,
) -> Path:
    """Write the one deck of a plan of docs/teach, such as "3-hours"; return its path.

    Raises AuthoringError for a plan that there is not, SiteError without fonts or scripts.
    """
    one = plan(name, week)
    path = folder / stem(name, week) / "index.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = whole(one.title, sections(one), one.dial, vendor(report))
    path.write_text(text, encoding="utf-8")
    report(f"{one.title}  {one.count} slides, {one.minutes} minutes  {shown(path)}")
    report(
        "Open it in a browser; S is the speaker's view, T starts a clock, D turns the light, "
        "? lists the keys."
    )
    return path


def stem(name: str, week: int | None) -> str:
    """The folder of what is made of a plan."""
    return f"plan-{name}" if week is None else f"plan-{name}-week-{week:02}"


def _words(deck: Deck) -> str:
    count = len(deck.slides) + 2  # the title, and the way to the lesson
    return f"{count} slides, {deck.talk:g} minutes"
