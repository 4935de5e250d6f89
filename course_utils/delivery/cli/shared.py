"""What several commands have in common."""

from contextlib import contextmanager
from pathlib import Path

import click

workbook_option = click.option(
    "--workbook",
    type=click.Path(path_type=Path),
    envvar="CAROUSEL_WORKBOOK",
    help="The folder of your copies; remembered. At first it is ~/carousel-workbook.",
)


results_option = click.option(
    "--results",
    "folder",
    type=click.Path(path_type=Path),
    help="The folder of the results; without it, those that belong to the course.",
)


@contextmanager
def open_workbook(folder: Path | None, language: str = ""):
    """The workbook in `folder`, or in the one used last; remembered when all went well with it."""
    from course_utils.delivery.last_workbook import remember, remembered
    from course_utils.workbook import Workbook

    yield Workbook(folder or remembered(), language=language)
    if folder:
        remember(folder)


def report(messages: list[str]) -> None:
    for message in messages:
        click.echo(message)


def write_claims(folder: Path | None = None) -> None:
    """Write docs/claims.md."""
    from course_utils.delivery.authoring import inventory
    from course_utils.delivery.authoring.document import ROOT
    from course_utils.experiments import report

    report.write(ROOT / "docs" / "claims.md", inventory.claims(), folder)
