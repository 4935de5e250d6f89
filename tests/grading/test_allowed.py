"""The package that does a task's work is out of reach of the answers to it."""

from dataclasses import replace

import pytest

from course_utils.delivery.grading.allowed import allowed
from course_utils.delivery.grading.sandbox import Worker
from course_utils.delivery.grading.sets import find_set, known_sets, text_of

from .attacks import AMPLE

DOES_THE_WORK = {  # tasks of a set, and what of the course would answer them
    "02": "course_utils.cells.functional course_utils.cells.simple_rnn course_utils.cells.tape",
    "03": "course_utils.cells.initializers course_utils.measure.spectra course_utils.measure.lags",
    "04": "course_utils.cells.lstm course_utils.cells.functional",
    "05": "course_utils.measure.gates course_utils.cells.lstm",
    "06": "course_utils.cells.gru course_utils.cells.convert course_utils.cells.layers",
    "10": "course_utils.tasks.ngrams course_utils.tasks.places",
    "11": "course_utils.cells.minimal course_utils.cells.layers",
}
TRICKS = """
import importlib, importlib.util, os, sys
found = []
def tried(what, *given):
    try:
        what(*given)
        found.append((name, what.__name__))
    except BaseException:
        pass
def by_loader(name):
    importlib.util.spec_from_file_location("x", path).loader.get_data(path)
def by_exec(name):
    exec(open(path).read(), {})
def by_c(name):
    import ctypes
    assert ctypes.CDLL(None).open(path.encode(), 0) >= 0
def by_walk(name):
    end = name.rpartition(".")[2] + ".py"
    assert any("course_utils" in top and end in files for top, _, files in os.walk("/"))
def by_modules(name):
    getattr(sys.modules["course_utils.cells"], "__dict__")[name.rpartition(".")[2]]
for name in names:
    path = "/course/" + name.replace(".", "/") + ".py"
    for what in (__import__, importlib.import_module, by_loader, by_exec, by_c, by_walk):
        tried(what, name)
    tried(by_modules, name)
"""


def ran(number: str, source: str, then: str = "found") -> list:
    """What a cell leaves in `found` in a worker of this set, after its set-up."""
    kit = replace(find_set(number).kit, packages=("numpy",), modules=())
    with Worker(kit, AMPLE) as worker:
        for cell in find_set(number)._set_up_cells():
            request = {"do": "run", "label": "set-up", "source": text_of(cell), "lenient": True}
            worker.ask(request, AMPLE.seconds)
        request = {"do": "run", "label": "x", "source": source, "lenient": False}
        reply = worker.ask(request, AMPLE.seconds)
        assert reply["error"] is None, reply
        card = ["found", "value", "found", [], ["found"]]
        ask = {"do": "ask", "card": card, "questions": [[]], "seconds": AMPLE.seconds}
        return worker.ask(ask, AMPLE.seconds)[0]


@pytest.mark.parametrize("number", DOES_THE_WORK)
def test_what_does_the_work_is_out_of_reach(number: str) -> None:
    names = DOES_THE_WORK[number].split()
    assert ran(number, f"names = {names}\n{TRICKS}\nfound = len(found)") == 0


def test_the_tricks_find_what_is_there(monkeypatch) -> None:
    """The rule taken away: everything that is imported is given whole."""
    whole = allowed(["import course_utils.cells as all"], ["all"], [])
    monkeypatch.setattr("course_utils.delivery.grading.sets.allowed", lambda *given: whole)
    names = ["course_utils.cells.initializers", "course_utils.cells.convert"]
    successful = ran("06", f"names = {names}\n{TRICKS}\nfound = sorted({{t for _, t in found}})")
    assert len(successful) == 7, successful


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("02", "found = check_gradients.__name__"),
        ("02", "from course_utils.cells import check_gradients\nfound = check_gradients.__name__"),
        ("11", "found = scan(np.ones((3, 1)), np.ones((3, 1))).shape == (3, 1) and 'scan'"),
        ("11", "from course_utils.cells import scan\nfound = 'scan' * callable(scan.scan)"),
    ],
)
def test_what_a_task_names_is_there(number: str, code: str) -> None:
    assert ran(number, code) in ("check_gradients", "scan")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("06", "GRU(3)"),
        ("06", "from course_utils.cells import GRU\n    GRU(3)"),
        ("02", "from course_utils.cells import simple_rnn\n    simple_rnn()"),
        ("11", "import course_utils.cells as c\n    c.MinGRU(3)"),
    ],
)
def test_what_is_not_there_says_so(number: str, code: str) -> None:
    tried = f"try:\n    {code}\nexcept RuntimeError as error:\n    found = str(error)"
    assert "when answers are marked: write it yourself" in ran(number, tried)


def test_every_set_gets_only_what_it_names() -> None:
    given = {name[:2]: find_set(name).kit for name in known_sets()}
    with_files = {number: kit.parts for number, kit in given.items() if kit.parts}
    assert with_files == {
        "02": tuple(
            f"cells/{name}.py"
            for name in ("activations", "differences", "gradient_check", "validate")
        ),
        "11": ("cells/activations.py", "cells/faint.py", "cells/scan.py"),
    }


@pytest.mark.parametrize(
    ("line", "used", "files"),
    [
        ("from course_utils.cells import GRU", "`GRU` is there", True),
        ("from course_utils.cells import GRU", "use `GRU(n)`", True),
        ("from course_utils.cells import GRU as G", "use `G(n)`", True),
        ("from course_utils.cells import GRU as G", "use `GRU(n)`", False),
        ("from course_utils.cells import GRU", "what `keras.layers.GRU(n)` does", False),
        ("from course_utils.cells import GRU", "GRU in words", False),
        ("from course_utils.feedback import problems", "`problems`", False),
        ("from course_utils.delivery.grading import sets", "`sets`", False),
        ("from course_utils import feedback", "`feedback`", False),
        ("import course_utils.delivery.grading.sets", "`course_utils`", False),
        ("from course_utils import cells", "`cells`", True),
    ],
)
def test_who_decides(line: str, used: str, files: bool) -> None:
    given = allowed([line], [], [used])
    assert bool(given.files) == files
    assert not any(file.startswith(("feedback", "grading")) for file in given.files)
