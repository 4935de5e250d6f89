"""As what a notebook is laid into a workbook, and what of it counts as a change."""

from __future__ import annotations

import contextlib
import hashlib
import json

SHOWN = {"opening", "prediction"}  # tags of cells whose outputs are seen before anything is run


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
    """A notebook as before it was run, but for what `SHOWN` cells show; other files as they are."""
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
    except (ValueError, TypeError, AttributeError, KeyError):
        return content
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
