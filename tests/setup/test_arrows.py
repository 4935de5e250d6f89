"""Who may import whom in course_utils: the arrows of the house run one way."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.setup.arrows import ARROWS, DELIVERY, OF_DELIVERY, PICTURE, direct, overlaps, rows, svg

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "course_utils"

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
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


def files() -> list[tuple[str, Path]]:
    """Every file of the package with the part it belongs to."""
    return [
        (inside.parts[0].removesuffix(".py"), path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path not in (PACKAGE / "__init__.py", DELIVERY / "__init__.py")
        for inside in [path.relative_to(DELIVERY if DELIVERY in path.parents else PACKAGE)]
    ]


def parts(names: set[str]) -> set[str]:
    """The parts of the course among imported names."""
    inside = [name[13:] for name in names if name.startswith("course_utils.")]
    own = [name.removeprefix("delivery.") for name in inside]
    return {name.split(".")[0] for name in own} & {part for part, _ in files()}


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


def test_the_course_does_not_know_who_delivers_it() -> None:
    course = set(ARROWS) - OF_DELIVERY
    assert {"cells", "feedback", "experiments", "player"} <= course
    assert {"authoring", "grading", "workshop", "cli", "lab"} <= OF_DELIVERY
    assert not OF_DELIVERY & set().union(*(ARROWS[part] for part in course))
    for part, path in files():
        names = imports(path, package_of(path))
        assert part in OF_DELIVERY or not any("course_utils.delivery" in name for name in names)


def arrows_between(paths: list[Path], root: Path) -> dict[str, set[str]]:
    """Of each module of these files the others that it imports, also within functions."""
    modules = {module_of(path, root): path for path in paths}
    found = {}
    for name, path in modules.items():
        package = name if path.stem == "__init__" else name.rpartition(".")[0]
        named = imports(path, package)
        taken = {one if one in modules else one.rpartition(".")[0] for one in named}
        found[name] = (taken & set(modules)) - {name}
    return found


def module_of(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def circles(arrows: dict[str, set[str]]) -> list[set[str]]:
    """The groups of modules that reach each other, the arrows followed to their ends."""
    reach = {name: set(names) for name, names in arrows.items()}
    while more := {
        name: reach[name] | further
        for name in reach
        if (further := set().union(*(reach[one] for one in reach[name]))) - reach[name]
    }:
        reach |= more
    groups = {frozenset(a for a in reach[name] if name in reach[a]) for name in reach}
    return [set(group) for group in groups if group]


def test_no_module_imports_itself_by_way_of_others() -> None:
    found = circles(arrows_between(sorted(PACKAGE.rglob("*.py")), ROOT))
    assert found == [], "cut this circle: move what both need to a third module"


def test_the_picture_shows_this_table() -> None:
    assert PICTURE.read_text(encoding="utf-8") == svg(), "run python -m tests.setup.arrows"
    assert overlaps() == []


def test_the_picture_leaves_out_only_what_follows() -> None:
    """From its arrows all of the table comes back, and each goes down."""
    height = {part: number for number, row in enumerate(rows()) for part in row}
    drawn: dict[str, set[str]] = {part: set() for part in ARROWS}
    for part, one in direct():
        assert height[one] < height[part]
        drawn[part].add(one)
    for row in rows():
        for part in row:
            drawn[part] = drawn[part].union(*(drawn[one] for one in drawn[part]))
    assert all(ones <= drawn[part] for part, ones in ARROWS.items())


def test_circles_are_seen(tmp_path: Path) -> None:
    """Two modules, three by way of a function, and a package that takes from its own module."""
    texts = {
        "a.py": "from x import b",
        "b.py": "from x.a import something",
        "c.py": "import x.d",
        "d.py": "def f():\n    from . import e",
        "e.py": "from .c import g",
        "f.py": "import x.a, x.c",
        "y/__init__.py": "from .z import h",
        "y/z.py": "from x.y.w import h",
        "y/w.py": "from x import f",
    }
    for name, text in texts.items():
        (tmp_path / "x" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x" / name).write_text(text)
    found = circles(arrows_between(sorted(tmp_path.rglob("*.py")), tmp_path))
    assert sorted(map(sorted, found)) == [["x.a", "x.b"], ["x.c", "x.d", "x.e"]]


def test_cells_need_numpy_and_nothing_else() -> None:
    names = {
        name.split(".")[0]
        for part, path in files()
        if part == "cells"
        for name in imports(path, package_of(path))
    }
    assert names - set(sys.stdlib_module_names) == {"numpy", "course_utils"}


@pytest.mark.parametrize("path", sorted((DELIVERY / "cli").glob("*.py")), ids=lambda p: p.stem)
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


@pytest.mark.parametrize("code", ["import course_utils", "import course_utils.delivery.cli"])
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
