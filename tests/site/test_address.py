"""Links to where the course lives: there when that is told in one place, and else not at all."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from course_utils.delivery.authoring.document import ROOT
from course_utils.delivery.authoring.site.address import Address, address, made_from
from course_utils.delivery.authoring.site.contents import pages
from course_utils.delivery.authoring.site.folders import SiteError
from tests.site.test_build import LESSONS, build, made

pytest.importorskip("tomllib", reason="the site needs Python 3.11 or newer")
WORDS = ("Edit this page", "Report a mistake")
TOLD = '[tool.carousel.site]\nrepository = "https://code.example/us/carousel/"\n'


def test_without_an_address_there_are_no_links(site: Path) -> None:
    for path in made(site):
        text = path.read_text(encoding="utf-8")
        assert not any(f">{word}</a>" in text for word in WORDS), path.name


def test_with_an_address_each_page_has_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAROUSEL_REPOSITORY", "https://code.example/us/carousel")
    page = f"notebooks/{LESSONS[4]}"
    source = tmp_path / "pages" / f"{page}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_bytes((ROOT / f"{page}.ipynb").read_bytes())
    site = build(tmp_path, index=f"# First\n\nA page.\n\n```{{toctree}}\n{page}\n```\n")
    text = (site / f"{page}.html").read_text(encoding="utf-8")
    edit = f"https://code.example/us/carousel/edit/main/notebooks/src/{LESSONS[4]}.py"
    assert f'<a href="{edit}">Edit this page</a>' in text
    report = text.partition('<a href="https://code.example/us/carousel/issues/new?title=')[2]
    title = unquote(report.partition('"')[0])
    assert "LSTM" in title and page in title and "<" not in title
    first = (site / "index.html").read_text(encoding="utf-8")
    assert 'edit/main/docs/site/index.md">Edit' in first


def test_one_place_tells_it_and_a_variable_goes_first() -> None:
    assert address("", {}) == Address() == address("[tool.carousel.site]\nrepository = ''", {})
    assert address(TOLD, {}).repository == "https://code.example/us/carousel"
    there = address(TOLD, {"CAROUSEL_REPOSITORY": "https://x.example", "CAROUSEL_BRANCH": "new"})
    assert there.edit_link("docs/a b.md") == "https://x.example/edit/new/docs/a%20b.md"
    assert Address().edit_link("x") == Address().report_link("x") == ""


def test_other_forms() -> None:
    mail = address("", {"CAROUSEL_REPORT": "mailto:me@example.org?subject={title}"})
    assert mail.report_link("A & B") == "mailto:me@example.org?subject=A%20%26%20B"
    assert mail.edit_link("x") == ""
    lab = address(TOLD + 'edit = "{repository}/-/edit/{branch}/{path}"', {})
    assert lab.edit_link("a.md") == "https://code.example/us/carousel/-/edit/main/a.md"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('repo = "x"', "has repo; it may have repository, branch, edit"),
        ('report = "mailto:{whom}"', "no other words in braces"),
        ('report = "{"', "no other words in braces"),
    ],
)
def test_what_cannot_be_meant(line: str, said: str) -> None:
    with pytest.raises(SiteError, match=said):
        address(f"{TOLD}{line}\n", {})


def test_every_page_is_made_from_a_file_of_the_project() -> None:
    for place in pages():
        path = made_from(place.rpartition(".")[0])
        assert (ROOT / path).is_file() and not path.endswith(".ipynb"), place
    assert made_from("search") == ""
