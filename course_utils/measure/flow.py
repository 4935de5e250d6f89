"""What runs through a cell step by step: gates and states forwards, gradients backwards."""

from __future__ import annotations

import numpy as np

from course_utils.cells.layers import Layer

Flow = dict[str, object]
GATES = {"SimpleRNN": "", "LSTM": "ifgo", "GRU": "zrg"}


def flow(
    layer: Layer, x: np.ndarray, *, units: int = 6, unit: int | None = None, seed: int = 0
) -> Flow:
    """The values of a cell and the gradients on its wires, for one sequence.

    The loss is L = u . h_T with a random unit vector u: it sees only the last state, and the
    gradient that arrives there has norm 1.

    Args:
        layer: at initialisation or trained; it is run on `x`.
        x: (T, m).
        units: how many units' states are kept: those with the largest mean |memory|, in order
            (memory is c for an LSTM, else h).
        unit: whose gates are shown; None for the mean over all units.
        seed: draws u.

    Returns:
        "cell": name; "units": which are kept, (k,);
        "gates": mean over all units, or that of `unit`, of each gate, (T,), and of |g|;
        "states": "h" (and "c") of the kept units, (T, k);
        "size": mean over all units of |h| (and |c|), (T,);
        "gradient": norms over all units of dL/d(what a wire carries), (T,): "h", "h_prev"
            (and "c", "c_prev"), the gates and "to_f" and so on, the sums that enter them, "a"
            before the RNN's tanh, "out" after the LSTM's second tanh.

    Raises:
        ValueError: if `x` is no sequence, or `units` or `unit` is more than the layer has.
    """
    x = np.asarray(x)
    if x.ndim != 2:
        raise ValueError(f"x has shape {x.shape}; flow follows one sequence, (steps, inputs).")
    if not 1 <= units <= layer.units:
        raise ValueError(f"units is {units}; the layer has {layer.units}.")
    if unit is not None and not 0 <= unit < layer.units:
        raise ValueError(f"unit is {unit}; the layer has {layer.units}, from 0.")
    layer(x[None])
    trace = {name: values[0].astype(np.float64) for name, values in layer.trace().items()}
    upstream = np.random.default_rng(seed).normal(size=(1, layer.units))
    back = layer.backward(None, upstream / np.linalg.norm(upstream))
    arriving = {name: grad[0].astype(np.float64) for name, grad in back.states.items()}
    for name, first in zip(layer.state_names, back.initial_state):
        arriving[f"{name}_prev"] = np.concatenate([first, arriving[name][:-1]])
    arriving |= _inside(layer, trace, arriving)

    memory = np.abs(trace["c" if "c" in trace else "h"])
    kept = np.sort(np.argsort(-memory.mean(axis=0), kind="stable")[:units])
    gates = GATES[layer.name]
    whose = slice(None) if unit is None else slice(unit, unit + 1)
    return {
        "cell": layer.name,
        "units": kept,
        "gates": {k: np.abs(trace[k][:, whose]).mean(axis=1) for k in gates},
        "states": {k: trace[k][:, kept] for k in layer.state_names},
        "size": {k: np.abs(trace[k]).mean(axis=1) for k in layer.state_names},
        "gradient": {k: np.linalg.norm(g, axis=1) for k, g in arriving.items()},
    }


def _inside(
    layer: Layer, trace: dict[str, np.ndarray], arriving: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """dL/d(gate) and the like, (T, n): the elementwise half of a backward step, for tanh."""
    h, dh = trace["h"], arriving["h"]
    if layer.name == "SimpleRNN":
        return {"a": dh * (1 - h**2)}
    h_prev = np.concatenate([np.zeros_like(h[:1]), h[:-1]])
    if layer.name == "LSTM":
        c, dc = trace["c"], arriving["c"]
        c_prev = np.concatenate([np.zeros_like(c[:1]), c[:-1]])
        found = {
            "f": dc * c_prev,
            "i": dc * trace["g"],
            "g": dc * trace["i"],
            "o": dh * np.tanh(c),
            "out": dh * trace["o"] * (1 - np.tanh(c) ** 2),
        }
        return found | {f"to_{k}": found[k] * _slope(k, trace[k]) for k in "figo"}
    z, g = trace["z"], trace["g"]
    before_tanh = dh * (1 - z) * (1 - g**2)
    weights = layer.gate_weights("g")
    u = weights["recurrent_kernel"].astype(np.float64)
    if layer.reset_after:
        bias = weights["bias"][1] if "bias" in weights else 0.0
        dr = before_tanh * (h_prev @ u + bias)
    else:
        dr = (before_tanh @ u.T) * h_prev
    dz = dh * (h_prev - g)
    entering = {"to_z": dz * _slope("z", z), "to_r": dr * _slope("r", trace["r"])}
    if layer.reset_after:  # as the drawing has it
        entering |= {"to_g": before_tanh, "u": before_tanh * trace["r"]}
    entering |= {"rest": dh * g, "past": arriving["h_prev"] - dh * z}
    return {"z": dz, "g": dh * (1 - z), "r": dr, **entering}


def _slope(gate: str, value: np.ndarray) -> np.ndarray:
    """Of tanh for the candidate g, of the sigmoid for the gates, from their values."""
    return 1 - value**2 if gate == "g" else value * (1 - value)
