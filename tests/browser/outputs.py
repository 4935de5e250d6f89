"""What a lesson shows in JupyterLab against what the course stores, compared by nbval's rules.

So a lesson that was run in JupyterLab need not be executed once more by nbval.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile, coalesce_streams

# Where outputs are compared the course draws no bars, and a sentence stands in place of a dial of
# the learner's own networks. In JupyterLab, as here, both are there and never the same twice.
BAR = re.compile(r"^.*\d%\|.*\| *[\d.]+\w*/[\d.]+\w* \[.*\]\n?", re.M)
INSTEAD_OF_A_DIAL = "<p><b>▸ Run this cell: it shows a dial"
DIAL = 'class="carousel-dial"'


def stored(session: pytest.Session, notebook: Path) -> Iterator[IPyNbCell]:
    """The code cells of a notebook as nbval has them, ready to be compared."""
    file = IPyNbFile.from_parent(session, path=notebook)
    file.setup_sanitize_files()
    return file.collect()


def differences(cells: Iterable[IPyNbCell], shown: nbformat.NotebookNode) -> dict[str, str]:
    """By the id of a cell: where what is `shown` differs from what is stored, in nbval's words."""
    run = {cell.id: cell for cell in copy.deepcopy(shown).cells}
    found = {}
    for one in cells:
        if not one.options["check"]:  # what differs from machine to machine
            continue
        theirs, ours = run[one.cell.id], coalesce_streams(one.cell.outputs)
        outputs = [dial_to_words(output, ours) for output in coalesce_streams(theirs.outputs)]
        if theirs.source != one.cell.source:
            found[one.cell.id] = f"another source: {theirs.source}"
        elif not one.compare_outputs(list(without_bars(outputs)), ours):
            found[one.cell.id] = "\n".join(one.comparison_traceback)
    return found


def without_bars(outputs: Iterable[nbformat.NotebookNode]) -> Iterator[nbformat.NotebookNode]:
    for output in outputs:
        if output.output_type != "stream" or not BAR.search(output.text):
            yield output
        elif text := BAR.sub("", output.text):
            yield nbformat.v4.new_output("stream", name=output.name, text=text)


def dial_to_words(
    output: nbformat.NotebookNode, ours: list[nbformat.NotebookNode]
) -> nbformat.NotebookNode:
    """The sentence that stands for a dial of one's own, if `output` is one; else `output`."""
    words = [one for one in ours if INSTEAD_OF_A_DIAL in one.get("data", {}).get("text/html", "")]
    is_dial = DIAL in output.get("data", {}).get("text/html", "")
    return words[0] if words and is_dial else output
