"""Tables of verdicts: the verdict first, with sign and colour, and narrowed down by a reader."""

import re
from pathlib import Path

import pytest

from course_utils.delivery.authoring.site.verdicts import kind
from tests.browsing import needs_browser
from tests.site.reader import WIDTHS
from tests.site.test_build import build

NUMBERED = "# First\n\n|  | claim | verdict |\n|---|---|---|\n| 1 | It is | not here |\n"
PLAIN = "# First\n\n| claim | verdict |\n|---|---|\n| It *is* so | **partly** |\n"
BEYOND = """() => [...document.querySelectorAll(".bd-article .verdict")].filter((one) => {
  const box = one.getBoundingClientRect();
  const page = one.closest(".bd-article").getBoundingClientRect();
  return box.width && (box.left < page.left - 1 || box.right > page.right + 1);
}).length"""
WIDER = """() => [...document.querySelectorAll("div:has(> table.verdicts)")]
  .some((box) => box.scrollWidth > box.clientWidth + 1)"""


@pytest.mark.parametrize(
    ("verdict", "name"),
    [
        ("reproduced", "good"),
        ("holds here", "good"),
        ("partly", "some"),
        ("partly here", "some"),
        ("not", "bad"),
        ("not here", "bad"),
        ("open", "open"),
        ("", "open"),
    ],
)
def test_kinds(verdict: str, name: str) -> None:
    assert kind(verdict) == name


@pytest.mark.parametrize(
    ("text", "heads", "cell"),
    [
        (PLAIN, ["verdict", "claim"], "verdict verdict-some"),
        (NUMBERED, ["", "verdict", "claim"], "verdict verdict-bad"),
    ],
)
def test_the_verdict_comes_first(tmp_path: Path, text: str, heads: list[str], cell: str) -> None:
    page = (build(tmp_path, index=text) / "index.html").read_text(encoding="utf-8")
    head = page.partition("<thead>")[2].partition("</thead>")[0]
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", head, re.S)
    assert [re.sub("<[^>]+>", "", one).strip() for one in cells] == heads
    assert f'<span class="{cell}">' in page


@needs_browser
def test_claims_are_narrowed_down(browser: object, site: Path) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / "docs" / "claims.html").as_uri())
    rows = page.locator("table.verdicts tbody tr")
    partly = rows.filter(has=page.locator(".verdict-some"))
    first = page.get_by_role("group", name="Verdict").get_by_role("button")
    assert first.first.get_attribute("aria-pressed") == "true"
    every, some = page.locator("table tbody tr:visible").count(), partly.count()
    assert every > some >= 3
    page.get_by_role("button", name=re.compile("^partly")).first.focus()
    page.keyboard.press("Enter")
    words = page.get_by_role("button", name=re.compile("^partly")).first.text_content()
    assert page.locator("tbody tr:visible").count() == int(re.search(r"\d+", words)[0])
    assert "rows" in page.locator(".narrow [role=status]").text_content()
    page.get_by_label("Words").fill("zyzzyva")
    assert page.locator("tbody tr:visible").count() == 0
    page.get_by_label("Words").fill("")
    first.first.click()
    assert page.locator("tbody tr:visible").count() == every
    assert page.locator(".narrow [role=status]").text_content() == ""
    context.close()


@needs_browser
def test_no_verdict_is_cut(browser: object, site: Path) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / "docs" / "claims.html").as_uri())
    for width in (*WIDTHS, 1000):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(f"() => ({BEYOND})() === 0")
        page.wait_for_function(f"() => !({WIDER})()")
    context.close()
