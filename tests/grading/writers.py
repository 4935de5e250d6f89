"""Answers as independent learners write them: each chooses by chance among ways to say the same.

The choices are names, comments, order, helpers, slices or `np.split`, one line or several. Nobody
looks at anybody, so whatever two of them share is chance. A copy is made of one of these answers.
"""

import ast
import random
import re

STATE = ["h", "state", "hidden", "h_t", "current", "s"]
LIST = ["states", "outputs", "hs", "out", "result", "all_h", "collected", "ys"]
SUM = ["a", "z", "pre", "total", "s", "summed", "logits", "net"]
STEP = ["t", "i", "k", "step", "time"]
GATES = [
    ("i", "f", "g", "o"),
    ("i_t", "f_t", "g_t", "o_t"),
    ("inp", "forget", "cand", "out"),
    ("input_gate", "forget_gate", "candidate", "output_gate"),
    ("ig", "fg", "gg", "og"),
    ("i_gate", "f_gate", "c_tilde", "o_gate"),
]
CELL = ["c", "c_new", "c_t", "cell", "c_next", "new_c"]
REMARKS = [
    *["", "", "", "", "# the gates", "# new state", "# add everything up", "# see lesson"],
    *["# one step", "# loop over time", "# my solution", "# first the sum", "# TODO check this"],
]


def writer(seed: int):
    """One learner's answers to three tasks of set 04."""
    rng = random.Random(seed)
    return {"lstm_step": lstm_step(rng), "lstm_forward": lstm_forward(rng), **counted(rng)}


def remark(rng: random.Random) -> str:
    text = rng.choice(REMARKS)
    return f"    {text}\n" if text else ""


def lstm_step(rng: random.Random) -> str:
    i, f, g, o = rng.choice(GATES)
    c, a = rng.choice(CELL), rng.choice(SUM)
    if a in (i, f, g, o, c):
        a = "everything"
    n = rng.choice(["n", "units", "size", "u"])
    lines = [f"{a} = x @ W + h_prev @ U + b"]
    order = rng.choice(
        ["x @ W + h_prev @ U + b", "h_prev @ U + x @ W + b", "np.dot(x, W) + np.dot(h_prev, U) + b"]
    )
    lines[0] = f"{a} = {order}"
    way = rng.randrange(5)
    if way == 0:
        lines += [f"{n} = h_prev.shape[{rng.choice(['1', '-1'])}]"]
        cuts = [
            f"{a}[:, :{n}]",
            f"{a}[:, {n}:2 * {n}]",
            f"{a}[:, 2 * {n}:3 * {n}]",
            f"{a}[:, 3 * {n}:]",
        ]
    elif way == 1:
        lines += [f"parts = np.split({a}, 4, axis={rng.choice(['1', '-1'])})"]
        cuts = [f"parts[{k}]" for k in range(4)]
    elif way == 2:
        lines += [f"{i}, {f}, {g}, {o} = np.split({a}, 4, axis={rng.choice(['1', '-1'])})"]
        cuts = [i, f, g, o]
    elif way == 3:
        lines = [f"{n} = U.shape[0]"]
        tops = [f"{k} * {n}:{k + 1} * {n}" for k in range(4)]
        cuts = [f"x @ W[:, {t}] + h_prev @ U[:, {t}] + b[{t}]" for t in tops]
    else:
        names = [f"{a}_{one}" for one in "ifgo"]
        lines += [f"{', '.join(names)} = np.split({a}, 4, axis={rng.choice(['1', '-1'])})"]
        cuts = names
    acts = ["sigmoid", "sigmoid", "np.tanh", "sigmoid"]
    made = [f"{name} = {act}({cut})" for name, act, cut in zip((i, f, g, o), acts, cuts)]
    if rng.random() < 0.3:
        made = [
            ", ".join((i, f, g, o))
            + " = "
            + ", ".join(f"{act}({cut})" for act, cut in zip(acts, cuts))
        ]
    elif rng.random() < 0.3:
        rng.shuffle(made)
    lines += made
    lines += [
        f"{c} = "
        + rng.choice(
            [f"{f} * c_prev + {i} * {g}", f"c_prev * {f} + {i} * {g}", f"{i} * {g} + {f} * c_prev"]
        )
    ]
    if rng.random() < 0.5:
        h = rng.choice(STATE)
        lines += [f"{h} = {o} * np.tanh({c})", f"return {h}, {c}"]
    else:
        lines += [f"return {o} * np.tanh({c}), {c}"]
    return as_function(rng, "lstm_step(x, h_prev, c_prev, W, U, b)", lines)


def lstm_forward(rng: random.Random) -> str:
    h, c, out, t = rng.choice(STATE), rng.choice(CELL), rng.choice(LIST), rng.choice(STEP)
    lines = rng.choice([[f"{h}, {c} = h0, c0"], [f"{h} = h0", f"{c} = c0"]])
    steps = rng.choice(["x.shape[1]", "T"])
    lines = [*(["B, T, m = x.shape"] if steps == "T" else []), *lines]
    if rng.random() < 0.3:
        lines += [f"{out} = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))"]
        keep, last = f"{out}[:, {t}] = {h}", f"return {out}, {c}"
    else:
        lines += [f"{out} = []"]
        keep, last = f"{out}.append({h})", f"return np.stack({out}, axis=1), {c}"
    lines += [
        f"for {t} in range({steps}):",
        f"    {h}, {c} = lstm_step(x[:, {t}], {h}, {c}, W, U, b)",
        f"    {keep}",
        last,
    ]
    return as_function(rng, "lstm_forward(x, h0, c0, W, U, b)", lines)


def counted(rng: random.Random) -> dict[str, str]:
    n = rng.choice(["n", "units"])
    way = rng.choice(
        [
            f"4 * (m * {n} + {n} * {n} + {n})",
            f"4 * ({n} * (m + {n}) + {n})",
            f"4 * {n} * (m + {n} + 1)",
        ]
    )
    lines = rng.choice(
        [
            [f"return {way}"],
            [f"gates = {way}", "return gates"],
            [f"weights = {way}", "return weights"],
        ]
    )
    return {"lstm_params": as_function(rng, f"lstm_params(m, {n})", lines)}


def as_function(rng: random.Random, head: str, lines: list[str]) -> str:
    body = "".join(
        f"    {line}\n"
        if line[:4] == "    "
        else remark(rng) * (rng.random() < 0.3) + f"    {line}\n"
        for line in lines
    )
    return f"def {head}:\n{body}"


def disguised(source: str, seed: int = 0) -> str:
    """A copy under other names, in another layout, with a line more and other comments."""
    tree, rng = ast.parse(source), random.Random(seed)
    given = {one.arg for one in ast.walk(tree) if isinstance(one, ast.arg)}
    own = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    new = {name: f"{rng.choice('pqrstuvw')}{rng.randrange(1000)}" for name in sorted(own - given)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Name):
            one.id = new.get(one.id, one.id)
    text = ast.unparse(tree).replace("\n    ", "\n\n    ", 1)
    return re.sub(r"\n", "\n    assert True  # look\n", text, count=1)
