"""Lessons 00 and 01: guessing, and a recurrent network from scratch."""

import numpy as np

from course_utils.feedback.bank.draws import (
    Array,
    counts,
    draw_rnn_step,
    draw_with_gaps,
    sigmoid,  # noqa: F401  (in an edit)
)
from course_utils.feedback.problem import Problem, slips


def france_baseline():
    return 1 / 12


def rnn_step(x: Array, h_prev: Array, W: Array, U: Array, b: Array):
    new = np.tanh(x @ W + h_prev @ U + b)
    return (h_prev + new) / 2


def rnn_forward(x: Array, mask: Array, h0: Array, W: Array, U: Array, b: Array):
    h, states = h0, []
    for t in range(x.shape[1]):
        new = (h + np.tanh(x[:, t] @ W + h @ U + b)) / 2
        h = np.where(mask[:, t, None], new, h)
        states.append(h)
    return np.stack(states, axis=1)


def rnn_params(m: int, n: int):
    return m * n + n * n + n


PROBLEMS = [
    Problem(
        name="france_baseline",
        lesson="00",
        title="What guessing is worth",
        task="How often is someone right who guesses one of the twelve languages, each as likely "
        "as the others? A number between 0 and 1, to two digits or more.",
        kind="value",
        reference=france_baseline,
        draw=lambda rng, k: (),
        outputs="share",
        tolerance=0.05,
        points=1,
        minutes=2,
        hints=(
            "Imagine twelve sealed envelopes, one of them with the answer. You open one.",
            "Each of the twelve languages is the right one equally often.",
            "One case in twelve: 1 / 12.",
        ),
        misconceptions=slips(
            france_baseline,
            (
                "per cent",
                "That is in per cent; a share lies between 0 and 1.",
                ("1 / 12", "100 / 12"),
            ),
            (
                "a coin",
                "A coin has two sides; here there are twelve languages to choose from.",
                ("1 / 12", "1 / 2"),
            ),
            ("how often wrong", "That is how often the guess is wrong.", ("1 / 12", "11 / 12")),
            (
                "number of languages",
                "That is the number of languages; how often does a guess hit one of them?",
                ("1 / 12", "12"),
            ),
            (
                "loss of guessing",
                "That is the loss of guessing, ln 12; the question is how often a guess is right.",
                ("1 / 12", "np.log(12)"),
            ),
        ),
    ),
    Problem(
        name="rnn_step",
        lesson="01",
        title="A step that goes half of the way",
        task="The new state (B, n) of units that move only half of the way from the old state "
        "h_prev (B, n) to what the lesson's step would make of the input x (B, m), of h_prev and "
        "of the weights W (m, n), U (n, n), b (n,).",
        reference=rnn_step,
        draw=draw_rnn_step,
        outputs="h[B,n]",
        points=1,
        minutes=5,
        hints=(
            "First the state that the lesson's step makes: a sum of three things, and tanh of it.",
            "Half of the way from one number to another is their mean.",
            "new = np.tanh(x @ W + h_prev @ U + b), and back comes (h_prev + new) / 2.",
        ),
        misconceptions=slips(
            rnn_step,
            (
                "all the way",
                "That is the step of the lesson; these units go only half of the way to it, from "
                "h_prev.",
                ("(h_prev + new) / 2", "new"),
            ),
            (
                "old half lost",
                "That is half of the new state; the other half of the mean is h_prev.",
                ("(h_prev + new) / 2", "new / 2"),
            ),
            (
                "not halved",
                "You add the two states; half of the way is their mean, so divide by 2.",
                ("(h_prev + new) / 2", "h_prev + new"),
            ),
            (
                "only the new is halved",
                "h_prev + new / 2 halves the new state alone: (h_prev + new) / 2.",
                ("(h_prev + new) / 2", "h_prev + new / 2"),
            ),
            (
                "only the old is halved",
                "h_prev / 2 + new halves the old state alone: (h_prev + new) / 2.",
                ("(h_prev + new) / 2", "h_prev / 2 + new"),
            ),
            (
                "the sum halved",
                "You halve the sum inside tanh, and go all the way; half of the way is the mean of "
                "h_prev and tanh of the whole sum.",
                ("x @ W + h_prev @ U + b", "(x @ W + h_prev @ U + b) / 2"),
                ("(h_prev + new) / 2", "new"),
            ),
            (
                "U halved",
                "Half of h_prev goes into the sum, all the way to a new state; half of the way is "
                "the mean of h_prev and tanh of the whole sum.",
                ("h_prev @ U", "h_prev @ U / 2"),
                ("(h_prev + new) / 2", "new"),
            ),
            (
                "only the way",
                "That is how far it goes; it starts from h_prev: h_prev + (new - h_prev) / 2.",
                ("(h_prev + new)", "(new - h_prev)"),
            ),
            (
                "tanh missing",
                "tanh is missing: this is the sum that goes into it.",
                ("np.tanh(", "("),
            ),
            (
                "state ignored",
                "The old state h_prev has no part in it: without h_prev @ U nothing is remembered.",
                (" + h_prev @ U", ""),
                ("(h_prev + new) / 2", "new"),
            ),
            (
                "U ignored",
                "h_prev has no part in the sum: + h_prev @ U is missing.",
                (" + h_prev @ U", ""),
            ),
            ("bias missing", "The bias b is missing.", (" + b)", ")")),
            (
                "bias inside the product",
                "The bias is added to h_prev before the product with U; it belongs behind it.",
                ("h_prev @ U + b", "(h_prev + b) @ U"),
            ),
            (
                "U transposed",
                "U is transposed: in this course, as in Keras, the state stands left of its "
                "weights, h_prev @ U.",
                ("h_prev @ U", "h_prev @ U.T"),
            ),
            (
                "tanh of the parts",
                "tanh is taken of the parts; first add everything up, then take tanh of the sum.",
                (" + h_prev @ U + b)", " + b) + np.tanh(h_prev @ U)"),
            ),
            (
                "sigmoid for tanh",
                "That is a sigmoid, with values from 0 to 1; the state needs tanh, with values "
                "from -1 to 1.",
                ("np.tanh(", "sigmoid("),
            ),
        ),
    ),
    Problem(
        name="rnn_forward",
        uses=("rnn_step",),
        lesson="01",
        title="A sequence with gaps",
        task="The states after every step, (B, T, n), of the units of rnn_step, from x (B, T, m), "
        "mask (B, T), the first state h0 (B, n) and the weights W, U, b. Where mask is False "
        "there is nothing to read, and the state of this sequence stays as it is.",
        reference=rnn_forward,
        draw=draw_with_gaps,
        outputs="h[B,T,n]",
        points=1,
        minutes=10,
        hints=(
            "It is a loop over the steps, in which each step starts from the state of the step "
            "before. Let every sequence make the step, and take it back where there is a gap.",
            "np.where(mask[:, t, None], new, h) takes new where mask is True, and h elsewhere; "
            "None makes (B, 1) of (B,).",
            "Start with h = h0. In each round: new = rnn_step(x[:, t], h, W, U, b), h = "
            "np.where(mask[:, t, None], new, h), and keep h in a list. At the end "
            "np.stack(states, axis=1).",
        ),
        misconceptions=slips(
            rnn_forward,
            (
                "mask ignored",
                "mask has no part in it: in a gap the state stays as it is.",
                ("np.where(mask[:, t, None], new, h)", "new"),
            ),
            (
                "mask the other way round",
                "You hold the state where there is something to read: mask is True there.",
                ("], new, h)", "], h, new)"),
            ),
            (
                "zero in a gap",
                "In a gap your state is 0; it stays as it was.",
                ("], new, h)", "], new, 0)"),
            ),
            (
                "input left out in a gap",
                "In a gap you leave out the input but make the step all the same; the state has "
                "to stay as it is.",
                ("x[:, t] @ W", "mask[:, t, None] * x[:, t] @ W"),
                ("np.where(mask[:, t, None], new, h)", "new"),
            ),
            (
                "state not carried",
                "Every step starts from h0; from the second step on it has to start from the "
                "state of the step before.",
                ("(h + np.tanh(x[:, t] @ W + h @ U", "(h0 + np.tanh(x[:, t] @ W + h0 @ U"),
                ("], new, h)", "], new, h0)"),
            ),
            (
                "starts at zero",
                "You start at zero; the first step starts from h0.",
                ("h, states = h0", "h, states = np.zeros_like(h0)"),
            ),
            (
                "only the last state",
                "That is the last state alone; the states of all steps are asked for.",
                ("np.stack(states, axis=1)", "h"),
            ),
            (
                "time first",
                "Time stands first in your result; the order of the axes is batch, time, units: "
                "np.stack(states, axis=1).",
                ("axis=1", "axis=0"),
            ),
            (
                "backwards",
                "Your loop runs from the last step to the first.",
                ("range(x.shape[1])", "reversed(range(x.shape[1]))"),
            ),
            (
                "one step late",
                "Your states are one step late: keep the state after the step, not before it.",
                ("        states.append(h)\n", ""),
                ("        new = ", "        states.append(h)\n        new = "),
            ),
            (
                "h0 among the states",
                "Your first state is h0; only the states after a step count, T of them.",
                ("h, states = h0, []", "h, states = h0, [h0]"),
            ),
            (
                "last step missing",
                "The last step is missing: range(T) already ends at T - 1.",
                ("range(x.shape[1])", "range(x.shape[1] - 1)"),
            ),
            (
                "same input at every step",
                "Every step reads the first input; step t reads x[:, t].",
                ("x[:, t]", "x[:, 0]"),
            ),
            (
                "the last state at every step",
                "Every step shows the state of the last one: h[:] = ... writes into the one array "
                "that the list holds T times; h = ... makes a new one.",
                ("np.stack(states, axis=1)", "np.stack([h] * len(states), axis=1)"),
            ),
            (
                "reshaped, not transposed",
                "The list holds the steps first, and reshape only cuts its numbers into other "
                "rows; np.stack(states, axis=1) puts the batch first.",
                ("np.stack(states, axis=1)", "np.reshape(states, (*x.shape[:2], -1))"),
            ),
            (
                "all the way",
                "Your units go all the way, as in the lesson; those of rnn_step go half of it.",
                ("(h + np.tanh(x[:, t] @ W + h @ U + b)) / 2", "np.tanh(x[:, t] @ W + h @ U + b)"),
            ),
            ("bias missing", "The bias b is missing.", (" + b)", ")")),
        ),
    ),
    Problem(
        name="rnn_params",
        lesson="01",
        title="How many weights has a recurrent network?",
        task="The number of weights of a SimpleRNN with m inputs and n units.",
        reference=rnn_params,
        draw=counts,
        outputs="count",
        points=1,
        minutes=3,
        hints=(
            "There are three arrays of weights. Which shapes do they have?",
            "W is (m, n), U is (n, n), b is (n,).",
            "m * n + n * n + n.",
        ),
        misconceptions=slips(
            rnn_params,
            ("bias missing", "The n biases are missing.", (" + n\n", "\n")),
            (
                "recurrent weights missing",
                "The n * n weights from the units to the units are missing; without them it is a "
                "dense layer.",
                (" + n * n", ""),
            ),
            (
                "inputs among themselves",
                "You count m * m weights; it is the units that are connected among themselves, n "
                "* n.",
                ("n * n", "m * m"),
            ),
            (
                "two biases",
                "You count two biases, as PyTorch has them; here there is one.",
                (" + n\n", " + 2 * n\n"),
            ),
            (
                "one bias in all",
                "You count a single bias; each unit has one of its own.",
                (" + n\n", " + 1\n"),
            ),
            (
                "each unit only itself",
                "You count one recurrent weight for each unit; each unit reads all units, so it "
                "is n * n.",
                ("n * n", "n"),
            ),
        ),
    ),
]
