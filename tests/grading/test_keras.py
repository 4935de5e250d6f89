"""Keras answers run in a sandbox, too, with more time and memory and with threads."""

import json
from pathlib import Path

from course_utils.grading import commands
from course_utils.grading.sets import known_sets, marked

SET = "08_keras_argument_by_argument"
ATTACKS = {
    "keras_lstm_count": "import os\ndef keras_lstm_count(*given):\n    os.fork()\n    return 0",
    "keras_forget_bias": "import socket\nsocket.socket()\nkeras_forget_bias = None",
    "keras_return_state": "open('/x', 'w').write('x')\n",
}


def test_keras(tmp_path: Path) -> None:
    notebook = json.loads(known_sets()[SET].read_text(encoding="utf-8"))
    for learner, answers in (("right", {}), ("hostile", ATTACKS)):
        for cell in notebook["cells"]:
            name = marked(cell).get("grade_id")
            cell["source"] = answers.get(name, cell["source"])
        path = tmp_path / "submitted" / learner / SET / f"{SET}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))
    hostile, right = commands.grade(tmp_path, None)
    assert right.points == right.out_of == 6
    points = {mark.problem: mark.points for mark in hostile.marks}
    assert [points[name] for name in ATTACKS] == [0, 0, 0]
    assert hostile.points == 3  # what is right there counts
