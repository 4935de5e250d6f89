"""What of the course an answer may use: no more than the set asks for.

A set-up cell imports things for trying out; some of them do what a task asks for. An answer may use
those that the teacher's own answers use, or that the text of a task names in code: `like_this`. A
worker gets the files that define them and what these need, and no other file of the same package.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module, util
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
PARTS = re.compile(r"course_utils\.(cells|tasks|training|measure)(\.|$)")
NAMED = re.compile(r"`(\w+)[(`]")


@dataclass
class Allowed:
    """What a worker is given.

    Attributes:
        files: of the course.
        names: that a package passes on, each with the module that has it.
        packages: from which something is imported; they say that the rest is not there.
    """

    files: dict[str, None] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    packages: dict[str, None] = field(default_factory=dict)

    @property
    def lent(self) -> tuple[tuple[str, str, str], ...]:
        """Package, name and module; of a package that is not given whole, and of nothing else."""
        empty = {(package, ""): "" for package in self.packages}
        whole = {file.removesuffix("/__init__.py").replace("/", ".") for file in self.files}
        return tuple(
            (package, name, module)
            for (package, name), module in {**empty, **self.names}.items()
            if package.removeprefix("course_utils.") not in whole and package != "course_utils"
        )

    def add(self, module: str, name: str) -> None:
        """Allow what `from module import name` gives."""
        if is_module(whole := f"{module}.{name}") or not is_package(module):
            self.add_module(whole if is_module(whole) else module)
            return
        home = getattr(getattr(import_module(module), name), "__module__", None)
        home = home if isinstance(home, str) and home.startswith("course_utils.") else module
        if home != module:
            self.names[module, name] = home
        self.add_module(home)

    def add_module(self, module: str) -> None:
        """Allow a module, and all that it imports of the course."""
        path = Path(util.find_spec(module).origin)
        file = path.relative_to(PACKAGE).as_posix()
        if file in self.files:
            return
        self.files[file] = None
        for base, name, _ in imports(path.read_text(encoding="utf-8")):
            if base.startswith("course_utils."):
                self.add(base, name) if name else self.add_module(base)


def allowed(set_up: Iterable[str], answers: Iterable[str], texts: Iterable[str]) -> Allowed:
    """What a worker is given.

    Args:
        set_up: the code of the set-up cells.
        answers: the code of the teacher's answers.
        texts: the Markdown of the hand-out.
    """
    used = {name for text in texts for name in NAMED.findall(text)}
    for source in answers:
        nodes = ast.walk(ast.parse(source))
        used |= {node.id for node in nodes if isinstance(node, ast.Name)}
    found = Allowed()
    for source in set_up:
        for module, name, known_as in imports(source):
            part = PARTS.match(f"{module}.{name}")
            if not part:
                continue
            found.packages[part[0].rstrip(".")] = None
            if known_as in used:
                found.add(module, name) if name else found.add_module(module)
    return found


def imports(source: str) -> list[tuple[str, str, str]]:
    """Each module that is imported, the name taken from it or "", and what that is called here."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(one.name, "", one.asname or one.name.split(".")[0]) for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [(node.module, one.name, one.asname or one.name) for one in node.names]
    return found


def is_package(name: str) -> bool:
    return util.find_spec(name).submodule_search_locations is not None


@cache
def is_module(name: str) -> bool:
    try:
        return util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
