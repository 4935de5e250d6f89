"""The decks in a real browser, opened from files, with the network shut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from course_utils.delivery.authoring.document import Document, documents
from course_utils.delivery.authoring.site.vendor import vendor
from course_utils.delivery.authoring.slides.deck import Deck, read
from course_utils.delivery.authoring.slides.heads import sections
from course_utils.delivery.authoring.slides.page import page, whole
from course_utils.delivery.authoring.slides.plan import plan
from tests.browsing import Recorder, browser_of, needs_browser
from tests.pictures import kept_pictures
from tests.slides.measuring import MEASURE, faults
from tests.slides.test_decks import fetched
from tests.slides.trial import LESSON, lay

pytestmark = [needs_browser, fetched]
LESSONS = documents()
LSTM = LESSONS[4]  # formulas, code, figures, an animated cell
VIEW = {"width": 1280, "height": 720}
STILL = "* { transition: none !important; }"  # what appears is there at once
# Where the deck is, whether the slide has more to come, and its measures once all of it is there.
LOOK = f"""() => {{
  const here = Reveal.getIndices().h;
  const more = Reveal.availableFragments().next;
  return {{ here, more, found: more ? null : ({MEASURE})() }};
}}"""
# The measures of every slide, all of it shown. The animated cell takes its size when it is drawn.
LOOK_AT_ALL = f"""async () => {{
  const measure = {MEASURE};
  const frame = () => new Promise(requestAnimationFrame);
  const found = [];
  for (let at = 0; at < Reveal.getTotalSlides(); at++) {{
    Reveal.slide(at, 0, 9);
    if (Reveal.getCurrentSlide().querySelector(".carousel-player")) await frame().then(frame);
    found.push(measure());
  }}
  return found;
}}"""
# axe goes through all that is hidden to find that it is: once the whole deck, then slides `alone`.
# It takes reveal's backgrounds to lie over the words and leaves out their contrast: so slides get
# their grounds themselves.
AXE = """async (alone) => {
  document.querySelectorAll("section[data-background-color]").forEach((slide) => {
    slide.style.background = slide.dataset.backgroundColor;
  });
  document.querySelector(".backgrounds")?.remove();
  const hidden = alone ? [...document.querySelectorAll(".slides > section:not(.present)")] : [];
  const taken = hidden.map((slide) => [slide, [...slide.childNodes]]);
  hidden.forEach((slide) => slide.replaceChildren());
  const options = { resultTypes: ["violations"], preload: false };
  const found = (await axe.run(document, options)).violations;
  taken.forEach(([slide, nodes]) => slide.replaceChildren(...nodes));
  return found.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))]);
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
        self.page.wait_for_selector("html[data-ready]", state="attached")

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
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Document], tuple[Deck, Path]]:
    """The deck of a lesson and its page, each made once."""
    folder = tmp_path_factory.mktemp("decks")

    @cache
    def of(lesson: Document) -> tuple[Deck, Path]:
        deck = read(lesson)
        return deck, written(deck, folder)

    return of


@pytest.fixture
def deck(made: Callable) -> Deck:
    return made(LSTM)[0]


@pytest.fixture
def path(made: Callable) -> Path:
    return made(LSTM)[1]


@pytest.fixture
def show(browser: object, path: Path) -> Iterator[Show]:
    opened = Show(browser, path)
    yield opened
    opened.close()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.name)
def test_the_arrow_key_goes_through_every_slide_and_all_fits(
    browser: object, lesson: Document, made: Callable, pytestconfig: pytest.Config
) -> None:
    pictures = kept_pictures(pytestconfig, "slides")
    deck, path = made(lesson)
    show = Show(browser, path)
    show.page.add_style_tag(content=STILL)
    count = len(deck.slides) + 2
    assert show.page.evaluate("Reveal.getTotalSlides()") == count
    wrong, seen, keys = [], set(), 0
    while True:
        look = show.page.evaluate(LOOK)
        here, more = look["here"], look["more"]
        seen.add(here)
        if not more:  # all of the slide is there
            wrong += [f"{here + 1}: {one}" for one in faults(look["found"])]
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


@pytest.mark.parametrize("name", [("3-hours",), ("1-day",), ("2-days",), ("semester", 7)], ids=str)
def test_on_the_slides_of_a_plan_all_fits(browser: object, name: tuple, tmp_path: Path) -> None:
    one, path = plan(*name), tmp_path / "plan.html"
    path.write_text(whole(one.title, sections(one), one.dial, vendor(lambda line: None)), "utf-8")
    show = Show(browser, path)
    show.page.add_style_tag(content=STILL)
    found = show.page.evaluate(LOOK_AT_ALL)
    show.close()
    assert len(found) == one.count
    assert [f"{at}: {w}" for at, slide in enumerate(found, 1) for w in faults(slide)] == []


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
        6: ("p", "node.style.fontSize = '20px'", "text with letters of 20"),
        7: ("h2", "", "MathJax"),
        8: ("h2", "", "MathJax"),
    }
    more = [
        (5, "figure", "node.style.justifyContent = 'end'", "its figure stands at"),
        (5, "h2", "node.style.marginLeft = '9px'", "its title stands at 49"),
        (4, "footer", "node.style.fontSize = '18px'", "letters of FOOTER. 18.0"),
    ]
    for at, (name, code, message) in [*spoil.items(), *((at, one) for at, *one in more)]:
        show.page.evaluate(f"Reveal.slide({at})")
        show.page.locator(f"section.present {name}").first.evaluate(f"node => {{ {code} }}")
        assert message in "; ".join(faults(show.page.evaluate(MEASURE)))
    show.page.add_style_tag(content=STILL)
    show.page.locator(".answer").evaluate("node => { node.style.fontSize = '10px' }")
    found = ["; ".join(faults(one)) for one in show.page.evaluate(LOOK_AT_ALL)]
    for at, (*_, message) in {**spoil, 4: (" 10.0 pixels",)}.items():
        assert message in found[at]
    show.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lesson", [LESSONS[0], LSTM, LESSONS[8]], ids=lambda one: one.name)
def test_slides_pass_axe(browser: object, lesson: Document, theme: str, made: Callable) -> None:
    deck, path = made(lesson)
    show = Show(browser, path, f"?theme={theme}")
    show.page.add_script_tag(path=AXE_FILE_PATH)
    show.page.add_style_tag(content=STILL)  # an answer that is fading in has no contrast yet
    first = {slide.kind: at for at, slide in reversed(list(enumerate(deck.slides, 1)))}
    found = {}
    for at in (0, *sorted(first.values()), len(deck.slides) + 1):
        show.page.evaluate(f"Reveal.slide({at}, 0, 9)")
        for rule, *nodes in show.page.evaluate(AXE, at > 0):
            found[rule, at] = nodes
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


@pytest.mark.parametrize(
    ("system", "query", "theme"),
    [
        ("light", "", "light"),
        ("dark", "", "dark"),
        ("dark", "?theme=light", "light"),
        ("light", "?theme=dark", "dark"),
        ("dark", "?print-pdf", "light"),
    ],
)
def test_figures_are_turned_in_the_dark_which_the_system_asks_for(
    browser: object, path: Path, system: str, query: str, theme: str
) -> None:
    show = Show(browser, path, query, color_scheme=system)
    assert show.page.evaluate("document.documentElement.dataset.theme") == theme
    look = show.page.locator(".slide figure img").first.evaluate(
        "node => [node, node.parentElement].map(getComputedStyle)"
        ".map((one, at) => (at ? one.backgroundColor : one.filter))"
    )
    assert look[0].startswith("invert" if theme == "dark" else "none")
    assert look[1] == "rgba(0, 0, 0, 0)", "no panel of paper"
    show.close()


def test_all_keys_are_in_sight(show: Show) -> None:
    show.press("Shift+Slash")
    rows = show.page.locator(".overlay-help tr")
    assert "Light or dark" in "".join(rows.all_text_contents())
    last = rows.last.bounding_box()
    assert last["y"] + last["height"] <= VIEW["height"]


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


def test_two_cells_are_shown_and_can_be_read_whatever_is_chosen(show: Show, deck: Deck) -> None:
    at = next(k for k, slide in enumerate(deck.slides, 1) if slide.kind == "player")
    show.page.evaluate(f"Reveal.slide({at})")
    sequence = show.page.locator(".settings select").first
    cells = show.page.locator(".transport select").last
    named = {}
    for way in ("Forward pass →", "← Backward pass"):
        show.page.get_by_role("button", name=way).click()
        for words in sequence.locator("option").all_text_contents():
            sequence.select_option(words)
            for pair in cells.locator("option").all_text_contents():
                cells.select_option(pair)
                seen = show.page.locator(".cell-frame:visible .name").all_text_contents()
                lanes = show.page.locator(".lane-name:visible").all_text_contents()
                named[pair] = " and ".join(seen)
                assert lanes == [*seen, "input"]
                assert faults(show.page.evaluate(MEASURE)) == [], (way, words, pair)
    assert list(named) == list(named.values()) and len(named) == 3


def test_the_dial_moves_and_gives_the_keys_back(browser: object, made: Callable) -> None:
    deck, path = made(LESSONS[0])
    show = Show(browser, path)
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
    view.get_by_text("Lesson 03 measured the damage").wait_for()
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
