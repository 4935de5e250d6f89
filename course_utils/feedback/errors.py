"""An exception of a learner's code, in the learner's terms: their lines, names and shapes."""

from __future__ import annotations

import builtins
import linecache
import os
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any, NamedTuple

import numpy as np

from course_utils.feedback.plain import a, clean, ended, listed
from course_utils.language import translated

INSIDE = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}  # frames that belong to a function
MOST = 8  # arguments that are described
NO_SHAPES = (NameError, ImportError, AssertionError)  # errors that no shape explains


class Place(NamedTuple):
    """A line of the learner's own that was running: its number is the file's."""

    frame: FrameType
    code: CodeType
    line: int

    @property
    def text(self) -> str:
        return linecache.getline(self.code.co_filename, self.line).strip()


def stopped(
    name: str, answer: Callable, given: Mapping[str, Any], error: BaseException, in_notebook: bool
) -> str:
    """What is said of a function that raised `error`.

    Args:
        name: of the problem.
        answer: the function.
        given: what it was called with, by name.
        error: what it raised.
        in_notebook: whether a cell that was not run may be the cause.
    """
    if isinstance(error, RecursionError):
        return translated("{name} calls itself again and again (RecursionError).", name=name)
    if isinstance(error, SystemExit):
        return translated("{name} ends the program: leave exit() out.", name=name)
    if isinstance(error, MemoryError):
        return translated("{name} asks for more memory than there is.", name=name)
    places = own_places(error.__traceback__)
    shapes = "" if isinstance(error, NO_SHAPES) else _shapes(answer, given, places)
    said = translated(
        "{name} stops{where} with {error}",
        name=name,
        where=_where(answer, places),
        error=_said(error),
    )
    return f"{said}{_advice(error, places, in_notebook)}{shapes}"


def top_level(error: BaseException, file: str) -> str:
    """How a cell ends in `error`: its kind, its line and what it says."""
    line, text = getattr(error, "lineno", None), ""
    if not isinstance(error, SyntaxError):
        places = [one for one in own_places(error.__traceback__) if one.code.co_filename == file]
        line, text = (places[0].line, places[0].text) if places else (None, "")
    where = translated(" in line {line}", line=line) if isinstance(line, int) else ""
    shown = f" (`{clean(text, 100)}`)" if text else ""
    return f"{clean(type(error).__name__, 60)}{where}{shown}: {_message(error)}"


def own_places(trace: TracebackType | None) -> list[Place]:
    """The learner's own lines, outermost first; those of libraries are left out.

    The line of a comprehension counts for the function around it.
    """
    found: list[Place] = []
    while trace is not None:
        frame, line = trace.tb_frame, trace.tb_lineno
        if not _is_library(frame.f_code.co_filename):
            inside = found and frame.f_code.co_name in INSIDE
            around = found[-1] if inside else None
            code = around.code if around else frame.f_code
            found[-1 if inside else len(found) :] = [
                Place(around.frame if around else frame, code, line)
            ]
        trace = trace.tb_next
    shown = [one for one in found if one.text]
    return shown or found


def _where(answer: Callable, places: list[Place]) -> str:
    """ " in line 4 (`h = step(x, h)`)", and where inside of step, if it is the learner's too."""
    chosen = places if len(places) < 3 else [places[0], places[-1]]
    return translated(",").join(_line(answer, one) for one in chosen)


def _line(answer: Callable, place: Place) -> str:
    own = place.code.co_name == getattr(answer, "__name__", "")
    line = place.line - place.code.co_firstlineno + 1
    text = f" (`{clean(place.text, 100)}`)" if place.text else ""
    if own:
        return translated(" in line {line}", line=line) + text
    function = clean(place.code.co_name, 40)
    return translated(" in line {line} of {function}", line=line, function=function) + text


def _said(error: BaseException) -> str:
    said = _message(error)
    kind = clean(type(error).__name__, 60)
    return f"{kind}: {ended(said)}" if said else f"{kind}."


def _message(error: BaseException) -> str:
    said = error.msg if isinstance(error, SyntaxError) and error.msg else error
    return re.sub(r" at 0x[0-9a-fA-F]+| \((/|[A-Z]:)[^()]*\)", "", clean(said, 300))


def _advice(error: BaseException, places: list[Place], in_notebook: bool) -> str:
    said = _message(error)
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return _about_name(error, places, in_notebook)
    if "matmul" in said or "broadcast" in said:
        return translated(" Print the shapes of both sides.")
    return ""


def _about_name(error: NameError, places: list[Place], in_notebook: bool) -> str:
    name = str(getattr(error, "name", None) or "")
    known: Iterable[str] = dir(builtins)
    if places:
        frame = places[-1].frame
        known = [*frame.f_locals, *frame.f_globals, *known]
    known = [one for one in known if one[:1] != "_" and one != name]
    near = [one for one in known if one.lower() == name.lower()]
    near = near or get_close_matches(name, known, n=1, cutoff=0.75)
    if near:
        return translated(" Did you mean `{name}`?", name=clean(near[0], 60))
    if name in sys.stdlib_module_names:
        return translated(" `import {name}` is missing.", name=name)
    return translated(" Has the cell that defines it been run?") if in_notebook else ""


def _shapes(answer: Callable, given: Mapping[str, Any], places: list[Place]) -> str:
    """What the function was called with, and what stood in the function where it went wrong."""
    said = _listed(given)
    text = translated(" It was called with {values}.", values=said) if said else ""
    inner = places[-1] if len(places) > 1 else None
    if inner and inner.code.co_name != getattr(answer, "__name__", ""):
        names = inner.code.co_varnames[: inner.code.co_argcount]
        there = {name: inner.frame.f_locals[name] for name in names if name in inner.frame.f_locals}
        if said := _listed(there):
            function = clean(inner.code.co_name, 40)
            text += translated(" In {function}: {values}.", function=function, values=said)
    return text


def _listed(values: Mapping[str, Any]) -> str:
    """ "x (2, 3), W (3, 4) and n = 4"; "" if there is no array, as no shape explains an error."""
    if not any(type(value) is np.ndarray for value in values.values()):
        return ""
    words = [_value(clean(name, 30), value) for name, value in list(values.items())[:MOST]]
    if len(values) > MOST:
        words.append(translated("more"))
    return listed(words)


def _value(name: str, value: Any) -> str:
    if type(value) is np.ndarray:
        return f"{name} {tuple(map(int, value.shape))}"
    if type(value) in (bool, int, float):
        return f"{name} = {value:.3g}" if type(value) is float else f"{name} = {value}"[:40]
    if type(value) in (list, tuple, dict):
        what = translated("a {kind} of {count}", kind=type(value).__name__, count=len(value))
    else:
        what = "None" if value is None else a(clean(type(value).__name__, 40))
    return translated("{name}, {what}", name=name, what=what)


def _is_library(filename: str) -> bool:
    parts = filename.replace("\\", "/").split("/")
    return (
        filename.startswith(_LIBRARIES)
        or filename.startswith(("<frozen", "<__array_function__"))
        or bool({"site-packages", "dist-packages"} & set(parts))
    )


_LIBRARIES = (
    *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    str(Path(os.__file__).parent),
    str(Path(np.__file__).parents[1]),
    str(Path(__file__).resolve().parents[1]),
)
