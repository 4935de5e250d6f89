"""In which order tests run, and which may go to another worker than the rest of their file.

First what fails soonest, then what takes long, so that no worker is left alone with it at the end,
and last what can be dealt out test by test. Within a class the order stays that of the folders.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

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
# Files of about a minute of processor time and more, the longest first.
LONG = (
    "tests/grading/test_hostile.py",
    "tests/grading/test_crashes.py",
    "tests/site/test_use.py",
    "tests/slides/test_browser.py",
    "tests/safety/test_traps.py",
    "tests/workshop/test_hub.py",
    "tests/grading/test_commands.py",
    "tests/workshop/test_rehearsal.py",
    "tests/cells/test_mutants.py",
    "tests/feedback/test_bank.py",
)
# Tests that need nothing of their neighbours: dealt out one by one, they fill all workers to the
# end. Lessons take up to two minutes each, pages a few seconds.
APART = ("tests/browser/test_lessons.py", "tests/site/test_pages.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="only the tests of what one edits")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("quick"):
        config.args[:] = [str(ROOT / path) for path in QUICK]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if not config.getoption("quick"):
        return None
    return collection_path.relative_to(ROOT).as_posix() in NOT_QUICK or None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.nodeid))


def rank(nodeid: str) -> tuple[int, int]:
    """The class of a test, and its place there; smaller is earlier."""
    path = nodeid.split("::")[0]
    for number, group in ((1, LONG), (3, APART)):
        if path in group:
            return number, group.index(path)
    return (0, place(path)) if is_quick(path) else (2, 0)


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


@pytest.hookimpl(optionalhook=True)  # without xdist there is none
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from xdist.scheduler import LoadFileScheduling

    class InOrder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit(nodeid)

    return InOrder(config, log) if config.getvalue("dist") == "loadfile" else None
