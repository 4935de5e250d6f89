# %% [markdown]
# # 05 · Inside the gates
#
# *I grew up in France ... I speak fluent ___.* An LSTM that has learnt to fill this blank holds the country somewhere, for forty
# words. This lesson opens it and looks for the place. Then it reaches in: it puts another country there, and holds gates
# fast, to find out which parts do the work.
#
# ## What you will learn
#
# - Why an LSTM can fail at a distance of forty words, and how a wider forget gate at the start mends that.
# - To read heat maps of gates and states, word by word.
# - That many units *know* the country, and why this does not tell which of them *decide* the answer.
# - To transplant a memory from one sentence into another, and to take a gate out of service.
#
# ## What you need
#
# Lesson 04: the equations of the LSTM, and the bias of its forget gate.
#
# **Time.** About 50 minutes; its cells run in 20 s.

# %% tags=["setup"]
import numpy as np

from course_utils import plots
from course_utils.cells import LSTM, Chrono
from course_utils.claims import claim
from course_utils.measure import time_scale
from course_utils.plots import show
from course_utils.tasks import FranceSentence
from course_utils.training import Adam, SequenceModel, train, with_progress

SEEDS = 0, 1, 2

# %% [markdown]
# ## A blank, forty words later
#
# Twelve countries are possible, each with a language of its own. Between the country and the blank stand forty words that say
# nothing about it.
#
# **Question.** Where in the network is the word *France* while the other words go by?

# %% [markdown] slide="question" minutes=2
# ## Where in the network is the word *France* while the other words go by?
#
# Forty words between the country and the blank
#
# Notes: Read a sentence of the lesson aloud, all of it. Then ask: one unit, a few, all of them? Write the
# votes on the board; the answer comes in pieces.

# %%
task = FranceSentence(40)
example = task.sample(1, np.random.default_rng(3))

# %%
show(
    plots.task_sample(task, example),
    alt="A text: 'I grew up in Denmark', marked in purple, then eight short sentences "
    "about boats, maps, walks and winters, then 'Even now I speak fluent' and the "
    "answer, Danish, in a purple frame. 40 words stand between the two.",
)

# %% [markdown]
# First we need a network that can do it. In lesson 04 the forget gate decided how much of a memory is left: a gate of $f$ leaves $f$ after
# one step and $f^k$ after $k$. After $1/(1-f)$ steps, about a third is left. Call that number the **time scale** of the unit.
#
# Keras starts the forget bias at 1, so that $f = \sigma(1) = 0.73$.

# %%
print(f"time scale at f = 0.73: {time_scale(0.73):.1f} steps")
print(f"left after 40 steps: {0.73**40:.0e}")

# %% [markdown] slide="formula" minutes=3
# ## A gate's time scale tells how long a unit keeps
#
# $$\text{time scale} = \frac{1}{1 - f}$$
#
# After that many steps, about a third is left. At 0.73: 3.7 steps.
#
# Notes: Less than four words, for a memory of forty: 3e-06 is left. Chrono initialisation draws the forget
# biases so that the time scales lie anywhere between 2 and a number of our choice, here 40.

# %% [markdown]
# Less than four words, for a memory of forty. **Chrono initialisation** (Tallec and Ollivier 2018) draws the forget biases so that the
# time scales of the units lie anywhere between 2 and a number of our choice, here 40. The input gate gets the opposite bias: what keeps for
# long writes little. Nothing else is changed.
#
# We train three seeds each way, 32 units, 400 steps of 32 sentences. That takes about 2 seconds a network.
#
# **Predict.** How many of the three default networks, and how many of the three with chrono, will fill the blank?

# %% [markdown] slide="predict" minutes=2
# ## Forty words, 400 training steps: how many of three networks learn it?
#
# - none from Keras's start
# - one or two
# - all three
#
# Answer: None from Keras's start; with chrono all three.
#
# Notes: The same cell, the same number of weights; only 64 biases start elsewhere.


# %%
def build(seed, **start):
    layer = LSTM(32, seed=seed, **start)
    layer.build(task.input_size)
    return SequenceModel.for_task(layer, task, seed=seed)


def train_all(models, name):
    return [
        train(model, task, steps=400, optimizer=Adam(0.01), seed=seed)
        for model, seed in with_progress(list(zip(models, SEEDS)), name)
    ]


# %%
default = [build(seed) for seed in SEEDS]
chrono = [build(seed, bias_initializer=Chrono(40)) for seed in SEEDS]
runs = {
    "LSTM, default": train_all(default, "default"),
    "LSTM, chrono": train_all(chrono, "chrono"),
}

# %%
show(
    plots.training_curves(
        {
            name: (some[0].steps, [run.accuracy for run in some])
            for name, some in runs.items()
        },
        baseline=1 / 12,
        baseline_label="guessing",
        ylabel="accuracy",
        title="Right answers on 256 held-out sentences (3 seeds)",
    ),
    alt="Accuracy against training steps, median and range of 3 seeds. The default "
    "LSTM stays at the line of guessing, 0.08, for all 400 steps. With chrono "
    "initialisation all three seeds rise to 1.0 within about 300 steps.",
)

# %% [markdown] slide="figure" minutes=3
# ## Other biases at the start, and the task is learnt
#
# Notes: This does not say that Keras's start can never bridge forty words: where the distances vary, so that
# some sentences are short, it succeeds as well.

# %% [markdown]
# None of the default ones, and all three with chrono. It is the same cell with the same number of weights; only 64 biases, 32 of $f$ and 32
# of $i$, started elsewhere.

# %%
fresh = task.sample(480, np.random.default_rng(99))
scores = {
    name: [model.evaluate(fresh).accuracy for model in some]
    for name, some in {"default": default, "chrono": chrono}.items()
}

# %%
claim(
    "At distance 40 the default LSTM stays below 0.2 after 400 steps; guessing gives "
    "0.083 (3 seeds).",
    max(scores["default"]) < 0.2,
)

# %%
claim(
    "With chrono initialisation it is above 0.95 after 400 steps; guessing gives 0.083 "
    "(3 seeds).",
    min(scores["chrono"]) > 0.95,
)

# %% [markdown]
# This does not say that an LSTM with Keras's start can never bridge forty words. Where the distances vary, so that some sentences are
# short, it succeeds as well: lesson 07 shows it, or try `FranceSentence((3, 40))`. At one fixed distance it has nothing easier to begin with.
#
# ## What training did to the time scales
#
# **Predict.** The longest time scale at the start is about 40 words. After training, will the longest be shorter, about the same, or longer?


# %%
def look(model, x):
    model.predict(x)
    return model.layer.trace()


def scales(model):
    f = look(model, fresh.inputs)["f"][:, 5:]  # the words after the country
    return np.sort(time_scale(f.mean(axis=(0, 1))))


# %%
start = [build(seed, bias_initializer=Chrono(40)) for seed in SEEDS]
sorted_scales = {
    "LSTM, chrono, trained": [scales(model) for model in chrono],
    "LSTM, chrono, at the start": [scales(model) for model in start],
    "LSTM, default, at the start": [scales(build(seed)) for seed in SEEDS],
}

# %%
show(
    plots.training_curves(
        {name: (np.arange(1, 33), some) for name, some in sorted_scales.items()},
        baseline=40,
        baseline_label="distance",
        xlabel="units, from the fastest to the slowest",
        ylabel="time scale in words",
        log=True,
        title="How long each unit keeps what it has (3 seeds)",
    ),
    alt="Time scales of 32 units, sorted, logarithmic, median and range of 3 seeds. "
    "Default: all near 4 words. Chrono at the start: from 3 to 40. Chrono trained: the "
    "fast half stays about where it was, the slowest units reach some hundred words.",
)

# %% [markdown] slide="figure" minutes=3
# ## Training opened a few gates until they hardly leak
#
# Notes: The dotted line is the distance of 40 words. The fast half stayed about where it was. The start only
# had to be good enough for a gradient to come through; the rest was learnt.

# %% [markdown]
# Longer. Training has opened a few gates until they hardly leak at all. The fast half stayed about where it was. So the start
# only had to be good enough for a gradient to come through; the rest was learnt.

# %%
slowest = {name: [one[-1] for one in some] for name, some in sorted_scales.items()}
claim(
    "At Keras's start every unit's time scale is below 6 words (3 seeds).",
    max(slowest["LSTM, default, at the start"]) < 6,
)

# %%
claim(
    "At the start with Chrono(40) the slowest unit has 30 to 50 words, after training "
    "more than 60 (3 seeds).",
    all(30 < one < 50 for one in slowest["LSTM, chrono, at the start"])
    and min(slowest["LSTM, chrono, trained"]) > 60,
)

# %% [markdown]
# ## Reading along
#
# Now we look inside, at the last of the three networks. It reads the same sentence twice, once with France and once with Germany. The
# picture shows the cell state $c$ of all 32 units, one row each, sorted by their value at the end of the French sentence;
# beyond ±6 the colour stays the same.
#
# **Predict.** Will the country light up one row, a few, or most of them?

# %% [markdown] slide="predict" minutes=2
# ## 32 units, one row each: how many rows does the country light up?
#
# - one
# - a few
# - most
#
# Answer: Most: about two thirds. The others light up for other countries.
#
# Notes: The same sentence is read twice, once with France and once with Germany.

# %%
network = chrono[-1]
sentences = np.concatenate([task.sentence(name, 40) for name in task.countries])
words = task.words(sentences[task.countries.index("France")])
trace = look(network, sentences)
french, german = (trace["c"][task.countries.index(k)] for k in ("France", "Germany"))
rows = np.argsort(-french[-1])

# %%
show(
    plots.sentence_heatmaps(
        {
            "c, the sentence with France": french[:, rows],
            "c, the same sentence with Germany": german[:, rows],
        },
        [*words[:4], "country", *words[5:]],
        mark=[4],
        limit=6,
    ),
    alt="Two heat maps of 32 units over 45 words. Before the country both are pale. "
    "After it most rows take on a colour, positive or negative, which grows stronger "
    "with each word to the end; the others stay pale. With Germany the pattern is a "
    "different one: other signs, and other rows that stay pale.",
)

# %% [markdown] slide="figure" minutes=2 crop="0 0 93.4 41.6, 0 84.4 93.4 100" alt="Heat map of 32 units over 45 words. Before the country it is pale. After it most rows take on a colour, positive or negative, which grows stronger with each word to the end; the others stay pale."
# ## A country is a pattern over the whole state
#
# Orange is positive, blue negative.
#
# Notes: It grows: at the country it is faint, then each word writes more of the same. More than tenfold to the
# blank. The network rehearses what it has heard. Then to the next slide and back, a few times.

# %% [markdown] slide="figure" minutes=2 crop="0 43.4 93.4 100" alt="The same heat map for the sentence with Germany. The pattern is a different one: other signs, and other rows that stay pale."
# ## Another country is another pattern
#
# The same words, but for the country.
#
# Notes: Rows that are pale for France are dark for Germany, so being pale belongs to the pattern, too. Ask for a
# row that tells the two apart.

# %% [markdown]
# Most of them. France is not a light in one place but a pattern over the whole state, and Germany is another pattern. Rows that stay
# pale for France are dark for Germany, so being pale belongs to the pattern, too.


# %%
def far_from_zero(model):
    return np.abs(look(model, sentences)["c"][:, -1]) > 1


lit = np.stack([far_from_zero(model) for model in chrono])
claim(
    "At the blank, more than 15 of 32 units of c are beyond ±1, on average over 12 "
    "countries (3 seeds).",
    lit.sum(axis=2).mean(axis=1).min() > 15,
)
claim(
    "At least 30 of the 32 are beyond ±1 for one country or another (3 seeds).",
    lit.any(axis=1).sum(axis=1).min() >= 30,
)

# %% [markdown]
# There is a second thing to see. The pattern is not only kept, it *grows*. At the country it is faint. Then each word, whatever it is,
# writes more of the same.
#
# **Predict.** How many times larger is $c$ at the blank than at the country: twice, five times, or more than ten times?

# %%
growth = []
for model in chrono:
    size = np.abs(look(model, sentences)["c"]).mean(axis=(0, 2))
    growth.append(size[-1] / size[4])

# %%
claim(
    "From the country to the blank the mean size of c grows more than tenfold (3 "
    "seeds).",
    min(growth) > 10,
)

# %% [markdown] slide="bars" minutes=2
# ## The network rehearses what it has heard
#
# - at the country: 1
# - at the blank: 10 and more
#
# Mean size of $c$. Written once, kept, read once is what an LSTM **can** do.
#
# Notes: The two sentences have the same words after the country, so only h can tell the gates what to write.
# What is shown of the memory decides what is added to it.

# %% [markdown]
# More than ten times. So the picture of lesson 04, *written once, kept, read once*, is what an LSTM **can** do. This one found something
# else: it goes on **rehearsing** what it has heard. The two sentences have the same words after the country, so only $h$ can tell the
# gates and the candidate what to write. What is shown of the memory decides what is added to it.
#
# ## What the gates do
#
# **Predict.** At the word *France*, which gate would you expect to open wide, and which at *fluent*, just before the blank?

# %% [markdown] slide="predict" minutes=2
# ## At *France*: which gate flies open?
#
# - input gate
# - forget gate
# - output gate
#
# Answer: None flies open: the input gate goes from 0.1 to 0.2.
#
# Notes: And at "fluent", just before the blank? Nothing special happens there.

# %%
trace = {name: values[task.countries.index("France")] for name, values in trace.items()}
gates = {
    "input gate i": trace["i"][:, rows],
    "forget gate f": trace["f"][:, rows],
    "output gate o": trace["o"][:, rows],
}

# %%
show(
    plots.sentence_heatmaps(gates, words, kind="gate", mark=[4, 44], height=1.45),
    alt="Three heat maps of 32 units over 45 words, purple for open. The input gate is "
    "pale in most units, palest before France. The forget gate is dark in nearly all "
    "units and words. The output gate is half open before France and then open, but "
    "for a few units. No gate stands out at 'fluent'.",
)

# %% [markdown]
# One sentence may be an exception, so here is the mean over all units and 480 sentences.


# %%
def mean_gates(model):
    trace = look(model, fresh.inputs)
    return {gate: trace[gate].mean(axis=(0, 2)) for gate in "ifo"}


means = [mean_gates(model) for model in chrono]

# %%
show(
    plots.gate_traces(
        means[-1], title="Mean gates: the country is word 5, the blank follows word 45"
    ),
    alt="Mean of three gates over 45 words. The forget gate stays between 0.9 and 1. "
    "The output gate rises from about 0.6 before the country to about 0.75 and stays "
    "there. The input gate is near 0.1 before the country, has a small peak of 0.2 at "
    "word 5, falls back and then settles a little above 0.2.",
)

# %% [markdown] slide="figure" minutes=3
# ## No doors fly open: the gates move little
#
# Notes: Mean over all units and 480 sentences. The output gate has been open all the time: only the last h is
# judged, so nobody asks the network to be silent in between.

# %% [markdown]
# If you expected doors that fly open and shut, you are disappointed. At the country the input gate opens about twice as wide as before, but
# that is from about 0.1 to 0.2. At the blank the output gate does nothing special: it has been open all the time. Nobody asks the network to be
# silent in between, for only the last $h$ is judged.

# %%
i_at = [(mean["i"][4], mean["i"][:4].mean()) for mean in means]
o_at = [(mean["o"][44], mean["o"][5:44].mean()) for mean in means]
claim(
    "At the country the input gate is on average more than 1.4 times as open as on the "
    "four words before (3 seeds).",
    all(country > 1.4 * before for country, before in i_at),
)

# %%
claim(
    "At the last word the mean output gate differs by less than 0.15 from its mean "
    "since the country (3 seeds).",
    all(abs(last - others) < 0.15 for last, others in o_at),
)

# %% [markdown]
# ## Who knows the country?
#
# Let us look for the unit that holds the country. A test: stop after 21 words, 16 behind the country. Take one unit and look at its $c$
# only. From 240 sentences we know its average value for each country. For 240 other sentences we name the country whose average is nearest.
#
# **Predict.** Guessing is right in 8 of 100 cases. How many of the 32 units, each on its own, will be right in more than 40 of 100?


# %%
def right_by_one_unit(values):
    known, asked = np.split(values, 2)
    country, answer = np.split(fresh.targets, 2)
    average = np.stack([known[country == k].mean(axis=0) for k in range(12)])
    nearest = np.abs(asked[:, None] - average).argmin(axis=1)
    return (nearest == answer[:, None]).mean(axis=0)


# %%
knows = {
    state: np.stack(
        [right_by_one_unit(look(model, fresh.inputs)[state][:, 20]) for model in chrono]
    )
    for state in "ch"
}

# %%
print("units above 0.4, for each seed:", (knows["c"] > 0.4).sum(axis=1), "of 32")

# %% [markdown] slide="predict" minutes=2
# ## How many single units of $c$ name the country, in 40 of 100?
#
# - one or two
# - about half
# - all of them
#
# Answer: All 32, in each of the three networks.
#
# Notes: Guessing is right in 8 of 100. Whichever unit you pick, you could publish it as the France neuron.
# And h knows it as well as c.

# %% [markdown]
# All of them, in each network. Each unit has settled at a height of its own for each country. There is no *the* unit: whichever you pick, you could
# publish it as the France neuron. And $h$ knows it as well as $c$.

# %%
claim(
    "After 21 words, the median unit of c alone names the country in more than 0.6 of "
    "240 sentences; guessing gives 0.083 (3 seeds).",
    np.median(knows["c"], axis=1).min() > 0.6,
)

# %%
claim(
    "The median unit of h alone does so too (3 seeds).",
    np.median(knows["h"], axis=1).min() > 0.6,
)

# %% [markdown] slide="bars" minutes=2 most=1
# ## Many units know; that does not mean they decide
#
# - median unit of $c$: 0.6 to 1
# - guessing: 0.083
#
# Of 240 sentences, the part whose country one unit names after 21 words
#
# Notes: Knowing is what can be read off. Deciding is what the answer hangs on. To find out, one must reach
# in.

# %% [markdown]
# ## Who decides? A transplant
#
# That a part *knows* something does not mean that the network *uses* it there. To find out, we must reach in. We stop the network after 21
# words of the sentence with France, replace $h$ or $c$ by what it was in the sentence with Germany, and let it read the rest.
#
# **Predict.** Which answer follows if we transplant $h$ only, and which if we transplant $c$ only?


# %%
def finish(model, h, c, rest):
    return model.head(model.layer(rest, initial_state=[h, c]))


def states_after(model, read):
    trace = look(model, sentences)
    return trace["h"][:, read - 1], trace["c"][:, read - 1]


h, c = states_after(network, 21)

# %%
fr, de = ([task.countries.index(name)] for name in ("France", "Germany"))
rest = sentences[fr, 21:]
for name, pair in {"nothing": (fr, fr), "h": (de, fr), "c": (fr, de)}.items():
    logits = finish(network, h[pair[0]], c[pair[1]], rest)
    print(f"transplanted {name}: I speak fluent", task.answers[logits.argmax()])

# %% [markdown] slide="output" minutes=3
# ## A transplant: $c$ of another sentence brings its answer
#
# After 21 words of the sentence with France, from the one with Germany
#
# Notes: Ask before: which answer follows if only h is replaced, which if only c? Then all 132 pairs.

# %% [markdown]
# $c$ decides. Now all 132 pairs of two countries, in all three networks, and at two places: after 21 words, and right after the
# country itself. In the picture each mark is one network.

# %%
pairs = np.argwhere(~np.eye(12, dtype=bool))
own, other = pairs.T


# %%
def switched(model, read, what):
    h, c = states_after(model, read)
    h = h[other if what == "h" else own]
    c = c[other if what == "c" else own]
    answers = finish(model, h, c, sentences[own, read:]).argmax(axis=1)
    return np.mean(answers == other)


# %%
moved = {
    (what, read): [switched(model, read, what) for model in chrono]
    for what in "hc"
    for read in (5, 21)
}

# %%
show(
    plots.clamped_accuracy(
        {
            "h, right after the country": ("h", moved["h", 5]),
            "h, after 21 words": ("h", moved["h", 21]),
            "c, right after the country": ("c", moved["c", 5]),
            "c, after 21 words": ("c", moved["c", 21]),
        },
        xlabel="share of 132 transplants that change the answer to the other country's",
    ),
    alt="A mark for each of 3 seeds. Transplanting h changes the answer to the other "
    "country's in at most 0.1 of the cases right after the country, and in none after "
    "21 words. Transplanting c does so in 0.6 to 0.8 right after the country, and in "
    "about 1.0 after 21 words.",
)

# %% [markdown] slide="figure" minutes=3
# ## $c$ decides; what $h$ knows is its shadow
#
# Notes: Give it a wrong h, and one step later h is made anew from c. Right after the country h still has a
# say, for the rehearsal has only begun.

# %% [markdown]
# After 21 words the memory is in $c$, and what $h$ knows is only its shadow: give it a wrong $h$, and one step later $h$ is made anew from
# $c$. Right after the country, $h$ still has a say, for the rehearsal has only begun.

# %%
claim(
    "After 21 words, transplanting c alone changes more than 0.85 of the answers to "
    "the other country's (132 pairs, 3 seeds).",
    min(moved["c", 21]) > 0.85,
)

# %%
claim(
    "Transplanting h alone does so in less than 0.2, after 21 words and right after "
    "the country (132 pairs, 3 seeds).",
    max(moved["h", 21] + moved["h", 5]) < 0.2,
)

# %% [markdown]
# ## How many units does it take?
#
# Perhaps a few units of $c$ decide and the others follow. We clamp a single unit: it gets the value of the other country, all others
# stay. First see how much that moves the answer, then transplant several, the most important first.
#
# **Predict.** How many of the 32 units must be changed before half of the answers follow: 1, 4, or more than 8?

# %% [markdown] slide="predict" minutes=2
# ## How many units of $c$ must be exchanged before half of the answers follow?
#
# - 1
# - 4
# - more than 8
#
# Answer: More than 8.
#
# Notes: The most important units are exchanged first. Ask the same of units in any order: more, or fewer?


# %%
def with_units(model, chosen):
    h, c = states_after(model, 21)
    mixed = np.where(chosen, c[other], c[own])
    return finish(model, h[own], mixed, sentences[own, 21:])


# %%
def lead(logits):
    at = np.arange(len(own))
    return np.mean(logits[at, other] - logits[at, own])


def by_importance(model):
    return np.argsort([-lead(with_units(model, np.arange(32) == u)) for u in range(32)])


# %%
def followed(model, order):
    chosen = [np.isin(np.arange(32), order[:k]) for k in range(33)]
    answers = [with_units(model, some).argmax(axis=1) for some in chosen]
    return [np.mean(some == other) for some in answers]


important = [followed(model, by_importance(model)) for model in chrono]
rng = np.random.default_rng(0)

# %%
any_order = [followed(model, rng.permutation(32)) for model in chrono]

# %%
show(
    plots.training_curves(
        {
            "most important first": (np.arange(33), important),
            "in any order": (np.arange(33), any_order),
        },
        xlabel="units of c that are transplanted",
        ylabel="answers that follow",
        title="How many units carry the country (3 seeds)",
    ),
    alt="Share of answers that follow against the number of transplanted units, median "
    "and range of 3 seeds. Ordered by importance it stays below 0.3 up to 8 units, "
    "passes one half between 12 and 16 and nears 1 at about 24. In any order it takes "
    "some 8 units more.",
)

# %% [markdown] slide="figure" minutes=3
# ## The memory is spread: no unit is the place of the country
#
# Notes: A quarter of the units turns about one answer in five, three quarters turn nearly all. One can find
# single units that turn single answers: that is not the place of the country.

# %% [markdown]
# More than 8. The memory is spread: a quarter of the units turns about one answer in five, three quarters turn nearly all.

# %%
important = np.array(important)
claim(
    "Transplanting the 6 most important of 32 units carries less than 0.35 of the "
    "answers (132 pairs, 3 seeds).",
    important[:, 6].max() < 0.35,
)

# %%
claim(
    "Transplanting the 26 most important carries more than 0.75 (132 pairs, 3 seeds).",
    important[:, 26].min() > 0.75,
)

# %% [markdown]
# And one unit alone? It can spoil an answer without bringing the one it stands for. We count the pairs for which there is **some** single unit that
# does the one or the other.


# %%
def one_at_a_time(model):
    units = np.eye(32, dtype=bool)
    return np.stack([with_units(model, unit).argmax(axis=1) for unit in units])


# %%
answers = [one_at_a_time(model) for model in chrono]
follow = [np.any(some == other, axis=0).sum() for some in answers]
spoil = [np.any(some != own, axis=0).sum() for some in answers]

# %%
claim(
    "A single clamped unit brings the other country's answer in fewer than 30 of 132 "
    "pairs (3 seeds).",
    max(follow) < 30,
)

# %%
claim(
    "Yet in each network there are pairs in which a single clamped unit makes the "
    "answer wrong (3 seeds).",
    min(spoil) > 0,
)

# %% [markdown]
# Here is one of those few cases: a unit that has been found, clamped, and has turned an answer.

# %% tags=["nbval-ignore-output"] reason="which unit it is hangs on the last digits of the training"
some = answers[np.argmax(follow)]
unit, pair = np.argwhere(some == other)[0]
was, given = (task.countries[which[pair]] for which in (own, other))
print(f"I grew up in {was} ... I speak fluent {task.answers[own[pair]]}")
print(f"unit {unit} as in the sentence with {given}: {task.answers[some[unit, pair]]}")

# %% [markdown]
# So one can find a unit, clamp it, and see the answer change. To call it the place of the country would be wrong all the same: for the
# other pairs it takes many more.
#
# ## Taking the gates out of service
#
# Last, the gates. A gate that can be replaced by a constant is not needed as a gate, at least not here. For that we need the loop
# of lesson 04, with one more line: it holds a gate at a given value on given words.


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %%
def read(model, x, gate=None, value=None, words=range(45)):
    W, U, b = model.layer.get_weights()
    h = c = np.zeros((len(x), len(U)), x.dtype)
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        now = {"i": sigmoid(i), "f": sigmoid(f), "g": np.tanh(g), "o": sigmoid(o)}
        if gate and t in words:
            now[gate] = value
        c = now["f"] * c + now["i"] * now["g"]
        h = now["o"] * np.tanh(c)
    return h, c


# %%
gap = max(
    np.abs(read(m, fresh.inputs)[0] - m.layer(fresh.inputs)).max() for m in chrono
)

# %%
claim(
    "With no gate held, the loop gives the package's last state to 4 decimals (3 "
    "seeds).",
    gap < 1e-4,
)

# %% [markdown]
# Each gate in turn is held at its mean over all words and sentences, a number for each unit. Then we open gates altogether: a 1 in place of the gate.
#
# **Predict.** Order the four by the damage that their mean does: $i$, $f$, $g$, $o$. Which one can be replaced without loss?


# %%
def score(model, gate, value, words=range(45)):
    h, _ = read(model, fresh.inputs, gate, value, words)
    return np.mean(model.head(h).argmax(axis=1) == fresh.targets)


def at_its_mean(gate):
    means = [look(model, fresh.inputs)[gate].mean(axis=(0, 1)) for model in chrono]
    return [score(model, gate, mean) for model, mean in zip(chrono, means)]


# %%
def held(gate, value, words=range(45)):
    return [score(model, gate, value, words) for model in chrono]


mean = {gate: at_its_mean(gate) for gate in "gifo"}
opened = {gate: held(gate, 1.0) for gate in "ifo"}

# %%
show(
    plots.clamped_accuracy(
        {
            **{f"{gate} at its mean": (gate, mean[gate]) for gate in "gifo"},
            **{f"{gate} = 1": (gate, opened[gate]) for gate in "ifo"},
        },
        baseline=1 / 12,
    ),
    alt="Accuracy with one gate held, a mark for each of 3 seeds. The candidate g at "
    "its mean: 0.08, which is guessing. The input gate held open: guessing or a little "
    "more. The input gate at its mean: between 0.2 and 0.7. The forget and the output "
    "gate, at their mean or open: mostly near 1, never below 0.7.",
)

# %% [markdown] slide="figure" minutes=3
# ## $f$ and $o$ could be constants here; $g$ could not, and $i$ seldom
#
# Notes: Each gate in turn is held at its mean, then opened altogether. The forget gate has to be open, but
# need not move, here: one sentence, from an empty memory. A stream without ends needs it. Of nine starts that
# we tried, two could do with the input gate at its mean.

# %% [markdown]
# The candidate $g$ carries the content, so without it nothing is left. Of the three gates, the input gate is the one that these networks miss as
# a gate. (Not every network does: of nine starts that we tried, two hardly minded its mean.) The forget gate had to be *open*, but it need not *move*: with $f = 1$ this is the cell of 1997, and for one sentence that starts from an empty
# memory that is enough. The same is nearly true of the output gate.

# %%
claim(
    "With g held at its mean, accuracy falls below 0.2; guessing gives 0.083 (3 "
    "seeds).",
    max(mean["g"]) < 0.2,
)

# %%
claim(
    "With the input gate held at its mean it falls below 0.75 on average over 3 seeds.",
    np.mean(mean["i"]) < 0.75,
)

# %%
claim(
    "With the forget gate held at its mean, or at 1, it stays above 0.8 on average "
    "over 3 seeds.",
    min(np.mean(mean["f"]), np.mean(opened["f"])) > 0.8,
)

# %%
claim(
    "With the output gate held at its mean, or at 1, it stays above 0.75 on average "
    "over 3 seeds.",
    min(np.mean(mean["o"]), np.mean(opened["o"])) > 0.75,
)

# %% [markdown]
# Why is an open input gate fatal? Two guesses. Either the filler words, written at full strength, drown the country. Or
# something goes wrong before the country comes.
#
# **Predict.** We hold $i = 1$ on the four words *I grew up in* only, or on all forty words after the country only. Which does the harm?

# %%
before, after = held("i", 1.0, range(0, 4)), held("i", 1.0, range(5, 45))

# %%
show(
    plots.clamped_accuracy(
        {
            "i = 1 on the 4 words before": ("i", before),
            "i = 1 on the 40 words after": ("i", after),
        },
        baseline=1 / 12,
    ),
    alt="Accuracy with the input gate held open, a mark for each of 3 seeds. On the "
    "four words before the country: about 0.08, which is guessing. On the forty words "
    "after it: between 0.6 and 1.",
)

# %% [markdown] slide="figure" minutes=3
# ## The memory must be empty when the country comes
#
# Notes: Ask before: input gate open on the four words before, or on the forty after: which does the harm? The
# rehearsal is why: else it rehearses "I grew up in", which is the same in every sentence.

# %% [markdown]
# The four words before. The rehearsal is why. Whatever stands in the state is shown, written again, and grows. It must be empty
# when the country comes, or the network rehearses *I grew up in*, which is the same in every sentence. The input gate, nearly
# shut at the beginning, keeps it empty.


# %%
def size_before(model, **held):
    return np.abs(read(model, fresh.inputs[:, :4], **held)[1]).mean()


swollen = [size_before(m, gate="i", value=1.0) / size_before(m) for m in chrono]

# %%
claim(
    "With i = 1 on the four words before the country, accuracy falls below 0.2; "
    "guessing gives 0.083 (3 seeds).",
    max(before) < 0.2,
)

# %%
claim(
    "With i = 1 on all words after it, accuracy stays above 0.7 on average over 3 "
    "seeds.",
    np.mean(after) > 0.7,
)

# %%
claim(
    "The open gate makes c before the country more than 5 times as large (3 seeds).",
    min(swollen) > 5,
)

# %% [markdown]
# One question is left. Does the network *need* to rehearse to the end, or could the carousel do it alone?
#
# **Predict.** After 21 words we shut the input gate for good, $i = 0$, so that nothing is written any more. Does the answer survive the 24 words that are left?

# %%
shut = held("i", 0.0, range(21, 45))
claim(
    "With nothing written after 21 words, accuracy stays above 0.85; guessing gives "
    "0.083 (3 seeds).",
    min(shut) > 0.85,
)

# %% [markdown] slide="bars" minutes=2 most=1
# ## From then on $c$ only rides the carousel
#
# - nothing written: 0.85 to 1
# - guessing: 0.083
#
# Right answers if nothing is written after 21 words (3 seeds)
#
# Notes: The rehearsal makes the memory large; the open forget gate keeps it. This closes the circle to lesson
# 04.

# %% [markdown]
# It does. From then on $c$ only rides the carousel, $c = f \cdot c_\text{prev}$, and that is enough. The rehearsal makes the memory
# large; the open forget gate keeps it.

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and train a small LSTM to recall a symbol, ask which of its units know it, and
# put the memory of another sequence in. NumPy is all you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - At a fixed distance of 40 words the default start fails and an open forget gate succeeds. The number to look at is the **time scale** $1/(1-f)$.
# - The country is a **pattern over the whole state**, and it grows from word to word.
# - Nearly every unit of $c$ and of $h$ **knows** the country. A **transplant** shows which of them **decides**: $c$ does, $h$ does not.
# - No single unit is the place of the country. It takes a dozen or more of 32 to turn half of the answers.
# - What matters here is the candidate, and an input gate that is shut until the country comes. The forget gate has to be open, and
#   could be a constant.
#
# All this is about three small networks and one task. A stream without ends, as in lesson 04, needs its forget gate. The method is
# what carries over: look, predict, reach in, count.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/05_inside_the_gates.ipynb) has 4 tasks, from the time scale of a gate to an experiment
# of your own on a France neuron.
#
# Then [lesson 06](06_the_gru_in_every_dialect.ipynb) takes the LSTM apart once more and makes of it the GRU, which has no protected $c$.
#
# To try on your own:
#
# - Train with 8 units: `LSTM(8, ...)` in `build`, and 8 for 32 in the cells that count units. Some claims may fail then. Does a single unit
#   carry more?
# - Transplant $c$ after 6, 8 and 12 words. When has the memory moved into $c$?
# - Hold two gates at once. Are $f$ and $o$ at their means still good enough?
# - Write `SEEDS = 3, 4, 5` in the first cell and run everything again. Is there a network that hardly minds the input gate at its mean?

# %% [markdown] slide="words" minutes=2
# ## Look, predict, reach in, count
#
# - A pattern over the whole state
# - $c$ decides, $h$ shows
# - To know is not to decide
# - Three small networks, one task
#
# Notes: The last line is the honest one. The method is what carries over.
