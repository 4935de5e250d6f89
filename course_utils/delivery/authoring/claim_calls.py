"""The calls of claim() in a lesson's code, and what their values rest on."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

ONLY_ARRANGE = {"array", "asarray", "all", "any", "allclose", "isclose", "array_equal", "stack"}
ONLY_ARRANGE |= {"min", "max", "sum", "mean", "median", "abs", "concatenate", "full", "round"}
EQUAL = {"allclose", "isclose", "array_equal"}
Bindings = dict[str, list[ast.expr | None]]


@dataclass(frozen=True)
class Call:
    """One claim() in a code cell, cells counted from 0."""

    cell: int
    node: ast.Call

    @property
    def text(self) -> str:
        """Its sentence, or where it is put together while it runs, its code."""
        first = self.node.args[0] if self.node.args else None
        constant = isinstance(first, ast.Constant) and isinstance(first.value, str)
        return first.value if constant else ast.unparse(self.node)[:60]

    @property
    def given(self) -> dict[str, ast.expr]:
        return {one.arg: one.value for one in self.node.keywords if one.arg}

    @property
    def kind(self) -> str:
        """identity, measurement, published, or "" in the form of old."""
        given = self.given
        if len(self.node.args) > 1 or "condition" in given:
            return ""
        kinds = {"identity": "identity", "measured": "measurement", "published": "published"}
        return next((kind for name, kind in kinds.items() if name in given), "")

    @property
    def control(self) -> ast.expr | None:
        """What is measured where the claim must be false."""
        found = self.given.get("control")
        return found.values[0] if isinstance(found, ast.Dict) and found.values else found


def calls(sources: Iterable[tuple[int, str]]) -> tuple[list[Call], Bindings]:
    """The claims in code cells, (place, code), and what their names stand for."""
    found, bindings = [], {}
    for place, source in sources:
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "claim":
                found.append(Call(place, node))
            for name, value in _bound(node):
                bindings.setdefault(name, []).append(value)
    return found, bindings


def is_computed(node: ast.expr, bindings: Bindings, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a value rests on anything that was run, and not on numbers of the source alone."""
    if isinstance(node, ast.Call):
        parts = [*node.args, *(one.value for one in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            parts.append(node.func.value)
        return not _only_arranges(node.func) or any(is_computed(p, bindings, seen) for p in parts)
    if isinstance(node, ast.Name):
        if node.id in seen:
            return False
        values = bindings.get(node.id)
        if values is None:
            return not hasattr(builtins, node.id) and node.id not in ("np", "numpy")
        more = seen | {node.id}
        return any(value is None or is_computed(value, bindings, more) for value in values)
    parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    parts += [
        part
        for child in ast.iter_child_nodes(node)
        if isinstance(child, ast.comprehension)
        for part in (child.iter, *child.ifs)
    ]
    return any(is_computed(part, bindings, seen) for part in parts)


def compares_with_itself(node: ast.expr) -> bool:
    """`a == a`, `np.allclose(a, a)`: true whatever a is."""
    for part in ast.walk(node):
        sides = []
        if isinstance(part, ast.Compare):
            sides = [part.left, *part.comparators]
        elif isinstance(part, ast.Call) and _name(part.func) in EQUAL:
            sides = part.args[:2]
        if any(ast.dump(one) == ast.dump(other) for one, other in pairwise(sides)):
            return True
    return False


def names_in(node: ast.AST) -> set[str]:
    """The lesson's own names in an expression."""
    return {
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and not hasattr(builtins, one.id) and one.id != "np"
    }


def _bound(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Names that a node gives a value to; None where the value cannot be told."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from ((name, node.value) for name in _targets(target))
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr) and node.value:
        yield from ((name, node.value) for name in _targets(node.target))
    elif isinstance(node, ast.For | ast.comprehension):
        yield from ((name, node.iter) for name in _targets(node.target))
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name, None
    elif isinstance(node, ast.arg):
        yield node.arg, None


def _targets(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _name(node: ast.expr) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _only_arranges(func: ast.expr) -> bool:
    """A built-in or a function of NumPy that puts values together and computes nothing new."""
    if isinstance(func, ast.Name):
        return hasattr(builtins, func.id)
    return _name(func) in ONLY_ARRANGE
