"""Commands for whoever changes the course."""

import os
from pathlib import Path

import click

from course_utils.delivery.cli.shared import results_option, write_claims


@click.command()
@click.argument("names", nargs=-1)
@click.option("--force", is_flag=True, help="Rebuild also what has not changed.")
def build(names: tuple[str, ...], force: bool) -> None:
    """Rebuild the notebooks whose sources have changed.

    NAMES choose some: 01 is a lesson and its problem set, solutions/01 the set alone. What is
    made from them follows: the claims in docs/claims.md, and the tables in docs/teach.
    """
    from course_utils.delivery.authoring.project import build

    build(list(names) or None, force=force)
    write_claims()
    write_teaching()


@click.command()
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Check that all notebooks, or those of NAMES, keep the rules."""
    from rich.console import Console

    from course_utils.delivery.authoring.project import check
    from course_utils.feedback import catalog

    with Console(stderr=True).status("Checking the notebooks ..."):
        entries = [entry for lesson in catalog.by_lesson().values() for entry in lesson]
        bank = {entry.name: (entry.points, entry.minutes) for entry in entries}
        check(list(names) or None, bank=bank)
        if not names:
            from course_utils.delivery.authoring.translation.command import state

            state(report=click.echo)


@click.command()
@click.argument("names", nargs=-1)
@results_option
@click.option("--jobs", type=int, default=-1, help="Processes; without it, one for each core.")
@click.option("--cluster", metavar="ADDRESS", help="Use the workers of this Dask scheduler.")
@click.option("--prune", is_flag=True, help="Drop stored runs that the sweep no longer has.")
@click.option("--again", type=int, metavar="COUNT", help="Make COUNT stored runs once more.")
def sweep(
    names: tuple[str, ...],
    folder: Path | None,
    jobs: int,
    cluster: str | None,
    prune: bool,
    again: int | None,
) -> None:
    """Make the runs of sweeps that are not stored yet.

    NAMES are sweeps, or all, which takes hours and says how many. Ctrl-C stops it and loses nothing
    that was finished; the same command goes on. Without NAMES, it lists the sweeps. With --again,
    runs are drawn at random, made once more and held against what is stored.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: one thread for each process
    from course_utils.experiments import command

    if again is not None:
        if not command.again(names, again, folder):
            raise SystemExit(1)
    elif not command.sweep(names, folder, jobs, cluster, prune):
        raise SystemExit(130)


@click.command()
@click.option("--measure", "names", multiple=True, metavar="LESSON", help='Time it; or "all".')
def teach(names: tuple[str, ...]) -> None:
    """Fill the tables of the teachers' guide, docs/teach, again.

    --measure 04 runs lesson 04 first and keeps how many seconds each of its sections took on
    this machine; it may be repeated. All lessons together take some minutes.
    """
    from course_utils.delivery.authoring.teaching.seconds import measure

    if names:
        measure(None if "all" in names else names)
    write_teaching()


@click.command()
@click.argument("domains", nargs=-1)
@click.option("--language", "languages", multiple=True, help="One; without it, all that there are.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; say what is wrong.")
def translate(domains: tuple[str, ...], languages: tuple[str, ...], only_check: bool) -> None:
    """Bring the translations in locale up to date with the sources.

    DOMAINS choose some, such as lesson-04. What is new is empty, what has changed is fuzzy, what
    is gone is dropped. It says how much is missing, and which translations break a rule.
    """
    from course_utils.delivery.authoring.translation.command import translate

    good = translate(domains, languages, check=only_check, report=click.echo)
    if only_check and not good:
        raise SystemExit(1)


def write_teaching() -> None:
    """Fill the generated parts of docs/teach."""
    from course_utils.delivery.authoring.teaching import pages
    from course_utils.feedback import catalog

    pages.write(catalog.by_lesson(), report=click.echo)
