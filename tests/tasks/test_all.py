"""What holds for every task, whatever its dials."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.tasks import (
    Adding,
    BestSoFar,
    ContinualReber,
    CopyMemory,
    Counting,
    EmbeddedReber,
    FranceSentence,
    Latch,
    LatestValue,
    ManyKeys,
    Parity,
    Recall,
    TemporalOrder,
)


def whole(low, high):
    return st.integers(low, high)


distances = st.tuples(whole(3, 30), whole(0, 30)).map(lambda pair: (pair[0], sum(pair)))
ANY_TASK = st.one_of(
    st.builds(FranceSentence, distances | whole(3, 60)),
    st.builds(Recall, whole(1, 60), whole(2, 26), whole(1, 12)),
    st.builds(Adding, whole(2, 60)),
    st.builds(CopyMemory, whole(1, 40), whole(1, 12), whole(2, 26)),
    st.builds(TemporalOrder, whole(10, 120)),
    st.builds(EmbeddedReber),
    st.builds(ContinualReber, whole(1, 60)),
    st.builds(Counting, whole(2, 40)),
    st.builds(Latch, whole(2, 60), st.floats(0, 3)),
    st.builds(Parity, whole(1, 60)),
    st.builds(BestSoFar, whole(2, 60)),
    st.builds(ManyKeys, whole(1, 9), whole(9, 26), whole(2, 6)),
    st.builds(LatestValue, whole(1, 40), whole(2, 26), whole(2, 6)),
)
DEFAULTS = [
    FranceSentence(),
    Recall(),
    Adding(),
    CopyMemory(),
    TemporalOrder(),
    EmbeddedReber(),
    ContinualReber(),
    Counting(),
    Latch(),
    Parity(),
    BestSoFar(),
    ManyKeys(),
    LatestValue(),
]
CLASSIFICATION = [task for task in DEFAULTS if task.loss == "cross_entropy"]


def by_name(task):
    return type(task).__name__


def sample(task, batch_size=8, seed=0):
    return task.sample(batch_size, np.random.default_rng(seed))


@settings(deadline=None, max_examples=200)
@given(ANY_TASK, whole(1, 9), whole(0, 2**32))
def test_shapes_types_and_ranges(task, batch_size, seed):
    batch = sample(task, batch_size, seed)
    steps = batch.inputs.shape[1]
    assert batch.inputs.shape == (batch_size, steps, task.input_size)
    assert batch.inputs.dtype == np.float32
    assert np.isfinite(batch.inputs).all()
    assert steps == getattr(task, "length", steps)
    if task.loss == "mse":
        assert batch.targets.shape == (batch_size, task.output_size)
        assert batch.targets.dtype == np.float32
    else:
        assert batch.targets.shape == ((batch_size, steps) if task.every_step else (batch_size,))
        assert batch.targets.dtype.kind == "i"
        assert 0 <= batch.targets.min() <= batch.targets.max() < task.output_size
    if batch.weights is not None:
        assert batch.weights.shape == (batch_size, steps)
        assert batch.weights.dtype == np.float32
        assert (batch.weights.sum(axis=1) > 0).all()
    clues = task.clues(batch.inputs)
    assert clues.shape == (batch_size, steps) and clues.dtype == bool


@settings(deadline=None, max_examples=200)
@given(ANY_TASK, whole(0, 2**32))
def test_symbols_are_one_hot_while_the_sequence_lasts(task, seed):
    if isinstance(task, Adding | Latch | BestSoFar):
        return
    batch = sample(task, 5, seed)
    padded = isinstance(task, EmbeddedReber)
    lasts = batch.weights if padded else np.ones(batch.inputs.shape[:2])
    assert set(np.unique(batch.inputs)) <= {0, 1}
    assert (batch.inputs.sum(axis=-1) == lasts).all()


@settings(deadline=None, max_examples=100)
@given(ANY_TASK, whole(0, 2**32))
def test_the_seed_decides_all(task, seed):
    one, same = sample(task, 16, seed), sample(task, 16, seed)
    for field in dataclasses.fields(one):
        assert np.array_equal(getattr(one, field.name), getattr(same, field.name))
    rng = np.random.default_rng(seed)
    first, second = (task.sample(64, rng) for _ in range(2))
    same_targets = np.array_equal(first.targets, second.targets)
    assert not (same_targets and np.array_equal(first.inputs, second.inputs))


@pytest.mark.parametrize("task", DEFAULTS, ids=by_name)
def test_sampling_leaves_the_global_generator_alone(task):
    before = np.random.get_state()[1].copy()
    sample(task)
    assert np.array_equal(before, np.random.get_state()[1])


@pytest.mark.parametrize("task", CLASSIFICATION, ids=by_name)
def test_all_classes_occur(task):
    batch = sample(task, 2000)
    seen = batch.targets if batch.weights is None else batch.targets[batch.weights > 0]
    assert set(np.unique(seen)) == set(range(task.output_size))


@pytest.mark.parametrize("task", DEFAULTS, ids=by_name)
def test_a_task_is_a_value(task):
    assert task == type(task)() and hash(task) == hash(type(task)())
    with pytest.raises(dataclasses.FrozenInstanceError):
        task.length = 3


@pytest.mark.parametrize("task", DEFAULTS, ids=by_name)
def test_words_for_people(task):
    assert len(set(task.labels.inputs)) == task.input_size
    assert len(set(task.labels.outputs)) == task.output_size
    assert task.describe().endswith((".", "?")) and len(task.describe()) < 400
    assert max(map(len, task.describe().splitlines())) <= 88
    assert task.baseline.why.endswith(".") and task.best.why.endswith(".")
    assert task.best.loss < task.baseline.loss
    assert (task.baseline.accuracy is None) == (task.loss == "mse")


@pytest.mark.parametrize("task", DEFAULTS, ids=by_name)
@pytest.mark.parametrize("size", [0, -1, 2.5, True, "32"])
def test_bad_batch_size(task, size):
    with pytest.raises(ValueError, match=r"^batch_size is .*whole number from 1\.$"):
        task.sample(size, np.random.default_rng(0))


@pytest.mark.parametrize("rng", [0, None, np.random.RandomState(0)])
def test_a_bare_seed_is_no_generator(rng):
    with pytest.raises(TypeError, match=r"^rng is .*np\.random\.default_rng\(0\)\.$"):
        Adding().sample(4, rng)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: Recall(lag=0), "lag"),
        (lambda: Recall(lag=2.0), "lag"),
        (lambda: Recall(symbols=1), "symbols"),
        (lambda: Recall(symbols=27), "symbols"),
        (lambda: Recall(distractors=0), "distractors"),
        (lambda: Adding(length=1), "length"),
        (lambda: Adding(length="100"), "length"),
        (lambda: CopyMemory(delay=0), "delay"),
        (lambda: CopyMemory(items=0), "items"),
        (lambda: CopyMemory(symbols=1), "symbols"),
        (lambda: TemporalOrder(length=9), "length"),
        (lambda: ContinualReber(length=0), "length"),
        (lambda: Latch(length=1), "length"),
        (lambda: Parity(length=0), "length"),
        (lambda: BestSoFar(length=1), "length"),
        (lambda: Latch(noise=-0.1), "noise"),
        (lambda: Latch(noise=float("nan")), "noise"),
        (lambda: Latch(noise="much"), "noise"),
        (lambda: FranceSentence(2), "distance"),
        (lambda: FranceSentence((2, 9)), "distance"),
        (lambda: FranceSentence((9, 5)), "distance"),
        (lambda: FranceSentence((3, 4, 5)), "distance"),
        (lambda: FranceSentence(5.5), "distance"),
        (lambda: FranceSentence(10, length=14), "length"),
    ],
)
def test_a_bad_dial_gets_one_sentence_that_names_it(make, name):
    with pytest.raises(ValueError, match=rf"^{name} is [^\n]*\.$"):
        make()
