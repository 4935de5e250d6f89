# %% [markdown]
# # 07 · A fair fight
#
# *The LSTM is better than the plain RNN. The GRU is about as good as the LSTM.* Sentences like these are easy to find. Where do
# they come from, and do they hold here? This lesson lets the three cells meet on five tasks, under rules that
# are the same for all.
#
# ## What you will learn
#
# - What makes a comparison of networks fair, and what an unfair one looks like.
# - What five runs can tell and what they cannot: an interval says so, and a test.
# - Which cell solves which task, at Keras's defaults and with gates opened at the start.
# - Which common sentences about RNN, LSTM and GRU came out true here, and which are folklore.
#
# ## What you need
#
# Lessons 03 to 06: vanishing gradients, the two gated cells, and chrono initialisation.
#
# **Time.** About 40 minutes; its cells run in 30 s.

# %% tags=["setup"]
from dataclasses import replace
from itertools import combinations

import numpy as np

from course_utils import plots
from course_utils.claims import claim
from course_utils.experiments import (
    count_parameters,
    load,
    matched_units,
    run_one,
    sweep,
    wilson,
)
from course_utils.plots import show
from course_utils.statistics import holm, log_rank
from course_utils.tasks import Adding, FranceSentence, Recall
from course_utils.training import with_progress

# %% [markdown]
# ## An unfair fight
#
# **Question.** An LSTM of 32 units beats a plain RNN of 32 units. What has been shown?
#
# Perhaps that gates help. Perhaps only that more weights help: the number of units is the same, the networks are not of the
# same size.
#
# **Predict.** With 32 units and 2 inputs, how many times as many weights has the LSTM as the RNN: 2, 3 or 4 times?

# %% [markdown] slide="question" minutes=2
# ## An LSTM of 32 units beats a plain RNN of 32 units. What has been shown?
#
# The names are the same size. The networks are not.
#
# Notes: Perhaps that gates help. Perhaps only that more weights help. Collect what else may differ: learning
# rate, start, seeds, budget.

# %% [markdown] slide="predict" minutes=1
# ## 32 units each: how many times the RNN's weights has the LSTM?
#
# - 2
# - 3
# - 4
#
# Answer: 4: one block for the candidate, one for each gate.
#
# Notes: So we fix the budget of weights and let the units follow.

# %%
cells = ("SimpleRNN", "LSTM", "GRU")
for cell in cells:
    print(f"{cell:9}  32 units  {count_parameters(cell, 32, input_size=2):5,} weights")

# %% [markdown]
# Four times: one block for the candidate and one for each of three gates. So we fix the **budget of weights** and let the units
# follow. The budget is that of an LSTM of 32 units.

# %%
units = matched_units(count_parameters("LSTM", 32, 2), input_size=2)
weights = {cell: count_parameters(cell, units[cell], 2) for cell in cells}
for cell in cells:
    print(f"{cell:9}  {units[cell]} units  {weights[cell]:,} weights")

# %% [markdown] slide="output" minutes=2
# ## The same budget of weights, so other numbers of units
#
# Notes: Within 3 %. The budget is that of an LSTM of 32 units.

# %%
claim(
    "With 65, 32 and 37 units, RNN, LSTM and GRU have the same number of weights to "
    "within 3%, the output layer apart.",
    identity=max(weights.values()) < 1.03 * min(weights.values()),
)

# %% [markdown]
# ## The rules
#
# | what | here | because otherwise |
# |---|---|---|
# | weights | the same to within 3%, the output layer apart | size is taken for skill |
# | data and steps | the same task, at most 1,500 steps of 32 sequences | practice is taken for skill |
# | learning rate | 0.01 for LSTM and GRU, 0.001 for the RNN, on all tasks | a bad setting is taken for a bad cell |
# | start | Keras's defaults; LSTM and GRU also with chrono initialisation | the start is taken for the cell |
# | seeds | five each, the same five for all | luck is taken for skill |
# | solved | loss below 0.01, or 0.99 of the answers right, on sequences not trained on | each has another line to cross |
# | baseline | what an answer without any memory reaches | nothing is taken for something |
#
# One of these rules is weaker than it looks. One rate for each cell is not the best rate for each cell *and task*. Greff and others (2015) drew
# 200 settings at random for each variant and task, 5,400 runs in all, and found that the learning rate mattered most. We come back to it.
#
# The tasks:
#
# | task | to be remembered | knowing nothing gives |
# |---|---|---|
# | **Adding 100** | two marked numbers among 100; answer with their sum | loss 0.167 |
# | **Copy 10** | five symbols, repeated in order after a delay of 10 | 0.78 right (15 of 20 answers are *blank*) |
# | **Order 50** | which of X, Y came first and which second, among 50 symbols | 0.25 right |
# | **Recall 50** | the first symbol, asked for after 50 others | 0.125 right |
# | **Sentence 3–40** | the country, 3 to 40 words before the blank | 0.083 right |
#
# Five tasks, five contestants, five seeds: 125 runs, about five minutes of computing. They are stored with the course,
# and `course sweep fair_fight` makes them again.

# %% [markdown] slide="words" minutes=3
# ## The rules are the same for all
#
# - Weights, data, steps and seeds are the same
# - A learning rate for each cell
# - "Solved" means the same for all
# - A baseline says what knowing nothing gives
#
# Notes: Each rule keeps something from being taken for skill: size, practice, a bad setting, luck, nothing.
# Ask which of them is the weakest. It is the learning rate; we come back to it.

# %%
TITLES = ["Adding 100", "Copy 10", "Order 50", "Recall 50", "Sentence 3–40"]
results = load("fair_fight")
tasks = dict(
    zip(TITLES, dict.fromkeys(case.task for case in sweep("fair_fight").cases))
)
print(results)

# %% [markdown]
# ## A stored result is a promise
#
# Nobody should believe a table that cannot be made again. Let us make one row again: the GRU on Adding 100, seed 0. It takes about
# 2 seconds.
#
# **Predict.** Will the live run give the stored losses: to all digits, to about a per cent, or only roughly?

# %%
case = sweep("fair_fight").find(task=Adding(100), cell="GRU", init="default")
live = run_one(case, seed=0)
stored = results.where(task=Adding(100), cell="GRU", init="default", seed=0)
first = np.array(live["losses"].split()[:3], float)
print("live:  ", first.round(2), "  stored:", stored.curves[0][:3].round(2))

# %% [markdown]
# To the digits shown. The seed fixes weights, batches and test sequences. What is left is rounding: another processor may add in
# another order, a last digit changes, and training makes that larger. So we ask for the same beginning to a per cent, and for the
# same end to within 100 steps.

# %%
claim(
    "A live GRU begins Adding 100 with the stored losses, to within 1%.",
    identity=np.allclose(first, stored.curves[0][:3], rtol=0.01),
)

# %% [markdown]
# ## What five runs can say
#
# Suppose a network solves a task in five runs of five. How often would it succeed in a thousand runs? Not surely always: a network
# that fails every tenth time has a good chance of five in a row, $0.9^5 = 0.59$. **Wilson's interval** (1927) holds the rates that
# are compatible with what was seen, at 95%: of 100 such intervals about 95 hold the true rate.
#
# **Predict.** For five successes of five, the upper end is 1. Where is the lower end: 0.95, 0.80 or 0.57?

# %% [markdown] slide="predict" minutes=2
# ## Five successes of five. The rate may lie between 1 and what?
#
# - 0.95
# - 0.80
# - 0.57
#
# Answer: 0.57. Five runs are few.
#
# Notes: Wilson's interval, at 95 %: the rates that are compatible with what was seen. A network that fails
# every tenth time has a good chance of five in a row.

# %%
for successes in (0, 3, 4, 5):
    share, low, high = wilson(successes, 5)
    print(f"{successes} of 5: between {low:.2f} and {high:.2f}")

# %% [markdown] slide="output" minutes=2
# ## Five of five: a rate between 0.57 and 1
#
# Notes: 5 of 5 says less than it seems. To compare two cells we ask another question: could the labels have
# done it? This is the rule for the rest of the hour.

# %% [markdown]
# At 0.57. Five runs are few. And to *compare* two cells by their successes throws away how soon each run got there. So we ask: if the labels on the runs meant
# nothing, how often would they make two groups as different as these two are? Take all ten runs, give the labels out anew in every possible
# way, and count. This is a **permutation test** (Fisher 1935).


# %%
def permutation_test(one, other):
    runs, seen = np.concatenate([one, other]), abs(one.mean() - other.mean())
    different = [
        abs(runs[list(chosen)].mean() - np.delete(runs, chosen).mean())
        for chosen in combinations(range(len(runs)), len(one))
    ]
    return np.mean(np.array(different) >= seen)


apart = permutation_test(np.array([1, 2, 3, 4, 5]), np.array([6, 7, 8, 9, 10]))
print(f"five above five others: {apart:.3f}, which is 2 of 252")

# %% [markdown]
# The smaller this number, the *p-value*, the less the labels can have done it. Two things have to be added. A run that is not solved has no number of steps: we know
# only that it needs more than the budget. The **log-rank test** handles that, and is a permutation test of its scores. And who compares on five tasks has five
# chances to be lucky: **Holm's correction** multiplies the smallest p-value by 5, the next by 4, and so on.
#
# Our rule for the rest of the lesson: **a difference counts if its p-value, corrected, is below 0.05.** With five runs each and five tasks, only *all five before
# all five others* passes. So much that is true will not be shown.

# %%
claim(
    "Two groups of five, one wholly above the other: labels at random do it in 2 of "
    "252 cases.",
    identity=np.isclose(apart, 2 / 252),
)

# %% [markdown]
# ## Your prediction sheet
#
# Before you look, fill this in, on paper or here. Put a number of runs from 0 to 5 into each place: how many solve the task within 1,500
# steps? All contestants have the same number of weights.
#
# | | RNN | LSTM | GRU | LSTM, chrono | GRU, chrono |
# |---|---|---|---|---|---|
# | Adding 100 | | | | | |
# | Copy 10 | | | | | |
# | Order 50 | | | | | |
# | Recall 50 | | | | | |
# | Sentence 3–40 | | | | | |
#
# **Predict.** And one bet: on how many of the five tasks does the plain RNN solve more runs than the LSTM at its defaults?

# %% [markdown] slide="predict" minutes=3
# ## On how many of five tasks does the RNN solve more runs than the LSTM?
#
# - none
# - one
# - two or more
#
# Answer: One: Recall 50.
#
# Notes: Let everybody fill in the prediction sheet of the lesson first: 25 numbers from 0 to 5, three
# minutes. The LSTM is at Keras's defaults.


# %%
def runs(title, name):
    cell, _, init = name.partition(", ")
    cell = "SimpleRNN" if cell == "RNN" else cell
    return results.where(task=tasks[title], cell=cell, init=init or "default")


# %%
NAMES = ["RNN", "LSTM", "GRU", "LSTM, chrono", "GRU, chrono"]
solved = {(t, name): runs(t, name).solved for t in TITLES for name in NAMES}
more = [t for t in TITLES if solved[t, "RNN"] > solved[t, "LSTM"]]
print("RNN above LSTM:", more)

# %% [markdown]
# On one, Recall 50. Here is the whole sheet. On the left
# the share of runs that solved the task, with its interval; on the right the steps that each run needed, counted in fifties. Rings are
# Keras's defaults, filled marks have chrono initialisation.


# %%
def steps_of(some):
    return np.nan_to_num(some["solved_at"], nan=np.inf)


table = {
    title: {n: (runs(title, n).success, steps_of(runs(title, n))) for n in NAMES}
    for title in TITLES
}

# %%
show(
    plots.success_and_steps(table, budget=1500),
    alt="Five tasks, five networks each. Adding 100 and Sentence: the RNN solves 0 of "
    "5, all others 5 of 5. Copy 10: nobody. Order 50: RNN and default LSTM 4 of 5, "
    "others 5. Recall 50: RNN 3, default LSTM 0, others 5, the default GRU only after "
    "1,150 to 1,500 steps. With chrono LSTM and GRU need 100 to 150 steps on three "
    "tasks and 300 to 400 on Adding. Intervals are wide: 0.57 to 1 for 5 of 5.",
)

# %% [markdown] slide="figure" minutes=3 crop="0 0 100 22.7, 0 95.5 100 100" alt="Adding 100: the RNN solves 0 of 5 runs; LSTM and GRU, with and without chrono, 5 of 5. The GRU needs fewer steps than the LSTM."
# ## Adding 100: gates solve it, the RNN does not
#
# Notes: Left, the share of runs with its interval; right, the steps that each run needed. Rings are Keras's
# defaults, filled marks have chrono initialisation.

# %% [markdown] slide="figure" minutes=3 crop="0 0 100 4.5, 0 59.5 100 77.3, 0 95.5 100 100" alt="Recall 50: the RNN solves 3 of 5, the default LSTM 0, the default GRU 5 but late; with chrono both solve 5 of 5 within 200 steps."
# ## Recall 50: the start of the gates decides, not the cell
#
# Notes: The same cell and the same weights, another draw of the biases: from 0 of 5 to 5 of 5. And the
# default GRU only just before time is over.

# %% [markdown] slide="figure" minutes=2 crop="0 0 100 4.5, 0 77.4 100 100" alt="Sentence 3 to 40: the RNN solves 0 of 5 runs, all others 5 of 5; with chrono in fewer steps."
# ## Sentence 3–40: the RNN fails again
#
# Notes: Now the question of the next slide: what makes it so hard for the RNN?

# %% [markdown]
# Compare with your sheet. Where were you surprised? We take the common sentences one by one.
#
# ## "Gated cells beat the plain RNN"
#
# Chung and others (2014) compared the three with equal budgets, on music and speech, and found the gated cells mostly ahead.
#
# **Predict.** By our rule, on how many of the five tasks is the LSTM at its defaults shown to be ahead of the RNN?


# %%
def surely(better, worse):
    pairs = [[steps_of(runs(t, name)) for name in (better, worse)] for t in TITLES]
    p = holm([log_rank(one, other, budget=1500) for one, other in pairs])
    means = [np.minimum(pair, 1500).mean(axis=1) for pair in pairs]
    return [t for t, q, (a, b) in zip(TITLES, p, means) if q < 0.05 and a < b]


print("LSTM surely ahead of RNN:", surely("LSTM", "RNN"))
print("GRU surely ahead of RNN: ", surely("GRU", "RNN"))
print("GRU surely ahead of LSTM:", surely("GRU", "LSTM"))


# %%
def solved_by(name, *titles):
    return [runs(t, name)["outcome"] == "solved" for t in titles]


easy = ("Adding 100", "Sentence 3–40")

# %%
claim(
    "Adding 100 and Sentence 3–40: LSTM and GRU solve 5 of 5 in 1,500 steps (rate "
    "0.01, Keras's start, 5 seeds).",
    measured=solved_by("LSTM", *easy) + solved_by("GRU", *easy),
    above=0.5,
    control={"RNN, rate 0.001": solved_by("RNN", *easy)},
    in_the_spirit_of="Chung and others 2014",
)

# %% [markdown]
# On two of five, and the GRU on the same two. On the other three nothing of the kind is shown. On Recall 50 the RNN even has more successes
# than the LSTM, 3 to 0; but *the RNN is better there* is not shown either.
#
# What makes a task hard for the plain RNN? The Sentence has its country 3 to 40 words before the blank. Another stored sweep has it at exactly
# 40, with a smaller RNN: 32 units, where the one above has 85.
#
# **Predict.** Is a distance of always 40 harder for the RNN than one of 3 to 40, or easier?

# %% [markdown] slide="predict" minutes=2
# ## The country always 40 words back: is that harder for the RNN than 3 to 40?
#
# - harder
# - about the same
# - easier
#
# Answer: Easier: 5 of 5 with 32 units, against 0 of 5 with 85.
#
# Notes: A likely reason: with one distance the RNN can learn a delay line of 40 steps. It is slower on 3 to
# 40, not unable: see the text. One benchmark turns over when it is changed a little.

# %%
fixed = load("chrono").where(cell="SimpleRNN", task=FranceSentence(40))
within = int(np.sum(steps_of(fixed) <= 1500))
print(f"always 40, 32 units: {within} of {len(fixed)} solved")
print(f"3 to 40, 85 units:   {solved['Sentence 3–40', 'RNN']} of 5 solved")

# %%
claim(
    "Country always 40 words back: an RNN of 32 units solves 5 of 5 in 1,500 steps "
    "(rate 0.001, Keras's start, 5 seeds).",
    measured=steps_of(fixed) <= 1500,
    above=0.5,
    control={"3 to 40 words, 85 units": solved_by("RNN", "Sentence 3–40")[0]},
)

# %% [markdown]
# Easier, although the mean distance is larger and the network smaller. A likely reason: with one distance the RNN can learn a delay line of 40 steps, and its orthogonal start is
# nearly one already. It is not that an RNN cannot hold a country until it is asked: with 4,000 steps, in trials that are not stored, it solved 3 to 40 in two runs of three at the
# rate 0.001, and in three of three at 0.0003. Whatever the reason, a result on one benchmark may turn over
# when the benchmark is changed a little.
#
# ## "The GRU is about as good as the LSTM"
#
# Chung and others could not say which of the two is the better one.
#
# **Predict.** At Keras's defaults: is that so, is the LSTM ahead, or the GRU?

# %%
for start in ("", ", chrono"):
    for title in TITLES:
        lstm, gru = (runs(title, cell + start) for cell in ("LSTM", "GRU"))
        ours = f"LSTM {lstm.solved} of 5, {lstm.steps.value:5,.0f} steps"
        theirs = f"GRU {gru.solved} of 5, {gru.steps.value:5,.0f} steps"
        print(f"{title + start:22} {ours}    {theirs}")

# %% [markdown]
# (The steps are medians over five seeds, and *inf* is a median run that never got there.)
#
# At the defaults, and at the learning rate 0.01, the GRU is ahead on Adding, Recall and the Sentence by our rule. On Recall only just: its five runs need 1,150 to 1,500 of the 1,500 steps,
# and made again on another processor, which rounds sums in another order, one of the five came too late. With chrono
# initialisation, the two have the same successes on every task. So nothing here speaks against the sentence for cells with open gates (five runs
# cannot prove two cells equal), and at the defaults of Keras, at this rate, it is too kind to the LSTM.

# %%
claim(
    "Recall 50, defaults: the GRU solves at least 4 of 5 in 1,500 steps (rate 0.01).",
    measured=solved_by("GRU", "Recall 50"),
    above=0.5,
    control={"LSTM": solved_by("LSTM", "Recall 50")},
)

# %%
four = [t for t in TITLES if t != "Copy 10"]

# %%
claim(
    "With chrono, LSTM and GRU both solve 5 of 5 on four tasks of lengths 40 to 100 in "
    "1,500 steps (rate 0.01, 5 seeds).",
    measured=solved_by("LSTM, chrono", *four) + solved_by("GRU, chrono", *four),
    above=0.5,
    control={"Copy 10": solved_by("GRU, chrono", "Copy 10")},
)

# %% [markdown] slide="bars" minutes=3
# ## "The GRU is about as good as the LSTM": with open gates
#
# - LSTM: 850 steps
# - GRU: 350 steps
# - LSTM, chrono: 400 steps
# - GRU, chrono: 300 steps
#
# Until Adding 100 is solved
#
# Notes: At Keras's defaults the sentence is too kind to the LSTM: the GRU alone solves Recall 50, and on
# Adding it needs fewer steps.

# %% [markdown]
# ## "The LSTM is the one for long gaps"
#
# It has a protected cell state, and the GRU has none (lesson 06). If that helps anywhere, then at long distances. Stored as well: adding two of
# 200 numbers, and recall after 100 and 200 symbols, 32 units each.
#
# **Predict.** At the defaults, which of the two needs fewer steps for Adding 200?

# %%
far = load("adding").where(task=Adding(200))
lstm_far, gru_far = (far.where(cell=cell) for cell in ("LSTM", "GRU"))
for start in ("default", "chrono"):
    needed = [some.where(init=start).steps.value for some in (lstm_far, gru_far)]
    print("Adding 200, {}: LSTM {:,.0f} steps, GRU {:,.0f}".format(start, *needed))


# %%
def share_of_steps(init):
    lstm, gru = (steps_of(some.where(init=init)) for some in (lstm_far, gru_far))
    return gru / lstm


# %%
claim(
    "Adding 200, defaults: the GRU needs less than half the LSTM's steps (rate 0.01, "
    "32 units, 5 seeds).",
    measured=share_of_steps("default"),
    below=0.5,
    control={"with chrono": share_of_steps("chrono")},
)

# %% [markdown] slide="bars" minutes=2
# ## "The LSTM is the one for long gaps": not at its defaults
#
# - LSTM: 1,650 steps
# - GRU: 400 steps
#
# Until Adding 200 is solved, at the defaults (medians of 5 seeds)
#
# Notes: And on recall after 100 and 200 symbols both fail at the defaults, and both succeed with chrono.
# Chrono knows one thing beforehand, though: it is told how long the sequences are.

# %% [markdown]
# The GRU, by far. At its defaults the LSTM is not the one for long gaps, on these tasks and at this rate. What decides is the start:

# %%
recall = load("chrono").where(task=[Recall(100), Recall(200)])
for (task, init), some in recall.groups("task", "init"):
    lstm, gru = (some.where(cell=cell).solved for cell in ("LSTM", "GRU"))
    print(f"Recall {task[11:14]}, {init + ':':9} LSTM {lstm} of 5   GRU {gru} of 5")


# %%
def recalled(init):
    groups = recall.where(init=init).groups("task", "cell")
    return [some["outcome"] == "solved" for _, some in groups]


# %%
claim(
    "Recall after 100 and 200 symbols: with chrono LSTM and GRU solve 5 of 5 in 800 "
    "and 400 steps (rate 0.01, 5 seeds).",
    measured=recalled("chrono"),
    above=0.5,
    control={"Keras's start": recalled("default")},
    in_the_spirit_of="Tallec and Ollivier 2018",
)

# %%
claim(
    "Recall 50: with chrono every LSTM is solved within 200 steps (rate 0.01, 5 "
    "seeds).",
    measured=steps_of(runs("Recall 50", "LSTM, chrono")) <= 200,
    above=0.5,
    control={"Keras's start": steps_of(runs("Recall 50", "LSTM")) <= 200},
)

# %% [markdown]
# The same cell, the same weights to learn, another draw of the biases. On Recall the start makes a larger difference than the choice between LSTM and
# GRU. Chrono knows one thing beforehand, though: it is told how long the sequences are. And the rate has its part: at 0.03 the default GRU solved Recall 100 within 400 steps, in three
# trials of three that are not stored.
#
# ## "A forget bias of 1 closes the gap"
#
# Jozefowicz and others (2015) searched thousands of cells. They found the GRU ahead of the LSTM on most of their tasks, and that a bias of 1 on the forget gate closes
# the gap. That bias is Keras's default today. We test it on recall after 20 symbols, with 32 units and at most 1,000 steps. In the GRU we set the
# bias of its keeping gate, $z$.
#
# **Predict.** With which forget bias does the LSTM first solve it: 0, 1 or 2?

# %%
biases = load("forget_bias")
by_bias = {key: some.solved for key, some in biases.groups("task", "cell", "init")}


def with_bias(task, cell):
    return [by_bias[repr(task), cell, f"bias {b}"] for b in (0, 1, 2)]


print("solved of 5 with the bias 0, 1, 2")
for cell in ("LSTM", "GRU"):
    print(f"{cell:5} Recall 20 {with_bias(Recall(20), cell)}", end="   ")
    print(f"Adding 50 {with_bias(Adding(50), cell)}")

# %% [markdown]
# With 2. In 1,000 steps at the rate 0.01, 1 is not enough and 2 is; at 0.003, in trials that are not stored, 1 was enough in four of five. Their tasks were others (arithmetic, XML, language, music), so this does not refute them. And on Adding 50 the LSTM
# succeeds even with 0. How far the gate must be open depends on the task.


# %%
def with_lstm(bias):
    some = biases.where(task=Recall(20), cell="LSTM", init=f"bias {bias}")
    return some["outcome"] == "solved"


# %%
claim(
    "Recall 20: with forget bias 2 the LSTM solves 5 of 5 in 1,000 steps (rate 0.01, "
    "5 seeds).",
    measured=with_lstm(2),
    above=0.5,
    control={"bias 1": with_lstm(1)},
)

# %% [markdown]
# ## Success hides the way there
#
# "Solved" is a line that we drew. The next figure shows all 125 runs: the band goes from the best to the worst of five seeds, the line is the median. Loss is
# divided by the loss of an answer without memory, so 1 means *knows nothing*. A run that has solved its task stops there.
#
# **Predict.** Nobody solved Copy 10. Will the five contestants look alike there, or not?


# %%
def relative(title, name):
    return [one / tasks[title].baseline.loss for one in runs(title, name).curves]


grid = {title: {name: relative(title, name) for name in NAMES} for title in TITLES}

# %%
show(
    plots.loss_grid(grid, every=50, budget=1500),
    alt="Loss against training steps, five rows of tasks, three columns of cells, each "
    "with a band over five seeds. Adding: the RNN stays at 1, the LSTM falls after 700 "
    "to 1,000 steps, the GRU after 300. Copy: all fall slowly, RNN to 0.9, LSTM to "
    "0.6, GRU to 0.4, chrono LSTM to 0.3. Order and Recall: sudden falls at steps that "
    "differ widely by seed; the default LSTM stays at 1 on Recall. Sentence: the RNN "
    "falls to 0.25, LSTM and GRU to 0 within 300 steps.",
)

# %% [markdown]
# They do not look alike. On Copy 10 everybody is still learning when the time is over, and there is an order. A count of successes threw that away.

# %%
right = {name: runs("Copy 10", name)["accuracy"] for name in NAMES}
for name in NAMES:
    print(f"{name:13} {right[name].min():.2f} to {right[name].max():.2f} right")

# %% [markdown] slide="bars" minutes=3 least=0.78 most=1
# ## Nobody solved Copy 10, and yet there is an order
#
# - RNN: 0.80 to 0.81
# - LSTM: 0.83 to 0.89
# - GRU: 0.91 to 0.92
# - LSTM, chrono: 0.93 to 0.96
# - GRU, chrono: 0.91 to 0.93
#
# From 0.78, the baseline, to 1
#
# Notes: A count of successes threw that away. If two cells were equal, all five of one would be above all
# five of the other in 1 of 126 comparisons. So the order looks safe. Is it?

# %% [markdown]
# If two cells were equal, all five of one would be above all five of the other in 2 of 252 cases (either way round). So GRU, LSTM, RNN: the order
# looks safe.
#
# ## Was it fair?
#
# The seeds say that luck did not make this order. They do not say that the cells did. The RNN had the learning rate 0.001. We give it 0.003 on Copy 10,
# with everything else as it was. Five seeds take about 8 seconds.
#
# **Predict.** With 0.001 the RNN had 0.80 to 0.81 right, the LSTM 0.83 to 0.89. What will the RNN have with 0.003: less, about the same, or as much as the LSTM?

# %% [markdown] slide="predict" minutes=3
# ## Copy 10 again, the RNN with the rate 0.003. What becomes of the order?
#
# - it stays
# - the RNN comes near
# - the RNN is as good as the LSTM
#
# Answer: As good as the LSTM: the order is undone.
#
# Notes: With 0.001 the RNN had 0.80 to 0.81 right, the LSTM 0.83 to 0.89.


# %%
def at_rate(title, rate, seed):
    task = tasks[title]
    case = sweep("fair_fight").find(task=task, cell="SimpleRNN", init="default")
    return run_one(replace(case, learning_rate=rate), seed)


# %%
seeds = with_progress(range(5), "seeds")
faster = np.array([at_rate("Copy 10", 0.003, seed)["accuracy"] for seed in seeds])
above = {n: bool(faster.max() > right[n].max()) for n in ("RNN", "LSTM")}
print("best RNN at 0.003 above the best at the stored rate:", above)

# %%
claim(
    "Copy 10: with the rate 0.003 each of 5 RNNs has more than 0.82 right after 1,500 "
    "steps (Keras's start); baseline 0.78.",
    measured=faster,
    above=0.82,
    control={"rate 0.001": right["RNN"]},
)

# %% [markdown] slide="words" minutes=3
# ## Seeds measure luck; they do not measure unfairness
#
# ✓ Copy 10: with the rate 0.003 each…
#
# Notes: A factor of 3 in one setting undid a ranking that five seeds had made look safe. The zero on the
# Sentence goes too, with more steps; that on Adding stayed.

# %% [markdown]
# As much as the LSTM: in our run 0.85 to 0.97. A factor of 3 in one setting undid a ranking that five seeds had made look safe. So of Copy 10 we may say
# *at these rates*, and nothing about the cells. **Seeds measure luck. They do not measure unfairness.**
#
# Then what of the RNN's zeros on Adding 100 and Sentence 3–40? The same test there, a rate below and a rate above 0.001, one seed each: four runs, about 16 seconds.
#
# **Predict.** Will one of the four runs solve its task?

# %%
pairs = [(t, rate) for t in ("Adding 100", "Sentence 3–40") for rate in (0.0003, 0.003)]
others = [at_rate(*pair, seed=0)["outcome"] for pair in with_progress(pairs, "runs")]
print(others)

# %% [markdown]
# None in 1,500 steps. But four runs are no test of a rate, and 1,500 steps are a budget. With 4,000 steps the RNN does solve the Sentence (see above); on Adding 100 it stayed
# unsolved at 0.0001, 0.0003 and 0.001 with 6,000, in two runs each that are not stored. So one of the two zeros was a budget, and one may be the cell. Earlier versions of this lesson
# called both of them tested, and spoke of what the cell cannot do. They had to take it back: one rate for each cell was never fair, ours included.
#
# ## When does one stop looking?
#
# The other panels of the figure teach another thing: on Recall and Order nothing happens for a long time, and then everything within 50 steps. With such curves
# it matters when one stops looking.
#
# **Predict.** Had we stopped after 1,000 steps, how many of the GRU's five successes on Recall 50 would be left?

# %%
for budget in (200, 500, 1000, 1500):
    counts = [int(np.sum(steps_of(runs("Recall 50", n)) <= budget)) for n in NAMES]
    print(f"{budget:5,} steps:", dict(zip(NAMES, counts)))

# %% [markdown] slide="bars" minutes=2 most=5
# ## A ranking holds for a budget
#
# - RNN, 1,000 steps: 3 of 5
# - GRU, 1,000 steps: 0 of 5
# - RNN, 1,500 steps: 3 of 5
# - GRU, 1,500 steps: 5 of 5
#
# Runs that solve Recall 50
#
# Notes: A paper with 1,000 steps would report RNN 3, GRU 0. Neither is wrong; budget and rate belong into
# the sentence. At 0.03 the GRU needed 200 to 250 steps, in three trials.

# %% [markdown]
# None. A paper with 1,000 steps would report: RNN 3, GRU 0. Neither is wrong. **A ranking holds for a budget**, and the budget belongs into the sentence.
# So does the rate: at 0.03, in three trials that are not stored, the same GRU needed 200, 200 and 250 steps. What looks like the cell's late awakening is our choice of rate.

# %%
claim(
    "Recall 50: no default GRU is solved within 1,000 steps at the rate 0.01 (5 "
    "seeds).",
    measured=steps_of(runs("Recall 50", "GRU")) <= 1000,
    below=0.5,
    control={"with chrono": steps_of(runs("Recall 50", "GRU, chrono")) <= 1000},
)

# %% [markdown]
# ## What does it cost?
#
# A GRU has three blocks and an LSTM four, so a GRU is said to be faster. With the same units that is so (lesson 06 measures it). But here the budget of
# weights is the same. The stored rows hold the processor's seconds on the machine that made them; only ratios mean something elsewhere.
#
# **Predict.** Compared with the LSTM's, how long does one training step of the GRU take here: three quarters, about the same, or more?


# %%
def seconds_per_step(title, name):
    return np.median(runs(title, name)["seconds"] / runs(title, name)["updates"])


# %%
step = {n: np.array([seconds_per_step(t, n) for t in TITLES]) for n in NAMES[:3]}
for name in ("RNN", "GRU"):
    print(
        f"a step of the {name}, in steps of the LSTM:",
        (step[name] / step["LSTM"]).round(1),
    )

# %% [markdown]
# About the same: the matrices hold as many numbers. So per weight a step costs nearly the same in both, and what differs is how many steps are needed. Seconds until solved,
# as multiples of the fastest contestant:

# %%
for title in ("Adding 100", "Recall 50", "Sentence 3–40"):
    winners = {
        n: np.median(runs(title, n)["seconds"]) for n in NAMES if solved[title, n] == 5
    }
    print(
        f"{title:14}",
        {n: round(float(s / min(winners.values())), 1) for n, s in winners.items()},
    )

# %% [markdown]
# And would more weights have saved the RNN? The sweep `adding` has it with 32 units, a quarter of the weights.

# %%
small = load("adding").where(task=Adding(100), cell="SimpleRNN")
large = runs("Adding 100", "RNN")
for some in (small, large):
    print(f"{some['parameters'][0]:5,.0f} weights: {some.solved} of 5")

# %% [markdown]
# ## Has it learnt the rule?
#
# Who solves Adding 100 can add two marked numbers of 100. *Adding two marked numbers* is a rule without a length. The trained networks of the
# sweep `adding` (32 units) were tested on sequences of 100, 200 and 400.
#
# **Predict.** Twenty gated networks solved length 100. How many are still below 0.01 at length 200?

# %% [markdown] slide="predict" minutes=2
# ## 20 networks solve Adding at length 100. How many at 200?
#
# - nearly all
# - about half
# - none
#
# Answer: None of the 20.
#
# Notes: "Adding two marked numbers" is a rule without a length. Have they learnt the rule?

# %%
longer = load("adding").where(task=Adding(100))
columns = ["loss_at_100", "loss_at_200", "loss_at_400"]
at = {}
for (cell, init), some in longer.groups("cell", "init"):
    name = cell.replace("SimpleRNN", "RNN") + (", chrono" if init == "chrono" else "")
    at[name] = np.stack([some[column] for column in columns], axis=1)

# %%
show(
    plots.longer_sequences(at, (100, 200, 400), baseline=1 / 6, solved=0.01),
    alt="Loss at lengths 100, 200 and 400 for five networks, five seeds each, "
    "logarithmic. The RNN stays at 0.15 to 0.17. All gated networks start below 0.01 "
    "at 100 and rise: default LSTM to 0.02 to 0.5 at 200 and 0.05 to 1.1 at 400, "
    "default GRU similar, with chrono to 0.2 to 1.8 and 0.4 to 8, far above the line "
    "of knowing nothing.",
)

# %% [markdown] slide="figure" minutes=2
# ## They learnt to add over 100 steps, not to add
#
# Notes: A likely reason: small leaks that do no harm in 100 steps add up in 400. Those with opened gates,
# fastest in training, are the worst here; why, these runs do not tell.

# %%
gated = np.concatenate([losses for name, losses in at.items() if name != "RNN"])
print("below 0.01 at 100, 200, 400:", np.sum(gated < 0.01, axis=0), "of 20")

# %%
claim(
    "Adding: of 20 gated networks trained at length 100, hardly one is below 0.01 at "
    "200 (rate 0.01, two starts, 5 seeds).",
    measured=gated[:, 1] < 0.01,
    below=0.5,
    over="networks",
    control={"below 0.02 at length 100": gated[:, 0] < 0.02},
)

# %%
opened = np.concatenate([at["LSTM, chrono"], at["GRU, chrono"]])

# %%
claim(
    "Adding, trained at length 100 with chrono: at 400 all 10 networks are worse than "
    "always answering 1, which has 0.167.",
    measured=opened[:, 2] > 1 / 6,
    above=0.5,
    over="networks",
    control={"at length 100": opened[:, 0] > 1 / 6},
)

# %% [markdown]
# Not one. They learnt to add over 100 steps. A likely reason: small leaks and drifts that do no harm in 100 steps add up in 400. The networks with opened gates,
# fastest in training, are the worst here. Whether that is due to the open gates or to their short training (each stopped as soon as it was solved) these runs do not tell.
#
# ## True or folklore?
#
# *Here* means: these five tasks, about 5,000 weights (13,500 for the Sentence), 1,500 steps unless said otherwise, the rate 0.01 for LSTM and GRU and 0.001 for the RNN, five seeds.
# Not one verdict is about the cell at its best rate.
#
# | what is said | verdict here | what was seen |
# |---|---|---|
# | Gated cells beat the plain RNN | **true on some tasks** | Adding 100, Sentence 3–40: 5 of 5 against 0 of 5; with 4,000 steps the RNN solves the Sentence too |
# | ... on all | **folklore** | Order 50, Recall 50: not shown for the default LSTM; Copy 10: hangs on the learning rate |
# | The GRU is about as good as the LSTM | **not refuted with open gates** | with chrono the same successes on all five tasks |
# | ... at Keras's defaults | **too kind to the LSTM** | the GRU needs fewer steps on Adding and the Sentence, and only it solves Recall 50 |
# | The LSTM is the one for long gaps | **folklore** at defaults | Adding 200: more than twice the GRU's steps; Recall 100 (800 steps), 200 (400 steps): neither |
# | A forget bias of 1 is enough | **depends on task and rate** | Recall 20 in 1,000 steps: 1 fails, 2 succeeds; Adding 50: 0 is enough |
# | The cell is what matters | **half of it** | Recall 50: the LSTM's start alone, from 0 of 5 to 5 of 5 |
# | More weights would do | **not here** | RNN on Adding 100: four times the weights, 0 of 5 |
# | The GRU is faster | **by steps, not by weights** | equal weights: a step costs about the same |
# | Five seeds make it safe | **folklore** | Copy 10: a clear order of five seeds each, undone by another learning rate |
# | Who has solved it has learnt the rule | **folklore** | Adding: trained at 100, none of 20 holds at 200 |
#
# And what cannot be said: that Order 50 or Copy 10 has a winner; that LSTM or GRU had their best learning rates; that the RNN beats the LSTM on Recall 50; that anything here holds for large networks, for
# text, or with another recipe. Greff and others (2015) needed 5,400 runs to say that no variant of the LSTM is clearly better. We had 125.

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and let two cells with as many weights compete, each at its own rate, and ask
# whether the difference is luck. NumPy is all you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - A **fair comparison** fixes the weights, data, steps, seeds and the line of success beforehand, gives each cell its learning rate, and shows a baseline. Ours failed at the
#   learning rate more than once, and only tests showed it.
# - **Five of five** means between 0.57 and 1. Two groups of five are told apart only if all of one are before all of the other.
# - A ranking holds for a **task, a start, a rate and a budget**. Change the distance from *3 to 40* to *always 40*, and even a smaller RNN goes from 0 of 5 to 5 of 5.
# - The **start of the gates** made as much difference as the cell.
# - Solving a length is not learning a rule.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/07_a_fair_fight.ipynb) has 5 tasks, from units for a budget to a comparison that
# you defend.
#
# Then [lesson 08](08_keras_argument_by_argument.ipynb) takes `keras.layers.LSTM` and `GRU` argument by argument.
#
# To try on your own:
#
# - Copy 10 again, with the GRU at 0.03: `replace(case, learning_rate=0.03)` and `run_one`. How many rates would each cell need to be tried fairly?
# - Run seeds 5 to 9 of one row. Does the interval become narrower, and does the verdict stay?
# - Train an LSTM on Adding with lengths drawn at random. Does it hold at 400?

# %% [markdown] slide="words" minutes=3 section="True or folklore?"
# ## A true sentence names its task, start, budget and seeds
#
# - Gates beat the RNN: **on some tasks**
# - GRU as good as LSTM: **with open gates**
# - A forget bias of 1 is enough: **it depends**
# - Five seeds make it safe: **folklore**
#
# Notes: Go back to the prediction sheets: who was nearest, and on which task was everybody wrong? We had 125
# runs; Greff and others needed 5,400 to say that no variant of the LSTM is clearly better.
