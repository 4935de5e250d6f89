"""A wheel holds the course: what a learner does works in an empty folder, without a clone."""

import json
import os
import re
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from course_utils import place
from course_utils.delivery.authoring.release import archives
from course_utils.distributions import missing
from course_utils.workbook import COURSE
from tests.setup.installed import ROOT, install


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel, and the command `course` of an environment that has it."""
    folder = tmp_path_factory.mktemp("made")
    archive, wheel = archives(folder)
    assert archive.name.endswith(".tar.gz")
    return wheel, install(wheel, folder / "environment")


def test_without_a_clone_everything_a_learner_does_works(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    course = made[1]
    there = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "CAROUSEL"))
    }
    there |= {"HOME": str(tmp_path / "home"), "CAROUSEL_WORKBOOK": str(tmp_path / "book")}
    there["COLUMNS"] = "300"
    empty = tmp_path / "empty"
    empty.mkdir()

    def say(*words: str, status: int = 0) -> str:
        command = [str(course), *words]
        done = subprocess.run(
            command, cwd=empty, env=there, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    assert re.search(r"^\d+\.\d+", say("lab", "--no-browser", "00", "--version"), re.M)
    laid = {path.relative_to(tmp_path / "book").as_posix() for path in tmp_path.glob("book/*/**/*")}
    for folder in ("notebooks", "exercises", "notebooks/blank"):
        for path in (ROOT / folder).glob("[0-9]*.[ip]*"):
            assert path.relative_to(ROOT).as_posix() in laid
    start = (tmp_path / "book" / "START.md").read_text(encoding="utf-8")
    assert "course reset" in start  # of docs/working.md
    (tmp_path / "book" / "notebooks" / "02_backpropagation_through_time.ipynb").write_text("mine")
    assert "your copy is now" in say("reset", "02")
    assert "send your teacher the file" in say("submit", "01", status=1)
    doctor = say("doctor")
    assert "starts and answers" in doctor and "All is well" in doctor
    assert "lessons that compare with Keras need it" in " ".join(doctor.split())
    assert "claims" in say("claims")
    for command in ("site", "slides", "build"):
        assert "in a clone" in say(command, status=1)
    assert "--open" in say("slides", "--help")
    assert list(empty.iterdir()) == []
    where = subprocess.check_output(
        [course.with_name("python"), "-I", "-c", "import course_utils.place as p; print(p.COURSE)"],
        text=True,
    )
    assert Path(where.strip()).name == "_course" and not place.CARRIED.exists()
    assert place.is_clone() and COURSE == ROOT


CELLS = """
from jupyter_client.manager import KernelManager
from course_utils.delivery.kernels import OwnKernels
cells = [
    "import keras",
    "from course_utils.keras_bridge import keras",
    "import no_such_module",
    "from course_utils.cells import LSTM; from course_utils.plots import show; print('LSTM')",
]
manager = KernelManager(kernel_name="python3", kernel_spec_manager=OwnKernels())
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=300)
for cell in cells:
    def show(message):
        content = message["content"]
        if message["msg_type"] == "error":
            print(len(content["traceback"]), content["traceback"][-1].splitlines()[-1])
        elif message["msg_type"] == "stream":
            print(content["text"].strip())
    client.execute_interactive(cell, output_hook=show, timeout=300)
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


def test_without_keras_a_cell_that_needs_it_says_one_sentence(made: tuple[Path, Path]) -> None:
    python = made[1].with_name("python")
    said = subprocess.check_output([python, "-I", "-c", CELLS], text=True, timeout=600)
    keras, bridge, other, numpy = said.splitlines()
    assert keras == f"1 {missing('keras')}" == bridge and "." not in keras.rstrip(".")[-60:]
    assert "No module named 'no_such_module'" in other and not other.startswith("1 ")
    assert numpy == "LSTM"


def test_the_lessons_and_sets_that_need_keras_are_known() -> None:
    """The others run in the light core: nothing that they reach imports it."""
    for folder, needing in (("notebooks", "01 02 04 06 08 09 10 11"), ("solutions", "08 09")):
        found = []
        for path in sorted((ROOT / folder).glob("[0-9]*.ipynb")):
            notebook = json.loads(path.read_bytes())
            reached = notebook["metadata"]["carousel"]["built_from"]
            text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
            own = re.search(r"^(import|from) (keras|tensorflow)", text, re.M)
            found += [path.stem[:2]] * bool(own or "course_utils/keras_bridge.py" in reached)
        assert found == needing.split(), folder


def test_it_carries_what_git_has_and_no_more(made: tuple[Path, Path]) -> None:
    names = zipfile.ZipFile(made[0]).namelist()
    carried = {name for name in names if name.startswith("course_utils/_course/")}
    folders = ("notebooks", "notebooks/blank", "exercises", "solutions")
    own = {
        f"course_utils/_course/{path.relative_to(ROOT).as_posix()}"
        for folder in folders
        for path in (ROOT / folder).glob("[0-9]*.*")
    }
    assert own <= carried and len(own) > 50
    assert not [name for name in names if re.search(r"(^|/)(tests|src|build|deploy)/", name)]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_the_source_archive_is_the_whole_course(made: tuple[Path, Path]) -> None:
    (path,) = made[0].parent.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        there = {name.partition("/")[2] for name in archive.getnames()}
    known = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    assert {name for name in known if (ROOT / name).exists()} <= there
