"""What a notebook's cells need: modules of the course, and Keras.

Both are read from the code; nothing is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from course_utils.delivery.live.imports import KERAS
from course_utils.feedback import problems

COURSE = Path(__file__).resolve().parents[2]
PACKAGE = COURSE.name


def keras_cells(cells: Sequence[str]) -> frozenset[int]:
    """The numbers of the cells that need Keras, or what such a cell makes.

    A cell that merely imports from Keras does not, nor does one that first gives a name anew.
    """
    return _keras_cells(tuple(cells))


@cache  # every page of the site asks for all notebooks
def _keras_cells(cells: tuple[str, ...]) -> frozenset[int]:
    tainted: set[str] = set()
    found: set[int] = set()
    always = keras_problems()
    for number, source in enumerate(cells):
        needs = False
        for statement in tree_of(source).body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                names, of_keras = imported(statement)
                tainted = tainted | names if of_keras else tainted - names
            else:
                uses = bool((tainted | always) & used(statement)) or any(
                    map(imports_keras, inside(statement))
                )
                defines = isinstance(statement, ast.FunctionDef | ast.ClassDef)
                needs = needs or (uses and not defines)
                names = bound(statement)
                tainted = tainted | names if uses else tainted - names
        if needs:
            found.add(number)
    return frozenset(found)


@cache
def keras_problems() -> frozenset[str]:
    """The problems of the sets whose answers use Keras."""
    return frozenset(one for one in problems.names() if problems.get(one).kind == "keras")


def runs_enough(cells: Sequence[str]) -> bool:
    """Whether at least half of a notebook's cells go without Keras."""
    return 2 * len(keras_cells(cells)) <= len(cells)


def tree_of(source: str) -> ast.Module:
    """The code without the lines that only a notebook understands."""
    lines = ["" if one.startswith(("%", "!")) else one for one in source.splitlines()]
    return ast.parse("\n".join(lines))


def imported(statement: ast.Import | ast.ImportFrom) -> tuple[set[str], bool]:
    """The names that an import makes known, and whether they are of Keras."""
    names = {(one.asname or one.name).split(".")[0] for one in statement.names}
    return names, imports_keras(statement)


def imports_keras(node: ast.AST) -> bool:
    modules = {module for module, _ in modules_of(node)}
    return any(one == k or one.startswith(k + ".") for one in modules for k in KERAS)


def inside(statement: ast.stmt) -> Iterable[ast.AST]:
    return (n for n in ast.walk(statement) if isinstance(n, ast.Import | ast.ImportFrom))


def used(statement: ast.stmt) -> set[str]:
    return {
        n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }


def bound(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value in the notebook."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    names = {
        n.id
        for n in ast.walk(statement)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    written = (
        n.value
        for n in ast.walk(statement)
        if isinstance(n, ast.Subscript | ast.Attribute) and isinstance(n.ctx, ast.Store)
    )
    return names | {n.id for n in written if isinstance(n, ast.Name)}


def modules_of(node: ast.AST) -> list[tuple[str, str]]:
    """The modules that an import names, each with a name that it takes from it or ""."""
    if isinstance(node, ast.Import):
        return [(one.name, "") for one in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [(node.module or "", one.name) for one in node.names]
    return []


def files_for(cells: Iterable[str]) -> set[Path]:
    """The course's own modules that these cells import, and all that those may import."""
    left = [path for source in cells for path in named(tree_of(source))]
    found: set[Path] = set()
    while left:
        path = left.pop()
        if path not in found:
            found.add(path)
            left += imports_of(path)
    return found


@cache
def imports_of(path: Path) -> tuple[Path, ...]:
    above = [folder / "__init__.py" for folder in path.parents if folder.is_relative_to(COURSE)]
    return (*named(ast.parse(path.read_text(encoding="utf-8"))), *above)


def named(tree: ast.AST) -> list[Path]:
    """The files of the course that the imports of a tree name."""
    found = []
    for node in ast.walk(tree):
        for module, name in modules_of(node):
            parts = module.split(".")
            if parts[0] == PACKAGE:
                for place in (parts[1:], [*parts[1:], name] if name else parts[1:]):
                    base = COURSE.joinpath(*place)
                    found += [base.with_suffix(".py")] if place else []
                    found += [base / "__init__.py"]
    return [path for path in found if path.is_file() and module_name(path) not in KERAS]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(COURSE.parent).with_suffix("").parts)
