# %% [markdown]
# # 05 · Inside the gates
#
# *I grew up in France ... I speak fluent ___.* An LSTM that has learnt to fill this blank holds the country somewhere, for forty
# words. This lesson opens it and looks for the place. Then it reaches in: it puts another country there, and holds gates
# fast, to find out which parts do the work.
#
# ## What you will learn
#
# - Why an LSTM can fail at a distance of forty words, and how another start of two gates mends that.
# - To read heat maps of gates and states, word by word, and single units behind a mean.
# - That many units *know* the country, and why this does not tell which of them *decide* the answer.
# - Two methods with their names: the **probe**, and the **transplant**, which papers call activation patching.
#
# ## What you need
#
# Lesson 04: the equations of the LSTM, and the bias of its forget gate.
#
# **Time.** About 45 minutes; its cells run in 55 s.

# %% tags=["setup"]
import numpy as np

from course_utils import plots
from course_utils.cells import LSTM, Chrono
from course_utils.claims import claim
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
# First we need a network that can do it. A gate that stands at $f$ leaves $f$ of a memory after one step and $f^k$ after $k$. After $1/(1-f)$ steps about a third
# is left. Call that number the **time scale** of the unit. Keras starts the forget bias at 1, so that $f = \sigma(1) = 0.73$.


# %%
def time_scale(f):
    return 1 / (1 - f)


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
# biases so that the time scales are uniform between 2 and a number of our choice, here 40.

# %% [markdown] right=1
# Less than four words, for a memory of forty. **Chrono initialisation** (Tallec and Ollivier 2018) draws a time scale $T$ for each unit, uniformly from 2 to a number of our
# choice, here 40, and starts $b_f$ where $\sigma(b_f) = 1 - 1/T$ (the problem set asks for $b_f$). The input gate gets the opposite bias, $b_i = -b_f$: what keeps for
# long writes little. Nothing else is changed.
#
# We train three seeds each way: 32 units, a softmax on the last $h$, 400 steps of 32 sentences with Adam at rate 0.01. Words are one-hot, 73 in all, fillers in sentences of five. $W$ and head are Glorot's, and $U$ is **one** orthogonal $(n, 4n)$ matrix, as in Keras.
# Three controls: chrono's bias in $f$ alone, in $i$ alone, and Keras's biases with $U$ of four orthogonal blocks.
#
# **Predict.** How many of the three networks with Keras's start will fill the blank? (Guess it for chrono, too.)
#
# - none
# - one or two
# - all three

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
in_f = [build(seed, bias_initializer=Chrono(40)) for seed in SEEDS]
in_i = [build(seed, bias_initializer=Chrono(40)) for seed in SEEDS]
for one, other in zip(in_f, in_i):
    one.layer.gate_weights("i")["bias"][:] = 0  # as Keras has it
    other.layer.gate_weights("f")["bias"][:] = 1

# %%
blocks, rng = [build(seed) for seed in SEEDS], np.random.default_rng(0)
for U in (m.layer.gate_weights(k)["recurrent_kernel"] for m in blocks for k in "ifgo"):
    U[:] = np.linalg.qr(rng.normal(size=U.shape))[0]

# %%
for name, some in {"Keras's U_g": default, "a block": blocks}.items():
    U_g = some[0].layer.gate_weights("g")["recurrent_kernel"]
    print(f"{name} stretches a vector by at most {np.linalg.norm(U_g, 2):.2f}")

# %%
runs = {
    "LSTM, default": train_all(default, "default"),
    "LSTM, chrono": train_all(chrono, "chrono"),
    "chrono for f alone": train_all(in_f, "f alone"),
    "chrono for i alone": train_all(in_i, "i alone"),
    "default, U in blocks": train_all(blocks, "blocks"),
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
    "initialisation all three seeds rise to 1.0 within about 300 steps. Chrono for the "
    "input gate alone stays at guessing. For the forget gate alone one seed gets to "
    "1.0, two end at about 0.25. With U in blocks all rise to about 1.0.",
)

# %% [markdown] slide="figure" minutes=3
# ## Other biases at the start, and the task is learnt
#
# Notes: This does not say that Keras's start can never bridge forty words: where the distances vary, so that
# some sentences are short, it succeeds as well.

# %%
fresh = task.sample(480, np.random.default_rng(99))
scores = {
    name: [model.evaluate(fresh).accuracy for model in some]
    for name, some in {"default": default, "chrono": chrono}.items()
}
claim(
    "At distance 40 an LSTM with a chrono start is right in more than 0.95 of 480 "
    "sentences after 400 steps at rate 0.01; guessing gives 0.083 (3 seeds).",
    measured=scores["chrono"],
    above=0.95,
    control={"Keras's biases and U": scores["default"]},
)

# %% [markdown]
# None of the default ones, though only 64 biases started elsewhere, 32 of $f$ and 32 of $i$. In these draws all three get there in 400 steps only with both: none with those of $i$ alone, and with those of $f$ alone one sometimes does (here, one of three). What a trained network needs its input gate for, the end of this lesson shows.
#
# Nor is $f = 0.73$ the only cause: with $U$ in blocks these three learn it at the same $f$ (other draws may not). That fits the way back through $h$, which Keras's $U_g$ shrinks at every step. So Keras's biases fail here *together with* Keras's $U$.
#
# And where the distances vary, so that some sentences are
# short, Keras's start succeeds as well: lesson 07 shows it, or try `FranceSentence((3, 40))`. At one fixed distance it has nothing easier to begin with.

# %% [markdown]
# ## What training did to the time scales
#
# To look inside, we need the loop of lesson 04 once more. This one keeps everything it meets, and it can do two things to a network: begin with any $h$ and $c$, and hold one
# gate at a given value, the same or one for each word, on given words.


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %%
def read(model, x, h=0, c=0, hold=None, value=None, words=range(45)):
    W, U, b = model.layer.get_weights()
    h, kept = h + np.zeros((len(x), len(U)), "float32"), []
    for t in range(x.shape[1]):
        a_i, a_f, a_g, a_o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        now = {
            "i": sigmoid(a_i),
            "f": sigmoid(a_f),
            "g": np.tanh(a_g),
            "o": sigmoid(a_o),
        }
        if hold and t in words:
            now[hold] = np.broadcast_to(value, (x.shape[1], *h.shape))[t]
        c = now["f"] * c + now["i"] * now["g"]
        h = now["o"] * np.tanh(c)
        kept.append({**now, "h": h, "c": c})
    return {name: np.stack([one[name] for one in kept], axis=1) for name in kept[0]}


# %%
def answers(model, trace):
    V, d = model.head.weights["kernel"], model.head.weights["bias"]
    return (trace["h"][:, -1] @ V + d).argmax(axis=1)


# %%
traces = [read(model, fresh.inputs) for model in chrono]  # each (480, 45, 32)
gap = max(
    np.abs(t["h"][:, -1] - m.layer(fresh.inputs)).max() for t, m in zip(traces, chrono)
)
claim("The loop gives the package's last state to 4 decimals.", identity=gap < 1e-4)


# %%
def scales(trace):
    f = trace["f"][:, 5:]  # the words after the country
    return np.sort(time_scale(f.mean(axis=(0, 1))))


untrained = [build(seed, bias_initializer=Chrono(40)) for seed in SEEDS]
sorted_scales = {
    "LSTM, chrono, trained": [scales(trace) for trace in traces],
    "LSTM, chrono, at the start": [scales(read(m, fresh.inputs)) for m in untrained],
    "LSTM, default, at the start": [
        scales(read(build(s), fresh.inputs)) for s in SEEDS
    ],
}

# %%
show(
    plots.rank_panels(
        sorted_scales,
        baseline=40,
        baseline_label="distance",
        ylabel="time scale in words",
    ),
    alt="Time scales of 32 units, sorted, logarithmic, three panels with a line for "
    "each of 3 seeds. Default, at the start: all near 4 words. Chrono, at the start: "
    "from 3 to 40. Chrono, trained: the lower half looks as before, the slowest units "
    "reach some hundred words.",
)

# %% [markdown] slide="figure" minutes=3
# ## Training opened a few gates until they hardly leak
#
# Notes: The dotted line is the distance of 40 words. Each panel is sorted by itself, so it follows no unit:
# the same unit can be fast on the right and slow on the left.

# %% [markdown]
# Training has opened a few gates until they hardly leak at all. (Each panel is sorted by itself: the same place is not the same unit.)

# %%
slowest = {name: [one[-1] for one in some] for name, some in sorted_scales.items()}
claim(
    "Trained from a chrono start, the slowest unit's time scale is above 60 words "
    "(distance 40, rate 0.01, 3 seeds).",
    measured=slowest["LSTM, chrono, trained"],
    above=60,
    control={"at the start": slowest["LSTM, chrono, at the start"]},
)

# %% [markdown] right=3
# ## Reading along
#
# Now we look at the last of the three networks. It reads the same sentence twice, once with France and once with Germany. The
# picture shows the cell state $c$ of all 32 units, one row each, sorted by their value at the end of the French sentence;
# beyond ±6 the colour stays the same.
#
# **Predict.** How many of the 32 rows will the country light up?
#
# - one
# - a few
# - most of them

# %% [markdown] slide="predict" minutes=2
# ## 32 units, one row each: how many rows does the country light up?
#
# - one
# - a few
# - most
#
# Answer: Most of them. The others light up for other countries.
#
# Notes: The same sentence is read twice, once with France and once with Germany.

# %%
network = chrono[-1]
sentences = np.concatenate([task.sentence(name, 40) for name in task.countries])
by_country = [read(model, sentences) for model in chrono]  # each (12, 45, 32)
france, germany = (task.countries.index(name) for name in ("France", "Germany"))
words = task.words(sentences[france])

# %%
c = by_country[-1]["c"]
rows = np.argsort(-c[france, -1])

# %%
show(
    plots.sentence_heatmaps(
        {
            "c of the third network, the sentence with France": c[france][:, rows],
            "c, the same sentence with Germany": c[germany][:, rows],
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
# pale for France are dark for other countries, so being pale belongs to the pattern, too.
#
# There is a second thing to see. The pattern is not only kept, it *grows*. At the country it is faint. Then each word, whatever it is,
# writes more of the same. The two sentences have the same words after the country, so only $h$ can tell the gates and the candidate what to write: what is
# shown of the memory decides what is added to it.

# %%
lit = [np.mean((np.abs(one["c"]) > 1).sum(axis=2), axis=0) for one in by_country]
size = [np.abs(one["c"]).mean(axis=(0, 2)) for one in by_country]
differ = [(one["c"].std(axis=0) > 1).sum(axis=1) for one in by_country]
claim(
    "At the blank more than 18 of 32 units of c are beyond ±1, on average over 12 "
    "countries (trained from a chrono start, 3 seeds).",
    measured=[one[44] for one in lit],
    above=18,
    control={"at the country": [one[4] for one in lit]},
)
claim(
    "At the blank more than 30 of 32 units of c have a standard deviation over the 12 "
    "countries above 1 (trained from a chrono start, 3 seeds).",
    measured=[one[44] for one in differ],
    above=30,
    control={"at the country": [one[4] for one in differ]},
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

# %% tags=["nbval-ignore-output"] reason="training ends a little elsewhere on another machine"
print("c at the blank / at the country:", [f"{one[44] / one[4]:.0f}" for one in size])

# %% [markdown]
# More than tenfold, in each network. So the picture of lesson 04, *written once, kept, read once*, is what an LSTM **can** do. This one found something
# else: it goes on **rehearsing** what it has heard.

# %% [markdown] right=1
# ## What the gates do
#
# **Predict.** At the word *France*, which gate flies open in most of the units?
#
# - none of them
# - the input gate
# - the output gate

# %% [markdown] slide="predict" minutes=2
# ## At *France*: which gate flies open in most of the units?
#
# - none of them
# - input gate
# - output gate
#
# Answer: None of them: the input gate goes from 0.1 to 0.2 on average.
#
# Notes: And at "fluent", just before the blank? Nothing special happens there. Single units do move: next
# slide.

# %%
names = {"i": "input gate i", "f": "forget gate f", "o": "output gate o"}
show(
    plots.unit_traces(
        {
            f"{name} of the first network": (gate, by_country[0][gate][france])
            for gate, name in names.items()
        },
        words,
        mark=[4],
    ),
    alt="Three panels over 45 words, a thin line for each of 32 units and a thick one "
    "for their mean. The means are nearly level, but for a small step of input and "
    "output gate at France. Single input gates jump there by up to a half; later they "
    "spread between 0 and 0.8. Most forget gates stay near 1, some sink to 0.2. "
    "Output gates begin near 0.6 and spread over all values. No mean stands out at "
    "'fluent'.",
)

# %% [markdown] slide="figure" minutes=7 crop="0 0 100 27.5, 0 84 100 100" alt="The input gate of 32 units over the sentence, a thin line each, and a thick one for the mean. At the country the mean rises from 0.1 to 0.2 or 0.3, single units by far more."
# ## The mean hardly moves; single units do
#
# Notes: Thick is the mean over the 32 units. A few input gates jump at the country. Then the gates of single
# units drift apart and stay there. At "fluent" the mean does nothing special.
# Then open the player in the notebook and step to word 5: watch the input gate of one unit. Its strip is the
# difference between the sentence with France and the one with Germany.

# %% [markdown]
# None of them: the mean of the input gate goes from about 0.1 to 0.2 or 0.3 at the country, that of the output gate hardly more, and nothing special happens to them at *fluent*.
#
# But a mean over 32 units hides the single unit. Some input gates jump at the country, some output gates once more at the last three words. And within twenty words the gates of single units drift apart, to different values for
# different countries, and stay there (below: standard deviation over the twelve, mean over units).

# %%
steps = [np.diff(one["i"], axis=1) for one in by_country]  # each (12, 44, 32)
most = [one.max(axis=2).mean(axis=0) for one in steps]  # of the unit that opens most
for gate in "ifo":
    spread = np.median([one[gate].std(axis=0).mean(axis=1) for one in by_country], 0)
    print(f"{gate} at words 5, 10, 20, 45:", np.round(spread[[4, 9, 19, 44]], 1))
claim(
    "At the country the input gate that opens most opens by more than 0.2, on average "
    "over 12 countries (trained from a chrono start, 3 seeds).",
    measured=[one[3] for one in most],
    above=0.2,
    control={"at the word where it is largest, later": [one[4:].max() for one in most]},
)

# %% [markdown]
# Here is the unit of the first network that jumps most, in the player of lesson 04. The boxes show the gates of this one unit; the strip shows where the memory differs
# from that of the sentence with Germany, and how this difference grows. (Its numbers need not agree: forward it compares two sentences, backward it asks for a tiny nudge.)

# %% tags=["nbval-ignore-output"] reason="which unit it is hangs on the last digits of the training"
from course_utils.player import cell_player, scene

unit = int(steps[0][france, 3].argmax())
both = {"other": sentences[germany], "clues": [5], "unit": unit}
one = scene(
    [chrono[0].layer], sentences[france], words, title="Trained on this", **both
)
player = cell_player(["LSTM"], [one])
player

# %%
show(
    player.figure(),
    alt="The LSTM at the last word, 'fluent', with the gates of one unit. The strip "
    "below, a row for each of six units, is empty up to France; then the difference "
    "from the sentence with Germany grows darker from word to word.",
)

# %% [markdown] right=3
# ## Who knows the country?
#
# Let us look for the unit that holds the country. The method is called a **probe**: a small reader, trained on one part of a network, that shows what can be read off there. Ours is as small as can be. We stop after 21 words, 16
# behind the country, and look at one unit of $c$. From 240 sentences we know its average value for each country. For 240 other sentences we name the country
# whose average is nearest.
#
# Every probe needs a control: the same with the labels of the 240 known sentences shuffled. It must fall to guessing, or the probe has found something else.
#
# **Predict.** Guessing is right in 8 of 100 cases. How many of the 32 units, each on its own, are right in more than 40 of 100?
#
# - one or two
# - about half
# - all of them


# %%
def probe(values, labels):  # (480, 32): of the second half, how many are named rightly
    known, asked = np.split(values, 2)
    average = np.stack([known[labels[:240] == k].mean(axis=0) for k in range(12)])
    nearest = np.abs(asked[:, None] - average).argmin(axis=1)
    return (nearest == fresh.targets[240:, None]).mean(axis=0)


# %%
shuffled = np.random.default_rng(0).permutation(fresh.targets)
knows = {s: [probe(t[s][:, 20], fresh.targets) for t in traces] for s in "ch"}
by_chance = [probe(t["c"][:, 20], shuffled) for t in traces]
print(
    "units above 0.4 in each network:", [int((one > 0.4).sum()) for one in knows["c"]]
)

# %% [markdown] slide="predict" minutes=2
# ## How many of 32 units, each read alone, are right in over 40 of 100?
#
# One unit of $c$, after 21 words, names the country.
#
# - one or two
# - about half
# - all of them
#
# Answer: All 32, in three networks.
#
# Notes: Guessing is right in 8 of 100. Whichever unit you pick, you could publish it as the France neuron.
# And h knows it as well as c.

# %%
claim(
    "After 21 words the median unit of c, and that of h, names the country in more "
    "than 0.6 of 240 sentences; guessing gives 0.083 (3 seeds).",
    measured=[[np.median(one) for one in knows[state]] for state in "ch"],
    above=0.6,
    control={"shuffled labels": [np.median(one) for one in by_chance]},
)

# %% [markdown]
# All of them, in each network. Each unit has settled at a height of its own for each country. There is no *the* unit: whichever you pick, you could
# publish it as the France neuron. (Karpathy, Johnson and Fei-Fei (2015) found single units one can name, such as one that is on inside quotation marks, in large networks trained on
# books and code, and only in a few of many. They read what units show, as we do here, and say so.)

# %% [markdown] slide="bars" minutes=2 most=1
# ## All units know; that does not mean they decide
#
# - median unit of $c$: 0.8 to 1
# - guessing: 0.083
#
# Of 240 sentences, the part whose country one unit names after 21 words
#
# Notes: Knowing is what can be read off. Deciding is what the answer hangs on. To find out, one must reach
# in.

# %% [markdown] right=2
# ## Who decides? A transplant
#
# That a part *knows* something does not mean that the network *uses* it there. To find out, we must reach in. We stop the network after 21
# words of the sentence with France, put in the $h$ or the $c$ of the sentence with Germany, and let it read the rest. Papers call such a transplant *activation patching*. With our loop it is one
# line: begin with another $h$ or $c$.
#
# **Predict.** Which transplant brings the answer *German*?
#
# - that of $h$ only
# - that of $c$ only
# - either


# %%
def after(model, k):  # the states of all 12 sentences after k words
    trace = read(model, sentences[:, :k])
    return trace["h"][:, -1], trace["c"][:, -1]


h, c = after(network, 21)
for name, h_from, c_from in (
    ("nothing", france, france),
    ("h", germany, france),
    ("c", france, germany),
):
    trace = read(network, sentences[[france], 21:], h[[h_from]], c[[c_from]])
    print(
        f"transplanted {name}: I speak fluent", task.answers[answers(network, trace)[0]]
    )

# %% [markdown] slide="predict" minutes=3 drawing="transplant"
# ## Which transplant brings the answer *German*?
#
# - that of $h$ only
# - that of $c$ only
# - either
#
# Answer: That of $c$. With that of $h$ it still says French.
#
# Notes: We stop after 21 words of the sentence with France, put in one state of the sentence with Germany, and read
# on. Hands up for each. In papers it is called activation patching. Then all 132 pairs: next slide.

# %% [markdown]
# That of $c$. Now all 132 pairs of two countries, in all three networks, and at two places: after 21 words, and right after the
# country itself.

# %%
own, other = np.argwhere(~np.eye(12, dtype=bool)).T  # 132 pairs


def followed(model, k, h_from, c_from, whose=other):
    h, c = after(model, k)
    trace = read(model, sentences[own, k:], h[h_from], c[c_from])
    return np.mean(answers(model, trace) == whose)


# %%
moved = {}
for k in (5, 21):
    moved["h", k] = [followed(model, k, other, own) for model in chrono]
    moved["c", k] = [followed(model, k, own, other) for model in chrono]
still = [followed(model, 5, own, other, whose=own) for model in chrono]

# %%
show(
    plots.dots_by_seed(
        {
            "h, right after the country": ("h", moved["h", 5]),
            "h, after 21 words": ("h", moved["h", 21]),
            "c, right after the country": ("c", moved["c", 5]),
            "c, after 21 words": ("c", moved["c", 21]),
            "c, right after: still its own": ("", still),
        },
        xlabel="share of 132 answers that are the other country's (last row: its own)",
    ),
    alt="A mark for each of 3 seeds. Transplanting h changes the answer to the other "
    "country's in at most 0.1 of the cases right after the country, and in none after "
    "21 words. Transplanting c does so in 0.6 to 0.8 right after the country, and in "
    "about 1.0 after 21 words. Right after the country at most 0.1 keep their own.",
)

# %% [markdown] slide="bars" minutes=3 most=1
# ## $c$ decides; what $h$ knows is its shadow
#
# - $h$, at the country: 0 to 0.1
# - $h$, after 21 words: 0
# - $c$, at the country: 0.6 to 0.8
# - $c$, after 21 words: 1.0
#
# Part of 132 transplants that change the answer
#
# Notes: Give it a wrong h, and one step later h is made anew from c. Right after the country h still has a
# say.

# %% [markdown]
# After 21 words the memory is in $c$, and what $h$ knows is only its shadow: give it a wrong $h$, and one step later $h$ is made anew from
# $c$. Right after the country, $h$ still has a say: with $c$ alone exchanged, a part of the answers is neither the other's nor its own but a third country's.
# (The last row is the first, read from the other side: all twelve sentences share their filler words, so the $h$ of one country beside the $c$ of another is one experiment.)

# %%
claim(
    "After 21 words, transplanting c alone changes more than 0.85 of 132 answers to "
    "the other country's (trained from a chrono start, 3 seeds).",
    measured=moved["c", 21],
    above=0.85,
    control={"transplanting h alone": moved["h", 21]},
)

# %% [markdown] right=2
# ## How many units does it take?
#
# Perhaps a few units of $c$ decide and the others follow. Which units matter may differ from one pair of countries to the next, so we choose them for each pair: first the unit whose
# transplant moves the answer most towards the other country, then the one that moves it most in addition, and so on. As a control, units taken at random.
#
# **Predict.** How many of the 32 units, chosen for the pair, turn half of the answers?
#
# - one
# - about five
# - about twenty

# %% [markdown] slide="predict" minutes=2
# ## How many units of $c$, chosen for the pair, turn half of the answers?
#
# - one
# - about five
# - about twenty
#
# Answer: About five. At random it takes about twenty.
#
# Notes: The best unit for this pair first, then the best in addition. Which units those are differs from pair
# to pair.


# %%
def with_units(model, h, c, chosen):  # chosen: (132, 32), True where c is transplanted
    mixed = np.where(chosen, c[other], c[own])
    return read(model, sentences[own, 21:], h[own], mixed)


def lead(model, trace):  # of the other country's answer over its own, (132,)
    V, d = model.head.weights["kernel"], model.head.weights["bias"]
    logits, pair = trace["h"][:, -1] @ V + d, np.arange(132)
    return logits[pair, other] - logits[pair, own]


# %%
def best_first(model, most=6):
    (h, c), chosen, shares = after(model, 21), np.zeros((132, 32), bool), [0.0]
    for _ in range(most):
        gains = [
            lead(model, with_units(model, h, c, chosen | one))
            for one in np.eye(32, dtype=bool)
        ]
        gains = np.where(chosen.T, -np.inf, gains)
        chosen[np.arange(132), gains.argmax(axis=0)] = True
        shares.append(np.mean(answers(model, with_units(model, h, c, chosen)) == other))
    return shares


# %%
def at_random(model, rng):
    (h, c), order = (
        after(model, 21),
        rng.permuted(np.tile(np.arange(32), (132, 1)), axis=1),
    )
    masks = [order < k for k in range(0, 33, 4)]
    return [
        np.mean(answers(model, with_units(model, h, c, mask)) == other)
        for mask in masks
    ]


best = [best_first(model) for model in chrono]
random = [at_random(model, np.random.default_rng(0)) for model in chrono]

# %%
show(
    plots.training_curves(
        {
            "chosen for the pair": (np.arange(7), best),
            "at random": (np.arange(0, 33, 4), random),
        },
        xlabel="units of c that are transplanted",
        ylabel="answers that follow",
        title="How many units carry the country (3 seeds)",
    ),
    alt="Share of answers that follow against the number of transplanted units, median "
    "and range of 3 seeds. Chosen for the pair, five units turn about half of the "
    "answers. At random it takes about twenty.",
)

# %% [markdown] slide="figure" minutes=3
# ## No single unit decides; about five of 32 turn half of the answers
#
# Notes: Chosen for each pair, the best first. One unit alone turns few. At random it takes four times as many.

# %% [markdown]
# About five, chosen one by one; the best five might do more. The memory is spread, but not evenly: a single unit turns few answers. So one can find a
# unit, change it, and see an answer change. To call it the place of the country would be wrong all the same.

# %%
claim(
    "Five of 32 units, chosen for the pair, carry more than 0.4 of 132 answers "
    "(trained from a chrono start, distance 40, 3 seeds).",
    measured=[one[5] for one in best],
    above=0.4,
    control={"one unit": [one[1] for one in best]},
)

# %% [markdown] right=1
# ## Holding a gate
#
# Last, the gates. A gate that can be replaced by a constant is not needed as a gate, at least not here. Our loop can **hold** a gate: at its mean over all words and sentences, a
# number for each unit, or wide open, at 1.
#
# **Predict.** Which of the four does most harm when it is held at its mean?
#
# - the candidate $g$
# - the input gate $i$
# - the forget gate $f$
# - the output gate $o$


# %%
def score(model, **held):
    return np.mean(answers(model, read(model, fresh.inputs, **held)) == fresh.targets)


def held(gate, value, words=range(45)):
    return [score(model, hold=gate, value=value, words=words) for model in chrono]


# %%
mean = {}
for gate in "gifo":
    means = [trace[gate].mean(axis=(0, 1)) for trace in traces]  # (32,) each
    mean[gate] = [score(m, hold=gate, value=v) for m, v in zip(chrono, means)]
opened = {gate: held(gate, 1.0) for gate in "ifo"}
leaking = held("f", 0.73)
in_time = [trace["i"].mean(axis=0)[:, None] for trace in traces]  # (45, 1, 32) each
each_word = [score(m, hold="i", value=v) for m, v in zip(chrono, in_time)]

# %%
show(
    plots.dots_by_seed(
        {
            **{f"{gate} at its mean": (gate, mean[gate]) for gate in "gifo"},
            **{f"{gate} = 1": (gate, opened[gate]) for gate in "ifo"},
            "f = 0.73": ("f", leaking),
            "i at its mean of each word": ("i", each_word),
        },
        baseline=1 / 12,
        xlabel="right answers with one gate held",
    ),
    alt="Accuracy with one gate held, a mark for each of 3 seeds. The candidate g at "
    "its mean: 0.08, which is guessing. The input gate held open: guessing or a little "
    "more. The input gate at its mean: between 0.2 and 0.7. The forget and the output "
    "gate, at their mean or open: mostly near 1, never below 0.7. The forget gate held "
    "at 0.73: between guessing and 0.4. The input gate at a mean for each word: 0.7 "
    "to 1.",
)

# %% [markdown] slide="figure" minutes=3
# ## $f$ and $o$ could be constants here; $g$ and $i$ could not
#
# Notes: Each gate in turn is held at its mean, then opened altogether. The forget gate has to be open, but
# need not move, here: one sentence, from an empty memory. Last row: an input gate that moves in time but sees nothing of the sentence
# does. Other networks may differ.

# %% [markdown]
# The candidate: it carries the content, so without it nothing is left. Of the three gates, the input gate is the one that these three networks miss as
# a gate. The forget gate has to be *open*: held at 0.73, where Keras starts it, at most 0.4 are right, in one network as many as by guessing. But it need not *move*: with $f = 1$ nothing is forgotten, as in the LSTM of 1997, which had no forget gate, and for one sentence that starts from an empty
# memory that is mostly enough. The same is nearly true of the output gate.
#
# And what of the input gate's movement do they miss? The last row holds it at its mean **of each word**, the same for all sentences. So it moves in time, and can no longer see what the sentence says. Most
# answers are right again: this gate has to know how far the sentence has come, and hardly more; that it has to be shut before the country, the next cells show. (That is enough because the country is always the fifth word here. Where it may stand anywhere, a gate in time cannot know it; we did not try that.)

# %%
claim(
    "With i held at its mean of each word, the same for all sentences, more than 0.6 "
    "of 480 answers stay right (chrono start, distance 40, country the fifth word, 3 "
    "seeds).",
    measured=each_word,
    above=0.6,
    control={"i at its mean over all words": mean["i"]},
)
claim(
    "With f or o held at its mean or at 1, more than 0.75 of 480 answers stay right on "
    "average (trained from a chrono start, distance 40, 3 seeds).",
    measured=[mean["f"], opened["f"], mean["o"], opened["o"]],
    above=0.75,
    on_average=True,
    control={"with g at its mean": mean["g"]},
)

# %% [markdown] right=1
# Why is an open input gate fatal? Two guesses. Either the filler words, written at full strength, drown the country. Or
# something goes wrong before the country comes.
#
# **Predict.** We hold $i = 1$ on the four words *I grew up in* only, or on all forty words after the country only. Which does the harm?
#
# - on the four words before
# - on the forty words after
# - both

# %% tags=["nbval-ignore-output"] reason="training ends a little elsewhere on another machine"
before, later = held("i", 1.0, range(0, 4)), held("i", 1.0, range(5, 45))
print("right with i = 1 before:", np.round(before, 2), "  after:", np.round(later, 2))

# %% [markdown]
# The four words before. They leave the memory full: is that the reason? Then emptying it just before the country must heal it, although the gate was held open. We let the
# four words go by with $i = 1$, empty $h$, or $c$, or both, and read on, with all gates free.


# %%
def healed(model, keep_h, keep_c):
    full = read(model, fresh.inputs[:, :4], hold="i", value=1.0)
    h, c = keep_h * full["h"][:, -1], keep_c * full["c"][:, -1]
    rest = read(model, fresh.inputs[:, 4:], h, c)
    return np.mean(answers(model, rest) == fresh.targets)


parts = {"h": (0, 1), "c": (1, 0), "h and c": (0, 0)}
emptied = {name: [healed(m, *some) for m in chrono] for name, some in parts.items()}

# %%
show(
    plots.dots_by_seed(
        {
            "i = 1 on the 40 words after": ("i", later),
            "i = 1 on the 4 words before": ("i", before),
            **{f"... then {one} emptied": ("c", emptied[one]) for one in emptied},
        },
        baseline=1 / 12,
        xlabel="right answers",
    ),
    alt="Accuracy, a mark for each of 3 seeds. Input gate held open on the forty words "
    "after the country: between 0.6 and 1. On the four words before: about 0.08, which "
    "is guessing. With h or c emptied alone before the country comes, "
    "most are still wrong; with both emptied 0.6 to 1 are right.",
)

# %% [markdown] slide="figure" minutes=3
# ## The memory must be empty when the country comes
#
# Notes: Ask before: input gate open on the four words before, or on the forty after: which does the harm? The
# control: empty the memory just before the country, and the network answers again.

# %%
claim(
    "After i = 1 on the four words before the country, emptying h and c brings back "
    "more than 0.5 of 480 answers (trained from a chrono start, 3 seeds).",
    measured=emptied["h and c"],
    above=0.5,
    control={"one of them": [*emptied["h"], *emptied["c"]]},
)

# %% [markdown]
# So it is what stands in $h$ and $c$ that does the harm, and either is enough. That fits the rehearsal: whatever stands there is shown, written again, and
# grows. Do the networks rehearse *I grew up in* until it drowns the country? Then $c$ at the blank must be nearly the same for all twelve, larger than at *in*, and point the same way (a cosine near 1).


# %% tags=["nbval-ignore-output"] reason="training ends a little elsewhere on another machine"
def compared(c):
    first, last = c[:, 3], c[:, -1]  # at "in", at the blank
    apart = last.std(axis=0).mean() / np.abs(last).mean()  # over the 12 countries
    sizes = np.linalg.norm(first, axis=1), np.linalg.norm(last, axis=1)
    cosine = np.sum(first * last, axis=1) / sizes[0] / sizes[1]
    return f"{apart:.1f} x{np.mean(sizes[1] / sizes[0]):.0f} {cosine.mean():.1f}"


full = [read(model, sentences, hold="i", value=1.0, words=range(4)) for model in chrono]
for name, some in {"i free": by_country, "i = 1 on four words": full}.items():
    print(f"{name}: apart, growth, cosine", [compared(one["c"]) for one in some])

# %% [markdown] right=2
# It is, and roughly the same way. The input gate, nearly shut at the beginning, keeps the memory empty for the country.
#
# One question is left. Does the network *need* to rehearse to the end, or could lesson 04's carousel, $c_t = f \cdot c_{t-1}$, do it alone?
#
# **Predict.** After 21 words we shut the input gate for good, $i = 0$, so that nothing is written any more. Does the answer survive the 24 words that are left?
#
# - no, it fades
# - yes, nearly always

# %%
shut = held("i", 0.0, range(21, 45))
claim(
    "With nothing written after 21 words, more than 0.85 of 480 answers stay right "
    "(trained from a chrono start, 3 seeds).",
    measured=shut,
    above=0.85,
    control={"nothing written at all": held("i", 0.0)},
)

# %% [markdown] slide="bars" minutes=2 most=1
# ## From then on $c$ only rides the carousel
#
# - nothing written: 0.85 to 1
# - guessing: 0.083
#
# Right answers if nothing is written after 21 words (3 seeds)
#
# Notes: The rehearsal makes the memory large; the open forget gate keeps it. From word 22 on no more of it is needed; about the
# words before, this test says nothing. This closes the circle to lesson 04.

# %% [markdown]
# It does. From word 22 on $c$ only rides the carousel, and that is enough: from there on no rehearsal is needed. (Whether it is needed before, this test does not show.) The
# rehearsal makes the memory large; the open forget gate keeps it.

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and train a small LSTM to recall a symbol, ask which of its units know it, and
# put the memory of another sequence in. NumPy is all you need; names and order are yours. (Loop and way back are those of lesson 04, with `W[x]` for a one-hot row times `W`. The start is chrono: from a time scale follows $f = 1 - 1/\text{scale}$,
# and from $f = \sigma(b_f)$ the bias; $b_i = -b_f$. A step is the clipped gradient.)
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - At a fixed distance of 40 words Keras's biases with Keras's $U$ failed in three of three networks, and chrono's biases succeeded: open forget gates, and input gates nearly shut. The **time scale** $1/(1-f)$ is one thing to look at, the way back through $h$ and $U$ the other.
# - The country is a **pattern over the whole state**, and it grows from word to word.
# - A **probe** shows who knows: nearly every unit of $c$ and of $h$. Its control is shuffled labels.
# - A **transplant** (activation patching) shows who decides: $c$ does, $h$ does not. No single unit is the place of the country; about five, chosen for the pair, turn half of the answers.
# - **Holding a gate** shows what is needed as a gate: here the input gate (one that moves in time alone does nearly as well); held open, it fills the memory before the country comes. The forget gate has to be open, and
#   could be a constant.
#
# All this is about three small networks and one task, a single sentence. The method is what carries over: look, predict, reach in, count.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/05_inside_the_gates.ipynb) has 4 tasks, from a bias for a time scale to an experiment
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
