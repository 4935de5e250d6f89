"""Run a notebook in a clean kernel of this environment and keep of its outputs what is stable."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Mapping

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets import default

from course_utils.delivery.authoring.document import AuthoringError, Document
from course_utils.delivery.kernels import OwnKernels

CELL_SECONDS = 300  # far above what a lesson may take; a kernel that hangs ends here
ENVIRONMENT = {
    "COURSE_BUILD": "1",  # progress bars keep quiet
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
ANSI = re.compile(r"\x1b\[[0-9;]*m")
CELL_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


class _Kernel(AsyncKernelManager):
    @default("kernel_spec_manager")
    def _own_environment(self) -> KernelSpecManager:
        return OwnKernels()


def execute(
    document: Document,
    notebook: NotebookNode,
    environment: Mapping[str, str] = ENVIRONMENT,
    seconds: dict[int, float] | None = None,
) -> list[str]:
    """Execute `notebook` in place, in its own folder; return what its cells said on stderr.

    `seconds` is filled with the processor's seconds that each code cell took, by its place: on a
    machine that does nothing else, about as long as the cell ran. Raises AuthoringError with one
    message if a cell fails, takes too long or loses its kernel.
    """
    current, started = 0, 0.0

    def on_cell_start(cell: NotebookNode, cell_index: int) -> None:
        nonlocal current, started
        current, started = cell_index, _processor_seconds(client)

    def on_cell_executed(cell: NotebookNode, cell_index: int, execute_reply: object) -> None:
        if seconds is not None:
            seconds[cell_index] = _processor_seconds(client) - started

    client = NotebookClient(
        notebook,
        kernel_manager_class=_Kernel,
        timeout=CELL_SECONDS,
        resources={"metadata": {"path": str(document.target.parent)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        on_cell_start=on_cell_start,
        on_cell_executed=on_cell_executed,
    )
    with (
        tempfile.TemporaryDirectory() as scratch,
        open(f"{scratch}/log", "w+", encoding="utf-8") as log,
    ):
        # without the start-up files of whoever builds, and without the kernel's own chatter
        env = {**os.environ, **environment, "IPYTHONDIR": scratch}
        try:
            client.execute(env=env, stderr=log)
        except CellExecutionError as error:
            raise AuthoringError(_failure(document, notebook, current, error)) from None
        except CellTimeoutError:
            raise AuthoringError(
                f"{document.place(current)}: still running after {CELL_SECONDS} s."
            ) from None
        except (DeadKernelError, RuntimeError) as error:
            log.seek(0)
            last = "\n    ".join(log.read().strip().splitlines()[-5:])
            where = document.place(current)
            raise AuthoringError(f"{where}: the kernel died ({error}).\n    {last}") from None
    return _clean(document, notebook)


def _processor_seconds(client: NotebookClient) -> float:
    times = psutil.Process(client.km.provisioner.pid).cpu_times()
    return times.user + times.system


def _failure(
    document: Document, notebook: NotebookNode, index: int, error: CellExecutionError
) -> str:
    cell = notebook.cells[index]
    traceback = ANSI.sub("", error.traceback)
    found = CELL_LINE.findall(traceback) or re.findall(r"line (\d+)", traceback)
    line = int(found[0]) if found else 1
    code = cell.source.splitlines()
    shown = f"\n    {code[line - 1].strip()}" if 0 < line <= len(code) else ""
    return f"{document.place(index, line)}:{shown}\n    {error.ename}: {ANSI.sub('', error.evalue)}"


def _clean(document: Document, notebook: NotebookNode) -> list[str]:
    said = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        kept = []
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                first = output.text.strip().splitlines()[:1]
                said.append(f"{document.place(index)}: stderr, not kept: {''.join(first)}")
            else:
                kept.append(output)
        cell.outputs = kept
    return said


if sys.platform == "win32":  # the event loop that pyzmq needs there
    import asyncio

    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
