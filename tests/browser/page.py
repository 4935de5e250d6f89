"""A notebook open in JupyterLab: pressed like a user, read through JupyterLab's own model.

Cells out of sight may not be in the document: so results are asked of the notebook in the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat

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
  const wrong = outputs => Array.from(outputs, (_, at) => outputs.get(at).type).includes("error");
  const failed = cells.some(one => wrong(one.outputs));
  const todo = cells.filter(one => one.sharedModel.getSource().trim() && !one.executionCount);
  const busy = cells.some(one => one.executionState === "running");
  const idle = open.sessionContext.session?.kernel?.status === "idle";
  return idle && !busy && (failed || todo.length === 0);
}"""
NOTEBOOK = "() => JSON.stringify(window.jupyterapp.shell.currentWidget.context.model.toJSON())"
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
BRING = "index => window.jupyterapp.shell.currentWidget.content.scrollToItem(index, 'center')"
RAN = """([index, before]) => {
  const open = window.jupyterapp.shell.currentWidget;
  const {executionCount, executionState} = open.content.widgets[index].model;
  const idle = open.sessionContext.session.kernel.status === "idle";
  return idle && executionState !== "running" && executionCount && executionCount !== before;
}"""
ALONE = """() => {
  const {shell} = window.jupyterapp;
  shell.mode = "single-document";
  shell.collapseLeft();
  shell.collapseRight();
}"""
SCROLL = """count => {
  const paper = document.querySelector(".jp-Notebook:not(.lm-mod-hidden) .jp-WindowedPanel-outer");
  if (count === 0) {
    paper.scrollTop = 0;
    return true;
  }
  const bottom = node => node.getBoundingClientRect().bottom;
  const cells = paper.querySelectorAll(".jp-Cell");
  if (bottom(cells[cells.length - 1]) <= bottom(paper)) return false;
  paper.scrollTop += paper.clientHeight - 40;
  return true;
}"""
SETTLED = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const seen = node => node.checkVisibility({contentVisibilityAuto: true});
  const whole = [...document.querySelectorAll("img")].filter(seen).every(img => img.complete);
  const raw = /\\$[^$]*\\\\[a-z]+/;
  const words = [...document.querySelectorAll(".jp-RenderedMarkdown")].filter(seen);
  return whole && !words.some(one => raw.test(one.innerText));
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
        return "".join(one.error or one.text for one in self.outputs)


class LabPage:
    """A page of JupyterLab, and everything that it asked for or complained about.

    The context remembers nothing of the pages before it but JupyterLab's scripts.
    """

    def __init__(self, context: object, server: Server):
        self.server = server
        self.seen = Recorder(context)
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("websocket", lambda socket: self.seen.asked.append(socket.url))
        context.clear_cookies()
        everything = {"origin": server.address, "storageTypes": "all"}
        context.new_cdp_session(self.page).send("Storage.clearDataForOrigin", everything)

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

    def run_all(self, restart: bool = False) -> list[Cell]:
        """Clear all outputs, run all cells by the menu, and wait for the last or for an error."""
        self.choose("Edit", "Clear Outputs of All Cells")
        self.page.wait_for_function(f"() => ({CELLS})().every(cell => cell.count === null)")
        if restart:
            self.choose("Run", "Restart Kernel and Run All Cells")
            self.page.get_by_role("button", name="Confirm Kernel Restart").click()
            self.page.get_by_role("dialog").wait_for(state="detached")
        else:
            self.choose("Run", "Run All Cells")
        self.page.wait_for_function(FINISHED, timeout=LONGEST_RUN, polling=250)
        return self.cells()

    def select_cell(self, start: str) -> None:
        """Click on the cell that begins with `start`, as a reader who has scrolled to it."""
        index = self._index(start)
        self.page.evaluate(BRING, index)
        editor = self.page.locator(f'.jp-Cell[data-windowed-list-index="{index}"] .cm-content')
        editor.click()
        self.page.wait_for_function(f"index => ({ACTIVE})() === index", arg=index)

    def run_cell(self, start: str) -> Cell:
        """Run the cell that begins with `start` by Ctrl+Enter, wait for its end and read it."""
        self.select_cell(start)
        before = self.cells()[index := self._index(start)].count
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(RAN, arg=[index, before])
        return self.cells()[index]

    def write_cell(self, start: str, code: str) -> None:
        """Type `code` in place of all that stands in the cell that begins with `start`."""
        self.select_cell(start)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(code)

    def active_cell(self) -> int:
        return self.page.evaluate(ACTIVE)

    def wait_until_saved(self) -> None:
        self.page.wait_for_function(
            "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
        )

    def _index(self, start: str) -> int:
        found = [i for i, cell in enumerate(self.cells()) if cell.source.startswith(start)]
        if not found:
            raise ValueError(f"no cell begins with {start!r}")
        return found[0]

    def cells(self) -> list[Cell]:
        return [
            Cell(**one | {"outputs": tuple(Output(**out) for out in one["outputs"])})
            for one in self.page.evaluate(CELLS)
        ]

    def notebook(self) -> nbformat.NotebookNode:
        """The notebook as JupyterLab would save it now."""
        return nbformat.reads(self.page.evaluate(NOTEBOOK), as_version=4)

    def dialogs(self) -> list[str]:
        return self.page.locator(".jp-Dialog").all_inner_texts()

    def shut_kernel(self) -> None:
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")

    def read_through(
        self, folder: Path | None, stem: str, paper: tuple[int, int] = (1000, 1500)
    ) -> int:
        """Scroll from top to bottom, each time until all in sight is drawn; how many screens.

        With a folder they are saved there as stem-01.png, stem-02.png ...; `paper` is the size of
        a screen in pixels.
        """
        for old in folder.glob(f"{stem}-[0-9][0-9].png") if folder else ():
            old.unlink()
        self.page.set_viewport_size(dict(zip(("width", "height"), paper)))
        self.page.evaluate(ALONE)
        notebook = self.page.locator(".jp-Notebook:visible").first
        count = 0
        while self.page.evaluate(SCROLL, count):
            count += 1
            self.page.wait_for_function(SETTLED)
            if folder:
                notebook.screenshot(path=folder / f"{stem}-{count:02}.png", animations="disabled")
        return count

    def close(self) -> None:
        self.page.close()
        self.seen.stop()
