"""At every width a reader reaches all that can be pressed."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.browsing import needs_browser, sync_api
from tests.site.reader import DRAWN, WIDTHS

pytestmark = needs_browser
COVERED = """(selector) => [...document.querySelectorAll(selector)].flatMap((host) => {
  const root = host.shadowRoot ?? host;
  const parts = [...root.querySelectorAll("button, select, input, .lane, .cell, .fe-curves")];
  return parts.map((part) => {
    part.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, right, top, bottom } = part.getBoundingClientRect();
    const name = part.getAttribute("aria-label") ?? part.className.baseVal ?? part.className;
    if (!right) return "";
    if (left < 0 || right > document.documentElement.clientWidth) return `${name} is cut`;
    const over = [left + 2, (left + right) / 2, right - 2].some((x) => {
      const hit = document.elementFromPoint(x, (top + bottom) / 2);
      return hit && !host.contains(hit) && !hit.contains(host);
    });
    return over ? `${name} is covered` : "";
  });
}).filter(Boolean)"""


@pytest.fixture(scope="module")
def page(browser: object) -> Iterator[object]:
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


def resized(page: object, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(DRAWN)


@pytest.mark.parametrize(
    ("name", "selector"),
    [
        ("index", ".carousel-player"),
        ("index", ".first-experiment"),
        ("notebooks/00_start_here", ".first-experiment"),
        ("notebooks/04_the_lstm_gate_by_gate", ".carousel-player"),
    ],
)
def test_nothing_lies_over_what_moves(page: object, site: Path, name: str, selector: str) -> None:
    page.goto((site / f"{name}.html").as_uri())
    page.locator(f"{selector} :is(.fe, .player)").first.wait_for()
    for width in WIDTHS:
        resized(page, width)
        with suppress(sync_api.TimeoutError):  # what slides out of sight after a change of width
            page.wait_for_function(f"(host) => !({COVERED})(host).length", arg=selector)
        assert page.evaluate(COVERED, selector) == [], width
