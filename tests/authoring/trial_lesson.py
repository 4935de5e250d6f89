"""A small lesson that keeps every rule."""

from pathlib import Path

from course_utils.delivery.authoring.document import Document, documents

GOOD = """\
# %% [markdown]
# # 01 · A trial
#
# Doubling, once and for all.
#
# ## What you will learn
#
# - what doubling does
#
# ## What you need
#
# Nothing.
#
# **Time.** About 5 minutes; its cells run in 2 s.

# %% tags=["setup"]
import numpy as np

from course_utils.claims import claim
from course_utils.plots import new_figure, show

# %% [markdown]
# ## What does doubling do?
#
# **Question.** How soon does a doubled number pass a hundred?
#
# **Predict.** After how many steps, starting from 1?

# %%
powers = 2 ** np.arange(8)
print(powers)
seventh = powers[7] > 100 >= powers[6]
claim("From 1, doubling passes 100 at the seventh step.", identity=seventh)

# %% [markdown]
# It took seven steps.
#
# ### A picture
#
# **Predict.** Is it a straight line?

# %%
fig, axes = new_figure(3, 2)
axes.plot(powers)
show(fig, "A line that bends upwards, from 1 at step 0 to 128 at step 7.")

# %% [markdown]
# It bends.

# %%
total = powers[:5].sum()
is_sum = powers[5] == total + 1
claim("Every power is the sum of all before it, plus one.", identity=is_sum)
even = bool(np.all(powers[1:] % 2 == 0))
claim("Powers of two are even.", identity=even, source="Euclid", published="yes")

# %% [markdown]
# ## Recap
#
# It grows.
#
# ## Where to go next
#
# On.
"""


def lay(root: Path, text: str = GOOD, name: str = "01_trial") -> Document:
    """Write a lesson's source into a course in `root`."""
    source = root / "notebooks" / "src" / f"{name}.py"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, encoding="utf-8")
    return next(one for one in documents(root=root) if one.name == name)
