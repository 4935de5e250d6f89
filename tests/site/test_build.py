"""The pages as files: nothing is missing, nothing leads nowhere, nothing comes from elsewhere."""

import json
import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner

from course_utils.claims.printed import ARROW, FOUND, MARK, whole_lines
from course_utils.delivery.authoring.document import ROOT, documents
from course_utils.delivery.authoring.site import make, vendor
from course_utils.delivery.authoring.site.contents import contents, gather, pages
from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.delivery.cli import course
from course_utils.delivery.npm import NpmError
from course_utils.language import ENGLISH

LESSONS = [one.name for one in documents()]
# What a browser fetches by itself when it opens a page.
FETCHED = {
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "video": "src",
}
ADDRESS = re.compile(r"""url\(\s*['"]?(https?:)?//|@import\s+['"](https?:)?//""")


class Tags(HTMLParser):
    """Everything of a page that has a name or leads somewhere."""

    def __init__(self, text: str):
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.ids = {one["id"] for _, one in self.all if one.get("id")}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        first = {name: value or "" for name, value in reversed(attributes)}  # as browsers do
        self.all.append((tag, first))

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.all if name == tag]


@cache
def tags(path: Path) -> Tags:
    return Tags(path.read_text(encoding="utf-8"))


def made(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)


def test_every_lesson_and_set_has_its_page(site: Path) -> None:
    for name in LESSONS:
        assert (site / "notebooks" / f"{name}.html").is_file()
    sets = {path.stem for path in (ROOT / "exercises").glob("*.ipynb")}
    assert {path.stem for path in (site / "exercises").glob("[0-9]*.html")} == sets
    assert not list(site.rglob("*solution*")), "answers are not on the site"


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for path in made(site):
        for tag, key in FETCHED.items():
            for one in tags(path).of(tag):
                address = urlsplit(one.get(key, ""))
                assert address.scheme in ("", "data"), f"{path.name}: {one[key][:80]}"
                assert not address.netloc, f"{path.name}: {one[key][:80]}"
    for path in site.rglob("*.css"):
        assert not ADDRESS.search(path.read_text(encoding="utf-8")), path.name


def test_links_lead_to_something(site: Path) -> None:
    wrong = []
    for path in made(site):
        for link in [*tags(path).of("a"), *tags(path).of("link")]:
            address = urlsplit(link.get("href", ""))
            if address.scheme or address.netloc:
                continue
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            there = target.is_file()
            if there and address.fragment and target.suffix == ".html":
                there = unquote(address.fragment) in tags(target).ids
            if not there:
                wrong.append(f"{path.relative_to(site)}: {link['href']}")
    assert not wrong, "\n".join(wrong)


def test_all_pages_are_in_the_table_of_contents(site: Path) -> None:
    listed = [
        name for text in contents(pages()).values() for name in re.findall(r"^/(.*)$", text, re.M)
    ]
    assert sorted([*listed, "index"]) == sorted(place.rpartition(".")[0] for place in pages())


def test_titles_and_descriptions(site: Path) -> None:
    titles = {}
    for place in pages():
        path = site / f"{place.rpartition('.')[0]}.html"
        text = path.read_text(encoding="utf-8")
        title = re.search(r"<title>(.*?)</title>", text, re.S)[1].strip()
        assert title not in titles, f"{place} and {titles[title]} have one title, {title}"
        titles[title] = place
        described = [one for one in tags(path).of("meta") if one.get("name") == "description"]
        assert len(described) == 1 and len(described[0]["content"]) >= 30, place


def unbound(page: Path) -> str:
    """The text of a page with plain spaces in the place of those that break no line."""
    return page.read_text(encoding="utf-8").replace("\u00a0", " ")


@pytest.mark.parametrize("name", LESSONS)
def test_lesson(site: Path, name: str) -> None:
    """Its figures keep their words, its claims are counted, its questions are set apart."""
    notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    html = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    alts = [one["alt"] for text in html for one in Tags(text).of("img")]
    page = tags(site / "notebooks" / f"{name}.html")
    shown = [one["alt"] for one in page.of("img") if "carousel-figure" in one.get("class", "")]
    assert shown == alts and all(alts)
    lines = whole_lines("".join("".join(output.get("text", "")) for output in outputs))
    text = unbound(site / "notebooks" / f"{name}.html")
    claims = sum(line.startswith(MARK) for line in lines)
    assert text.count('class="claim-label"') + text.count(MARK) == claims >= 3
    told = re.findall(r'class="claim-label">Claim: </span>(.*?)</p>', text, re.S)
    claimed = [line.removeprefix(MARK) for line in lines if line.startswith(MARK)]
    printed = {line.partition(f" {ARROW}")[0] for line in claimed}
    assert text.count('class="claim-measured"') == sum(f" {ARROW}" in line for line in claimed)
    assert {unescape(one) for one in told} <= printed, "a claim stands as it was printed"
    predictions = sum("".join(cell["source"]).count("**Predict.**") for cell in notebook["cells"])
    assert text.count("prompt prompt-predict") == predictions >= 2
    downloads = [one["href"] for one in page.of("a") if one.get("href", "").endswith(".ipynb")]
    assert downloads == [f"../_sources/notebooks/{name}.ipynb"]
    source = site / "_sources" / "notebooks" / f"{name}.ipynb"
    assert source.read_bytes() == (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()


def test_the_dials_are_recorded(site: Path) -> None:
    page = tags(site / "notebooks" / f"{LESSONS[0]}.html")
    assert sum("first-experiment" in one.get("class", "") for one in page.of("div")) == 2


def build(folder: Path, **files: str) -> Path:
    """A site of some pages, made in `folder`."""
    source = folder / "pages"
    for name, text in {"index": "# First\n\nA page.\n", **files}.items():
        path = source / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    laid = make.Laid(ENGLISH, len(files) + 1, source, folder / "site", folder / "read")
    make._sphinx(laid, [ENGLISH])
    return folder / "site"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[there](nowhere.md)", "index.md:3: WARNING: 'myst' cross-reference target not found"),
        ("[there](#nowhere)", "index.md:3: WARNING: 'myst' cross-reference target not found"),
        ("![A cell](nowhere.png)", "image file not readable: nowhere.png"),
        ("#### Too deep", "Non-consecutive header level increase"),
    ],
)
def test_what_is_wrong_stops_the_build(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SiteError) as error:
        build(tmp_path, index=f"# First\n\n{text}\n")
    first, *lines = str(error.value).splitlines()
    assert first == "The site is not right yet:"
    assert any(said in line for line in lines)
    assert str(tmp_path) not in str(error.value)


def test_claims_below_what_is_printed_are_a_list(tmp_path: Path) -> None:
    printed = f"value: 4\n\nmore: 5\n{MARK}It is so.\n{MARK}It stays so."
    site = build(tmp_path, index=f"# First\n\n```text\n{printed}\n```\n")
    text = (site / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<pre><span></span>value: 4\n\nmore: 5\n</pre>", text)
    assert text.count('class="claim-label"') == 2 and MARK not in text
    mixed = f"# First\n\n```text\n{MARK}It is so.\nvalue: 4\n```\n"
    text = (build(tmp_path / "mixed", index=mixed) / "index.html").read_text(encoding="utf-8")
    assert f"{MARK}It is so.\nvalue: 4\n</pre>" in text


def test_what_was_measured_stands_below_its_claim(tmp_path: Path) -> None:
    printed = f"{MARK}It is so.\n{FOUND}0.9 from 3 seeds (0.8 to 1), 2.0 spreads above 0.5"
    site = build(tmp_path, index=f"# First\n\n```text\n{printed}\n```\n")
    text = unbound(site / "index.html")
    assert "Claim: </span>It is so.</p>" in text
    assert '<p class="claim-measured">0.9 from 3 seeds (0.8 to 1), 2.0 spreads above 0.5' in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("after 50 steps it is", "after 50~steps it is"),
        ("49% (39% to 50%) for copy 10 RNN 19 of 20", "49% (39%~to~50%) for copy 10 RNN 19~of~20"),
        ("lesson 06 takes 0.5 GB and 50 s.", "lesson~06 takes 0.5~GB and 50~s."),
        ("a loss of ln 12 in 2 of them", "a loss of ln~12 in 2 of them"),
        ("第 06 课用 40 个词", "第~06~课用 40~个词"),
        ("at **3 words**, **5** seeds", "at <strong>3~words</strong>, <strong>5</strong>~seeds"),
        ("`3 words`", '<span class="pre">3</span> <span class="pre">words</span>'),
    ],
)
def test_a_number_stays_with_what_it_counts(tmp_path: Path, text: str, told: str) -> None:
    site = build(tmp_path, index=f"# First in 9 steps\n\n{text}\n")
    page = (site / "index.html").read_text(encoding="utf-8").replace("\u00a0", "~")
    assert told in page and "First in 9 steps" in page
    assert '"First in 9 steps"' in (site / "searchindex.js").read_text(encoding="utf-8")


def test_a_column_without_a_name_names_the_rows(tmp_path: Path) -> None:
    site = build(tmp_path, index="# First\n\n|  | a |\n|---|---|\n| old | 1 |\n")
    text = (site / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<th class="stub">\s*<p>old</p></th>', text)
    assert "<td></td>" in text.partition("</thead>")[0], "an empty cell heads nothing"


def test_a_cell_without_words_names_no_row(tmp_path: Path) -> None:
    tables = "".join(f"|  | a |\n|---|---|\n| b | 1 |\n| {cell} | 2 |\n\n" for cell in ("$x$", ""))
    site = build(tmp_path, index=f"# First\n\n{tables}")
    assert 'class="stub"' not in (site / "index.html").read_text(encoding="utf-8")


def test_a_picture_and_a_figure_get_what_a_narrow_screen_needs(tmp_path: Path) -> None:
    figure = '<img class="carousel-figure" width="900" alt="A figure." src="data:,">'
    text = f"# First\n\n![A page](page.png)\n\nIn a line: ![A page](page.png)\n\n{figure}\n"
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.png").write_bytes((ROOT / "docs/images/cover.png").read_bytes())
    text = (build(tmp_path, index=text) / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<div class="picture [^"]*">\s*<img', text) and text.count("picture ") == 1
    assert '<img class="carousel-figure" width="900" style="--width:900px" alt' in text


def test_links_to_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "# First\n\nSee [the LSTM](course_utils/cells/lstm.py#L3) in [cells](course_utils/cells).\n"
    )
    assert "<a" not in words(build(tmp_path / "here", index=text))
    monkeypatch.setenv("CAROUSEL_REPOSITORY", "https://code.example/us/carousel")
    page = words(build(tmp_path / "there", index=text))
    assert 'href="https://code.example/us/carousel/blob/main/course_utils/cells/lstm.py#L3"' in page
    assert 'href="https://code.example/us/carousel/tree/main/course_utils/cells"' in page


def words(site: Path) -> str:
    text = (site / "index.html").read_text(encoding="utf-8")
    return re.search(r"<p>See.*?</p>", text, re.S)[0]


def test_launch_buttons_come_with_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Path
) -> None:
    page = f"notebooks/{LESSONS[0]}"
    plain = (site / f"{page}.html").read_text(encoding="utf-8")
    assert "git-pull" not in plain and "mybinder" not in plain
    monkeypatch.setenv("CAROUSEL_REPOSITORY", "https://github.com/us/carousel")
    monkeypatch.setenv("CAROUSEL_HUB", "https://hub.example")
    monkeypatch.setenv("CAROUSEL_BINDER", "https://binder.example")
    source = tmp_path / "pages" / f"{page}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_bytes((ROOT / f"{page}.ipynb").read_bytes())
    index = f"# First\n\nA page.\n\n```{{toctree}}\n{page}\n```\n"
    text = (build(tmp_path, index=index) / f"{page}.html").read_text(encoding="utf-8")
    assert "https://hub.example/hub/user-redirect/git-pull?" in text
    assert f"https://binder.example/v2/gh/us/carousel/main?urlpath=lab/tree/{page}.ipynb" in text


def test_only_what_changed_is_laid_out_again(tmp_path: Path) -> None:
    count = gather(target=tmp_path)
    assert count == len(pages())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    (tmp_path / "stray.md").write_text("# A page that is no more\n")
    gather(target=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")} == before


def test_without_a_first_page(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"there is no docs/site/index\.md"):
        gather(tmp_path, tmp_path / "pages")


def test_without_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "vendor")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("course_utils.delivery.npm.packaged", lambda: None)
    with pytest.raises(NpmError, match=r"install Node\.js"):
        vendor.vendor()


def test_a_python_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "OLDEST", (9, 9))
    with pytest.raises(SiteError, match=r"need Python 3\.11 or newer"):
        make.make_site(build=tmp_path)


def test_what_is_to_be_ticked_has_a_box(tmp_path: Path) -> None:
    text = "# First\n\n- [ ] Print *it*\n- [ ] Go\n\nThen:\n\n- [x] is none\n"
    page = (build(tmp_path, index=text) / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"☐ (\w+)", page) == ["Print", "Go"] and "[ ]" not in page
    assert page.count('class="to-tick') == 1


def test_without_sphinx_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner's environment, made by `make lab`, has none."""
    monkeypatch.setattr(make, "NEEDED", ("sphinx", "no_such_module"))
    with pytest.raises(SiteError, match="no_such_module is not installed: run `make site`"):
        make.make_site(build=tmp_path)


def test_the_command_opens_the_first_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, opened = [], []
    monkeypatch.setattr(
        make, "make_site", lambda fresh, others: asked.append(fresh) or tmp_path / "index.html"
    )
    monkeypatch.setattr("click.launch", opened.append)
    for options in ([], ["--open", "--fresh"]):
        assert CliRunner().invoke(course, ["site", *options]).exit_code == 0
    assert asked == [False, True]
    assert opened == [(tmp_path / "index.html").as_uri()]


def test_the_command_says_where_the_pages_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "OLDEST", (3, 10))
    monkeypatch.setattr(make, "gather", lambda target, language: 3)
    monkeypatch.setattr(make, "_sphinx", lambda *_: None)
    monkeypatch.setattr(make, "vendor", lambda report: None)
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    assert make.make_site(build=tmp_path, report=said.append) == tmp_path / "site" / "index.html"
    assert "Open site/index.html in a browser" in said[0]
    assert said[1].endswith("python -m http.server --directory site")
