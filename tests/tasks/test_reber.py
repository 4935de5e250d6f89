"""Reber strings against regular expressions, which know nothing of the course's automaton."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.tasks import ContinualReber, EmbeddedReber

SYMBOLS = "BTPSXVE"
# Node 2 of the inner grammar: T*V, then V to the end, or P to node 3: X back to node 2, or S.
TAIL = "T*V(?:PXT*V)*(?:V|PS)"
INNER = f"B(?:TS*X(?:S|X{TAIL})|P{TAIL})E"
OUTER = f"B(?:T{INNER}T|P{INNER}P)E"
seeds = st.integers(0, 2**32)


def sample(task, seed, size=8):
    return task.sample(size, np.random.default_rng(seed))


def whole_strings(batch):
    """Inputs and the last target of each sequence, as text."""
    for inputs, targets, weights in zip(batch.inputs, batch.targets, batch.weights, strict=True):
        n = int(weights.sum())
        assert (weights[:n] == 1).all() and not weights[n:].any() and not inputs[n:].any()
        text = "".join(SYMBOLS[k] for k in inputs[:n].argmax(axis=-1))
        following = "".join(SYMBOLS[k] for k in targets[:n])
        assert text[1:] == following[:-1]
        yield text + following[-1]


def successors(prefix, examples):
    """The symbols that follow a prefix in some of many examples."""
    n = len(prefix)
    return {text[n] for text in examples if text.startswith(prefix) and len(text) > n}


@pytest.mark.parametrize("text", ["BTXSE", "BPVVE", "BTSSXXTVVE", "BPTTVPXVPSE", "BTXXVPSE"])
def test_the_oracle_accepts_strings_of_the_literature(text):
    assert re.fullmatch(INNER, text)


@pytest.mark.parametrize("text", ["BTE", "BTSE", "BPXSE", "BPTE", "BTXS", "BTXXVPVE", "BPVPE"])
def test_the_oracle_rejects_others(text):
    assert not re.fullmatch(INNER, text)


@settings(deadline=None, max_examples=150)
@given(seeds, st.integers(1, 20))
def test_embedded_strings_are_legal(seed, size):
    batch = sample(EmbeddedReber(), seed, size)
    strings = list(whole_strings(batch))
    assert all(re.fullmatch(OUTER, text) for text in strings)
    assert max(map(len, strings)) == batch.inputs.shape[1] + 1
    assert EmbeddedReber().strings(batch) == [text[:-1] for text in strings]


@settings(deadline=None, max_examples=150)
@given(seeds, st.integers(1, 80))
def test_streams_are_embedded_strings_one_after_the_other(seed, length):
    task = ContinualReber(length)
    batch = sample(task, seed)
    for text, targets in zip(task.strings(batch), batch.targets, strict=True):
        assert len(text) == length
        stream = text + SYMBOLS[targets[-1]]
        assert stream[1:] == "".join(SYMBOLS[k] for k in targets)
        left = re.sub(f"^(?:{OUTER})*", "", stream)
        assert re.sub(OUTER, "", left) == left  # what is left is the start of one string
        assert re.fullmatch("(?:B(?:[TP](?:B[TPSXV]*E?)?)?)?[TP]?", left)


def test_legal_successors_are_those_that_occur():
    """Each short prefix goes on in all its legal ways in 20,000 strings, and in no other."""
    batch = sample(EmbeddedReber(), 0, 20_000)
    strings = list(whole_strings(batch))
    prefixes = {text[:n]: (row, n - 1) for row, text in enumerate(strings) for n in range(1, 8)}
    for prefix, (row, step) in prefixes.items():
        legal = {SYMBOLS[k] for k in batch.legal[row, step].nonzero()[0]}
        assert legal == successors(prefix, strings), prefix


@pytest.mark.parametrize("task", [EmbeddedReber(), ContinualReber(60)], ids=repr)
def test_clues_and_critical_steps(task):
    batch = sample(task, 3, 200)
    clues = task.clues(batch.inputs)
    for row, text in enumerate(task.strings(batch)):
        text += SYMBOLS[batch.targets[row, len(text) - 1]]
        expected_clues, expected_critical = set(), set()
        for match in re.finditer(f"B([TP])(?:({INNER})([TP])|B)?", text):
            expected_clues.add(match.start(1))
            if match.group(3):
                assert match.group(1) == match.group(3)
                expected_critical.add(match.start(3) - 1)
        expected_clues.discard(len(text) - 1)  # a last target is not among the inputs
        assert set(clues[row].nonzero()[0]) == expected_clues
        found = set(batch.critical[row].nonzero()[0])
        # An inner string that was just complete when the stream stopped.
        assert expected_critical == found


def test_what_counts_as_right():
    task = EmbeddedReber()
    batch = sample(task, 0, 50)
    scored = batch.weights > 0
    good = np.where(batch.legal, 2.0, 1.0)
    assert (batch.right(good) == scored).all()
    assert not batch.right(np.zeros_like(good)).any()
    # One illegal symbol above the weakest legal one is enough to be wrong.
    two = batch.legal.sum(axis=-1) == 2
    weakest = good.copy()
    rows, steps = two.nonzero()
    weakest[rows, steps, batch.legal[rows, steps].argmax(axis=-1)] = 0
    assert not batch.right(weakest)[two].any()
    assert batch.right(weakest)[scored & ~two].all()


def test_branches_are_taken_half_the_time():
    batch = sample(EmbeddedReber(), 5, 5000)
    first = batch.targets[:, 0]
    assert (first == 1).mean() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(5000))
