"""The loop: it learns, repeats itself, stops for a reason and says what does not fit."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from course_utils.training import SGD, Adam, SequenceModel, train
from course_utils.training.loop import DIVERGED


@pytest.fixture
def model(tiny_rnn, sign_task):
    return SequenceModel.for_task(tiny_rnn(8), sign_task)


def test_it_learns_and_stops_at_the_target(model, sign_task):
    history = train(
        model,
        sign_task,
        steps=500,
        optimizer=Adam(0.01),
        evaluate_every=20,
        stop_when=lambda metrics: metrics.accuracy > 0.97,
    )
    assert history.solved_at == history.steps[-1] == history.updates < 500
    assert history.accuracy[-1] > 0.97
    assert (history.accuracy[:-1] <= 0.97).all()
    assert list(history.steps) == list(range(0, history.solved_at + 1, 20))
    assert not history.interrupted
    assert not history.diverged
    assert history.seconds > 0
    assert repr(history) == "History(solved within 500 steps)"


def test_values_are_learnt_too(tiny_rnn, sum_task):
    model = SequenceModel.for_task(tiny_rnn(8), sum_task)
    history = train(model, sum_task, steps=300, optimizer=SGD(0.1, momentum=0.9))
    assert history.loss[-1] < 0.02 < 0.3 < history.loss[0]
    assert np.isnan(history.accuracy).all()
    assert history.solved_at is None
    assert repr(history) == "History(300 steps)"


def test_history_has_one_entry_an_update_and_one_an_evaluation(model, sign_task):
    history = train(model, sign_task, steps=7, evaluate_every=3)
    np.testing.assert_array_equal(history.steps, [0, 3, 6, 7])
    assert history.loss.shape == history.accuracy.shape == (4,)
    assert history.batch_loss.shape == history.gradient_norm.shape == (7,)
    assert (history.gradient_norm > 0).all()


def test_evaluation_sees_the_weights_before_the_next_update(tiny_rnn, sign_task):
    """Training for 3 steps and for 6 gives the same numbers at step 3."""
    runs = []
    for steps in (3, 6):
        model = SequenceModel.for_task(tiny_rnn(4), sign_task)
        runs.append(train(model, sign_task, steps=steps, evaluate_every=3))
    np.testing.assert_array_equal(runs[0].loss, runs[1].loss[:2])
    assert runs[1].loss[2] != runs[1].loss[1]


def test_seeds_reproduce_a_run(tiny_rnn, sign_task):
    losses, weights = [], []
    for seed in (1, 1, 2):
        model = SequenceModel.for_task(tiny_rnn(4), sign_task, seed=0)
        losses.append(train(model, sign_task, steps=5, seed=seed).batch_loss)
        weights.append(model.weights.vector)
    np.testing.assert_array_equal(losses[0], losses[1])
    np.testing.assert_array_equal(weights[0], weights[1])
    assert (losses[0] != losses[2]).all()


def test_batches_are_fresh_and_the_held_out_ones_are_never_trained_on(model, sign_task):
    seen = []

    class Watched(type(sign_task)):
        def sample(self, batch_size, rng):
            batch = super().sample(batch_size, rng)
            seen.append(batch.inputs)
            return batch

    train(model, Watched(), steps=20, evaluate_every=4)
    assert [len(x) for x in seen] == [256] + 20 * [32]
    firsts = np.concatenate(seen)[:, 0, 0]
    assert len(np.unique(firsts)) > 0.99 * len(firsts)


def test_a_second_call_goes_on_where_the_first_ended(model, sign_task):
    first = train(model, sign_task, steps=100, optimizer=Adam(0.01))
    second = train(model, sign_task, steps=10, optimizer=Adam(0.01))
    assert second.loss[0] == first.loss[-1] < first.loss[0]


def test_clip_limits_the_step(model, sign_task):
    model.build(1)
    before = model.weights.vector.copy()
    history = train(model, sign_task, steps=1, optimizer=SGD(1.0), clip=1e-3)
    assert history.gradient_norm[0] > 1e-2
    assert np.linalg.norm(model.weights.vector - before) == pytest.approx(1e-3)


def test_clip_none_leaves_gradients_as_they_are(model, sign_task):
    model.build(1)
    before = model.weights.vector.copy()
    history = train(model, sign_task, steps=1, optimizer=SGD(1.0), clip=None)
    moved = np.linalg.norm(model.weights.vector - before)
    assert moved == pytest.approx(history.gradient_norm[0])


@pytest.mark.parametrize("rate", [1e6, 1e30])
def test_divergence_stops_and_says_what_to_try(tiny_rnn, sum_task, capsys, rate):
    model = SequenceModel.for_task(tiny_rnn(4, dtype="float32"), sum_task)
    history = train(
        model, sum_task, steps=99, optimizer=SGD(rate, 0.9), clip=None, evaluate_every=5
    )
    printed = " ".join(capsys.readouterr().out.split())
    assert printed == DIVERGED
    assert "lower learning rate" in printed
    assert "clip=1.0" in printed
    assert history.diverged
    assert history.updates < 99
    assert repr(history) == "History(diverged)"
    assert np.isfinite(model.weights.vector).all()
    assert model.evaluate(sum_task.sample(256, np.random.default_rng(0))).loss < 1e6
    assert np.isfinite(history.batch_loss).all()


def test_a_gradient_that_is_not_finite_never_reaches_the_weights(model, sign_task):
    honest, calls = model.layer.backward, []

    def poisoned(dy):
        gradients = honest(dy)
        calls.append(1)
        if len(calls) == 4:
            gradients.weights["bias"][0] = np.nan
        return gradients

    model.layer.backward = poisoned
    history = train(model, sign_task, steps=9, progress=False)
    assert history.diverged
    assert history.updates == 3
    assert np.isfinite(model.weights.vector).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"output_size": 3}, r"output_size 2 but the task needs 3: .*output_size=3"),
        ({"loss": "mse"}, r"loss 'cross_entropy' but the task needs 'mse': .*loss='mse'"),
        ({"every_step": True}, r"every_step False but the task needs True: .*_sequences=True"),
        ({"input_size": 7}, r"built for inputs of size 1 but the task has inputs of size 7"),
    ],
)
def test_a_model_that_does_not_fit_is_told_before_training(model, sign_task, change, words):
    model.build(1)
    vars(sign_task).update(change)
    sign_task.sample = None  # nothing may be drawn
    with pytest.raises(ValueError, match=words):
        train(model, sign_task, steps=1)


@pytest.mark.parametrize("name", ["steps", "batch_size", "evaluate_every"])
@pytest.mark.parametrize("value", [0, -1, 2.5])
def test_counts_are_whole_numbers(model, sign_task, name, value):
    arguments = {"steps": 1} | {name: value}
    with pytest.raises(ValueError, match=f"{name} is {value}; it must be a whole number"):
        train(model, sign_task, **arguments)


SCRIPT = """
import sys
sys.path.insert(0, {here!r})
from conftest import SignTask, TinyRNN
from course_utils.training import SequenceModel, train
assert "tqdm" not in sys.modules
model = SequenceModel.for_task(TinyRNN(2), SignTask())
answers = iter({answers})
train(model, SignTask(), steps=60, progress={progress}, stop_when=lambda _: next(answers))
"""


@pytest.mark.parametrize(
    ("environment", "progress", "answers", "shown"),
    [
        ({}, True, [False, False, False], "60/60"),
        ({}, True, [False, True], "50/50"),
        ({}, False, [True], ""),
        ({"COURSE_BUILD": "1"}, True, [True], ""),
        ({"PYTEST_VERSION": "8"}, True, [True], ""),
    ],
)
def test_the_bar_is_shown_to_people_only(request, environment, progress, answers, shown):
    silent = {"COURSE_BUILD", "PYTEST_VERSION", "PYTEST_CURRENT_TEST"}
    env = {name: value for name, value in os.environ.items() if name not in silent} | environment
    env["PYTHONPATH"] = str(request.config.rootpath)
    script = SCRIPT.format(here=str(request.path.parent), progress=progress, answers=answers)
    run = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    assert shown in run.stdout if shown else run.stdout == ""
