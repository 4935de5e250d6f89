"""Keras answers run in a sandbox, too, with more time and memory and with threads."""

import json
from dataclasses import replace
from pathlib import Path

from course_utils.delivery.grading import commands
from course_utils.delivery.grading.sandbox import KERAS
from course_utils.delivery.grading.sets import ProblemSet, known_sets, marked

SET = "08_keras_argument_by_argument"
ATTACKS = {
    "keras_dropout_mask": "import os\ndef keras_dropout_mask(*given):\n    os.fork()\n    return 0",
    "keras_forget_bias": "import socket\nsocket.socket()\nkeras_forget_bias = None",
    "keras_return_state": "open('/x', 'w').write('x')\n",
}
CROWD = {  # of one learner, who takes from the neighbours what can be taken
    "keras_dropout_mask": """import threading
threading.stack_size(1 << 16)
stop = threading.Event()
def keras_dropout_mask(*given):
    for _ in range(900): threading.Thread(target=stop.wait, daemon=True).start()
    stop.wait(10**6)
""",
    "keras_forget_bias": """import mmap
kept = []
def keras_forget_bias(*given):
    while True:
        kept.append(mmap.mmap(-1, 1 << 28))
        kept[-1].write(b"x" * (1 << 20))
""",
    "keras_return_state": "import fcntl, os\nfile = os.open(keras.__file__, os.O_RDONLY)\n"
    "fcntl.fcntl(file, 1024, fcntl.F_RDLCK)\n",
}


def test_keras(tmp_path: Path, monkeypatch) -> None:
    whole = known_sets()[SET].read_text(encoding="utf-8")
    learners = {"right": {}, "hostile": ATTACKS, "crowd": CROWD, "neighbour": {}}
    for learner, answers in learners.items():
        notebook = json.loads(whole)
        for cell in notebook["cells"]:
            name = marked(cell).get("grade_id")
            cell["source"] = answers.get(name, cell["source"])
        path = tmp_path / "submitted" / learner / SET / f"{SET}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))
    monkeypatch.setattr(
        ProblemSet, "limits", replace(KERAS, seconds=20.0, grace=10.0, patience=50.0)
    )
    found = {marks.learner: marks for marks in commands.grade(tmp_path, None, jobs=2)}
    for learner in ("right", "neighbour"):
        assert found[learner].points == found[learner].out_of == 7
    for learner, attacks in (("hostile", ATTACKS), ("crowd", CROWD)):
        points = {mark.problem: mark.points for mark in found[learner].marks}
        assert [points[name] for name in attacks] == [0, 0, 0]
        assert found[learner].points == 3  # what is right there counts
