"""Deliberate mistakes in the cells: what each is, and the replacement that makes it."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType

import course_utils.cells

SOURCE = Path(course_utils.cells.__file__).parent
NAME = "mutated_cells"  # of the copy that has the mistake


@dataclass(frozen=True)
class Mutant:
    """A mistake: the text in a file that becomes another.

    ``noticed_by`` names the test that is asked first, for a mistake that most tests pass: all of
    them together take seconds. If it has nothing to say, all others are asked.
    """

    mistake: str
    file: str
    right: str
    wrong: str
    noticed_by: str = ""

    def apply(self, text: str) -> str:
        """The file with the mistake in it; fails if the replaced text is not there exactly once."""
        count = text.count(self.right)
        if count != 1:
            raise ValueError(
                f"mutant {self.mistake!r}: {self.right!r} stands {count} times in {self.file},"
                " it has to stand there once; bring the mutant up to date."
            )
        return text.replace(self.right, self.wrong)


class Copy(MetaPathFinder, InspectLoader):
    """Imports a copy of course_utils.cells under another name, with a mistake in one file."""

    def __init__(self, mutant: Mutant | None) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name.split(".")[0] != NAME:
            return None
        return spec_from_loader(name, self, origin=self._file(name), is_package=name == NAME)

    def _file(self, name: str) -> str:
        return f"{name.partition('.')[2] or '__init__'}.py"

    def get_source(self, name: str) -> str:
        file = self._file(name)
        text = text_of(file)
        if self.mutant and file == self.mutant.file:
            text = self.mutant.apply(text)
        return text.replace("course_utils.cells", NAME)

    def get_code(self, name: str) -> CodeType:
        return compiled(self.get_source(name), self._file(name))


@cache
def text_of(file: str) -> str:
    return (SOURCE / file).read_text("utf-8")


@cache
def compiled(text: str, file: str) -> CodeType:
    """Files without the mistake are the same in every copy."""
    return compile(text, f"<{NAME}>/{file}", "exec")


@contextmanager
def mutated(mutant: Mutant | None):
    """A copy of course_utils.cells with the mistake, imported under a name of its own."""
    copy = Copy(mutant)
    sys.meta_path.insert(0, copy)
    try:
        importlib.import_module(f"{NAME}.convert")
        yield importlib.import_module(NAME)
    finally:
        sys.meta_path.remove(copy)
        for module in [m for m in sys.modules if m.split(".")[0] == NAME]:
            del sys.modules[module]


LSTM, GRU, RNN = "lstm.py", "gru.py", "simple_rnn.py"
UNROLL, TAPE, LAYER = "unroll.py", "tape.py", "layer.py"

MUTANTS = [
    # SimpleRNN
    Mutant("RNN: gradient not passed through the activation", RNN, "da *= dh", "da[:] = dh"),
    Mutant(
        "RNN: slope of the step before", RNN, "tape.h[1:][steps], da)", "tape.h[:-1][steps], da)"
    ),
    # LSTM
    Mutant(
        "LSTM: input and forget gate swapped", LSTM, "i, f, g, o = gates\n", "f, i, g, o = gates\n"
    ),
    Mutant("LSTM: ONNX's order of the gates", LSTM, "i, f, g, o = gates\n", "i, o, f, g = gates\n"),
    Mutant(
        "LSTM: candidate through the sigmoid",
        LSTM,
        "(self.sigma, self.sigma, self.tanh, self.sigma)",
        "(self.sigma, self.sigma, self.sigma, self.sigma)",
    ),
    Mutant("LSTM: old memory not kept", LSTM, "c += i * g", "c[:] = i * g"),
    Mutant(
        "LSTM: output without the second tanh", LSTM, "self.tanh(c, out=tanh_c)", "tanh_c[:] = c"
    ),
    Mutant("LSTM: dc through h forgotten", LSTM, "dc += dh * h_by_c", "dh * h_by_c"),
    Mutant(
        "LSTM: dc through h replaces what comes later",
        LSTM,
        "dc += dh * h_by_c",
        "dc[:] = dh * h_by_c",
    ),
    Mutant(
        "LSTM: dc carried on without the forget gate",
        LSTM,
        "np.multiply(dc, f, out=dc_prev)",
        "dc_prev[:] = dc",
    ),
    Mutant(
        "LSTM: forget gate's slope with the new memory",
        LSTM,
        "tape.c[:-1][steps], tape.tanh_c",
        "tape.c[1:][steps], tape.tanh_c",
    ),
    Mutant(
        "LSTM: slope of tanh(c) forgotten",
        LSTM,
        "return o * self.tanh.slope(tanh_c)",
        "return o * np.ones_like(tanh_c)",
    ),
    Mutant("LSTM: output gate fed by dc", LSTM, "da[3] *= dh", "da[3] *= dc"),
    Mutant(
        "LSTM: input gate's slope with the input gate",
        LSTM,
        "np.multiply(g, self.sigma.slope(i)",
        "np.multiply(i, self.sigma.slope(i)",
    ),
    # GRU
    Mutant("GRU: 1 - z keeps the old state", GRU, "    out *= z\n", "    out *= 1 - z\n"),
    Mutant("GRU: z and r swapped", GRU, "z, r, u = gates\n", "r, z, u = gates\n"),
    Mutant(
        "GRU: gradient past the update gate forgotten",
        GRU,
        "        return dh * z\n",
        "        return None\n",
    ),
    Mutant(
        "GRU: gradient past the update gate with 1 - z",
        GRU,
        "        return dh * z\n",
        "        return dh * (1 - z)\n",
    ),
    Mutant("GRU: reset gate left out", GRU, "g += r * u", "g += u"),
    Mutant(
        "GRU: both biases added to the candidate before the reset",
        GRU,
        "stacked[-1, 2 * n :] = weights.bias[1, 2 * n :]",
        "stacked[-1, 2 * n :] = weights.bias.sum(axis=0)[2 * n :]",
    ),
    Mutant(
        "GRU: rows of the doubled bias swapped",
        GRU,
        "np.stack((input_bias, stacked[-1]))",
        "np.stack((stacked[-1], input_bias))",
    ),
    Mutant(
        "GRU: only one row of the doubled bias used",
        GRU,
        "weights.bias.sum(axis=0)[None]",
        "weights.bias[0][None]",
    ),
    Mutant(
        "GRU: update gate's slope with the sign turned",
        GRU,
        "np.multiply(h_prev - g, self.sigma.slope(z), out=by_a[0])\n        np.multiply(u",
        "np.multiply(g - h_prev, self.sigma.slope(z), out=by_a[0])\n        np.multiply(u",
    ),
    Mutant(
        "GRU, before: reset after the product",
        GRU,
        "g += U_g.T @ reset_h",
        "g += r * (U_g.T @ h_prev)",
    ),
    Mutant(
        "GRU, before: gradient through r * h_prev forgotten",
        GRU,
        "return dh * z + dreset * reset_by_h_prev",
        "return dh * z",
    ),
    Mutant(
        "GRU, before: gradient not taken back through U",
        GRU,
        "dreset = U_g @ dg",
        "dreset = U_g.T @ dg",
    ),
    Mutant(
        "GRU, before: candidate's U fed by h_prev",
        GRU,
        "sum_of_products(tape.reset_h, gradient.g)",
        "sum_of_products(tape.h[:-1], gradient.g)",
    ),
    Mutant(
        "GRU, before: dropout of r * h_prev forgotten",
        GRU,
        "reset_h[:] = r * h_prev * mask",
        "reset_h[:] = r * h_prev",
    ),
    Mutant(
        "GRU: input gradient without the candidate",
        GRU,
        "return dx + super()",
        "return 0 * dx + super()",
    ),
    Mutant(
        "GRU: candidate's input gradient without dropout",
        GRU,
        "dx *= self._mask(tape)[:-1]",
        "pass",
    ),
    Mutant(
        "GRU: weights of the candidate read too late",
        GRU,
        "dx = np.matmul(tape.W_g[:-1]",
        "dx = np.matmul(self._candidate(tape.weights)[:-1]",
    ),
    # Through time
    Mutant(
        "upstream gradients added a step late", UNROLL, "dh_prev += dh[t - 1]", "dh_prev += dh[t]"
    ),
    Mutant(
        "upstream gradient of the last step forgotten", UNROLL, "gradient.h[-1] += dh[-1]", "pass"
    ),
    Mutant(
        "only the last step's upstream gradient used",
        UNROLL,
        "if dh is not None and t > 0:",
        "if False:",
    ),
    Mutant("gradient of the final state forgotten", UNROLL, "state[-1] = last", "state[-1] = 0"),
    Mutant(
        "recurrent weights meet the state after the step",
        UNROLL,
        "z, da = tape.z[:-1], flat",
        "z, da = tape.z[1:], flat",
    ),
    Mutant(
        "weight gradient of the first stretch only",
        UNROLL,
        "starts = range(0, len(left), steps)",
        "starts = range(0, min(len(left), steps), steps)",
    ),
    Mutant(
        "weight gradient not summed over the batch",
        UNROLL,
        "array.transpose(1, 0, 2).reshape(array.shape[1], -1)",
        "array[..., :1].transpose(1, 0, 2).reshape(array.shape[1], -1)",
    ),
    Mutant("initial state ignored", UNROLL, "state[0] = start.T", "state[0] = 0"),
    Mutant("mask does not hold the state", UNROLL, "where=~tape.keep[t])", "where=False)"),
    Mutant("mask of the next step", UNROLL, "where=~tape.keep[t])", "where=~tape.keep[t - 1])"),
    Mutant(
        "gradient of a masked step not handed on", UNROLL, "        state[t] += unchanged\n", ""
    ),
    Mutant(
        "gradient of a masked step not taken aside",
        UNROLL,
        "        state[t + 1] *= keep\n",
        "        pass\n",
    ),
    Mutant(
        "dropout masks not applied to the weights' gradient",
        UNROLL,
        "sum_of_products(z * mask, d)",
        "sum_of_products(z, d)",
    ),
    Mutant(
        "dropout masks not applied to the gradient of z",
        TAPE,
        "da.reshape(shape)) * masks, axis=0",
        "da.reshape(shape)), axis=0",
    ),
    Mutant(
        "inputs' gradient taken from the bias row on",
        TAPE,
        "slice(tape.units, -1))",
        "slice(tape.units + 1, None))",
    ),
    Mutant(
        "stretches leave out their first step",
        TAPE,
        "slice(max(0, stop - length), stop)",
        "slice(max(0, stop - length), max(stop - 1, 1))",
    ),
    Mutant(
        "dropout of inputs and states swapped",
        TAPE,
        "(self.states, self.inputs, ones)",
        "(self.states[:], 1 / (self.inputs + 1), ones)",
    ),
    # Options
    Mutant(
        "go_backwards: mask not turned",
        LAYER,
        "keep = None if keep is None else keep[:, ::-1]",
        "pass",
    ),
    Mutant(
        "go_backwards: inputs' gradient not turned back",
        "gradients.py",
        "array[:, ::-1] if self.flip else array",
        "array",
    ),
    Mutant(
        "dropout: inputs' gradient without the mask",
        "gradients.py",
        "dx if drop_x is None else dx * drop_x[:, None]",
        "dx",
    ),
    Mutant("dropout acts outside training", LAYER, "        if training:\n", "        if True:\n"),
    Mutant(
        "dropout: not scaled",
        "dropout.py",
        "(rng.random(shape) >= rate) / (1 - rate)",
        "(rng.random(shape) >= rate) / 1.0",
    ),
    Mutant("dropout: rate kept instead of dropped", "dropout.py", ">= rate)", "< rate)"),
    Mutant(
        "dropout: one mask drawn for all gates",
        "dropout.py",
        "mask(of_states, self.states, x,",
        "np.ones((of_states[0], 1, 1), x.dtype) * mask(of_states[1:], self.states, x,",
    ),
    Mutant(
        "stateful keeps the first state for good",
        LAYER,
        "        if self.stateful:\n",
        "        if self.stateful and self.state is None:\n",
    ),
    Mutant(
        "stateful hands out the array it keeps",
        LAYER,
        "(output, *(state.copy() for state in final))",
        "(output, *final)",
    ),
    Mutant(
        "state kept without being asked",
        LAYER,
        "        if self.stateful:\n",
        "        if True:\n",
    ),
    Mutant(
        "reset_state does nothing",
        LAYER,
        "        self.state = None\n\n    def _initial",
        "        pass\n\n    def _initial",
    ),
    Mutant(
        "masked last step shows the state though nothing was seen",
        LAYER,
        "last.copy() if shown is None else last * shown[:, -1:]",
        "last.copy()",
    ),
    Mutant(
        "zero_output_for_mask ignored",
        LAYER,
        "return keep if self.zero_output_for_mask else",
        "return",
    ),
    Mutant(
        "masked outputs repeat an h0 that was never shown",
        LAYER,
        "np.logical_or.accumulate(keep, axis=1)",
        "np.ones_like(keep)",
    ),
    Mutant(
        "upstream gradient flows into outputs that were zeroed",
        LAYER,
        "dy = dy if shown is None else dy * shown[..., None]",
        "pass",
    ),
    Mutant(
        "one initial row for all: gradient of the first sample only",
        "gradients.py",
        "gradient.sum(axis=0, keepdims=True)",
        "gradient[:1]",
    ),
    Mutant(
        "forget bias raised by one, not set to one",
        "layers.py",
        "bias[self.units : 2 * self.units] = 1",
        "bias[self.units : 2 * self.units] += 1",
    ),
    Mutant(
        "forget bias at the input gate",
        "layers.py",
        "bias[self.units : 2 * self.units] = 1",
        "bias[: self.units] = 1",
    ),
    # Activations
    Mutant("slope of tanh: 1 - y", "activations.py", "lambda y: 1 - y * y", "lambda y: 1 - y"),
    Mutant(
        "slope of the sigmoid as if y were a",
        "activations.py",
        "lambda y: y * (1 - y)",
        "lambda y: sigmoid(y) * (1 - sigmoid(y))",
    ),
    Mutant(
        "hard_sigmoid of Keras 2",
        "activations.py",
        "np.clip(a / 6 + 0.5, 0, 1)",
        "np.clip(0.2 * a + 0.5, 0, 1)",
    ),
    Mutant(
        "slope of hard_sigmoid outside its slope",
        "activations.py",
        "np.where((y > low) & (y < high), slope, 0)",
        "np.where(y >= low, slope, 0)",
    ),
    Mutant(
        "slope of softsign not squared", "activations.py", "(1 - np.abs(y)) ** 2", "(1 - np.abs(y))"
    ),
    Mutant("sigmoid rows not halved", "activations.py", "halves = [0.5 if", "halves = [1.0 if"),
    # Memory
    Mutant(
        "pool hands out buffers still in use",
        "pool.py",
        "return self._free.pop(min(",
        "return self._free.__getitem__(min(",
    ),
    Mutant(
        "memory goes back while it is in use",
        "pool.py",
        "self._buffers.append(self._pool.take(size))\n",
        "self._buffers.append(self._pool.take(size))\n"
        "        self._pool.give_back(self._buffers)\n",
    ),
    Mutant(
        "outputs are views of the tape",
        LAYER,
        "tape.h[1:].transpose(2, 0, 1).copy()",
        "np.ascontiguousarray(tape.h[1:].transpose(2, 0, 1))",
    ),
    Mutant(
        "kept states are views of the tape",
        LAYER,
        "state[-1].T.copy() for state",
        "np.ascontiguousarray(state[-1].T) for state",
    ),
    Mutant(
        "initial gradients are views of the memory",
        LAYER,
        "state[0].T.copy() for state",
        "np.ascontiguousarray(state[0].T) for state",
        noticed_by="test_results_of_one_layer_outlive_its_next_calls",
    ),
    Mutant("pool never reuses", "pool.py", "self._free.extend(buffers)", "pass"),
    # Initialisers, conversion, gradient check
    Mutant(
        "glorot limit of one gate",
        "initializers.py",
        "np.sqrt(6 / (shape[0] + shape[-1]))",
        "np.sqrt(6 / (2 * shape[0]))",
    ),
    Mutant(
        "orthogonal without the sign correction",
        "initializers.py",
        "q = q * np.sign(np.diag(r))",
        "pass",
    ),
    Mutant("chrono: input bias not opposite", "initializers.py", "= -by_gate", "= by_gate"),
    Mutant(
        "chrono: biases uniform, not times",
        "initializers.py",
        "np.log(rng.uniform(1, self.max_lag - 1, units))",
        "rng.uniform(0, np.log(self.max_lag - 1), units)",
    ),
    Mutant(
        "conversion: Keras's order for PyTorch's GRU", "convert.py", '"GRU": "rzg"', '"GRU": "zrg"'
    ),
    Mutant(
        "conversion: ONNX's LSTM in Keras's order", "convert.py", '"LSTM": "iofg"', '"LSTM": "ifgo"'
    ),
    Mutant(
        "conversion: matrices not transposed",
        "convert.py",
        '"weight_ih_l0": kernel.T',
        '"weight_ih_l0": kernel.reshape(kernel.T.shape)',
    ),
    Mutant(
        "conversion: PyTorch's second bias dropped",
        "convert.py",
        'np.stack(biases) if cell == "GRU" else sum(biases)',
        'np.stack(biases) if cell == "GRU" else biases[0]',
    ),
    Mutant(
        "conversion: GRU's two biases swapped",
        "convert.py",
        "np.stack(biases) if separate else sum(biases)",
        "np.stack(biases[::-1]) if separate else sum(biases)",
    ),
    Mutant(
        "gradient check: one-sided difference",
        "gradient_check.py",
        "sides.mean(axis=1)",
        "sides[:, 1]",
    ),
    Mutant(
        "gradient check: array not put back",
        "differences.py",
        "        finally:\n            array[index] = value",
        "        finally:\n            pass",
    ),
    Mutant(
        "gradient check: NaN passes",
        "gradient_check.py",
        "off[np.isnan(off)] = np.inf",
        "off[np.isnan(off)] = 0",
        noticed_by="test_a_nan_is_wrong",
    ),
    Mutant(
        "gradient check: tiny gradients relative to 1",
        "gradient_check.py",
        "tolerance * own + slopes.resolved",
        "tolerance * np.maximum(own, 1) + slopes.resolved",
    ),
    Mutant(
        "gradient check: what it cannot see is right",
        "gradient_check.py",
        "elif blur > DIGITS * own.max():",
        "elif blur < 0:",
    ),
    Mutant(
        "gradient check: rounding is that of a single number",
        "differences.py",
        "4 * float(np.median(seen)) + ",
        "",
    ),
    Mutant(
        "gradient check: the step's width is blamed on the gradient",
        "differences.py",
        "return abs(sum(far) - sum(near)), kink",
        "return 0.0, kink",
    ),
    Mutant(
        "gradient check: a kink is blamed on the gradient",
        "differences.py",
        "wide < 1.75 * bend",
        "wide < 0",
    ),
    Mutant(
        "gradient check: every bend is a kink",
        "differences.py",
        "wide < 1.75 * bend",
        "wide < 3 * bend",
    ),
    Mutant(
        "gradient check: a random loss is taken",
        "differences.py",
        "if self.value != again:",
        "if False:",
    ),
    Mutant(
        "conversion: peepholes dropped",
        "foreign.py",
        'np.any(found.pop("P"))',
        'found.pop("P") is None',
    ),
    Mutant(
        "conversion: second direction dropped",
        "foreign.py",
        'if match["back"]:',
        "if False:",
    ),
    Mutant(
        "conversion: projection dropped", "foreign.py", 'match["array"] == "weight_hr"', "False"
    ),
    Mutant("conversion: second layer dropped", "foreign.py", 'match["layer"] != "0"', "False"),
    Mutant("conversion: weights of another cell", "foreign.py", "rows != gates * units", "False"),
    Mutant(
        "conversion: a GRU of ONNX is read as linear_before_reset",
        "convert.py",
        'if cell == "GRU" and linear_before_reset not in (0, 1):',
        "if False:",
    ),
    Mutant(
        "slope of softplus at its output",
        "activations.py",
        "lambda y: -np.expm1(-np.maximum(y, 0))",
        "lambda y: sigmoid(y)",
    ),
    Mutant(
        "slope of elu above 0",
        "activations.py",
        '("elu", elu, lambda y: np.minimum(y, 0) + 1)',
        '("elu", elu, lambda y: y + 1)',
    ),
    # what fades
    Mutant(
        "states fade through denormals",
        UNROLL,
        "if t == look:\n            look = t + look_at",
        "if t < 0:\n            look = t + look_at",
        noticed_by="test_states_that_fade_are_not_denormal",
    ),
    Mutant(
        "gradients fade through denormals",
        UNROLL,
        "look = t - look_at(arrived)",
        "look = -1",
        noticed_by="test_gradients_are_not_denormal",
    ),
    Mutant(
        "the floor is below all numbers",
        "faint.py",
        "float(limit.tiny / limit.eps)",
        "float(limit.tiny * limit.eps)",
        noticed_by="test_states_that_fade_are_not_denormal",
    ),
    Mutant(
        "only h is cleared",
        "faint.py",
        "    for state in states:\n",
        "    for state in states[:1]:\n",
        noticed_by="test_states_that_fade_are_not_denormal",
    ),
    Mutant(
        "looked at once, never again",
        "faint.py",
        "return OFTEN if h[size < near].any() else SELDOM",
        "return 10**9",
        noticed_by="test_states_that_fade_are_not_denormal",
    ),
    Mutant(
        "the way back ends before an earlier loss",
        UNROLL,
        "if dh is None and not any",
        "if not any",
        noticed_by="test_a_long_silence_ends",
    ),
    Mutant(
        "what lies before the end has any gradient",
        TAPE,
        "array[:stop] = 0",
        "array[:0] = 0",
        noticed_by="test_gradients_are_not_denormal",
    ),
    Mutant(
        "a candidate has any gradient before the end",
        TAPE,
        "(*self.states, self.a, self.g)",
        "(*self.states, self.a)",
        noticed_by="test_gradients_are_not_denormal",
    ),
    Mutant(
        "scan: factors and states fade",
        "scan.py",
        "            clear(h)\n" if False else "        clear(h)\n",
        "        pass\n",
    ),
    Mutant("loop: states fade", "scan.py", "look = t + look_at([h[t]])", "look = 0"),
]
