"""What people and editors do to a notebook without changing an answer, one function each.

`OF_CODE` change the source of an answer's cell, `OF_NOTEBOOKS` the notebook around it.
"""

import ast
import copy
import random
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

DEFINITION = r"^def {name}\(([^)]*)\):"


@dataclass
class Answer:
    """The source of an answer's cell, and the name that it defines."""

    name: str
    source: str

    @property
    def is_function(self) -> bool:
        return re.search(DEFINITION.format(name=self.name), self.source, re.M) is not None

    @property
    def body(self) -> str:
        return self.source.rstrip("\n") + "\n"


def reformatted(one: Answer) -> str:
    """As by ruff or black, with short lines and the other quotes."""
    options = ["--config", 'format.quote-style="single"', "--line-length", "60", "--isolated"]
    command = [sys.executable, "-m", "ruff", "format", *options, "-"]
    return subprocess.run(
        command, input=one.source, capture_output=True, text=True, check=True
    ).stdout


def without_comments(one: Answer) -> str:
    return ast.unparse(ast.parse(one.source))


def renamed(one: Answer) -> str:
    """Other names for what functions assign to themselves."""

    class Rename(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            arguments = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
            stored = {
                each.id
                for each in ast.walk(node)
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            } - arguments
            for each in ast.walk(node):
                if isinstance(each, ast.Name) and each.id in stored:
                    each.id = f"my_{each.id}"
            return node

    return ast.unparse(Rename().visit(ast.parse(one.source)))


def hinted(one: Answer) -> str:
    """Types that only a checker knows."""

    def types(found):
        names = [each.strip() for each in found[1].split(",")]
        if not all(map(str.isidentifier, names)):
            return found[0]
        return f"def {one.name}({', '.join(f'{each}: Tensor' for each in names)}) -> Tensor:"

    typed = re.sub(DEFINITION.format(name=one.name), types, one.source, flags=re.M)
    return f"from __future__ import annotations\n{typed}"


def in_a_helper(one: Answer) -> str:
    """The work is done by another function, which this one calls."""
    if not one.is_function:
        return one.source
    moved = re.sub(rf"^def {one.name}\(", "def _the_work(", one.source, flags=re.M)
    return f"{moved}\ndef {one.name}(*given):\n    return _the_work(*given)\n" if (
        "return" in moved
    ) else one.source  # fmt: skip


def tested_early(one: Answer) -> str:
    return one.body + f"try:\n    {one.name}()\nexcept Exception as error:\n    print(error)\n"


# In the order in which they can be done one after the other: what needs plain Python comes first.
OF_CODE: dict[str, Callable[[Answer], str]] = {
    "reformatted": reformatted,
    "without comments": without_comments,
    "renamed": renamed,
    "type hints": hinted,
    "a helper": in_a_helper,
    "an early call": tested_early,
    "comments": lambda one: f"# mine\n\n{one.body}# end\n",
    "a text first": lambda one: f'"""My answer."""\n{one.body}',
    "blanks at the ends": lambda one: "\n".join(f"{each}  " for each in one.source.split("\n")),
    "blank lines": lambda one: f"\n\n\n{one.body}\n\n\n",
    "form feeds": lambda one: f"\x0c\n{one.body}\x0c\n",
    "imports": lambda one: f"import math, os, sys\nfrom typing import *\nimport numpy\n{one.body}",
    "packages": lambda one: (
        "import matplotlib.pyplot as plt\nimport pandas as pd\n"
        f"from tqdm.auto import tqdm\n%matplotlib inline\nplt.figure()\n{one.body}plt.show()\n"
    ),
    "a magic": lambda one: f"%load_ext autoreload\n%autoreload 2\n{one.body}",
    "a command": lambda one: f"!pip install \\\n   numpy\nfiles = !ls\n{one.body}",
    "?": lambda one: f"{one.body}{one.name}?",
    "??": lambda one: f"?{one.name}\n{one.body}",
    ";": lambda one: f"{one.body}{one.name};",
    "print": lambda one: f"print('before')\n{one.body}print({one.name})\ndisplay({one.name})\n",
    "assert": lambda one: f"{one.body}assert {one.name} is not None\n",
    "main": lambda one: f'{one.body}if __name__ == "__main__":\n    print({one.name})\n',
    "await": lambda one: f"import asyncio\nawait asyncio.sleep(0)\n{one.body}",
    "input": lambda one: f"{one.body}input('Go on? ')\n",
    "a class beside it": lambda one: f"class State:\n    h = 0\n\n{one.body}",
    "indented": lambda one: "".join(f"    {each}\n" for each in one.source.split("\n")),
    "%%time": lambda one: f"%%time\n{one.body}",
    "%%capture": lambda one: f"%%capture seen\n{one.body}",
    "CRLF": lambda one: one.source.replace("\n", "\r\n"),
}


# What editors do to notebooks


def own_cells(notebook: dict) -> None:
    texts = ["x = 1\nprint(x)", "%%bash\nls", "raise ValueError", "plt.plot([1])", "!ls", "1 +"]
    for number, text in enumerate(texts):
        cell = {"cell_type": "code", "metadata": {}, "source": text, "outputs": []}
        notebook["cells"].insert(
            3 * number, {**cell, "execution_count": None, "id": f"own{number}"}
        )
    notes = {"cell_type": "markdown", "metadata": {}, "source": "# Notes\n\ndef f", "id": "notes"}
    notebook["cells"].insert(2, notes)


def new_ids(notebook: dict) -> None:
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"{number:08x}"


def minor_4(notebook: dict) -> None:
    """An older editor: no ids, and another minor version."""
    notebook["nbformat_minor"] = 2
    for cell in notebook["cells"]:
        cell.pop("id", None)


def as_colab(notebook: dict) -> None:
    notebook["metadata"] |= {"colab": {"provenance": [], "toc_visible": True}, "accelerator": "GPU"}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"id": cell.pop("id", "x"), "colab": {"height": 35}, "cellView": "form"}
        cell["metadata"].pop("tags", None)


def as_vs_code(notebook: dict) -> None:
    for cell in notebook["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}
        cell["metadata"].pop("deletable", None)


def stripped(notebook: dict) -> None:
    """All metadata are gone; the ids are left."""
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def with_outputs(notebook: dict) -> None:
    counter = count(1)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = next(counter)
            text = {"output_type": "stream", "name": "stdout", "text": ["x\n"] * 99}
            error = {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["\x1b[0m"]}
            cell["outputs"] = [text, error]


def tagged(notebook: dict) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] |= {
            "tags": ["mine", "remove-cell"],
            **{"collapsed": True, "scrolled": "auto", "slideshow": {"slide_type": "skip"}},
            **{"jupyter": {"source_hidden": True}, "editable": True, "ExecuteTime": {"end": "x"}},
        }


def attached(notebook: dict) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = {"x.png": {"image/png": "AAAA"}}


def as_git(notebook: dict) -> None:
    notebook["metadata"] |= {"kernelspec": {"name": "my-env", "display_name": "mine"}}
    notebook["metadata"] |= {"jupytext": {"formats": "ipynb,py"}, "nbdime-conflicts": {}}
    for cell in notebook["cells"]:
        cell["metadata"]["nbdime-conflicts"] = {"local_diff": []}


def checks_gone(notebook: dict) -> None:
    def is_check(cell: dict) -> bool:
        own = cell["metadata"].get("nbgrader", {})
        return bool(own.get("grade")) and not own.get("solution")

    notebook["cells"] = [cell for cell in notebook["cells"] if not is_check(cell)]


def other_points(notebook: dict) -> None:
    for cell in notebook["cells"]:
        own = cell["metadata"].get("nbgrader", {})
        if own:
            own |= {"points": 99, "checksum": "x", "locked": False, "schema_version": 2}


def turned_round(notebook: dict) -> None:
    notebook["cells"].reverse()


def in_lines(notebook: dict) -> None:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def set_up_edited(notebook: dict) -> None:
    for cell in notebook["cells"]:
        if cell["source"].startswith("import numpy"):
            cell["source"] = f"import matplotlib.pyplot as plt\n{cell['source']}\n%pip install x"


OF_NOTEBOOKS: dict[str, Callable[[dict], None]] = {
    "own cells": own_cells,
    "new ids": new_ids,
    "nbformat 4.2": minor_4,
    "Colab": as_colab,
    "VS Code": as_vs_code,
    "outputs": with_outputs,
    "tags": tagged,
    "attachments": attached,
    "git": as_git,
    "checks deleted": checks_gone,
    "points and checksums": other_points,
    "other order": turned_round,
    "set-up edited": set_up_edited,
    "no metadata": stripped,
    "lines": in_lines,
}


def fitting(names: list[str], size: int, seed: int) -> list[list[str]]:
    """Groups of edits, each edit in one of them, in an order that differs by the seed."""
    mixed = random.Random(seed).sample(names, len(names))
    return [mixed[start : start + size] for start in range(0, len(mixed), size)]


def edited(notebook: dict, names: list[str], edits: dict[str, list[str]]) -> dict:
    """A copy with each answer edited in its way, and the notebook in all of the given ways.

    Args:
        notebook: as the learner wrote it, with sources as texts.
        names: of edits of the notebook.
        edits: of each answer, the names of what is done to its code.
    """
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in edits and cell["cell_type"] == "code":
            for edit in sorted(edits[name], key=list(OF_CODE).index):
                cell["source"] = OF_CODE[edit](Answer(name, cell["source"]))
    for edit in sorted(names, key=list(OF_NOTEBOOKS).index):
        OF_NOTEBOOKS[edit](made)
    return made
