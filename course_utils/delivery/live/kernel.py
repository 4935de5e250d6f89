"""The kernel of a page: runs its cells one after the other, and says what comes of them.

It runs in WebAssembly, in a worker of the browser, which calls `turn` for each request. Its one
door, `_host.call`, takes a message to the worker and brings the answer back: {"say": "next"} asks
for the request; all others tell of texts, pictures and the end of a cell. What an IPython kernel
is asked for by the course's own code, a stand-in answers here.
"""

from __future__ import annotations

import ast
import base64
import builtins
import functools
import io
import json
import linecache
import os
import sys
import time
import traceback
import types
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from course_utils import CourseError
from course_utils.delivery.live.imports import KerasMissing, Later, Still
from course_utils.language import to_translate, translated

try:
    import _host
except ModuleNotFoundError:  # where this is tested
    _host = None

PACE = 0.05  # seconds between two messages of text
MOST = 200_000  # letters that a cell may print
MORE = to_translate("... and more, which is left out.")
NO_MAGIC = to_translate("`{magic}` is for JupyterLab: a page runs Python alone.")
SPACE: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
SHOWN = (  # what an object is asked for, and the kind of what it gives
    ("_repr_html_", "text/html"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_png_", "image/png"),
)
_done: dict[str, float] = {}  # of the problems that were solved before, in this browser


def say(**message: Any) -> Any:
    """Tell the worker something, and return what it answers."""
    return json.loads(_host.call(json.dumps(message).encode()) or b"null")


def turn() -> None:
    """Do what the page wants next."""
    request = say(say="next")
    begin(request) if request["do"] == "begin" else run(request)


def begin(request: dict[str, Any]) -> None:
    """Be ready: what is missing is fetched when it is first imported."""
    _done.update(request["done"])
    sys.meta_path.insert(0, Still())
    sys.meta_path.append(Later(request["parts"], lambda part: say(say="fetch", part=part)))
    sys.stdout, sys.stderr = Text("stdout"), Text("stderr")
    builtins.input = refuse_input
    os.access = lambda path, mode, **_: os.path.exists(path)  # files in memory have no rights
    warnings.filterwarnings("ignore", "tqdm:disabling monitor")  # which would be a thread
    stand_in_for_ipython()
    # An alarm rings here for nobody: who waits too long presses Stop.
    stand_in("course_utils.feedback.limit", TimeUp=TimeUp, time_limit=time_limit)
    import numpy as np

    np.ones((9, 9)) @ np.ones((9, 9))  # takes the memory that OpenBLAS cannot do without
    np.bincount = counting_by_any(np.bincount, 0)
    np.repeat = counting_by_any(np.repeat, 1, "repeats")
    say(say="ready", python=sys.version.split()[0], numpy=np.__version__)


def counting_by_any(function: Callable[..., Any], place: int, name: str = "") -> Callable[..., Any]:
    """The function, with one argument whose integers may be longer than an index.

    An index has 32 bits here, what a generator draws has 64, and NumPy refuses to shorten it.
    """
    import numpy as np

    def short(value: Any) -> Any:
        long = isinstance(value, np.ndarray | np.integer) and value.dtype.kind in "iu"
        return np.asarray(value, np.intp) if long else value

    @functools.wraps(function)
    def counting(*values: Any, **more: Any) -> Any:
        given = [short(value) if n == place else value for n, value in enumerate(values)]
        return function(*given, **{key: short(v) if key == name else v for key, v in more.items()})

    return counting


class Text(io.TextIOBase):
    """What is printed, in a few messages; from `MOST` letters on the rest is left out."""

    def __init__(self, name: str):
        self.name, self.waiting, self.last, self.length = name, [], 0.0, 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.length <= MOST:
            self.length += len(text)
            more = f"\n{translated(MORE)}\n" if self.length > MOST else ""
            self.waiting.append(text + more)
        if time.monotonic() - self.last > PACE:
            self.send()
        return len(text)

    def send(self) -> None:
        if self.waiting:
            say(say="text", name=self.name, text="".join(self.waiting))
        self.waiting, self.last = [], time.monotonic()


def send_texts() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Text):
            stream.send()


def run(request: dict[str, Any]) -> None:
    """Run a cell, and say how it ended."""
    file, source = f"<cell {request['number']}>", request["source"]
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    for stream in (sys.stdout, sys.stderr):
        stream.length = 0
    wrong = None
    try:
        value = execute(source, file)
        if value is not None:
            display(value)
        show_open_figures()
    except BaseException as error:
        wrong = explained(error)
    send_texts()
    say(say="end", error=wrong, done=newly_done())


def execute(source: str, file: str) -> Any:
    """Run a cell; the value of its last line, if that is an expression without `;` at its end.

    Raises whatever the cell raises.
    """
    if marked := next((line for line in source.splitlines() if line.startswith(("%", "!"))), None):
        raise CourseError(translated(NO_MAGIC, magic=marked.split()[0]))
    tree = ast.parse(source, file)
    last = tree.body[-1] if tree.body and not source.rstrip().endswith(";") else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    exec(compile(tree, file, "exec"), SPACE)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), file, "eval"), SPACE)
    return None


def explained(error: BaseException) -> dict[str, Any]:
    """What went wrong: the sentence, the lines of the page's cells that led there, and a kind."""
    if isinstance(error, KerasMissing):
        return {"kind": "keras", "words": str(error), "lines": []}
    if isinstance(error, CourseError):
        return {"kind": "course", "words": str(error), "lines": []}
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if one.filename.startswith("<cell ")]
    lines = [
        translated("cell {cell}, line {line}", cell=one.filename[6:-1], line=one.lineno)
        + (translated(", in {function}", function=one.name) if one.name != "<module>" else "")
        + f":  {one.line}"
        for one in own
    ]
    if isinstance(error, SyntaxError):
        place = translated("line {line}", line=error.lineno)
        lines = [f"{place}:  {(error.text or '').strip()}"] if error.lineno else []
    words = "".join(traceback.format_exception_only(error)).strip()
    if isinstance(error, SyntaxError):  # the line, which is told apart, stands before
        words = words.splitlines()[-1]
    kind = "name" if isinstance(error, NameError) else "error"
    return {"kind": kind, "words": words, "lines": lines}


def display(*objects: Any, raw: bool = False, metadata: object = None, **_: Any) -> None:
    """Show objects below the cell; with `raw` each is a dict from kinds to data."""
    send_texts()
    for one in objects:
        say(say="show", data=one if raw else bundle(one))


def bundle(one: Any) -> dict[str, str]:
    """An object in the kinds that a page can show; each has its text."""
    if hasattr(one, "_repr_mimebundle_"):
        return one._repr_mimebundle_()
    found = {"text/plain": repr(one)}
    if isinstance(one, type):
        return found
    if hasattr(one, "savefig"):
        found["image/png"] = base64.b64encode(picture(one)).decode("ascii")
    for name, kind in SHOWN:
        data = getattr(one, name, lambda: None)()
        if data is not None:
            found[kind] = base64.b64encode(data).decode("ascii") if name == "_repr_png_" else data
    return found


def picture(figure: Any) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight", dpi=150)
    return file.getvalue()


def show_open_figures() -> None:
    """Figures of pyplot that nobody has shown, as in a notebook."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        for number in pyplot.get_fignums():
            display(pyplot.figure(number))
        pyplot.close("all")


def newly_done() -> dict[str, float]:
    """The scores of all problems so far; those of earlier visits are put back first."""
    record = sys.modules.get("course_utils.feedback.record")
    if record is None:
        return {}
    for name, score in _done.items():
        record._here[name] = max(score, record._here.get(name, -1))
    return dict(record._here)


def refuse_input(prompt: object = "") -> str:
    raise CourseError(
        translated("input() waits for a keyboard that a page has not: put the value in the code.")
    )


class Html:
    """A piece of a page, for `display`."""

    def __init__(self, data: str = "", **_: Any):
        self.data = data

    def _repr_html_(self) -> str:
        return self.data


def stand_in_for_ipython() -> None:
    """What the course, and most who use a notebook, want of IPython."""
    events = types.SimpleNamespace(register=lambda *_: None)  # pyplot listens to them
    shell = types.SimpleNamespace(kernel=True, user_ns=SPACE, events=events)
    shown = {"display": display, "HTML": Html, "clear_output": lambda wait=False: say(say="clear")}
    stand_in("IPython.display", **shown)
    page = sys.modules["IPython.display"]
    stand_in("IPython", __path__=[], display=page, version_info=(9, 0, 0, ""))
    sys.modules["IPython"].get_ipython = lambda: shell
    SPACE.update(display=display, get_ipython=lambda: shell)


def stand_in(name: str, **content: Any) -> None:
    module = sys.modules[name] = types.ModuleType(name)
    vars(module).update(content)


class TimeUp(BaseException):
    """As in `feedback.limit`; never raised here."""


@contextmanager
def time_limit(seconds: float):
    """As in `feedback.limit`, without a limit."""
    yield lambda function: function()
