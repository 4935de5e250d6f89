"""Hold the committed notebooks to the rules of docs/authoring.md, without executing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nbformat import NotebookNode

from course_utils.delivery.authoring import rules_claims, rules_length, rules_output, rules_shape
from course_utils.delivery.authoring.build import difference, why_stale
from course_utils.delivery.authoring.document import (
    LESSONS,
    ROOT,
    AuthoringError,
    Document,
    documents,
)
from course_utils.delivery.authoring.inventory import notebook_claims
from course_utils.delivery.authoring.rules import Finding, Found, Rule

RULES = {
    **rules_shape.RULES,
    **rules_length.RULES,
    **rules_claims.RULES,
    **rules_output.RULES,
}


def findings(
    names: Iterable[str] | None = None, *, root: Path = ROOT, folder: str = LESSONS
) -> list[Finding]:
    """Everything that is wrong with the lessons; empty if nothing is.

    Raises AuthoringError for a name that no lesson has.
    """
    chosen = documents(names, root, folder)
    found = [finding for one in chosen for finding in check_document(one)]
    if names is None:
        found += strays(chosen, Path(root) / folder)
        found += _repeated_claims(chosen)
    return found


def check_document(document: Document, rules: Mapping[str, Rule] = RULES) -> list[Finding]:
    """All findings about one lesson: first that it is in step with its source, then every rule."""
    if not document.target.exists():
        return [Finding(document.name, "in step", "it has no notebook: run `make build`")]
    try:
        notebook, text = document.notebook(), document.text()
    except AuthoringError as error:
        return [Finding(document.name, "in step", str(error))]
    return [
        Finding(document.name, rule, message)
        for rule, message in [
            *_in_step(document, text, notebook),
            *check_notebook(document.name, notebook, rules),
        ]
    ]


def check_notebook(
    name: str, notebook: NotebookNode, rules: Mapping[str, Rule] = RULES
) -> Iterator[tuple[str, str]]:
    """(rule, message) for every rule that a lesson's notebook breaks."""
    for rule, find in rules.items():
        for message in find(name, notebook):
            yield rule, message


def _in_step(document: Document, text: NotebookNode, notebook: NotebookNode) -> Found:
    found = difference(text, notebook)
    if found:
        yield (
            "in step",
            f"{found}. The notebook was edited by hand, or the source changed since: "
            f"edit {document.shown(document.source)} only, then run `make build`",
        )
    elif reason := why_stale(document):
        yield "in step", f"{reason} since it was executed: run `make build`"


def strays(chosen: Iterable[Document], home: Path) -> Iterator[Finding]:
    """Notebooks without a source in the folder `home`, and sources that are not named like one."""
    sources = {one.name for one in chosen}
    for path in sorted((home / "src").glob("*.py")):
        if path.stem not in sources:
            yield Finding(path.stem, "in step", "a source is named NN_name.py, with two digits")
    for path in sorted(home.glob("*.ipynb")):
        if path.stem not in sources:
            yield Finding(path.stem, "in step", f"src/{path.stem}.py, its source, does not exist")


def _repeated_claims(chosen: list[Document]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for one in chosen:
        if not one.target.exists():
            continue
        for claim in notebook_claims(one.name, one.notebook()):
            where = first.setdefault(claim.text, one.name)
            if where != one.name:
                yield Finding(one.name, "claims", f"{claim.text!r} is already claimed in {where}")
