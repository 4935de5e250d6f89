"""The model: gradients of every weight, one vector of weights, and mismatches."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.cells import LSTM
from course_utils.tasks import FranceSentence
from course_utils.training import SGD, Parameters, SequenceModel, train


def random_batch(rng, loss, every_step, size=3, steps=4, width=2, outputs=3):
    answers = (size, steps) if every_step else (size,)
    return SimpleNamespace(
        inputs=rng.normal(size=(size, steps, width)),
        targets=(
            rng.integers(outputs, size=answers)
            if loss == "cross_entropy"
            else rng.normal(size=(*answers, outputs))
        ),
        weights=rng.uniform(0, 1, answers),
    )


def differences(model, batch, shift=1e-5):
    """Central differences of the loss for each entry of the vector of weights."""
    vector, slopes = model.weights.vector, []
    for k in range(vector.size):
        old, sides = vector[k], []
        for side in (shift, -shift):
            vector[k] = old + side
            sides.append(model.evaluate(batch).loss)
        vector[k] = old
        slopes.append((sides[0] - sides[1]) / (2 * shift))
    return np.array(slopes)


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
@pytest.mark.parametrize("every_step", [False, True])
def test_gradient_of_every_weight(tiny_rnn, loss, every_step):
    rng = np.random.default_rng(1)
    model = SequenceModel(tiny_rnn(4, return_sequences=every_step), 3, loss, every_step, seed=2)
    model.build(2)
    model.weights["head/bias"][:] = rng.normal(size=3)
    batch = random_batch(rng, loss, every_step)
    value, gradients = model.loss_and_gradients(batch)
    assert value == pytest.approx(model.evaluate(batch).loss)
    np.testing.assert_allclose(gradients.vector, differences(model, batch), atol=1e-9)
    assert list(gradients) == list(model.weights)
    assert {k: v.shape for k, v in gradients.items()} == {
        "layer/kernel": (2, 4),
        "layer/recurrent_kernel": (4, 4),
        "layer/bias": (4,),
        "head/kernel": (4, 3),
        "head/bias": (3,),
    }


def test_the_vector_and_the_arrays_are_the_same_memory():
    arrays = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([7.0])}
    parameters = Parameters(arrays)
    np.testing.assert_array_equal(parameters.vector, [0, 1, 2, 3, 4, 5, 7])
    parameters.vector += 1
    np.testing.assert_array_equal(parameters["a"], [[1, 2, 3], [4, 5, 6]])
    parameters["b"][:] = 0
    assert parameters.vector[-1] == 0
    assert arrays["b"][0] == 7


def test_changing_the_vector_changes_the_prediction(tiny_rnn):
    model = SequenceModel(tiny_rnn(4), 2)
    x = np.ones((1, 3, 2))
    model.build(2)
    before = model.predict(x)
    model.weights.vector[:] = 0
    assert before.any()
    assert not model.predict(x).any()
    assert not model.layer.weights["recurrent_kernel"].any()


def test_a_new_array_in_the_layer_is_taken_over(tiny_rnn):
    model = SequenceModel(tiny_rnn(4), 2)
    model.build(2)
    vector = model.weights.vector
    model.layer.weights["bias"] = np.full(4, 5.0)
    assert (model.weights["layer/bias"] == 5).all()
    assert model.weights.vector is vector
    vector[:] = 0
    assert not model.layer.weights["bias"].any()


def test_two_models_on_one_layer_train_the_same_weights(tiny_rnn, sign_task):
    layer = tiny_rnn(4)
    first, second = SequenceModel(layer, 2), SequenceModel(layer, 2)
    batch = sign_task.sample(8, np.random.default_rng(0))
    for model in (first, second, first):
        model.build(1)
        before = layer.weights["kernel"].copy()
        _, gradients = model.loss_and_gradients(batch)
        SGD(0.1).update(model.weights, gradients)
        assert (layer.weights["kernel"] != before).all()
        np.testing.assert_array_equal(model.weights["layer/kernel"], layer.weights["kernel"])


def test_mask_and_dropout_reach_the_layer(tiny_rnn):
    calls = []

    class Listening(tiny_rnn):
        def __call__(self, x, *, mask=None, training=False):
            calls.append((mask, training))
            return super().__call__(x)

    model = SequenceModel(Listening(2), 2)
    batch = random_batch(np.random.default_rng(0), "cross_entropy", False, outputs=2)
    batch.mask = np.ones((3, 4), bool)
    model.evaluate(batch)
    model.loss_and_gradients(batch)
    model.predict(batch.inputs)
    assert calls == [(batch.mask, False), (batch.mask, True), (None, False)]


def test_dtype_is_that_of_the_layer(tiny_rnn, sum_task):
    model = SequenceModel.for_task(tiny_rnn(3, dtype="float32"), sum_task)
    batch = sum_task.sample(2, np.random.default_rng(0))
    loss, gradients = model.loss_and_gradients(batch)
    assert model.weights.vector.dtype == gradients.vector.dtype == np.float32
    assert model.predict(batch.inputs).dtype == np.float32
    assert type(loss) is float
    assert model.evaluate(batch).accuracy is None


@pytest.mark.parametrize("every_step", [False, True])
def test_probabilities_are_the_softmax_of_the_logits(tiny_rnn, every_step):
    model = SequenceModel(tiny_rnn(4, return_sequences=every_step), 3, every_step=every_step)
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    model.build(3)
    model.weights["head/bias"][:] = 800, 801, 0  # exp would overflow
    found, logits = model.probabilities(x), model.predict(x)
    assert found.shape == logits.shape
    np.testing.assert_allclose(found.sum(axis=-1), 1)
    ratio = found[..., 1] / found[..., 0]
    np.testing.assert_allclose(ratio, np.exp(logits[..., 1] - logits[..., 0]))


def test_values_have_no_probabilities(tiny_rnn):
    with pytest.raises(ValueError, match="loss 'mse'; only classes"):
        SequenceModel(tiny_rnn(4), 1, loss="mse").probabilities(np.zeros((1, 2, 3)))


def test_the_head_is_not_drawn_from_the_stream_of_the_layer(tiny_rnn):
    head = SequenceModel(tiny_rnn(32), 12, seed=3).head.weights["kernel"].ravel()
    same = np.random.default_rng(3).uniform(-1, 1, head.size)
    assert abs(np.corrcoef(head, same)[0, 1]) < 0.2


def test_the_seed_draws_the_head(tiny_rnn):
    kernels = [SequenceModel(tiny_rnn(50), 4, seed=s).head.weights["kernel"] for s in (1, 1, 2)]
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert (kernels[0] != kernels[2]).all()
    limit = np.sqrt(6 / 54)
    assert 0.9 * limit < abs(kernels[0]).max() <= limit


def test_mistakes_are_named(tiny_rnn):
    with pytest.raises(ValueError, match="'huber'; it must be one of cross_entropy, mse"):
        SequenceModel(tiny_rnn(2), 2, loss="huber")
    with pytest.raises(ValueError, match="make the layer with return_sequences=True"):
        SequenceModel(tiny_rnn(2), 2, every_step=True)
    with pytest.raises(ValueError, match="make the layer with return_sequences=False"):
        SequenceModel(tiny_rnn(2, return_sequences=True), 2)
    with pytest.raises(ValueError, match="no weights yet"):
        _ = SequenceModel(tiny_rnn(2), 2).weights
    layer = tiny_rnn(2)
    layer.return_state = True
    with pytest.raises(ValueError, match="return_state"):
        SequenceModel(layer, 2)


def test_repr(tiny_rnn):
    assert repr(SequenceModel(tiny_rnn(2), 3)) == "SequenceModel(TinyRNN(2), 3, 'cross_entropy')"


def test_a_copy_is_trained_by_itself():
    """Copied one by one, the vector that an optimiser changes would belong to no array."""
    task = FranceSentence((3, 5))
    model = SequenceModel.for_task(LSTM(4, seed=0), task)
    train(model, task, steps=2, progress=False)
    before = {name: array.copy() for name, array in model.weights.items()}
    twin = copy.deepcopy(model)
    train(twin, task, steps=2, progress=False)
    assert all(np.array_equal(array, before[name]) for name, array in model.weights.items())
    assert all(np.any(array != before[name]) for name, array in twin.weights.items())
    assert np.any(twin.layer.get_weights()[0] != before["layer/kernel"])
