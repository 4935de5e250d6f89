"""Targets against slow oracles that read the inputs, and the places where clues may stand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.tasks import Adding, CopyMemory, Latch, Recall, TemporalOrder

seeds = st.integers(0, 2**32)
checked = settings(deadline=None, max_examples=100)


def sample(task, seed, batch_size=6):
    return task.sample(batch_size, np.random.default_rng(seed))


def read(task, sequence):
    """The names of the one-hot symbols of a sequence (T, m)."""
    return [task.labels.inputs[list(step).index(1)] for step in sequence]


@checked
@given(st.integers(1, 60), st.integers(2, 26), st.integers(1, 9), seeds)
def test_recall(lag, symbols, distractors, seed):
    task = Recall(lag, symbols, distractors)
    batch = sample(task, seed)
    for sequence, target in zip(batch.inputs, batch.targets, strict=True):
        names = read(task, sequence)
        assert len(names) == lag + 1
        assert names[0] == task.labels.outputs[target]
        assert not set(names[1:]) & set(task.labels.outputs)
    assert task.clues(batch.inputs).nonzero()[1].tolist() == [0] * 6


@checked
@given(st.integers(2, 80), seeds)
def test_adding(length, seed):
    task = Adding(length)
    batch = sample(task, seed)
    for sequence, target in zip(batch.inputs, batch.targets, strict=True):
        marked = [t for t in range(length) if sequence[t, 1] == 1]
        assert all(sequence[t, 1] == 0 for t in range(length) if t not in marked)
        first, second = marked
        assert first < length // 2 <= second
        assert target[0] == pytest.approx(float(sequence[first, 0]) + float(sequence[second, 0]))
    assert batch.inputs[..., 0].min() >= 0 and batch.inputs[..., 0].max() < 1
    assert (task.clues(batch.inputs) == batch.inputs[..., 1]).all()


def test_adding_marks_reach_every_step():
    marks = sample(Adding(7), 0, 2000).inputs[..., 1].mean(axis=0)
    assert marks == pytest.approx([1 / 3] * 3 + [1 / 4] * 4, abs=0.06)  # 5 standard errors


@checked
@given(st.integers(1, 40), st.integers(1, 12), st.integers(2, 26), seeds)
def test_copy_memory(delay, items, symbols, seed):
    task = CopyMemory(delay, items, symbols)
    batch = sample(task, seed)
    for sequence, targets in zip(batch.inputs, batch.targets, strict=True):
        names = read(task, sequence)
        message = names[:items]
        assert set(message) <= set(task.labels.outputs[:-1])
        assert names[items:] == ["blank"] * (delay - 1) + ["go"] + ["blank"] * items
        answers = [task.labels.outputs[k] for k in targets]
        assert answers == ["blank"] * (delay + items) + message
    assert (task.clues(batch.inputs) == (np.arange(task.length) < items)).all()


@checked
@given(st.integers(10, 130), seeds)
def test_temporal_order(length, seed):
    task = TemporalOrder(length)
    batch = sample(task, seed)
    for sequence, target in zip(batch.inputs, batch.targets, strict=True):
        names = read(task, sequence)
        assert names[0] == "E" and names[-1] == "B" and not {"E", "B"} & set(names[1:-1])
        first, second = (t for t, name in enumerate(names) if name in "XY")
        assert length // 10 <= first <= length // 5
        assert length // 2 <= second <= 3 * length // 5
        assert task.labels.outputs[target] == names[first] + names[second]
        assert set(names) - set("EBXY") <= set("abcd")


def test_temporal_order_at_100_has_the_steps_of_the_paper():
    task = TemporalOrder(100)
    _, when = task.clues(sample(task, 0, 2000).inputs).nonzero()
    assert (set(when[::2]), set(when[1::2])) == (set(range(10, 21)), set(range(50, 61)))


@checked
@given(st.integers(2, 80), st.floats(0, 3), seeds)
def test_latch(length, noise, seed):
    task = Latch(length, noise)
    batch = sample(task, seed)
    first = batch.inputs[:, 0, 0]
    assert [task.labels.outputs[k] for k in batch.targets] == [f"{x:+.0f}" for x in first]
    assert task.clues(batch.inputs).nonzero()[1].tolist() == [0] * 6


def test_latch_noise_has_its_standard_deviation_and_no_mean():
    noise = sample(Latch(101, 0.3), 0, 1000).inputs[:, 1:]
    assert noise.std() == pytest.approx(0.3, abs=5 * 0.3 / np.sqrt(2 * noise.size))
    assert noise.mean() == pytest.approx(0, abs=5 * 0.3 / np.sqrt(noise.size))
