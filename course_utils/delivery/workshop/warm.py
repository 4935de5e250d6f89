"""The hub's first learner is the teacher: what is slow the first time is so before the class comes.

The first server and notebook read all of Python's packages from the disk, compile those that are
not compiled, and make Matplotlib's list of fonts. After them all that is in memory.
"""

from __future__ import annotations

import asyncio
import time

from course_utils.delivery.workshop.folder import TEACHER, HubFolder
from course_utils.delivery.workshop.steps import arrive
from course_utils.delivery.workshop.visitor import Visitor

NOTEBOOK = "notebooks/00_start_here.ipynb"
USES = """
import matplotlib.pyplot
from course_utils import cells, claims, feedback, measure, plots, tasks, training
from course_utils.keras_bridge import keras
matplotlib.pyplot.figure().text(0, 0, "warm").figure.canvas.draw()
keras.layers.SimpleRNN(1)(keras.ops.ones((1, 1, 1)))
"""


def warm_up(here: HubFolder, port: int) -> float:
    """Start the teacher's server and a notebook in it; the seconds it took.

    Raises:
        VisitError: if it does not work; then it will not for learners.
    """
    start = time.perf_counter()
    asyncio.run(visit(here, port))
    return time.perf_counter() - start


async def visit(here: HubFolder, port: int) -> None:
    """Come as the teacher, and use what lessons use."""
    address, password = f"http://127.0.0.1:{port}", here.passwords()[TEACHER]
    async with Visitor(address, TEACHER, password) as teacher:
        await arrive(teacher)
        kernel = await teacher.start_kernel(NOTEBOOK)
        await kernel.run(USES)
        await kernel.close()
