"""The `course` command. Imports of weight are inside the commands: `course --help` is instant."""

import os
import sys
from pathlib import Path

try:
    import click
except ModuleNotFoundError:
    sys.exit("The package click is missing from this environment: run `make setup`.")

from course_utils import CourseError, __version__

workbook_option = click.option(
    "--workbook",
    type=click.Path(path_type=Path),
    envvar="CAROUSEL_WORKBOOK",
    help="The folder of your copies; remembered. At first it is ~/carousel-workbook.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def course() -> None:
    """Carousel: a hands-on course from vanishing gradients to the LSTM and the GRU."""


@course.command()
def version() -> None:
    """Print the version of the course."""
    click.echo(__version__)


@course.command()
@click.option("--workshop", is_flag=True, help="Is this machine ready for a workshop?")
def doctor(workshop: bool) -> None:
    """Look for what is wrong with the machine or the environment."""
    if workshop:
        from course_utils.workshop.ready import examine
    else:
        from course_utils.doctor import examine

    if not examine():
        raise SystemExit(1)


@course.command(context_settings={"ignore_unknown_options": True})
@workbook_option
@click.option("--port", type=click.IntRange(1, 65535), help="Use this port and no other.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[LESSON] [OPTIONS]")
def lab(workbook: Path | None, port: int | None, arguments: tuple[str, ...]) -> None:
    """Open your workbook in JupyterLab, at LESSON (such as 03) or the first one.

    The workbook holds your own copies. An update of the course replaces those you have not
    changed; beside one you have changed it puts the new version, as NAME.new.ipynb. Options that
    `course lab` does not know, such as --no-browser, are handed to JupyterLab.
    """
    from course_utils.lab import launch, trust

    book = open_workbook(workbook)
    lesson, options = book.first(), list(arguments)
    if options and not options[0].startswith("-"):
        lesson = book.find(options.pop(0))
    report(book.lay())
    trust(book.written)
    click.echo(f"Your workbook is {book.folder}")
    launch(book.folder, lesson, port, options)


@course.command()
@workbook_option
@click.argument("lesson")
def reset(workbook: Path | None, lesson: str) -> None:
    """Lay a fresh copy of LESSON, such as 02 or exercises/02, and keep your old one."""
    from course_utils.lab import trust

    book = open_workbook(workbook)
    report(book.reset(lesson))
    trust(book.written)


@course.command()
@click.argument("names", nargs=-1)
@click.option("--force", is_flag=True, help="Rebuild also what has not changed.")
def build(names: tuple[str, ...], force: bool) -> None:
    """Rebuild the notebooks whose sources changed, or those whose NAMES are given.

    01 is a lesson and its problem set, solutions/01 the set alone. What is made from them
    follows: the claims in docs/claims.md, and the tables in docs/teach.
    """
    from course_utils.authoring.project import build

    build(list(names) or None, force=force)
    write_claims()
    write_teaching()


@course.command()
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Check that the notebooks, or those whose NAMES are given, keep the rules."""
    from course_utils.authoring.project import check

    check(list(names) or None)


@course.command()
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@click.option("--fresh", is_flag=True, help="Make all pages again, not only what changed.")
def site(opens: bool, fresh: bool) -> None:
    """Make the course's pages in build/site, from the notebooks as they are.

    They need no network and no server: open build/site/index.html, or put the folder on any web
    server. Only the first time, fonts and scripts are fetched with npm.
    """
    from course_utils.authoring.site.make import make_site

    first = make_site(fresh)
    if opens:
        click.launch(first.as_uri())


@course.command()
@click.argument("names", nargs=-1)
@click.option("--open", "opens", is_flag=True, help="Open the first of them in the browser.")
def slides(names: tuple[str, ...], opens: bool) -> None:
    """Make the slides of the lessons NAMES, such as 04, or of all, in build/slides.

    Each lesson is one HTML file that needs no network, with notes in a speaker's view.
    """
    from course_utils.authoring.slides.command import write_decks

    first, *_ = write_decks(names)
    if opens:
        click.launch(first.as_uri())


@course.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--open", "opens", is_flag=True, help="Open the first of them.")
def handout(names: tuple[str, ...], opens: bool) -> None:
    """Print NAMES to PDF in build/handouts: 04 is a lesson, exercises/04 its problem set, or all.

    The PDF are tagged for screen readers. An installed Chromium or Chrome prints them.
    """
    from course_utils.authoring.handout.command import write_handouts

    first, *_ = write_handouts(names)
    if opens:
        click.launch(first.as_uri())


results_option = click.option(
    "--results",
    "folder",
    type=click.Path(path_type=Path),
    help="The folder of the results; without it, those that belong to the course.",
)


@course.command()
@click.argument("names", nargs=-1)
@results_option
@click.option("--jobs", type=int, default=-1, help="Processes; without it, one for each core.")
@click.option("--cluster", metavar="ADDRESS", help="Use the workers of this Dask scheduler.")
@click.option("--prune", is_flag=True, help="Drop stored runs that the sweep no longer has.")
def sweep(
    names: tuple[str, ...], folder: Path | None, jobs: int, cluster: str | None, prune: bool
) -> None:
    """Make the runs of the sweeps NAMES that are not stored yet; "all" is every sweep.

    Ctrl-C stops it and loses nothing that was finished; the same command goes on. Without NAMES,
    it lists the sweeps.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: one thread for each process
    from course_utils.experiments import command

    if not command.sweep(names, folder, jobs, cluster, prune):
        raise SystemExit(130)


@course.command()
@results_option
@click.option("--write", is_flag=True, help="Write docs/claims.md instead.")
def claims(folder: Path | None, write: bool) -> None:
    """Print every claim of the course: what was published, what we found, and the verdict."""
    if write:
        write_claims(folder)
    else:
        from course_utils.authoring import inventory
        from course_utils.experiments import report

        report.show(inventory.claims(), folder)


@course.command()
@click.option("--measure", "names", multiple=True, metavar="LESSON", help='Time it; or "all".')
def teach(names: tuple[str, ...]) -> None:
    """Fill the tables of the teachers' guide, docs/teach, again.

    --measure 04 runs lesson 04 first and keeps how many seconds each of its sections took on this
    machine; it may be repeated. All lessons together take some minutes.
    """
    from course_utils.authoring.teaching.seconds import measure

    if names:
        measure(None if "all" in names else names)
    write_teaching()


class_option = click.option(
    "--class",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("."),
    show_default="this folder",
    help="The folder of the class.",
)
problems_option = click.option(
    "--problems",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with sets of your own: problems.py and a notebook with solutions.",
)


@course.command()
@click.argument("names", nargs=-1, required=True)
@class_option
@problems_option
@click.option("--roster", type=click.Path(path_type=Path, exists=True), help="A CSV of learners.")
def release(
    names: tuple[str, ...], folder: Path, problems: Path | None, roster: Path | None
) -> None:
    """Make the hand-outs of the problem sets NAMES, such as 04."""
    from course_utils.grading import commands

    commands.release(names, folder, problems, roster)


@course.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@class_option
@problems_option
@click.option("--update", is_flag=True, help="Take newer files in the place of earlier ones.")
def collect(source: Path, folder: Path, problems: Path | None, update: bool) -> None:
    """Copy submissions from SOURCE, a folder or a zip, into the class."""
    from course_utils.grading import commands

    commands.collect(source, folder, problems, update)


@course.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--class", "folder", type=click.Path(path_type=Path), help="The folder of the class.")
@problems_option
@click.option("--set", "names", multiple=True, help="Mark this set only; may be repeated.")
@click.option("--jobs", type=int, default=-1, help="Sandboxes at a time; else one for each core.")
@click.option("--cluster", metavar="ADDRESS", help="Use the workers of this Dask scheduler.")
@click.option("--again", is_flag=True, help="Mark also what is marked already.")
@click.option("--update", is_flag=True, help="Take newer files in the place of earlier ones.")
def grade(source: Path, **options) -> None:
    """Mark the submissions in SOURCE: a class, a folder of files, or a zip.

    Ctrl-C loses no marks; the same command goes on.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from course_utils.grading import commands

    commands.grade(source, **options)


@course.command()
@click.argument("names", nargs=-1)
@class_option
@problems_option
def feedback(names: tuple[str, ...], folder: Path, problems: Path | None) -> None:
    """Write learners' pages and grades.csv again, after marks by hand."""
    from course_utils.grading import commands

    commands.feedback(folder, problems, names)


@course.command()
@workbook_option
@click.argument("exercise")
def submit(workbook: Path | None, exercise: str) -> None:
    """Hand in your problem set EXERCISE, such as 01, to the teacher of the hub you are on."""
    from course_utils.workshop.submit import submit

    click.echo(submit(open_workbook(workbook), exercise))


hub_folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CAROUSEL_HUB",
    help="Where learners' homes, passwords and hand-ins are; without it ~/carousel-hub.",
)


@course.command(context_settings={"ignore_unknown_options": True})
@hub_folder_option
@click.option("--port", type=click.IntRange(1, 65533), default=8000, show_default=True)
@click.option("--no-warm-up", is_flag=True, help="Start at once; the first learners wait longer.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS OF JUPYTERHUB]")
def hub(folder: Path | None, port: int, no_warm_up: bool, options: tuple[str, ...]) -> None:
    """Serve the course to a class from this machine, until Ctrl-C."""
    from course_utils.workshop import hub

    hub.serve(folder, port, list(options), warm=not no_warm_up)


@course.command()
@click.option("--learners", type=click.IntRange(1, 500), default=5, show_default=True)
@click.option("--lesson", default="01", show_default=True, help="The lesson they all run.")
@click.option("--exercise", default="01", show_default=True, help="What they hand in.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep everything here.")
def rehearse(learners: int, lesson: str, exercise: str, folder: Path | None) -> None:
    """Rehearse a workshop: simulated LEARNERS log in, run a lesson and hand in an exercise."""
    from course_utils.workshop.rehearsal import rehearse

    if not rehearse(learners, lesson, exercise, folder):
        raise SystemExit(1)


def write_claims(folder: Path | None = None) -> None:
    """Write docs/claims.md."""
    from course_utils.authoring import inventory
    from course_utils.authoring.document import ROOT
    from course_utils.experiments import report

    report.write(ROOT / "docs" / "claims.md", inventory.claims(), folder)


def write_teaching() -> None:
    """Fill the generated parts of docs/teach."""
    from course_utils.authoring.teaching import pages
    from course_utils.feedback import catalog

    pages.write(catalog.by_lesson(), report=click.echo)


def open_workbook(folder: Path | None):
    """The workbook in `folder`, or in the one used last."""
    from course_utils.workbook import Workbook, remember, remembered

    book = Workbook(folder or remembered())
    if folder:
        remember(folder)
    return book


def report(messages: list[str]) -> None:
    for message in messages:
        click.echo(message)


def main() -> None:
    """Run the command; what a user can mend ends in one sentence, not in a traceback."""
    try:
        course()
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("course_utils"):
            raise
        sys.exit(f"The package {error.name} is missing from this environment: run `make setup`.")
    except OSError as error:
        sys.exit(f"Cannot use {error.filename or 'a file'}: {error.strerror or error}.")
    except CourseError as error:
        sys.exit(str(error))
