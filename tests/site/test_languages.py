"""The Chinese pages: the way there and back, what is said to be English, the search, the look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag

from course_utils.delivery.authoring.site.contents import pages
from course_utils.delivery.authoring.site.languages import folder, stays_english
from course_utils.language import tag
from tests.browsing import needs_browser
from tests.pictures import kept_pictures
from tests.site.reader import Reader, look
from tests.site.test_pages import keep
from tests.site.test_search import FIRST, FOUND

HOME = folder("zh_CN")
PLACES = [place.rpartition(".")[0] for place in pages()]
SAMPLE = (
    "index",
    "notebooks/00_start_here",
    "notebooks/04_the_lstm_gate_by_gate",
    "exercises/04_the_lstm_gate_by_gate",
    "glossary",
    "docs/claims",
)
HAN, WORDS = re.compile("[\u3400-\u9fff]"), re.compile(r"[a-z]{2}")
NO_WORDS = "code, .math, .headerlink, script"
BLOCKS = "p, h1, h2, h3, h4, dt, em, pre, caption, figcaption"


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def chinese(site: Path) -> dict[str, BeautifulSoup]:
    """The Chinese pages by their places."""
    return {place: read(site / HOME / f"{place}.html") for place in PLACES}


@pytest.fixture(scope="module")
def english(site: Path) -> dict[str, BeautifulSoup]:
    return {place: read(site / f"{place}.html") for place in PLACES}


@pytest.fixture(scope="module")
def reader(browser: object, site: Path) -> Iterator[Reader]:
    reader = Reader(browser, site)
    yield reader
    reader.context.close()


def language_of(node: Tag | NavigableString) -> str:
    return next((one["lang"] for one in node.parents if one.get("lang")), "")


def texts(page: BeautifulSoup) -> Iterator[NavigableString]:
    """What stands on a page for readers."""
    for text in page.body.find_all(string=True):
        if type(text) is NavigableString and text.parent.name not in ("script", "style"):
            yield text


def prose(block: Tag) -> str:
    """The words of a block, without code and formulas; all of a block of code."""
    left_out = [] if block.name == "pre" else [id(one) for one in block.select(NO_WORDS)]
    parts = block.find_all(string=True)
    return " ".join(one for one in parts if not any(id(up) in left_out for up in one.parents))


def test_the_switch_leads_to_the_same_page_and_back(
    english: dict[str, BeautifulSoup], chinese: dict[str, BeautifulSoup]
) -> None:
    for place in PLACES:
        for here, page in ((f"/{place}.html", english), (f"/{HOME}/{place}.html", chinese)):
            links = page[place].select("nav.languages a")
            wanted = {"en": f"/{place}.html", "zh-CN": f"/{HOME}/{place}.html"}
            assert {one["hreflang"]: urljoin(here, one["href"]) for one in links} == wanted
            assert all(one["lang"] == one["hreflang"] for one in links)
            [current] = [one for one in links if one.get("aria-current")]
            assert urljoin(here, current["href"]) == here
            known = page[place].select('link[rel="alternate"][hreflang]')
            assert {one["hreflang"]: urljoin(here, one["href"]) for one in known} == wanted


def test_every_place_of_a_page_is_in_the_other_language_too(
    english: dict[str, BeautifulSoup], chinese: dict[str, BeautifulSoup]
) -> None:
    for place in PLACES:
        there = {one["id"] for one in chinese[place].article.find_all(id=True)}
        wanted = {one["id"] for one in english[place].article.select("section[id]")}
        assert wanted <= there, place


def test_what_is_chinese_on_a_page_is_said_to_be(
    english: dict[str, BeautifulSoup], chinese: dict[str, BeautifulSoup]
) -> None:
    for place in PLACES:
        assert english[place].html["lang"] == "en"
        assert chinese[place].html["lang"] == tag("zh_CN")
        for page in (english[place], chinese[place]):
            wrong = [one for one in texts(page) if HAN.search(one) and language_of(one) == "en"]
            assert not wrong, f"{place}: {wrong[0]!r} is said to be English"


def test_what_is_english_on_a_chinese_page_is_said_to_be(
    chinese: dict[str, BeautifulSoup],
) -> None:
    for place, page in chinese.items():
        for block in page.article.select(BLOCKS):
            said = prose(block)
            if HAN.search(said) or not WORDS.search(said) or block.get("lang") == "en":
                continue
            assert language_of(block) == "en" or block.find(lang="en"), f"{place}: {said[:80]!r}"
        links = [one for one in page.select("nav a, .prev-next-title") if one.get_text()]
        for link in links:
            said = link.get_text()
            if WORDS.search(said) and not HAN.search(said) and "Carousel" not in said:
                assert link.find(lang="en") or link.get("lang") or language_of(link) == "en", said


def test_a_page_without_a_translation_says_so(chinese: dict[str, BeautifulSoup]) -> None:
    left = [place for place in PLACES if stays_english(f"{place}.md")]
    left = [place for place in left if place.startswith("docs/")]
    assert "docs/claims" in left and "docs/teach/README" in left and len(left) > 20
    for place, page in chinese.items():
        note = page.article.select("p.in-english")
        assert len(note) == (place in left), place
        if note:
            assert note[0].get_text().startswith("这一页只有英文")
            assert language_of(note[0]) == tag("zh_CN")
            assert note[0].find_next_sibling()["lang"] == "en"
            assert note[0].find_next_sibling().find("h1")


def test_no_words_are_left_untranslated(chinese: dict[str, BeautifulSoup]) -> None:
    for place, page in chinese.items():
        if not stays_english(f"{place}.md"):
            assert "[EN]" not in str(page), place


def test_bold_words_leave_no_gap(chinese: dict[str, BeautifulSoup]) -> None:
    for place, page in chinese.items():
        assert not re.search("[。：！？]</strong> +[\u3400-\u9fff]", str(page.article)), place


@needs_browser
def test_the_switch_keeps_the_place(reader: Reader, site: Path) -> None:
    page = reader.page
    page.goto((site / "notebooks/04_the_lstm_gate_by_gate.html").as_uri() + "#recap")
    page.get_by_role("link", name="中文").first.click()
    page.wait_for_url(f"**/{HOME}/notebooks/04_the_lstm_gate_by_gate.html#recap")
    assert page.locator("#recap h2").first.text_content().startswith("小结")
    page.get_by_role("link", name="English").first.click()
    page.wait_for_url("**/site/notebooks/04_the_lstm_gate_by_gate.html#recap")


@needs_browser
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("遗忘门", "notebooks/04_the_lstm_gate_by_gate"),
        ("细胞状态", "notebooks/04_the_lstm_gate_by_gate"),
        ("梯度消失", "notebooks/03_vanishing_and_exploding"),
        ("forget gate", "glossary"),
    ],
)
def test_the_search_knows_chinese(reader: Reader, site: Path, words: str, wanted: str) -> None:
    reader.page.goto((site / HOME / "search.html").as_uri() + "?q=zyzzyva")
    reader.page.wait_for_function("Search.hasIndex()")
    found = [place for place, _ in reader.page.evaluate(FOUND, words)]
    assert wanted in [place.partition("#")[0] for place in found[: 3 * FIRST]], found[:9]


@needs_browser
def test_the_moving_pieces_speak_chinese(reader: Reader) -> None:
    reader.open(f"{HOME}/notebooks/04_the_lstm_gate_by_gate")
    page = reader.page
    player = page.locator(".carousel-player .player")
    player.get_by_role("button", name="反向传播").click()
    assert player.get_by_role("slider").get_attribute("aria-valuetext").startswith("第 40 步的梯度")
    drawn = "element => getComputedStyle(element).fontFamily"
    assert "Carousel Chinese" in player.locator("svg text.token").first.evaluate(drawn)
    reader.open(f"{HOME}/notebooks/00_start_here")
    dial = page.locator(".first-experiment").first
    assert dial.locator(".fe-text").get_attribute("lang") == "en"
    assert "先猜一猜" in dial.text_content()


@needs_browser
@pytest.mark.parametrize("place", SAMPLE)
def test_page(reader: Reader, place: str, pytestconfig: pytest.Config) -> None:
    reader.open(f"{HOME}/{place}")
    if pictures := kept_pictures(pytestconfig, "site"):
        keep(reader, pictures, f"{HOME}-{place.replace('/', '-')}")
    assert look(reader) == []


DOTTED = """() => [...document.querySelectorAll("em")].map((one) =>
  [one.textContent, getComputedStyle(one).textEmphasisStyle !== "none"])"""


def test_dots_below_words_are_for_chinese_alone(reader: Reader) -> None:
    dotted = {}
    for place in ("docs/claims", "bibliography", "docs/working", "notebooks/10_real_sequences"):
        reader.open(f"{HOME}/{place}")
        dotted |= dict(reader.page.evaluate(DOTTED))
    assert len(dotted) > 30 and {"Neural Computation", "z"} <= set(dotted)
    assert {words for words, dots in dotted.items() if dots != bool(HAN.search(words))} == set()


def test_the_first_sentence_is_drawn_as_in_english(reader: Reader) -> None:
    reader.open(f"{HOME}/index")
    dots = reader.page.locator(".hero-dots")
    assert dots.text_content() == "…"
    assert "Chinese" not in dots.evaluate("node => getComputedStyle(node).fontFamily")
