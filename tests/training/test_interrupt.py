"""The kernel is interrupted at every point of a run: model and history must stay usable."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import course_utils.training
from course_utils.training import SGD, Adam, SequenceModel, train

STEPS = 2
OWN = Path(course_utils.training.__file__).parent


class Interrupt:
    """Raise KeyboardInterrupt at point number `at` inside the files that `where` accepts.

    A point is a line, or with `fine` each single instruction of the interpreter, which is where
    a real interrupt can strike.
    """

    def __init__(self, at, where, fine=False):
        self.left, self.where, self.fine = at, where, fine

    def __enter__(self):
        self.before = sys.gettrace()
        sys._getframe().f_trace_opcodes = self.fine  # Python 3.12 must know before settrace
        sys.settrace(self.trace)
        return self

    def __exit__(self, *_):
        sys.settrace(self.before)

    def trace(self, frame, event, _):
        if not self.where(frame.f_code):
            return None
        frame.f_trace_opcodes = self.fine
        if event == ("opcode" if self.fine else "line"):
            self.left -= 1
            if self.left < 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self.trace


def run(model, task, optimizer):
    return train(model, task, steps=STEPS, optimizer=optimizer, evaluate_every=1, progress=False)


@pytest.mark.parametrize("make_optimizer", [lambda: SGD(0.1, momentum=0.9), lambda: Adam(0.1)])
@pytest.mark.parametrize(
    ("where", "fine"),
    [
        (lambda code: Path(code.co_filename).parent == OWN, False),
        (lambda code: code.co_filename.endswith("training/conftest.py"), False),
        (lambda code: code.co_filename.endswith("training/optimizers.py"), True),
    ],
    ids=["training", "layer and task", "optimiser, every instruction"],
)
def test_interrupted_anywhere(tiny_rnn, sign_task, make_optimizer, where, fine):
    reached = []  # the weights after 0, 1, 2 ... whole steps
    for steps in range(STEPS + 1):
        model = SequenceModel.for_task(tiny_rnn(2), sign_task)
        model.build(1)
        if steps:
            train(model, sign_task, steps=steps, optimizer=make_optimizer(), evaluate_every=1)
        reached.append(model.weights.vector.copy())

    at, outcomes = 0, {"history": 0, "raised": 0}
    while True:
        model, optimizer = SequenceModel.for_task(tiny_rnn(2), sign_task), make_optimizer()
        model.build(1)
        history = None
        try:
            with Interrupt(at, where, fine) as interrupt:
                history = run(model, sign_task, optimizer)
        except KeyboardInterrupt:
            outcomes["raised"] += 1
        if interrupt.left >= 0:
            break
        whole = [k for k, w in enumerate(reached) if np.array_equal(w, model.weights.vector)]
        assert len(whole) == 1, f"half a step at point {at}"
        if history is not None:
            outcomes["history"] += 1
            assert history.interrupted or history.updates == STEPS
            assert whole[0] - history.updates in (0, 1)
            assert len(history.steps) == len(history.loss) == len(history.accuracy)
            assert len(history.batch_loss) == len(history.gradient_norm) == history.updates
        again = run(model, sign_task, optimizer)
        assert not again.interrupted
        assert np.isfinite(again.loss).all()
        assert again.loss[-1] < 1.1 * again.loss[0]
        at += 1
    assert outcomes["history"] > 30
    assert outcomes["raised"] < 60  # before the first draw and after the last: nothing to save


def test_a_model_that_is_interrupted_while_it_is_built_can_be_built_again(tiny_rnn, sign_task):
    model = SequenceModel.for_task(tiny_rnn(2), sign_task)
    run(model, sign_task, SGD(0.1))
    expected, at, finished = model.weights.vector, 0, False
    while not finished:
        model = SequenceModel.for_task(tiny_rnn(2), sign_task)
        interrupt = Interrupt(at, lambda code: code.co_name in ("weights", "__init__"))
        try:
            with interrupt:
                model.build(1)
                _ = model.weights
        except KeyboardInterrupt:
            at += 1
        finished = interrupt.left >= 0
        run(model, sign_task, SGD(0.1))
        np.testing.assert_array_equal(model.weights.vector, expected)
    assert at > 10


def test_the_interruption_is_told(tiny_rnn, sign_task, capsys):
    class Impatient(type(sign_task)):
        def sample(self, batch_size, rng):
            if rng.bit_generator.state["state"]["state"] % 7 == 0:
                raise KeyboardInterrupt
            return super().sample(batch_size, rng)

    model = SequenceModel.for_task(tiny_rnn(2), sign_task)
    history = train(model, Impatient(), steps=1000)
    assert history.interrupted
    assert history.updates < 1000
    assert repr(history) == "History(interrupted)"
    assert "keeps what it has learnt" in capsys.readouterr().out
