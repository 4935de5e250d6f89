"""Commands for whoever works through the course."""

from contextlib import suppress
from pathlib import Path

import click

from course_utils import CourseError, __version__
from course_utils.delivery.cli.shared import (
    open_workbook,
    report,
    results_option,
    workbook_option,
    write_claims,
)


@click.command(context_settings={"ignore_unknown_options": True})
@workbook_option
@click.option("--port", type=click.IntRange(1, 65535), help="Use this port and no other.")
@click.option("--language", default="", help="Of the workbook, such as zh_CN; it remembers.")
@click.option("--no-browser", is_flag=True, help="Open none; print the address alone.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[LESSON] [OPTIONS]")
def lab(
    workbook: Path | None,
    port: int | None,
    language: str,
    no_browser: bool,
    arguments: tuple[str, ...],
) -> None:
    """Open your workbook in JupyterLab, at LESSON.

    LESSON is a number such as 03, or a problem set such as exercises/04. Without one the first
    lesson opens, and START.md once you have begun: it says where you were. The workbook holds
    your own copies. An update of the course replaces those you have not changed; beside one you
    have changed it puts the new version, as new_NAME.ipynb. Options that `course lab` does not
    know, such as --debug, come after LESSON and are handed to JupyterLab.
    """
    from course_utils.delivery.lab import launch, trust
    from course_utils.delivery.start_page import begun, page
    from course_utils.language import speaking, translated
    from course_utils.workbook import START

    options = list(arguments)
    with open_workbook(workbook, language) as book:
        named = options and not options[0].startswith("-")
        if not named:
            require_no_lesson(book, options)
        lesson = book.find(options.pop(0)) if named else ""
        lesson = lesson or (START if begun(book) else book.first())
        news = list(book.lay())
        report(news)
        trust(book.written)
        book.lay_start(page(book, news))
    with speaking(book.language):
        click.echo(translated("Your workbook is {folder}", folder=book.folder))
        if no_browser:
            options.append("--no-browser")
            click.echo(
                translated(
                    "Open the address below in a browser. To end it, press Ctrl-C here and confirm."
                )
            )
        else:
            click.echo(
                translated(
                    "JupyterLab opens in your browser; if not, open the address below. To end it, "
                    "press Ctrl-C here and confirm."
                )
            )
        launch(book.folder, lesson, port, options)


def require_no_lesson(book, options: list[str]) -> None:
    """Raise CourseError if among the options of JupyterLab is one that may be a lesson."""
    from course_utils.language import speaking, translated
    from course_utils.workbook import WorkbookError

    for one in options:
        with suppress(WorkbookError), speaking(book.language):
            book.find(one)
            raise CourseError(
                translated(
                    "Name the lesson first, as in `course lab {lesson} {option}`; "
                    "if {lesson} belongs to an option, join them with =.",
                    lesson=one,
                    option=options[0],
                )
            )


@click.command()
@workbook_option
@click.argument("lesson")
def reset(workbook: Path | None, lesson: str) -> None:
    """Lay a fresh copy of LESSON and keep your old one.

    LESSON is a number such as 02, or a problem set such as exercises/02.
    """
    from course_utils.delivery.lab import trust

    with open_workbook(workbook) as book:
        report(book.reset(lesson))
    trust(book.written)


@click.command()
@click.option("--workshop", is_flag=True, help="Is this machine ready for a workshop?")
def doctor(workshop: bool) -> None:
    """Look for what is wrong with the machine or the environment."""
    if workshop:
        from course_utils.delivery.workshop.ready import examine
    else:
        from course_utils.delivery.doctor import examine

    if not examine():
        raise SystemExit(1)


@click.command()
@results_option
@click.option("--write", is_flag=True, help="Write docs/claims.md instead.")
def claims(folder: Path | None, write: bool) -> None:
    """Print every claim: what was published, what we found, the verdict."""
    if write:
        write_claims(folder)
    else:
        from course_utils.delivery.authoring import inventory
        from course_utils.experiments import report

        report.show(inventory.claims(), folder)


@click.command()
@workbook_option
@click.argument("exercise")
def submit(workbook: Path | None, exercise: str) -> None:
    """Hand in a problem set to the teacher of the hub you are on.

    EXERCISE is a number such as 01.
    """
    from course_utils.delivery.workshop.submit import submit

    with open_workbook(workbook) as book:
        click.echo(submit(book, exercise))


@click.command()
def version() -> None:
    """Print the version of the course."""
    click.echo(__version__)
