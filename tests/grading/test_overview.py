"""The class at a glance: true to the marks, private, and whatever learners write in it is text."""

import csv
import os
import re
import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from course_utils.delivery.grading import commands, report
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.marks import Mark, Marks
from course_utils.delivery.grading.overview import facts, moments, page
from course_utils.delivery.grading.overview.alike import Pair, Shared
from course_utils.delivery.grading.overview.separation import separations
from course_utils.delivery.grading.overview.shapes import shapes
from course_utils.delivery.grading.sets import find_set

from .classes import SET, handed_in, lay, source

ONE = find_set("01")
FORGETS = "def rnn_step(x, h_prev, W, U, b):\n    return np.tanh(x @ W + b)"
EVIL = "</pre><script>alert(1)</script><svg onload=x>{{ 7*7 }}\u202e\x1b[31m\x00" + "a\u0301" * 9
STUB = "def rnn_step(x, h_prev, W, U, b):\n    ...  # something else"


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> tuple[Path, BeautifulSoup]:
    folder = tmp_path_factory.mktemp("class")
    own = f"def rnn_step(x, h_prev, W, U, b):\n    r'''{EVIL[:-20]}'''\n"
    own += "    oddly_named = x @ W + 0.12345\n"
    own += "    second_odd_name = oddly_named * 17.25 + h_prev  # what an odd remark this is\n"
    own += "    return second_odd_name, oddly_named"
    lay(
        folder,
        {
            "ada": handed_in(),
            "bob": handed_in(source(FORGETS)),
            "cy": handed_in(source(FORGETS)),
            "dee": "no notebook",
            "eve": handed_in(source(own)),
            "fay": handed_in(source(own)),
            "gus": handed_in(source(STUB)),
        },
    )
    commands.grade(folder, None)
    text = (folder / "overview" / f"{SET}.html").read_text(encoding="utf-8")
    return folder, BeautifulSoup(text, "html.parser")


def test_the_page_says_what_the_marks_say(marked) -> None:
    folder, tree = marked
    said = " ".join(tree.get_text(" ").split())
    assert "7 learners" in said
    with open(folder / "overview" / f"{SET}.csv", newline="", encoding="utf-8") as file:
        step, *_ = csv.DictReader(file)
    counts = [int(step[name]) for name in ("learners", "solved", "partly", "wrong", "not begun")]
    assert counts == [7, 1, 0, 4, 2]
    assert "14 % solved : 1 of 7, 4 no points, 2 not begun" in said
    with open(folder / "overview" / f"{SET}_mistakes.csv", newline="", encoding="utf-8") as file:
        mistake = next(row for row in csv.DictReader(file) if row["mistake"] == "state ignored")
    assert (mistake["learners"], mistake["of"], mistake["names"]) == ("2", "7", "bob, cy")
    assert mistake["section"] == "One number that remembers" and mistake["lesson"] == "01"
    assert "To read again: lesson 01, section “One number that remembers”." in said


def test_the_page_is_private(marked) -> None:
    folder, _ = marked
    for path in (folder / "overview").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 or path.suffix == ".handed-out", path
    assert stat.S_IMODE((folder / "overview").stat().st_mode) == 0o700
    assert "overview" in Classroom.OWN  # never collected
    assert not [path for path in (folder / "feedback").rglob("*") if "overview" in path.name]


def test_nothing_is_fetched_and_nothing_runs(marked) -> None:
    _, tree = marked
    assert not tree.find_all(["script", "img", "iframe", "link", "object", "form", "base"])
    for element in tree.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on") or name == "src"]
        assert re.match(r"#|https://doi\.org/", element.get("href", "#"))
    assert not re.findall(r"url\(|@import", str(tree))
    policy = tree.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none';")


def test_what_learners_wrote_is_text(marked) -> None:
    _, tree = marked
    pair = tree.find(class_="pair")
    code = pair.find("pre").get_text()
    assert "</pre><script>alert(1)</script><svg onload=x>{{ 7*7 }}‹U+202E›" in code
    assert not set(str(tree)) & set("\u202e\x1b\x00")
    lines = [one.get_text() for one in pair.find("pre").find_all(class_="common")]
    assert any("oddly_named = x @ W + 0.12345" in line for line in lines)
    assert all(line.startswith("=") for line in lines)  # not told by colour alone


def test_pairs_are_no_accusation(marked) -> None:
    _, tree = marked
    said = " ".join(tree.find(id="alike").get_text(" ").split())
    assert "eve and fay" in said and "no finding about anybody" in said
    assert not re.search(r"cheat|plagiari|guilty|suspect|copied", said, re.IGNORECASE)


def test_who_may_be_glad_of_a_word(marked) -> None:
    _, tree = marked
    people = [one.get_text(" ").split() for one in tree.find(class_="people").find_all("li")]
    assert [words[0] for words in people] == ["dee"]
    assert "nothing could be marked" in " ".join(people[0])


def test_every_picture_has_its_words(marked) -> None:
    _, tree = marked
    for drawing in tree.find_all("svg"):
        assert drawing["role"] == "img" and re.search(r"points: \d", drawing["aria-label"])


# Facts, without any marking


def marks(learner: str, *points: float, failure: str = "", mistake: str | None = None) -> Marks:
    own = [
        Mark(name, p, ONE.points(name), "", mistake if p < ONE.points(name) else None)
        for name, p in zip(ONE.problems, [*points, *[0.0] * len(ONE.problems)])
    ]
    return Marks(learner, SET, tuple(own), failure=failure)


def told(every, empty=None, versions=None, pairs=(), sources=None, out=None, came=None):
    sources = sources or {}
    found = shapes(text for own in sources.values() for text in own.values())
    shaped = {
        name: {who: found[own[name]] for who, own in sources.items() if name in own}
        for name in ONE.problems
    }
    return facts.overview(
        ONE, every, sources, empty or {}, versions or {}, shaped, pairs, out, came or {}
    )


def test_each_way_to_be_stuck() -> None:
    every = [
        marks("solves", 1, 0, 0, 0),
        marks("blank", 0, 0, 0, 0),
        marks("none", 0, 0.5, 0, 0),
        marks("again", 1, 0, 0, 0),
        marks("better", 1, 2, 0, 0),
        marks("broken", 0, 0, 0, 0, failure="This is no notebook."),
    ]
    versions = {
        "again": [marks("again", 1, 0, 0, 0)] * 3,
        "better": [marks("better", 1, 0, 0, 0), marks("better", 1, 0, 0, 0), every[4]],
        "solves": [every[0]] * 2,
    }
    why = {
        one.learner: one.why for one in told(every, {"blank": set(ONE.problems)}, versions).stuck
    }
    assert set(why) == {"blank", "none", "again", "broken"}
    assert "empty hand-out" in why["blank"] and "3 versions" in why["again"]
    assert (
        f"tried {len(ONE.problems)} of {len(ONE.problems)}" in why["none"]
        and "no notebook" in why["broken"]
    )


def test_answers_that_stop_are_counted_apart() -> None:
    said = (
        "rnn_step stops with IndexError: x.",
        "rnn_step stops in line 2 (`x[`) with IndexError: x.",
        "The cell of rnn_step stops with SyntaxError in line 6: invalid syntax.",
        "rnn_step was not done after 20 seconds: is there a loop that never ends?",
        "h[0, 0] is 1; it should be 2.",
    )
    every = [
        Marks(f"l{n}", SET, (Mark("rnn_step", 0.0, 1.0, text),)) for n, text in enumerate(said)
    ]
    wrong, stopped = facts.unnamed(every, {})
    assert (wrong["rnn_step"], stopped["rnn_step"]) == (1, 4)
    text = page.html(told(every))
    assert "(1 wrong in a way that has no name)" in text
    assert "(4 stop with an error, or never end)" in text
    assert "(1 stops with an error, or never ends)" in page.html(told(every[:1]))


def test_of_equally_frequent_mistakes_the_one_in_the_hardest_task_comes_first() -> None:
    easy, _, hard, *_ = ONE.problems

    def made(learner: str, problem: str, points: float) -> Marks:
        own = [
            Mark(
                name,
                points if name == problem else ONE.points(name),
                ONE.points(name),
                "",
                ONE.problem(name, None).misconceptions[0].name if name == problem else None,
            )
            for name in ONE.problems
        ]
        return Marks(learner, SET, tuple(own))

    for first, second in ((easy, hard), (hard, easy)):
        every = [made(x, first, 0.0) for x in "ab"] + [made(x, second, 0.5) for x in "cd"]
        found = facts.mistakes(ONE, every, {})
        assert [one.problem for one in found] == [first, second]


def test_half_points_stand_in_a_bar_that_says_so() -> None:
    halves = [marks("a", 1, 0.5, 0, 0), marks("b", 1, 0, 0, 0)]
    assert "1– points: 2" in page.sums(told(halves)) and ">1–<" in page.sums(told(halves))
    assert "1 points: 1" in page.sums(told([marks("b", 1, 0, 0, 0)]))


def test_what_was_handed_in_instead_is_told_to_its_end() -> None:
    why = f"No notebook of {SET} was handed in, but {'x' * 60}.pdf. That is a printout: ask for it."
    assert why in page.html(told([marks("a", 0, 0, 0, 0, failure=why)]))


def test_two_mistakes_at_once_count_for_both() -> None:
    every = [marks("a", 0, 2, 1, 2, mistake="tanh missing + bias missing"), marks("b", 1, 2, 1, 2)]
    assert [one.name for one in told(every).mistakes] == ["bias missing", "tanh missing"]
    every = [marks("a", 0, 2, 1, 2, mistake="another learner's variant")]
    assert told(every).mistakes == ()


def test_a_few_who_share_no_mistake_are_told_theirs_first() -> None:
    _, *rest = map(ONE.points, ONE.problems)
    every = [marks("a", 0, *rest, mistake="tanh missing"), marks("b", 1, *rest)]
    assert report.frequent(every) == ["1 learner in rnn_step: tanh missing."]
    assert "To speak of first" in page.html(told(every))
    many = [*every, *(marks(f"c{k}", 1, *rest) for k in range(8))]
    assert report.frequent(many) == [] and "To speak of first" not in page.html(told(many))
    both = [*every, marks("c", 0, *rest, mistake="tanh missing")]
    assert report.frequent(both) == ["2 learners in rnn_step: tanh missing."]


def test_answers_in_words_are_spoken_of_where_there_are_some() -> None:
    assert "answers in words" not in page.html(told([marks("a", 1, 0, 0, 0)]))
    assert facts.has_words(find_set("07")) and not facts.has_words(ONE)


def test_time_since_the_hand_out() -> None:
    out = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)
    every = [marks("a", 1, 0, 0, 0), marks("b", 1, 2, 0, 0), marks("c", 0, 2, 0, 0)]
    came = {who: out + timedelta(hours=h) for who, h in (("a", 2), ("b", 10), ("c", 50))}
    found = told(every, out=out, came=came)
    assert [task.hours for task in found.tasks] == [6, 30, *[None] * (len(ONE.problems) - 2)]
    assert "0 d: 2, 2 d: 1" in page.times(found)
    late = told(every, out=out + timedelta(hours=5), came=came)
    assert late.handed_out is None and not late.hours and page.times(late) == ""


def test_moments(tmp_path: Path) -> None:
    classroom = Classroom(tmp_path)
    assert moments.handed_out(classroom, SET) is None
    moments.note_hand_out(classroom, SET)
    first = moments.handed_out(classroom, SET)
    moments.note_hand_out(classroom, SET)
    assert moments.handed_out(classroom, SET) == first
    lay(tmp_path, {"ada": "{}", "bob": "{}", "cy": "{}"})
    for who, text in (("ada", "2026-03-01 08:00:00.500000 UTC"), ("bob", "\x00" * 10**6)):
        (tmp_path / "submitted" / who / SET / "timestamp.txt").write_text(text)
    (tmp_path / "submitted" / "cy" / SET / "timestamp.txt").symlink_to("/etc/passwd")
    os.utime(tmp_path / "submitted" / "cy" / SET / f"{SET}.ipynb", (0, 86400))
    assert (
        moments.handed_in(classroom, SET, "ada").isoformat() == "2026-03-01T08:00:00.500000+00:00"
    )
    assert moments.handed_in(classroom, SET, "bob").year >= 2026
    assert moments.handed_in(classroom, SET, "cy").isoformat() == "1970-01-02T00:00:00+00:00"
    assert moments.handed_in(classroom, SET, "nobody") is None


@pytest.mark.parametrize("learners", [0, 1, 2, 120])
def test_classes_of_any_size(learners: int) -> None:
    every = [marks(f"learner {k}", k % 2, 2 * (k % 3 == 0), 1, 0) for k in range(learners)]
    text = page.html(told(every))
    tree = BeautifulSoup(text, "html.parser")
    assert f"{learners} learner" in " ".join(tree.get_text(" ").split())
    assert not re.search(r"\b(nan|None|inf)\b", tree.find("main").get_text(" "))


def test_hostile_names_are_text() -> None:
    names = [EVIL, "x" * 200_000, "\u0301" * 200_000, "\ud800", "a\nb", "\u05d0\u2067", "[red]"]
    code = "def rnn_step(x):\n    a_name = 1.25\n    return a_name" + "\n#" + "y" * 10_000
    shared = (Shared("rnn_step", tuple(shapes([code])[code].lines), 20.0, 20.0, 10.0),)
    pair = Pair(names[0], names[1], shared, "text")
    sources = {name: {"rnn_step": code} for name in names}
    every = [marks(name, 0, 0, 0, 0, mistake="tanh missing") for name in names]
    text = page.html(told(every, pairs=[pair], sources=sources))
    assert len(text) < 100_000
    text.encode()
    assert not set(text) & set("\u202e\x1b\x00\u2067\ud800")
    tree = BeautifulSoup(text, "html.parser")
    assert not tree.find_all("script") and "x" * 81 not in text


# Whether a task separates


def test_a_task_that_separates_and_one_that_does_not() -> None:
    rng = np.random.default_rng(0)
    able = rng.random(200)
    points = np.stack([able > 0.3, able > 0.5, able > 0.7, rng.random(200) > 0.5, able > -1], 1)
    found = separations(points.astype(float))
    assert [one.words for one in found[:4]] == ["yes, well"] * 3 + ["no"]
    assert found[4].words.startswith("no: all have the same") and np.isnan(found[4].correlation)
    turned = points.astype(float)
    turned[:, 3] = able < 0.5
    assert separations(turned)[3].words.startswith("the wrong way round")
    rest = points[:, 1:].sum(axis=1)
    assert found[0].correlation == pytest.approx(np.corrcoef(points[:, 0], rest)[0, 1])
    assert found[0].low < found[0].correlation < found[0].high


def test_small_classes_are_told_nothing() -> None:
    assert {one.words for one in separations(np.eye(9, 4))} == {"not told: fewer than 10 learners"}
    assert {one.words for one in separations(np.ones((50, 2)))} == {"not told: fewer than 3 tasks"}
    points = np.random.default_rng(1).integers(0, 2, (12, 4)).astype(float)
    assert all(one.words.startswith("open") for one in separations(points))


def test_nobody_is_called_right_by_chance_often() -> None:
    """The interval holds: of tasks that have nothing to do with one another, few 'separate'."""
    rng, wrong = np.random.default_rng(2), 0
    for _ in range(200):
        found = separations(rng.integers(0, 3, (23, 5)).astype(float))
        wrong += sum(one.words.startswith("yes") for one in found)
    assert wrong / 1000 < 0.05
