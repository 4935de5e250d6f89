"""Notebooks are compared, with the settings of pyproject.toml, by words and not by bytes."""

import re
import subprocess
import sys

from course_utils.delivery.authoring.build import write
from course_utils.delivery.authoring.document import ROOT


def test_an_alt_text_is_compared_and_a_picture_is_not(built, tmp_path):
    def spoiled(name: str, change) -> None:
        notebook = built.notebook()
        change(notebook.cells[5].outputs[0].data)
        write(tmp_path / f"{name}.ipynb", notebook)

    def other_bytes(data) -> None:
        data["image/png"] = data["image/png"].replace("A", "B")
        data["text/html"] = re.sub("base64,.*", 'base64,AAAA/+9=">', data["text/html"])

    def other_words(data) -> None:
        data["text/html"] = data["text/html"].replace("bends upwards", "bends downwards")

    spoiled("bytes", other_bytes)
    spoiled("words", other_words)
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "--color=no"]
    done = subprocess.run(
        [*command, f"--rootdir={ROOT}", "-c", str(ROOT / "pyproject.toml"), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "1 failed, 7 passed" in done.stdout, done.stdout + done.stderr
    assert "words.ipynb::Cell 2" in done.stdout and "FAILED" in done.stdout
    assert "bends downwards" in done.stdout
