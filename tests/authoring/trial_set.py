"""A small problem set that keeps every rule, for the small lesson; it brings its own `check`."""

from pathlib import Path

from course_utils.delivery.authoring.sets import ProblemSet, problem_sets

GOOD = """\
# %% [markdown]
# # 01 · Problems: a trial
#
# Doubling, by yourself.
#
# **Lesson.** [01 · A trial](../notebooks/01_trial.ipynb)
#
# **Points.** 7 in 4 tasks; about 20 minutes.

# %% tags=["setup"]
def check(name, answer):
    print(name, "is", "right." if answer == 8 or answer(4) in (2, 8) else "wrong.")


def progress():
    print("All done.")


# %% [markdown]
# ## Task 1 · Write it (3 points, 5 minutes)
#
# Double a number.


# %% answer="double"
def double(x):
    \"\"\"Twice x.\"\"\"
    ### BEGIN SOLUTION
    y = 2 * x
    return y
    ### END SOLUTION


# %%
check("double", double)

# %% [markdown] tags=["solution-only"]
# Two times a number is the number twice.

# %% [markdown]
# ## Task 2 · Predict it (1 point, 5 minutes)
#
# Before you run anything: how much is four times two?

# %% answer="eight"
eight = (
    ### BEGIN SOLUTION
    8
    ### END SOLUTION
)

# %%
check("eight", eight)

# %% [markdown] tags=["solution-only"]
# It is eight.

# %% [markdown]
# ## Task 3 · Mend it (1 point, 5 minutes)
#
# It should halve.


# %% tags=["starter"]
def halve(x):
    \"\"\"Half of x.\"\"\"
    return x - 2


# %% tags=["solution-only"]
print(halve(10))


# %% answer="halve"
def halve(x):
    \"\"\"Half of x.\"\"\"
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION


# %%
check("halve", halve)

# %% [markdown] tags=["solution-only"]
# Only four is half of it when two is taken away.

# %% [markdown]
# ## Task 4 · Defend it (2 points, 5 minutes)
#
# Why is doubling useful?

# %% [markdown] answer="useful"
# It makes more of what there is.

# %% [markdown] tags=["solution-only"]
# One point for the answer, one for a reason.

# %%
progress()
"""


def lay_set(root: Path, text: str = GOOD, name: str = "01_trial") -> ProblemSet:
    """Write a set's source into a course in `root`."""
    source = root / "solutions" / "src" / f"{name}.py"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, encoding="utf-8")
    return next(one for one in problem_sets(root=root) if one.name == name)
