"""Lessons on paper: tagged, with the words for every picture and formula, without a network."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest

from course_utils.delivery.authoring.document import AuthoringError, documents
from course_utils.delivery.authoring.handout import command, pdf
from course_utils.delivery.authoring.handout.page import cell_html, page
from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.delivery.authoring.site.vendor import vendor
from tests.browsing import CHROMIUM, needs_browser
from tests.slides.test_decks import fetched
from tests.slides.trial import FIGURE

LSTM = documents(["04"])[0].notebook()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[str]]:
    """A lesson and a set, printed once, and what the command said."""
    lines: list[str] = []
    folder = tmp_path_factory.mktemp("handouts")
    environment = pytest.MonkeyPatch()
    environment.setenv("CHROMIUM", str(CHROMIUM))
    paths = command.write_handouts(["04", "exercises/04"], folder, lines.append, whole=True)
    environment.undo()
    return paths, lines


def alternatives(data: bytes) -> list[str]:
    """The alternative texts of a PDF, plain or in UTF-16."""
    found = []
    for plain, coded in re.findall(rb"/Alt (?:\(((?:\\.|[^\\)])*)\)|<([0-9A-Fa-f]+)>)", data):
        raw = bytes.fromhex(coded.decode()).decode("utf-16") if coded else plain.decode("latin-1")
        found.append(re.sub(r"\\(.)", r"\1", raw))
    return found


@needs_browser
@fetched
def test_the_pdf_is_tagged_and_every_picture_has_its_words(printed) -> None:
    data = printed[0][0].read_bytes()
    assert data.startswith(b"%PDF") and b"/StructTreeRoot" in data and b"/Marked true" in data
    assert b"/Lang" in data and b"/Outlines" in data
    texts = alternatives(data)
    assert "c_t = c_{t-1} + g_t \\qquad g_t = \\tanh(x_t W + b)" in " ".join(texts)
    figures = re.findall(r'alt="([^"]+)"', "".join(map(cell_html, LSTM.cells)))
    assert len(figures) == 6
    for words in figures:
        assert any(words[:60].replace("’", "'") in text.replace("’", "'") for text in texts), words
    assert data.count(b"/S /Figure") == len(texts) > 60


@needs_browser
@fetched
def test_the_command_says_what_it_wrote_and_where(printed) -> None:
    paths, lines = printed
    assert [path.relative_to(paths[0].parent).as_posix() for path in paths] == [
        "04_the_lstm_gate_by_gate.pdf",
        "exercises/04_the_lstm_gate_by_gate.pdf",
    ]
    for path, line in zip(paths, lines[-2:]):
        assert re.fullmatch(rf"\S+ +\d+ kB in \d+ s  {re.escape(str(path))}", line)


@fetched
def test_a_page_has_text_code_and_outputs_and_asks_for_nothing() -> None:
    text = page(LSTM, vendor(lambda line: None))
    body = re.sub(r"<script>.*?</script>", "", text, flags=re.S)
    assert '<h2 id="The-whole-cell">The whole cell</h2>' in body
    assert "carousel-player" not in body and "a still follows" in body
    assert "show(" not in re.sub(r"<[^>]+>", "", body)  # folded: the figure alone
    assert set(re.findall(r'src="(\w+):', body)) == {"data"}
    assert set(re.findall(r"""url\(["']?(\w+)""", body)) == {"data"}


def test_links_to_other_files_become_text_and_others_stay() -> None:
    source = "See [01](01_x.ipynb), [a page](https://keras.io/api), [below](#The-end)."
    shown = cell_html(nbformat.v4.new_markdown_cell(source))
    assert "See 01, <a" in shown
    assert re.findall(r'href="([^"]+)"', shown) == ["https://keras.io/api", "#The-end"]


def test_what_is_folded_is_open_on_paper() -> None:
    source = "<details>\n<summary>The answer</summary>\n\nIt is *U*.\n</details>"
    shown = cell_html(nbformat.v4.new_markdown_cell(source))
    assert "<details open>" in shown and "<em>U</em>" in shown


def test_outputs_that_are_no_figures() -> None:
    cell = nbformat.v4.new_code_cell("x = 1 < 2")
    cell.outputs = [
        nbformat.v4.new_output("stream", text="a < b\n"),
        nbformat.v4.new_output("execute_result", data={"text/plain": "<True>"}),
        nbformat.v4.new_output("display_data", data={"text/html": FIGURE}),
        nbformat.v4.new_output("display_data", data={"text/html": "<b>bold</b>"}),
    ]
    shown = cell_html(cell)
    assert "a &lt; b" in shown and "&lt;True&gt;" in shown and "<b>bold</b>" in shown
    assert shown.count("carousel-figure") == 1 and '<span class="n">x</span>' in shown


def test_names_of_handouts() -> None:
    def stems(name: str) -> list[str]:
        return ["/".join(path.parts[-2:]) for path in command.notebooks(name)]

    assert stems("04") == ["notebooks/04_the_lstm_gate_by_gate.ipynb"]
    assert stems("exercises/04") == ["exercises/04_the_lstm_gate_by_gate.ipynb"]
    assert stems("solutions/04") == ["solutions/04_the_lstm_gate_by_gate.ipynb"]
    assert len(stems("all")) >= 22
    with pytest.raises(AuthoringError, match="There is no lesson '77'"):
        stems("77")


def test_a_damaged_notebook_is_named(tmp_path: Path, monkeypatch) -> None:
    damaged = tmp_path / "04_x.ipynb"
    damaged.write_text("<<<<<<< ours")
    monkeypatch.setattr(command, "notebooks", lambda name: [damaged])
    with pytest.raises(AuthoringError, match=r"04_x\.ipynb is no notebook .*`course build 04`"):
        command.write_handouts(["04"], tmp_path)
    assert list(tmp_path.iterdir()) == [damaged]


def test_without_a_browser_one_sentence_says_what_to_do(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    with pytest.raises(SiteError, match=r"none was found: install one .*apt install chromium"):
        pdf.browser_path(str(tmp_path / "nowhere"))
    own = tmp_path / "chrome"
    own.touch()
    assert pdf.browser_path(str(own)) == str(own)
    monkeypatch.setenv("CHROMIUM", "nonsense")
    with pytest.raises(SiteError, match="CHROMIUM names nonsense, which is no program"):
        pdf.browser_path()


def test_without_playwright_one_sentence_says_what_to_do(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(SiteError, match="pip install playwright"), pdf.printer():
        pass


@needs_browser
def test_a_browser_that_does_not_start_is_one_sentence(monkeypatch) -> None:
    monkeypatch.setenv("CHROMIUM", shutil.which("false") or "false")
    with pytest.raises(SiteError, match="does not start"), pdf.printer():
        pass
