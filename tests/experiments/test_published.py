"""Verdicts are computed, cover every claim that was to be checked, and the page shows them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from myst_parser.slugs import github_slugify

from course_utils import CourseError
from course_utils.claims.printed import Read
from course_utils.delivery.authoring import inventory
from course_utils.delivery.authoring.inventory import Claim
from course_utils.experiments import (
    Results,
    compare,
    report,
    rules_gated,
    rules_plain,
)
from course_utils.experiments.judged import published_claims
from course_utils.experiments.published import Finding, Judged
from course_utils.experiments.rules import PUBLISHED
from course_utils.tasks import Adding, FranceSentence, Recall

ROOT = Path(__file__).resolve().parents[2]
PAPERS = (
    "Bengio, Simard & Frasconi 1994",
    "Hochreiter & Schmidhuber 1997",
    "Gers, Schmidhuber & Cummins 2000",
    "Pascanu, Mikolov & Bengio 2013",
    "Chung et al. 2014",
    "Jozefowicz, Zaremba & Sutskever 2015",
    "Greff et al. 2015",
    "Arjovsky, Shah & Bengio 2016",
    "Le, Jaitly & Hinton 2015",
    "Tallec & Ollivier 2018",
    "Feng et al. 2024",
)


def test_every_paper_has_a_row() -> None:
    assert {one.source for one in PUBLISHED} == set(PAPERS)
    assert len({one.text for one in PUBLISHED}) == len(PUBLISHED)


@pytest.mark.parametrize(
    ("conditions", "verdict"),
    [
        ({"a": True, "b": True}, "reproduced"),
        ({"a": True, "b": False, "c": True}, "partly"),
        ({"a": False, "b": True, "c": True}, "not"),
        ({"a": False}, "not"),
        ({"a": True}, "reproduced"),
        ({}, "open"),
    ],
)
def test_the_first_condition_decides(conditions: dict[str, bool], verdict: str) -> None:
    found = Finding("", 5, conditions)
    assert found.verdict == verdict
    row = next(one for one in PUBLISHED if not one.spirit)
    assert Judged(row, found).verdict == verdict
    here = Judged(replace(row, spirit=True), found).verdict
    assert here == {"reproduced": "holds here", "open": "open"}.get(verdict, f"{verdict} here")


def test_no_row_tells_more_than_the_paper() -> None:
    """1997 had no plain network at temporal order, and its truncated one is not every network."""
    [order] = [one for one in PUBLISHED if "temporal order" in one.text]
    [reber] = [one for one in PUBLISHED if "embedded Reber" in one.text]
    assert "RNN" not in order.published and "plain" not in order.text
    assert "plain" not in reber.text and "real-time recurrent learning in some" in reber.published
    assert not any("Cho et al" in one.source for one in PUBLISHED)
    assert all(one.elsewhere.endswith(".") for one in PUBLISHED)


def rows(task: object, cell: str, init: str, solved_at: list[int | None], **more: object) -> list:
    return [
        {"task": repr(task), "cell": cell, "init": init, "seed": seed, "solved_at": at}
        | {"steps": 4000, "loss": 0.1}
        | {"outcome": "unsolved" if at is None else "solved"}
        | more
        for seed, at in enumerate(solved_at)
    ]


def table(*parts: list) -> Results:
    return Results("made up", tuple(row for part in parts for row in part))


def judged(rule, results: Results) -> list[bool]:
    return list(rule(lambda name: results).conditions.values())


def test_latch_rule() -> None:
    def latch(kept: float, gradient: float) -> list[bool]:
        units = [(0.9, 0.5, 1e-3), (2.0, kept, gradient)]
        found = [
            {"weight": w, "noise": 0.2, "seed": 0, "outcome": "measured", "kept": k, "gradient": g}
            for w, k, g in units
        ]
        return judged(rules_plain.latch, table(found))

    assert latch(1.0, 1e-20) == [True, True, True]
    assert latch(1.0, 0.1) == [True, False, False]
    assert latch(0.8, 1e-20) == [False, False, True]


def test_chrono_rule() -> None:
    def chrono(opened: list[int | None], default: dict[str, int | None]) -> list[bool]:
        found = []
        for task in (Recall(50), Recall(200), FranceSentence(80)):
            for cell in ("LSTM", "GRU"):
                found += rows(task, cell, "chrono", opened, learning_rate=0.01)
                found += rows(task, cell, "default", [default[cell]], learning_rate=0.1)
        return judged(rules_gated.chrono, table(found))

    never = {"LSTM": None, "GRU": None}
    assert chrono([100, 150], never) == [True, True, True]
    assert chrono([100, 150], never | {"GRU": 50}) == [True, True, False]
    assert chrono([100, None], never | {"LSTM": 400}) == [False, False, True]
    assert chrono([None], never) == [False, False, False]


def test_what_five_runs_show() -> None:
    """As lesson 07 has it: the log-rank test, corrected for the number of comparisons."""

    def runs(*solved_at: int | None, loss: float = 0.1) -> Results:
        return table(rows(Adding(50), "LSTM", "default", list(solved_at), loss=loss))

    fast, slow, never = runs(50, 60, 70, 80, 90), runs(*[1000] * 5), runs(*[None] * 5)
    assert compare.shown_better([(fast, slow), (slow, never), (fast, never)]) == [True] * 3
    assert compare.shown_better([(slow, fast), (never, slow), (fast, fast)]) == [False] * 3
    four = runs(50, 60, 70, 80, None)
    assert compare.shown_better([(fast, four)]) == [False]
    assert compare.shown_better([(fast, slow)] + [(fast, fast)] * 40) == [False] * 41, "Holm"


def test_losses_are_compared_where_nobody_solved() -> None:
    low, high = (
        table(*(rows(Adding(50), "LSTM", "default", [None], loss=base + k / 100) for k in range(5)))
        for base in (0.1, 0.2)
    )
    assert compare.shown_better([(low, high), (high, low)]) == [True, False]
    assert compare.p_value(low, high) == pytest.approx(2 / 252)


def test_other_budgets_are_not_compared() -> None:
    one = table(rows(Adding(50), "LSTM", "default", [100]))
    other = table(rows(Adding(50), "LSTM", "default", [100], steps=500))
    with pytest.raises(CourseError, match="different budgets"):
        compare.p_value(one, other)


def test_a_claim_without_results_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="run `course sweep latch`"):
        published_claims(tmp_path)


FOUND = Read("0.98", 3, "seeds", 4.2, "above 0.9", "untrained", "0.08")
SHOWN = Claim("03_vanishing", 4, "It is above 0.9 (3 seeds).", found=FOUND)
EXACT = Claim("04_the_lstm", 2, "|x| < 1.", "Elman 1990", "0.5", identity=True)


def test_a_claim_of_a_lesson_has_its_columns() -> None:
    assert report.columns(SHOWN) == (
        SHOWN.text,
        "0.98 (3 seeds)",
        "above 0.9",
        "4.2",
        "untrained: 0.08",
    )
    assert report.columns(EXACT) == ("|x| < 1. (Elman 1990: 0.5)", "identity", "", "", "")
    share = SHOWN._replace(found=FOUND._replace(value="3 of 3", margin=float("inf")))
    assert report.columns(share)[1:4] == ("3 of 3", "above 0.9", "all equal")
    spirit = SHOWN._replace(spirit="Elman 1990", found=None)
    assert report.columns(spirit)[:2] == (f"{SHOWN.text} (in the spirit of Elman 1990)", "holds")


def test_claims_are_grouped_by_lesson() -> None:
    first, second = report.by_lesson([SHOWN, SHOWN, EXACT])
    assert first.startswith("### Lesson 03\n") and second.startswith("### Lesson 04\n")
    lines = first.splitlines()[2:]
    assert len(lines) == 4 and {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {6}
    assert r"\|x\| < 1." in second


def test_the_table_of_papers_is_one_screen_of_100_columns_with_links() -> None:
    published = published_claims()
    lines = "".join(report.papers(published)).splitlines()
    assert len(lines) == 2 * len(PUBLISHED) + 3
    assert max(map(len, lines)) <= report.WIDTH
    text = "\n".join(report.details(k, one) for k, one in enumerate(published, 1))
    links = dict(re.findall(r"^(\[\d+\]): #(.+)$", "\n".join(lines), re.M))
    assert list(links) == [line.split()[1] for line in lines[2 : len(PUBLISHED) + 2]]
    assert [*links.values()] == [github_slugify(one) for one in re.findall("### (.*)", text)]
    for one in PUBLISHED:
        assert one.text in text and one.elsewhere in text and len(one.short) <= 46
    assert text.count("- Decides: ") == sum(one.verdict != "open" for one in published)


def test_the_page_is_in_step() -> None:
    written = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    assert written == report.page(inventory.claims()), "run `course claims --write`"


def test_the_terminal_shows_every_claim(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    report.show([SHOWN, EXACT])
    lines = capsys.readouterr().out.splitlines()
    papers, lessons = lines[: len(PUBLISHED) + 3], "\n".join(lines)
    for one in PUBLISHED:
        assert any(one.short in line and one.paper in line for line in papers)
    assert max(map(len, papers)) <= 100
    assert "Lesson 03" in lessons and "Lesson 04" in lessons
    assert "above 0.9, 4.2" in lessons and "untrained: 0.08" in lessons


def test_no_page_without_docs(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no folder docs"):
        report.write(tmp_path / "docs" / "claims.md", [])
