# %% [markdown]
# # 07 · Problems: a fair fight
#
# Equal budgets, honest intervals, a start that gives every cell a chance, and a comparison that you defend.
#
# **Lesson.** [07 · A fair fight](../notebooks/07_a_fair_fight.ipynb)
#
# **Points.** 12 in 5 tasks; about 59 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("units_for_budget", 1)` in a cell of your own; 2 says more, 3 nearly everything. The last task is
# written in words, and nobody but you (or your teacher) checks it.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress

# %% [markdown]
# ## Task 1 · Units for a budget (2 points, 8 minutes)
#
# An LSTM with m inputs may have at most `budget` weights. How many units can it have?


# %% answer="units_for_budget"
def units_for_budget(budget, m):
    """The largest number of units of an LSTM with at most this many weights."""

    ### BEGIN SOLUTION
    def weights(n):
        return 4 * (m * n + n * n + n)

    n = 0
    while weights(n + 1) <= budget:
        n += 1
    return n
    ### END SOLUTION


# %%
check("units_for_budget", units_for_budget)

# %% tags=["solution-only"]
for m, budget in ((2, 4480), (2, 8960), (200, 4480)):
    print(f"{m:3} inputs, {budget:,} weights: {units_for_budget(budget, m)} units")

# %% [markdown] tags=["solution-only"]
# Count up as long as one unit more still fits. A budget is not to be exceeded, so the result is rounded down, and a network that needs it to the last weight is within it
# (`<=`). Twice the budget gives not twice the units but about 1.4 times as many: $U$ grows with the square of them.

# %% [markdown]
# ## Task 2 · An honest interval (2 points, 10 minutes)
#
# Wilson's interval for the share of successes in a few runs. With $p$ the share that was seen, $N$ the number of runs and $z = 1.96$:
#
# $$\frac{p + \dfrac{z^2}{2N} \;\pm\; z \sqrt{\dfrac{p (1 - p)}{N} + \dfrac{z^2}{4 N^2}}}{1 + \dfrac{z^2}{N}}$$
#
# **Think first.** Four of five runs succeed. Where does the interval end above: at 0.85, at 0.96 or at 1?


# %% answer="wilson_interval"
def wilson_interval(successes, runs):
    """The ends (low, high) of the 95 % interval."""
    ### BEGIN SOLUTION
    z, share = 1.96, successes / runs
    centre = share + z**2 / (2 * runs)
    half = z * np.sqrt(share * (1 - share) / runs + z**2 / (4 * runs**2))
    shrink = 1 + z**2 / runs
    return (centre - half) / shrink, (centre + half) / shrink
    ### END SOLUTION


# %%
check("wilson_interval", wilson_interval)

# %% tags=["solution-only"]
for runs in (5, 20, 100):
    low, high = wilson_interval(4 * runs // 5, runs)
    print(f"{4 * runs // 5} of {runs}: {low:.2f} to {high:.2f}")

# %% [markdown] tags=["solution-only"]
# It ends at 0.96: a network that succeeds nearly always may well fail once in five runs. The interval is not centred on 0.8 but pulled towards 0.5, the more so the fewer runs there are. To halve its width
# takes about four times as many runs.

# %% [markdown]
# ## Task 3 · How many runs? (2 points, 8 minutes)
#
# You want to be able to say: *this network succeeds in at least 90 of 100 runs*, by the lower end of Wilson's 95 % interval. Suppose that all your runs succeed.
#
# **Predict** first, then let your function tell: what is the smallest number of runs with which the lower end is at least 0.9?

# %% answer="runs_for_ninety"
runs_for_ninety = (
    ### BEGIN SOLUTION
    next(n for n in range(1, 1000) if wilson_interval(n, n)[0] >= 0.9)
    ### END SOLUTION
)

# %%
check("runs_for_ninety", runs_for_ninety)

# %% [markdown] tags=["solution-only"]
# 35 runs, without a single failure. For $N$ of $N$ the lower end is $N / (N + z^2)$, which passes 0.9 at $N = 9 z^2 = 34.6$. With the five runs of the lesson the lower end is 0.57. So *it
# always works* is seldom known, and a paper that says so with three seeds knows that it works more often than not, at most.

# %% [markdown]
# ## Task 4 · A fair start (2 points, 8 minutes)
#
# Chrono initialisation gives each unit a time scale of its own, drawn between 2 and the longest lag. The forget gate of a unit gets the bias $\ln(d)$, where $d$ is drawn
# evenly between 1 and `max_lag - 1`; its input gate gets the opposite; the other biases are zero.
#
# The random numbers are given: `u` holds one number between 0 and 1 for each unit, so take `d = 1 + u * (max_lag - 2)`.


# %% answer="chrono_bias"
def chrono_bias(u, max_lag):
    """The bias (4n,) of an LSTM, blocks i, f, g, o. u (n,) between 0 and 1."""
    ### BEGIN SOLUTION
    b_f = np.log(1 + u * (max_lag - 2))
    zero = np.zeros_like(u)
    return np.concatenate([-b_f, b_f, zero, zero])
    ### END SOLUTION


# %%
check("chrono_bias", chrono_bias)

# %% [markdown] tags=["solution-only"]
# A gate of $\sigma(\ln d) = d / (1 + d)$ has the time scale $1 / (1 - f) = 1 + d$, so the units' time scales lie anywhere between 2 and `max_lag`. What keeps for long writes little: with
# $b_i = -b_f$ the input gate is $1 - f$, and the memory is a mean over its time scale and neither grows nor shrinks.

# %% [markdown]
# ## Task 5 · Defend a comparison (4 points, 25 minutes)
#
# *We trained an LSTM of 64 units and a GRU of 64 units on our task, at the learning rate 0.001, with one seed each. The LSTM reached 0.91 and the GRU 0.88. The LSTM is the better cell for our
# data.*
#
# Write, in about twelve sentences:
#
# 1. what of this is not fair, and towards which of the two it leans, as far as one can tell;
# 2. a comparison that you would defend: what is equal, what each cell may choose for itself, how many runs, which baseline, what is fixed **before** anyone looks;
# 3. the sentence you would write if the LSTM came out ahead, with everything in it that belongs there;
# 4. what you could still not say.
#
# One point for each of the four.

# %% [markdown] answer="07-comparison"
# 1. With 64 units each, the LSTM has a third more weights, which leans towards the LSTM. One learning rate for both may suit either of them; nobody knows which. One seed each: a difference of 0.03
#    may be luck. There is no baseline, so 0.88 may be little. And it was decided after the result what counts.
# 2. Equal: the weights, to within 3 per cent; the data; the number of training steps; the test data, which nobody has trained or chosen on. Each cell chooses its learning rate from the same list,
#    say 0.0003 to 0.03 in five steps, on validation data and with other seeds; LSTM and GRU both with Keras's start and with chrono. Then ten seeds each. Baselines: the most frequent answer, and a plain RNN with the
#    same weights. Written down before: the measure, the number of steps, and that a difference counts only if the intervals do not meet.
# 3. *On this task, with 50,000 weights, 5,000 steps and the best of five learning rates for each, the LSTM reached 0.91 (0.90 to 0.92, 10 seeds), the GRU 0.88 (0.87 to 0.89) and the most frequent answer 0.60.*
# 4. That the LSTM is better on other data, with more weights, or after longer training; that its gates are the reason; that a GRU with a setting that we did not try would not catch up.

# %% [markdown] tags=["solution-only"]
# How to mark an answer: one point each.
#
# 1. Weights **and** seeds **and** one learning rate are named, and for the weights the direction.
# 2. Equal weights, a learning rate for each cell chosen on data that are not the test data, several seeds, a baseline, a rule written down beforehand. One of the five may be missing.
# 3. The sentence holds the task, the budget, the number of runs, an interval and the baseline.
# 4. A limit that is really one, such as other data, other budgets or the cause.
#
# It is the second point that decides most: in the lesson an RNN that fails in five seeds of five succeeds in twenty of twenty with another start and rate.

# %%
progress()
