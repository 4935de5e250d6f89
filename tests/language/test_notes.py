"""What an edition adds to a lesson stands behind the paragraph that it names, and nowhere else."""

import json
from pathlib import Path

import pytest

from course_utils.language import LOCALE, catalog
from course_utils.place import COURSE
from course_utils.prose import units
from course_utils.translating import file_in, notes

NOTES = sorted(LOCALE.glob("*/notes/*.md"))


def texts(content: bytes) -> list[str]:
    cells = json.loads(content)["cells"]
    return ["".join(one["source"]) for one in cells if one["cell_type"] == "markdown"]


@pytest.mark.parametrize("path", NOTES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_note_stands_once_behind_its_paragraph(path: Path) -> None:
    language, name = path.parts[-3], f"notebooks/{path.stem}.ipynb"
    content = (COURSE / name).read_bytes()
    found = notes(language, path.stem)
    assert found
    before, after = texts(content), texts(file_in(content, name, language, COURSE))
    for begin, note in found.items():
        [cell] = [k for k, text in enumerate(before) if begin in " ".join(text.split())]
        own = [one.text for one in units(before[cell])]
        [place] = [k for k, text in enumerate(own) if text.startswith(begin)]
        assert [note in text for text in after] == [k == cell for k in range(len(after))]
        known = catalog(language, f"lesson-{path.stem[:2]}")
        ahead, _, behind = after[cell].partition(note)
        assert ahead.endswith(f"{known[own[place]]}\n\n")
        assert place + 1 == len(own) or known[own[place + 1]] in behind
    assert "孪生" not in json.dumps(texts(content), ensure_ascii=False)


def test_a_set_and_english_have_none() -> None:
    assert notes("zh_CN", "no_such_lesson") == {}
    name = "exercises/00_start_here.ipynb"
    content = (COURSE / name).read_bytes()
    assert not any("孪生" in text for text in texts(file_in(content, name, "zh_CN", COURSE)))
