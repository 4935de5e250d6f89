"""A small lesson with slides, its notebook made without a kernel."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import nbformat
from PIL import Image

from course_utils.delivery.authoring.build import write
from course_utils.delivery.authoring.document import Document, documents

PICTURE = Image.new("RGB", (10, 4), "white")
PICTURE.putpixel((0, 0), (255, 0, 0))
PICTURE.save(RAW := io.BytesIO(), format="png")
FIGURE = (
    '<img class="carousel-figure" width="10" alt="A figure of 3 curves that fall." '
    f'src="data:image/png;base64,{base64.b64encode(RAW.getvalue()).decode()}">'
)
LESSON = '''\
# %% [markdown]
# # 07 · A trial
#
# **Time.** About 30 minutes; its cells run in 3 s.

# %% [markdown] slide="question" minutes=2
# ## Does a trial lesson have slides?
#
# Notes: Say that this is the question of the whole lesson, and wait.

# %% tags=["setup"]
import numpy as np

# %% [markdown]
# ## The first part
#
# A number: 12,352 weights and $x = 0.5$.

# %%
def double(x):
    """Twice x."""
    y = 2 * x
    return y

# %% [markdown] slide="code" minutes=2 lines="1 3-4"
# ## Doubling is two lines
#
# Notes: Go through the two lines, one after the other, slowly.

# %%
print("value: 42")

# %% [markdown] slide="output" minutes=1
# ## The answer is 42
#
# Notes: Nobody knows the question. Ask for it, and go on.

# %% [markdown] slide="predict" minutes=2
# ## What does 42 become?
#
# - 0.5
# - 12,352
#
# Answer: Nothing of **this**.
#
# Notes: Hands up for the first, hands up for the second, and go on.

# %%
show(figure, "A figure of 3 curves that fall.")

# %% [markdown] slide="figure" minutes=1.5
# ## All three curves fall
#
# Notes: Read the figure from left to right and name the axes.

# %% [markdown] slide="words" minutes=1
# ## The claim holds on this machine
#
# ✓ All of 3 seeds…
#
# Notes: A claim is quoted by its beginning, so that it cannot drift.

# %% [markdown] slide="formula" minutes=1
# ## A half stays a half
#
# $$x = 0.5$$
#
# Notes: Nothing more is to be said about this formula here.
'''


def lay(root: Path, text: str = LESSON) -> Document:
    """The lesson in `root`, with a notebook whose outputs are those that its cells would show."""
    home = root / "notebooks"
    (home / "src").mkdir(parents=True, exist_ok=True)
    (home / "src" / "07_trial.py").write_text(text, encoding="utf-8")
    document = documents(["07"], root)[0]
    notebook = document.text()
    for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), 1):
        cell.execution_count = count
        if cell.source.startswith("print"):
            printed = "value: 42\n✓ claim: All of 3 seeds are above 0.9.\n"
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed)]
        if cell.source.startswith("show"):
            cell.outputs = [nbformat.v4.new_output("display_data", data={"text/html": FIGURE})]
    write(document.target, notebook)
    return document
