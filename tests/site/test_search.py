"""The search finds the page that a person means, and each of its entries leads somewhere."""

import csv
import json
import re
from pathlib import Path

import pytest

from course_utils.delivery.authoring.site import search
from course_utils.delivery.authoring.site.contents import pages
from course_utils.delivery.authoring.site.folders import SiteError
from tests.browsing import needs_browser, served

# What a person types, and the page (and its place, if one is meant) wanted among the first three.
QUERIES = list(csv.DictReader((Path(__file__).parent / "queries.csv").open(encoding="utf-8")))
FIRST = 3
FOUND = """(words) => Search._performSearch(...Search._parseQuery(words)).reverse()
  .map(([page, title, anchor]) => [page + anchor, title])"""


def index(site: Path) -> dict:
    text = (site / "searchindex.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))


def serves(wanted: str, found: str) -> bool:
    """Whether a result leads to the page that is wanted, and to the place there if one is."""
    return found == wanted or ("#" not in wanted and found.partition("#")[0] == wanted)


def far(results: list[list[str]], wanted: str) -> bool:
    return not any(serves(wanted, place) for place, _ in results[:FIRST])


@needs_browser
def test_people_find_what_they_mean(browser: object, site: Path) -> None:
    assert len(QUERIES) >= 30
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / "search.html").as_uri() + "?q=zyzzyva")
    page.wait_for_function("Search.hasIndex()")
    wrong = {}
    for one in QUERIES:
        results = page.evaluate(FOUND, one["query"])
        if far(results, one["page"]):
            wrong[one["query"]] = [place for place, _ in results[:5]]
    context.close()
    assert wrong == {}


def test_a_page_that_comes_fourth_is_not_found() -> None:
    results = [[f"docs/{n}#there", ""] for n in range(4)]
    assert far(results, "docs/3") and not far(results, "docs/2")
    assert far(results, "docs/2#here") and not far(results, "docs/2#there")


@needs_browser
def test_an_argument_is_named_and_its_own_words_are_shown(browser: object, site: Path) -> None:
    with served(site) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{address}/search.html?q=reset_after")
        first = page.locator("#search-results li").first
        first.locator("p.context").wait_for()
        assert first.locator("a").text_content() == "Every Keras argument > reset_after"
        assert "Whether the reset gate acts after the product" in first.text_content()
        first.locator("a").click()
        page.wait_for_url("**/arguments.html*#arg-reset-after")
        context.close()


def test_every_entry_leads_to_a_place(site: Path) -> None:
    read = index(site)
    ids: dict[str, set[str]] = {}
    lost = []
    for words, places in read["indexentries"].items():
        for number, anchor, _ in places:
            name = read["docnames"][number]
            if name not in ids:
                text = (site / f"{name}.html").read_text(encoding="utf-8")
                ids[name] = set(re.findall(r'\bid="([^"]+)"', text))
            if anchor and anchor not in ids[name]:
                lost.append(f"{words}: {name}#{anchor}")
    assert not lost
    assert {place for place, *_ in read["indexentries"]["reset_after"]}


def test_every_topic_names_a_page() -> None:
    named = {place.rpartition(".")[0] for place in pages()}
    assert set(search.topics()) <= named


def test_no_words_lead_to_two_pages() -> None:
    words = [
        (one.lower(), page)
        for page, places in search.topics().items()
        for every in places.values()
        for one in every
    ]
    assert len({one for one, _ in words}) == len(words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("index = [", r"topics\.toml cannot be read"),
        ('index = "install"', r"topics\.toml: 'index' needs a list of words"),
        ("index = [1]", r"topics\.toml: 'index' needs a list of words"),
    ],
)
def test_topics_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(SiteError, match=said):
        search.topics(text)


def test_a_term_is_found_as_others_write_it() -> None:
    assert search.several("gate") == ["gate", "gates"]
    assert search.several("chrono initialisation")[:2] == [
        "chrono initialisation",
        "chrono initialization",
    ]
    assert search.several("stacked layers") == ["stacked layers"]
