"""Chinese is set in a font of the site's own, which has each of its characters."""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest

from course_utils.delivery.authoring.site import chinese, vendor
from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.dial import first_dial
from course_utils.language import speaking
from tests.browsing import needs_browser

pytest.importorskip("brotli", reason="brotli is not installed")
DRAWN = """() => [...document.fonts].filter(({ status }) => status === "loaded")
  .map(({ family }) => family.replaceAll('"', ""))"""


def glyphs(font: bytes) -> set[str]:
    from fontTools.ttLib import TTFont

    return set(map(chr, TTFont(BytesIO(font)).getBestCmap()))


def on_the_pages(site: Path) -> str:
    paths = [*site.rglob("*.html"), *site.rglob("searchindex.js"), *site.rglob("_static/*.[cj]s*")]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return chinese.characters([*texts, *(one for text in texts for one in chinese.packed(text))])


def test_every_character_of_the_pages_is_in_the_font(site: Path) -> None:
    font = (site / "_static" / "chinese" / "sc.woff2").read_bytes()
    there = on_the_pages(site)
    assert "遗" in there and len(there) > 1000
    assert set(there) - glyphs(font) == set()
    assert set("—…") <= glyphs(font), "as Chinese has them"
    assert len(font) < 200_000, "only what is needed"
    assert not (site / "_static" / "vendor" / "chinese" / "files").exists()
    assert (site / "_static" / "vendor" / "chinese" / "LICENSE").is_file()


def test_punctuation_counts_as_chinese() -> None:
    assert chinese.characters(["门: gate、遗(忘)。", "门"]) == "、。忘遗门"


def test_a_font_is_cut_once(site: Path, tmp_path: Path) -> None:
    package, target = vendor.VENDOR / "chinese", tmp_path / "sc.woff2"
    chinese.make_font("门", package, target)
    assert glyphs(target.read_bytes()) == {"门"}
    before = target.stat().st_mtime_ns
    chinese.make_font("门", package, target)
    assert target.stat().st_mtime_ns == before
    chinese.make_font("忘门", package, target)
    assert glyphs(target.read_bytes()) == {"忘", "门"}
    with pytest.raises(SiteError, match="lacks \U0003106c: take characters that it has"):
        chinese.make_font("门\U0003106c", package, target)


def test_what_moving_pieces_carry_counts() -> None:
    with speaking("zh_CN"):
        page = first_dial().html()
    assert "丢" not in page.split("base64,")[1]
    assert "丢" in chinese.characters(chinese.packed(page))
    assert [*chinese.packed("<p>none</p>")] == []


def test_a_page_that_stands_alone_has_its_characters_in_two_weights(site: Path) -> None:
    page = chinese.with_font("<style>p {}</style><p>遗忘门</p>", vendor.VENDOR)
    fonts = [b64decode(one) for one in re.findall(r"base64,([\w+/=]+)", page)]
    assert [glyphs(font) for font in fonts] == [{"遗", "忘", "门"}] * 2
    assert fonts[0] != fonts[1] and re.findall("font-weight: ([0-9 ]+)", page) == [*chinese.WEIGHTS]
    assert chinese.with_font("<style></style><p>none</p>", vendor.VENDOR).count("base64") == 0


@needs_browser
def test_the_glossary_is_drawn_with_it(browser: object, site: Path) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / "glossary.html").as_uri())
    page.wait_for_function(f"() => ({DRAWN})().includes('Carousel Chinese')")
    page.goto((site / "docs" / "working.html").as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    assert "Carousel Chinese" not in page.evaluate(DRAWN), "no Chinese, nothing to load"
    context.close()
