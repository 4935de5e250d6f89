# %% [markdown]
# # 02 · Backpropagation through time
#
# A network has read three numbers and its answer is wrong. This lesson follows the error back through the
# network, first by hand and then in ten lines of NumPy. On the way it meets a mistake that the curve of a short task does not show.
#
# ## What you will learn
#
# - To compute by hand how much the error would change if an input, or a weight, changed a little.
# - Why the gradient of a recurrent weight is a sum over all steps.
# - To write backpropagation through time yourself, equal to the package and to Keras.
# - To check a gradient by nudging, and to find a mistake with it that training hides.
# - What is lost when a long sequence is cut into windows, and what is not.
#
# ## What you need
#
# Lesson 01, and what a derivative is: how fast one number changes when another one does. The chain rule is
# explained where it is used.
#
# **Time.** About 45 minutes; its cells run in 40 s.

# %% tags=["setup"]
from textwrap import fill

import numpy as np

from course_utils import plots
from course_utils.cells import SimpleRNN, check_gradients
from course_utils.claims import claim
from course_utils.plots import show
from course_utils.tasks import FranceSentence, Recall
from course_utils.training import Adam, Parameters, softmax_cross_entropy, with_progress

# %% [markdown]
# ## Three inputs and one error
#
# Here is the network of lesson 01 with a single number as its state: $w = 1$, $u = 0.5$, $b = 0$. It reads
# 1, then 0.5, then −0.5. Its last state is its answer, and the answer should have been 0.5.

# %%
x1, x2, x3 = 1.0, 0.5, -0.5
w, u, b = 1.0, 0.5, 0.0
target = 0.5

h1 = np.tanh(w * x1 + b)
h2 = np.tanh(w * x2 + u * h1 + b)
h3 = np.tanh(w * x3 + u * h2 + b)
loss = 0.5 * (h3 - target) ** 2
print(f"h1 = {h1:.2f}   h2 = {h2:.2f}   h3 = {h3:.2f}   loss = {loss:.2f}")

# %% [markdown] right=2
# The answer is −0.15, and the loss, half the square of the error, is 0.21.
#
# **Question.** Which of the three inputs should get the blame for this error, and how much of it?
#
# Blame can be measured. Make one input a little larger, leave everything else as it is, and see how much
# the loss changes. The change, divided by the nudge, is the blame: its proper name is the **gradient** of the
# loss with respect to this input. It is the answer for a *small* change, not a share of the error.
#
# **Predict.** Which nudge will change the loss most?
#
# - that of the first input, which has gone through all states
# - that of the last, which is nearest
# - all about equally

# %% [markdown] slide="question" minutes=2
# ## Three inputs, one error: which of them gets the blame, and how much?
#
# A network of one unit reads 1, 0.5, −0.5 and answers −0.15; right was 0.5.
#
# Notes: Let them guess before any calculus: the first, which has gone through all states, or the last, which
# is nearest?

# %% [markdown] slide="predict" minutes=2
# ## We nudge each input a little. Which nudge changes the loss most?
#
# - that of the first
# - that of the last
# - all about equal
#
# Answer: That of the last, by far.
#
# Notes: The change divided by the nudge is the blame; its proper name is the gradient. The first input has
# only a twentieth of the last one's share. But nudging costs a run for each number.


# %%
def final_loss(x1, x2, x3, w=1.0, u=0.5, b=0.0):
    h1 = np.tanh(w * x1 + b)
    h2 = np.tanh(w * x2 + u * h1 + b)
    h3 = np.tanh(w * x3 + u * h2 + b)
    return 0.5 * (h3 - target) ** 2


nudge = 0.001
nudged = [
    final_loss(x1 + nudge, x2, x3),
    final_loss(x1, x2 + nudge, x3),
    final_loss(x1, x2, x3 + nudge),
]
blame = (np.array(nudged) - loss) / nudge
print("x1, x2, x3:", blame.round(2))
without = final_loss(0, x2, x3) - loss
print(f"x1 = 0: {without:.3f}, and by its slope {-x1 * blame[0]:.3f}")

# %% [markdown] slide="bars" minutes=2
# ## Nudging costs a run for each number
#
# - by nudging: 12,353 runs
# - by going back: 2 runs
#
# For one step of a layer with 12,352 weights
#
# Notes: This is why backpropagation exists. The chain rule: the rate of a whole chain is the product of the
# rates of its links.

# %% [markdown]
# The last one, by far. All three are negative: a larger input would have made the loss smaller. For a small change the
# first input counts a twentieth of the last one. For a large one the slope is no guide: without the first input at all
# (`x1 = 0`), the loss grows by 0.08, more than twice what its slope says.
#
# Nudging has a price. Every number that is nudged costs a run through the whole network. That is fine for three
# inputs. The layer with 12,352 weights of lesson 01 would need 12,353 runs for one training step. There is a
# way that needs one run forward and one back, which costs about two forward.
#
# ## Back along the chain
#
# Take the way from the loss to the last input apart into links. Each link is so short that its rate can be
# read off:
#
# | link | how fast it grows |
# |---|---|
# | loss $= \tfrac12 (h_3 - \text{target})^2$ | with $h_3$: $\;h_3 - \text{target}$ |
# | $h_3 = \tanh(a_3)$ | with $a_3$: $\;1 - h_3^2$ |
# | $a_3 = w\,x_3 + u\,h_2 + b$ | with $x_3$: $\;w$, with $h_2$: $\;u$, with $w$: $\;x_3$ |
#
# The **chain rule** says: the rate of a whole chain is the product of the rates of its links. So we start at
# the loss, go back link by link, and multiply. From here on, `dh3` is short for $\partial L/\partial h_3$: how fast the
# loss $L$ grows with $h_3$.
#
# The second line is worth a look. The slope of tanh can be computed from its *output* alone: it is $1 - h^2$.
# So the way back needs no more of the way forward than its states and inputs.

# %%
dh3 = h3 - target
da3 = dh3 * (1 - h3**2)
dx3 = da3 * w
dh2 = da3 * u
print(f"dh3 = {dh3:.3f}   da3 = {da3:.3f}   dx3 = {dx3:.3f}   dh2 = {dh2:.3f}")

# %% [markdown]
# Two roads lead on from $a_3$. One ends at $x_3$, with the −0.63 that nudging gave. The other leads to $h_2$, one step
# back in time, with `dh2`. There the same links come once more: a tanh, then the weights.

# %%
show(
    plots.one_step_back({"h": dh3, "a": da3, "x": dx3, "h_prev": dh2}),
    alt="One step as a graph. From the loss L a gradient goes back to h3, times h3 "
    "minus the target: -0.65. On to a3, times 1 - h3 squared: -0.63. From a3 two roads "
    "part: times w to x3, -0.63, and times u to h2, -0.32.",
)

# %%
da2 = dh2 * (1 - h2**2)
dx2 = da2 * w
dh1 = da2 * u
da1 = dh1 * (1 - h1**2)
dx1 = da1 * w
print(f"dx2 = {dx2:.3f}   dh1 = {dh1:.3f}   dx1 = {dx1:.3f}")

# %% [markdown]
# `dx2` is −0.316 · 0.5 · 1: what came back to $h_2$, the slope of tanh there, and $w$. With `dx1` we have all three blames in a single
# walk from the end to the beginning. This walk is **backpropagation through time**. Below, an arrow is as wide as the gradient it
# carries is large. (A gradient is purple in our pictures, as is what must be remembered: both travel through time.)

# %%
show(
    plots.backward_by_hand(
        [x1, x2, x3], [h1, h2, h3], loss, [dh1, dh2, dh3], dx=[dx1, dx2, dx3]
    ),
    alt="The three states 0.76, 0.71 and -0.15 in a row, the loss 0.21 above the last. "
    "Gradients go back from right to left and get thinner: dh3 is -0.65, dh2 is -0.32, "
    "dh1 is -0.08. Below each state an arrow goes to its input: dx1 is -0.03, dx2 is "
    "-0.16, dx3 is -0.63.",
)

# %% [markdown] slide="figure" minutes=4
# ## One walk from the end to the beginning finds all the blame
#
# The wider an arrow, the more blame it carries.
#
# Notes: Start at the loss, go back link by link, multiply. Twice the same links: a tanh, then a weight. The
# wider an arrow, the more gradient. dx2 stands there: let them find from which numbers it is made, −0.316 times 0.5 times 1.

# %% [markdown] right=3
# ## One weight, used three times
#
# Training changes the weights, not the inputs. So whose fault is $w$? In the table, $a_3$ grows with $w$ at the rate
# $x_3$. But the same $w$ was used at the second step, and at the first. Each use has its own share of the blame:
# `da` of its step, times the input of its step.
#
# **Predict.** Will the three uses agree on whether $w$ should be larger or smaller?
#
# - all want it larger
# - all want it smaller
# - they disagree

# %% [markdown] slide="predict" minutes=2
# ## The weight $w$ is used three times. Do the three uses agree?
#
# - all want it larger
# - all want it smaller
# - they disagree
#
# Answer: They disagree; their votes are added.
#
# Notes: There is only one w. Each use has its own share: da of its step, times the input of its step.

# %%
votes = [da1 * x1, da2 * x2, da3 * x3]
dw = sum(votes)
print("each use:", np.round(votes, 3), "  sum:", round(dw, 3))

# %% [markdown]
# They disagree. Steps 1 and 2 want a larger $w$, since it would lower the loss. Step 3 read a negative
# input and wants a smaller one. There is only one $w$, so their votes are added up, and step 3 wins.
#
# Why the sum? Imagine the three copies had weights of their own, and nudge all three at once. For a small nudge
# their effects on the loss add up. This holds wherever one quantity is used in several places: **its gradient is the
# sum over all its uses.**

# %%
show(
    plots.backward_by_hand(
        [x1, x2, x3], [h1, h2, h3], loss, [dh1, dh2, dh3], votes=votes
    ),
    alt="The same three states and gradients. Below each state an arrow goes to the "
    "weight w, which stands there three times. The three uses give -0.033, -0.079 and "
    "0.316; on a line below they add up to dw = 0.204.",
)

# %%
du = da1 * 0 + da2 * h1 + da3 * h2
db = da1 + da2 + da3
print(f"dw = {dw:.3f}   du = {du:.3f}   db = {db:.3f}")

# %% [markdown] slide="figure" minutes=3
# ## A weight's gradient is the sum over all its uses
#
# Notes: Steps 1 and 2 want a larger w, step 3 a smaller one, and step 3 wins. This rule is the += of the code
# to come.

# %% [markdown]
# For $u$ the rule is the same with the state before each step in place of the input, and for $b$ with a 1. A
# step of training now moves each weight a little against its gradient: $w$ down, $u$ and $b$ up.

# %%
after = final_loss(x1, x2, x3, w - 0.1 * dw, u - 0.1 * du, b - 0.1 * db)
print(f"loss before: {loss:.2f}   after: {after:.2f}")

# %% [markdown]
# A gradient that is right makes the loss fall, if the step is small enough. Keep that in mind: it
# does not mean that a gradient under which the loss falls is right.

# %% [markdown] right=3
# ## How small is a small nudge?
#
# Nudging is slow, but it knows nothing of chain rules, and so cannot make the same mistakes. That makes it the judge
# for every gradient written by hand. A judge should be exact. So far we compared the nudged run with the run as it
# was: one side. One can also nudge up and down and take the difference: both sides.
#
# We know `dw` from the chain rule. So we can see how far each way of nudging $w$ is off, for nudges from 1 down
# to 0.0000000000001.
#
# **Predict.** Which nudge will be the most exact?
#
# - the smallest
# - the largest
# - one in between

# %% [markdown] slide="predict" minutes=2
# ## To check a gradient by nudging: which nudge is most exact?
#
# - the smallest
# - the largest
# - one in between
#
# Answer: One in between.
#
# Notes: Nudges from 1 down to 0.0000000000001. Let somebody argue for the smallest.


# %%
def both_sides(e):
    return (final_loss(x1, x2, x3, w + e) - final_loss(x1, x2, x3, w - e)) / (2 * e)


def one_side(e):
    return (final_loss(x1, x2, x3, w + e) - loss) / e


nudges = 10.0 ** np.arange(-13, 0.1, 0.25)
error = {
    "both sides": np.abs(both_sides(nudges) - dw),
    "one side": np.abs(one_side(nudges) - dw),
}

# %%
show(
    plots.nudge_errors(nudges, error, mark=1e-5),
    alt="Error of the nudged gradient against the size of the nudge, both logarithmic: "
    "two valleys. From both sides, the error falls to below 1e-10 at a nudge near "
    "1e-5, which is marked; from one side only to about 1e-9, near 1e-8. To the left "
    "of the valleys both rise again and become ragged.",
)

# %% [markdown]
# One in between. There are two kinds of error, and they pull in opposite directions.
#
# - **Too large a nudge**: the loss is a curve, and a nudge measures it as if it were straight. With both sides the bend
#   cancels, so a nudge ten times smaller is a hundred times more exact.
# - **Too small a nudge**: the two losses agree in nearly all of the 16 digits that a number of 64 bits has. Their difference
#   keeps only the last few of them, and those are rounded.
#
# The bottom of the valley, from both sides, is near $10^{-5}$. A number of 32 bits has 7 digits, so rounding sets in much sooner. So
# gradients are checked in 64 bits, from both sides, with a nudge of $10^{-5}$.

# %%
digits = -np.log10(error["both sides"])

# %%
claim(
    "Nudges below 1e-11 find fewer than 6 decimals of dw, on average.",
    measured=digits[nudges < 1e-11],
    below=6,
    over="nudges",
    on_average=True,
    control={"nudges near 0.00001": digits[(nudges > 3e-6) & (nudges < 3e-5)]},
)

# %% [markdown] slide="figure" minutes=3
# ## Check gradients from both sides, in 64 bits, with $10^{-5}$
#
# Notes: To the right of the valley the curve is taken for straight. To the left the two losses agree in
# nearly all of their 16 digits and the difference keeps only rounded ones.

# %% [markdown]
# ## Ten lines of NumPy
#
# Now with vectors: a batch of B sequences of T steps, $m$ inputs, $n$ units. Every link of the chain becomes one line, and each
# line of the way forward has its counterpart on the way back.
#
# | forward | backward |
# |---|---|
# | $h = \tanh(a)$ | $da = dh \cdot (1 - h^2)$ |
# | $a = x\,W + h_\text{prev}\,U + b$ | $dW \mathrel{+}= x^\top da \qquad dU \mathrel{+}= h_\text{prev}^\top\, da \qquad db \mathrel{+}= \sum da$ |
# | | $dx = da\,W^\top \qquad\; dh_\text{prev} = da\,U^\top$ |
#
# Why $x^\top da$? One number of $W$, in row $i$ and column $j$, multiplies input $i$ and adds to sum $j$. So its share is `x[i] * da[j]`, in every
# sequence of the batch, and several uses are added. All of these at once is a matrix product:
#
# | | shape |
# |---|---|
# | `x` at one step | (B, m) |
# | `da` | (B, n) |
# | `x.T @ da`: the sum over the batch | (m, B) @ (B, n) = (m, n), as `W` |
# | `da @ W.T`: input $i$ adds up what all sums want of it | (B, n) @ (n, m) = (B, m), as `x` |

#
# The `+=` is the sum over the steps. Written out for $U$: $\; \dfrac{\partial L}{\partial U} = \sum_t h_{t-1}^\top\, da_t$.
#
# Forward is the loop of lesson 01, with one difference: it keeps all states, the initial one included. So `h[:, t]` is
# the state *before* step `t`, and `h[:, t + 1]` the state after it.


# %%
def forward(x, W, U, b, h0):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t] @ W + h[t] @ U + b))
    return np.stack(h, axis=1)


# %% [markdown]
# Backward goes through the same steps in reverse. It is given `dy`: what the loss wants of every state directly, through
# the output that is read there. A state has a second reader, the next step, and that one's wish comes back as `dh`. Two
# uses, so they are added.

# %%
show(
    plots.two_readers(),
    alt="A state h_t with two readers: the loss above it, and the next state to its "
    "right. From each a gradient comes back, dy_t and da_(t+1) times U transposed. "
    "They meet in the state, are added up to dh_t, and go on to the left.",
)


# %%
def backward(x, h, dy, W, U):
    dx, dW, dU, db, dh = np.zeros_like(x), 0, 0, 0, 0
    for t in reversed(range(x.shape[1])):
        dh = dh + dy[:, t]
        da = dh * (1 - h[:, t + 1] ** 2)
        dW += x[:, t].T @ da
        dU += h[:, t].T @ da
        db += da.sum(axis=0)
        dx[:, t] = da @ W.T
        dh = da @ U.T
    return {"x": dx, "W": dW, "U": dU, "b": db, "h0": dh}


# %% [markdown] slide="code" minutes=4 lines="4-6 10"
# ## The way back is the way forward, line for line
#
# Notes: A state has two readers: the output, dy, and the next step, dh. Two uses, so they are added. Then the
# slope of tanh from its output alone. Only the line with U.T carries the gradient back in time.

# %% [markdown]
# Is it right? To find out we need some numbers. A good test case is not too friendly: at least two sequences and three
# steps, and sizes that all differ, the T + 1 = 5 states among them; a bias and an initial state that are not zero. Otherwise a mistake can hide.
#
# As loss we take the simplest one whose `dy` we know: every state times a random number, all added up. Those random
# numbers are `dy`.

# %%
rng = np.random.default_rng(1)
B, T, m, n = 2, 4, 3, 6
x = rng.normal(size=(B, T, m))
W, U, b = rng.normal(size=(m, n)), rng.normal(size=(n, n)) / 2, rng.normal(size=n)
h0, dy = rng.normal(size=(B, n)), rng.normal(size=(B, T, n))
arrays = {"x": x, "W": W, "U": U, "b": b, "h0": h0}


def some_loss():
    return np.sum(dy * forward(**arrays)[:, 1:])


# %% [markdown]
# And the judge, for any array: nudge one of its numbers after the other, from both sides, as we did with $w$, and put each back. `np.ndindex` runs through all
# places of the array.


# %%
def by_nudging(loss_now, array, nudge=1e-5):
    slopes = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + nudge
        up = loss_now()
        array[place] = kept - nudge
        slopes[place] = (up - loss_now()) / (2 * nudge)
        array[place] = kept
    return slopes


# %%
h = forward(**arrays)
ours = backward(x, h, dy, W, U)
for name, array in arrays.items():
    slopes = by_nudging(some_loss, array)
    off = np.abs(ours[name] - slopes).max() / np.abs(slopes).max()
    print(f"{name:2} {array.size:2} numbers", "ok" if off < 1e-6 else "WRONG")

# %% [markdown]
# How near is near enough? Nudging itself is right to about 10 digits here, and most mistakes are off in the first or second. In between there is much room: we say *ok* if
# no number is off by more than a **millionth** of the largest one in its array.
#
# 96 numbers, and 192 runs for what `backward` found in one pass.
#
# From here on we use the package's `check_gradients`. It does the same, number by number, with the same millionth, and says where the worst one stands.

# %%
report = check_gradients(some_loss, arrays, ours)

# %%
claim(
    "The ten lines pass the gradient check for all 96 numbers.", identity=report.passed
)

# %% [markdown] slide="words" minutes=2
# ## Ten lines of NumPy do what Keras's tape does
#
# ✓ The ten lines pass…
#
# ✓ Our gradients, those of the package…
#
# Notes: At least two sequences and three steps, sizes that differ, a bias and a start that are not zero: else
# a mistake can hide.

# %% [markdown]
# ## The same gradients, three times
#
# The package has a backward pass as well: `layer.backward(dy)` after a call of the layer. Keras shows none; there,
# TensorFlow's `GradientTape` records the way forward and plays it backwards. `keras_twin` makes the same layer
# in Keras, and `values_and_gradients` asks the tape. (Loading Keras takes a few seconds.)

# %%
from course_utils.keras_bridge import keras_twin, values_and_gradients

layer = SimpleRNN(n, return_sequences=True, dtype="float64")
layer.set_weights([W, U, b])
layer(x, initial_state=h0)
package = layer.backward(dy)
by_tape = values_and_gradients(keras_twin(layer), x, dy, initial_state=[h0])


# %% tags=["hide-input"]
def farthest(theirs):
    pairs = [
        (ours["x"], theirs.x),
        (ours["W"], theirs.weights["kernel"]),
        (ours["U"], theirs.weights["recurrent_kernel"]),
        (ours["b"], theirs.weights["bias"]),
        (ours["h0"], theirs.initial_state[0]),
    ]
    return max(np.abs(one - other).max() for one, other in pairs)


# %%
claim(
    "Our gradients, those of the package and those of Keras's GradientTape agree to 12 "
    "decimals.",
    identity=max(farthest(package), farthest(by_tape)) < 1e-12,
)

# %% [markdown]
# ## A colleague makes it faster
#
# Our loop has four matrix products at every step. A colleague has seen that only one of them has to be there, that of `dh`.
# The other three can wait until all `da` are known, and then be done for all steps in one product each. (The package
# does it that way too.) `tensordot` with `BATCH_AND_TIME` adds up over both.

# %%
BATCH_AND_TIME = ((0, 1), (0, 1))


def faster(x, h, dy, W, U):
    da, dh = np.zeros_like(dy), 0
    for t in reversed(range(x.shape[1])):
        da[:, t] = (dh + dy[:, t]) * (1 - h[:, t + 1] ** 2)
        dh = da[:, t] @ U.T
    dW = np.tensordot(x, da, BATCH_AND_TIME)
    dU = np.tensordot(h[:, 1:], da, BATCH_AND_TIME)
    return {"x": da @ W.T, "W": dW, "U": dU, "b": da.sum(axis=(0, 1)), "h0": dh}


# %% [markdown] slide="code" minutes=4 lines="9-10"
# ## A colleague makes it faster, with one mistake
#
# All shapes fit. NumPy says nothing.
#
# Notes: Do not search yet, and do not tell. The other lines are right. The colleague does what everybody
# does: trains with it and looks at the curve.

# %% [markdown]
# There is one mistake in it. Do not search yet. The colleague does not know, and does what everybody does: trains a
# network with it and looks at the curve.
#
# Here is a training loop around any backward pass. A linear read-out `V` makes one number for each possible answer from the last state, the **logits**. Softmax makes
# probabilities `p` of them, and the loss is minus the logarithm of what the right answer got. Its gradient is as short as it can be: **p − q**, where `q` is 1 for the
# right answer and 0 for all others. Adam moves the weights: by the rate 0.003, times a running mean of the gradient (0.9 old, 0.1 new), divided by the root of a running
# mean of its square (0.999 old, 0.001 new). The means, which begin at 0, are divided by $1 - 0.9^k$ and $1 - 0.999^k$ at step $k$.
#
# `fresh` draws $W$ and $U$ as Keras does: $W$ evenly between $\pm\sqrt{6/(m + n)}$, and $U$ starts **orthogonal**, as in lesson 01: it turns a state and leaves its length alone. Keep that in mind: it will matter.


# %%
def loss_and_dlogits(logits, targets):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    q = np.eye(logits.shape[1])[targets]
    return -np.log(p[q == 1]).mean(), (p - q) / len(q)  # mean over the batch


# %%
def answer(weights, x):
    h0 = np.zeros((len(x), len(weights["U"])), x.dtype)
    h = forward(x, weights["W"], weights["U"], weights["b"], h0)
    return h, h[:, -1] @ weights["V"]


def fresh(task, seed, size=1.0, units=32):
    layer = SimpleRNN(units, seed=seed)
    layer.build(task.input_size)
    layer.weights["recurrent_kernel"] *= size  # 1: as Keras draws it
    V = np.random.default_rng(seed).normal(size=(units, task.output_size)) / units**0.5
    return Parameters(dict(zip("WUb", layer.get_weights()), V=V.astype("float32")))


# %%
def learn(backward, task, seed, steps=300, size=1.0):
    rng, adam = np.random.default_rng(seed), Adam(3e-3)
    weights, losses = fresh(task, seed, size), []
    for _ in range(steps):
        batch = task.sample(32, rng)
        h, logits = answer(weights, batch.inputs)
        loss, dlogits = loss_and_dlogits(logits, batch.targets)
        dy = np.zeros_like(h[:, 1:])
        dy[:, -1] = dlogits @ weights["V"].T
        gradient = backward(batch.inputs, h, dy, weights["W"], weights["U"])
        gradient["V"] = h[:, -1].T @ dlogits
        adam.update(weights, Parameters({name: gradient[name] for name in weights}))
        losses.append(loss)
    return weights, losses


logits, targets = rng.normal(size=(2, 3)), np.array([2, 0])
theirs = softmax_cross_entropy(logits, targets)

# %%
claim(
    "p - q is the gradient of softmax and cross-entropy together, as in the package.",
    identity=all(map(np.allclose, loss_and_dlogits(logits, targets), theirs)),
)

# %% [markdown]
# The task is **Recall**: one of 8 symbols comes first, then 3 of 8 other letters, which mean nothing. At the last of them the network has to name the symbol.
# In both tasks of this lesson each word, or letter, is a row of zeros with a single 1 at its place.


# %%
def show_one(task):
    batch = task.sample(1, np.random.default_rng(0))
    words = [task.labels.inputs[i] for i in batch.inputs[0].argmax(axis=1)]
    print(fill(" ".join(words) + " -> " + task.labels.outputs[batch.targets[0]], 88))
    print("B, T, m:", batch.inputs.shape)


short = Recall(lag=3)
show_one(short)

# %% [markdown] right=1
# Guessing has a loss of $\ln 8 \approx 2.08$ and is right 1 time in 8.
#
# **Predict.** How far will a network get with the wrong gradient? (Six trainings, about 3 seconds.)
#
# - all the way
# - somewhere between
# - nowhere

# %% [markdown] slide="predict" minutes=2
# ## Trained with the wrong gradient: how far does it get on a short task?
#
# - nowhere
# - somewhere between
# - all the way
#
# Answer: All the way.
#
# Notes: Recall: one of 8 symbols, then 3 letters that mean nothing; then the network has to name it. Guessing is
# right 1 time in 8.

# %%
ours_short = [learn(backward, short, seed) for seed in with_progress((0, 1, 2))]
faster_short = [learn(faster, short, seed) for seed in with_progress((0, 1, 2))]

# %%
show(
    plots.training_curves(
        {
            "ours": (np.arange(300), [losses for _, losses in ours_short]),
            "the colleague's": (np.arange(300), [losses for _, losses in faster_short]),
        },
        baseline=short.baseline.loss,
        baseline_label="guessing",
        title="Recall across 3 letters (3 seeds)",
    ),
    alt="Loss against training steps for our gradient and for the colleague's, 3 seeds "
    "each. Both start near 2.1, where guessing is, and both fall to nearly 0 within "
    "150 steps, the colleague's a little later.",
)


# %%
def accuracy(weights, task):
    batch = task.sample(1000, np.random.default_rng(99))
    return np.mean(answer(weights, batch.inputs)[1].argmax(axis=1) == batch.targets)


# %%
claim(
    "With the wrong gradient, 3 seeds of 3 name the symbol in more than 98 of 100 "
    "fresh sequences.",
    measured=[accuracy(weights, short) for weights, _ in faster_short],
    above=0.98,
    control={"before training": [accuracy(fresh(short, s), short) for s in range(3)]},
)

# %% [markdown] slide="figure" minutes=3
# ## With the wrong gradient the loss falls as well
#
# Notes: About half as many steps again, but without ours beside it a curve like any other. The colleague is
# content, and goes on to another task: a sentence, across 25 words.

# %% [markdown]
# All the way. It takes about half as many steps again (a loss of 0.5 after some 53 in place of 35), but without ours beside it that is a curve like any other. The
# colleague is content, and goes on to what the network was made for: a sentence that begins with *I grew up in France*, and then, with 25 words (the **distance**)
# between the country and the blank, the question which language. There are 12 countries; guessing is right 1 time in 12.

# %%
sentence = FranceSentence(distance=25)
show_one(sentence)

# %% [markdown] right=3
# **Predict.** And now: how often will it name the right language? (Six trainings, about 6 seconds.)
#
# - always
# - in about half of the cases
# - hardly more often than by guessing


# %%
def trained(backward, task=sentence):
    return [learn(backward, task, seed)[0] for seed in with_progress((0, 1, 2))]


def scores(networks, task=sentence):
    return [accuracy(weights, task) for weights in networks]


with_ours, with_theirs = trained(backward), trained(faster)
by_ours, by_theirs = scores(with_ours), scores(with_theirs)
for name, by in {"our gradient": by_ours, "the colleague's": by_theirs}.items():
    print(f"{name:15}  above 0.8: {sum(a > 0.8 for a in by)} of 3 seeds")

# %%
claim(
    "With the colleague's, none of 3 seeds names it in more than 30 of 100; guessing "
    "gives 8.",
    measured=by_theirs,
    below=0.3,
    control={"our gradient": by_ours},
)

# %% [markdown] slide="bars" minutes=3 most=100
# ## Across 25 words it hardly beats guessing
#
# - our gradient: 80 to 100
# - the colleague's: 0 to 30
# - guessing: 8
#
# Of 100 sentences, so many right, in each of 3 seeds
#
# Notes: Ask what they would have blamed: the learning rate? "Recurrent networks cannot bridge long gaps"? The
# curve on the short task was perfect, so why look at the gradient?

# %% [markdown]
# Hardly better than guessing. What would you have blamed? The learning rate, probably, or the task: *recurrent networks cannot bridge
# long gaps*, everybody knows that. But more than the gap has changed since Recall. The same sentence across 3 words, *I grew up in France I speak fluent*:

# %%
near = FranceSentence(distance=3)
for name, way in {"our gradient": backward, "the colleague's": faster}.items():
    print(f"{name:15}  all 3 above 0.9: {min(scores(trained(way, near), near)) > 0.9}")

# %% [markdown] right=1
# With the colleague's gradient a seed fails here too, so it is not the length alone. In Recall the clue came first; here four words stand before it.
#
# **Predict.** We let the check look at it. It compares the gradients of `x`, `W`, `U`, `b` and `h0`. How many of the five
# will it find wrong?
#
# - only one
# - three
# - all five

# %%
report = check_gradients(some_loss, arrays, faster(x, h, dy, W, U))
print(report)

# %% [markdown] slide="output" minutes=4 lines="1-6"
# ## The check does not just say wrong, it says where
#
# Notes: Now let them search, in pairs: which line can be wrong without any effect on x, W, b and h0? The
# states after each step stand there in place of those before.

# %% [markdown]
# ## Find it
#
# Only one. The check does not just say *wrong*, it says where. Four arrays are right, all of their 60 numbers. In $U$
# all 36 are wrong, and the worst has not even the right sign. Before you open the answer, go through the colleague's lines with that in hand:
#
# - Which line can be wrong without any effect on `x`, `W`, `b` and `h0`?
# - What should stand in this line, according to our ten lines?
#
# Copy the colleague's cell to a place below this one, mend the line, and run the copy. Then copy the cell of the check as well: it has to say
# *ok* five times.
#
# <details>
# <summary><b>The answer</b></summary>
#
# All gradients come from `da` and `dh`. A mistake in one of these two would show in several arrays. So both lines of the loop are right, and only the line of
# `dU` is left:
#
#     dU = np.tensordot(h[:, 1:], da, BATCH_AND_TIME)
#
# `h[:, 1:]` are the states *after* each step. $U$ is multiplied with the states *before* each step: `h[:, :-1]`. There is one
# more state than there are steps, so one has to be left out for the shapes to fit, and it was the wrong one. NumPy sees two arrays
# of the right shape and says nothing.
#
# Everything else was right: $W$, $b$ and the read-out got what they should. Only $U$, which carries the memory, was pushed to where
# nobody wanted it.
# </details>

# %% [markdown] right=1
# ## Worse than none
#
# How bad is a wrong gradient of $U$? Let us compare it with none at all: we put a zero there, so that $U$ stays for ever as it was drawn at
# the start.
#
# **Predict.** With a $U$ that never learns, will the network name the language better than with the colleague's gradient,
# or worse? (Six trainings, about 6 seconds.)
#
# - better
# - about as well
# - worse


# %%
def without_U(x, h, dy, W, U):
    return backward(x, h, dy, W, U) | {"U": np.zeros_like(U)}


with_none = trained(without_U)
shorter = [learn(without_U, sentence, seed, size=0.9)[0] for seed in (0, 1, 2)]
by_none, by_shorter = scores(with_none), scores(shorter)
for name, by in {"as drawn": by_none, "0.9 times that": by_shorter}.items():
    print(f"U stays {name:15} above 0.8: {sum(a > 0.8 for a in by)} of 3 seeds")

# %% [markdown]
# Better, at the one rate of this page: above 0.8 in all three, as with the right gradient. That is the orthogonal start: with a $U$ that takes a tenth off every length, and
# nothing else changed, in 300 steps none of the three gets there. So the wrong gradient was not just too weak. Does the last state keep the country, and the network merely
# did not learn to read it? One can ask the last state itself. A **probe** is a linear read-out fitted by least squares to 3,000 states, and judged on 1,000 others: if
# it names the country, the country is in there; if not, it is at least nowhere that a linear read-out finds it.


# %%
def probe(weights):
    batch = sentence.sample(4000, np.random.default_rng(5))
    h = answer(weights, batch.inputs)[0][:, -1].astype("float64")
    h = np.hstack([h, np.ones((4000, 1))])
    V = np.linalg.lstsq(h[:3000], np.eye(12)[batch.targets[:3000]], rcond=1e-6)[0]
    return np.mean((h[3000:] @ V).argmax(axis=1) == batch.targets[3000:])


untrained = [fresh(sentence, seed) for seed in (0, 1, 2)]
asked = {"right gradient": with_ours, "none for U": with_none}
asked |= {"the colleague's": with_theirs, "untrained": untrained}
known = {name: [probe(one) for one in three] for name, three in asked.items()}
for name, three in known.items():
    print(f"{name:16} {min(three):.2f} to {max(three):.2f}")

# %% [markdown]
# With the colleague's gradient the probe does not find the country in the last state: it hardly does better than guessing, 0.08. With a $U$ that stays as it was drawn,
# orthogonal, all of it arrives. An untrained network keeps little, so there was hardly a memory to destroy: with the wrong gradient the network never learnt to keep one.

# %%
claim(
    "A probe finds the country, 25 words back, in less than 20 of 100 last states of "
    "networks trained with the colleague's gradient; guessing gives 8 (3 seeds).",
    measured=known["the colleague's"],
    below=0.2,
    control={"no gradient for U": known["none for U"]},
)

# %%
claim(
    "With no gradient for U at all, 3 seeds of 3 name it in more than 80 of 100 "
    "sentences.",
    measured=by_none,
    above=0.8,
    control={"the wrong gradient": by_theirs},
)

# %% [markdown] slide="bars" minutes=2 most=100
# ## A wrong gradient can be worse than none
#
# - no gradient of U: 80 to 100
# - a wrong one: 0 to 30
# - guessing: 8
#
# A falling loss does not prove a gradient.
#
# Notes: The orthogonal U of the start can carry a country over 25 words, once W has learnt to write it. With
# the wrong gradient not even a probe finds it in the last state.

# %% [markdown]
# **A falling loss does not prove a gradient.** The check does, and on a small case it costs next to nothing. Run it whenever you have changed a line of a
# backward pass.
#
# ## A product of factors
#
# Back to the three steps by hand. From `dh3` to `dh2`, the gradient was multiplied by two numbers: the slope of tanh and $u$. From
# `dh2` to `dh1`, again by two such numbers.

# %%
factors = [u * (1 - h3**2), u * (1 - h2**2)]
print("factors:", np.round(factors, 2), "  product:", round(np.prod(factors), 2))
print("dh1 / dh3:", round(dh1 / dh3, 2))

# %% [markdown]
# So what arrives $k$ steps back is a product of $k$ factors $u\,(1 - h^2)$. With pencil and paper:
#
# - A slope of tanh is at most 1. So if $|u| < 1$, at most $|u|^k$ is left: it **vanishes**, whatever the inputs.
# - If all units are at rest, $h = 0$, every slope *is* 1, and exactly $u^k$ is left. With $u = 1.5$ that is $600{,}000{,}000$ after 50 steps: it **explodes**.
# - With many units, `dh = da @ U.T` multiplies by a matrix each time. If the most that it can stretch any vector is $s < 1$, at most $s^k$ is left. At rest it is
#   $(U^\top)^k$, whose size goes with the largest *eigenvalue* of $U$ to the power $k$. Lesson 03 draws them.
#
# Between rest and proof lies the ordinary case. The network of one unit reads 51 random numbers. How much of the gradient of the last state is left 50 steps before it?


# %%
def left_over(u, x):
    h, factors = np.zeros(len(x)), []
    for x_t in x.T:
        h = np.tanh(x_t + u * h)
        factors.append(u * (1 - h**2))
    back = np.cumprod(factors[::-1], axis=0)  # the last step first
    return np.median(back, axis=1)[:-1]


noise = np.random.default_rng(0).normal(size=(100, 51))

# %% [markdown] right=3
# **Predict.** With $u = 1.5$ and random inputs, will the gradient 50 steps back be larger than at the end, or smaller?
#
# - larger
# - about equal
# - smaller

# %% [markdown] slide="predict" minutes=2
# ## One unit, $u = 1.5$, random inputs: what is the gradient 50 steps back?
#
# - larger
# - about equal
# - smaller
#
# Answer: Smaller, by many powers of ten.
#
# Notes: What arrives k steps back is a product of k factors, u times the slope of tanh. At rest it would be
# 600,000,000.

# %%
left = {f"u = {u}": left_over(u, noise) for u in (1.5, 1.0, 0.5)}
left["u = 1.5, no input"] = left_over(1.5, 0 * noise)
print(f"u = 1.5, inputs a thousandth as large: {left_over(1.5, noise / 1000)[-1]:.0e}")

# %% [markdown] slide="formula" minutes=2
# ## What comes back $k$ steps is a product of $k$ factors
#
# $$u\,(1 - h_1^2) \cdot u\,(1 - h_2^2) \cdots u\,(1 - h_k^2)$$
#
# A slope of tanh is at most 1.
#
# Notes: With u = 0.5 every factor is at most one half. With 1.5 and inputs the unit is driven to where tanh is
# flat; without inputs each factor is 1.5.

# %%
show(
    plots.lag_curves(
        left,
        lags=range(1, 51),
        floor=1e-36,
        title="What is left of the gradient (median of 100 sequences)",
    ),
    alt="Gradient against lag on a logarithmic scale. With random inputs all three, u "
    "= 1.5, 1.0 and 0.5, fall along nearly straight lines to about 1e-23, 1e-22 and "
    "1e-33 after 50 steps; the first two nearly coincide. Without inputs, u = 1.5 "
    "rises to 6e8.",
)

# %% [markdown]
# Smaller, by many powers of ten. The inputs, and the state itself, drive the unit to where tanh is flat, and flat means a small slope. So the larger $u = 1.5$ leaves no more than
# $u = 1$ in this draw. And its rest is unstable: with inputs a thousandth as large the state runs away from 0, and the gradient vanishes again. On a logarithmic
# scale a product of similar factors is a straight line, downwards or upwards.
#
# These are the **vanishing** and the **exploding gradient**. Lesson 03 measures them in larger networks, and there they have more than one surprise.

# %% [markdown] slide="figure" minutes=3
# ## On a logarithmic scale, a product is a straight line
#
# Notes: Three lines fall: the vanishing gradient. What the unit read 50 steps ago gets so little of the blame
# that it cannot learn from it. One rises: the same u = 1.5, without inputs.

# %% [markdown]
# ## Cut into windows
#
# Backpropagation has to keep every state of the way forward. A layer of 64 units that reads 32 texts of 10,000 letters keeps
# 32 · 10,000 · 64, about 20 million numbers. And it cannot begin to learn before the last letter.
#
# The usual way out is to cut the sequence into **windows** of a fixed number of steps. The state goes on from one window into the next. The gradient
# stops at the cut. This is **truncated** backpropagation through time. With windows of 10 steps, the layer above keeps 20,480
# numbers at a time, and its weights can move after every window.

# %%
show(
    plots.windows(9, 3),
    alt="Nine states in a row, cut into three windows of three by two dashed lines. "
    "The arrows of the state cross the cuts; the arrows of the gradient go back only "
    "within each window.",
)

# %% [markdown] slide="figure" sheet="figure" minutes=2
# ## Windows save memory: the state goes on, the gradient stops
#
# Notes: Truncated backpropagation through time. In Keras it is stateful=True. Ask: can a country beyond
# the cut still be learnt?

# %% [markdown]
# In code: call `backward` on each window alone. Its `dh` begins at 0 every time, so nothing comes across from the window after it.


# %%
def truncated(x, h, dy, W, U, size):
    total = {"W": 0, "U": 0, "b": 0}
    for start in range(0, x.shape[1], size):
        steps = slice(start, start + size)
        states = h[:, start : start + size + 1]  # with the one before the window
        part = backward(x[:, steps], states, dy[:, steps], W, U)
        total = {name: total[name] + part[name] for name in total}
    return total


# %% [markdown]
# Let us see how far this is from the whole gradient, on average over 100 draws of 12 steps with a loss at each of them.

# %%
left_out = {size: [] for size in (1, 2, 3, 4, 6, 12)}
for _ in range(100):
    x12, dy12 = rng.normal(size=(B, 12, m)), rng.normal(size=(B, 12, n))
    h12 = forward(x12, W, U, b, h0)
    whole = backward(x12, h12, dy12, W, U)["U"]
    for size, shares in left_out.items():
        missing = truncated(x12, h12, dy12, W, U, size)["U"] - whole
        shares.append(np.linalg.norm(missing) / np.linalg.norm(whole))
for size, shares in left_out.items():
    print(f"window {size:2}: off by {np.mean(shares):.0%}")

# %% [markdown]
# The longer the window, the less is left out: what comes from beyond a cut.

# %% [markdown]
# ## What a window costs
#
# Let us measure it with France. A window of the last 10 words; the states go on, the gradient stops. That is one more backward pass for our training loop:


# %%
def last_ten(x, h, dy, W, U):
    return backward(x[:, -10:], h[:, -11:], dy[:, -10:], W, U)


# %% [markdown] right=2
# `h[:, -11:]` are the last 10 states and the one before. So a country at a distance of up to 9 is inside the window. First, a distance of 25 in every sentence: the state may bring the
# country along, the gradient does not go back to it.
#
# **Predict.** At a distance of 25, how often will the network with the window be right, if guessing is right in 8% of the cases and
# the whole gradient reaches 100%? (3 trainings, about 4 seconds.)
#
# - in about 8%
# - in more, but less than 60%
# - in nearly 100%

# %%
seeds = (0, 1, 2)
far = [learn(last_ten, sentence, seed, steps=800)[0] for seed in with_progress(seeds)]
by_far = scores(far)
print(f"distance 25: {min(by_far):.2f} to {max(by_far):.2f}")

# %% [markdown]
# Not much more than guessing, but more: the state brings an echo of the country along, as a click left an echo in
# lesson 01, and the network learns to use what arrives. But nothing teaches it to *write the country down* in such a way that it arrives. One can see that in the weights. Every country has
# its own row in $W$, since its word has its own input. These 12 rows have not changed, not even in the last bit: the gradient never came to where a country was read.

# %%
moved = [np.abs(one["W"] - fresh(sentence, k)["W"]) for k, one in zip(seeds, far)]
print("rows of countries:", max(rows[:12].max() for rows in moved), "in all 3 seeds")

# %% [markdown] right=3
# But in a text that is read window by window, the cut falls anywhere: a clue is near at one time and far at another. So the same window, 800 steps, sentences as
# long as before, and now another distance in each of them, 3 to 25. For comparison a third network gets the near ones alone, 3 to 8. All three are tested at 6, 15 and 25.
#
# **Predict.** At a distance of 25, where no gradient can go back to the country: will the network of 3 to 25 be right more often than the one that was trained on 25 alone?
#
# - less often
# - about as often
# - more often

# %%
networks = {"trained on 25": far}
for high in (8, 25):
    task = FranceSentence((3, high), length=sentence.length)
    runs = [learn(last_ten, task, k, steps=800)[0] for k in with_progress(seeds)]
    networks[f"trained on 3 to {high}"] = runs

# %%
distances = (6, 15, 25)
tests = [FranceSentence(distance, length=sentence.length) for distance in distances]
rows = {name: [scores(runs, t) for t in tests] for name, runs in networks.items()}

# %%
show(
    plots.accuracy_against_distance(distances, rows, window=9.5, chance=1 / 12),
    alt="Accuracy against the words between country and question, window of 10, 3 "
    "seeds each. Trained on 25: like guessing at 6 and 15, about 0.2 at 25. Trained on "
    "3 to 8: 1.0 at 6, around 0.4 at 15, little above guessing at 25. Trained on 3 to "
    "25: around 0.8 at 6, 0.6 at 15, 0.5 at 25.",
)

# %% [markdown] slide="figure" minutes=3
# ## No blame crosses a cut, but near clues can help with far ones
#
# Notes: Window of 10. Where the country is always 25 words away, its row in W does not change, not even in the last bit.
# Near ones alone reach beyond the cut, but at 25 they are little above guessing in these runs. Far ones among them helped further here, in 3 seeds with these words.

# %% [markdown]
# More often, in each of the three seeds, though far from always, and near by it is behind the network of 3 to 8. That one shows how far a habit goes that was learnt inside the
# window alone: at 15 it still helps, at 25 it is little above guessing in these runs. Near sentences are needed: in them the rows of the countries get their share of the blame. Far ones, in
# which the network learns to use what arrives, helped further here, in 3 seeds with these words. **No blame crosses a cut, but near clues can help with far ones.**

# %%
by_near, by_mixed = rows["trained on 3 to 8"][2], rows["trained on 3 to 25"][2]

# %%
claim(
    "Window of 10, a plain RNN, rate 0.003, 800 steps, orthogonal start: trained on "
    "distances 3 to 25, each of 3 seeds is right more often at 25 words than the one "
    "trained on 25 alone.",
    measured=np.subtract(by_mixed, by_far),
    above=0,
    control={"trained on 3 to 8": np.subtract(by_near, by_far)},
)

# %% [markdown]
# So truncating is right where the sequence has no end, and where what matters is near at least now and then.
# If a network does not learn what lies 200 steps back, look first whether its window is 100. (Williams and Peng 1990 describe it. In Keras it is `stateful=True`: lesson 08 explains it.)

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and write the loop and the same loop backwards, and let nudging find a gradient
# whose axes were exchanged. NumPy is all you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - A gradient is a rate: how fast the loss changes with a number. Nudging measures it, one number at a time. The chain rule finds all of them in one walk back.
# - A state is read by its output and by the next step; a weight is used at every step. **Gradients of several uses are added.**
# - `da = dh * (1 - h**2)`, `dW += x.T @ da`, `dU += h_prev.T @ da`, `dh = da @ U.T`: this is backpropagation through time, equal to the package and to Keras. At its beginning stands `p - q`.
# - A gradient is checked in 64 bits, from both sides, with a nudge of $10^{-5}$. A wrong gradient can solve one task and be worse than none on another. The check finds it, and says in which array.
# - What goes back $k$ steps is a product of $k$ factors: at most $|u|^k$, at rest exactly $u^k$.
# - Windows save memory. No blame crosses a cut, but near clues can help with far ones.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/02_backpropagation_through_time.ipynb) has 5 tasks, from one step back to
# shortening a gradient that explodes.
#
# Then [lesson 03](03_vanishing_and_exploding.ipynb) measures how fast gradients vanish or explode in networks of 32 units, what predicts it, and what helps.
#
# To try on your own, in a copy of a cell above:
#
# - Plant another mistake in your mended copy of `faster`: leave `dh +` out of the line of `da`. All five arrays are wrong now, but of `x` only 18 numbers
#   of 24. Which 6 are right, and why? And why does the check find nothing if the sequences have a single step?
# - Give `last_ten` a window of 20. How far do the near clues help now?

# %% [markdown] slide="words" minutes=2
# ## Back through time in four sentences
#
# - Blame is a product along the way back
# - Several uses are added
# - Check before you trust a curve
# - No blame crosses a cut, but near clues can help
#
# Notes: Ask for one sentence each from four people.
