# %% [markdown]
# # 03 · Problems: vanishing and exploding, measured
#
# From a curve to one number, from an aim to a matrix, and an experiment of your own about what eigenvalues can tell.
#
# **Lesson.** [03 · Vanishing and exploding, measured](../notebooks/03_vanishing_and_exploding.ipynb)
#
# **Points.** 9 in 5 tasks; about 47 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("decay_per_step", 1)` in a cell of your own; 2 says more, 3 nearly everything. The last task is
# written in words, and nobody but you (or your teacher) checks it.

# %% tags=["setup"]
import numpy as np

from course_utils.cells import SimpleRNN
from course_utils.feedback import check, hint, progress
from course_utils.measure import gradient_against_lag

# %% [markdown]
# ## Task 1 · The factor per step (1 point, 5 minutes)
#
# A gradient was measured at lags 0, 1, 2, ... and its norm changed by the same factor from each lag to the next. Which factor?


# %% answer="decay_per_step"
def decay_per_step(norms):
    """The factor per step: below 1 the gradient vanishes.

    norms (lags,), the first at lag 0.
    """
    ### BEGIN SOLUTION
    steps = len(norms) - 1
    return (norms[-1] / norms[0]) ** (1 / steps)
    ### END SOLUTION


# %%
check("decay_per_step", decay_per_step)

# %% [markdown] tags=["solution-only"]
# From the first norm to the last one multiplies `len(norms) - 1` times by the factor, so the factor is that root of the quotient. On a curve that is not
# exactly straight this uses its two ends only. The package's `decay_per_step` fits a line to all logarithms; here both give the same.

# %% [markdown]
# ## Task 2 · A radius for a lag (1 point, 5 minutes)
#
# The other way round. A linear network has an orthogonal matrix, multiplied by a number: its spectral radius. Choose the radius so that at lag
# `lag` just the share `left` of the gradient is left.
#
# **Predict.** To keep a tenth over 100 steps instead of over 10: is the radius ten times nearer to 1?


# %% answer="radius_for_lag"
def radius_for_lag(lag, left):
    """The spectral radius that leaves the share `left` of a gradient at lag `lag`."""
    ### BEGIN SOLUTION
    return left ** (1 / lag)
    ### END SOLUTION


# %%
check("radius_for_lag", radius_for_lag)

# %% tags=["solution-only"]
for lag in (10, 100):
    radius = radius_for_lag(lag, 0.1)
    layer = SimpleRNN(32, activation="linear", seed=0, dtype="float64")
    layer.build(2)
    layer.weights["recurrent_kernel"] *= radius
    left = gradient_against_lag(layer, np.zeros((1, 101, 2))).norms[lag]
    print(f"lag {lag:3}: radius {radius:.3f}, left when measured {left:.3f}")

# %% [markdown] tags=["solution-only"]
# Each step multiplies, so after `lag` steps the radius to the power `lag` is left; the root undoes it. With 0.794 and 0.977 the distance to 1 is about ten times smaller
# for a lag ten times as long: near 1, the distance to 1 is about $-\ln(\text{left}) / \text{lag}$.

# %% [markdown]
# ## Task 3 · An orthogonal matrix (2 points, 8 minutes)
#
# Keras starts recurrent weights with a random orthogonal matrix. One is made from a matrix of random numbers $A$: decompose it into $A = Q R$, where $Q$ is
# orthogonal and $R$ is zero below its diagonal. There are several such pairs; choose the one in which the diagonal of $R$ is positive.


# %% answer="orthogonal_init"
def orthogonal_init(A):
    """The orthogonal Q of A = Q R in which R has a positive diagonal; A, Q (n, n)."""
    ### BEGIN SOLUTION
    Q, R = np.linalg.qr(A)
    return Q * np.sign(np.diag(R))
    ### END SOLUTION


# %%
check("orthogonal_init", orthogonal_init)

# %% [markdown] tags=["solution-only"]
# `np.linalg.qr` gives one of the pairs, with signs as they come out of its algorithm. Turning the sign of column $k$ of $Q$ and of row $k$ of $R$ leaves the product
# as it is, so each negative number on the diagonal can be mended. Multiplying by a vector of n signs acts on the columns. Why it matters: only with a rule for the
# signs is every orthogonal matrix equally likely.

# %% [markdown]
# ## Task 4 · The spectral radius (1 point, 4 minutes)
#
# The number that tells, in the long run, whether a linear network's gradient grows. Eigenvalues may be complex.


# %% answer="spectral_radius"
def spectral_radius(U):
    """The largest absolute value of the eigenvalues of U (n, n)."""
    ### BEGIN SOLUTION
    return np.abs(np.linalg.eigvals(U)).max()
    ### END SOLUTION


# %%
check("spectral_radius", spectral_radius)

# %% tags=["solution-only"]
A = np.random.default_rng(0).normal(size=(64, 64))
print(f"orthogonal: {spectral_radius(orthogonal_init(A)):.3f}")
print(f"random numbers, divided by 8: {spectral_radius(A / 8):.2f}")

# %% [markdown] tags=["solution-only"]
# `np.abs` of a complex number is its distance from zero. All eigenvalues of an orthogonal matrix lie on the circle of radius 1. For random numbers of variance 1/n
# they fill the inside of that circle, and the largest lies near it.

# %% [markdown]
# ## Task 5 · What do eigenvalues tell? (4 points, 25 minutes)
#
# *The spectral radius of U tells you how fast the gradient of a plain RNN decays.* Design an experiment that could show this sentence to be wrong.
#
# Write, in about ten sentences:
#
# 1. what you measure, on which networks, with which inputs and how many seeds;
# 2. what you **predict**, as numbers, before you run anything;
# 3. which result would convince you that the sentence is wrong;
# 4. what would *not* follow from your experiment, however it comes out.
#
# Then run it, if you like: everything you need was in the lesson. One point for each of the four.

# %% [markdown] answer="03-eigenvalues"
# 1. I take RNNs of 32 units with tanh, untrained, and measure the decay per step of the gradient from lag 5 to lag 60, on 16 random sequences of 100 steps, for 5 seeds.
#    I use two kinds of matrices with the same spectral radius, 0.95: an orthogonal one times 0.95, and one whose entries are random numbers and which is
#    scaled to this radius. And I use inputs of three sizes: 0, 0.3 and 2.
# 2. Without inputs every slope of tanh is 1, so I predict 0.95 for the orthogonal matrix and about 0.95, a little less regular, for the other. With inputs of size
#    2 many units are near ±1, and I predict less than 0.7 for both.
# 3. The sentence is wrong if networks with the same radius differ by more than 0.05 in their decay per step, more than the seeds differ among themselves.
# 4. It would not follow that eigenvalues are useless: without inputs they may be right. Nothing would follow for LSTM or GRU, for trained networks, or
#    for other initialisations.

# %% tags=["solution-only"]
from course_utils.measure import decay_per_step as fitted


def decay(orthogonal, size, seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(32, 32))
    U = orthogonal_init(A) if orthogonal else A
    layer = SimpleRNN(32, seed=seed, dtype="float64")
    layer.build(2)
    layer.weights["recurrent_kernel"][:] = 0.95 / spectral_radius(U) * U
    x = size * rng.normal(size=(16, 100, 2))
    return fitted(gradient_against_lag(layer, x, seed=seed), 5, 60)


for size in (0, 0.3, 2):
    for name, orthogonal in (("orthogonal", True), ("random numbers", False)):
        rates = [decay(orthogonal, size, seed) for seed in range(5)]
        print(f"inputs {size:3}  {name:15} {min(rates):.2f} to {max(rates):.2f}")

# %% [markdown] tags=["solution-only"]
# The radius is 0.95 in every row, and it is right in two: those without inputs. Inputs make the slopes of tanh smaller, and then the decay is whatever radius
# **and** slopes make together. With the matrix of random numbers, which is not normal, the five seeds also differ more.
# So the sentence is wrong as it stands: it is about networks whose units are at rest.
#
# How to mark an answer: one point each for a measurement that somebody else could repeat (networks, inputs, lags, seeds), for predictions with numbers, for a
# threshold named beforehand, and for a limit that is really one. An answer that predicts wrongly can have all four points.

# %%
progress()
