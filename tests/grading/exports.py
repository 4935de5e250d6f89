"""Made-up classes as platforms and people hand them over, and what becomes of them."""

import ast
import copy
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from course_utils.delivery.grading import gather
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.material import Material, material_of
from course_utils.delivery.grading.roster import read_roster
from course_utils.delivery.grading.sets import COURSE, find_set

FIRST, SECOND = "01_a_recurrent_network_from_scratch", "02_backpropagation_through_time"
SETS: dict[str, Material] = {name: material_of(find_set(name)) for name in (FIRST, SECOND)}


def of_course(folder: str, name: str = FIRST) -> str:
    """A notebook of the course as it is: notebooks, exercises or solutions."""
    return (COURSE / folder / f"{name}.ipynb").read_text(encoding="utf-8")


HANDED_OUT = {name: json.loads(of_course("exercises", name)) for name in SETS}


def answered(mark: str, name: str = FIRST) -> str:
    """The hand-out with an answer that nobody else has."""
    notebook = copy.deepcopy(HANDED_OUT[name])
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
            cell["source"] = f"answer = {mark!r}"
    return json.dumps(notebook)


def marks_of(content: str) -> str:
    """The mark that `answered` put into a notebook; "" if there is none."""
    for cell in json.loads(content)["cells"]:
        text = "".join(cell["source"])
        if text.startswith("answer = "):
            return ast.literal_eval(text.removeprefix("answer = "))
    return ""


def laid(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files in it."""
    for place, content in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def packed(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip with these files in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in files.items():
            archive.writestr(place, content)
    return path


def handed(*places: str, name: str = FIRST) -> dict[str, str]:
    """A notebook in each place, with the place as its answer."""
    return {place: answered(place, name) for place in places}


def collected(
    source: Path, home: Path, layout: str | None = None, roster: str | None = None
) -> tuple[dict[str, str], list[str]]:
    """Whose row holds which answer, as "ada 01": "place", and what was said."""
    people = None
    if roster:
        home.parent.mkdir(parents=True, exist_ok=True)
        (home.parent / "roster.csv").write_text(roster, encoding="utf-8")
        people = read_roster(home.parent / "roster.csv")
    said = gather.gather(source, Classroom(home), SETS, False, layout, people)
    rows = {
        f"{path.parts[-3]} {path.parts[-2][:2]}": marks_of(path.read_text(encoding="utf-8"))
        for path in home.glob("submitted/*/*/*.ipynb")
    }
    return rows, said


def who(rows: Mapping[str, str]) -> dict[str, str]:
    """The places by row, where there is one set alone."""
    return {row.split(" ")[0]: place for row, place in rows.items()}
