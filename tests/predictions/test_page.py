"""Predictions in a page without a kernel: chosen, kept, compared and counted, by keyboard too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from course_utils.predictions import predict, score, seal
from tests.browsing import Recorder, browser_of, needs_browser, served

pytestmark = needs_browser
PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures" / "predictions"
ASKED = [
    ("How much is left after 100 steps?", ["about a half", "less than $10^{-3}$"], 2),
    ("Will `c` be larger than $h_t$?", ["yes", "no", "they are *equal*"], 1),
    ("Who forgets first?", ["the RNN", "the LSTM", "the GRU"], 3),
]
SEALS = [seal(*one) for one in ASKED]
AXE = """async () => {
  const found = await axe.run(document, { preload: false });
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help} ${nodes[0].html}`);
}"""
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}},
}
STYLE = """@media (prefers-color-scheme: dark) { body { background: #1a1816; color: #eee } }"""


def page() -> str:
    parts = [
        predict("04", question, choices, sealed).html()
        for (question, choices, _), sealed in zip(ASKED, SEALS)
    ]
    body = "\n".join([*parts, score("04", SEALS).html()])
    return (
        f'<!doctype html><html lang="en"><head><title>Predictions</title><style>{STYLE}</style>'
        f'<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>'
        f"<body><main><h1>A lesson</h1>{body}</main></body></html>"
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "lesson.html").write_text(page(), encoding="utf-8")
    with served(folder) as address:
        yield f"{address}/lesson.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with browser_of() as browser:
        yield browser


@pytest.fixture
def lesson(browser: object, address: str, request: pytest.FixtureRequest) -> Iterator[object]:
    context = browser.new_context(**LOOKS[getattr(request, "param", "light")])
    seen, page = Recorder(context), context.new_page()
    page.goto(address)
    yield page
    assert (seen.outside(), seen.complaints) == ([], [])
    context.close()


def control(lesson: object, place: int) -> object:
    return lesson.locator(".carousel-prediction .prediction").nth(place)


def answer(lesson: object, place: int, choice: str, sure: str) -> object:
    box = control(lesson, place)
    box.get_by_role("radio", name=choice).check()
    box.get_by_role("radio", name=sure).check()
    box.get_by_role("button", name="That is my prediction").click()
    return box


def answer_all(lesson: object) -> None:
    answer(lesson, 0, "about a half", "certain")
    answer(lesson, 1, "yes", "fairly sure")
    answer(lesson, 2, "the LSTM", "a guess")


def test_it_is_worked_by_keyboard_alone_and_says_what_is_missing(lesson: object) -> None:
    box, keys = control(lesson, 0), lesson.keyboard
    keys.press("Tab")
    keys.press("Enter")  # nothing is chosen yet
    assert box.get_by_role("status").inner_text() == "Choose an answer first."
    keys.press("Space")
    keys.press("ArrowDown")
    assert box.get_by_role("radio", name="less than").is_checked()
    keys.press("Enter")
    assert box.get_by_role("status").inner_text() == "And how sure are you of it?"
    keys.press("ArrowRight")
    keys.press("Tab")
    keys.press("Enter")
    assert box.get_by_role("status").inner_text().startswith("Noted: you are fairly sure.")
    keys.press("Enter")  # the button that comes next has the focus
    assert box.get_by_role("status").inner_text() == "✓ As you said. You were fairly sure."


def test_before_one_looks_nothing_tells_what_came_out(lesson: object) -> None:
    box = answer(lesson, 2, "the LSTM", "certain")
    assert "this came out" not in box.inner_text() and "✗" not in box.inner_text()
    box.get_by_role("button", name="Change it").click()
    assert box.get_by_role("radio", name="the GRU").count() == 1
    box = answer(lesson, 2, "the LSTM", "certain")
    box.get_by_role("button", name="What came out?").click()
    assert "the GRU (this came out)" in " ".join(box.inner_text().split())
    assert "✗ It came out otherwise. You were certain." in box.inner_text()


def test_a_workbooks_fold_tells_what_one_had_said_and_counts_as_looking(
    lesson: object,
) -> None:
    box = answer(lesson, 2, "the LSTM", "certain")
    fold = f'<details id="came-{SEALS[2]}"><summary>What came out?</summary>The GRU.</details>'
    lesson.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", fold)
    lesson.locator("details summary").click()
    lesson.locator("details .you-said").get_by_text("✗ You had said: the LSTM").wait_for()
    box.get_by_text("✗ It came out otherwise. You were certain.").wait_for()


def test_the_right_answer_is_in_no_plain_text_of_the_page() -> None:
    pages = [page(), page().replace("\n", "")]
    for text in pages:
        assert '"right"' not in text and "right:" not in text
    one, other = (
        predict("04", *ASKED[2][:2], seal(*ASKED[2][:2], right)).html() for right in (1, 3)
    )
    assert one.partition("<script>")[0] == other.partition("<script>")[0]


def test_it_remembers_and_the_score_counts(lesson: object) -> None:
    assert "none of the 3" in control(lesson, 3).inner_text()
    answer_all(lesson)
    lesson.reload()
    said = control(lesson, 3).get_by_role("status")
    said.get_by_text("1 of 3 came true; blind guessing would have got about 1.").wait_for()
    assert control(lesson, 0).get_by_role("radio").count() == 0
    words = control(lesson, 3).inner_text()
    assert "How much is left after 100 steps? " in words.replace("”", " ").replace('"', " ")
    assert "You said: about a half. It was: less than 10^-3." in words
    assert "the LSTM" not in words  # a guess, and they were surer elsewhere
    assert "certain: 0 of 1 came true" in words


def test_beginning_anew_asks_first(lesson: object) -> None:
    answer_all(lesson)
    box = control(lesson, 3)
    box.get_by_role("button", name="Begin anew").click()
    box.get_by_role("button", name="Keep them").click()
    assert "1 of 3" in box.inner_text()
    box.get_by_role("button", name="Begin anew").click()
    box.get_by_role("button", name="Forget all 3").click()
    assert "none of the 3" in box.inner_text()
    lesson.reload()
    control(lesson, 0).get_by_role("radio", name="about a half").wait_for()


@pytest.mark.parametrize("damage", ["{", '"a text"', '{"04": 5}', '{"04": {"x": null}}'])
def test_what_is_damaged_counts_for_nothing(lesson: object, damage: str) -> None:
    lesson.evaluate("text => localStorage.setItem('carousel-predictions', text)", damage)
    lesson.reload()
    answer_all(lesson)
    lesson.reload()
    control(lesson, 3).get_by_text("1 of 3 came true").wait_for()


def test_where_nothing_can_be_kept_it_says_so(lesson: object) -> None:
    lesson.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    box = answer(lesson, 0, "about a half", "certain")
    box.get_by_text("it counts as long as this page is open").wait_for()


@pytest.mark.parametrize("lesson", LOOKS, indirect=True, ids=list(LOOKS))
def test_it_passes_axe_and_fits(lesson: object, request: pytest.FixtureRequest) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    axe = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
    lesson.evaluate(axe)
    name = request.node.callspec.id
    for state in ("open", "kept", "seen"):
        if state == "kept":
            answer_all(lesson)
        if state == "seen":
            for place in (0, 1):
                control(lesson, place).get_by_role("button", name="What came out?").click()
        lesson.screenshot(path=PICTURES / f"{name}-{state}.png", full_page=True)
        assert lesson.evaluate(AXE) == []
        assert lesson.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_axe_sees_what_is_wrong(lesson: object) -> None:
    lesson.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    control(lesson, 0).evaluate("box => { box.style.setProperty('--soft', '#ddd'); }")
    control(lesson, 1).evaluate("box => box.querySelector('input').parentNode.lastChild.remove()")
    found = json.dumps(lesson.evaluate(AXE))
    assert "color-contrast" in found and "label" in found
