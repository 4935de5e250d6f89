"""Tables with a column "verdict": it comes first, and each verdict is marked with its kind."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

COLUMN = "verdict"
# What a verdict begins with, and what it then counts as.
KINDS = {
    "good": re.compile(r"reproduced|holds|yes", re.I),
    "some": re.compile(r"partly", re.I),
    "bad": re.compile(r"not|does not|no\b|refuted", re.I),
}


def kind(verdict: str) -> str:
    """ "good", "some" or "bad"; "open" for words of none of these."""
    return next((name for name, begins in KINDS.items() if begins.match(verdict.strip())), "open")


class Verdicts(SphinxTransform):
    """The verdict comes first, or right behind the number of a row."""

    default_priority = 403  # before what makes of a first column the names of the rows

    def apply(self, **_: object) -> None:
        for table in self.document.findall(nodes.table):
            head = next(table.findall(nodes.thead), None)
            words = [entry.astext().strip().lower() for entry in head[0]] if head else []
            if COLUMN in words:
                self._dress(table, words.index(COLUMN), 0 if words[0] else 1)

    def _dress(self, table: nodes.table, old: int, new: int) -> None:
        table["classes"].append("verdicts")
        group = table.next_node(nodes.tgroup)
        _move([one for one in group if isinstance(one, nodes.colspec)], group, old, new)
        for row in table.findall(nodes.row):
            _move(list(row), row, old, new)
            if isinstance(row.parent, nodes.tbody):
                entry = row[new]
                verdict = nodes.inline(
                    "", "", classes=["verdict", f"verdict-{kind(entry.astext())}"]
                )
                verdict += [child for part in entry for child in part.children]
                entry.children = []
                entry += nodes.paragraph("", "", verdict)


def _move(columns: list[nodes.Node], parent: nodes.Element, old: int, new: int) -> None:
    moved, place = columns[old], parent.index(columns[new])
    parent.remove(moved)
    parent.insert(place, moved)
