"""Notebooks for services that lend a machine: one cell more, which installs what is missing."""

import importlib.metadata
import importlib.util
import json
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.delivery.authoring import build, online
from course_utils.delivery.authoring.document import ROOT, documents
from course_utils.delivery.authoring.online import badges, install_cell, notebooks, with_badges
from course_utils.delivery.authoring.site.address import Address, SiteError, address
from course_utils.delivery.grading.sets import find_set
from course_utils.delivery.grading.submission import parse
from course_utils.laying import hash_of

HERE = Address("https://github.com/us/carousel", online="online", binder="https://mybinder.org")
SET = "exercises/01_a_recurrent_network_from_scratch.ipynb"


@pytest.mark.parametrize(
    ("there", "numpy", "asked", "restarts"),
    [(True, "1.26.4", 0, False), (False, np.__version__, 1, False), (False, "2.0.2", 1, True)],
)
def test_the_cell_installs_when_and_only_when_the_course_is_missing(
    there: bool,
    numpy: str,
    asked: int,
    restarts: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """As on Colab, where an older NumPy is loaded before the first cell runs."""
    ran = []
    shell = SimpleNamespace(run_line_magic=lambda *words: ran.append(words))
    installed = importlib.metadata.version
    with monkeypatch.context() as colab:
        colab.setattr(importlib.util, "find_spec", lambda name: object() if there else None)
        colab.setattr(np, "__version__", numpy)
        versions = {"numpy": installed("numpy"), "keras": installed("keras")}
        colab.setattr(importlib.metadata, "version", versions.get)
        exec(install_cell(HERE)["source"], {"get_ipython": lambda: shell})
    assert len(ran) == asked
    if asked:
        kind, words = ran[0]
        assert kind == "pip"
        assert words.endswith('"carousel-course[keras] @ git+https://github.com/us/carousel@main"')
    assert ("Restart the session" in capsys.readouterr().out) == restarts


def test_a_set_done_on_colab_is_read_when_it_is_marked() -> None:
    notebook = json.loads(online.online((ROOT / SET).read_bytes(), HERE))
    notebook["metadata"] |= {"colab": {"provenance": []}, "accelerator": "GPU"}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"id": cell.pop("id"), "outputId": "x"}
    one = find_set("01")
    plain = parse((ROOT / SET).read_bytes(), set(one.problems), set(), one.traces)
    done = parse(json.dumps(notebook).encode(), set(one.problems), set(), one.traces)
    assert done.answers == plain.answers and len(plain.answers) == len(one.problems)


def test_every_lesson_and_set_begins_with_the_folded_cell(tmp_path) -> None:
    online.write(HERE, tmp_path)
    for name in notebooks():
        first, second, *_ = json.loads((tmp_path / name).read_bytes())["cells"]
        assert first == install_cell(HERE) and second["source"][0].startswith("# ")
        assert first["metadata"]["jupyter"]["source_hidden"]
    with pytest.raises(SiteError, match="repository first"):
        online.write(Address(), tmp_path)


def test_badges_are_off_while_there_is_no_address() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert with_badges(readme, address()) == readme and badges(Address()) == ""
    lines = with_badges(readme, HERE).splitlines()
    assert (
        sum("colab.research.google.com/github/us/carousel/blob/online/" in x for x in lines) == 24
    )
    assert with_badges(with_badges(readme, HERE), Address()) == with_badges(readme, Address())
    assert HERE.services("docs/hub.md") == HERE._replace(online="").services(SET) == []
    found = dict(HERE.services(SET))
    assert found["Codespaces"] == "https://codespaces.new/us/carousel/tree/main"
    assert found["Binder"] == f"https://mybinder.org/v2/gh/us/carousel/main?urlpath=lab/tree/{SET}"


def test_what_vs_code_writes_when_it_saves_is_no_change() -> None:
    lesson = documents(["01"])[0]
    saved = lesson.notebook()
    saved.metadata["kernelspec"] = {"display_name": ".venv (3.12)", "name": "python3"}
    saved.metadata["language_info"] = {"name": "python", "version": "3.12.1"}
    saved.metadata["vscode"] = {"interpreter": {"hash": "0"}}
    for cell in saved.cells:
        cell.metadata["vscode"] = {"languageId": "python"}
    assert build.difference(lesson.text(), saved) is None
    assert hash_of(json.dumps(saved).encode()) == hash_of(lesson.target.read_bytes())
    saved.cells[1].metadata["tags"] = ["mine"]
    assert "metadata" in build.difference(lesson.text(), saved)
