"""check() in a hand-out says what is wrong, then that it is right, and progress() keeps it."""

from __future__ import annotations

from tests.browser.conftest import PICTURES
from tests.browser.page import LabPage
from tests.browsing import needs_browser

pytestmark = needs_browser
HANDOUT = "exercises/04_the_lstm_gate_by_gate.ipynb"
STUB = "def lstm_step(x"
SWAPPED = """def lstm_step(x, h_prev, c_prev, W, U, b):
a_f, a_i, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
c = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_g)
return sigmoid(a_o) * np.tanh(c), c"""
RIGHT = SWAPPED.replace("a_f, a_i", "a_i, a_f")


def test_check_names_the_mistake_and_then_praises(lab: LabPage) -> None:
    lab.open(HANDOUT)
    run(lab, "import numpy as np")
    run(lab, STUB)
    handed_out = run(lab, 'check("lstm_step"')
    assert handed_out.startswith("✗ lstm_step: All three faults are still there"), handed_out

    answer(lab, SWAPPED)
    said = run(lab, 'check("lstm_step"')
    assert said.startswith("✗ lstm_step: Your forget and input gates are swapped"), said
    shown = lab.page.locator(".jp-OutputArea-output:visible", has_text="gates are swapped")
    assert shown.is_visible()

    lab.write_cell(STUB, RIGHT)  # changed, and not yet run
    faded = lab.page.locator(".carousel-verdict.faded.wrong")
    faded.get_by_text("The code has changed since").wait_for()
    lab.page.screenshot(path=PICTURES / "verdict-faded.png")
    lab.write_cell(STUB, SWAPPED)  # as it was checked
    faded.wait_for(state="detached")

    answer(lab, RIGHT)
    said = run(lab, 'check("lstm_step"')
    assert said.startswith("✓ lstm_step:"), said
    assert "04  ✓ lstm_step" in run(lab, "progress()")

    assert lab.seen.complaints == []

    lab.page.keyboard.press("Control+s")
    lab.wait_until_saved()
    cells = [cell for cell in lab.run_all(restart=True) if cell.kind == "code"]
    assert [one.error for cell in cells for one in cell.outputs if one.error] == []
    assert cells[-1].source == "progress()" and "✓ lstm_step" in cells[-1].text
    lab.shut_kernel()


def answer(lab: LabPage, code: str) -> None:
    """Type `code` in place of the stub, line by line as JupyterLab indents it, and run it."""
    lab.write_cell(STUB, code)
    run(lab, STUB)


def run(lab: LabPage, start: str) -> str:
    """Run the cell that begins with `start`; what it printed."""
    return lab.run_cell(start).text
