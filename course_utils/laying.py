"""As what and under which name a notebook is laid into a workbook, and what counts as a change."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from pathlib import PurePosixPath

from course_utils.language import to_translate, translated

FOLDERS = ("notebooks", "exercises")  # of a workbook
SHOWN = {"opening", "prediction"}  # tags of cells whose outputs are seen before anything is run
SEAL = re.compile(r'^predict\(.*"(\w+)",\n\)\s*\Z', re.M | re.S)
FOLD = """<details id="came-{seal}">
<summary><b>What came out?</b> Run the cells above, then open this.</summary>

{told}

</details>
<p></p>"""


def hash_of(content: bytes) -> str:
    """The SHA-256 of a file; of a notebook, of what stands in its cells.

    Outputs, and what JupyterLab enters by itself, count for nothing: who only ran a lesson has
    not changed it.
    """
    with contextlib.suppress(ValueError, TypeError, AttributeError, KeyError):
        cells = json.loads(content)["cells"]
        kept = [(cell["cell_type"], text_of(cell), cell.get("attachments")) for cell in cells]
        content = json.dumps(kept, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def hash_with_outputs(content: bytes) -> str:
    """The hash of a file in manifests of format 1."""
    with contextlib.suppress(ValueError, TypeError, AttributeError, KeyError):
        notebook = json.loads(content)
        for of_the_kernel in ("kernelspec", "language_info"):
            notebook["metadata"].pop(of_the_kernel, None)
        content = json.dumps(notebook, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def text_of(cell: dict) -> str:
    """What stands in a cell, whether it is kept as one text or line by line."""
    return "".join(cell["source"])


def cleared(content: bytes) -> bytes:
    """A notebook as before it was run, but for what `SHOWN` cells show; other files as they are.

    The paragraph that tells what came out of a prediction is folded.
    """
    try:
        notebook = json.loads(content)
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            cell["execution_count"] = None
            if not SHOWN & {*cell["metadata"].get("tags", [])}:
                cell["outputs"] = []
            for output in cell["outputs"]:
                if "execution_count" in output:
                    output["execution_count"] = None
        fold_what_came_out(notebook["cells"])
    except (ValueError, TypeError, AttributeError, KeyError):
        return content
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def fold_what_came_out(cells: list[dict]) -> None:
    """Fold the first paragraph of the prose behind each prediction with choices.

    It stays open where it leads on to what follows, as its last sign says, and where a cell
    with the next prediction comes first.
    """
    seal = None
    for cell in cells:
        if cell["cell_type"] == "code":
            asked = SEAL.search(text_of(cell))
            seal = asked[1] if asked else seal
        elif cell["cell_type"] == "markdown" and seal:
            blocks = text_of(cell).split("\n\n")
            place = next((k for k, block in enumerate(blocks) if block[:1] != "#"), None)
            told = None if place is None else blocks[place].rstrip()
            if told and told[-1] not in ":?" and not told.startswith(("**Predict", "<")):
                blocks[place] = FOLD.format(seal=seal, told=told)
                cell["source"] = "\n\n".join(blocks).splitlines(keepends=True)
            seal = None


def with_tag(name: str, tag: str) -> str:
    """The name of a sibling: ("notebooks/02_x.ipynb", "new") gives "notebooks/new_02_x.ipynb", as
    JupyterLab cuts off the end of a name; ("START.md", "new") gives "START.new.md".
    """
    if name.endswith(".ipynb"):
        folder, slash, own = name.rpartition("/")
        return f"{folder}{slash}{tag}_{own}"
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{tag}{dot}{suffix}"


def is_beside(name: str) -> bool:
    """Whether a name is one that `with_tag` made for a new version, now or in earlier editions."""
    return ".new" in name or PurePosixPath(name).name.startswith("new")


def in_few_words(names: list[str]) -> str:
    """The numbers of lessons and problem sets, as a reader would say them: "00 to 11"."""
    parts = []
    for folder in FOLDERS:
        known = [PurePosixPath(name) for name in names if name.startswith(f"{folder}/")]
        prefix = "" if folder == FOLDERS[0] else f"{folder}/"
        numbers = [prefix + path.name.partition("_")[0] for path in known]
        span = translated(", ").join(numbers)
        if len(numbers) > 3:
            span = translated("{first} to {last}", first=numbers[0], last=numbers[-1])
        if prefix:
            one, several = to_translate("problem set {span}"), to_translate("problem sets {span}")
            span = translated(several if len(numbers) > 1 else one, span=span)
        parts += [span] * bool(known)
    return translated(", and ").join(parts)
