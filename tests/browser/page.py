"""A notebook open in JupyterLab: pressed like a user, read through JupyterLab's own model.

Cells out of sight may not be in the document, so results are asked of the notebook, not of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.browser.server import Server
from tests.browsing import Recorder

PATIENCE = 120_000  # milliseconds for anything but running cells: the machine may be busy
LONGEST_RUN = 900_000

READY = """path => {
  const open = window.jupyterapp?.shell?.currentWidget;
  const session = open?.sessionContext;
  return open?.context?.path === path && open.context.isReady && session.isReady
    && session.session?.kernel?.status === "idle";
}"""
CELLS = """() => window.jupyterapp.shell.currentWidget.content.widgets.map(({model}) => ({
  id: model.id,
  kind: model.type,
  source: model.sharedModel.getSource(),
  count: model.executionCount ?? null,
  running: model.executionState === "running",
  outputs: (model.outputs?.toJSON() ?? []).map(one => ({
    kind: one.output_type,
    kinds: Object.keys(one.data ?? {}).sort(),
    stream: one.name ?? "",
    text: [one.text ?? one.data?.["text/plain"] ?? ""].flat().join(""),
    error: one.output_type === "error" ? `${one.ename}: ${one.evalue}` : "",
  })),
}))"""
FINISHED = """() => {
  const open = window.jupyterapp.shell.currentWidget;
  const cells = open.content.widgets.map(cell => cell.model).filter(one => one.type === "code");
  const failed = cells.some(one => one.outputs.toJSON().some(out => out.output_type === "error"));
  const todo = cells.filter(one => one.sharedModel.getSource().trim() && !one.executionCount);
  const busy = cells.some(one => one.executionState === "running");
  const idle = open.sessionContext.session?.kernel?.status === "idle";
  return idle && !busy && (failed || todo.length === 0);
}"""


@dataclass(frozen=True)
class Output:
    """One output of a cell: its kind, and what it shows."""

    kind: str
    kinds: tuple[str, ...]
    stream: str
    text: str
    error: str


@dataclass(frozen=True)
class Cell:
    """One cell as the notebook in the page has it."""

    id: str
    kind: str
    source: str
    count: int | None
    running: bool
    outputs: tuple[Output, ...]

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.outputs)


class LabPage:
    """A page of JupyterLab, and everything that it asked for or complained about."""

    def __init__(self, browser: object, server: Server, **options: object):
        self.server = server
        size = {"width": 1280, "height": 900}
        self.context = browser.new_context(**{"viewport": size, **options})
        self.context.set_default_timeout(PATIENCE)
        self.seen = Recorder(self.context)
        self.sockets: list[str] = []
        self.page = self.context.new_page()
        self.page.on("websocket", lambda socket: self.sockets.append(socket.url))

    def open(self, path: str, workspace: str | None = None) -> None:
        """Open a notebook of the workbook and wait until its kernel has nothing to do."""
        room = Path(path).stem if workspace is None else workspace
        self.page.goto(self.server.page_of(path, room))
        self.wait_until_ready(path)

    def wait_until_ready(self, path: str) -> None:
        self.page.wait_for_function(READY, arg=path)

    def choose(self, menu: str, entry: str) -> None:
        """Choose an entry of a menu of JupyterLab's menu bar."""
        self.page.get_by_role("menubar").get_by_role("menuitem", name=menu, exact=True).click()
        self.page.locator(".lm-Menu-item:visible", has_text=entry).first.click()

    def run_all(self) -> list[Cell]:
        """Clear all outputs, run all cells by the menu, and wait for the last."""
        self.choose("Edit", "Clear Outputs of All Cells")
        self.page.wait_for_function(f"() => ({CELLS})().every(cell => cell.count === null)")
        self.choose("Run", "Run All Cells")
        self.wait_until_finished()
        return self.cells()

    def wait_until_finished(self) -> None:
        """Wait until all cells have run, or one has failed."""
        self.page.wait_for_function(FINISHED, timeout=LONGEST_RUN, polling=250)

    def cells(self) -> list[Cell]:
        return [
            Cell(**one | {"outputs": tuple(Output(**out) for out in one["outputs"])})
            for one in self.page.evaluate(CELLS)
        ]

    def dialogs(self) -> list[str]:
        return self.page.locator(".jp-Dialog").all_inner_texts()

    def shut_kernel(self) -> None:
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")

    def close(self) -> None:
        self.context.close()
