"""What is the evidence worth? Every deliberate mistake must be caught by the suite's own checks.

Each mistake is made in a copy of the package, which then goes through the comparisons with Keras on
a few fixed configurations and through the unit tests, the quickest first, until one objects.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from types import ModuleType

import pytest

from course_utils import cells
from tests.cells import (
    test_convert,
    test_faint,
    test_gradient_check,
    test_initializers,
    test_layers,
    test_pool,
)
from tests.cells.configurations import Call, Configuration, by_cells, by_keras, differences
from tests.cells.mutants import MUTANTS, NAME, Mutant, mutated

FULL = {"return_sequences": True, "return_state": True}


def variants(cell: str):
    """Few options and calls that together touch every part of the package."""
    dropping = FULL | {"dropout": 0.4, "recurrent_dropout": 0.4, "go_backwards": True}
    other = {"activation": "softsign"}
    if cell != "SimpleRNN":
        other["recurrent_activation"] = "hard_sigmoid"
    first, masked = Call(5, initial="one each"), Call(5, "some", "one each")
    yield FULL, (first,)
    yield FULL, (masked, Call(4, "leading", "one row for all"), Call(4, "last"))
    yield FULL | {"stateful": True, "go_backwards": True}, (masked, Call(3, "some"), Call(2))
    yield {"go_backwards": True}, (masked, Call(4, "a whole row", "one each"), Call(3, "last"))
    yield FULL | {"zero_output_for_mask": True}, (Call(4, "last", "one each"), masked)
    yield dropping, (Call(4, None, "one each", training=True), Call(3, initial="one each"))
    yield FULL | {"dropout": 0.4, "go_backwards": True}, (Call(4, training=True),)
    yield FULL | other, (first,)


CONFIGURATIONS = [
    Configuration(cell, 2, 3, 3, kind | more, calls, seed)
    for cell, kind in test_layers.KINDS
    for seed, (more, calls) in enumerate(variants(cell))
]
# Long enough for several stretches of steps and several products for the weights' gradient.
CONFIGURATIONS += [
    Configuration(cell, 2, 40, 8, kind | FULL, (Call(80, "some", "one each"),))
    for cell, kind in test_layers.KINDS
]
UNIT_TESTS = [
    test
    for module in (
        test_layers,
        test_convert,
        test_initializers,
        test_pool,
        test_gradient_check,
        test_faint,
    )
    for name, test in inspect.getmembers(module, inspect.isfunction)
    if name.startswith("test_") and list(inspect.signature(test).parameters) == ["cells"]
    if not getattr(test, "pytestmark", None)
]


Check = Callable[[ModuleType], str | None]  # what it has against a package


def comparison(configuration: Configuration) -> Check:
    """With Keras, which is asked once."""
    reference = by_keras(configuration)

    def check(package: ModuleType) -> str | None:
        return "; ".join(differences(by_cells(package, configuration), reference, 1e-10)) or None

    return check


def seconds(check: Check) -> float:
    """Of the processor, on the package as it is."""
    start = time.process_time()
    check(cells)
    return time.process_time() - start


@pytest.fixture(scope="module")
def checks() -> dict[str, Check]:
    """All of them by name, the cheapest first."""
    every = {str(one): comparison(one) for one in CONFIGURATIONS}
    every |= {test.__name__: test for test in UNIT_TESTS}
    assert len(every) == len(CONFIGURATIONS) + len(UNIT_TESTS)
    cost = {name: seconds(check) for name, check in every.items()}
    return {name: every[name] for name in sorted(every, key=cost.__getitem__)}


def objection(package: ModuleType, checks: dict[str, Check], first: str = "") -> str | None:
    """The first thing that the suite has against ``package``, or None."""
    for name in sorted(checks, key=lambda one: one != first):
        try:
            found = checks[name](package)
        except (Exception, pytest.fail.Exception) as error:
            found = repr(error)
        if found:
            return f"{name}: {found}"
    return None


def test_the_package_itself_passes(checks):
    assert objection(cells, checks) is None


def test_an_unchanged_copy_passes(checks):
    with mutated(None) as copy:
        assert copy.LSTM is not cells.LSTM
        assert copy.LSTM.__module__ == f"{NAME}.layers"
        assert not [name for name in cells.__all__ if getattr(copy, name) is getattr(cells, name)]
        assert objection(copy, checks) is None


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # some mistakes overflow
@pytest.mark.parametrize("number", range(len(MUTANTS)), ids=[m.mistake for m in MUTANTS])
def test_mistake_is_caught(number, checks):
    mutant = MUTANTS[number]
    with mutated(mutant) as package:
        said = objection(package, checks, mutant.noticed_by)
    assert said, f"nobody noticed: {mutant.mistake}"
    if mutant.noticed_by:
        assert said.startswith(mutant.noticed_by), f"{mutant.mistake}: now it is {said}"


def test_there_are_many_mistakes_and_all_differ():
    assert len(MUTANTS) >= 60
    assert len({(m.file, m.right, m.wrong) for m in MUTANTS}) == len(MUTANTS)


def test_a_mutant_that_no_longer_fits_is_an_error():
    stale = Mutant("stale", "lstm.py", "no such line", "")
    with pytest.raises(ValueError, match="stands 0 times"), mutated(stale):
        pass
