# %% [markdown]
# # 11 · Problems: after the GRU
#
# The steps that the newer cells are made of, each in a few lines; and at the end, which memory for which job.
#
# **Lesson.** [11 · After the GRU](../notebooks/11_after_the_gru.ipynb)
#
# **Points.** 15 in 6 tasks; about 76 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("join_steps", 1)` in a cell of your own; 2 says more, 3 nearly everything. The last task is
# written in words, and nobody but you (or your teacher) checks it.
#
# **Shapes.** A batch has B sequences of T steps; each step has m inputs, and a layer has n units.

# %% tags=["setup"]
import numpy as np

from course_utils.cells.scan import scan
from course_utils.feedback import check, hint, progress


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %% [markdown]
# ## Task 1 · Two steps in one (1 point, 4 minutes)
#
# A scan lives on one idea: two steps in a row are one step of the same kind.
#
# $$h_1 = a_1 h_0 + b_1 \qquad h_2 = a_2 h_1 + b_2 \qquad\Rightarrow\qquad h_2 = a\, h_0 + b$$
#
# What are $a$ and $b$?


# %% answer="join_steps"
def join_steps(a1, b1, a2, b2):
    """The factor a and the term b of both steps together, each (B, n)."""
    ### BEGIN SOLUTION
    return a2 * a1, a2 * b1 + b2
    ### END SOLUTION


# %%
check("join_steps", join_steps)

# %% tags=["solution-only"]
steps = [(0.5, 1.0), (0.9, -2.0), (0.1, 3.0)]
left = join_steps(*join_steps(*steps[0], *steps[1]), *steps[2])
right = join_steps(*steps[0], *join_steps(*steps[1], *steps[2]))
print("the same, whichever pair is joined first:", np.allclose(left, right))

# %% [markdown] tags=["solution-only"]
# Put the first equation into the second: $h_2 = a_2 (a_1 h_0 + b_1) + b_2$. The order of the two steps matters, but not which pair of a row is joined first. That is all that a scan needs.

# %% [markdown]
# ## Task 2 · A minGRU that starts somewhere (3 points, 12 minutes)
#
# $$z = \sigma(x W_z + b_z) \qquad g = x W_g + b_g \qquad h = z \cdot h_\text{prev} + (1 - z) \cdot g$$
#
# The first n columns of `W` are for z, the others for g. The state starts at `h0`.
#
# A loop will do. If you would rather use `scan(a, b)`, which is there: time comes first, and it starts from zero. **Predict** where h0 has to go then.


# %% answer="min_gru"
def min_gru(x, h0, W, b):
    """The states (B, T, n).

    x (B, T, m), h0 (B, n), W (m, 2n), b (2n,).
    """
    ### BEGIN SOLUTION
    a = x.swapaxes(0, 1) @ W + b  # time first
    z, g = sigmoid(a[..., : len(b) // 2]), a[..., len(b) // 2 :]
    new = (1 - z) * g
    new[0] += z[0] * h0
    return scan(z, new).swapaxes(0, 1)
    ### END SOLUTION


# %%
check("min_gru", min_gru)

# %% [markdown] tags=["solution-only"]
# The first step is $h_1 = z_1 h_0 + (1 - z_1) g_1$. A scan that starts from zero sees only what is added, so $z_1 h_0$ has to be part of that. All later steps get it from there, each multiplying with its own $z$.
#
# With a loop: `h = z[:, t] * h + (1 - z[:, t]) * g[:, t]`, beginning with `h = h0`. The gates and candidates of all steps can be computed before the loop in either case, because none of them needs a state.

# %% [markdown]
# ## Task 3 · An exponential gate that does not overflow (3 points, 15 minutes)
#
# $$c = f\, c_\text{prev} + i\, g \qquad s = f\, s_\text{prev} + i \qquad h = c / s$$
#
# Both c and s start at zero. You get the logarithms of the gates: $i$ is `np.exp(a_i)` and $f$ is `np.exp(log_f)`. The check has exponents of 4,000, and $e^{4000}$ is too large for a computer's numbers. But c and s may both be divided by
# $e^m$, and h does not notice.


# %% answer="exponential_gate"
def exponential_gate(a_i, log_f, g):
    """The states h (B, T, n) from a_i, log_f and g, all (B, T, n)."""
    ### BEGIN SOLUTION
    c = s = np.zeros_like(g[:, 0])
    m = np.full_like(c, -np.inf)
    states = []
    for t in range(g.shape[1]):
        m_old, m = m, np.maximum(log_f[:, t] + m, a_i[:, t])
        f, i = np.exp(log_f[:, t] + m_old - m), np.exp(a_i[:, t] - m)
        c, s = f * c + i * g[:, t], f * s + i
        states.append(c / s)
    return np.stack(states, axis=1)
    ### END SOLUTION


# %%
check("exponential_gate", exponential_gate)

# %% tags=["solution-only"]
values = np.array([[[1.0], [2.0], [3.0]]])
for a_i in ([0, 0, 0], [0, 900, 0], [0, 900, 1800]):
    exponents = np.array(a_i, float)[None, :, None]
    h = exponential_gate(exponents, np.zeros_like(values), values)
    print(f"exponents {a_i!s:14}  h: {h[0, :, 0].round(2)}")

# %% [markdown] tags=["solution-only"]
# m is the largest exponent that is still in c. With it no exponent is above 0, so nothing overflows; and one of them is 0, so s is at least 1 and nothing is divided by 0. When m grows, what is stored was
# divided by the old $e^m$: that is the factor $e^{m_\text{old} - m}$ in f. Before the first step m is $-\infty$ and f is 0.
#
# One sees what it is for: with equal exponents h is the mean of all values, and a larger exponent takes over, at once and completely.

# %% [markdown]
# ## Task 4 · One look back (2 points, 8 minutes)
#
# A question looks at all steps of a sequence at once. Each step has a key and a value. The score of a step is $q \cdot \text{key} / \sqrt{n}$, the weights are the softmax of the scores over the steps, and what is
# read is the mean of the values with these weights.
#
# Some of the scores are in the thousands. You know by now what to do about that.


# %% answer="attention_read"
def attention_read(q, keys, values):
    """What is read, (B, k).

    q (B, n), keys (B, T, n), values (B, T, k).
    """
    ### BEGIN SOLUTION
    scores = (q[:, None] * keys).sum(axis=2) / np.sqrt(q.shape[1])
    w = np.exp(scores - scores.max(axis=1, keepdims=True))
    w = w / w.sum(axis=1, keepdims=True)
    return (w[:, :, None] * values).sum(axis=1)
    ### END SOLUTION


# %%
check("attention_read", attention_read)

# %% [markdown] tags=["solution-only"]
# It is the exponential gate once more: exponentials of scores, a weighted sum, divided by the sum of the weights, the largest exponent taken out. The difference is who sets the scores. In the gate each step sets its own, and f lets it fade; here
# the question sets them, after everything has been read. That is why all keys and values have to be kept.

# %% [markdown]
# ## Task 5 · A matrix that overwrites (2 points, 12 minutes)
#
# A head keeps every pair. A matrix $S$ (n, k) of fixed size can hold pairs as well: what stands in it under a key is $\text{key} \cdot S$. If a key comes again, the new value should **replace** the old one. So for each
# pair take out what $S$ holds under the key, and write the value there:
#
# $$v_\text{old} = \text{key}_t\, S \qquad S \leftarrow S + \text{key}_t^\top (\text{value}_t - v_\text{old}) \qquad y = q\, S$$
#
# $S$ begins with zeros; all keys have the length 1. **Predict** what $\text{key}_t\, S$ is right after the step.


# %% answer="matrix_read"
def matrix_read(q, keys, values):
    """What is read, (B, k).

    q (B, n), keys (B, T, n) of length 1, values (B, T, k).
    """
    ### BEGIN SOLUTION
    S = np.zeros((len(q), q.shape[1], values.shape[2]))
    for t in range(keys.shape[1]):
        k, v = keys[:, t, :, None], values[:, t, None, :]
        old = (k * S).sum(axis=1, keepdims=True)
        S = S + k * (v - old)
    return (q[:, :, None] * S).sum(axis=1)
    ### END SOLUTION


# %%
check("matrix_read", matrix_read)

# %% tags=["solution-only"]
rng = np.random.default_rng(0)
for n in (32, 8):
    names = rng.normal(size=(200, 6, n))
    names = names / np.linalg.norm(names, axis=2, keepdims=True)
    first, second = rng.normal(size=(2, 200, 6, 4))
    twice = np.concatenate([names, names], axis=1)
    both = np.concatenate([first, second], axis=1)  # each key comes with two values
    asked = names[:, 2]
    sharp = 100 * np.sqrt(n) * asked  # a head that looks at this key alone
    answers = {
        "matrix": matrix_read(asked, twice, both),
        "head": attention_read(sharp, twice, both),
    }
    for name, y in answers.items():
        off = np.abs(y - second[:, 2]).mean()
        print(f"n = {n:2}, {name:6} off the latest value by {off:.2f}")

# %% [markdown] tags=["solution-only"]
# Right after the step $\text{key}_t\, S$ is $\text{value}_t$, because a key of length 1 gives 1 with itself. This is the rule of the DeltaNet, at full strength.
#
# Recall against a head, then: six keys, each shown twice with another value. The head gives both showings of a key the same weight, for the keys are equal, so it reads the mean of the old and the new value: it needs a code of the position to
# do better. The matrix has the new one, but for what the *other* keys have written over it, since six random keys are not at right angles. With 8 numbers a key it ends about as far off as the head: the fixed memory must choose.

# %% [markdown]
# ## Task 6 · Which memory for which job? (4 points, 25 minutes)
#
# Three jobs:
#
# - **A light switch.** Six push-buttons on a long corridor. From the presses so far: is the light on or off? The log of presses may have a million entries.
# - **A reader.** Questions about a report of 3,000 words: *what was the budget of the second project?* The question comes after the report.
# - **A sensor.** One temperature a second, to be smoothed and watched for months, on a chip with room for 2,000 numbers, weights and state together.
#
# For each choose one of: a GRU, one layer of minGRU, one attention head (with a code of the position). Write, in about twelve sentences:
#
# 1. the light switch: your choice, the reason, and the one result of the lesson that it rests on;
# 2. the reader: the same;
# 3. the sensor: the same;
# 4. the smallest experiment that could show one of your three choices to be wrong: data, baseline, how many runs, and which result would convince you.
#
# One point for each of the four.

# %% [markdown] answer="11-memories"
# 1. The light switch: a GRU. Each press flips the state, so this is parity. In the stored runs that the lesson tells of, a minGRU solved 20 bits in 0 of 5 runs, the GRU in 5 of 5: a factor between 0 and 1 cannot flip. A head over a million entries would have to keep them all.
# 2. The reader: the attention head. What matters is known only when the question comes, and a state of fixed size has to choose beforehand what to keep. In the lesson attention that may grow answered 16 pairs; of four networks with 32 numbers one did. 3,000 words are 3,000 weights for each question, which costs little.
# 3. The sensor: a minGRU. One input and 64 units need 256 weights and 64 numbers of state. A gate that looks only at the input can smooth, and drop what is out of range. Its memory can be set beforehand by chrono, since the time scale is known; with chrono the lesson's minGRU solved Recall 50 in 5 of 5 runs, without it in 0 of 5.
#    A head would need all temperatures of the past.
# 4. The third choice is the least certain, because nothing in the lesson smooths. Data: a month of one sensor, split by time, with jumps and drop-outs put in by hand and known. Baselines: the last value, and an exponential mean whose one constant is chosen on the second week. minGRU and GRU with at most 2,000 numbers each, five seeds. If the exponential mean
#    is as good as the minGRU, I was wrong to use a network at all; if all five GRUs are better than all five minGRUs, I chose the wrong one.

# %% [markdown] tags=["solution-only"]
# How to mark an answer: one point each.
#
# 1. GRU, because the state has to flip, with the lesson's parity. (Whoever suggests a linear recurrence with factors −1 and 1 has read well, and gets the point.)
# 2. Attention, because the question comes last, with the lesson's many keys. A GRU gets the point only with a reason why its state would hold what is asked.
# 3. minGRU or GRU, with the weights counted: 2 · (64 + 64) = 256 for 64 units of minGRU. Attention gets no point: what it keeps grows with time.
# 4. A baseline without a network, more than one run, and a result that would change the answer. *I would try all and take the best* gets no point.

# %%
progress()
