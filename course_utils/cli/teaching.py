"""Commands for whoever teaches with the course: what is shown, marks, and a hub."""

import os
from pathlib import Path

import click


@click.command()
@click.argument("names", nargs=-1)
@click.option("--open", "opens", is_flag=True, help="Open the first of them in the browser.")
def slides(names: tuple[str, ...], opens: bool) -> None:
    """Make the slides of lessons, in build/slides.

    NAMES are numbers such as 04; without them, all are made. Each lesson is one HTML file that
    needs no network, with notes in a speaker's view.
    """
    from course_utils.authoring.slides.command import write_decks

    first, *_ = write_decks(names)
    if opens:
        click.launch(first.as_uri())


@click.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--open", "opens", is_flag=True, help="Open the first of them.")
def handout(names: tuple[str, ...], opens: bool) -> None:
    """Print lessons or problem sets to PDF, in build/handouts.

    04 is a lesson, exercises/04 its problem set, all is everything. The PDF are tagged for
    screen readers. An installed Chromium or Chrome prints them.
    """
    from course_utils.authoring.handout.command import write_handouts

    first, *_ = write_handouts(names)
    if opens:
        click.launch(first.as_uri())


@click.command()
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@click.option("--fresh", is_flag=True, help="Make all pages again, not only what changed.")
def site(opens: bool, fresh: bool) -> None:
    """Make the course's pages, in build/site.

    They need no network and no server: open build/site/index.html, or put the folder on any web
    server. Only the first time, fonts and scripts are fetched with npm.
    """
    from course_utils.authoring.site.make import make_site

    first = make_site(fresh)
    if opens:
        click.launch(first.as_uri())


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


@click.command()
@click.argument("names", nargs=-1, required=True)
@class_option
@problems_option
@click.option(
    "--roster",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A CSV with a learner's name at the start of each line, for sets that differ.",
)
def release(
    names: tuple[str, ...], folder: Path, problems: Path | None, roster: Path | None
) -> None:
    """Make the hand-outs of the problem sets NAMES, such as 04."""
    from course_utils.grading import commands

    commands.release(names, folder, problems, roster)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@class_option
@problems_option
@click.option("--update", is_flag=True, help="Take newer files in the place of earlier ones.")
def collect(source: Path, folder: Path, problems: Path | None, update: bool) -> None:
    """Copy submissions, from a folder or a zip, into the class."""
    from course_utils.grading import commands

    commands.collect(source, folder, problems, update)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--class",
    "folder",
    type=click.Path(path_type=Path),
    help="The folder of the class; without it SOURCE, if that is one, or this folder.",
)
@problems_option
@click.option("--set", "names", multiple=True, help="Mark this set only; may be repeated.")
@click.option("--jobs", type=int, default=-1, help="Sandboxes at a time; else one for each core.")
@click.option("--cluster", metavar="ADDRESS", help="Use the workers of this Dask scheduler.")
@click.option(
    "--walls",
    type=click.Choice(["auto", "bubblewrap", "webassembly"]),
    default="auto",
    show_default="bubblewrap if it works, else webassembly",
    help="What keeps learners' code in.",
)
@click.option("--again", is_flag=True, help="Mark also what is marked already.")
@click.option("--update", is_flag=True, help="Take newer files in the place of earlier ones.")
def grade(source: Path, **options) -> None:
    """Mark submissions and write pages of feedback.

    SOURCE is a class, a folder of files, or a zip of a learning platform. Shows a table and
    writes marks, sums (grades.csv) and a page of feedback for each learner. Answers run in a
    sandbox. Ctrl-C loses no marks; the same command goes on.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from course_utils.grading import commands

    commands.grade(source, **options)


@click.command()
@click.argument("names", nargs=-1)
@class_option
@problems_option
def feedback(names: tuple[str, ...], folder: Path, problems: Path | None) -> None:
    """Write learners' pages and grades.csv again, after marks by hand."""
    from course_utils.grading import commands

    commands.feedback(folder, problems, names)


hub_folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CAROUSEL_HUB",
    help="Where learners' homes, passwords and hand-ins are; without it ~/carousel-hub.",
)


@click.command(context_settings={"ignore_unknown_options": True})
@hub_folder_option
@click.option(
    "--port",
    type=click.IntRange(1, 65533),
    default=8000,
    show_default=True,
    help="What learners come to; the next two ports are used as well.",
)
@click.option("--local", is_flag=True, help="For this machine alone, as a web server before it.")
@click.option("--no-warm-up", is_flag=True, help="Start at once; the first learners wait longer.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS OF JUPYTERHUB]")
def hub(
    folder: Path | None, port: int, local: bool, no_warm_up: bool, options: tuple[str, ...]
) -> None:
    """Serve the course to a class from this machine, until Ctrl-C."""
    from course_utils.workshop import hub

    hub.serve(folder, port, list(options), warm=not no_warm_up, local=local)


@click.command()
@click.option("--learners", type=click.IntRange(1, 500), default=5, show_default=True)
@click.option("--lesson", default="01", show_default=True, help="The lesson they all run.")
@click.option("--exercise", default="01", show_default=True, help="What they hand in.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep everything here.")
def rehearse(learners: int, lesson: str, exercise: str, folder: Path | None) -> None:
    """Rehearse a workshop with simulated learners.

    They log in to a hub of their own, run a lesson and hand in an exercise.
    """
    from course_utils.workshop.rehearsal import rehearse

    if not rehearse(learners, lesson, exercise, folder):
        raise SystemExit(1)


@click.command()
@click.argument("hub")
@click.argument("repository")
@click.argument("path", default="notebooks/00_start_here.ipynb")
@click.option("--branch", default="main", show_default=True)
def link(hub: str, repository: str, path: str, branch: str) -> None:
    """Make a link that opens a lesson on a hub.

    It brings REPOSITORY into the learner's workbook on HUB and opens PATH of it. HUB and
    REPOSITORY are addresses. The hub needs nbgitpuller; those of the course have it.
    """
    from course_utils.workshop.link import link

    click.echo(link(hub, repository, path, branch))
