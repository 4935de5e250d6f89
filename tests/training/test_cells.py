"""The same model and the same loop with the course's own cells."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.training import SGD, Adam, SequenceModel, train
from tests.training.test_model import differences, random_batch

CELLS = [SimpleRNN, LSTM, GRU]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
def test_gradient_of_every_weight(cell, every_step, loss):
    rng = np.random.default_rng(3)
    layer = cell(3, return_sequences=every_step, seed=1, dtype="float64")
    model = SequenceModel(layer, 3, loss, every_step)
    batch = random_batch(rng, loss, every_step)
    batch.mask = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 0, 1, 1]], bool)
    model.build(2)
    model.weights.vector[:] = rng.normal(size=model.weights.vector.size)
    _, gradients = model.loss_and_gradients(batch)
    np.testing.assert_allclose(gradients.vector, differences(model, batch), atol=1e-8)


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_learns(cell, sign_task):
    model = SequenceModel.for_task(cell(8, seed=0), sign_task)
    history = train(
        model,
        sign_task,
        steps=400,
        optimizer=Adam(0.01),
        stop_when=lambda metrics: metrics.accuracy > 0.95,
    )
    assert history.solved_at is not None
    assert model.weights.vector.dtype == np.float32


@pytest.mark.parametrize("cell", CELLS)
def test_the_layer_computes_with_the_vector(cell):
    model = SequenceModel(cell(4, seed=0), 2)
    model.build(3)
    layer_size = model.layer.count_params()
    model.weights.vector[:] = np.arange(model.weights.vector.size) / 100
    kept = np.concatenate([w.ravel() for w in model.layer.get_weights()])
    np.testing.assert_array_equal(kept, model.weights.vector[:layer_size])
    model.layer.set_weights([np.zeros_like(w) for w in model.layer.get_weights()])
    assert not model.weights.vector[:layer_size].any()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("rate", [1e3, 1e18, 1e37])
def test_divergence(cell, rate, sum_task, capsys):
    model = SequenceModel.for_task(cell(4, seed=0), sum_task)
    history = train(model, sum_task, steps=200, optimizer=SGD(rate, 0.9), clip=None)
    assert history.diverged
    assert capsys.readouterr().out.startswith("Training stopped: ")
    assert np.isfinite(model.weights.vector).all()
