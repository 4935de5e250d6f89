"""In which order tests run, and which may go to another worker than the rest of their file.

First what fails soonest, then the rest, what took longest in front, so that no worker is left alone
with it at the end, and last what can be dealt out test by test. What took how long stands in
seconds.csv: `make test ARGS=--store-seconds`, on a machine with nothing else to do, writes it anew.
"""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from math import inf
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SECONDS = Path(__file__).with_name("seconds.csv")

# What one edits: `make test-quick` runs these alone, `make test` before all others.
QUICK = (
    "tests/setup/test_style.py",
    "tests/setup/test_arrows.py",
    "tests/setup/test_suite.py",
    "tests/setup/test_requirements.py",
    "tests/cells",
    "tests/tasks",
    "tests/measure",
    "tests/training",
    "tests/feedback",
    "tests/authoring",
    "tests/statistics",
    "tests/experiments/test_results.py",
    "tests/experiments/test_rules_after.py",
    "tests/teach",
)
# Files of these folders that take long: Keras, kernels, many examples.
NOT_QUICK = (
    "tests/cells/test_activations.py",
    "tests/cells/test_keras.py",
    "tests/cells/test_mutants.py",
    "tests/training/test_interrupt.py",
    "tests/training/test_keras.py",
    "tests/feedback/test_bank.py",
    "tests/feedback/test_in_a_notebook.py",
    "tests/feedback/test_spoilt.py",
    "tests/feedback/test_standin.py",
    "tests/feedback/test_two_mistakes.py",
    "tests/authoring/test_build.py",
    "tests/authoring/test_strict.py",
)
# Tests that need nothing of their neighbours: dealt out one by one, they fill all workers to the
# end. Lessons take up to two minutes each, programs half a minute, pages a few seconds.
APART = ("tests/browser/test_lessons.py", "tests/blank/test_alone.py", "tests/site/test_pages.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="only the tests of what one edits")
    parser.addoption("--store-seconds", action="store_true", help="keep how long whole files take")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("quick"):
        config.args[:] = [str(ROOT / path) for path in QUICK]
    if config.getoption("store_seconds") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Clock(SECONDS))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if not config.getoption("quick"):
        return None
    return collection_path.relative_to(ROOT).as_posix() in NOT_QUICK or None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.nodeid))


def rank(nodeid: str) -> tuple[int, float, float, str]:
    """The place of a test; smaller is earlier. Tests of a file stay together."""
    path = nodeid.split("::")[0]
    if is_quick(path):
        return 0, place(path), 0, ""
    took = -stored(SECONDS).get(unit(nodeid), inf)  # what is new goes first
    return (2, APART.index(path), took, path) if path in APART else (1, took, 0, path)


def is_quick(path: str) -> bool:
    return path not in NOT_QUICK and place(path) < len(QUICK)


def place(path: str) -> int:
    """Which of QUICK a file belongs to; their number if to none."""
    found = (n for n, name in enumerate(QUICK) if path == name or path.startswith(f"{name}/"))
    return next(found, len(QUICK))


def unit(nodeid: str) -> str:
    """What goes to one worker together: a file, or a single test of those that stand apart."""
    path = nodeid.split("::")[0]
    return nodeid if path in APART else path


@cache
def stored(file: Path) -> dict[str, float]:
    """The seconds that each unit took when that was last recorded."""
    with file.open(encoding="utf-8", newline="") as table:
        return {name: float(seconds) for name, seconds in csv.reader(table)}


class Clock:
    """Sums what the tests of each unit take, whichever worker has them, and writes it down."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.took: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.took[unit(report.nodeid)] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Units that did not run keep what they had; those that are gone lose it."""
        known = {
            name: seconds
            for name, seconds in stored(self.file).items()
            if (ROOT / name.split("::")[0]).exists()
        }
        known |= {name: round(seconds, 1) for name, seconds in self.took.items()}
        rows = sorted((-seconds, name) for name, seconds in known.items())
        with self.file.open("w", encoding="utf-8", newline="") as table:
            csv.writer(table, lineterminator="\n").writerows((n, -s) for s, n in rows)


@pytest.hookimpl(optionalhook=True)  # without xdist there is none
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from xdist.scheduler import LoadFileScheduling

    class InOrder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit(nodeid)

    return InOrder(config, log) if config.getvalue("dist") == "loadfile" else None
