"""Right and wrong look different, in both themes, and what a verdict quotes cannot break a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.feedback import check, hint, problems, progress, record, shown

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions" / "src"
PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures" / "verdicts"
CALL = re.compile(r'^check\("(\w+)"', re.M)


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record, "_here", {})


@pytest.fixture
def said(capsys):
    return lambda: " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("call", [hint, check])
@pytest.mark.parametrize("given", [(), (None,), (1,), (..., 2), (len,)], ids=str)
def test_a_call_without_a_name_says_how_to_write_it(call, given, said) -> None:
    call(*given)
    assert f'in quotation marks: {call.__name__}("france_baseline"' in said()


def lstm_step(x):
    """Written by a learner, who gives it to check without its name."""


def test_a_function_in_the_place_of_its_name_is_named(said) -> None:
    check(lstm_step)
    assert 'check("lstm_step", lstm_step).' in said()
    hint(lstm_step)
    assert 'hint("lstm_step").' in said()


def test_the_example_is_a_task_that_was_begun(said, monkeypatch) -> None:
    monkeypatch.setattr(record, "_here", {"rnn_step": 1, "bptt": 0.5})
    hint()
    assert 'hint("bptt")' in said()


def test_progress_has_the_order_of_the_sets(said) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SOLUTIONS.glob("*.py"))]
    asked = [name for text in texts for name in CALL.findall(text)]
    assert asked == problems.names()
    check("clip_by_global_norm", problems.get("clip_by_global_norm").reference)
    said()
    progress()
    shown_order = re.findall(r"[·✓✗] (\w+)", said())
    assert shown_order == [name for name in asked if problems.get(name).lesson == "02"]


def test_right_and_wrong_have_their_signs_and_words() -> None:
    right, wrong = (shown.verdict_html("lstm_step: fine", one) for one in (True, False))
    assert 'aria-label="right">✓' in right and 'aria-label="wrong">✗' in wrong
    assert 'carousel-verdict right"' in right and 'carousel-verdict wrong"' in wrong
    assert "<code>lstm_step</code>: fine" in right and "<script" not in right
    assert shown.with_code("h[0, 1] is 2") == "<code>h[0,\N{NO-BREAK SPACE}1]</code> is 2"


def test_what_is_quoted_cannot_break_the_page() -> None:
    bad = '</style><script>alert("a_b")</script> `<img src=x>` x_y[<b>]'
    page = shown.verdict_html(bad, False, 'a"b', f'def f():\n    return "</script>{bad}"')
    assert page.count("<script>") == page.count("</script>") == 1
    assert page.count("<img") == 0 and page.count("</style>") == 1


def test_only_a_function_of_a_cell_is_watched() -> None:
    assert shown.source_of(lstm_step).startswith("def lstm_step(x):")
    for other in (len, lambda x: x, 3, None, ..., exec):
        assert shown.source_of(other) == ""
    namespace: dict = {}
    exec("def made(): return 1", namespace)
    assert shown.source_of(namespace["made"]) == ""


# In a browser.

THEMES = {"light": ("true", "#ffffff", "#000"), "dark": ("false", "#111111", "#fff")}
AXE = """async () => (await axe.run(document, { preload: false })).violations
  .map(({ id, nodes }) => `${id} ${nodes[0].html}`)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from tests.browsing import CHROMIUM, browser_of

    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with browser_of() as browser:
        yield browser


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", THEMES)
def test_a_verdict_can_be_read_in_each_theme_faded_or_not(browser, theme: str, width: int) -> None:
    from axe_playwright_python.base import AXE_FILE_PATH

    light, paper, ink = THEMES[theme]
    code = "def lstm_step(x):\n    return x"
    long = "Your forget and input gates are swapped. `c[0, 0]` is 0.31; it should be -0.2. " * 2
    verdicts = [
        shown.verdict_html("rnn_step: Right: h on 5 random inputs.", True),
        shown.verdict_html(f"lstm_step: {long}", False, "lstm_step", code),
        shown.verdict_html(f"h_prev: {long}", False, "lstm_step", code).replace(
            "carousel-verdict wrong", "carousel-verdict wrong faded").replace(" hidden>", ">"),
    ]  # fmt: skip
    context = browser.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    page.set_content(
        '<!doctype html><html lang="en"><head><title>Verdicts</title></head>'
        f'<body data-jp-theme-light="{light}" style="background:{paper};color:{ink}">'
        f"<main><h1>A set</h1>{'<br>'.join(verdicts)}</main></body></html>"
    )
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{theme}-{width}.png")
    page.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    assert page.evaluate(AXE) == []
    colours = "all => all.map(one => getComputedStyle(one).color)"
    right, wrong, faded = page.locator(".carousel-verdict > b").evaluate_all(colours)
    assert len({right, wrong, faded}) == 3
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    context.close()
