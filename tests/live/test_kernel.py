"""The kernel of a page, without a page: what it says of cells, as a worker would hear it."""

import builtins
import importlib
import json
import os
import subprocess
import sys
import types
from collections.abc import Iterator

import numpy as np
import pytest

from course_utils.delivery.live import imports

# Modules that are others while the kernel is there.
SPOILT = ("course_utils.feedback", "course_utils.keras_bridge", "IPython", "keras", "tensorflow")


class Page:
    """Takes what the kernel says, and asks it to run cells."""

    def __init__(self) -> None:
        self.heard: list[dict] = []
        self.request: dict = {}

    def call(self, message: bytes) -> bytes:
        said = json.loads(message)
        if said["say"] == "next":
            return json.dumps(self.request).encode()
        self.heard.append(said)
        return b"null"

    def run(self, source: str, number: int = 1) -> list[dict]:
        self.heard, self.request = [], {"do": "run", "number": number, "source": source}
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.streams  # pytest puts its own there before each phase
        self.kernel.turn()
        sys.stdout, sys.stderr = before
        return self.heard


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    page = Page()
    before = dict(sys.modules), list(sys.meta_path), builtins.input
    for owner, name in ((os, "access"), (np, "bincount"), (np, "repeat")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    streams = sys.stdout, sys.stderr
    monkeypatch.setitem(sys.modules, "_host", types.SimpleNamespace(call=page.call))
    for name in [one for one in sys.modules if one.startswith(SPOILT) and one != "IPython"]:
        del sys.modules[name]
    sys.modules.pop("course_utils.delivery.live.kernel", None)
    page.kernel = importlib.import_module("course_utils.delivery.live.kernel")
    page.request = {"do": "begin", "parts": {}, "done": {"rnn_step": 1.0}}
    page.kernel.turn()
    page.streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = streams
    yield page
    builtins.input = before[2]
    sys.meta_path[:] = before[1]
    for name in [one for one in sys.modules if one.startswith(SPOILT)]:
        del sys.modules[name]
    sys.modules.update({one: kept for one, kept in before[0].items() if one.startswith(SPOILT)})


def text(heard: list[dict]) -> str:
    return "".join(one["text"] for one in heard if one["say"] == "text")


def test_texts_values_and_state(page: Page) -> None:
    assert page.heard[-1]["say"] == "ready"
    heard = page.run("x = 20\nprint('hello')\nx + 1")
    assert text(heard) == "hello\n"
    assert [one["data"] for one in heard if one["say"] == "show"] == [{"text/plain": "21"}]
    assert heard[-1] == {"say": "end", "error": None, "done": {}}
    assert text(page.run("print(x)")) == "20\n"
    assert not [one for one in page.run("x;") if one["say"] == "show"]


@pytest.mark.parametrize(
    ("source", "kind", "words", "line"),
    [
        ("def f():\n    return 1 / 0\n\nf()", "error", "ZeroDivisionError", "cell 3, line 2, in f"),
        ("y = nowhere", "name", "NameError: name 'nowhere'", "cell 3, line 1:  y = nowhere"),
        ("raise ValueError('one\\ntwo')", "error", "ValueError: one\ntwo", "cell 3, line 1"),
        ("if True print(1)", "error", "SyntaxError", "line 1"),
        ("%timeit 1", "course", "`%timeit` is for JupyterLab", ""),
        ("input('?')", "course", "a page has not", ""),
        ("import keras\nkeras.layers.LSTM(3)", "keras", "layers needs Keras", ""),
    ],
)
def test_errors(page: Page, source: str, kind: str, words: str, line: str) -> None:
    error = page.run(source, 3)[-1]["error"]
    assert error["kind"] == kind and words in error["words"]
    assert any(one.startswith(line) for one in error["lines"]) if line else not error["lines"]


def test_integers_longer_than_an_index_count(page: Page) -> None:
    """As 64 bits in a page, whose indices have 32; here an index cannot hold all of uint64."""
    page.run("import numpy as np\ncounts = np.array([2, 1], np.uint64)")
    assert text(page.run("print(np.bincount(counts), np.bincount(counts, minlength=4))")) == (
        "[0 1 1] [0 1 1 0]\n"
    )
    assert text(page.run("print(np.repeat([5, 6], counts), np.repeat([7], repeats=2))")) == (
        "[5 5 6] [7 7]\n"
    )


def test_a_flood_is_cut_off(page: Page) -> None:
    said = text(page.run("for k in range(100_000):\n    print('a line of text')"))
    assert len(said) < page.kernel.MOST + 100 and said.endswith("which is left out.\n")
    assert text(page.run("print('again')")) == "again\n"


def test_verdicts_and_what_was_done_before(page: Page) -> None:
    page.run("from course_utils.feedback import check, hint, progress")
    heard = page.run("def lstm_params(m, n):\n    return 4 * n\ncheck('lstm_params', lstm_params)")
    shown = next(one["data"] for one in heard if one["say"] == "show")
    assert (
        shown["text/plain"].startswith("✗ lstm_params") and "carousel-verdict" in shown["text/html"]
    )
    assert heard[-1]["done"] == {"rnn_step": 1.0, "lstm_params": 0.0}
    assert "✓ rnn_step" in text(page.run("progress()"))


def test_pyplot_needs_no_show(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    for name in [one for one in sys.modules if one.startswith("matplotlib.pyplot")]:
        del sys.modules[name]
    heard = page.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('A line');")
    assert heard[-1]["error"] is None
    assert [list(one["data"]) for one in heard if one["say"] == "show"] == [
        ["text/plain", "image/png"]
    ]


def test_parts_come_when_they_are_imported(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lent.zip").write_bytes(
        subprocess.run([sys.executable, "-c", ZIP], capture_output=True, check=True).stdout
    )
    asked = []

    def fetch(part: str) -> str:
        asked.append(part)
        return str(tmp_path / "lent.zip")

    later = imports.Later({"part": ["lent_module"]}, fetch)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, later])
    assert importlib.import_module("lent_module").VALUE == 7 and asked == ["part"]
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("lent_nothing")


ZIP = """
import io, sys, zipfile
file = io.BytesIO()
with zipfile.ZipFile(file, "w") as made:
    made.writestr("lent_module.py", "VALUE = 7")
sys.stdout.buffer.write(file.getvalue())
"""
