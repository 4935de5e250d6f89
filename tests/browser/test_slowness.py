"""JupyterLab's words about a busy machine are no complaints; everything else still is one."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.browsing import SLOWNESS, Recorder, is_slowness, needs_browser

SLOW = (
    "Plugin @jupyterlab/notebook-extension:tracker is taking too long to activate.",
    "Plugin @jupyterlab/apputils-extension:themes (with 12 dependants) took 7213.40ms to activate.",
    "Item with index 163 did not appear within 10000 ms",
)
WRONG = (
    "Plugin @jupyterlab/notebook-extension:tracker failed to activate.",
    "Error activating plugin: @jupyterlab/notebook-extension:tracker",
    f"Uncaught: {SLOW[0]}",
    f"{SLOW[2]}: TypeError",
    "Could not load the widget after 10000 ms",
)
BUNDLES = Path(sys.prefix) / "share" / "jupyter" / "lab" / "static"
INSERTED = re.compile(r"\$\{[^}]*\}")  # what a script puts into a sentence


@pytest.mark.parametrize("text", SLOW)
def test_slowness_is_known_by_its_whole_sentence(text: str) -> None:
    assert sum(bool(pattern.fullmatch(text)) for pattern in SLOWNESS) == 1


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_not_taken_for_slowness(text: str) -> None:
    assert not is_slowness(text)


def test_the_installed_jupyterlab_says_these_sentences_as_warnings() -> None:
    said = set()
    for script in BUNDLES.glob("*.js"):
        said |= set(re.findall(r"console\.warn\(`([^`]+)`\)", script.read_text("utf-8")))
    filled = [INSERTED.sub("1", text) for text in said]
    for pattern in SLOWNESS:
        assert any(pattern.fullmatch(text) for text in filled), pattern.pattern


@needs_browser
def test_errors_and_other_warnings_of_a_page_stay_complaints(browser: object) -> None:
    context = browser.new_context(offline=True)
    seen, page = Recorder(context), context.new_page()
    page.evaluate("all => all.forEach(text => console.warn(text))", [*SLOW, *WRONG])
    page.evaluate("text => console.error(text)", SLOW[0])  # the words of a warning, as an error
    with context.expect_event("weberror"):
        page.evaluate("() => setTimeout(() => nowhere())")
    assert seen.delays == list(SLOW)
    assert seen.complaints[: len(WRONG) + 1] == [*WRONG, SLOW[0]]
    assert any("nowhere is not defined" in text for text in seen.complaints)
    context.close()
