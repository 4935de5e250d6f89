# %% [markdown]
# # 03 · Vanishing and exploding, measured
#
# Lesson 02 sent the error back through time. This lesson asks how much of it arrives, puts a number to
# it, predicts that number from the weights alone, and finds out what it takes to make the number good.
#
# ## What you will learn
#
# - To measure how far back a network can learn: one number for each lag.
# - To predict it from eigenvalues, and to say when that prediction fails.
# - Why an LSTM, as Keras starts it, can lose to the plain network that it was made to replace, and which single
#   number mends that.
# - What training does to the gates, and what clipping does to an explosion.
#
# ## What you need
#
# Lessons 01 and 02. An idea of what an eigenvalue is: how much a matrix stretches a direction that it does not
# turn. How the LSTM and the GRU work inside is not needed; they come in lessons 04 and 06.
#
# **Time.** About 60 minutes; its cells run in 35 s.

# %% tags=["setup"]
import numpy as np

from course_utils import plots
from course_utils.cells import GRU, LSTM, RandomNormal, SimpleRNN
from course_utils.claims import claim
from course_utils.measure import (
    decay_per_step,
    gate_activity,
    gradient_against_lag,
    jacobian,
    recurrent_spectra,
    spectrum,
)
from course_utils.plots import show
from course_utils.tasks import Adding, FranceSentence, Latch
from course_utils.training import Adam, SequenceModel, train, with_progress

# %% [markdown]
# ## One number for each lag
#
# A network has read 101 words. It answers after the last one, and the answer was wrong. What went wrong may
# have happened at the last word, or a hundred words before.
#
# **Question.** How much of the error's message reaches the step a hundred words back?
#
# Measuring it takes three lines. Run the network forward. Put a gradient of length 1 on its last
# state, in a random direction, one for each sequence. Send it back through time, and see how
# long it is when it arrives at each step. The distance back from the end is called the **lag**.
#
# We take a plain RNN as Keras makes it, 32 units, untrained, and random inputs.
#
# **Predict.** At lag 0 the length is 1. What is left at lag 100: about a half, about a thousandth, or less than a
# hundred-millionth?

# %% [markdown] slide="question" minutes=2
# ## How much does the last word still learn from the first?
#
# One number for each step back: gradient against lag
#
# Notes: In lesson 00 the networks lost France. In lesson 02 we built the way back. Now we measure what
# arrives. Ask for a guess for a hundred steps: a half, a thousandth, less?

# %%
layer = SimpleRNN(32, seed=0, dtype="float64")
x = np.random.default_rng(100).normal(size=(16, 101, 2))
u = np.random.default_rng(0).normal(size=(16, 32))
u /= np.linalg.norm(u, axis=1, keepdims=True)

# %%
layer(x)
arriving = layer.backward(u).states["h"]
norms = np.linalg.norm(arriving, axis=2).mean(axis=0)[::-1]
for lag in (0, 1, 10, 100):
    print(f"lag {lag:3}: {norms[lag]:.0e}")

# %% [markdown]
# Less than a hundred-millionth. Nothing has been cut off and nothing is broken: each step takes a little less than a
# fifth, a hundred steps in a row.

# %%
show(
    plots.gradient_flow(norms[::-1], decades=9),
    alt="Nine of the 101 steps in a row. The arrow that carries the gradient from the "
    "loss back to the left gets thinner from step to step: 1 at the end, 0.07 a dozen "
    "steps before, 2e-9 at the first step.",
)

# %% [markdown] slide="figure" minutes=3
# ## A hundred steps back, hardly anything arrives
#
# Notes: Read it from right to left. 1 at the end, 0.07 a dozen steps before, 2e-9 at the first step. This is
# vanishing: the last words drown the first.

# %% [markdown]
# This is **vanishing**. The network can hardly learn from something whose gradient is less than a hundred-millionth of
# that of the last word: the last words drown it.
#
# The package has the measure as `gradient_against_lag`. It averages over sequences just as we did.

# %%
same = np.allclose(gradient_against_lag(layer, x, seed=0).norms, norms, rtol=1e-12)
claim("The package's gradient against lag is the one computed by hand.", same)

# %%
claim(
    "Inputs of size 1: a plain RNN has less than a millionth of its gradient at lag "
    "100.",
    norms[100] < 1e-6,
)

# %% [markdown]
# ## Three cells as Keras makes them
#
# The LSTM and the GRU were invented against vanishing. Let us see. All three cells get 32 units and Keras's
# defaults, five seeds each, and inputs of two sizes: normal random numbers times 0.1, and times 1.
#
# **Predict.** With the small inputs, which cell has most gradient left at lag 100, and which one least?

# %% [markdown] slide="predict" minutes=3
# ## Fresh from Keras: which cell keeps most gradient over 100 steps?
#
# - RNN
# - LSTM
# - GRU
#
# Answer: The plain RNN, by far.
#
# Notes: Small inputs, size 0.1, 32 units. Nearly everybody votes for LSTM or GRU: let them. This is the
# surprise of the lesson, so leave time for it.


# %%
def measured(make, size):
    curves = []
    for seed in range(5):
        x = size * np.random.default_rng(100 + seed).normal(size=(16, 101, 2))
        curves.append(gradient_against_lag(make(seed), x, seed=seed).norms)
    return np.array(curves)


# %%
def default(cell):
    return lambda seed: cell(32, seed=seed, dtype="float64")


cells = {"RNN": SimpleRNN, "LSTM": LSTM, "GRU": GRU}
small = {name: measured(default(cell), 0.1) for name, cell in cells.items()}
large = {name: measured(default(cell), 1.0) for name, cell in cells.items()}

# %%
show(
    plots.lag_panels(
        {"inputs of size 0.1": small, "inputs of size 1": large}, limits=(1e-22, 10)
    ),
    alt="Gradient against lag for the three cells at Keras's defaults, 5 seeds. With "
    "small inputs, at lag 100, the RNN has 0.15, the LSTM 1e-8 and the GRU 1e-20. With "
    "inputs of size 1 RNN and LSTM both end near 1e-8, the GRU near 1e-20.",
)

# %% [markdown] slide="figure" minutes=4
# ## At its defaults the LSTM forgets faster than the plain RNN
#
# Notes: Left, small inputs: the RNN is ahead of the LSTM by a factor of millions, and the GRU is far below.
# Right, inputs of size 1: the RNN falls to where the LSTM is. "The LSTM solves the vanishing gradient" is not
# true out of the box. What is true?

# %% [markdown]
# It is the plain RNN that keeps most. With small inputs the LSTM is behind it by a factor of millions, and the
# GRU by far more. With inputs of size 1 the RNN falls to where the LSTM is; the gated cells
# hardly notice the size of the inputs.

# %%
end = {name: np.median(curves[:, 100]) for name, curves in small.items()}
claim(
    "Inputs of size 0.1, lag 100, medians of 5 seeds: the RNN keeps more than 100,000 "
    "times what the LSTM keeps, and the LSTM more than 100 million times what the GRU "
    "keeps.",
    end["RNN"] > 1e5 * end["LSTM"] and end["LSTM"] > 1e8 * end["GRU"],
)

# %%
end = {name: np.median(curves[:, 100]) for name, curves in large.items()}
claim(
    "Inputs of size 1: less than a millionth is left in all three (medians of 5 "
    "seeds).",
    max(end.values()) < 1e-6,
)

# %% [markdown]
# So the sentence "the LSTM solves the vanishing gradient" is not true of an LSTM as it comes out of
# the box. Why? And what is true? To answer that we need to be able to predict such a curve.
#
# ## A network that can be predicted
#
# Leave out tanh. Then $h = x\,W + h_\text{prev}\,U + b$, and going back one step, a gradient is multiplied by
# $U^\top$, whatever the inputs. A hundred steps back: multiplied a hundred times by the same matrix.
#
# Keras starts $U$ as an orthogonal matrix, which turns a vector and leaves its length alone. Such a matrix has complex
# eigenvalues, $\lambda$: points in a plane. The distance of such a point from zero says how much the matrix stretches,
# its angle how much it turns. Here all of them lie on a circle of radius 1. We multiply $U$ by a number, and the circle
# gets this radius: the **spectral radius** of the matrix, the largest distance of an eigenvalue from zero.
#
# **Predict.** With radius 0.9, what is left after 100 steps: 0.9, about 0.3, or less than 0.0001? And with
# radius 1.1?

# %% [markdown] slide="predict" minutes=2
# ## No tanh, all eigenvalues at radius 0.9: what is left after 100 steps?
#
# - 0.9
# - about 0.3
# - less than 0.0001
#
# Answer: Less than 0.0001: a factor, a hundred times over.
#
# Notes: The spectral radius is the largest distance of an eigenvalue from zero. And with 1.1? It grows to
# 14,000.


# %%
def scaled(radius, activation="linear", seed=0):
    layer = SimpleRNN(32, activation=activation, seed=seed, dtype="float64")
    layer.build(2)
    layer.weights["recurrent_kernel"] *= radius
    return layer


# %%
def sweep(activation, size):
    return {
        f"{r:g}": measured(lambda seed, r=r: scaled(r, activation, seed), size)
        for r in radii
    }


radii = (0.5, 0.9, 1, 1.1, 1.5)
linear = sweep("linear", 1.0)

# %%
lags = np.arange(101)
predicted = {f"{radius:g}": radius**lags for radius in radii}
eigenvalues = {
    f"{radius:g}": recurrent_spectra(scaled(radius))["h"].eigenvalues
    for radius in radii
}

# %%
show(
    plots.spectrum_and_lags(
        eigenvalues, linear, dial="radius", predicted=predicted, limits=(1e-13, 1e10)
    ),
    alt="Left, the eigenvalues of five matrices on circles of radius 0.5, 0.9, 1, 1.1 "
    "and 1.5. Right, the gradient against the lag: five straight lines on a "
    "logarithmic scale, on the rings that the radius predicts; only radius 1 stays "
    "level.",
)

# %% [markdown] slide="figure" minutes=4
# ## The spectral radius predicts the whole curve
#
# Notes: Left the eigenvalues, right the gradient; the rings are the prediction. Inside the circle of radius 1
# it vanishes, outside it explodes, only on the circle does it stay.

# %% [markdown]
# Here the picture on the left tells the one on the right exactly. Inside the circle of radius 1 the gradient
# **vanishes**, outside it **explodes**, and only on the circle does it stay. $0.9^{100}$ is $0.00003$ and
# $1.1^{100}$ is $14{,}000$: a tenth more or less, a hundred times over.

# %%
exact = [np.allclose(linear[name], predicted[name], rtol=1e-8) for name in predicted]
claim(
    "Linear network, scaled orthogonal matrix: at every lag k to 100 the gradient is "
    "the spectral radius to the power k, to 8 digits (radii 0.5 to 1.5, 5 seeds).",
    all(exact),
)

# %%
claim(
    "A linear network's gradient vanishes at radius 0.9 and explodes at radius 1.1.",
    all(linear["0.9"][:, 100] < 1e-4) and all(linear["1.1"][:, 100] > 1e4),
    source="Pascanu, Mikolov and Bengio 2013, section 2.1",
)

# %% [markdown]
# ## With tanh, an explosion can hide
#
# Now tanh comes back. Going back through it, a gradient is multiplied in addition by the slope of tanh, which
# is $1 - h^2$: 1 where a unit is at rest, nearly 0 where it is pushed to its limits.
#
# **Predict.** Radius 1.5 exploded. With tanh and inputs of size 1: does it still explode as fast, does it
# explode more slowly, or does it hardly change at all?

# %%
silent = sweep("tanh", 0.0)
busy = sweep("tanh", 1.0)

# %%
show(
    plots.lag_panels(
        {"tanh, no input": silent, "tanh, inputs of size 1": busy},
        dial="radius",
        predicted=predicted,
        limits=(1e-13, 1e10),
    ),
    alt="The same five networks with tanh. Without input they follow the prediction, "
    "1.5 up to 4e17. With inputs of size 1 all lie below it: 0.5 to 1.1 vanish, and "
    "1.5 stays between 1 and 20, where 10 to the 17 was predicted.",
)

# %% [markdown] slide="figure" minutes=3
# ## With tanh, an explosion hides behind saturation
#
# Notes: Radius 1.5 with inputs of size 1 hardly changes: the matrix makes the gradient larger, the flat ends
# of tanh make it smaller. Only units at rest let it out. Ask: why did the plain RNN keep more with small
# inputs?

# %% [markdown]
# Without input all units are at rest, all slopes are 1, and nothing has changed. With inputs, the network with
# radius 1.5 keeps its gradient nearly level. Two wrongs cancel: the matrix makes it larger, the flat
# ends of tanh make it smaller. The explosion is not gone. It hides behind **saturation**: as long as the
# units are pushed far from rest.
#
# That is also why the plain RNN keeps so much with small inputs and so little with large ones.

# %%
claim(
    "Radius 1.5: over 100 steps the gradient grows more than 10 to the 17 times "
    "without input, and less than 1,000 times with inputs of size 1 (5 seeds).",
    silent["1.5"][:, 100].min() > 1e17 and busy["1.5"][:, 100].max() < 1e3,
)

# %% [markdown]
# Can the prediction be mended? An orthogonal matrix mixes all units evenly, so a gradient meets the slopes
# as they are on average: squared, since lengths are squared. The guess for one step is then the radius, times the
# root of the mean squared slope.


# %%
def guess_and_rate(radius):
    layer = scaled(radius, "tanh")
    rate = decay_per_step(gradient_against_lag(layer, x))
    slope = 1 - layer.trace()["h"] ** 2
    return radius * np.sqrt(np.mean(slope**2)), rate


# %%
print("radius   guess   measured, a step")
for radius in radii:
    guess, rate = guess_and_rate(radius)
    print(f"{radius:6}   {guess:5.2f}   {rate:5.2f}")

# %%
pairs = [guess_and_rate(radius) for radius in radii]
claim(
    "Inputs of size 1: radius times root-mean-square slope gives the decay per step to "
    "within 0.03 (radii 0.5 to 1.5, one seed).",
    all(abs(guess - rate) < 0.03 for guess, rate in pairs),
)

# %% [markdown]
# ## Where eigenvalues mislead
#
# Orthogonal matrices are well behaved. Here is another kind: a chain. Unit 1 hands its value to unit 2, that to
# unit 3, and so on, always times 1.2; what the last unit holds is lost. All 32 eigenvalues of this matrix are 0.
#
# **Predict.** Spectral radius 0, no tanh: is the gradient gone after one step, does it fade, or does it grow?

# %%
chain = 1.2 * np.eye(32, k=1)
layer = scaled(1.0)
layer.weights["recurrent_kernel"][...] = chain
along = gradient_against_lag(layer, np.zeros((64, 41, 2))).norms
for lag in (1, 10, 20, 30, 32):
    print(f"lag {lag:2}: {along[lag]:.2g}")

# %% [markdown] slide="bars" minutes=3
# ## Radius 0, and yet the gradient grows first
#
# - lag 1: 1.2
# - lag 10: 5.2
# - lag 20: 24
# - lag 30: 55
# - lag 32: 0
#
# A chain of 32 units, each handing 1.2 times its value to the next
#
# Notes: Let them predict: all eigenvalues are 0. Eigenvalues tell what happens in the long run, and here the
# long run begins after 32 steps. For the short run look at singular values.

# %% [markdown]
# It grows to more than fifty times its length, and at lag 32 it is exactly 0: whatever started in the chain has dropped
# off its end. Eigenvalues tell what happens in the long run, and here the long run begins after 32 steps.
#
# For the short run look at the **singular values**: the largest one is the most that a single step can
# stretch any vector. It is 1.2 here, and its powers are a bound. A matrix whose singular values are not the
# sizes of its eigenvalues is called **non-normal**. Orthogonal matrices are normal; most others are not.

# %%
claim(
    "A chain with spectral radius 0 lets the gradient grow more than 30 times "
    "before it is exactly 0 at lag 32.",
    spectrum(chain).radius == 0 and along.max() > 30 and np.all(along[32:] == 0),
)

# %%
claim(
    "In this chain no gradient exceeds the largest singular value to the power of the "
    "lag.",
    np.all(along <= spectrum(chain).norm ** lags[:41] * (1 + 1e-9)),
)

# %% [markdown]
# ## One unit, one bit
#
# Could one tune a plain RNN so that it keeps something for long and learns from far away? Bengio, Simard
# and Frasconi asked this in 1994 about the smallest case: one tanh unit with a weight $w$ to itself, $h =
# \tanh(w\,h_\text{prev} + x)$. A single bit comes in, +1 or −1. Noise follows. At the end the sign of
# $h$ should still be that of the bit.

# %%
show(
    plots.latch_map(0.8, 2),
    alt="The next state of one unit against its state, for two weights. With w = 0.8 "
    "every walk ends at 0, where the slope is 0.8. With w = 2 it ends at plus or minus "
    "0.96, where the curve is flat: slope 0.17. In the middle, at 0, the slope is 2.",
)

# %% [markdown] slide="figure" minutes=3
# ## Two places of rest remember a bit; at both the slope is small
#
# Notes: One tanh unit with a weight to itself. Left, every walk slides to 0. Right, two places of rest: a
# memory. But the slope there is the factor for the gradient: 0.17.

# %% [markdown]
# With $w$ up to 1 there is one place of rest, and the bit slides into it. With $w$ above 1 there are two,
# one for each value of the bit, and noise must push hard to get from one to the other. That is a memory. But look at
# the slopes. A place of rest holds on to a state because its slope is below 1; and the slope is
# the factor for the gradient.
#
# We run 2,000 bits through 50 steps of noise for 21 weights. The gradient is that of the typical sequence (the median).
#
# **Predict.** Is there a weight that keeps 99 of 100 bits and a thousandth of the gradient?

# %%
task = Latch(length=50, noise=0.2)
batch = task.sample(2000, np.random.default_rng(0))


def latch(w):
    unit = SimpleRNN(1, dtype="float64")
    unit.set_weights([[[1.0]], [[w]], [0.0]])
    kept = np.mean((unit(batch.inputs)[:, 0] > 0) == batch.targets)
    return kept, gradient_against_lag(unit, batch.inputs, average="median").norms[-1]


# %%
weights = np.linspace(0.5, 2.5, 21)
kept, left = np.array([latch(w) for w in weights]).T

# %%
show(
    plots.latch_sweep(weights, kept, left),
    alt="Above, bits kept after 50 noisy steps against the weight: 0.5 to 0.6 up to w "
    "= 1.1, then rising, above 0.99 from 1.5 on. Below, the gradient left: at most "
    "0.0001, near w = 1, and below 1e-18 wherever the bits are kept.",
)

# %% [markdown] slide="figure" minutes=3 crop="0 0 100 43.1, 0 46.6 100 100" alt="Above, bits kept after 50 noisy steps against the weight: 0.5 to 0.6 up to w = 1.1, then rising, above 0.99 from 1.5 on. Below, the gradient left: largest near w = 1, and hardly any where the bits are kept."
# ## No weight keeps both the bit and the gradient
#
# Notes: Above, the bits kept; below, the gradient left. To hold against noise a state must pull small changes
# back; pulling changes back is shrinking the gradient. Bengio, Simard and Frasconi asked this in 1994.

# %% [markdown]
# There is none. Below 1 the bit is lost and the gradient with it. Near 1 a little gradient comes through, and
# noise takes the bit. Where the bit is safe, no gradient of use is left. To hold against noise a
# state must pull small changes back; pulling changes back *is* shrinking the gradient.
#
# No cleverness with $U$ escapes this as long as a memory is a place of rest of tanh. The way out is a memory
# that does not have to be held: a state that is passed on by a factor of 1, with gates that keep
# noise away from it. This is the idea of the LSTM.

# %%
claim(
    "One tanh unit, noise 0.2, 50 steps: every weight that keeps 99% of the bits "
    "leaves less than a billionth of the gradient.",
    (kept >= 0.99).any() and left[kept >= 0.99].max() < 1e-9,
    source="Bengio, Simard and Frasconi 1994",
)

# %%
claim(
    "Every weight that leaves a hundred-thousandth of the gradient loses a quarter of "
    "the bits.",
    kept[left > 1e-5].max() < 0.75,
)

# %% [markdown]
# ## Eigenvalues of a gated cell
#
# Back to the riddle: a gated cell that forgets faster than a plain RNN. Which matrix tells its fate? Keras starts
# the recurrent weights of an LSTM orthogonal too, but it draws one wide matrix for all four gates, and a
# quarter of an orthogonal matrix is not orthogonal.

# %%
for (name, cell), gate in zip(cells.items(), "hfz"):
    layer = cell(32, seed=0)
    layer.build(2)
    stretch = recurrent_spectra(layer)[gate].singular_values
    print(f"{name:4} {gate}: a step leaves {stretch.min():.2f} to {stretch.max():.2f}")

# %% [markdown]
# But these blocks act inside of gates. What a gradient really meets on its way back through one step is the
# **Jacobian** of that step: the derivative of the new state by the old one. For a plain RNN at
# rest it is $U$. For any other cell `jacobian` computes it, with the cell's own backward pass. The state of an LSTM
# is $h$ and $c$ side by side, so its Jacobian has 64 rows.
#
# **Predict.** At rest, with nothing in the state and no input, a gate without bias is half open: 0.5. The LSTM's
# forget gate has a bias of 1 and stands at 0.73. Around which point of the plane will the LSTM's eigenvalues lie, and
# around which one the GRU's?

# %% [markdown] slide="predict" minutes=2
# ## At rest, around which value do the LSTM's eigenvalues crowd?
#
# - 0.5
# - 0.73
# - 1
#
# Answer: 0.73, its forget gate; the GRU's around 0.5.
#
# Notes: The Jacobian of one step: the derivative of the new state by the old one. At rest a gate without bias
# is half open; the forget gate has a bias of 1.


# %%
def at_rest(layer):
    layer.build(2)
    state = [np.zeros(32)] * len(layer.state_names)
    return spectrum(jacobian(layer, np.zeros(2), state))


rest = {name: at_rest(default(cell)(0)) for name, cell in cells.items()}

# %%
show(
    plots.spectra({name: s.eigenvalues for name, s in rest.items()}),
    alt="Eigenvalues of one step's Jacobian at rest. RNN: on the unit circle. LSTM: a "
    "small cloud around 0.73, radius 0.85, and a pile at 0. GRU: a small cloud around "
    "0.5, radius 0.63.",
)

# %% [markdown] slide="figure" minutes=3
# ## The riddle's answer, before any training and any data
#
# Notes: The RNN's eigenvalues stand on the circle; LSTM and GRU sit where their gates are. The radius at rest
# gives the decay per step to within 0.03.

# %% [markdown]
# Here is the answer to the riddle, before any training and any data. The RNN's eigenvalues stand on the
# circle. Those of the LSTM crowd around 0.73, the value of its forget gate, and those of the GRU around 0.5, its update
# gate. The clouds are as wide as the recurrent blocks let them be. (The pile at 0: half of the LSTM's
# state, $h$, is computed anew from $c$ each time and carries nothing on by itself.)
#
# Does it predict the curves? The largest eigenvalue against the measured decay per step:


# %%
def radius_and_rate(name, seed):
    rate = np.exp(np.polyfit(lags[20:], np.log(small[name][seed, 20:]), 1)[0])
    return at_rest(default(cells[name])(seed)).radius, rate


print("cell   radius   measured, a step")
for name in cells:
    print("{:5}  {:6.2f}   {:6.2f}".format(name, *radius_and_rate(name, seed=0)))

# %%
pairs = [radius_and_rate(name, seed) for name in cells for seed in range(5)]
claim(
    "Inputs of size 0.1: the spectral radius at rest gives the decay per step to "
    "within 0.03, for all three cells (5 seeds).",
    all(abs(radius - rate) < 0.03 for radius, rate in pairs),
)

# %% [markdown]
# ## One bias decides
#
# The cloud sits at the value of the forget gate, and this value is set by one number, the gate's bias $b_f$: it is
# $\sigma(b_f)$, so 0.5 for a bias of 0 and 0.88 for a bias of 2. All else stays as Keras makes it.
#
# **Predict.** Which bias puts the edge of the cloud on the circle: 1, 2 or 5?


# %%
def lstm(forget_bias, seed, inputs=2, dtype="float64"):
    layer = LSTM(32, seed=seed, dtype=dtype)
    layer.build(inputs)
    layer.gate_weights("f")["bias"][:] = forget_bias
    return layer


# %%
biases = (0, 1, 2, 5)
clouds = {f"{b}": at_rest(lstm(b, 0)) for b in biases}
opened = {f"{b}": measured(lambda seed, b=b: lstm(b, seed), 0.1) for b in biases}

# %%
show(
    plots.spectrum_and_lags(
        {name: cloud.eigenvalues for name, cloud in clouds.items()},
        opened,
        dial="bias",
        limits=(1e-12, 1e3),
        window=(0.3, 1.2),
    ),
    alt="Left, a part of the plane: four clouds of eigenvalues around 0.50, 0.73, 0.88 "
    "and 0.99, for forget biases 0, 1, 2 and 5; that of bias 2 touches the unit "
    "circle. Right, gradient against lag: bias 0 ends at 1e-22, bias 1 at 1e-8, bias 2 "
    "stays near 0.06, bias 5 grows to about 10.",
)

# %% [markdown] slide="figure" minutes=3
# ## One bias moves the cloud onto the circle
#
# Notes: Forget bias 0, 1, 2, 5. Bias 2 touches the circle, for 32 units. From 0 to 2 is a factor of more than
# 10 to the 19 at lag 100.

# %% [markdown]
# Bias 2, for 32 units. From 0 to 2 the radius goes from 0.6 to 1, and at lag 100 that is a factor of more than
# $10^{19}$. With 5 the cloud lies across the circle and the gradient grows; less fast than the radius of 1.11 says,
# because a state that grows is no longer at rest.
#
# All curves drop to about an eighth in the first step: that is the toll for getting from $h$ into the cell state $c$.
# From there on it is the forget gate that counts.

# %%
at_100 = {name: np.median(curves[:, 100]) for name, curves in opened.items()}
claim(
    "LSTM, 32 units: the gradient at lag 100 is below 1e-18 with forget bias 0, below "
    "1e-6 with 1, and above 0.01 with 2 (medians of 5 seeds).",
    at_100["0"] < 1e-18 and at_100["1"] < 1e-6 and at_100["2"] > 0.01,
)

# %%
claim(
    "With forget bias 5 it is above 1: it has grown on its way back (median of 5 "
    "seeds).",
    at_100["5"] > 1,
)

# %%
at_1 = [np.median(curves[:, 1]) for curves in opened.values()]
claim(
    "With each of these biases the first step leaves between 0.1 and 0.2 (medians of 5 "
    "seeds).",
    0.1 < min(at_1) < max(at_1) < 0.2,
)

# %% [markdown]
# Gates make it possible to remember. An **open** gate makes it so.
#
# ## Does it matter for learning?
#
# A gradient at the start is one thing, learning another. So: the France sentence of lesson 00, with the country always
# 20 words before the question. Twelve languages; guessing is right once in twelve. Four networks with 32 units, the same learning
# rate, 150 steps, six seeds: about 6 seconds.
#
# **Predict.** In which order will they learn it: RNN, LSTM, GRU, and an LSTM with a forget bias of 5?

# %% [markdown] slide="predict" minutes=2
# ## France 20 words away, 150 steps: who learns it in all 6 seeds?
#
# - LSTM
# - GRU
# - LSTM, forget bias 5
#
# Answer: Only the LSTM with forget bias 5.
#
# Notes: The plain RNN gets there in at least 5 seeds, the default LSTM in at most 2, the default GRU in none.
# Guessing gives 0.08.

# %%
task = FranceSentence(20)
networks = {
    "RNN": lambda seed: SimpleRNN(32, seed=seed),
    "LSTM": lambda seed: LSTM(32, seed=seed),
    "GRU": lambda seed: GRU(32, seed=seed),
    "LSTM, forget bias 5": lambda seed: lstm(5, seed, task.input_size, "float32"),
}


# %%
def learn(make, seed):
    model = SequenceModel.for_task(make(seed), task, seed=seed)
    how = {"optimizer": Adam(0.01), "seed": seed, "evaluate_every": 25}
    return train(model, task, steps=150, **how)


runs = {
    name: [learn(make, s) for s in range(6)]
    for name, make in with_progress(networks.items(), "networks")
}

# %%
show(
    plots.training_panels(
        {name: [(h.steps, h.accuracy) for h in six] for name, six in runs.items()},
        baseline=1 / 12,
        baseline_label="guessing",
        ylabel="accuracy",
        limits=(0, 1.05),
    ),
    alt="Accuracy over 150 steps on the France sentence at distance 20, six seeds for "
    "each network. RNN and LSTM with forget bias 5 get to 1 within 100 steps. Of the "
    "default LSTMs one does, the others end between 0.1 and 0.6. The GRUs stay near "
    "0.08, but for one at the end.",
)

# %% [markdown]
# The order of the gradients is the order of the learning. The RNN and the opened LSTM are there within 100 steps, the
# LSTM with its default bias is on its way in some seeds, and the GRU, but for one seed, has not begun. The two LSTMs
# differ in 32 numbers: each of them is a 5 instead of a 1.

# %%
solved = {name: sum(h.accuracy.max() > 0.95 for h in six) for name, six in runs.items()}
claim(
    "France at 20 words, 150 steps, 6 seeds: the RNN gets above 0.95 in at least 5 "
    "seeds, the default LSTM in at most 2, the default GRU in none; guessing gives "
    "0.08.",
    solved["RNN"] >= 5 and solved["LSTM"] <= 2 and solved["GRU"] == 0,
)

# %%
claim(
    "The LSTM with forget bias 5 gets above 0.95 in all 6 seeds.",
    solved["LSTM, forget bias 5"] == 6,
)

# %% [markdown] slide="figure" minutes=2
# ## Gates make it possible to remember; open gates make it so
#
# Notes: Four panels, six seeds each. Ask: who would have stopped after the second panel and written "LSTMs
# cannot do this"?

# %% [markdown]
# Do not conclude that the RNN is the better network. It was lucky: the distance was always the same, and the words
# drove it little. Lesson 00 moved France about, and the RNN lost. Every input pushes it a bit towards saturation, and
# the next task shows that without mercy.
#
# ## The adding problem
#
# Hochreiter and Schmidhuber introduced the LSTM in 1997 with tasks such as this one.

# %%
adding = Adding(length=100)
print(adding.describe())

# %%
show(
    plots.task_sample(adding, adding.sample(1, np.random.default_rng(1))),
    alt="A sequence of 100 numbers between 0 and 1 and a row of marks. One number in "
    "the first half and one in the second half are marked; the answer is their sum.",
)

# %% [markdown]
# A network that remembers nothing can only say 1, the mean of the sum. Its mean squared error is then the variance, $1/12 +
# 1/12 = 1/6$. This is the baseline. We call the task solved at an error below 0.01. Three seeds for each cell, at
# most 1,000 steps, and for each cell a learning rate that suits it: about 15 seconds.
#
# While they learn, we look at their gradient against lag every 50 steps.
#
# **Predict.** Which cells get below the baseline, and which of them is first?

# %%
rates = {"RNN": 0.001, "LSTM": 0.02, "GRU": 0.01}
x = adding.sample(64, np.random.default_rng(7)).inputs


def solve(name, seed):
    layer, film = cells[name](32, seed=seed), []

    def watch(metrics):
        film.append(gradient_against_lag(layer, x).norms)
        return metrics.loss < 0.01

    model = SequenceModel.for_task(layer, adding, seed=seed)
    how = {"optimizer": Adam(rates[name]), "seed": seed, "stop_when": watch}
    return layer, train(model, adding, steps=1000, **how), np.array(film)


# %%
solutions = {
    name: [solve(name, seed) for seed in range(3)]
    for name in with_progress(cells, "networks")
}
histories = {
    name: [history for _, history, _ in runs] for name, runs in solutions.items()
}

# %%
show(
    plots.training_panels(
        {name: [(h.steps, h.loss) for h in three] for name, three in histories.items()},
        baseline=1 / 6,
        baseline_label="baseline, 1/6",
        ylabel="mean squared error",
        limits=(0, 0.4),
    ),
    alt="Mean squared error on the adding problem with 100 numbers, 3 seeds each. The "
    "RNN stays at the baseline of 0.17 for 1,000 steps. The LSTM stays there for 500 "
    "to 700 steps, then falls below 0.01; the GRU does so at about 300 steps.",
)

# %% [markdown]
# The plain RNN gets nowhere in 1,000 steps. The LSTM, at its defaults, forget bias 1, solves it, and the GRU, which
# had less gradient than any other at the start, is the first of all.

# %%
best = {name: [h.loss.min() for h in three] for name, three in histories.items()}
claim(
    "Adding 2 of 100 numbers, 1,000 steps: the RNN stays above 0.13; baseline 0.167 (3 "
    "seeds).",
    min(best["RNN"]) > 0.13,
)

# %%
claim(
    "The LSTM and the GRU get below 0.01 within 1,000 steps of 32 sequences (3 seeds "
    "each).",
    max(best["LSTM"] + best["GRU"]) < 0.01,
    source="Hochreiter and Schmidhuber 1997, experiment 4",
    published="solved after 74,000 sequences",
)

# %% [markdown] slide="figure" minutes=3
# ## On the adding problem the RNN gets nowhere
#
# Notes: Two of 100 numbers are marked; say their sum. The baseline of 1/6 is what always saying 1 gives. The
# GRU, which had least gradient at the start, is the first of all. How can that be?

# %% [markdown]
# ## Training opens the gates
#
# How can the GRU learn over a distance at which it has no gradient? Its loss stood at the baseline for the first 200
# steps. But we were watching its gradient all the while.
#
# **Predict.** During these 200 steps: did the gradient at lag 99 stand still as well?

# %%
_, history, film = solutions["GRU"][0]
moments = {f"{history.steps[k]}": film[k] for k in (0, 1, 2, 3, len(film) - 1)}

# %%
show(
    plots.lag_panels(
        {"GRU, while it learns the adding problem": moments},
        dial="step",
        limits=(1e-20, 10),
    ),
    alt="Gradient against lag of one GRU at training steps 0, 50, 100, 150 and the "
    "last. At lag 99 it rises from 1e-20 over 1e-10, 1e-7 and 1e-4 to 0.1: the curve "
    "turns upwards like the hand of a clock.",
)

# %% [markdown] slide="figure" minutes=4
# ## While the loss stands still, the gates open
#
# Notes: The gradient of one GRU at training steps 0, 50, 100, 150 and the last. It turns upwards through
# sixteen powers of ten before the loss moves. A loss that does not move is no proof that nothing is being
# learnt.

# %% [markdown]
# Far from it. While the loss shows nothing, the curve turns upwards, through sixteen powers of ten at lag 99. It looks
# like this: there is something to be gained from the steps that the gradient does reach; that opens the gates a little; and
# open gates let the gradient reach further. Only when it nearly spans the sequence does the loss fall.
#
# A loss that does not move is no proof that nothing is being learnt.

# %%
films = [film for _, _, film in solutions["GRU"]]
claim(
    "After 150 steps the GRU's gradient at lag 50 has grown more than a million times, "
    "while its loss is still above 0.13 (3 seeds).",
    all(film[3, 50] > 1e6 * film[0, 50] for film in films)
    and all(history.loss[3] > 0.13 for history in histories["GRU"]),
)

# %% [markdown]
# Now all three cells, before training and after.
#
# **Predict.** Has the RNN, which did not learn the task, at least gained some reach?

# %%
before = {name: np.array([f[0] for *_, f in runs]) for name, runs in solutions.items()}
after = {name: np.array([f[-1] for *_, f in runs]) for name, runs in solutions.items()}


# %%
def along_c(layers):
    return np.array([gradient_against_lag(layer, x, "c").norms for layer in layers])


fresh = [LSTM(32, seed=seed) for seed in range(3)]
trained = {name: [layer for layer, *_ in runs] for name, runs in solutions.items()}
before["LSTM, along c"] = along_c(fresh)
after["LSTM, along c"] = along_c(trained["LSTM"])

# %%
show(
    plots.lag_panels(
        {"untrained": before, "after training": after}, limits=(1e-22, 10)
    ),
    alt="Gradient against lag on the adding problem, 3 seeds. Untrained, all fall "
    "steeply, the GRU to 1e-19. After training the GRU keeps 0.1 and the LSTM 0.01 at "
    "lag 99, 0.1 along c; the RNN has fallen from 1e-4 to below 1e-7.",
)

# %% [markdown]
# The GRU has gained eighteen powers of ten. The RNN has *lost* some: it was driven further into saturation.
#
# The LSTM's gradient is level too, and it is larger along $c$ than along $h$: the cell state is where it travels.

# %%
claim(
    "Training takes the GRU's gradient at lag 99 from below 1e-12 to above 0.01 (3 "
    "seeds).",
    before["GRU"][:, -1].max() < 1e-12 and after["GRU"][:, -1].min() > 0.01,
)

# %%
start, end = before["LSTM, along c"][:, -1], after["LSTM, along c"][:, -1]
claim(
    "It takes the LSTM's, along the cell state, from below 1e-5 to above 0.01 (3 "
    "seeds).",
    start.max() < 1e-5 and end.min() > 0.01,
)

# %%
claim(
    "It takes the RNN's down: less is left at lag 99 than before training (3 seeds).",
    np.all(after["RNN"][:, -1] < before["RNN"][:, -1]),
)

# %% [markdown]
# Which gates have opened? In each LSTM we ask how far the forget gate of each unit is open on average, sorted.
#
# **Predict.** Did all 32 gates open a little, or a few of them a lot?


# %%
def forget_gates(layer):
    layer(x)
    return np.sort(gate_activity(layer.trace(), per_unit=True)["f"].mean)


gates = {
    f"LSTM, seed {seed}": (
        forget_gates(fresh[seed]),
        forget_gates(trained["LSTM"][seed]),
    )
    for seed in range(3)
}

# %%
show(
    plots.gates_by_unit(gates, "f"),
    alt="The mean of the forget gate of each of 32 units, sorted, for three LSTMs. "
    "Before training all stand near 0.73. After it one unit in each stands at 0.99, a "
    "few at up to 0.87, and most between 0.4 and 0.7.",
)

# %% [markdown]
# One gate in each network has opened nearly all the way. Most of the others have closed a little. The task asks for
# one number to be kept, the sum so far, and one open unit is enough for that.
#
# The eigenvalues show it. This is the Jacobian of one step at the average state of a trained network of each kind, to be
# compared with the picture of the untrained ones above.


# %%
def at_work(layer):
    layer(x)
    trace = layer.trace()
    state = [trace[name].mean(axis=(0, 1)) for name in layer.state_names]
    return spectrum(jacobian(layer, np.array([0.5, 0.0]), state))


finished = {f"{n}, trained": at_work(layers[0]) for n, layers in trained.items()}

# %%
show(
    plots.spectra({name: s.eigenvalues for name, s in finished.items()}),
    alt="Eigenvalues after training. The RNN's ring has shrunk to a radius between 0.8 "
    "and 0.9. In the LSTM a single eigenvalue stands at 1.00, the others at 0.9 and "
    "below; in the GRU several have moved along the axis to the right, the last one to "
    "1.01.",
)

# %% [markdown] slide="figure" minutes=3
# ## Training put one eigenvalue of the LSTM at 1
#
# Notes: A factor of one a step, on which an error can ride for as long as it has to: the constant error
# carousel, found by training. Lesson 04 builds it by hand.

# %% [markdown]
# Gradient descent has put one eigenvalue of the LSTM on the circle, at 1: a factor of one a step, on which an error can ride
# for as long as it has to. Hochreiter and Schmidhuber built such a path into their cell by hand and called
# it the *constant error carousel*. Here training found it.

# %%
claim(
    "After training each LSTM has a forget gate that is more than 0.9 open on average, "
    "while half of its gates are less than 0.75 open (3 seeds).",
    all(after[-1] > 0.9 and np.median(after) < 0.75 for _, after in gates.values()),
)

# %%
reached = [at_work(layer).radius for layer in trained["LSTM"] + trained["GRU"]]
claim(
    "After training the spectral radius is between 0.95 and 1.05 (LSTM and GRU, 3 "
    "seeds each).",
    all(0.95 < radius < 1.05 for radius in reached),
)

# %% [markdown]
# ## Without gates, after all?
#
# The RNN's trouble is a radius below 1 under load. Could another start mend that? Le, Jaitly and Hinton
# (2015) left out tanh: $h = \max(0, x\,W + h_\text{prev}\,U + b)$, with the identity matrix for $U$. A unit
# that is on hands its state on, times 1, and does not saturate. They called it IRNN.
#
# **Predict.** Inputs ten times as large: will the IRNN's gradient shrink, explode, or stay as it was?


# %%
def plain(activation, initializer):
    kinds = {"activation": activation, "recurrent_initializer": initializer}
    return lambda seed: SimpleRNN(32, seed=seed, dtype="float64", **kinds)


starts = {
    "tanh, orthogonal": plain("tanh", "orthogonal"),
    "tanh, identity": plain("tanh", "identity"),
    "ReLU, identity": plain("relu", "identity"),
}

# %%
quiet = {name: measured(make, 0.1) for name, make in starts.items()}
loud = {name: measured(make, 1.0) for name, make in starts.items()}

# %%
show(
    plots.lag_panels(
        {"inputs of size 0.1": quiet, "inputs of size 1": loud}, limits=(1e-10, 10)
    ),
    alt="Gradient against lag for three starts of a plain RNN. With small inputs all "
    "three keep 0.1 or more at lag 100. With inputs of size 1 tanh with an orthogonal "
    "matrix falls to 1e-8, with identity to 0.005; ReLU with identity stays at 0.1.",
)

# %% [markdown]
# It stays exactly as it was. Ten times the input gives ten times the state, the same units are on, and the slopes are the same.

# %%
claim(
    "A ReLU RNN with zero bias has the same gradient for inputs of size 0.1 and 1 (5 "
    "seeds).",
    np.allclose(quiet["ReLU, identity"], loud["ReLU, identity"], rtol=1e-9),
)

# %% [markdown]
# So a network without gates and without vanishing. What is the catch? Nothing holds it back either: as soon as an
# eigenvalue grows beyond 1, no tanh hides it. It **explodes**.
#
# The old remedy is **clipping**: if the gradient of all weights together is longer than a limit, shorten it to the limit and
# keep its direction. All trainings above did that, with limit 1. Now the IRNN learns the adding problem, three
# seeds with clipping and three without: about 5 seconds.
#
# **Predict.** What happens to the unclipped ones: do they learn faster, not at all, or end in NaN?

# %%
kinds = {
    "activation": "relu",
    "recurrent_initializer": "identity",
    "kernel_initializer": RandomNormal(0.05),
}


def irnn(seed, clip):
    model = SequenceModel.for_task(SimpleRNN(32, seed=seed, **kinds), adding, seed=seed)
    how = {"optimizer": Adam(0.002), "seed": seed, "clip": clip}
    return train(model, adding, steps=500, **how)


# %%
clipped = [irnn(seed, clip=1.0) for seed in with_progress(range(3), "clipped")]
unclipped = [irnn(seed, clip=None) for seed in with_progress(range(3), "unclipped")]

# %%
show(
    plots.training_panels(
        {
            "clipped at 1": [(h.steps, h.loss) for h in clipped],
            "not clipped": [(h.steps, h.loss) for h in unclipped],
        },
        baseline=1 / 6,
        baseline_label="baseline, 1/6",
        ylabel="mean squared error",
        limits=(0, 0.4),
    ),
    alt="Mean squared error of the IRNN on the adding problem, 3 seeds. Clipped, it "
    "falls below 0.08 within 500 steps, though not evenly. Not clipped, it stays near "
    "the baseline of 0.17 or jumps above it.",
)

# %% [markdown] slide="figure" minutes=3
# ## Clipping saves a network that explodes, not one that forgets
#
# Notes: The IRNN: ReLU and the identity matrix, no gates. Clipped at 1 it learns, unclipped it stays at the
# baseline or jumps above it.

# %% [markdown]
# With clipping, an RNN without a single gate gets far below the baseline, where the tanh RNN stayed. Without clipping it learns
# nothing. It does not even crash. The likely reason: Adam divides each step by the root of a running mean of squared gradients,
# so one gradient that is ten thousand times too long keeps the steps tiny for a long time to come.
#
# Clipping does nothing against vanishing. It only keeps a rare cliff from undoing the work of many steps.

# %%
claim(
    "IRNN on the adding problem, 500 steps: clipped at 1 it gets below 0.08, unclipped "
    "it stays above 0.13; the baseline is 0.167 (3 seeds each).",
    max(h.loss.min() for h in clipped)
    < 0.08
    < 0.13
    < min(h.loss.min() for h in unclipped),
    source="Le, Jaitly and Hinton 2015, and Pascanu, Mikolov and Bengio 2013",
)

# %%
peaks = [
    h.gradient_norm.max() / np.median(h.gradient_norm) for h in clipped + unclipped
]
claim(
    "In each of these six runs the longest gradient is more than 100 times the median "
    "one.",
    min(peaks) > 100,
)

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and multiply a hundred Jacobians, and foretell the product from eigenvalues.
# NumPy is all you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - **Gradient against lag** is one number for each step back. On a logarithmic scale it is nearly a straight line: a
#   constant factor per step. Below 1 it vanishes, above 1 it explodes.
# - The spectral radius of one step's **Jacobian** predicts this factor. For a plain RNN the Jacobian is $U$ times the slopes
#   of tanh; in a gated cell the values of its gates decide.
# - The prediction fails when saturation flattens the slopes, and in the short run for non-normal matrices.
# - One tanh unit cannot keep a bit safely and pass a gradient. A place of rest does one, a factor of 1 the other.
# - At Keras's defaults the plain RNN can have far more gradient than the LSTM, and learn sooner than the LSTM. **The
#   forget bias decides.**
# - Gates can be opened by learning. On the adding problem the LSTM opens one, and puts one eigenvalue at 1.
# - Clipping saves a network that explodes. It does not help one that forgets.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/03_vanishing_and_exploding.ipynb) has 5 tasks, from the factor
# per step to an experiment of your own.
#
# Then [lesson 04](04_the_lstm_gate_by_gate.ipynb) builds the LSTM from the carousel, gate by gate, each gate because the version before it failed.
#
# To try on your own, in a copy of a cell above:
#
# - Make the film of the GRU for an LSTM. Does its curve rise step by step too, or all at once?
# - Set the forget bias in *Does it matter for learning?* to 2 and to 10. Then put France 80 words away. Why does
#   5 fail there? (Look at where its cloud lies.)
# - Draw `LSTM(32, recurrent_initializer="glorot_uniform")` in *Eigenvalues of a gated cell*. Is it better or worse than
#   orthogonal?
# - Replace `Adam(0.002)` by `SGD(0.03)`, from `course_utils.training`, in the last experiment. How many steps does the unclipped network live?

# %% [markdown] slide="words" minutes=2
# ## What to take home
#
# - A constant factor per step: below 1 it vanishes, above 1 it explodes
# - For a gated cell the factor is its gates
# - The forget bias decides
# - Training can open gates
#
# Notes: Back to the second prediction: ask who would now vote differently, and why.
