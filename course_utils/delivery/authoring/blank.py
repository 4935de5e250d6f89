"""From a blank file: the one program of a lesson that needs nothing of the course.

It is a file of its own, notebooks/blank/NN_name.py, that people run, change and keep, and beside it
lies NN_name.txt, what it prints. A lesson shows both where its source says {blank-file}, so that
there is no second copy that could differ.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = "blank"
DIRECTIVE = "{blank-file}"  # a line of its own in a cell of prose
SHOWN = """\
It prints

```text
{printed}
```

<details>
<summary><b>The program</b></summary>

```python
{code}
```

</details>

As a file: [{link}]({link})."""


def program(source: Path) -> Path:
    """The program of a lesson, given the lesson's source."""
    return source.parents[1] / FOLDER / source.name


def printed_by(program: Path) -> Path:
    """The file that holds what a program prints."""
    return program.with_suffix(".txt")


def with_program(text: str, source: Path) -> str:
    """The text of a cell with the program in the place of its directive.

    Raises FileNotFoundError if the directive stands there and one of the two files does not.
    """
    lines = text.split("\n")
    if DIRECTIVE not in lines:
        return text
    path = program(source)
    code, printed = (one.read_text(encoding="utf-8").rstrip() for one in (path, printed_by(path)))
    shown = SHOWN.format(code=code, printed=printed, link=f"{FOLDER}/{path.name}")
    return "\n".join(shown if line == DIRECTIVE else line for line in lines)
