"""The decks in a real browser, opened from files, with the network shut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.authoring.document import Document, documents
from course_utils.authoring.site.vendor import vendor
from course_utils.authoring.slides.deck import Deck, read
from course_utils.authoring.slides.page import page
from tests.browsing import Recorder, browser_of, needs_browser
from tests.pictures import kept_pictures
from tests.slides.test_decks import fetched
from tests.slides.trial import LESSON, lay

pytestmark = [needs_browser, fetched]
LESSONS = documents()
LSTM = LESSONS[4]  # formulas, code, figures, an animated cell
VIEW = {"width": 1280, "height": 720}
SMALLEST_TICKS = 17.5  # pixels of letters of 9 points, which numbers at axes have

# What stands on the slide that is shown: does it fit, is it large enough?
MEASURE = """() => {
  const slide = Reveal.getCurrentSlide();
  const visible = (node) => node.checkVisibility({ visibilityProperty: true });
  const over = [slide, ...slide.querySelectorAll(".content, .content *, h1, h2")]
    .filter((node) => !node.closest("svg, mjx-container, .carousel-player, .fe") && visible(node))
    .filter((node) => node.scrollWidth > node.clientWidth + 6 && node.clientWidth > 0
      || node.scrollHeight > node.clientHeight + 1 && node.matches(".slide, .content, pre")
      || node.scrollHeight > node.clientHeight + 12 && node.matches("li"))  // a formula's foot
    .map((node) => `${node.tagName}.${node.className}`);
  const area = slide.getBoundingClientRect();
  for (const node of slide.querySelectorAll("h1, h2, p, li, pre, figure, .math.block")) {
    if (node.closest(".notes, .fe-still") || !visible(node)) continue;
    const box = node.getBoundingClientRect();
    if (box.right > area.right - 20 || box.bottom > area.bottom - 20 || box.left < 20)
      over.push(`${node.tagName} leaves the slide`);
  }
  const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  let smallest = 1000;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const aside = "footer, .notes, pre, code, mjx-container, .carousel-player, .fe, script, style";
    if (walker.currentNode.data.trim() && !node.closest(aside) && visible(node))
      smallest = Math.min(smallest, parseFloat(getComputedStyle(node).fontSize));
  }
  const image = slide.querySelector("figure img");
  let figure = null;
  if (image) {
    const box = image.getBoundingClientRect();
    const shape = image.naturalWidth / image.naturalHeight;
    const width = Math.min(box.width, box.height * shape);
    const point = width / image.naturalWidth * 200 / 72;  // figures have 200 dots to an inch
    figure = { wide: width / 1280, high: width / shape / 720, ticks: 9 * point, alt: image.alt };
  }
  const unset = [...slide.querySelectorAll(".math")].filter((node) => !node.querySelector("svg"));
  const formulas = unset.length + slide.querySelectorAll('[data-mml-node="merror"]').length;
  return { over, smallest, figure, formulas };
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with browser_of() as running:
        yield running


class Show:
    """A deck, opened; the keys move it on."""

    def __init__(self, browser: object, path: Path, query: str = "", **options: object):
        options = {"viewport": VIEW, "reduced_motion": "reduce", **options}
        self.context = browser.new_context(offline=True, **options)
        self.recorder = Recorder(self.context)
        self.page = self.context.new_page()
        self.page.goto(path.as_uri() + query)
        self.page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)

    def at(self) -> int:
        return self.page.evaluate("Reveal.getIndices().h")

    def title(self) -> str:
        return self.page.evaluate("Reveal.getCurrentSlide().querySelector('h1, h2').innerText")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def close(self) -> None:
        self.context.close()
        assert self.recorder.complaints == []
        asked = [url for url in self.recorder.asked if not url.startswith(("data:", "file:"))]
        assert asked == [], "something outside was asked for"


def written(deck: Deck, folder: Path) -> Path:
    path = folder / f"{deck.number}.html"
    path.write_text(page(deck, vendor(lambda line: None)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def deck() -> Deck:
    return read(LSTM)


@pytest.fixture(scope="module")
def path(deck: Deck, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(deck, tmp_path_factory.mktemp("deck"))


@pytest.fixture
def show(browser: object, path: Path) -> Iterator[Show]:
    opened = Show(browser, path)
    yield opened
    opened.close()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.name)
def test_the_arrow_key_goes_through_every_slide_and_all_fits(
    browser: object, lesson: Document, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    deck, pictures = read(lesson), kept_pictures(pytestconfig, "slides")
    show = Show(browser, written(deck, tmp_path))
    count = len(deck.slides) + 2
    assert show.page.evaluate("Reveal.getTotalSlides()") == count
    wrong, seen, keys = [], set(), 0
    while True:
        here = show.at()
        seen.add(here)
        more = show.page.evaluate("Reveal.availableFragments().next")
        if not more:  # all of the slide is there
            wrong += [f"{here + 1}: {one}" for one in faults(show.page.evaluate(MEASURE))]
            if pictures:
                picture = pictures / f"{deck.number}_{here:02d}.jpg"
                show.page.screenshot(path=picture, type="jpeg", quality=70)
        if here == count - 1 and not more:
            break
        show.press("ArrowRight")
        keys += 1
        assert keys < 4 * count, f"the slides do not move on from {here}"
    answers = sum(bool(slide.answer) for slide in deck.slides)
    assert seen == set(range(count)) and keys == count - 1 + answers
    show.close()
    assert wrong == []


def faults(found: dict[str, object]) -> list[str]:
    """What is wrong with a measured slide."""
    wrong = [f"{node} overflows" for node in found["over"]]
    if found["smallest"] < 28:
        wrong.append(f"letters of {found['smallest']} pixels")
    if found["formulas"]:
        wrong.append("a formula that MathJax cannot read")
    if (figure := found["figure"]) is not None:
        if max(figure["wide"], 1.2 * figure["high"]) < 0.55:
            wrong.append(f"its figure takes {figure['wide']:.2f} x {figure['high']:.2f} of it")
        if figure["ticks"] < SMALLEST_TICKS:
            wrong.append(f"the numbers at its axes have {figure['ticks']:.1f} pixels")
        if len(figure["alt"]) < 20:
            wrong.append("its figure has no alt text")
    return wrong


def test_the_measuring_sees_what_is_wrong(browser: object, tmp_path: Path) -> None:
    more = '# %% [markdown] slide="formula" minutes=1\n# ## Two formulas\n#\n# $$\\frac{1$$\n'
    text = f"{LESSON}\n{more}".replace("$$x = 0.5$$", r"$$\left( x = 0.5$$")
    show = Show(browser, written(read(lay(tmp_path, text)), tmp_path))
    spoil = {
        2: (
            "h2",
            "node.style.whiteSpace = 'nowrap'; node.append(' and so on'.repeat(9))",
            "overflows",
        ),
        3: ("pre", "node.append('line\\n'.repeat(30))", "overflows"),
        5: ("figure", "node.style.width = '300px'", "its figure takes"),
        6: ("p", "node.style.fontSize = '20px'", "letters of 20"),
        7: ("h2", "", "MathJax"),
        8: ("h2", "", "MathJax"),
    }
    for at, (name, code, message) in spoil.items():
        show.page.evaluate(f"Reveal.slide({at})")
        show.page.locator(f"section.present {name}").first.evaluate(f"node => {{ {code} }}")
        assert message in "; ".join(faults(show.page.evaluate(MEASURE)))
    show.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lesson", [LESSONS[0], LSTM, LESSONS[8]], ids=lambda one: one.name)
def test_slides_pass_axe(browser: object, lesson: Document, theme: str, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    deck = read(lesson)
    show = Show(browser, written(deck, tmp_path), f"?theme={theme}")
    first = {slide.kind: at for at, slide in reversed(list(enumerate(deck.slides, 1)))}
    found = {}
    for at in (0, *sorted(first.values()), len(deck.slides) + 1):
        show.page.evaluate(f"Reveal.slide({at}, 0, 9)")
        for one in Axe().run(show.page).response["violations"]:
            found[one["id"], at] = [node["html"][:200] for node in one["nodes"]]
    show.close()
    assert found == {}


def test_keys_of_a_remote_home_end_and_overview(show: Show, deck: Deck) -> None:
    show.press("PageDown")
    assert show.at() == 1
    show.press("End")
    assert show.at() == len(deck.slides) + 1
    show.press("Home")
    assert show.at() == 0
    show.press("o")
    assert show.page.evaluate("Reveal.isOverview()")
    show.press("Escape")
    assert not show.page.evaluate("Reveal.isOverview()")


def test_d_turns_the_light(show: Show) -> None:
    ground = "getComputedStyle(Reveal.getCurrentSlide()).backgroundColor"
    before = show.page.evaluate(ground)
    show.press("d")
    assert show.page.evaluate(ground) != before
    show.press("d")
    assert show.page.evaluate(ground) == before


def test_the_animated_cell_plays_and_gives_the_keys_back(show: Show, deck: Deck) -> None:
    at = next(k for k, slide in enumerate(deck.slides, 1) if slide.kind == "player")
    show.page.evaluate(f"Reveal.slide({at})")
    slider = show.page.get_by_role("slider", name="Step of the sequence")
    slider.focus()
    show.press("ArrowRight")
    assert show.page.locator(".where").text_content() == "t = 2 of 40" and show.at() == at
    show.press("End")
    assert show.page.locator(".where").text_content() == "t = 40 of 40" and show.at() == at
    show.page.get_by_label("Speed").focus()
    show.press("ArrowDown")
    show.press("s")  # a letter that chooses in a list, and no view of the speaker
    assert show.at() == at and len(show.context.pages) == 1
    show.page.get_by_role("button", name="← Backward pass").click()
    assert show.page.locator(".where").text_content() == "t = 40 of 40"
    show.press("PageDown")
    assert show.at() == at + 1
    show.press("PageUp")
    slider.focus()
    show.press("Escape")
    assert not show.page.evaluate("Reveal.isOverview()")
    show.press("ArrowRight")
    assert show.at() == at + 1


def test_the_dial_moves_and_gives_the_keys_back(browser: object, tmp_path: Path) -> None:
    deck = read(LESSONS[0])
    show = Show(browser, written(deck, tmp_path))
    at = next(k for k, slide in enumerate(deck.slides, 1) if slide.kind == "dial")
    show.page.evaluate(f"Reveal.slide({at})")
    dial = show.page.locator("section.present .fe")
    dial.locator("input[type=range]").focus()
    show.press("ArrowRight")
    assert dial.locator(".fe-count").text_content() == "4" and show.at() == at
    dial.get_by_label("I grew up in").select_option("Japan")
    assert dial.locator(".fe-clue").first.text_content() == "Japan"
    show.press("PageDown")
    assert show.at() == at + 1
    show.close()


def test_the_speaker_sees_notes_and_the_next_slide(show: Show) -> None:
    with show.context.expect_page() as opened:
        show.press("s")
    view = opened.value
    view.wait_for_selector(".speaker-controls-notes .value", state="attached")
    show.press("ArrowRight")
    view.get_by_text("Lesson 03 measured the damage").wait_for(timeout=20_000)
    assert view.locator(".speaker-controls-notes mjx-assistive-mml").count() == 0
    frames = [frame for frame in view.frames if "receiver" in frame.url]
    assert len(frames) == 2  # this slide and the next
    view.close()


def test_on_paper_each_slide_is_a_page_with_its_answer(
    browser: object, path: Path, deck: Deck
) -> None:
    show = Show(browser, path, "?print-pdf")
    pages = show.page.locator(".pdf-page")
    count = "count => document.querySelectorAll('.pdf-page').length === count"  # it takes a while
    show.page.wait_for_function(count, arg=len(deck.slides) + 2)
    for one in show.page.locator(".pdf-page section.slide").all():
        inside = one.evaluate(
            "node => [node.offsetWidth, node.offsetHeight, node.offsetTop, node.offsetLeft,"
            " node.scrollHeight, node.parentElement.offsetHeight]"
        )
        assert inside == [1280, 720, 0, 0, 720, 719]  # reveal takes a pixel from a page
    assert show.page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == pages.count()
    answers = show.page.locator(".pdf-page .answer")
    assert answers.count() == sum(bool(slide.answer) for slide in deck.slides)
    opacity = answers.first.evaluate("node => getComputedStyle(node).opacity")
    assert float(opacity) == 1
    show.close()
