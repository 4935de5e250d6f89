"""A training step of each cell, against Keras, PyTorch (if installed) and the limit of the machine.

    python benchmarks/cells.py            # one thread, then two: about five minutes
    python benchmarks/cells.py --quick    # fewer repetitions, one thread, no jit_compile
    python benchmarks/cells.py --torch    # PyTorch, too, from an environment of its own in build

A step is forward, read-out, loss, backward, clipping and Adam, on one batch that is already in
memory. The contenders take turns, so that a busy moment hits them all; the figure is the median
of the processor time that the process used (of the time on the clock, with two threads). The limit
is what the matrix products of one forward and backward pass cost at the speed of the machine's
best product, plus tanh: no program that does the same arithmetic can be faster.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path
from statistics import median

from environment import environment_with

RESULTS = Path(__file__).parent / "results"
SIZES = [(32, 50, 8, 32), (64, 100, 32, 128), (32, 200, 64, 256), (1, 1000, 16, 64)]
CELLS = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}  # gates
TANHS = {"SimpleRNN": 1, "LSTM": 5, "GRU": 3}  # for each unit and step; a sigmoid is a tanh, too
CLASSES, LIMIT, RATE = 10, 1.0, 1e-3
TURNS, TURN_SECONDS, QUICK_TURN_SECONDS = 9, 0.2, 0.05

# The target for NumPy time / Keras time, by size; the fourth holds for the first size of the RNN.
TARGETS = [0.35, 0.9, 0.9, 0.35]
RNN_FIRST_TARGET = 0.15
OVER_LIMIT_TARGET = 1.75  # of the second and the third size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a rough figure in a minute")
    parser.add_argument("--torch", action="store_true", help="install PyTorch apart, and use it")
    parser.add_argument("--threads", type=int, nargs="+", help="default: 1 2")
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 1, 2, 3], help="default: all")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    threads = options.threads or ([1] if options.quick else [1, 2])
    if options.worker:
        print(json.dumps(measure_all(threads[0], options.sizes, options.quick)))
        return
    python = environment_with("torch") if options.torch else Path(sys.executable)
    for count in threads:
        result = run_worker(python, count, options.sizes, options.quick)
        print(table(result), flush=True)
        if not options.quick and len(options.sizes) == len(SIZES):
            RESULTS.mkdir(exist_ok=True)
            lines = ",\n  ".join(json.dumps(row) for row in result.pop("rows"))
            text = json.dumps(result)[:-1] + f', "rows": [\n  {lines}\n]}}\n'
            (RESULTS / f"cells_{count}_thread.json").write_text(text, "utf-8")


def run_worker(python: Path, threads: int, sizes: list[int], quick: bool) -> dict:
    """Measure in a process of its own: the number of threads is settled when NumPy is imported."""
    names = "OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS TF_NUM_INTRAOP_THREADS"
    environment = os.environ | dict.fromkeys(names.split(), str(threads))
    environment |= {"TF_NUM_INTEROP_THREADS": "1"}
    command = [str(python), __file__, "--worker", "--threads", str(threads), "--sizes"]
    command += [*map(str, sizes), *["--quick"] * quick]
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def measure_all(threads: int, sizes: list[int], quick: bool) -> dict:
    """Medians in ms of every contender, for each size and cell."""
    # PyTorch's compiler crashes the process when TensorFlow's is loaded before it.
    for module in ("torch", "torch._dynamo"):
        with suppress(ImportError):
            import_module(module)
    import numpy as np

    clock = time.process_time if threads == 1 else time.perf_counter
    speed = machine_speed(clock)
    rows = []
    for size in (SIZES[k] for k in sizes):
        for cell in CELLS:
            rng = np.random.default_rng(0)
            batch, steps, inputs, units = size
            x = rng.normal(size=(batch, steps, inputs)).astype("float32")
            classes = rng.integers(CLASSES, size=batch)
            makers = {"numpy": numpy_step, "forward+backward": numpy_passes, "keras": keras_step}
            if not quick:
                makers |= {"keras jit": keras_jit_step}
            makers |= {"torch": torch_step}
            contenders = {name: make(cell, units, x, classes) for name, make in makers.items()}
            contenders = {name: step for name, step in contenders.items() if step is not None}
            seconds = alternate(contenders, clock, QUICK_TURN_SECONDS if quick else TURN_SECONDS)
            limit = least_seconds(cell, size, speed)
            rows.append(
                {
                    "cell": cell,
                    "size": size,
                    "ms": to_ms(seconds),
                    "limit ms": round(limit * 1e3, 3),
                }
            )
            print(f"{size} {cell}", file=sys.stderr, flush=True)
    head = {"threads": threads, "clock": clock.__name__, "machine": speed}
    return head | {"processor": processor(), "date": str(date.today()), "rows": rows}


def alternate(contenders: dict[str, Callable], clock, turn: float) -> dict[str, float]:
    """Median seconds of each contender; they take turns, of several steps if these are short."""
    times = {name: [] for name in contenders}
    for _ in range(TURNS):
        for name, step in contenders.items():
            step()  # what the last contender left in the caches is not this one's fault
            end = time.perf_counter() + turn
            while time.perf_counter() < end:
                start = clock()
                step()
                times[name].append(clock() - start)
    return {name: median(each) for name, each in times.items()}


def to_ms(seconds: dict[str, float]) -> dict[str, float]:
    return {name: round(each * 1e3, 3) for name, each in seconds.items()}


def processor() -> str:
    """Its name, as Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def machine_speed(clock) -> dict[str, float]:
    """What the machine does at its best: products in GFLOP/s, tanh in ns, both in float32."""
    import numpy as np

    rng = np.random.default_rng(0)
    square, line = (rng.normal(size=s).astype("float32") for s in ((768, 768), (32768,)))
    into = np.empty_like(square), np.empty_like(line)

    def best(work: Callable, repeat: int) -> float:
        times = []
        for _ in range(20):
            start = clock()
            for _ in range(repeat):
                work()
            times.append((clock() - start) / repeat)
        return min(times)

    product = best(lambda: np.matmul(square, square, out=into[0]), 5)
    tanh = best(lambda: np.tanh(line, out=into[1]), 100)
    return {"gflops": round(2 * 768**3 / product / 1e9, 1), "tanh ns": round(tanh / 32768e-9, 3)}


def least_seconds(cell: str, size: tuple[int, ...], speed: dict[str, float]) -> float:
    """Forward: [h, x] times a matrix; backward: one product for dh, one for the weights."""
    batch, steps, inputs, units = size
    columns = CELLS[cell] * units
    flops = 2 * batch * steps * columns * (2 * (inputs + units) + units)
    tanh = batch * steps * units * TANHS[cell] * speed["tanh ns"]
    return (flops / speed["gflops"] + tanh) * 1e-9


# Contenders: each a function that takes one training step


def numpy_step(cell: str, units: int, x, classes) -> Callable:
    from types import SimpleNamespace

    from course_utils import cells
    from course_utils.training import SequenceModel

    model = SequenceModel(getattr(cells, cell)(units, seed=0), CLASSES)
    model.build(x.shape[2])
    return training_step(model, SimpleNamespace(inputs=x, targets=classes, weights=None))


def training_step(model, batch) -> Callable:
    """What `train` does with a batch."""
    from course_utils.training import Adam, clip_by_global_norm

    optimizer = Adam(RATE)

    def step() -> None:
        _, gradients = model.loss_and_gradients(batch)
        clip_by_global_norm(gradients, LIMIT)
        optimizer.update(model.weights, gradients)

    return step


def numpy_passes(cell: str, units: int, x, classes) -> Callable:
    import numpy as np

    from course_utils import cells

    layer = getattr(cells, cell)(units, seed=0)
    dy = np.random.default_rng(1).normal(size=(len(x), units)).astype("float32")

    def step() -> None:
        layer(x)
        layer.backward(dy)

    return step


def keras_step(cell: str, units: int, x, classes, jit: bool = False) -> Callable:
    from course_utils.keras_bridge import keras, quiet

    layer = getattr(keras.layers, cell)(units)
    model = keras.Sequential([keras.Input(x.shape[1:]), layer, keras.layers.Dense(CLASSES)])
    model.compile(
        keras.optimizers.Adam(RATE, global_clipnorm=LIMIT),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=jit,
    )
    with quiet():
        model.train_on_batch(x, classes)
    return lambda: model.train_on_batch(x, classes)


def keras_jit_step(cell: str, units: int, x, classes) -> Callable:
    return keras_step(cell, units, x, classes, jit=True)


def torch_step(cell: str, units: int, x, classes) -> Callable | None:
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    layer = getattr(torch.nn, cell.removeprefix("Simple"))(x.shape[2], units, batch_first=True)
    head = torch.nn.Linear(units, CLASSES)
    weights = [*layer.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(weights, RATE)
    inputs, targets = torch.tensor(x), torch.tensor(classes)

    def step() -> None:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(head(layer(inputs)[0][:, -1]), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, LIMIT)
        optimizer.step()

    return step


# The table


def table(result: dict) -> str:
    others = [name for name in result["rows"][0]["ms"] if name not in ("numpy", "forward+backward")]
    head = ["batch, T, m, n", "cell", "NumPy", *others, "NumPy/Keras", "target", "over limit"]
    lines = [
        f"{result['threads']} thread(s): median ms of a training step ({result['clock']}); best"
        f" product {result['machine']['gflops']} GFLOP/s, tanh {result['machine']['tanh ns']} ns."
        f" Over limit: forward and backward pass; at the second and third size at most"
        f" {OVER_LIMIT_TARGET}.{made(result)}",
        "",
        *row(head),
        *row(["---"] * len(head)),
    ]
    for entry in result["rows"]:
        ms, size = entry["ms"], tuple(entry["size"])
        ratio, over = ms["numpy"] / ms["keras"], ms["forward+backward"] / entry["limit ms"]
        times = [f"{ms[name]:.2f}" for name in ("numpy", *others)]
        cells = [", ".join(map(str, size)), entry["cell"], *times, f"{ratio:.2f}"]
        lines += row([*cells, target(entry["cell"], size), f"{over:.2f}"])
    return "\n".join(lines)


def made(result: dict) -> str:
    """On what and when it was measured; older results do not say it."""
    return f" {result['processor']}, {result['date']}." if "date" in result else ""


def row(cells: list[str]) -> list[str]:
    widths = [16, 9, *[9] * (len(cells) - 5), 11, 6, 10]
    return ["| " + " | ".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True)) + " |"]


def target(cell: str, size: tuple[int, ...]) -> str:
    first = size == SIZES[0] and cell == "SimpleRNN"
    return str(RNN_FIRST_TARGET if first else TARGETS[SIZES.index(size)])


if __name__ == "__main__":
    main()
