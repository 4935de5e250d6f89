"""Every rule lets a good lesson pass and is tripped by a bad one."""

import re
from collections.abc import Callable

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from trial_lesson import GOOD, lay

from course_utils.claims import MARK
from course_utils.delivery.authoring import rules_claims
from course_utils.delivery.authoring.build import write
from course_utils.delivery.authoring.check import RULES, check_document, check_notebook, findings
from course_utils.delivery.authoring.document import AuthoringError
from course_utils.delivery.authoring.project import check
from course_utils.lines import filled

PICTURE = "aGFsbG8="


def stream(text: str, name: str = "stdout") -> NotebookNode:
    return new_output("stream", name=name, text=text)


def shown(**data: str) -> NotebookNode:
    return new_output("display_data", data={k.replace("_", "/"): v for k, v in data.items()})


def source(index: int, old: str, new: str) -> Callable:
    def change(notebook):
        assert old in notebook.cells[index].source
        notebook.cells[index].source = notebook.cells[index].source.replace(old, new)

    return change


def output(text: str, index: int = 3) -> Callable:
    return lambda notebook: notebook.cells[index].outputs.append(stream(text))


def outputs(*new: NotebookNode, index: int = 5) -> Callable:
    return lambda notebook: notebook.cells[index].update(outputs=list(new))


def metadata(index: int = 3, **fields: object) -> Callable:
    return lambda notebook: notebook.cells[index].metadata.update(fields)


def lengthen(index: int, lines: int) -> Callable:
    return lambda notebook: notebook.cells[index].update(source="\n".join(["a = 1"] * lines))


def asks(more: int) -> Callable:
    asked = [new_markdown_cell("**Predict.** And then?") for _ in range(more)]
    return lambda notebook: notebook.cells.extend(asked)


def all_long(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = "\n\n".join(["a = 1"] * 8)


def add_code(notebook: NotebookNode) -> None:
    notebook.cells.insert(4, new_code_cell("1", execution_count=3))


def remove(*indices: int) -> Callable:
    def change(notebook):
        notebook.cells = [cell for k, cell in enumerate(notebook.cells) if k not in indices]

    return change


HTML = '<img class="carousel-figure" alt="{}" src="data:image/png;base64,' + PICTURE + '">'

# what is wrong, the rule that must say so, words of its message
BAD = [
    (source(2, "## What does", "# What does"), "title", "2 headings of level 1"),
    (source(0, "# 01 · A trial", "A trial"), "title", "0 headings of level 1"),
    (source(0, "# 01 · A trial", "# 02 · A trial"), "title", "begin with the title '# 01"),
    (source(0, "# 01 · A trial", "# A trial"), "title", "begin with the title '# 01"),
    (source(4, "### A picture", "#### A picture"), "headings", "jumps from heading level 2 to 4"),
    (source(4, "### A picture", "### Recap"), "headings", "'Recap' stands 2 times"),
    (source(0, "## What you will learn", "## Aims"), "sections", "'## What you will learn'"),
    (source(0, "## What you need", "### What you need"), "sections", "'## What you need'"),
    (source(8, "## Recap", "## In short"), "sections", "'## Recap' is missing"),
    (source(8, "## Where to go next", "## More"), "sections", "'## Where to go next' is missing"),
    (
        lambda nb: nb.cells.append(new_markdown_cell("## More")),
        "sections",
        "end with '## Recap', '## Where to go next'",
    ),
    (source(2, "## What does doubling do?\n", ""), "sections", "a section of its own|one section"),
    (source(0, "**Time.** About 5 minutes;", "Time: five minutes;"), "sections", r"\*\*Time"),
    (source(0, "in 2 s", "quickly"), "sections", r"\*\*Time"),
    (source(2, "**Question.**", "Question:"), "predict", r"one paragraph '\*\*Question"),
    (source(2, "a hundred?", "a hundred."), "predict", "cell 3: the question has no question mark"),
    (source(2, "**Predict.**", "Think."), "predict", "has 1 '.*' prompts"),
    (source(2, "starting from 1?", "starting from 1."), "predict", "cell 3: .*question mark"),
    (source(4, "It took seven steps.\n\n### A picture\n\n", ""), "predict", "cell 3: .*explained"),
    (source(4, "straight line?", "straight line?\n\n**Predict.** Or?"), "predict", "one '.*' to a"),
    (remove(5), "predict", "cell 5: .*comes the cell that answers"),
    (lengthen(3, 21), "cell length", "cell 4: 21 lines; at most 20"),
    (all_long, "cell length", r"8 lines \(median\); at most 7"),
    (metadata(3, tags=["whole-class"]), "cell length", "cell 4: .*not one class"),
    (source(4, "It took", "and again " * 5000 + "It took"), "length", "5. minutes to read"),
    (lengthen(3, 460), "length", "4. minutes to read .* at most 45"),
    (asks(9), "length", "asks for 11 predictions; at most 10"),
    (source(3, "print", "# " + "9" * 87 + "\nprint"), "line length", "cell 4: a line of 89 "),
    (metadata(1, tags=[]), "set-up", "first code cell, and no other"),
    (metadata(3, tags=["setup"]), "set-up", "first code cell, and no other"),
    (output("hello", index=1), "set-up", "cell 2: the set-up cell shows nothing"),
    (outputs(index=7), "claims", "has 1 claims; it needs at least 3"),
    (output("✓ claim: Powers of two are even.\n"), "claims", "even.' is claimed 2 times"),
    (source(4, "It took", "![](a.png) It took"), "alt text", "cell 5: a picture without"),
    (source(4, "It took", '<img src="a.png"> It took'), "alt text", "cell 5: an <img>"),
    (outputs(shown(image_png=PICTURE)), "figures", "cell 6: .*not go through show"),
    (outputs(shown(text_html="<img src='x'>")), "figures", "cell 6: .*not go through show"),
    (outputs(shown(text_html="<svg></svg>")), "figures", "cell 6: .*not go through show"),
    (outputs(shown(text_html=HTML.format("a plot"))), "figures", "cell 6: the alt text 'a plot'"),
    (
        outputs(shown(text_plain="<Figure size 640x480 with 1 Axes>")),
        "figures",
        "cell 6: ends in a figure that is not shown",
    ),
    (
        outputs(new_output("error", ename="ValueError", evalue="no", traceback=[])),
        "errors",
        "cell 6: ends in ValueError: no",
    ),
    (outputs(stream("careful", "stderr")), "errors", "cell 6: writes to stderr: 'careful'"),
    (metadata(tags=["nbval-ignore-output"]), "exemptions", "nbval-ignore-output without a reason"),
    (metadata(tags=["nbval-skip"], reason="slow"), "exemptions", "nbval-skip without a reason"),
    (metadata(tags=["raises-exception"]), "exemptions", "raises-exception without a reason"),
    (source(3, "print", "# NBVAL_IGNORE_OUTPUT\nprint"), "exemptions", "in a comment"),
    (output("saved to /home/ada/model.npz"), "machine", "path of one machine, '/home/ada'"),
    (output("/tmp/x.npz"), "machine", "path of one machine"),
    (output(r"C:\Users\ada"), "machine", "path of one machine"),
    (output("python3.11/site-packages/numpy"), "machine", "path of one machine"),
    (source(3, "print", "# see /Users/ada/notes\nprint"), "machine", "cell 4: its text names"),
    (output("<object at 0x7f2a40bd10>"), "machine", "a memory address"),
    (outputs(shown(text_plain="at 0x7F2A40BD10")), "machine", "a memory address"),
    (output("numpy 2.4.6"), "machine", "a version number, 'numpy 2.4.6'"),
    (output("Keras version 3.15"), "machine", "a version number"),
    (output("tensorflow==2.21"), "machine", "a version number"),
    (output("Python 3.11 on linux"), "machine", "a version number"),
    (output("done in 3.2 s"), "machine", "measured, '3.2 s'"),
    (output("step: 12ms"), "machine", "measured, '12ms'"),
    (output("Wall time: 1"), "machine", "measured, 'Wall time'"),
    (output("took 2 minutes"), "machine", "measured"),
    (outputs(shown(text_html=HTML.format("A line that fell for 12 seconds"))), "machine", "12 sec"),
    (lambda nb: nb.cells[3].update(execution_count=None), "executed", "1 of .* never executed"),
    (lambda nb: nb.cells[3].update(execution_count=7), "executed", "not .* once each, in order"),
    (add_code, "executed", "not .* once each, in order"),
    (metadata(execution={"iopub.status.busy": "2026"}), "executed", "the time of an execution"),
    (output("fine\n" + "far too long " * 7), "width", "cell 4: prints a line of 91 .*'far too"),
    (outputs(shown(text_plain="0 " * 45)), "width", "cell 6: prints a line of 90 characters"),
    (output("0" * 1_000_000), "size", r"1\.0 MB; at most 1 MB"),
]


def names(value) -> str:
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(("spoil", "rule", "message"), BAD, ids=names)
def test_a_bad_notebook_trips_its_rule(built, spoil, rule, message):
    notebook = built.notebook()
    spoil(notebook)
    found = [text for name, text in check_notebook(built.name, notebook) if name == rule]
    assert found, f"{rule} says nothing"
    assert any(re.search(message, text) for text in found), found


def test_every_rule_is_tripped():
    """Those of claims are in test_rules_claims.py."""
    assert {rule for _, rule, _ in BAD} | set(rules_claims.RULES) == set(RULES)


FINE = [
    output("accuracy 0.96 at step 250, loss 1.2e-3, 12,352 parameters, keras equal to 1e-6"),
    output("✓ claim: The GRU solves it within 10 seconds.\n"),
    output(
        filled("However hard it is, the GRU " + "always " * 8 + "solves it in 10 seconds.", MARK)
    ),
    output("0 " * 44),
    lambda nb: nb.cells[5].outputs[0].data.update(text_plain="a picture with many words " * 4),
    output("epochs/s is no time; 100 steps; h/x and 3/4; a https://arxiv.org/abs/1409.1259"),
    lambda nb: nb.cells[3].update(source="class A:\n" + "\n".join(["    x = 1"] * 40)),
    source(4, "It took", "```\n# not a heading\n#### nor this\n```\n\nIt took"),
    source(4, "It took", "![The loss falls to zero.](a.png) It took"),
]


@pytest.mark.parametrize("change", FINE)
def test_what_is_fine_is_let_pass(built, change):
    notebook = built.notebook()
    change(notebook)
    if notebook.cells[3].source.startswith("class"):
        notebook.cells[3].metadata["tags"] = ["whole-class"]
    assert list(check_notebook(built.name, notebook)) == []


def test_an_exempted_cell_may_show_what_this_machine_measured(built):
    notebook = built.notebook()
    output("done in 3.2 s")(notebook)
    metadata(tags=["nbval-ignore-output"], reason="it shows this machine's speed")(notebook)
    assert list(check_notebook(built.name, notebook)) == []


def test_a_good_lesson_passes(built):
    assert findings(root=built.root) == []
    lines = []
    check(root=built.root, report=lines.append)
    assert lines == ["1 lesson is in step and keeps the rules."]


def spoiled(course, change: Callable) -> list[str]:
    notebook = course.notebook()
    change(notebook)
    write(course.target, notebook)
    return [str(finding) for finding in check_document(course)]


EDITS = {
    "code": source(3, "print", "print "),
    "prose": source(4, "seven", "six"),
    "tags": metadata(3, tags=["mine"]),
    "order": lambda nb: nb.cells.reverse(),
    "a cell more": lambda nb: nb.cells.append(new_markdown_cell("More.")),
    "a cell less": lambda nb: nb.cells.pop(),
    "id": lambda nb: nb.cells[0].update(id="abc"),
    "kernel": lambda nb: nb.metadata["kernelspec"].update(name="another"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_by_hand_is_noticed(course, edit):
    found = [line for line in spoiled(course, EDITS[edit]) if "in step" in line]
    assert len(found) == 1
    assert "edited by hand" in found[0] and "notebooks/src/01_trial.py only" in found[0]


def test_a_source_that_went_on_is_noticed(course):
    lay(course.root, GOOD.replace("seven", "7"))
    [found] = check_document(course)
    assert found.rule == "in step" and "cell 4: its text is not" in found.message


def test_missing_and_stray_notebooks_are_noticed(course):
    course.target.rename(course.target.with_name("02_other.ipynb"))
    rules = [(one.lesson, one.message) for one in findings(root=course.root)]
    assert rules[0] == ("01_trial", "it has no notebook: run `make build`")
    assert rules[1][0] == "02_other" and "does not exist" in rules[1][1]


def test_a_source_that_no_build_would_find_is_noticed(course):
    (course.source.parent / "3_short.py").write_text(GOOD, encoding="utf-8")
    [found] = findings(root=course.root)
    assert found.lesson == "3_short" and "NN_name.py" in found.message


def test_the_same_claim_in_two_lessons_is_noticed(course):
    other = lay(course.root, GOOD.replace("# # 01", "# # 02"), "02_again")
    other.target.write_bytes(course.target.read_bytes())
    found = [one for one in findings(root=course.root) if one.rule == "claims"]
    assert len(found) == 3 and "already claimed in 01_trial" in found[0].message


def test_check_names_everything_at_once(course):
    notebook = course.notebook()
    output("/tmp/x took 3 s")(notebook)
    metadata(tags=["nbval-skip"])(notebook)
    write(course.target, notebook)
    with pytest.raises(AuthoringError) as caught:
        check(root=course.root)
    lines = str(caught.value).splitlines()
    assert all(line.startswith("01_trial [") for line in lines)
    assert {line.split("[")[1].split("]")[0] for line in lines} >= {"in step", "exemptions"}


def test_a_notebook_that_is_none_is_named(course):
    course.target.write_text("{", encoding="utf-8")
    [found] = check_document(course)
    assert found.rule == "in step" and "is no notebook" in found.message
