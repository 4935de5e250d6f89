"""Commands for whoever teaches with the course: what is shown, marks, and a hub."""

import os
from pathlib import Path

import click


@click.command()
@click.argument("names", nargs=-1)
@click.option("--plan", metavar="PLAN", help="One deck for 3-hours, 1-day, 2-days or semester.")
@click.option("--week", type=int, help="The week of --plan semester.")
@click.option("--run-sheet", "sheet", is_flag=True, help="The plan on two pages of paper, as well.")
@click.option("--language", default="en", help="Of the words on them, such as zh_CN.")
@click.option("--open", "opens", is_flag=True, help="Open the first of them.")
def slides(
    names: tuple[str, ...],
    plan: str | None,
    week: int | None,
    sheet: bool,
    language: str,
    opens: bool,
) -> None:
    """Make slides of the lessons of NAMES, or of all, in build/slides.

    Each lesson is one HTML file that needs no network, with notes in a speaker's view. With
    --plan it is one deck for a whole plan of docs/teach, with its exercises and breaks;
    --run-sheet prints beside it what the teacher holds: minutes, slide numbers, what to ask, to
    say, to skip, and what goes wrong. An installed Chromium or Chrome prints it.
    """
    from course_utils.delivery.authoring.slides.command import write_decks, write_plan
    from course_utils.language import known

    if plan and names:
        raise click.UsageError("Name lessons or a plan, not both.")
    if week is not None and not plan:
        raise click.UsageError("--week needs --plan semester.")
    if plan and language != "en":
        raise click.UsageError("The slides of a plan are in English: leave --language out.")
    if sheet and not plan:
        raise click.UsageError("A run sheet is of a plan: add --plan 3-hours, or another.")
    first = write_plan(plan, week) if plan else write_decks(names, language=known(language))[0]
    if sheet:
        from course_utils.delivery.authoring.runsheet.command import write_run_sheets

        write_run_sheets(plan, week)
    if opens:
        click.launch(first.as_uri())


@click.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--whole", is_flag=True, help="All of a lesson, in place of a sheet.")
@click.option("--language", default="en", help="Of the words on them, such as zh_CN.")
@click.option("--open", "opens", is_flag=True, help="Open the first of them.")
def handout(names: tuple[str, ...], whole: bool, language: str, opens: bool) -> None:
    """Print lessons or problem sets to PDF, in build/handouts.

    04 is a lesson: a sheet of one or two pages with its question, a figure, its equations, and
    its predictions to fill in; --whole prints all of it. exercises/04 is its problem set,
    solutions/04 the set with its answers, all everything but answers. The PDF are tagged for
    screen readers. An installed Chromium or Chrome prints them.
    """
    from course_utils.delivery.authoring.handout.command import write_handouts
    from course_utils.language import known

    first, *_ = write_handouts(names, whole=whole, language=known(language))
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
    from course_utils.delivery.authoring.site.make import make_site
    from course_utils.language import languages

    first = make_site(fresh, others=languages()[1:])
    if opens:
        click.launch(first.as_uri())


LAYOUTS = (  # as course_utils.delivery.grading.whose has them
    "moodle", "canvas", "blackboard", "brightspace", "nbgrader", "sakai", "gradescope", "teams",
    "ilias", "google-classroom", "folders", "flat",
)  # fmt: skip


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
@click.option("--due", metavar="TIME", help="When they are due, such as 2026-12-04T18:00.")
def release(
    names: tuple[str, ...],
    folder: Path,
    problems: Path | None,
    roster: Path | None,
    due: str | None,
) -> None:
    """Make the hand-outs of the problem sets NAMES, such as 04.

    They come to release/SET/SET.ipynb in the class; of a set that differs from learner to learner,
    to handouts/SET/LEARNER/.
    The class's due.toml says when they are due and what being late costs; --due writes into it.
    """
    from course_utils.delivery.grading import commands

    commands.release(names, folder, problems, roster, due)


layout_option = click.option(
    "--layout",
    type=click.Choice(LAYOUTS),
    help="Who writes the names of files; without it, what fits all of them.",
)


people_option = click.option(
    "--roster",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A CSV of all learners, with names, and numbers or addresses.",
)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@class_option
@problems_option
@layout_option
@people_option
@click.option("--update", is_flag=True, help="Take newer files in the place of earlier ones.")
def collect(source: Path, **options) -> None:
    """Copy submissions, from a folder or a zip, into the class."""
    from course_utils.delivery.grading import commands

    commands.collect(source, **options)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--class",
    "folder",
    type=click.Path(path_type=Path),
    help="The folder of the class; without it SOURCE, if that is one, or this folder.",
)
@problems_option
@layout_option
@people_option
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

    SOURCE is a zip of a learning platform, a folder of files, or the class itself: in the class,
    `course grade .` marks what `course collect` has copied into submitted/. Shows a table and
    writes marks, sums (grades.csv) and a page of feedback for each learner. Answers run in a
    sandbox. Ctrl-C loses no marks; the same command goes on.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from course_utils.delivery.grading import commands

    commands.grade(source, **options)


@click.command()
@click.argument("names", nargs=-1)
@class_option
@problems_option
def feedback(names: tuple[str, ...], folder: Path, problems: Path | None) -> None:
    """Write learners' pages and grades.csv again, after marks by hand."""
    from course_utils.delivery.grading import commands

    commands.feedback(folder, problems, names)


@click.command()
@click.argument("name", metavar="SET")
@click.argument("tasks", nargs=-1)
@class_option
@problems_option
@click.option("--jobs", type=int, default=-1, help="Sandboxes at a time; else one for each core.")
@click.option("--dry-run", is_flag=True, help="Show whose marks would change; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def regrade(name: str, folder: Path, tasks: tuple[str, ...], **options) -> None:
    """Mark TASKS of a SET again, after a mend.

    Such as 04 lstm_step; without TASKS, all. Every answer runs again, whatever TASKS are named:
    that takes as long as marking the set for the first time. Shows whose marks change, and asks
    before it writes anything. Marks by hand and those of other tasks stay. regrades.csv keeps
    every change.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from course_utils.delivery.grading.again import regrade

    regrade(name, tasks, folder, **options)


@click.command()
@click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False
)
@class_option
@click.option("--set", "names", multiple=True, help="This set only; may be repeated.")
@click.option(
    "--column", "columns", multiple=True, metavar="SET=NAME", help="The column for a set's marks."
)
@click.option("--scale", is_flag=True, help="Convert to the points of the column.")
@click.option("--feedback", "pages", is_flag=True, help="Zip the pages, for the platform to give.")
def export(file: Path | None, folder: Path, **options) -> None:
    """Write marks into the gradebook of a platform.

    FILE is what Moodle, Canvas, Brightspace or Blackboard exports as CSV; a copy with the marks in
    it comes into the folder export of the class. Without FILE, tables for those who have none.
    """
    if options["pages"] and file:
        raise click.UsageError("--feedback zips pages and fills no FILE: ask for one at a time.")
    if not file and (options["columns"] or options["scale"]):
        raise click.UsageError("--column and --scale are about a FILE: name the platform's CSV.")
    from course_utils.delivery.grading import exports

    exports.export(file, folder, **options)


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
    from course_utils.delivery.workshop import hub

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
    from course_utils.delivery.workshop.rehearsal import rehearse

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
    from course_utils.delivery.workshop.link import link

    click.echo(link(hub, repository, path, branch))
