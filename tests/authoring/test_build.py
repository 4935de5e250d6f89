"""build() executes what changed, in a clean kernel, and never leaves half a notebook."""

import base64
import re
import sys
import textwrap

import nbformat
import pytest
from trial_lesson import GOOD, lay

from course_utils.delivery.authoring import build as build_module
from course_utils.delivery.authoring import execution
from course_utils.delivery.authoring.build import build, why_stale, write
from course_utils.delivery.authoring.document import AuthoringError, documents


def quiet(line: str) -> None:
    pass


def lesson(code: str) -> str:
    return "# %% [markdown]\n# # A title\n\n# %%\n" + textwrap.dedent(code)


def outputs(document) -> str:
    cells = document.notebook().cells
    return "".join(o.get("text", "") for cell in cells for o in cell.get("outputs", []))


def test_what_is_up_to_date_is_left_alone(course):
    lines = []
    assert build(root=course.root, report=lines.append) == []
    assert lines == ["01_trial  up to date"]


@pytest.mark.parametrize("damage", ["<<<<<<< ours\n{", "[]", '{"nbformat": 4}'])
def test_a_damaged_notebook_is_made_again(tmp_path, damage):
    one = lay(tmp_path, lesson("1 + 1"))
    one.target.write_text(damage)
    with pytest.raises(AuthoringError, match=r"01_trial\.ipynb is no notebook .*`course build 01`"):
        one.notebook()
    assert why_stale(one) == "it is no notebook"
    build(root=one.root, report=quiet)
    assert why_stale(one) is None


def test_two_builds_are_the_same_bytes(course):
    before = course.target.read_bytes()
    lines = []
    assert build(["01"], force=True, root=course.root, report=lines.append) == [course]
    assert course.target.read_bytes() == before
    assert lines[0] == "01_trial  executing: asked for ..."
    assert re.fullmatch(r"01_trial  done in \d+\.\d s, \d+ kB", lines[1])


def test_the_notebook_says_nothing_of_the_machine(built):
    text = built.target.read_text(encoding="utf-8")
    notebook = built.notebook()
    assert "version" not in notebook.metadata["language_info"]
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    assert not re.search(r"/home/|/tmp/|/root|site-packages|iopub|202\d-", text)
    assert text.endswith("}\n") and [c.id for c in notebook.cells] == [
        c.id for c in built.text().cells
    ]


def test_a_figure_has_its_words_and_no_second_copy(built):
    [output] = built.notebook().cells[5].outputs
    assert 'alt="A line that bends upwards' in output.data["text/html"]
    assert output.data["text/plain"].startswith("Figure: A line")
    assert base64.b64decode(output.data["image/png"]).startswith(b"\x89PNG")


def test_ids_follow_the_text_not_the_place(tmp_path):
    ids = [cell.id for cell in lay(tmp_path).text().cells]
    more = GOOD.replace(
        "# %% [markdown]\n# It bends.", "# %%\n1 + 1\n\n# %% [markdown]\n# It bends."
    )
    after = [cell.id for cell in lay(tmp_path, more).text().cells]
    assert [one for one in after if one in ids] == ids and len(after) == len(ids) + 1
    twice = lay(tmp_path, "# %%\n1\n\n# %%\n1\n")
    one, other = (cell.id for cell in twice.text().cells)
    assert other == f"{one}-2"


def test_a_cell_that_only_shows_a_figure_is_folded(tmp_path):
    text = "# %%\nshow(f(), 'alt')\n\n# %%\na = 1\nshow(f(), 'alt')\n\n# %%\nprint(show)\n"
    cells = lay(tmp_path, text).text().cells
    assert [cell.metadata.get("jupyter") for cell in cells] == [{"source_hidden": True}, None, None]
    assert cells[0].metadata["tags"] == ["hide-input"]


def test_prose_may_be_a_comment_or_a_string(tmp_path):
    text = '# %% [markdown]\n# $\\tanh$\n\n# %% [markdown]\nr"""\n$\\sigma$\n"""\n'
    cells = lay(tmp_path, text).text().cells
    assert [cell.source for cell in cells] == ["$\\tanh$", "$\\sigma$"]
    assert all(cell.metadata == {} for cell in cells)


def test_blank_lines_between_cells_change_nothing(tmp_path):
    one = lay(tmp_path, "# %%\n1\n\n# %%\n2\n").text()
    assert one == lay(tmp_path, "# %%\n1\n# %%\n2\n\n\n\n").text()
    assert one == lay(tmp_path, "# %%\n1\n\n\n\n# %%\n2").text()


def test_a_failing_cell_is_one_message_and_changes_nothing(course):
    before = course.target.read_bytes()
    lay(course.root, GOOD.replace("print(powers)", "print(powers)\nprint(power)"))
    lay(course.root, "# %%\n1 + 1\n", "02_other")
    lines = []
    with pytest.raises(AuthoringError) as caught:
        build(root=course.root, report=lines.append)
    number = 1 + course.source.read_text(encoding="utf-8").splitlines().index("print(power)")
    assert str(caught.value) == (
        f"01_trial, cell 4 (notebooks/src/01_trial.py, line {number}):\n"
        "    print(power)\n"
        "    NameError: name 'power' is not defined"
    )
    assert course.target.read_bytes() == before
    assert sorted(path.name for path in course.target.parent.iterdir()) == [
        "01_trial.ipynb",
        "02_other.ipynb",
        "src",
    ]
    assert [line.split("  ")[1].split()[0] for line in lines] == [
        "executing:",
        "FAILED",
        "executing:",
        "done",
    ]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def f(x):\n    return 1 / x\n\n\nf(0)", r"line 9\):\n    f\(0\)\n    ZeroDivisionError"),
        ("a = 1\nb = = 2", r"line 6\):\n    b = = 2\n    SyntaxError"),
        ("import os\nos._exit(3)", r"01_bad, cell 2 .*line 4\): the kernel died"),
        (
            "from course_utils.claims import claim\nclaim('No.', False, measured=3)",
            r"line 6\):\n.*\n    ClaimError: This does not hold: No\. Measured: 3",
        ),
    ],
)
def test_the_line_of_the_source_is_named(tmp_path, code, message):
    lay(tmp_path, lesson(code), "01_bad")
    with pytest.raises(AuthoringError, match=message):
        build(root=tmp_path, report=quiet)
    assert not (tmp_path / "notebooks" / "01_bad.ipynb").exists()


def test_a_cell_that_never_ends_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(execution, "CELL_SECONDS", 1)
    lay(tmp_path, lesson("import time\ntime.sleep(60)"), "01_slow")
    with pytest.raises(AuthoringError, match=r"01_slow, cell 2 .*still running after 1 s"):
        build(root=tmp_path, report=quiet)


def test_cells_run_in_their_folder_quietly_and_on_one_thread(tmp_path):
    code = """
        import os, sys, warnings
        from tqdm.auto import tqdm

        names = ["COURSE_BUILD", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"]
        print([os.environ[name] for name in names], os.path.basename(os.getcwd()), sys.prefix)
        warnings.warn("mind the gap")
        for part in range(40):
            print(part, flush=True)
    """
    document = lay(tmp_path, lesson(code), "01_where")
    lines = []
    build(root=tmp_path, report=lines.append)
    assert outputs(document).startswith(f"['1', '1', '1'] notebooks {sys.prefix}\n0\n1\n")
    assert len(document.notebook().cells[1].outputs) == 1
    [note] = [line for line in lines if "note:" in line]
    assert "01_where, cell 2" in note and "stderr, not kept" in note and "mind the gap" in note


def test_a_source_begins_with_a_cell(tmp_path):
    lay(tmp_path, '"""A docstring."""\n\n# %%\n1\n', "01_early")
    with pytest.raises(AuthoringError, match=r"01_early.py must begin with a cell"):
        build(root=tmp_path, report=quiet)


def test_lessons_are_chosen_by_number_name_or_path(tmp_path):
    for name in ("00_start", "01_first", "02_second"):
        lay(tmp_path, name=name)

    def chosen(*names):
        return [one.name for one in documents(names, root=tmp_path)]

    assert chosen("01", "00_start") == ["01_first", "00_start"]
    assert chosen("notebooks/02_second.ipynb", "src/02_second.py") == ["02_second"]
    assert [one.name for one in documents(root=tmp_path)] == ["00_start", "01_first", "02_second"]
    with pytest.raises(AuthoringError, match=r"no lesson '07' .*00_start, 01_first, 02_second"):
        chosen("07")


# What a lesson depends on

PACKAGE = {
    "__init__.py": '__version__ = "1"\n',
    "claims.py": "def claim(): pass\n",
    "cells/__init__.py": "from course_utils.cells.lstm import LSTM\nfrom .gru import GRU\n",
    "cells/lstm.py": "from course_utils.cells.gates import sigmoid\n\nclass LSTM: pass\n",
    "cells/gru.py": "from .gates import sigmoid as s\n\nclass GRU: pass\n",
    "cells/gates.py": "def sigmoid(a):\n    return a\n",
    "plots/__init__.py": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
        "    from course_utils.plots.display import show\n"
    ),
    "plots/display.py": "def show():\n    from course_utils.plots import style\n",
    "plots/style.py": "INK = 1\n",
    "plots/network.py": "def unrolled(): pass\n",
    "experiments/__init__.py": "",
    "experiments/load.py": "def results(): pass\n",
    "experiments/results/lag.csv": "1,2\n",
    "tasks/__init__.py": "",
    "tasks/adding.py": "class Adding: pass\n",
}
LESSON = """\
# %%
from course_utils.cells import LSTM
from course_utils.plots import show
from course_utils.experiments.load import results
%matplotlib inline

# %%
import course_utils.tasks.adding as adding
"""


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A lesson, up to date, on a small package of its own that is only read, not run."""
    for name, text in PACKAGE.items():
        path = tmp_path / "course_utils" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    document = lay(tmp_path, LESSON)
    monkeypatch.setattr(execution, "execute", lambda document, notebook, seconds: [])
    build(root=tmp_path, report=quiet)
    return document


def test_only_what_a_lesson_reaches_is_remembered(small):
    found = set(small.notebook().metadata["carousel"]["built_from"])
    assert found == {
        f"course_utils/{name}"
        for name in (
            "cells/gates.py",
            "cells/lstm.py",
            "experiments/load.py",
            "experiments/results/lag.csv",
            "plots/display.py",
            "plots/style.py",
            "tasks/adding.py",
        )
    }


@pytest.mark.parametrize("name", PACKAGE)
def test_a_change_makes_stale_what_follows_from_it(small, name):
    path = small.root / "course_utils" / name
    path.write_text(path.read_text() + "extra = 1\n")
    remembered = small.notebook().metadata["carousel"]["built_from"]
    reason = why_stale(small)
    assert reason == (
        f"course_utils/{name} changed" if f"course_utils/{name}" in remembered else None
    )


def test_where_prose_alone_changes_nothing_is_executed(small, monkeypatch):
    small.source.write_text("# %% [markdown]\n# # A title\n\n" + LESSON)
    build(root=small.root, report=quiet)
    ran = []
    monkeypatch.setattr(execution, "execute", lambda *_, **__: ran.append(1) or [])
    notebook = small.notebook()
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="by an old run")]
    write(small.target, notebook)
    source = small.source.read_text()
    for change, times in (
        (source.replace("# # A title", "# # A title\n#\n# And a sentence."), 0),
        (source.replace("# # A title", "# # Another title"), 1),
        (source + "1 + 1\n", 2),
    ):
        assert change != source
        small.source.write_text(change)
        build(root=small.root, report=quiet)
        assert len(ran) == times and why_stale(small) is None
        assert ("by an old run" in outputs(small)) == (times == 0)
    small.source.write_text(change.replace("# # A title", "# # A title\n#\n# More."))
    (small.root / "course_utils" / "cells" / "gates.py").write_text("x = 1\n")
    build(root=small.root, report=quiet)
    assert len(ran) == 3


def test_where_what_makes_predictions_changes_only_they_are_made_anew(small, monkeypatch):
    shows = "class P:\n    def _repr_mimebundle_(self):\n        return {'text/plain': '%s'}\n"
    home = small.root / "course_utils" / "predictions" / "__init__.py"
    home.parent.mkdir()
    home.write_text(shows % "old")
    asked = '\n# %% tags=["prediction"]\nfrom course_utils.predictions import P\n\nP()\n'
    small.source.write_text(LESSON + asked)
    build(root=small.root, report=quiet)
    notebook = small.notebook()
    for cell in notebook.cells:
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "old"})]
    write(small.target, notebook)
    monkeypatch.setattr(build_module, "_shown_by", lambda source: {"text/plain": "new"})
    home.write_text(shows % "new")
    build(root=small.root, report=quiet)
    assert why_stale(small) is None
    shown = [cell.outputs[0].data["text/plain"] for cell in small.notebook().cells]
    assert shown == ["old", "old", "new"]


def test_what_a_cell_shows_is_made_of_its_last_line():
    source = "from course_utils.dial import first_dial\n\nfirst_dial()"
    assert "carousel-dial" in build_module._shown_by(source)["text/html"]


def test_words_about_the_code_change_nothing(small):
    path = small.root / "course_utils" / "cells" / "gates.py"
    path.write_text(
        '"""What it does."""\n\n\ndef sigmoid(a):\n    """New."""\n    return a  # soon\n# end\n'
    )
    assert why_stale(small) is None
    path.write_text(path.read_text().replace("return a", "return -a"))
    assert why_stale(small) == "course_utils/cells/gates.py changed"


def test_a_hash_sign_in_a_string_is_code(small):
    path = small.root / "course_utils" / "plots" / "style.py"
    path.write_text('INK = "#222222"\n')
    build(root=small.root, report=quiet)
    path.write_text('INK = "#333333"\n')
    assert why_stale(small) == "course_utils/plots/style.py changed"


def test_new_data_beside_a_module_counts(small):
    (small.root / "course_utils" / "experiments" / "results" / "new.csv").write_text("3\n")
    assert why_stale(small) == "course_utils/experiments/results/new.csv changed"


def test_a_whole_package_counts_whole(small):
    lay(small.root, LESSON + "from course_utils.cells import *\n")
    build(root=small.root, report=quiet)
    assert "course_utils/cells/gru.py" in small.notebook().metadata["carousel"]["built_from"]
