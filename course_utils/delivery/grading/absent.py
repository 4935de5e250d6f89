"""What stands in a worker for a package that it has not, so that an answer can do without.

A plot draws nothing, a decorator leaves its function as it is, a progress bar runs its loop. Who
reckons with it is told that it is not there.
"""

import ast
import opcode
import sys
from types import FunctionType

BARS = {"alive_progress", "fastprogress", "progressbar", "rich", "stqdm", "tqdm"}
SHOWING = {"IPython", "altair", "bokeh", "ipywidgets", "matplotlib", "plotly", "seaborn"}
UNPACK = opcode.opmap["UNPACK_SEQUENCE"]
HOOK = "__carousel_absent__"  # by which imports that failed find `stand_in`
used: dict[str, None] = {}  # packages on which an answer may depend, in the order of their use
missing: dict[str, None] = {}  # modules that a cell imported in vain
passed: dict[str, None] = {}  # those of decorators that were passed through


class Absent:
    """In place of a package, of anything in it, and of whatever it would give back."""

    def __init__(self, package: str = "", given: tuple = ()):
        self.__dict__.update(_package=package, _given=given)

    def __call__(self, *given, **named):
        _note(self)
        if len(given) == 1 and isinstance(given[0], FunctionType | type):
            _note(self, passed)
            return given[0]
        return Absent(self._package, given)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        _note(self)
        return self

    def __setattr__(self, name, value):
        pass

    def __instancecheck__(self, thing):
        return False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def __getitem__(self, key):
        return self

    def __setitem__(self, key, value):
        pass

    def __bool__(self):
        return True

    def __len__(self):
        return len(self._given[0]) if self._package in BARS and self._given else _missing(self)

    def __iter__(self):
        if self._package in BARS and self._given:
            first = self._given[0]
            return iter(range(*self._given) if isinstance(first, int) else first)
        count = _places(sys._getframe(1))
        return iter([self] * count) if count else _missing(self)


def _note(one: Absent, where: dict[str, None] = used) -> None:
    if one._package and one._package not in BARS | SHOWING:
        where[one._package] = None


def _places(frame) -> int:
    """How many names the running statement unpacks into, as in `figure, axes = ...`."""
    code, at = frame.f_code.co_code, frame.f_lasti
    return code[at + 1] if at >= 0 and code[at] == UNPACK else 0


def _missing(one, *others, **named):
    _note(one)
    what = one._package or "such a thing"
    raise ImportError(f"there is no {what} when answers are marked")


_VALUES = "array int float complex index neg pos abs invert lt le gt ge contains"
_PAIRS = "add sub mul matmul truediv floordiv mod pow and or xor lshift rshift"
for _name in [*_VALUES.split(), *_PAIRS.split(), *(f"r{one}" for one in _PAIRS.split())]:
    setattr(Absent, f"__{_name}__", _missing)


def stand_in(scope: dict, shown: str, bound: str):
    """What an import that has just failed is to bind; raises again if that is no fault of ours.

    Args:
        scope: what the cells have defined: a name that is there already stays what it is.
        shown: what is imported.
        bound: the name for it, or "*".
    """
    error = sys.exc_info()[1]
    package = str(getattr(error, "name", None) or shown).split(".")[0][:80]
    if package in sys.modules and package != "course_utils":
        raise error  # it is there, but not what is wanted of it
    missing[str(getattr(error, "name", None) or shown)[:80]] = None
    return scope.get(bound, Absent(package))


class Excused(ast.NodeTransformer):
    """Makes every import one that cannot fail, but for those that a `try` takes care of."""

    def visit_Try(self, node):
        return node

    visit_TryStar = visit_Try

    def visit_Import(self, node):
        return [self._excused(node, ast.Import([one]), one) for one in node.names]

    def visit_ImportFrom(self, node):
        if node.module == "__future__":
            return node
        parts = [ast.ImportFrom(node.module, [one], node.level) for one in node.names]
        return [self._excused(node, part, one) for part, one in zip(parts, node.names)]

    def _excused(self, node, part, one):
        plain = isinstance(part, ast.Import)
        bound = one.asname or (one.name.split(".")[0] if plain else one.name)
        shown = one.name if plain else part.module or ""
        call = ast.Call(ast.Name(HOOK, ast.Load()), [ast.Constant(shown), ast.Constant(bound)], [])
        rescue = (
            ast.Expr(call) if bound == "*" else ast.Assign([ast.Name(bound, ast.Store())], call)
        )
        handler = ast.ExceptHandler(ast.Name("ImportError", ast.Load()), None, [rescue])
        made = ast.Try([part], [handler], [], [])
        for inner in ast.walk(made):
            ast.copy_location(inner, node)
        return made
