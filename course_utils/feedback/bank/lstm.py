"""Lesson 04: the LSTM, gate by gate."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sigmoid, sizes, states, weights
from course_utils.feedback.problem import Problem, slips


def lstm_step(x: Array, h_prev: Array, c_prev: Array, W: Array, U: Array, b: Array):
    a_i, a_f, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c


def lstm_forward(x: Array, h0: Array, c0: Array, W: Array, U: Array, b: Array):
    h, c, states = h0, c0, []
    for t in range(x.shape[1]):
        a_i, a_f, a_g, a_o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_g)
        h = sigmoid(a_o) * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1), c


def draw_step(rng, k):
    B, _, m, n = sizes(rng)
    h_prev, c_prev = states(rng, B, n), rng.normal(0, 1.2, (B, n))
    return rng.normal(size=(B, m)), h_prev, c_prev, *weights(rng, m, n, 4)


def draw_sequence(rng, k):
    B, T, m, n = sizes(rng)
    h0, c0 = states(rng, B, n), rng.normal(0, 1.2, (B, n))
    return rng.normal(size=(B, T, m)), h0, c0, *weights(rng, m, n, 4)


ORDER = "W, U and b hold the blocks in the order i, f, g, o."

PROBLEMS = [
    Problem(
        name="lstm_step",
        lesson="04",
        title="One step of an LSTM",
        task="The new states h and c, each (B, n), from x (B, m), h_prev and c_prev (B, n), "
        "W (m, 4n), U (n, 4n) and b (4n,), whose blocks stand in the order i, f, g, o.",
        reference=lstm_step,
        draw=draw_step,
        outputs="h[B,n] c[B,n]",
        look="c",
        points=1,
        minutes=8,
        hints=(
            "Take each observation alone: which line could make it true? The sums inside the "
            "gates are right.",
            "One fault is in what the four sums go through, one in the line of c, one in the "
            "line of h.",
            "g = np.tanh(a_g); c = f * c_prev + i * g; h = o * np.tanh(c).",
        ),
        misconceptions=slips(
            lstm_step,
            (
                "as handed out",
                "All three faults are still there, not mended yet. Take one observation at a time.",
                ("np.tanh(a_g)", "sigmoid(a_g)"),
                ("f * c_prev", "(1 - f) * c_prev"),
                ("o * np.tanh(c)", "o * np.tanh(c_prev)"),
            ),
            (
                "input and forget gates swapped",
                "Your forget and input gates are swapped: " + ORDER,
                ("a_i, a_f, a_g, a_o =", "a_f, a_i, a_g, a_o ="),
            ),
            (
                "candidate and output gate swapped",
                "Your candidate g and output gate o are swapped: " + ORDER,
                ("a_i, a_f, a_g, a_o =", "a_i, a_f, a_o, a_g ="),
            ),
            (
                "ONNX order",
                "You read the blocks in the order i, o, f, g, which is ONNX's: " + ORDER,
                ("a_i, a_f, a_g, a_o =", "a_i, a_o, a_f, a_g ="),
            ),
            (
                "f, i, o, g",
                "You read the blocks in the order f, i, o, g: " + ORDER,
                ("a_i, a_f, a_g, a_o =", "a_f, a_i, a_o, a_g ="),
            ),
            (
                "sigmoid for the candidate",
                "Your candidate g goes through a sigmoid; it needs tanh, so that it can also take "
                "something away from c.",
                ("np.tanh(a_g)", "sigmoid(a_g)"),
            ),
            (
                "tanh for the gates",
                "Your gates go through tanh; a gate is a share between 0 and 1 and needs the "
                "sigmoid.",
                (
                    "sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)",
                    "np.tanh(a_i), np.tanh(a_f), np.tanh(a_g), np.tanh(a_o)",
                ),
            ),
            (
                "tanh for the output gate",
                "Your output gate o goes through tanh; a gate needs the sigmoid.",
                ("sigmoid(a_o)", "np.tanh(a_o)"),
            ),
            (
                "h = o * c",
                "Your h is o * c: the tanh of c is missing.",
                ("o * np.tanh(c)", "o * c"),
            ),
            (
                "h from the old c",
                "Your h is read off c_prev; it shows the new c.",
                ("o * np.tanh(c)", "o * np.tanh(c_prev)"),
            ),
            (
                "1 - f for the input gate",
                "You write the candidate with 1 - f, as a GRU does; the LSTM has an input gate i "
                "for that.",
                ("+ i * g", "+ (1 - f) * g"),
            ),
            (
                "1 - f kept",
                "You keep 1 - f of the old c; f itself says how much is kept.",
                ("f * c_prev", "(1 - f) * c_prev"),
            ),
            (
                "no forget gate",
                "You keep all of c_prev: the forget gate f is missing. (The LSTM of 1997 had "
                "none.)",
                ("f * c_prev", "c_prev"),
            ),
            ("no input gate", "You write all of g: the input gate i is missing.", ("i * g", "g")),
            (
                "no output gate",
                "You show all of tanh(c): the output gate o is missing.",
                ("o * np.tanh(c)", "np.tanh(c)"),
            ),
            (
                "c not carried",
                "c_prev has no part in your c: without f * c_prev nothing is remembered.",
                ("f * c_prev + i * g", "i * g"),
            ),
            ("bias missing", "The bias b is missing.", (" + b,", ",")),
            (
                "h ignored",
                "h_prev has no part in your gates: h_prev @ U is missing.",
                (" + h_prev @ U", ""),
            ),
            (
                "c squashed",
                "Your tanh squashes c itself; c has to stay free to grow, and only h shows its "
                "tanh.",
                ("c = f * c_prev + i * g\n", "c = np.tanh(f * c_prev + i * g)\n"),
                ("o * np.tanh(c)", "o * c"),
            ),
            (
                "U transposed",
                "Each block of U is transposed: the state stands left of its weights, h_prev @ U.",
                ("h_prev @ U", "h_prev @ np.hstack([one.T for one in np.split(U, 4, axis=1)])"),
            ),
            (
                "gates from c",
                "Your gates look at c_prev instead of h_prev.",
                ("h_prev @ U", "c_prev @ U"),
            ),
        ),
    ),
    Problem(
        name="lstm_forward",
        uses=("lstm_step",),
        lesson="04",
        title="An LSTM over a whole sequence",
        task="The states h after every step, (B, T, n), and the last c (B, n), from x (B, T, m), "
        "h0 and c0 (B, n), and W, U, b with blocks in the order i, f, g, o.",
        reference=lstm_forward,
        draw=draw_sequence,
        outputs="h[B,T,n] c[B,n]",
        points=3,
        minutes=10,
        hints=(
            "Print what the loop hands to lstm_step at the second step. Where does each of the "
            "two states come from?",
            "Two states are carried, h and c; and what is kept is the h after a step, T of them.",
            "h, c = h0, c0 before the loop; in it h, c = lstm_step(x[:, t], h, c, W, U, b), then "
            "states.append(h).",
        ),
        misconceptions=slips(
            lstm_forward,
            (
                "as handed out",
                "Both faults are still there, not mended yet: read a sequence in two pieces and "
                "compare.",
                ("sigmoid(a_f) * c ", "sigmoid(a_f) * c0 "),
                ("        states.append(h)\n", ""),
                ("        a_i,", "        states.append(h)\n        a_i,"),
            ),
            (
                "as handed out, with the step as handed out",
                "Your loop is not mended yet, and neither is lstm_step: begin with that.",
                ("sigmoid(a_f) * c ", "(1 - sigmoid(a_f)) * c0 "),
                ("np.tanh(a_g)", "sigmoid(a_g)"),
                ("np.tanh(c)", "np.tanh(c0)"),
                ("        states.append(h)\n", ""),
                ("        a_i,", "        states.append(h)\n        a_i,"),
            ),
            (
                "c not carried",
                "Every step starts from c0; c has to be carried from step to step.",
                ("sigmoid(a_f) * c ", "sigmoid(a_f) * c0 "),
            ),
            (
                "h not carried",
                "Every step starts from h0; h has to be carried from step to step.",
                ("h @ U", "h0 @ U"),
            ),
            (
                "c starts at zero",
                "Your c starts at zero; it starts at c0.",
                ("h, c, states = h0, c0,", "h, c, states = h0, 0 * c0,"),
            ),
            (
                "h starts at zero",
                "Your h starts at zero; it starts at h0.",
                ("h, c, states = h0, c0,", "h, c, states = 0 * h0, c0,"),
            ),
            (
                "both start at zero",
                "Your h and c start at zero; they start at h0 and c0.",
                ("h, c, states = h0, c0,", "h, c, states = 0 * h0, 0 * c0,"),
            ),
            (
                "h0 included",
                "Your h begins with h0; the states after each of the T steps are asked for.",
                ("h0, c0, []", "h0, c0, [h0]"),
            ),
            (
                "states swapped at the start",
                "You start h at c0 and c at h0.",
                ("h, c, states = h0, c0,", "h, c, states = c0, h0,"),
            ),
            (
                "c collected for h",
                "You collect c; the outputs of an LSTM are its h.",
                ("states.append(h)", "states.append(c)"),
            ),
            (
                "last h for c",
                "Your second result is the last h; the last c is asked for.",
                ("np.stack(states, axis=1), c", "np.stack(states, axis=1), h"),
            ),
            (
                "only the last state",
                "Your h is the last one alone; the states of all steps are asked for.",
                ("np.stack(states, axis=1), c", "h, c"),
            ),
            (
                "time first",
                "Time stands first in your h; the order of the axes is batch, time, units: "
                "np.stack(states, axis=1).",
                ("states, axis=1", "states, axis=0"),
            ),
            (
                "backwards",
                "Your loop runs from the last step to the first.",
                ("range(x.shape[1])", "reversed(range(x.shape[1]))"),
            ),
            (
                "input and forget gates swapped",
                "Your forget and input gates are swapped: " + ORDER,
                ("a_i, a_f, a_g, a_o =", "a_f, a_i, a_g, a_o ="),
            ),
            ("h = o * c", "Your h is o * c: the tanh of c is missing.", ("np.tanh(c)\n", "c\n")),
            (
                "one step late",
                "Your states are one step late: keep h after the step, not before it.",
                ("        states.append(h)\n", ""),
                ("        a_i,", "        states.append(h)\n        a_i,"),
            ),
        ),
    ),
]
