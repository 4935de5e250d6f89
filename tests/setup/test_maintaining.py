"""The page that says which files a change touches names files and commands that there are."""

from __future__ import annotations

import re
import shlex

import pytest

from course_utils.delivery.cli import course
from tests.setup.arrows import ROOT

TEXT = (ROOT / "docs" / "maintaining.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`]+)`", TEXT)
PATHS = [one for one in CODE if "/" in one and " " not in one and not one.startswith("build/")]
PLACES = {
    "NN_name": "04_the_lstm_gate_by_gate",
    "NN": "04",
    "locale/NAME": "locale/zh_CN",
    "NAME": "gru",
}


def filled(text: str) -> str:
    for place, name in PLACES.items():
        text = text.replace(place, name)
    return text


@pytest.mark.parametrize("path", sorted(set(PATHS)))
def test_a_named_file_is_there(path: str) -> None:
    name = filled(path).replace("tasks/gru", "tasks/adding")
    assert (ROOT / name).exists()


def test_every_way_has_its_proof() -> None:
    sections = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
    assert len(sections) == 9
    for section in sections:
        assert re.search(r"^Proof: `(make test|course check)", section, re.MULTILINE), section[:40]


@pytest.mark.parametrize("command", [one for one in CODE if one.startswith(("make ", "course "))])
def test_a_named_command_is_there(command: str) -> None:
    program, name, *words = shlex.split(filled(command))
    if program == "course":
        assert name in course.commands
        options = {option for one in course.commands[name].params for option in one.opts}
        assert {word for word in words if word.startswith("-")} <= options
        return
    assert f"\n{name}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    given = " ".join(words).removeprefix("ARGS=").split()
    for path in (word for word in given if word.startswith("tests/")):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("name", ["ARROWS", "GROUPS", "PROBLEMS", "ANY_TASK", "DEFAULTS", "KINDS"])
def test_a_named_list_is_there(name: str) -> None:
    """Each in the file that is named beside it."""
    around = re.search(rf"[^\n]*\n?[^\n]*`{name}`[^\n]*\n?[^\n]*\n?[^\n]*", TEXT).group()
    files = [ROOT / path for path in PATHS if f"`{path}`" in around and path.endswith(".py")]
    texts = [path.read_text(encoding="utf-8") for path in files if path.exists()]
    assert any(re.search(rf"^{name}\b.*= ", text, re.MULTILINE) for text in texts), files
