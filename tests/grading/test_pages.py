"""A learner's page: it opens anywhere, shows what is theirs as text, and runs nothing."""

import json
import re
import time
from html import escape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from course_utils import CourseError
from course_utils.delivery.grading import commands, formulas, pages
from course_utils.delivery.grading.called import called
from course_utils.delivery.grading.register import Register
from course_utils.delivery.grading.sources import Listed
from course_utils.delivery.grading.versions import instead

from .classes import POINTS, SET, handed_in, handed_out, lay, source

PDF = Listed(["dee", "answers.pdf"], 0.0)
EVIL = (
    "</pre><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}$\\href{a}{b}$"
)


@pytest.fixture(scope="module")
def class_(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    text = f'"""{EVIL}"""\ndef rnn_step(x, h_prev, W, U, b):\n    raise ValueError({EVIL!r})'
    lay(folder, {"ada": handed_in(source(text)), "long": handed_in(source("x = 1\n" * 15_000))})
    lay(folder, {"gus": json.dumps(handed_out(SET))})
    register = Register(expected=["dee"], instead={SET: {"dee": instead(SET, [PDF], {})}})
    register.save(folder)
    commands.grade(folder, None)
    return folder


def page_of(folder: Path, learner: str) -> str:
    return (folder / "feedback" / learner / SET / f"{SET}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(class_: Path) -> str:
    return page_of(class_, "ada")


def test_who_handed_in_a_printout_is_told_what_to_hand_in_and_nothing_else(class_: Path) -> None:
    tree = BeautifulSoup(page_of(class_, "dee"), "html.parser")
    said = "but answers.pdf. That is a printout: hand in the notebook itself, the file that ends in"
    assert said in tree.find(class_="failure").get_text() and "0 of 6 points" in tree.get_text()
    assert not tree.find(class_="answer") and "Your answer" not in str(tree)
    assert "your code here" not in str(tree) and not tree.find("table")


def test_tasks_that_were_not_begun_are_called_that(class_: Path, page: str) -> None:
    tree = BeautifulSoup(page_of(class_, "gus"), "html.parser")
    states = [one.get_text() for one in tree.find_all("td", class_="state")]
    assert states == ["not begun"] * 5 and "no points" not in tree.get_text()
    labels = {one.get_text() for one in tree.find_all(class_="label")}
    assert labels == {"As it was handed out"}
    assert "not begun" not in page and "Your answer" in page


def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    tree = BeautifulSoup(page, "html.parser")
    assert not tree.find_all(["script", "img", "iframe", "link", "object", "embed", "form", "base"])
    for element in tree.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on") or name == "src"]
        assert element.get("href", "#").startswith("#")
    assert not re.findall(r"url\(|@import", page)
    policy = tree.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none';")  # and the browser holds to it


def test_what_a_learner_wrote_is_text(page: str) -> None:
    tree = BeautifulSoup(page, "html.parser")
    answer = tree.find(id="rnn_step")
    assert answer.find("pre").get_text().startswith(f'"""{EVIL}"""')
    assert EVIL in answer.find(class_="comment").get_text()


def test_marks_and_messages_are_there(page: str) -> None:
    assert "<strong>5</strong> of 6 points" in page
    for task in ("Task 1 · Half of the way", "Task 4 · Find the bug"):
        assert task in page
    assert (
        page.count('class="answer right"') == len(POINTS) - 1
        and page.count('class="answer wrong"') == 1
    )
    assert "BEGIN" in page  # the solution of the others, as it was handed in
    assert "check(" not in page and "progress()" not in page


def test_formulas_are_mathml(page: str) -> None:
    formulas = BeautifulSoup(page, "html.parser").find_all("math")
    assert {"m", "n"} <= {one["alttext"] for one in formulas}
    assert all(one.find("mi") for one in formulas)
    assert "$$" not in page and "$m$" not in page


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("$x^2$ and $$\\frac{a}{b}$$", 2),
        ("it costs $5 or $6 today", 0),
        ("`$x$` and ``$y$``", 0),
        ("escaped \\$x$", 0),
        ("$$a\n+ b$$", 1),
    ],
)
def test_what_a_formula_is(text: str, count: int) -> None:
    plain, made = formulas.set_aside(text)
    assert len(made) == count and all("<math" in one for one in made)
    assert formulas.put_back(plain, made).count("<math") == count


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{",
        "{" * 1000,
        "x" * 3000,
        r"\href{javascript:alert(1)}{b}",
        r"\style{color:red}{x}",
        r"\left(",
    ],
)
def test_a_formula_that_cannot_be_shown_or_does_more_is_text(tex: str) -> None:
    assert formulas.mathml(tex, False) == f"<code>{escape(tex)}</code>"


def test_what_stands_in_a_formula_is_text() -> None:
    made = formulas.mathml(r"\text{<script>alert(1)</script>} <img onerror=alert(1)> \& ", False)
    tree = BeautifulSoup(made, "html.parser")
    assert not tree.find_all(["script", "img", "a"])


def test_names_in_a_comment_are_code() -> None:
    said = pages.message("h_prev[0, 1] is <b>; `x @ W` stays. a_b")
    assert said == (
        "<code>h_prev[0,\N{NO-BREAK SPACE}1]</code> is &lt;b&gt;; "
        "<code>x @ W</code> stays. <code>a_b</code>"
    )


def test_code_of_any_kind_is_shown_in_time() -> None:
    start = time.process_time()  # which other programs do not touch
    for text in (
        "(" * 19_000,
        "'" * 19_999,
        '"""' * 6_000,
        "\\\n" * 9_000,
        "f'{" * 6_000,
        "x" * 10**6,
    ):
        assert "<pre" in pages.code(text)
    assert time.process_time() - start < 30


def test_links_out_of_the_hand_out_become_text() -> None:
    html = pages.text("[lesson](../notebooks/01.ipynb) and [web](https://example.org)")
    assert "lesson" in html and "notebooks" not in html and 'href="https://example.org"' in html


def test_one_page_that_fails_stops_no_other(tmp_path: Path, monkeypatch, capsys) -> None:
    lay(tmp_path, {"ada": handed_in(), "bob": handed_in()})
    whole = pages.Page.preprocess

    def preprocess(self, nb, resources):
        if resources["nbgrader"]["student"] == "ada":
            raise RuntimeError("no page for ada")
        return whole(self, nb, resources)

    monkeypatch.setattr(pages.Page, "preprocess", preprocess)
    commands.grade(tmp_path, None)
    said = " ".join(capsys.readouterr().out.split())
    assert "could not write the feedback of ada: RuntimeError: no page for ada." in said
    assert [path.parts[-3] for path in tmp_path.glob("feedback/*/*/*.html")] == ["bob"]


def test_the_section_to_read_again_and_the_name_on_the_platform(
    tmp_path: Path, monkeypatch
) -> None:
    forgets = "def rnn_step(x, h_prev, W, U, b):\n    return np.tanh(x @ W + b)"
    lay(tmp_path, {"Li_Wei": handed_in(source(forgets)), "bob": handed_in()})
    rows = {"Li_Wei": {"name": "李 <Wei>", "keys": []}, "bob": {"name": "bob", "keys": []}}
    (tmp_path / "people.json").write_text(json.dumps({"rows": rows}), encoding="utf-8")
    commands.grade(tmp_path, None)
    path = tmp_path / "feedback" / "Li_Wei" / SET / f"{SET}.html"
    tree = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    assert tree.find(class_="eyebrow").get_text() == "Feedback for 李 <Wei>"
    words = "To read again: lesson 01, section “One number that remembers”."
    (again,) = tree.find_all(class_="again")
    assert again.get_text() == words and not again.find("a")
    monkeypatch.setenv("CAROUSEL_SITE", "https://example.org/course/")
    commands.feedback(tmp_path, None, ())
    tree = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    assert tree.find(class_="again").find("a")["href"] == (
        f"https://example.org/course/notebooks/{SET}.html#one-number-that-remembers"
    )
    monkeypatch.setenv("CAROUSEL_SITE", "javascript:alert(1)")
    with pytest.raises(CourseError, match="must be an address"):
        commands.feedback(tmp_path, None, ())


def test_namesakes_keep_the_names_of_the_table(tmp_path: Path) -> None:
    rows = {row: {"name": "Li Wei", "keys": []} for row in ("Li_Wei_1", "Li_Wei_2")}
    rows["Ada"] = {"name": "Ada Lovelace", "keys": []}
    for text, names in (
        (json.dumps({"rows": rows}), {"Ada": "Ada Lovelace"}),
        ("[]", {}),
        ('{"rows": 3}', {}),
        ("{", {}),
    ):
        (tmp_path / "people.json").write_text(text)
        assert called(tmp_path) == names
    assert called(tmp_path / "nowhere") == {}


def test_one_family_of_letters(page: str) -> None:
    families = re.findall(r"font(?:-family)?:[^;]*", page)
    assert not [one for one in families if re.search(r"(?<!sans-)serif|Georgia|Charter", one)]
