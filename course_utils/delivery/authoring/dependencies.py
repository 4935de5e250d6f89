"""What a lesson is built from: the modules of the course that it reaches through its imports.

A change of one equation makes every lesson stale that uses it, and no other. Comments, docstrings
and blank lines do not count: they cannot change an output.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "course_utils"
CHOICES = re.compile(r"^# %% \[markdown\].*\bright=", re.M)  # of authoring/predictions.py


def fingerprints(source: Path, root: Path) -> dict[str, str]:
    """Path (relative to `root`) -> digest, of every file of the course that `source` depends on."""
    reached: dict[Path, None] = {}
    waiting = [*_imported(source, root), *_of_predictions(source, root)]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached[path] = None
            waiting += _imported(path, root)
    files = set(reached)
    for path in reached:
        files.update(_data_beside(path, root))
    return {path.relative_to(root).as_posix(): digest(path) for path in sorted(files)}


def digest(path: Path) -> str:
    """A short digest of what `path` does (a module) or holds (any other file)."""
    data = path.read_bytes()
    if path.suffix == ".py":
        with contextlib.suppress(SyntaxError, tokenize.TokenError):
            data = _code(path.read_text(encoding="utf-8"))
    return hashlib.sha256(data).hexdigest()[:12]


def changed(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """The files whose digests differ, or that one side lacks."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def _code(text: str) -> bytes:
    """The lines of a module without comments, docstrings and blank lines.

    Cut out of the text, not printed from the syntax tree, whose form changes between Pythons.
    """
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(text)):
        holder = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, holder) and ast.get_docstring(node, clean=False) is not None:
            first = node.body[0]
            for row in range(first.lineno - 1, first.end_lineno):
                lines[row] = ""
    return "\n".join(line.rstrip() for line in lines if line.strip()).encode()


def _imported(path: Path, root: Path) -> Iterator[Path]:
    try:
        tree = ast.parse(_python_only(path.read_text(encoding="utf-8")))
    except SyntaxError:  # the kernel will name its line
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _module(alias.name, root)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, path, root)
            for alias in node.names:
                yield from _name(base, alias.name, root)


def _of_predictions(source: Path, root: Path) -> Iterator[Path]:
    """What the cells import that are made of a prediction with choices."""
    if CHOICES.search(source.read_text(encoding="utf-8")):
        yield from _module(f"{PACKAGE}.predictions", root)


def _python_only(text: str) -> str:
    """Without IPython's magic lines, which Python's parser does not know."""
    return re.sub(r"^\s*[%!].*$", "", text, flags=re.MULTILINE)


def _absolute(node: ast.ImportFrom, path: Path, root: Path) -> str:
    if not node.level or root not in path.parents:
        return node.module or ""
    parents = path.relative_to(root).with_suffix("").parts[: -node.level]
    return ".".join([*parents, *([node.module] if node.module else [])])


def _file(module: str, root: Path) -> Path | None:
    parts = module.split(".")
    if parts[0] != PACKAGE:
        return None
    base = root.joinpath(*parts)
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def _module(module: str, root: Path) -> Iterator[Path]:
    """All of a module or package that is imported whole."""
    path = _file(module, root)
    if path is not None and path.name == "__init__.py" and module != PACKAGE:
        yield from path.parent.rglob("*.py")
    elif path is not None:
        yield path


def _name(module: str, name: str, root: Path) -> Iterator[Path]:
    """The module that `name` lives in: a package's __init__ only passes names on."""
    if _file(f"{module}.{name}", root) is not None and _binding(module, name, root) is None:
        yield from _module(f"{module}.{name}", root)
        return
    path = _file(module, root)
    if path is None:
        return
    if path.name != "__init__.py":
        yield path
    elif name == "*":
        yield from _module(module, root)
    else:
        home = _binding(module, name, root)
        yield from (path,) if home is None else _name(*home, root)


def _binding(module: str, name: str, root: Path) -> tuple[str, str] | None:
    """(module, name) from which a package's __init__ imports `name`."""
    path = _file(module, root)
    if path is None or path.name != "__init__.py":
        return None
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                home = _absolute(node, path, root)
                if (alias.asname or alias.name) == name and home != module:
                    return home, alias.name
    return None


def _data_beside(path: Path, root: Path) -> Iterator[Path]:
    """Stored results and other data in the room of a module."""
    if path.parent == root / PACKAGE:
        return
    for other in path.parent.rglob("*"):
        parts = other.relative_to(root).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if other.is_file() and other.suffix != ".py" and not hidden:
            yield other
