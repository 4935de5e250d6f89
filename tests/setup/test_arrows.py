"""Who may import whom in course_utils: the arrows of the house run one way."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "course_utils"

# What each part may import of the course. `course_utils` itself (CourseError, __version__) is
# free to all but the parts that import nothing. A new part needs a line here.
ARROWS = {
    "files": set(),
    "lines": set(),
    "cells": set(),
    "tasks": {"lines"},
    "plots": set(),
    "statistics": set(),
    "claims": {"lines", "statistics"},
    "interpreter": set(),
    "distributions": set(),
    "start": {"cli", "interpreter"},
    "kernel": set(),
    "kernels": {"interpreter"},
    "parallel": {"interpreter"},
    "npm": set(),
    "keras_bridge": {"cells"},
    "training": {"cells", "lines"},
    "measure": {"cells"},
    "feedback": {"cells", "files", "lines", "workbook"},
    "experiments": {
        "claims",
        "cells",
        "tasks",
        "training",
        "measure",
        "parallel",
        "files",
        "interpreter",
        "statistics",
    },
    "player": {"cells", "tasks", "plots", "measure", "training"},
    "embed": set(),
    "dial": {"embed", "plots", "training"},
    "predictions": {"embed"},
    "grading": {"distributions", "feedback", "files", "interpreter", "parallel"},
    "authoring": {
        "claims",
        "dial",
        "files",
        "kernels",
        "lines",
        "npm",
        "player",
        "plots",
        "predictions",
    },
    "laying": set(),
    "workbook": {"files", "laying"},
    "start_page": {"workbook"},
    "proxies": set(),
    "lab": {"interpreter", "proxies"},
    "doctor": {"distributions", "grading", "interpreter", "kernels", "lab", "proxies", "workbook"},
    "workshop": {"doctor", "files", "interpreter", "lab", "npm", "start_page", "workbook"},
    "cli": {
        "authoring",
        "doctor",
        "experiments",
        "feedback",
        "grading",
        "lab",
        "start_page",
        "workbook",
        "workshop",
    },
}
FRAMEWORKS = {"keras", "tensorflow", "torch", "jax"}


def imports(path: Path, package: str, nodes: Iterator[ast.AST] | None = None) -> set[str]:
    """The full names a file imports; relative ones resolved against `package`."""
    found = set()
    for node in nodes or ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base]).rstrip(".")
            found.update([base] if base != "course_utils" else [])
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


def files() -> list[tuple[str, Path]]:
    """Every file of the package with the part it belongs to."""
    return [
        (path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "__init__.py"
    ]


def parts(names: set[str]) -> set[str]:
    """The parts of the course among imported names."""
    own = {name.split(".")[1] for name in names if name.startswith("course_utils.")}
    return own & {part for part, _ in files()}


def package_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parent.parts)


@pytest.mark.parametrize(("part", "path"), files(), ids=lambda v: getattr(v, "stem", v))
def test_arrows(part: str, path: Path) -> None:
    assert part in ARROWS, f"say in ARROWS what {part} may import"
    names = imports(path, package_of(path))
    outside = parts(names) - ARROWS[part] - {part}
    assert not outside, f"{path.relative_to(ROOT)} must not import {sorted(outside)}"
    frameworks = {name.split(".")[0] for name in names} & FRAMEWORKS
    assert part == "keras_bridge" or not frameworks, f"{path} imports {frameworks}"


def test_cells_need_numpy_and_nothing_else() -> None:
    names = {
        name.split(".")[0]
        for part, path in files()
        if part == "cells"
        for name in imports(path, package_of(path))
    }
    assert names - set(sys.stdlib_module_names) == {"numpy", "course_utils"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").glob("*.py")), ids=lambda p: p.stem)
def test_commands_import_only_click_at_their_top(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    top = (node for statement in body for node in outside_functions(statement))
    names = imports(path, package_of(path), top)
    assert parts(names) <= {"cli"}
    light = {"click", "contextlib", "course_utils", "errno", "os", "pathlib", "sys"}
    assert {name.split(".")[0] for name in names} <= light


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, ast.FunctionDef):
        for child in ast.iter_child_nodes(node):
            yield from outside_functions(child)


@pytest.mark.parametrize("code", ["import course_utils", "import course_utils.cli"])
def test_starting_loads_nothing_heavy(code: str) -> None:
    script = f"import sys; {code}; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", script], text=True).split()
    heavy = {"numpy", "matplotlib", "jupyterlab", "rich", "IPython", *FRAMEWORKS}
    assert not heavy & set(loaded)


def test_this_test_sees_every_kind_of_import(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text(
        "import course_utils.tasks\nfrom course_utils import plots\nfrom ..cells import LSTM\n"
        "from .. import training\ndef f():\n    from course_utils.measure.lag import g\n"
    )
    found = parts(imports(file, "course_utils.feedback"))
    existing = {part for part, _ in files()}
    assert found == {"tasks", "plots", "cells", "training", "measure"} & existing
