"""Random configurations of a layer, and what one run of it gives: by our cells, and by Keras.

A ``Configuration`` is small and prints as what it is, so a failing example can be read and kept.
All its arrays follow from its seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from hypothesis import strategies as st

ACTIVATIONS = ["tanh", "sigmoid", "hard_sigmoid", "relu", "softsign", "linear", None]
GATE_ACTIVATIONS = ["sigmoid", "hard_sigmoid", "tanh", "linear"]
GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
MASKS = [None, "some", "leading", "last", "a whole row", "everything"]
INITIAL = [None, "one each", "one row for all"]


@dataclass(frozen=True)
class Call:
    """One call of the layer."""

    steps: int = 3
    mask: str | None = None
    initial: str | None = None
    training: bool = False
    reset: bool = False  # forget the kept state first
    upstream: tuple[bool, ...] = (True, True, True)  # which of dy, dh, dc there are


@dataclass(frozen=True)
class Configuration:
    """A layer, its sizes, and one or several calls of it."""

    cell: str
    inputs: int = 2
    units: int = 3
    batch: int = 2
    options: dict = field(default_factory=dict)
    calls: tuple[Call, ...] = (Call(),)
    seed: int = 0
    dtype: str = "float64"


@dataclass
class Result:
    """Outputs and all gradients of one call, by name."""

    arrays: dict[str, np.ndarray]


@dataclass
class Data:
    """The arrays that one call is given."""

    x: np.ndarray
    mask: np.ndarray | None
    initial: list[np.ndarray] | None
    upstream: list[np.ndarray | None]
    dropout_mask: np.ndarray | None
    recurrent_dropout_mask: np.ndarray | None


@st.composite
def configurations(draw, dtype: str = "float64") -> Configuration:
    cell = draw(st.sampled_from(list(GATES)))
    flag = st.booleans()
    options = {
        "activation": draw(st.sampled_from(ACTIVATIONS)),
        "use_bias": draw(flag),
        "return_sequences": draw(flag),
        "return_state": draw(flag),
        "go_backwards": draw(flag),
        "zero_output_for_mask": draw(flag),
        "stateful": draw(flag),
        "dropout": draw(st.sampled_from([0.0, 0.4])),
        "recurrent_dropout": draw(st.sampled_from([0.0, 0.0, 0.4])),
    }
    if cell != "SimpleRNN":
        options["recurrent_activation"] = draw(st.sampled_from(GATE_ACTIVATIONS))
    if cell == "LSTM":
        options["unit_forget_bias"] = draw(flag)
    if cell == "GRU":
        options["reset_after"] = draw(flag)
    call = st.builds(
        Call,
        steps=st.integers(1, 6),
        mask=st.sampled_from(MASKS),
        initial=st.sampled_from(INITIAL),
        training=flag,
        reset=flag,
        upstream=st.tuples(flag, flag, flag).filter(any),
    )
    return Configuration(
        cell,
        inputs=draw(st.integers(1, 5)),
        units=draw(st.integers(1, 4)),
        batch=draw(st.integers(1, 4)),
        options=options,
        calls=tuple(draw(st.lists(call, min_size=1, max_size=3 if options["stateful"] else 1))),
        seed=draw(st.integers(0, 2**20)),
        dtype=dtype,
    )


def weights_of(configuration: Configuration) -> list[np.ndarray]:
    """Random weights, the biases too, so that no gate is like another."""
    rng, c = np.random.default_rng(configuration.seed), configuration
    columns = GATES[c.cell] * c.units
    shapes = [(c.inputs, columns), (c.units, columns)]
    if c.options.get("use_bias", True):
        double = c.cell == "GRU" and c.options.get("reset_after", True)
        shapes.append((2, columns) if double else (columns,))
    size = min(0.7, 1.4 / np.sqrt(c.units))  # wide ones would be chaotic
    return [rng.normal(0, size, shape) for shape in shapes]


def data_of(configuration: Configuration, index: int) -> Data:
    """The arrays of call number ``index``."""
    c, call = configuration, configuration.calls[index]
    rng = np.random.default_rng((c.seed, index))
    states = 2 if c.cell == "LSTM" else 1
    rows = {"one each": c.batch, "one row for all": 1}.get(call.initial)
    sequence = c.options.get("return_sequences", False)
    shapes = [(c.batch, call.steps, c.units) if sequence else (c.batch, c.units)]
    if c.options.get("return_state", False):
        shapes += states * [(c.batch, c.units)]
    upstream = [rng.normal(size=shape) for shape in shapes]
    wanted = zip(upstream, call.upstream)
    gates, dropout = GATES[c.cell], c.options.get("dropout", 0)
    recurrent = c.options.get("recurrent_dropout", 0)
    of_x = (gates, c.batch, c.inputs) if recurrent else (c.batch, c.inputs)
    dropping = call.training
    return Data(
        x=rng.normal(size=(c.batch, call.steps, c.inputs)),
        mask=mask_of(call, c.batch, rng),
        initial=None if rows is None else [rng.normal(size=(rows, c.units)) for _ in range(states)],
        upstream=[d if there else None for d, there in wanted],
        dropout_mask=drop(of_x, rng) if dropping and dropout else None,
        recurrent_dropout_mask=drop((gates, c.batch, c.units), rng)
        if dropping and recurrent
        else None,
    )


def drop(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    return (rng.random(shape) > 0.4) / 0.6


def mask_of(call: Call, batch: int, rng: np.random.Generator) -> np.ndarray | None:
    mask = rng.random((batch, call.steps)) > 0.4
    match call.mask:
        case None:
            return None
        case "leading":
            mask[:, : (call.steps + 1) // 2] = False
        case "last":
            mask[:, -1] = False
        case "a whole row":
            mask[0] = False
        case "everything":
            mask[:] = False
    return mask


def by_cells(cells, configuration: Configuration) -> list[Result]:
    """Run the package ``cells`` (course_utils.cells, or a mutated copy of it)."""
    c = configuration
    layer = getattr(cells, c.cell)(c.units, dtype=c.dtype, **c.options)
    layer.set_weights(weights_of(c))
    results = []
    for index, call in enumerate(c.calls):
        if call.reset:
            layer.reset_state()
        data = data_of(c, index)
        outputs = layer(
            data.x,
            data.initial,
            mask=data.mask,
            training=call.training,
            dropout_mask=data.dropout_mask,
            recurrent_dropout_mask=data.recurrent_dropout_mask,
        )
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        gradients = layer.backward(*data.upstream)
        initial = gradients.initial_state if data.initial is not None else []
        results.append(named(outputs, gradients.x, gradients.weights, initial))
    return results


def by_keras(configuration: Configuration) -> list[Result]:
    """Run Keras on the same weights and arrays."""
    from course_utils.keras_bridge import keras, values_and_gradients

    c = configuration
    layer = getattr(keras.layers, c.cell)(c.units, dtype=c.dtype, **c.options)
    layer.build((c.batch, None, c.inputs))
    layer.set_weights(weights_of(c))
    results = []
    for index, call in enumerate(c.calls):
        if call.reset and c.options.get("stateful"):
            layer.reset_state()
        data = data_of(c, index)
        give_masks(layer, data)
        reference = values_and_gradients(
            layer,
            data.x,
            *data.upstream,
            initial_state=data.initial,
            mask=data.mask,
            training=call.training,
        )
        results.append(
            named(reference.outputs, reference.x, reference.weights, reference.initial_state)
        )
    return results


def give_masks(layer, data: Data) -> None:
    """Make Keras's cell use given dropout masks: a list of one per gate, or a single one."""
    from course_utils.keras_bridge import tf

    def given(mask: np.ndarray | None):
        if mask is None:
            return None
        gates = [
            tf.constant(m, layer.compute_dtype) for m in np.reshape(mask, (-1, *mask.shape[-2:]))
        ]
        return gates if len(gates) > 1 else gates[0]

    layer.cell.get_dropout_mask = lambda x: given(data.dropout_mask)
    layer.cell.get_recurrent_dropout_mask = lambda h: given(data.recurrent_dropout_mask)


def named(outputs, dx, weights, initial) -> Result:
    arrays = {f"output {k}": value for k, value in enumerate(outputs)}
    arrays |= {"dx": dx} | {f"d{name}": value for name, value in weights.items()}
    return Result(arrays | {f"d initial {k}": value for k, value in enumerate(initial)})


def differences(ours: list[Result], theirs: list[Result], tolerance: float) -> list[str]:
    """A line for each array that differs: in shape, or by over ``tolerance`` of its largest."""
    found = []
    for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        if one.arrays.keys() != other.arrays.keys():
            found.append(f"call {index}: {sorted(one.arrays)} instead of {sorted(other.arrays)}")
            continue
        for name, expected in other.arrays.items():
            value = one.arrays[name]
            if value.shape != expected.shape:
                found.append(f"call {index}: {name} {value.shape} instead of {expected.shape}")
                continue
            error = np.abs(value - expected).max() / max(1.0, np.abs(expected).max())
            if not error <= tolerance:
                found.append(f"call {index}: {name} differs by {error:.1e}")
    return found


def single(configuration: Configuration) -> Configuration:
    """The same in float32."""
    return replace(configuration, dtype="float32")
