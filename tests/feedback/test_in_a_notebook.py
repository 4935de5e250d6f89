"""A hand-out as a learner meets it: in a kernel, in a workbook, with mistakes of several kinds."""

import json
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from course_utils.feedback import record
from course_utils.workbook import MANIFEST

HANDOUT = (
    Path(__file__).resolve().parents[2] / "exercises/01_a_recurrent_network_from_scratch.ipynb"
)
ANSWERS = {
    "rnn_step": "def rnn_step(x, h_prev, W, U, b):\n    return np.tanh(x @ W + b)",
    "rnn_forward": """def rnn_forward(x, mask, h0, W, U, b):
    h = h0
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], hh, W, U, b)
    return h""",
    "rnn_params": "def rnn_params(m, n):\n    while True:\n        pass",
    "mend_rnn_loop": None,  # left as it is
    "best_by_sum": """def best_by_sum(x, answers):
    return np.bincount(answers).max() / len(answers)""",
    "rnn_params-check": 'check("rnn_params", rnn_params, seconds=0.5)',
}
SAID = [
    "✗ rnn_step: The old state h_prev has no part in it: without h_prev @ U nothing\n"
    "  is remembered. h[0, 0] is",
    "✗ rnn_forward stops in line 4 (`h = rnn_step(x[:, t], hh, W, U, b)`) with NameError:\n"
    "  name 'hh' is not defined. Has the cell that defines it been run?",
    "✗ rnn_params was not done after 0.5 seconds: is there a loop that never ends?",
    "✗ mend_rnn_loop: Every step shows the same numbers, those of the last step: not mended\n"
    "  yet. Wrong at steps",
    "✗ best_by_sum: That is what one and the same answer for all sequences reaches: add\n",
    "01  ✗ rnn_step  ✗ rnn_forward  ✗ rnn_params  ✗ mend_rnn_loop  ✗ best_by_sum\n"
    "0 of 5 right, 0 of 6 points.",
]


def test_wrong_answers_in_a_kernel_are_sentences(tmp_path) -> None:
    (tmp_path / MANIFEST).write_text("{}")
    folder = tmp_path / "exercises"
    folder.mkdir()
    notebook = nbformat.read(HANDOUT, as_version=4)
    for cell in notebook.cells:
        new = ANSWERS.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        cell.source = new or cell.source
    where = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=600, startup_timeout=600, resources=where)
    client.execute()  # no cell raises
    outputs = [one for cell in notebook.cells for one in cell.get("outputs", [])]
    texts = [one.get("text") or one.data["text/plain"] for one in outputs]
    assert len(texts) == len(SAID)
    for text, said in zip(texts, SAID):
        assert text.startswith(said), text
    pages = [one.data["text/html"] for one in outputs[:-1]]
    assert all('class="carousel-verdict wrong"' in page for page in pages)
    assert "<code>h_prev</code>" in pages[0] and "data-code" in pages[0]
    assert set(json.loads((tmp_path / record.PROGRESS).read_text())["best"].values()) == {0}
