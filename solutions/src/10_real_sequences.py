# %% [markdown]
# # 10 · Problems: real sequences
#
# What comes before any network: scales, gaps and windows that do not leak, a leak that does, and how much a table of counts knows.
#
# **Lesson.** [10 · Real sequences](../notebooks/10_real_sequences.ipynb)
#
# **Points.** 15 in 6 tasks; about 69 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("standardise", 1)` in a cell of your own; 2 says more, 3 nearly everything. The last task is
# written in words, and nobody but you (or your teacher) checks it.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress

# %% [markdown]
# ## Task 1 · Scales that know nothing of the future (1 point, 4 minutes)
#
# `x` has one row for each hour and one column for each instrument. The rows before `cut` are the training part. Give each column the
# mean 0 and the standard deviation 1, **as far as the training part knows them**.


# %% answer="standardise"
def standardise(x, cut):
    """All rows of x (T, K), scaled by the rows before cut."""
    ### BEGIN SOLUTION
    return (x - x[:cut].mean(axis=0)) / x[:cut].std(axis=0)
    ### END SOLUTION


# %%
check("standardise", standardise)

# %% tags=["solution-only"]
warming = np.linspace(0, 10, 101)[:, None]  # a series that only rises
scaled = standardise(warming, 70)
for part, rows in (("training part", scaled[:70]), ("later rows", scaled[70:])):
    print(f"{part:13}  mean {abs(rows.mean()):.1f}, spread {rows.std():.1f}")

# %% [markdown] tags=["solution-only"]
# The later rows do not get the mean 0, and that is right: they are warmer, and the network has to be told. With the mean of all rows, a bit of the future would be hidden in every
# number that the network is trained on.

# %% [markdown]
# ## Task 2 · Gaps, filled from the past (3 points, 12 minutes)
#
# `x` has one row for each hour and one column for each instrument, each of them scaled to the mean 0. Some values are missing (`np.nan`). A network cannot read those, so:
#
# - a missing value becomes the last measured one of its column, for at most `limit` hours;
# - after that, and before the first measured value, it becomes 0, the mean;
# - a second table, `known`, has a 1 where a value was measured and a 0 where not. The network reads both.
#
# **Think first.** A gap of five hours, `limit` is 3. Which hours of it are carried on: the first three, or none, because the gap is too long?


# %% answer="carried_on"
def carried_on(x, limit):
    """The tables values and known, each (T, K), of x (T, K) with gaps."""
    ### BEGIN SOLUTION
    known = ~np.isnan(x)
    values = np.zeros(x.shape)
    last, age = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for t in range(len(x)):
        last = np.where(known[t], x[t], last)
        age = np.where(known[t], 0, age + 1)
        values[t] = np.where(age <= limit, last, 0)
    return values, known.astype(float)
    ### END SOLUTION


# %%
check("carried_on", carried_on)

# %% tags=["solution-only"]
x = np.array([[1.0], [np.nan], [np.nan], [np.nan], [np.nan], [np.nan], [2.0]])
values, known = carried_on(x, limit=3)
print("values", values[:, 0], " known", known[:, 0])

# %% [markdown] tags=["solution-only"]
# The first three. In the first hour of a gap nobody knows how long it will be, so a rule that treats long gaps otherwise from their first hour on knows the future. `pandas` has the first half of
# this: `x.ffill(limit=3).fillna(0)`, and `x.notna()` for `known`. `x.interpolate()` draws a line to the next measured value, and leaks.

# %% [markdown]
# ## Task 3 · Windows that do not leak (3 points, 12 minutes)
#
# A window is `past` hours that are read and `ahead` hours, right behind them, that are to be forecast. Hours before `cut` are for training, the others for the test. A window belongs to a part only if
# **all** its hours do, and a window with a missing hour (`np.nan`) belongs to none.
#
# **Think first.** One hour of 1,000 is missing. How many windows of 72 hours does it cost?


# %% answer="whole_windows"
def whole_windows(x, past, ahead, cut):
    """Two lists (train, test) of first hours of windows in x (N,)."""
    ### BEGIN SOLUTION
    size = past + ahead
    starts = range(len(x) - size + 1)
    whole = [k for k in starts if not np.isnan(x[k : k + size]).any()]
    train = [k for k in whole if k + size <= cut]
    test = [k for k in whole if k >= cut]
    return train, test
    ### END SOLUTION


# %%
check("whole_windows", whole_windows)

# %% tags=["solution-only"]
hours = np.arange(1000.0)
for missing in ([], [300]):
    x = hours.copy()
    x[missing] = np.nan
    train, test = whole_windows(x, 48, 24, cut=700)
    print(f"{len(missing)} missing: {len(train)} windows to train, {len(test)} to test")

# %% [markdown] tags=["solution-only"]
# One missing hour costs 72 windows, one for each place in a window where it can stand. The cut costs 71: those that have hours on both sides. In the lesson 10 hours of pressure
# were missing of 100, and they alone spoilt 69 windows of 100: it is the column with the gaps that costs, not the number that is forecast.
#
# `k + size` is the first hour *behind* the window, so it may be equal to `cut`. Whoever takes the missing hours out first (`dropna`) gets windows that go on over a gap, as if no time had passed. Windows overlap, so after a random split nearly every test window shares 71 of its 72 hours with some training window.

# %% [markdown]
# ## Task 4 · A leak, measured (2 points, 8 minutes)
#
# Somebody has drawn windows of `size` hours at random into a training and a test part. You get the first hours of all windows, `train` and `test`, as two arrays. Which share of the test windows has **at least one hour
# in common** with some training window?
#
# **Think first.** 8,000 windows of 72 hours, one from each hour of a year, a fifth of them drawn for the test: which share will it be?


# %% answer="leaked_share"
def leaked_share(train, test, size):
    """One number, from first hours train (N,) and test (M,), whole numbers."""
    ### BEGIN SOLUTION
    apart = np.abs(test[:, None] - train[None, :])
    return np.mean(apart.min(axis=1) < size)
    ### END SOLUTION


# %%
check("leaked_share", leaked_share)

# %% tags=["solution-only"]
starts = np.random.default_rng(0).permutation(8000)
print(f"drawn at random  {leaked_share(starts[1600:], starts[:1600], 72):.0%}")
in_order = np.sort(starts)
train, test = in_order[:6400], in_order[6400:]
print(f"split by time    {leaked_share(train, test, 72):.0%}")
print(f"71 hours left out {leaked_share(train, test[71:], 72):.0%}")

# %% [markdown] tags=["solution-only"]
# All of them. Two windows share an hour if they begin less than `size` hours apart, before or after. Split by time, only those at the cut leak, and whoever leaves out as many windows as there are hours
# in one, but for one, has none. An error on windows drawn at random says how well a network fills in what it has seen around.

# %% [markdown]
# ## Task 5 · Perplexity (2 points, 8 minutes)
#
# A table (k, k) has the probability that a letter (column) follows another (row). A name comes as a list of numbers: 1, 2, ... are letters, and 0 stands **before and behind** every name. So the name `[3, 1]` has
# three pairs: 0 before 3, 3 before 1, and 1 before 0.
#
# How much do names surprise someone who knows only the table? Each symbol surprises by $-\ln p$, the end of a name too. Take the mean over **all** symbols of all names, and `np.exp` of it.
#
# **Think first.** The table knows nothing: all its entries are $1/k$. What is the perplexity?


# %% answer="name_perplexity"
def name_perplexity(table, names):
    """One number, from the table (k, k) and names as lists of letters from 1."""
    ### BEGIN SOLUTION
    surprise, symbols = 0.0, 0
    for name in names:
        for before, after in zip([0, *name], [*name, 0]):
            surprise -= np.log(table[before, after])
            symbols += 1
    return np.exp(surprise / symbols)
    ### END SOLUTION


# %%
check("name_perplexity", name_perplexity)

# %% [markdown]
# Now real names. When the check says *right*, put this into a cell of your own. **Predict** first: with an alphabet of 30 symbols, will the perplexity be nearer to 30 or to 10?
#
#     from course_utils.tasks.places import letters, places
#
#     def read(part):
#         rows = letters(places(part).names)
#         return [[int(c) + 1 for c in row if c >= 0] for row in rows]
#
#     counts = np.ones((30, 30))
#     for name in read("train"):
#         np.add.at(counts, ([0, *name], [*name, 0]), 1)
#     table = counts / counts.sum(axis=1, keepdims=True)
#     name_perplexity(table, read("test"))

# %% tags=["solution-only"]
from course_utils.tasks.places import letters, places


def read(part):
    rows = letters(places(part).names)
    return [[int(c) + 1 for c in row if c >= 0] for row in rows]


counts = np.ones((30, 30))
for name in read("train"):
    np.add.at(counts, ([0, *name], [*name, 0]), 1)
table = counts / counts.sum(axis=1, keepdims=True)
for name, known in (("knows nothing", np.full((30, 30), 1 / 30)), ("pairs", table)):
    print(f"{name:14} {name_perplexity(known, read('test')):.1f}")

# %% [markdown] tags=["solution-only"]
# A table that knows nothing has the perplexity $k$: it is as uncertain as if $k$ symbols were equally likely. Pairs bring it from 30 down to about 14, without a network, without even knowing the
# country. Counts of four letters in a row that know the country, as in the lesson, reach about 8.4.
#
# Why the logarithm? The probability of a name is a product, and the logarithm makes a sum of it. So the perplexity is 1 over the *geometric* mean of the probabilities.

# %% [markdown]
# ## Task 6 · Defend a forecast (4 points, 25 minutes)
#
# A city lends bicycles at 40 stations. It has counted for three years how many bicycles are taken at each station in each hour, and for 1 hour in 50 the count is missing. Every evening it wants a forecast for all
# 24 hours of the next day. A company offers an LSTM and says: *trained on 80% of all days, drawn at random, it explains 97% of the variance on the other days.*
#
# Write, in about twelve sentences:
#
# 1. why the 97% may be worth little: what may have leaked, and which forecast without any network might explain nearly as much;
# 2. an experiment that you would defend: how you split the three years, what you scale with what, what you do with missing hours, and at least two baselines;
# 3. what is measured, and written down **before** anyone looks: the error, by which hours or stations it is shown, how many runs, and what the LSTM has to beat by how much;
# 4. two outcomes for which you would tell the city not to buy.
#
# One point for each of the four.

# %% [markdown] answer="10-forecast"
# 1. Days were drawn at random, so the day before and the day after a test day were in the training part, with the same weather, the same holidays and the same road works. A real forecast has no day after. And most of the
#    variance is daily rhythm: nights are empty, mornings are full. The mean of the same hour and weekday at the same station may explain nearly as much.
# 2. The first two years train, the next half year chooses learning rate and size, the last half year is looked at once. Windows that cross a cut are left out. Mean and scale of each station come from the first two
#    years. A missing hour that is read is replaced by the same hour a week before, never by one from later, and the network is told that it was missing; an hour to be forecast must have been counted. Baselines: the same hour a week ago;
#    the mean of this hour and weekday in the training part; ridge regression on all that the LSTM reads.
# 3. The mean absolute error in bicycles, for each hour of the day, and for the five busiest and the five quietest stations. Five seeds. Written down before: the LSTM counts as better if all five runs have, over all stations
#    and hours, an error at least 5% below that of the best baseline.
# 4. If ridge regression comes within those 5%, it is cheaper, faster, and can be understood. If the LSTM wins on the mean but loses in the morning hours at busy stations, where bicycles run out, it wins where nobody needs it.

# %% [markdown] tags=["solution-only"]
# How to mark an answer: one point each.
#
# 1. Random days leak, with a way in which they do, **and** a baseline that uses hour and weekday (or last week).
# 2. A split by time; scales of the training part; missing hours not filled from the future; two baselines, one of which is more than persistence. One of the four may be missing.
# 3. An error in a unit that means something, shown by hour or station; more than one run; a threshold that is fixed beforehand.
# 4. Two outcomes that could really happen. *If it is bad* is none.
#
# A half year to test holds one winter **or** one summer. Whoever says so has understood the lesson; a good answer does not need it.

# %%
progress()
