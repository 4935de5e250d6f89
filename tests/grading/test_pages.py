"""A learner's page: it opens anywhere, shows what is theirs as text, and runs nothing."""

import re
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from course_utils.grading import commands, formulas, pages

from .classes import SET, handed_in, lay, source

EVIL = (
    "</pre><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}$\\href{a}{b}$"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("class")
    text = f'"""{EVIL}"""\ndef rnn_step(x, h_prev, W, U, b):\n    raise ValueError({EVIL!r})'
    lay(folder, {"ada": handed_in(source(text)), "long": handed_in(source("x = 1\n" * 15_000))})
    commands.grade(folder, None)
    return (folder / "feedback" / "ada" / SET / f"{SET}.html").read_text(encoding="utf-8")


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
    assert "<strong>3</strong> of 6 points" in page
    for task in ("Task 1 · One step", "Task 4 · Find the bug"):
        assert task in page
    assert page.count('class="answer right"') == 2 and page.count('class="answer wrong"') == 2
    assert "BEGIN" in page  # the solution of the others, as it was handed in
    assert "check(" not in page and "progress()" not in page


def test_formulas_are_drawn(page: str) -> None:
    (drawing,) = BeautifulSoup(page, "html.parser").find_all("svg")
    assert drawing["aria-label"] == r"h = \tanh(x\,W + h_\text{prev}\,U + b)"
    assert len(drawing.find("path")["d"]) > 1000 and "$$" not in page


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
    plain, drawings = formulas.set_aside(text)
    assert len(drawings) == count and all("<svg" in one for one in drawings)
    assert formulas.put_back(plain, drawings).count("<svg") == count


def test_a_formula_that_cannot_be_drawn_is_shown_as_it_is() -> None:
    assert (
        formulas.drawing(r"\begin{aligned}<b>", False) == r"<code>\begin{aligned}&lt;b&gt;</code>"
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
