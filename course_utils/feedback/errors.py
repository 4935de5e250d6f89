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

from course_utils.feedback.plain import a, clean, ended

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
        return f"{name} calls itself again and again (RecursionError)."
    if isinstance(error, SystemExit):
        return f"{name} ends the program: leave exit() out."
    if isinstance(error, MemoryError):
        return f"{name} asks for more memory than there is."
    places = own_places(error.__traceback__)
    shapes = "" if isinstance(error, NO_SHAPES) else _shapes(answer, given, places)
    return (
        f"{name} stops{_where(answer, places)} with {_said(error)}"
        f"{_advice(error, places, in_notebook)}{shapes}"
    )


def top_level(error: BaseException, file: str) -> str:
    """How a cell ends in `error`: its kind, its line and what it says."""
    line, text = getattr(error, "lineno", None), ""
    if not isinstance(error, SyntaxError):
        places = [one for one in own_places(error.__traceback__) if one.code.co_filename == file]
        line, text = (places[0].line, places[0].text) if places else (None, "")
    where = f" in line {line}" if isinstance(line, int) else ""
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
    return ",".join(_line(answer, one) for one in chosen)


def _line(answer: Callable, place: Place) -> str:
    own = place.code.co_name == getattr(answer, "__name__", "")
    name = "" if own else f" of {clean(place.code.co_name, 40)}"
    line = place.line - place.code.co_firstlineno + 1
    text = f" (`{clean(place.text, 100)}`)" if place.text else ""
    return f" in line {line}{name}{text}"


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
        return " Print the shapes of both sides."
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
        return f" Did you mean `{clean(near[0], 60)}`?"
    if name in sys.stdlib_module_names:
        return f" `import {name}` is missing."
    return " Has the cell that defines it been run?" if in_notebook else ""


def _shapes(answer: Callable, given: Mapping[str, Any], places: list[Place]) -> str:
    """What the function was called with, and what stood in the function where it went wrong."""
    said = _listed(given)
    text = f" It was called with {said}." if said else ""
    inner = places[-1] if len(places) > 1 else None
    if inner and inner.code.co_name != getattr(answer, "__name__", ""):
        names = inner.code.co_varnames[: inner.code.co_argcount]
        there = {name: inner.frame.f_locals[name] for name in names if name in inner.frame.f_locals}
        if said := _listed(there):
            text += f" In {clean(inner.code.co_name, 40)}: {said}."
    return text


def _listed(values: Mapping[str, Any]) -> str:
    """ "x (2, 3), W (3, 4) and n = 4"; "" if there is no array, as no shape explains an error."""
    if not any(type(value) is np.ndarray for value in values.values()):
        return ""
    words = [_value(clean(name, 30), value) for name, value in list(values.items())[:MOST]]
    if len(values) > MOST:
        words.append("more")
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _value(name: str, value: Any) -> str:
    if type(value) is np.ndarray:
        return f"{name} {tuple(map(int, value.shape))}"
    if type(value) in (bool, int, float):
        return f"{name} = {value:.3g}" if type(value) is float else f"{name} = {value}"[:40]
    if type(value) in (list, tuple, dict):
        return f"{name}, a {type(value).__name__} of {len(value)}"
    return f"{name}, {'None' if value is None else a(clean(type(value).__name__, 40))}"


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
