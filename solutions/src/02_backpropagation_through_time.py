# %% [markdown]
# # 02 · Problems: backpropagation through time
#
# One step back, all steps back, a judge for both, three backward passes under suspicion, and a rein.
#
# **Lesson.** [02 · Backpropagation through time](../notebooks/02_backpropagation_through_time.ipynb)
#
# **Points.** 14 in 5 tasks; about 60 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("bptt", 1)` in a cell of your own; 2 says more, 3 nearly everything. An answer may use the
# answers above it.
#
# In this set, as in the lesson, `h` of a whole sequence has the first state in front: `h[:, t]` is the state before step `t`, `h[:, t + 1]` the one after it. And
# `dh` is short for $\partial L / \partial h$: how fast the loss grows with each number of `h`.
#
# **Shapes.** A batch has B sequences of T steps; each step has m inputs, and a layer has n units.

# %% tags=["setup"]
import numpy as np

from course_utils.cells import check_gradients
from course_utils.feedback import check, hint, progress

# %% [markdown]
# ## Task 1 · One step back (3 points, 12 minutes)
#
# Forward, the step was `h = tanh(a)` with `a = x @ W + h_prev @ U + b`. Somebody tells you `dh`. Go back through tanh to `da`, and from there on
# to everything that went in.


# %% answer="rnn_step_backward"
def rnn_step_backward(dh, x, h_prev, h, W, U):
    """The gradients (dx, dh_prev, dW, dU, db), each in the shape of what it belongs to.

    dh, h_prev, h (B, n), x (B, m), W (m, n), U (n, n).
    """
    ### BEGIN SOLUTION
    da = dh * (1 - h**2)
    dx, dh_prev = da @ W.T, da @ U.T
    dW, dU, db = x.T @ da, h_prev.T @ da, da.sum(axis=0)
    return dx, dh_prev, dW, dU, db
    ### END SOLUTION


# %%
check("rnn_step_backward", rnn_step_backward)

# %% [markdown] tags=["solution-only"]
# The slope of tanh can be read off its output: $1 - h^2$. Behind it comes a sum of products, and in a product each factor gets `da` times the
# *other* factor. Which of the two is transposed, and on which side it stands, follows from the shapes: `dW` must be (m, n), and `x.T @ da` is the
# only product of `x` (B, m) and `da` (B, n) that is. This product also adds up over the batch. `b` is used once by each sequence, so its
# gradient is the sum over the batch.

# %% [markdown]
# ## Task 2 · All steps back (4 points, 20 minutes)
#
# Now the whole sequence, from the last step to the first. `dy[:, t]` is what the loss wants of the state after step `t` directly. The state has a
# second reader, the next step; what that one wants comes back from it. All steps share the weights.
#
# And unlike the lesson's, these sequences have gaps. Where `mask` is False the sequence made no step: its state after is its state before, `h[:, t + 1]` is `h[:, t]`.
#
# **Think first.** In a gap, how much of `dh` reaches the state before: none, what goes through the step, or all?


# %% answer="bptt"
def bptt(dy, x, mask, h, W, U):
    """The gradients (dx, dW, dU, db, dh0).

    dy (B, T, n), x (B, T, m), mask (B, T) of True and False, h (B, T + 1, n) with the
    first state in front, W (m, n), U (n, n).
    """
    ### BEGIN SOLUTION
    dx, dW, dU, db, dh = np.zeros_like(x), 0, 0, 0, 0
    for t in reversed(range(x.shape[1])):
        before, after, read = h[:, t], h[:, t + 1], mask[:, t, None]
        dh = dh + dy[:, t]
        stepped, held = np.where(read, dh, 0), np.where(read, 0, dh)
        step = rnn_step_backward(stepped, x[:, t], before, after, W, U)
        dx[:, t], dh = step[0], step[1] + held
        dW, dU, db = dW + step[2], dU + step[3], db + step[4]
    return dx, dW, dU, db, dh
    ### END SOLUTION


# %%
check("bptt", bptt)

# %% [markdown] tags=["solution-only"]
# In a gap all of `dh` goes on: the state before *is* the state after, a factor of 1 with no slope and no $U$. Such a way around the step is what an LSTM will build on
# purpose. `stepped` and `held` part the two roads; each number of `dh` takes one of them.
#
# Three sums make the difference between one step and a sequence.
#
# - `dh + dy[:, t]`: a state has two readers, so it gets two wishes.
# - `dW + ...`, `dU + ...`, `db + ...`: a weight is used at every step, and the gradient of what is used often is the sum over its uses.
# - `dh` of one round is what the round before (in time) receives. After the last round it is the gradient of `h0`.
#
# There is one state more than there are steps. Whoever forgets it takes `h[:, t - 1]` for the state before, and at `t = 0` Python takes index −1 as the last
# one and does not complain.

# %% [markdown]
# ## Task 3 · The judge (2 points, 8 minutes)
#
# A gradient written by hand is compared with one that knows no chain rule: nudge one number up and down by `e`, and see how much the loss
# differs. Here the loss is fixed, so that you can concentrate on the nudging: $L(w) = \sum \tanh(x\,w)^2$.


# %% answer="gradient_check"
def gradient_check(w, x, e):
    """The slope of the loss for each number of w, (n,), by nudging it up and down by e.

    w (n,), x (B, n), e a small number. The caller needs w unchanged.
    """

    def loss(w):
        return np.sum(np.tanh(x @ w) ** 2)

    ### BEGIN SOLUTION
    slopes = np.zeros_like(w)
    for k in range(len(w)):
        up, down = w.copy(), w.copy()
        up[k] += e
        down[k] -= e
        slopes[k] = (loss(up) - loss(down)) / (2 * e)
    return slopes
    ### END SOLUTION


# %%
check("gradient_check", gradient_check)

# %% [markdown] tags=["solution-only"]
# Each number gets its own two runs, and everything else stays as it is: hence the copies. Between up and down lie `2 * e`, so that is what the
# difference is divided by. The check uses a large `e` on purpose: there, a difference from one side and one from both sides are not the same
# number, and neither is the exact gradient.

# %% [markdown]
# ## Task 4 · Find the bug: three backward passes (3 points, 12 minutes)
#
# Here are three backward passes of the same network. Two of them have a mistake. `check_gradients`, which you know from the lesson, finds it, if it is given a fair case: several sequences,
# several steps, nothing zero.
#
# How many of the five arrays (gradients of x, W, U, b and h0) are wrong in A, in B, in C? The answer is three numbers, such as `(2, 0, 1)`.


# %% tags=["setup"]
def forward(x, W, U, b, h0):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t] @ W + h[t] @ U + b))
    return np.stack(h, axis=1)


def backward_a(x, h, dy, W, U):
    dx, dW, dU, db, dh = np.zeros_like(x), 0, 0, 0, 0
    for t in reversed(range(x.shape[1])):
        da = (dh + dy[:, t]) * (1 - h[:, t + 1] ** 2)
        dW, dU, db = dW + x[:, t].T @ da, dU + da.T @ h[:, t], db + da.sum(axis=0)
        dx[:, t], dh = da @ W.T, da @ U.T
    return {"x": dx, "W": dW, "U": dU, "b": db, "h0": dh}


def backward_b(x, h, dy, W, U):
    dx, dW, dU, db = np.zeros_like(x), 0, 0, 0
    for t in reversed(range(x.shape[1])):
        dh = dy[:, t]
        da = dh * (1 - h[:, t + 1] ** 2)
        dW, dU, db = dW + x[:, t].T @ da, dU + h[:, t].T @ da, db + da.sum(axis=0)
        dx[:, t], dh = da @ W.T, da @ U.T
    return {"x": dx, "W": dW, "U": dU, "b": db, "h0": dh}


def backward_c(x, h, dy, W, U):
    dx, dh = np.zeros_like(x), 0
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
    for t in range(x.shape[1])[::-1]:
        da = (1 - h[:, t + 1] ** 2) * (dy[:, t] + dh)
        dh, dx[:, t] = da @ U.T, da @ W.T
        for sequence in range(len(x)):
            dW += np.outer(x[sequence, t], da[sequence])
            dU += np.outer(h[sequence, t], da[sequence])
            db += da[sequence]
    return {"x": dx, "W": dW, "U": dU, "b": db, "h0": dh}


# %% [markdown]
# A fair case to begin with. The loss is every state times a random number, all added up; those numbers are `dy`.

# %% tags=["setup"]
rng = np.random.default_rng(1)
shapes = {"x": (2, 5, 3), "W": (3, 4), "U": (4, 4), "b": (4,), "h0": (2, 4)}
arrays = {name: rng.normal(size=shape) / 2 for name, shape in shapes.items()}
dy = rng.normal(size=(2, 5, 4))


def loss():
    return np.sum(dy * forward(**arrays)[:, 1:])


# %% tags=["solution-only"]
h = forward(**arrays)
for backward in (backward_a, backward_b, backward_c):
    gradients = backward(arrays["x"], h, dy, arrays["W"], arrays["U"])
    report = check_gradients(loss, arrays, gradients)
    wrong = [line.name for line in report.comparisons if line.wrong]
    print(backward.__name__, "wrong:", wrong)

# %% answer="planted_bugs"
planted_bugs = (
    ### BEGIN SOLUTION
    (1, 5, 0)
    ### END SOLUTION
)

# %%
check("planted_bugs", planted_bugs)

# %% [markdown] tags=["solution-only"]
# - **A** exchanges two axes of `dU`: $U$ is square, so `da.T @ h` has the right shape, too, and NumPy says nothing. All numbers off the diagonal are those of their mirror images; with one
#   unit nothing is wrong at all.
# - **B** writes `dh = dy[:, t]` over what came back from the next step. The last step is right, no other; so in each of the five arrays
#   something is wrong. With a sequence of one step nothing is. It still trains, on whatever the last step can tell.
# - **C** looks strange and is right. It adds up the batch one sequence at a time.
#
# Looks are no evidence. And a test case with a 1 in it, one unit or one step, lets a mistake through.

# %% [markdown]
# ## Task 5 · A rein (2 points, 8 minutes)
#
# A gradient that explodes is shortened before it moves the weights: it keeps its direction, and its length becomes `limit`. All arrays share one
# length, as if their numbers stood in one long vector. A gradient that is short enough stays as it is.
#
# **Think first.** Clip each number to between −1 and 1, or all with one factor: which of the two leaves the direction as it is?


# %% answer="clip_by_global_norm"
def clip_by_global_norm(dW, dU, db, limit):
    """The three gradients, new arrays, with a common norm of at most limit."""
    ### BEGIN SOLUTION
    norm = np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))
    factor = min(1, limit / norm)
    return dW * factor, dU * factor, db * factor
    ### END SOLUTION


# %%
check("clip_by_global_norm", clip_by_global_norm)

# %% [markdown] tags=["solution-only"]
# One factor for all numbers changes the length and nothing else. `min(1, ...)` leaves short gradients alone; without it every gradient would be
# stretched to the limit. Clipping each number to between −1 and 1 turns a gradient such as (100, 1) into (1, 1): from nearly east to north-east.

# %%
progress()
