# %% [markdown]
# # Homework · Gates in a row

# %% tags=["setup"]
import numpy as np

# %% [markdown]
# ## Task 1 · Cut them apart
#
# A framework keeps the gates of its LSTM side by side, in the order **{{split_gates.order}}**, so `a` has the shape $(B, 4n)$.
# Return `i, f, g, o`.


# %% answer="split_gates" points=3
def split_gates(a):
    """The four blocks (i, f, g, o), each (B, n)."""
    ### BEGIN SOLUTION
    blocks = dict(zip("{{split_gates.order}}", np.split(a, 4, axis=-1)))
    return blocks["i"], blocks["f"], blocks["g"], blocks["o"]
    ### END SOLUTION


# %% [markdown]
# ## Task 2 · Why it matters
#
# Two frameworks keep them in different orders. What happens if weights are copied from one to the other as they are?

# %% [markdown] answer="homework-why" points=2
# Nothing fails, as all shapes fit: the forget gate gets the weights of another gate, and the outputs are wrong.
