"""Pages whose code runs in them: lesson 00 and set 04 as a learner uses them, in one browser.

--whole runs lesson 00 to its end, trainings and claims and all, which takes minutes.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.claims import MARK
from course_utils.delivery.authoring.document import ROOT
from course_utils.delivery.authoring.site.languages import folder
from course_utils.delivery.authoring.site.live import live_pages
from course_utils.delivery.grading import commands
from course_utils.delivery.grading.sets import find_set
from course_utils.delivery.live.pack import is_installed
from tests.browsing import Recorder, needs_browser, served
from tests.grading.conftest import no_bubblewrap
from tests.site.keyboard import walk
from tests.site.reader import AXE

pytestmark = [
    needs_browser,
    pytest.mark.skipif(not is_installed(), reason="the extra `live` is not installed"),
]

LESSON, SET = "notebooks/00_start_here", "exercises/04_the_lstm_gate_by_gate"
WITH_KERAS = "notebooks/06_the_gru_in_every_dialect"
TASKS = find_set("04").problems
FULL = sum(map(find_set("04").points, TASKS))
HEAVY = (".wasm.gz", ".zip", ".json.gz", "/page.js", "/index.js")
IDLE = "() => document.querySelector('.live-running').hidden && !document.querySelector('.runs')"
WORD = re.compile(r"\b[a-z]{2,}\b")
OF_NO_LANGUAGE = {"ipynb", "lstm", "import"}
STARTED = "() => document.querySelector('.live-words').textContent.includes('NumPy')"
ALL_RAN = """() => {
  const notes = [...document.querySelectorAll(".live-note")];
  return document.querySelector(".live-error")
    || notes.every((note) => note.textContent.startsWith("ran in"));
}"""
WRONG = """
    a_i, a_f, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
    c = c_prev + a_i
    return c, c"""
DRAWS = """import io
import json
import numpy as np
from tqdm import tqdm
from course_utils.cells import GRU, LSTM, SimpleRNN
rows = []
for seed in tqdm(range(20), file=io.StringIO()):
    x = np.random.default_rng(seed).normal(size=(2, 4, 3))
    for cell in (SimpleRNN, LSTM, GRU):
        rows.append(np.asarray(cell(5, seed=seed)(x)).ravel().tolist())
print(json.dumps(rows))"""


class Live:
    """A page that runs, driven by its buttons."""

    def __init__(self, page: object):
        self.page = page

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.press("Run here")
        self.page.wait_for_function(STARTED)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def run(self, number: int) -> None:
        self.press(f"Run cell {number}")
        self.page.wait_for_function(IDLE)

    def type_below(self, number: int, code: str, run: bool = True) -> str:
        """Put code into a new cell and run it; what came out."""
        self.press(f"Add a cell below cell {number}")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Control+Enter")
        if run:
            self.page.wait_for_function(IDLE)
        return self.page.locator(".live-own .live-output").first.inner_text()

    def texts(self, look: str) -> list[str]:
        return self.page.locator(look).all_inner_texts()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture
def live(browser: object) -> Iterator[Live]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    seen = Recorder(context)
    yield Live(context.new_page())
    assert seen.outside() == []
    assert seen.complaints == []
    context.close()


def solved(tmp_path: Path) -> Path:
    """Set 04 with all answers in it."""
    sheet, answers = (
        json.loads((ROOT / f"{one}.ipynb").read_text())
        for one in (SET, f"solutions/{Path(SET).name}")
    )
    code = {task(cell): cell["source"] for cell in answers["cells"] if task(cell)}
    for cell in sheet["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = code[task(cell)]
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(sheet))
    return path


def counted_claims() -> int:
    """How many claims the committed lesson prints."""
    cells = json.loads((ROOT / f"{LESSON}.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join("".join(one.get("text", "")) for one in outputs).count(MARK)


def task(cell: dict) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def test_a_page_carries_little_before_the_click(browser: object, address: str) -> None:
    context = browser.new_context()
    seen, page = Recorder(context), context.new_page()
    page.goto(f"{address}/{LESSON}.html")
    page.get_by_role("button", name="Run here", exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    mine = [url for url in seen.asked if "/_static/live/" in url]
    assert len(mine) == 2 and not [url for url in seen.asked if url.endswith(HEAVY)]
    context.close()


def test_from_a_disk_one_sentence(browser: object, site: Path) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / f"{LESSON}.html").as_uri())
    assert "http.server" in page.locator(".live-refusal").inner_text()
    assert not page.locator(".live-bar, .live-editor").count()
    context.close()


def test_which_pages_run(site: Path) -> None:
    pages = live_pages()
    assert {LESSON, SET} <= set(pages)
    for page in sorted(site.glob("notebooks/*.html")) + sorted(site.glob("exercises/[0-9]*.html")):
        text = page.read_text(encoding="utf-8")
        assert ("live/live.js" in text) == (
            page.relative_to(site).with_suffix("").as_posix() in pages
        )
    assert "needs-keras" not in (site / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "needs-keras" in (site / "notebooks/01_a_recurrent_network_from_scratch.html").read_text(
        encoding="utf-8"
    )


def test_lesson_00(live: Live, address: str, request: pytest.FixtureRequest) -> None:
    live.open(f"{address}/{LESSON}.html")
    live.run(1)  # the dial
    assert live.page.locator(".live-output .carousel-dial").count() == 1
    live.run(2)
    drawn = live.page.locator("div.cell", has_text='cell_diagram("LSTM"').last
    drawn.get_by_role("button", name="Run cell").click()
    live.page.wait_for_function(IDLE)
    figure = drawn.locator(".live-output img.carousel-figure")
    assert "cell state c" in figure.get_attribute("alt")
    printed = live.type_below(2, DRAWS)
    ours = [
        np.asarray(cell(5, seed=seed)(np.random.default_rng(seed).normal(size=(2, 4, 3)))).ravel()
        for seed in range(20)
        for cell in (SimpleRNN, LSTM, GRU)
    ]
    assert np.allclose(json.loads(printed), ours, rtol=0, atol=1e-6)
    if request.config.getoption("whole"):
        live.press("Run all")
        live.page.wait_for_function(ALL_RAN, timeout=3_600_000)
        assert len(live.texts(".live-output ul.claims > li")) == counted_claims()
    assert live.texts(".live-error, .of-stderr") == []
    live.open(f"{address}/{WITH_KERAS}.html")
    a_cell_of_keras_shows_what_it_gave(live)


def a_cell_of_keras_shows_what_it_gave(live: Live) -> None:
    cell = live.page.locator(".cell.needs-keras:has(> .cell_output:not(.live-output))").first
    cell.locator(".cm-content").press("Shift+Enter")
    said = cell.locator(".live-error.keras").inner_text()
    assert "Keras does not run in a page" in said and "Below stands what came out" in said
    assert cell.locator("> .cell_output:not(.live-output)").first.is_visible()
    went_on = "cell => !cell.contains(document.activeElement)"  # it is no failure
    live.page.wait_for_function(went_on, arg=cell.element_handle())


def test_set_04(live: Live, address: str, tmp_path: Path) -> None:
    page = live.page
    live.open(f"{address}/{SET}.html")
    live.run(1)
    cell = page.locator(".live-editor .cm-content").nth(1)
    cell.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(WRONG)
    page.keyboard.press("Control+Enter")
    page.wait_for_function(IDLE)
    live.run(3)
    assert live.texts(".carousel-verdict.wrong")[0].startswith("✗ lstm_step")
    assert "endless" not in live.type_below(3, "while True: pass", run=False)
    live.press("Stop")
    page.wait_for_function(IDLE)
    assert "begins anew" in page.locator(".live-state").inner_text()
    live.press(f"Remove cell {page.locator('.live-editor').count()}")
    page.locator("input[type=file]").set_input_files(solved(tmp_path))
    page.get_by_text("cells differ from what stood here").wait_for()
    live.press("Run all")
    page.wait_for_function(
        "count => document.querySelectorAll('.carousel-verdict.right').length === count",
        arg=len(TASKS),
    )
    page.wait_for_function(IDLE)
    all_right = f"{len(TASKS)} of {len(TASKS)} right"
    assert all_right in live.type_below(3, "progress()")
    page.wait_for_timeout(1000)  # until it is kept
    page.context.set_offline(True)
    page.reload()
    page.locator(".carousel-verdict.right").nth(len(TASKS) - 1).wait_for()
    assert all_right in live.texts(".live-own .live-output")[0]
    live.run(1)  # Python starts without a network, too
    page.wait_for_function(STARTED)
    with page.expect_download() as saved:
        live.press("Export .ipynb")
    mine = tmp_path / "mine" / saved.value.suggested_filename
    saved.value.save_as(mine)
    assert_full_marks(mine)
    axe_and_keyboard(page)


def assert_full_marks(path: Path) -> None:
    """It is a notebook, and `course grade` gives all points."""
    nbformat.validate(nbformat.read(path, as_version=4))
    handed_in = path.parent / "submitted" / "ada" / path.stem / path.name
    handed_in.parent.mkdir(parents=True)
    path.replace(handed_in)
    if not no_bubblewrap():
        assert [marks.points for marks in commands.grade(path.parent, None)] == [FULL]


def test_a_chinese_page_runs_in_chinese(live: Live, address: str) -> None:
    page = live.page
    page.goto(f"{address}/{folder('zh_CN')}/{SET}.html")
    live.press("在这里运行")
    page.wait_for_function(STARTED)
    for number in (1, 2, 3):
        live.press(f"运行第 {number} 格")
        page.wait_for_function(IDLE)
    assert "lstm_step" in live.texts(".carousel-verdict")[0]
    said = live.texts(".live-bar, .live-tools, .live-output")
    english = {word for text in said for word in WORD.findall(text)} - OF_NO_LANGUAGE
    assert not english, said


def axe_and_keyboard(page: object) -> None:
    page.add_script_tag(path=str(AXE_FILE_PATH))
    for theme in ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        assert page.evaluate(AXE, {"within": ".bd-article"}) == []
    page.reload()  # from the top, and with what is kept
    page.locator(".live-editor").last.wait_for()
    assert walk(page) == []
