"""Verdicts are computed, cover every claim that was to be checked, and the page shows them."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from course_utils import CourseError
from course_utils.authoring import inventory
from course_utils.experiments import VARIANTS, Results, report, rules_gated, rules_plain
from course_utils.experiments.published import Claim, Finding, published_claims
from course_utils.experiments.rules import PUBLISHED
from course_utils.tasks import Adding, ContinualReber, FranceSentence, Recall

ROOT = Path(__file__).resolve().parents[2]
PAPERS = (
    "Bengio, Simard & Frasconi 1994",
    "Hochreiter & Schmidhuber 1997",
    "Gers, Schmidhuber & Cummins 2000",
    "Pascanu, Mikolov & Bengio 2013",
    "Cho et al. 2014; Chung et al. 2014",
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
        ({"a": True, "b": False}, "partly"),
        ({"a": False, "b": False}, "not"),
    ],
)
def test_verdict(conditions: dict[str, bool], verdict: str) -> None:
    assert Finding("", 5, conditions).verdict == verdict


def rows(task: object, cell: str, init: str, solved_at: list[int | None], **more: object) -> list:
    return [
        {"task": repr(task), "cell": cell, "init": init, "seed": seed, "solved_at": at}
        | {"outcome": "unsolved" if at is None else "solved"}
        | more
        for seed, at in enumerate(solved_at)
    ]


def table(*parts: list) -> Results:
    return Results("made up", tuple(row for part in parts for row in part))


def judged(rule, results: Results) -> list[bool]:
    return list(rule(lambda name: results).conditions.values())


def test_adding_rule() -> None:
    """74,000 sequences are 2,312 updates of 32."""

    def adding(lstm: list[int | None], rnn: list[int | None]) -> list[bool]:
        found = rows(Adding(100), "LSTM", "default", lstm), rows(Adding(100), "LSTM", "chrono", [1])
        return judged(
            rules_gated.adding, table(*found, rows(Adding(100), "SimpleRNN", "default", rnn))
        )

    assert adding([700, 1000, 2312], [None] * 3) == [True, True, True]
    assert adding([700, 2350, 2350], [None] * 3) == [True, False, True]
    assert adding([700, 800, None], [None, 100, None]) == [False, True, False]


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
    def chrono(opened: list[int | None], default: list[int | None]) -> list[bool]:
        found = []
        for task in (Recall(100), Recall(200), FranceSentence(80)):
            for cell in ("LSTM", "GRU"):
                found += rows(task, cell, "chrono", opened) + rows(task, cell, "default", default)
        return judged(rules_gated.chrono, table(found))

    assert chrono([100, 150], [None, None]) == [True, True]
    assert chrono([100, None], [None, 400]) == [False, False]


def test_forgetting_rule() -> None:
    task = ContinualReber(100)

    def forgetting(right: float, growth: float, solved_at: int | None) -> Finding:
        full = {"right_critical_late": 0.99, "state_growth": 1.1}
        without = {"right_critical_late": right, "state_growth": growth}
        name = "LSTM without forget gate"
        found = table(
            rows(task, "LSTM", "default", [100], **full),
            rows(task, name, "default", [solved_at], **without),
        )
        return rules_gated.forgetting(lambda _: found)

    assert list(forgetting(0.5, 9, None).conditions.values()) == [True] * 4
    assert list(forgetting(0.8, 2, 100).conditions.values()) == [True, False, False, False]
    assert "0.99 with forget gate, 0.50 without; the state grows 1.1 and 9.0" in (
        forgetting(0.5, 9, None).ours
    )


def test_importance_rule() -> None:
    """Fewer runs solved is worse; so are medians whose intervals do not meet."""

    def important(**solved_at: list[int | None]) -> list[bool]:
        found = []
        for task in (Adding(50), ContinualReber(100)):
            for cell in ("LSTM", *VARIANTS):
                name = cell.removeprefix("LSTM").removeprefix(" without ").replace(" ", "_")
                found += rows(task, cell, "default", solved_at.get(name, [200, 250, 300]))
        return judged(rules_gated.most_important, table(found))

    assert important() == [False, False, False, False, True]
    both = {"forget_gate": [200, None, 250], "output_activation": [350, 350, 400]}
    assert important(**both) == [True] * 5
    assert important(**both, input_gate=[None] * 3) == [True] * 4 + [False]


def test_a_claim_without_results_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="run `course sweep latch`"):
        published_claims(tmp_path)


@dataclass
class Shown:
    """What the inventory finds in a notebook."""

    lesson: str = "03_vanishing"
    text: str = "The RNN stays at the baseline (3 seeds)."
    source: str | None = None
    published: str | None = None


def test_claims_of_lessons() -> None:
    claim = report.of_lesson(Shown())
    assert claim == Claim(Shown.text, "03", ours="as claimed", seeds="3", verdict="holds")
    cited = report.of_lesson(Shown(source="Elman 1990", published="0.5"))
    assert (cited.verdict, cited.source, cited.published) == ("reproduced", "Elman 1990", "0.5")


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("It holds (3 seeds).", "3"),
        ("Means of 10 seeds.", "10"),
        ("More than a quarter is left (one seed).", "1"),
        ("All of five seeds are above 0.97.", "5"),
        ("The LSTM says French (seed 5).", "1"),
        ("A SimpleRNN with 3 inputs has 12 weights.", ""),
    ],
)
def test_seeds_of_a_lesson(text: str, seeds: str) -> None:
    assert report.seeds_in(text) == seeds


def test_tables() -> None:
    claim = replace(report.of_lesson(Shown(text="|x| < 1.")), conditions={"a": True, "b": False})
    lines = report.table([claim]).splitlines()
    assert len(lines) == 3 and lines[2].startswith(r"| \|x\| < 1. | 03 |")
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {8}
    text = report.conditions([claim])
    assert "    - holds: a\n    - **does not hold**: b\n" in text


def test_the_page_is_in_step() -> None:
    written = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    assert written == report.page(inventory.claims()), "run `course claims --write`"


def test_the_terminal_shows_every_claim(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    report.show([Shown()])
    out = capsys.readouterr().out
    assert Shown.text in out
    assert all(one.text.split(" (")[0][:40] in out for one in PUBLISHED)
    assert "(Elman 1990" not in out
    report.show([Shown(source="Elman 1990", published="0.5")])
    assert "(Elman 1990: 0.5)" in capsys.readouterr().out


def test_no_page_without_docs(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no folder docs"):
        report.write(tmp_path / "docs" / "claims.md", [])
