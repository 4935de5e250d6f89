# %% [markdown]
# # 00 · Start here: the sentence that forgets
#
# *I grew up in France. ... I speak fluent* ___. Three neural networks have learnt to fill this blank, with 3 to 10
# words where the dots are. Which of them will lose France first, when it moves further away? Say it, then move it.

# %% tags=["opening"]
from course_utils.dial import first_dial

first_dial()

# %% [markdown]
# In this lesson you train these three yourself. How to work with it:
#
# - **Run** the cells in order, from the top, each with Shift+Enter; the next one is then chosen.
# - To **predict**, click the answer that you expect, then run on. (*Run All* would run past every question.)
# - **Stop** a cell that takes too long with the ■ button above: what is done stays done.
# - **Start again** with *Kernel → Restart Kernel and Run All Cells*. You cannot break anything.
# - **Your copy is yours**: what you write is never overwritten. `course reset 00`, in a terminal, lays a fresh one beside it.
# - **If something does not work**, `course doctor` says what, and how to mend it. START.md, above the lessons, says more.
#
# **Why learn this, when everybody has a transformer?** For most text on large machines a transformer is the better choice,
# and lesson 11 says why: it reads all words at once and can look back at each of them (Vaswani and others 2017). But what it has
# read it must keep, and every new word costs it more. A recurrent network keeps a **state** of fixed size: its millionth step costs what
# its first did. That is worth much in streams and on small devices; the price is that what the state has lost is gone.
# Where it goes, how training sends an error back through many steps, and what a gate is for: that is this course, and
# all three come back in other deep networks.
#
# ## What you will learn
#
# - How far back a plain recurrent network, an LSTM and a GRU remember one word, and what changes that.
# - How an answer is read off what such a network has kept.
# - To turn one knob at a time, and to tell a network that has forgotten from one whose training blew up.
# - What a claim is in this course.
#
# ## What you need
#
# A little Python, and the idea that a network learns from examples. You need not understand every line of code
# here.
#
# **Time.** About 35 minutes; its cells run in 50 s.

# %% [markdown] slide="question" minutes=2
# ## I grew up in France. … I speak fluent ___
#
# You fill the blank without effort. What if many words stand in between?
#
# Notes: Read it aloud and let the room say the word. Then: three networks will try this in the next minutes,
# and each of them will lose France. Which one first?

# %% tags=["setup"]
from copy import copy, deepcopy

import numpy as np

from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.claims import ClaimError, claim
from course_utils.dial import sentence_dial
from course_utils.plots import (
    Scene,
    Stage,
    cell_diagram,
    distance_panels,
    sentence_beliefs,
    show,
    training_panels,
    visual_language,
)
from course_utils.tasks import FranceSentence
from course_utils.training import Adam, SequenceModel, train, with_progress

# %% [markdown]
# ## Move France away
#
# In our toy world people grow up in one of twelve countries. A network reads a text word by word and must then
# name the language. In all its practice, **3 to 10 words** stand between the country and the blank. The last three of them
# are always *I speak fluent*; the others come from sentences that say nothing about the country, such as *We walked beside the school*.
#
# **Question.** Will a network that has learnt to keep a word for ten words keep it for thirty as well?
#
# The next two cells train three such networks of your own: about 3 seconds, with a bar for each. Each has 64 **units**, the numbers
# in which it keeps what it has read. Training changes its **weights**, the numbers it computes with, in small steps after each *batch* of 32
# sentences; the **learning rate**, 0.003, is the size of the steps. It stops when the **loss** is below 0.05: minus the logarithm of the
# probability that the right language got, averaged over 256 other texts; we look every 50 batches. **Adam** is the rule of the steps: it fits the size of each to
# what the batches so far asked for, which it remembers. They are not equally quick: on our machine the LSTM
# needs 100 batches, the GRU 150, the RNN 350 to 450.

# %% [markdown] slide="words" minutes=2
# ## They practise with 3 to 10 words in between
#
# - Twelve countries, twelve languages
# - Word by word, then one answer
# - Trained until each knows the answers
#
# Notes: A toy world of 73 words. Same settings for all three. Whoever guesses is right once in twelve. Ask:
# will a network that keeps a word for ten words keep it for thirty as well?

# %%
near = FranceSentence(distance=(3, 10), length=50)  # 50 words with what precedes
adams = {}  # each network's own rule of the steps


def known(metrics):
    return metrics.loss < 0.05


def trained(cell, seed, units=64):
    model = SequenceModel.for_task(cell(units, seed=seed), near, seed=seed)
    adam = adams[model] = Adam(learning_rate=0.003)
    train(model, near, steps=1500, optimizer=adam, stop_when=known, seed=seed)
    return model


# %%
cells = [SimpleRNN, LSTM, GRU]
networks = {cell.name: trained(cell, seed=6) for cell in cells}

# %% [markdown]
# ## From the words to an answer
#
# What does such a network do? Here is the plain recurrent network, **RNN** for short, taken apart. Every word of a text is a row of
# 73 numbers, one for each word of our world: a 1 at its own place, else 0. The network goes through the rows and computes its
# **state** `h`, 64 numbers, anew from each word and from the state before. Lesson 01 is about this loop.
#
# After the last word the **read-out** `V` makes twelve scores of the state, one for each language, and the **softmax** makes
# probabilities of them: numbers above 0 that add up to 1. The largest is the language that the network names.

# %%
book = FranceSentence(length=125)
x = book.sentence("France", 5)[0]
W, U, b, V, d = networks["SimpleRNN"].weights.values()
print([near.labels.inputs[k] for k in x[-10:].argmax(axis=1)])
shapes = {"x": x, "W": W, "U": U, "b": b, "V": V, "d": d}
print(*(f"{name} {array.shape}" for name, array in shapes.items()))

# %%
h = np.zeros(len(U))
for word in x:
    h = np.tanh(word @ W + h @ U + b)
scores = h @ V + d
p = np.exp(scores) / np.exp(scores).sum()
print("adds up to", p.sum().round(3), "and names", near.answers[p.argmax()])

# %% [markdown] slide="code" minutes=2 lines="1-5"
# ## One loop reads the words; after the last one it is asked
#
# Notes: `h`, the state, is 64 numbers, made anew at each word from the word and from the state before. `V` makes
# twelve scores of it, the last line makes probabilities of these. Ask: where in this program is France kept?

# %%
claim(
    "This loop and its read-out give the package's twelve probabilities, to 4 "
    "decimals.",
    identity=np.allclose(p, networks["SimpleRNN"].probabilities(x[None])[0], atol=1e-4),
)

# %% [markdown]
# So `probabilities` is what these lines compute. The line with the ✓ is a **claim**: it has just been checked, on your machine; what its
# small words mean is told at the end of this lesson. And all that the network knows at the end is in the 64 numbers of `h`.
#
# Now texts with any number of words in between, and what each network believes. Forty words of other sentences come
# before each text, about as many as in training; we do not show them.

# %%
language = dict(zip(near.countries, near.answers))
page, opening = 40, 5  # words before the text; the five of "I grew up in France"


def beliefs(x, asked):
    said = {name: net.probabilities(x)[0] for name, net in asked.items()}
    return {name: dict(zip(near.answers, p)) for name, p in said.items()}


def scene(country, words, asked=networks):
    x = book.sentence(country, words)[:, -(page + opening + words) :]
    return Scene(near.text(x[0, page:]), country, language[country], beliefs(x, asked))


# %% [markdown] right=2
# **Predict.** The dial above showed networks that we had trained. These three have been trained on this page. Which of
# them will have lost France at 25 words?
#
# - none
# - only the RNN
# - the RNN and the GRU
# - all three

# %% [markdown] slide="predict" minutes=3 section="Move France away"
# ## Near which number of words will the first network lose France?
#
# - 15
# - 25
# - 50
#
# Answer: Near 15: the RNN.
#
# Notes: Hands up for each, and for which network; the answer is the next slide's. There, with France, the RNN is lost at
# 14 words, the GRU at 34, the LSTM at 38.

# %% [markdown] slide="dial" minutes=4 section="Move France away"
# ## Move the country away, word by word
#
# Notes: The three networks of the lesson, recorded. It starts at France and 3 words; let the room say when to
# stop. Then Poland, Denmark, Greece or Hungary: there the RNN is lost first, too, at 16 to 23 words. Not everywhere: with Germany,
# Italy, Portugal and Sweden it is never lost, LSTM and GRU are, and with Japan the LSTM goes first. One text is an anecdote. The arrow keys
# move the dial once it is clicked; Escape gives them back to the slides.

# %%
scenes = [scene("France", words) for words in (5, 25, 35, 45)]

# %%
show(
    sentence_beliefs(scenes),
    alt="The sentence with 5, 25, 35 and 45 words between France and the blank, and "
    "what each network believes; a wrong answer that a network names is crossed. At 5 "
    "words all three say French, almost surely. At 25 the RNN gives French hardly "
    "anything and names another language; LSTM and GRU still say French. At 35 the GRU "
    "names another one, too, and only the LSTM says French. At 45 none of the three "
    "does.",
)

# %% [markdown] slide="figure" minutes=1 section="Move France away" crop="0 21 100 43.3" alt="25 words between: the RNN names another language; LSTM and GRU still say French."
# ## At 25 words the RNN has lost France
#
# Notes: Let them look for a second. It does not say "I do not know". It names another language.

# %% [markdown] slide="figure" minutes=2 section="Move France away" crop="0 71.7 100 100" alt="45 words between: none of the three says French."
# ## At 45 words each of the three names another language
#
# Notes: Look at how they forget: another language is named, sometimes with confidence, sometimes without. If your own run shows
# other countries or places, nothing is broken: the training of the RNN is touchy.

# %% [markdown]
# On top stands the right language, below it those that the network finds most likely. At twenty-five words the RNN has lost
# France; ten words later the GRU has lost it too, and ten words after that the LSTM. A network that has lost it names another language. Sometimes
# it is sure of it, sometimes it spreads its probability over several.
#
# If your picture differs from ours, nothing is broken. The training of the RNN is touchy: a processor that rounds the
# seventh digit differently ends up with another RNN, which loses other countries, or the same ones elsewhere.
#
# ## One sentence is an anecdote
#
# One text, one country and one start of the training prove nothing. (Training begins with random weights, drawn as in Keras, the library of lessons 08 and 09: we call these *default starts*. Which numbers, a
# **seed** says; so far it was 6.) So let us ask for all twelve countries in 200 fresh texts at each
# distance, and train from two more starts (about 5 seconds).

# %%
seeds = [6, 7, 8]
runs = {name: [network] for name, network in networks.items()}
for cell in with_progress(cells, "networks"):
    runs[cell.name] += [trained(cell, seed) for seed in seeds[1:]]

# %%
distances = [3, 10, 15, 20, 25, 30, 40, 50, 60, 80]
texts = {n: FranceSentence(n, length=page + opening + n) for n in distances}
exams = {n: texts[n].sample(200, np.random.default_rng(99)) for n in distances}


# %%
def marks(three):
    """Shares of right answers, one row for each network: (3, distances)."""
    return np.array(
        [[net.evaluate(exams[n]).accuracy for n in distances] for net in three]
    )


def at(shares, words):
    """The same at one distance: (3,)."""
    return shares[:, distances.index(words)]


# %% [markdown] right=2
# Whoever guesses is right 8 times in 100: there are twelve languages. In the picture, each start is a thin line, and the
# thick line goes through the middle one of the three.
#
# **Predict.** At 20 words, twice as far as in training, how often will the RNN be right?
#
# - about 8 in 100
# - about 55 in 100
# - about 95 in 100

# %% [markdown] slide="predict" minutes=2
# ## One sentence is an anecdote. At 20 words, how often is the RNN right?
#
# - 8 in 100
# - 50 in 100
# - 75 in 100
# - 95 in 100
#
# Answer: Below 75; LSTM and GRU above 80.
#
# Notes: All twelve countries, 200 fresh texts at each distance, three starts. Guessing is right 8 times in
# 100.

# %%
before = {name: marks(three) for name, three in runs.items()}
stage_1 = Stage("trained on 3 to 10 words", (3, 10), before)

# %%
show(
    distance_panels(distances, [stage_1], chance=1 / 12),
    alt="Right answers against the number of words between, for three starts of each "
    "network. Up to 10 words all are at 1. At 20 words the RNN is between 0.4 and 0.7, "
    "the GRU near 0.85 and the LSTM near 1. All fall further. From 60 words on the "
    "RNN, which fell first, lies on top: near 0.3 at 80 words, the others near 0.2.",
)

# %% [markdown] slide="figure" minutes=3
# ## Beyond what they practised, all of them forget
#
# Notes: The shaded band is where they were trained. The RNN falls first, but LSTM and GRU fall as well, and at 80
# words they are below it. So "the LSTM remembers" is not true of this one. Ask: does the one that falls first also end
# lowest?

# %%
claim(
    "At rate 0.003, trained from their default starts on 3 to 10 words, 3 RNNs are "
    "right in fewer than 75 of 100 at 20 words.",
    measured=at(before["SimpleRNN"], 20),
    below=0.75,
    on_average=True,
    control={"LSTM": at(before["LSTM"], 20)},
)
claim(
    "Trained like that, at 60 words RNN, LSTM and GRU are right in fewer than half of "
    "the cases (rate 0.003, default starts, 3 seeds).",
    measured=[at(shares, 60) for shares in before.values()],
    below=0.5,
    on_average=True,
    control={"LSTM at 10 words": at(before["LSTM"], 10)},
)

# %% [markdown] right=1
# So the answer to our question is no. To know a word for ten words does not mean to know it for thirty, and **LSTM and GRU forget
# too**. Look at the right edge as well: the RNN falls first, but at 80 words the thin lines overlap. Who forgets first need not know
# least in the end.
#
# And is a network that forgets at least unsure?
#
# **Predict.** At 40 words, when the RNN names a wrong language: how likely does it find it, on average?
#
# - above 0.5
# - about 0.3
# - about 0.1, as in guessing


# %%
def sure_when_wrong(three, words):
    """The mean largest probability over the texts that are answered wrongly: (3,)."""
    exam, found = exams[words], []
    for network in three:
        p = network.probabilities(exam.inputs)
        wrong = p.argmax(axis=1) != exam.targets
        found.append(p.max(axis=1)[wrong].mean())
    return np.array(found)


# %%
for name, three in runs.items():
    sure = [sure_when_wrong(three, words).mean() for words in (40, 80)]
    print(f"{name:9} at 40 words {sure[0]:.1f}, at 80 words {sure[1]:.1f}")

# %%
claim(
    "At 40 words 3 RNNs give their wrong answers more than 0.5 on average (rate "
    "0.003, default starts).",
    measured=sure_when_wrong(runs["SimpleRNN"], 40),
    above=0.5,
    on_average=True,
    control={"LSTM at 80 words": sure_when_wrong(runs["LSTM"], 80)},
)

# %% [markdown]
# The RNN is sure: one cannot see from its answer that the country has been forgotten. So is the GRU. The LSTM is less sure at 40 words
# and less still at 80, as it should be. Three starts are too few to call this a law of the two, but enough to see that the probability of an
# answer need not tell whether anything stands behind it.
#
# ## Can they, if they must?
#
# In training no country was ever further away than ten words: nothing asked these networks to remember longer. So we
# train copies of all nine a little more, with the same learning rate, but now with **3 to 40 words** in between: 200 new batches
# for each. Adam goes on, too, with what it remembers of each network. (Begun anew, its first steps alone made most of our RNNs jump, even with
# the near sentences.)
#
# That turns two knobs: the country is further away, *and* there is more practice. So other copies get 200 batches more of the old kind,
# 3 to 10 words: the practice without the distance. (About 15 seconds together.)

# %%
far = FranceSentence(distance=(3, 40), length=50)


def practised(three, task, rate):
    """Copies after 200 more batches, and the loss on each of these batches."""
    copies, losses = [], []
    for net, seed in zip(three, seeds):
        start, adam = net.weights.vector.copy(), copy(adams[net])
        adam.learning_rate = rate
        new = {"optimizer": adam, "seed": seed + 100, "progress": False}
        losses.append(train(net, task, steps=200, **new).batch_loss)
        copies.append(deepcopy(net))
        net.weights.vector[:] = start  # what was practised is in the copy only
    return copies, np.array(losses)


# %%
longer, losses, again, losses_again = {}, {}, {}, {}
for name in with_progress(runs, "networks"):
    longer[name], losses[name] = practised(runs[name], far, rate=0.003)
    again[name], losses_again[name] = practised(runs[name], near, rate=0.003)

# %% [markdown] right=3
# **Predict.** Of which networks that practised far sentences will all three starts be right in more than 85 of 100 cases at 80 words, twice
# as far as they have ever seen?
#
# - none of them
# - only the LSTM
# - LSTM and GRU
# - all three

# %% [markdown] slide="predict" minutes=2
# ## Now all practise with 3 to 40 words. Whose three starts are right at 80?
#
# - all three
# - LSTM and GRU
# - none
#
# Answer: LSTM and GRU; of the RNN, one start.
#
# Notes: 200 batches more of 32 sentences, the same learning rate. 80 is twice as far as they have ever seen. Of each network three
# starts have been trained.

# %%
after = {name: marks(three) for name, three in longer.items()}
more = {name: marks(three) for name, three in again.items()}
stages = [
    Stage("200 batches more, 3 to 10 words", (3, 10), more),
    Stage("200 batches more, 3 to 40 words", (3, 40), after),
]

# %%
show(
    distance_panels(distances, stages, chance=1 / 12),
    alt="Two panels. After 200 batches more of 3 to 10 words, LSTM and GRU are near 1 "
    "at 20 words, fall to between 0.6 and 0.8 at 40 and to between 0.2 and 0.5 at 80; "
    "the RNNs end between 0.1 and 0.5. After 200 batches of 3 to 40 words LSTM and GRU "
    "are near 1 at all distances up to 80 words. There at least one of the RNN's "
    "three starts, in our run two, is near guessing at every distance, 3 words or a "
    "few more; the third is near 1.",
)

# %% [markdown] slide="figure" minutes=3
# ## LSTM and GRU keep the country once they are asked to
#
# Left: more of the same practice. Right: as much, with 3 to 40 words. Thin: each of three starts.
#
# Notes: On the right LSTM and GRU are at the top at all distances; on the left, after as many batches, they are not. So it is the
# distance, not the practice alone. One of the three RNNs has learnt it as well: its thin line runs at the top, under theirs. Now look at the other
# two at THREE words, where all starts were perfect before. Ask: so an RNN cannot keep a word for forty words? Who would
# write that in a paper?

# %%
claim(
    "200 batches with 3 to 40 words at rate 0.003 bring 3 LSTMs and 3 GRUs with "
    "default starts above 90 of 100 at 40 words.",
    measured=[at(after[name], 40) for name in ("LSTM", "GRU")],
    above=0.9,
    control={
        "200 batches more of 3 to 10": [at(more[name], 40) for name in ("LSTM", "GRU")]
    },
)
claim(
    "At 80 words, never met in training, these 3 LSTMs and 3 GRUs are above 80 of 100 "
    "on average (rate 0.003, default starts).",
    measured=[at(after[name], 80) for name in ("LSTM", "GRU")],
    above=0.8,
    on_average=True,
    control={
        "200 batches more of 3 to 10": [at(more[name], 80) for name in ("LSTM", "GRU")]
    },
)

# %% [markdown]
# LSTM and GRU needed to be asked. More practice of the old kind lets them keep the country for longer, too, but at 40 words they still lose it, in a part of the texts; asked
# for 40 words, all six keep it. (To the RNNs it gives little: at 80 words 0.3 as before, in our run.) The RNN was asked as well, and something else happened to it. Here is the dial once more, for your
# own networks of the last start as they are after this practice (about 5 seconds). The numbers below count how many of the twelve
# countries each of them knows. Pull it to 60 words, and then back to 3.


# %%
def after_practice(country, words):
    return scene(country, words, {name: nets[-1] for name, nets in longer.items()})


# %%
sentence_dial(after_practice, near.countries, (3, 60), trained=(3, 40))

# %% [markdown] slide="dial" minutes=2 part="far"
# ## After more practice, move it to 60 words, and back to 3
#
# Notes: Three networks, of another start, after 200 batches with 3 to 40 words. Go to 60 words at once: LSTM and GRU
# hold. Then back to 3 words: what does the RNN say of France now, and of the other countries? It is wrecked.

# %% [markdown]
# ## Unable to keep, or hard to teach?
#
# So an RNN cannot keep a word for forty words? That is often said. But in our run one of the three RNNs has learnt it: its thin line lies at the top, under those of LSTM and GRU. And look at the others at the left end of the last figure, at **3 words**. There all
# were perfect before; now these two are right in less than a third of the cases (on another processor it may be other ones). That is not forgetting: nobody moved the country. It looks as if
# the training itself had wrecked them.
#
# Two things were new to the RNN, more distant countries and 200 more batches with large steps. To know which of the two it was, we turn
# **one knob at a time**, each time from the RNNs that know ten words:
#
# - the *same near* sentences, 3 to 10 words, with the same learning rate: these have been trained already, the RNN on the left of the last figure;
# - the *far* sentences with a learning rate of 0.0005, a sixth, and nothing else changed (about 3 seconds).

# %%
gently, losses_gently = practised(runs["SimpleRNN"], far, rate=0.0005)

# %% [markdown] right=3
# **Predict.** At 40 words, in how many of 100 cases will the RNNs with the small steps be right?
#
# - about 10
# - about 50
# - more than 75

# %% [markdown] slide="predict" minutes=2
# ## The same 200 batches in smaller steps: how often is the RNN right at 40 words?
#
# - about 10 in 100
# - about 50 in 100
# - more than 75 in 100
#
# Answer: More than 75: it was hard to teach, not unable.
#
# Notes: Only the learning rate is changed, to a sixth, from RNNs that know ten words.

# %%
careful = {"SimpleRNN": marks(gently)}
stage_3 = Stage("far, rate 0.0005", (3, 40), careful)
stage_4 = Stage("near again, rate 0.003", (3, 10), {"SimpleRNN": more["SimpleRNN"]})
stage_5 = Stage("far, rate 0.003", (3, 40), {"SimpleRNN": after["SimpleRNN"]})

# %%
show(
    distance_panels(distances, [stage_4, stage_5, stage_3], chance=1 / 12),
    alt="Three panels with the RNN's three starts. Near sentences again: most are "
    "right up to 10 words, then all fall. Far sentences at the large rate: at least "
    "one start, in our run two, near guessing almost everywhere, the third near 1. Far "
    "sentences at the small rate: all near 1 up to 40 words, and mostly beyond.",
)

# %% [markdown] slide="figure" minutes=3
# ## The RNN can keep it, if it is taught in small steps
#
# After 200 batches more: *near again*, of 3 to 10 words; *far*, of 3 to 40.
#
# Notes: Same batches in the middle and on the right; only the size of the steps differs. In the middle one start has learnt it with the
# large steps, too: the thin line at the top. The thick line is the middle one of three. What sets LSTM and GRU apart here is how easily they
# are taught. Why that is so is the matter of lessons 02 and 03.

# %% [markdown]
# It can. So the state of an RNN is able to hold a word for forty words, and longer. What happened at the large rate can be
# seen in the loss of each single batch. Guessing has a loss of $\ln 12 \approx 2.5$; a network that is sure of wrong answers has more.

# %%
batches = np.arange(1, 201)
panels = {
    "RNN, near, rate 0.003": losses_again["SimpleRNN"],
    "RNN, far, rate 0.003": losses["SimpleRNN"],
    "RNN, far, rate 0.0005": losses_gently,
}

# %%
show(
    training_panels(
        {title: [(batches, run) for run in three] for title, three in panels.items()},
        baseline=np.log(12),
        baseline_label="guessing",
        ylabel="loss of the batch",
    ),
    alt="Loss of each of 200 batches, three starts in each panel. Near sentences at "
    "the large rate: it begins near 0, in one of three starts jumps far above "
    "guessing, and comes back. Far sentences at the large rate: all three jump above "
    "guessing, and at least one, in our run two, end there. Far sentences at the small "
    "rate: it begins high, falls, and stays mostly below.",
)

# %% [markdown] slide="figure" minutes=2
# ## Large steps blow the training up
#
# Notes: Middle: far sentences. Where the loss stays above guessing, the RNN fails at three words, too: a blow-up,
# not forgetting. Left: it can happen on the easy sentences that it knew. On the right the same far batches with a sixth of the rate.

# %%
claim(
    "With 3 to 40 words, the small steps bring each of 3 RNNs above 75 of 100 at 40 "
    "words; the same 200 batches at rate 0.003 do not (default starts).",
    measured=at(careful["SimpleRNN"], 40),
    above=0.75,
    control={"rate 0.003": at(after["SimpleRNN"], 40)},
)

# %% [markdown]
# This is a **blow-up**: steps so large that the network loses what it knew, the sentences with 3 words too. (A loss above guessing is not enough to tell: a
# network that has forgotten and is sure has that as well.) All three of our starts jumped on the far sentences; one found
# back, two did not. The forty words are not needed for it: one of our three RNNs jumped on the near sentences, which it knew by heart, and came back. With the far sentences nothing but the size of the steps was changed, and that decided.
#
# What sets LSTM and GRU apart here is how easily they are *taught*: they learnt it with the large steps. Why
# the RNN's training is so touchy is the matter of lessons 02 and 03.
#
# ## The three networks
#
# All three read a word, change their **state**, and read the next; after the last word the answer is read off the state.
# They differ in how the state changes. Three pictures are enough for now; the equations come in lessons 01, 04 and 06. A box with $W$ or $U$
# multiplies by these weights; on a line without one, a coloured box multiplies by weights of its own. The $\tanh$ without a colour has none. At a dot a line splits, or
# two meet. $y_t$ is where the state leaves as output.
#
# The **RNN** (in Keras, `SimpleRNN`) computes its state anew at every word, from the word and the old state. Whatever is
# to be kept has to pass through this computation, again and again.

# %%
show(
    cell_diagram("SimpleRNN", equations=False),
    alt="The RNN: the old state, times U, and the input, times W, are added with b and "
    "pass through tanh to become the new state.",
)

# %% [markdown] slide="figure" sheet="figure" minutes=2
# ## The RNN computes its whole state anew at each word
#
# Notes: Whatever is to be kept has to pass through U and tanh, again and again. Five people can play it, in
# three minutes: the first hears a word, each tells the next one word only, but hears a filler word as well,
# and has to choose.

# %% [markdown]
# The **LSTM** has a second memory, the cell state $c$, the thick line on top. It is not computed anew: it is multiplied
# by a number between 0 and 1, the forget gate $f$, and something is added. Three **gates**, each a small network of its own,
# decide how much is kept, how much is written ($i$), and how much is shown ($o$).

# %%
show(
    cell_diagram("LSTM", equations=False),
    alt="The LSTM: the cell state c runs along the top, is multiplied by the forget "
    "gate f, and receives the input gate i times the candidate g. The output gate o "
    "times tanh of c becomes the state h.",
)

# %% [markdown] slide="figure" minutes=2
# ## The LSTM has a second memory, which is kept and added to
#
# Notes: The thick line on top. Three gates, each a small network of its own: how much is kept, how much is
# written, how much is shown.

# %% [markdown]
# The **GRU** has a single state again, and two gates. The update gate $z$ says how much of the old state stays; the rest is
# filled with something new. The reset gate $r$ says how much of the past this new thing may see.

# %%
show(
    cell_diagram("GRU", equations=False),
    alt="The GRU: the state h runs along the top; z times the old state plus 1 minus z "
    "times the candidate g is the new state. The reset gate r scales what the "
    "candidate sees of the old state.",
)

# %% [markdown] slide="figure" minutes=2
# ## The GRU has one state again, and two gates
#
# Notes: z says how much of the old state stays; the rest is filled with something new. r says how much of the
# past this new thing may see.

# %% [markdown] right=3
# A gate at 1 passes a number on unchanged: so a gated network *can* keep a word for long. Whether it *does* is another matter.
# You have seen it forget.
#
# Gates cost weights. Was our comparison fair?
#
# **Predict.** Each network has 64 units and reads 73 different words. Do the three have the same number of weights?
#
# - yes
# - no, the GRU has the most
# - no, the LSTM has the most

# %%
weights = {name: net.layer.count_params() for name, net in networks.items()}
print(weights)

# %%
claim(
    "With 64 units each, the LSTM has four times as many weights as the RNN.",
    identity=weights["LSTM"] == 4 * weights["SimpleRNN"],
)

# %% [markdown] slide="bars" minutes=2
# ## Gates cost weights: it was no fair fight
#
# - RNN: 8,832
# - GRU: 26,688
# - LSTM: 35,328
#
# Weights, with 64 units each
#
# Notes: Lesson 07 lets networks of equal size compete. For now: the picture is honest about this one task,
# and about nothing else.

# %% [markdown]
# So perhaps the RNN is only too small? The last of the suggestions below tries that, and in lesson 07 networks of equal
# size compete.
#
# ## Your turn
#
# Change things; you cannot break anything. Here is a text that we wrote by hand. Write another country, other words, more of
# them, and run these two cells again. (The page that comes before it has 40 words. A word that our toy world does not have is refused;
# `near.labels.inputs` has them all.)

# %%
country = "Greece"
story = f"I grew up in {country}. My uncle sold old maps. We played near the river. "
story += "I speak fluent"
before_it = "The streets were never quiet. Our sister painted blue kites. " * 4
x = near.encode(before_it + story)
mine = Scene(story + " ___", country, language[country], beliefs(x, networks))

# %%
show(
    sentence_beliefs([mine]),
    alt="A text written by hand about Greece, and what each network believes. LSTM and "
    "GRU say Greek.",
)

# %% [markdown] slide="words" minutes=2
# ## What we saw, and what we did not
#
# - All three forget beyond what they practised
# - LSTM and GRU are easier to teach
# - A plain RNN can remember, too
# - A wrong answer need not look unsure
#
# Notes: Next comes the learners' own turn: another country, other words, two countries in one text. Guess
# first, each time.

# %% [markdown]
# Then try these. Guess first, each time.
#
# 1. Name two countries in one text. Which one wins, the first or the last?
# 2. Leave out the page: `near.encode(story)`. Which networks mind? None of them has ever begun a text
#    with "I grew up".
# 3. Begin with the far sentences at once: `late = SequenceModel.for_task(SimpleRNN(64, seed=0), far)`, then
#    `train(late, far, steps=1000, optimizer=Adam(1e-3))` and `marks([late])`. Then the same with an LSTM and with a GRU.
# 4. Train larger RNNs: `wide = [trained(SimpleRNN, seed, units=152) for seed in seeds]`, then `marks(wide)`. An RNN of 152
#    units has 34,352 weights, nearly as many as our LSTM.
#
# ## What this world is not
#
# Twelve countries, 73 words, three kinds of sentences drawn at random: these networks have learnt to carry one of twelve
# words past others, and nothing about France or French. In real text there are many clues, and vague ones. What carries over
# is the difficulty: something far back matters now. (Countries and languages come from the Python package Babel, BSD licence, which takes
# them from the Unicode CLDR.)
#
# ## What a claim is
#
# Each line with a tick is a **claim**: the cell has just checked it on your machine. A claim that does not hold stops the lesson. One with
# [identity] says that two computations give the same. Any other says below what was measured:
#
# - *0.5 from 3 seeds (0.4 to 0.7)*: the middle one of three networks, the least and the largest. All must keep to the threshold; where it says
#   *on average*, the mean must.
# - *1.3 spreads below 0.75*: how far that is from the threshold. A **spread** is the standard deviation over the seeds; of a share, as in
#   "4 of 5 seeds", the one that Wilson's interval for so few implies. *All equal*: there is no spread.
# - *nearest of 3*: three things were measured, say three kinds of networks; shown is the one nearest to the threshold.
# - *control*: the same, measured where it must be false.
#
# Here is a claim that is false:

# %%
try:
    claim(
        "At 40 words RNNs are right in 95 of 100 (rate 0.003, default starts, 3 "
        "seeds).",
        measured=at(before["SimpleRNN"], 40),
        above=0.95,
        control={"LSTM": at(before["LSTM"], 40)},
    )
except ClaimError as error:
    print("ClaimError:", str(error).split(" Measured")[0])

# %% [markdown]
# ## One notation for all lessons
#
# A cheat sheet, to come back to; nothing of it is needed now. We write rows, as NumPy and Keras do: the input $x$ is a row, and a row times a
# matrix is a row. Colours, lines and signs mean the same in all pictures, too: see the figure below. The gates use some colours of the
# cells a second time, so look at the letter as well.
#
# <details>
# <summary><b>The letters, and the equations of the three cells</b></summary>
#
# | we write | shape | what it is | in Keras, or elsewhere |
# |---|---|---|---|
# | $B$, $T$ | | sequences in a batch; steps of a sequence | `batch`, `timesteps` |
# | $m$, $n$ | | numbers in one input; units | `input_dim`, `units` |
# | $x$ | $m$ | the input of one step; all of them: $(B, T, m)$ | |
# | $h_\text{prev}$, $h$ | $n$ | the state before and after a step; in pictures $h_{t-1}$, $h_t$, and $y_t$ where it leaves as output | the output; with `return_sequences=True` all of them, $(B, T, n)$ |
# | $c_\text{prev}$, $c$ | $n$ | the LSTM's cell state | the second of the returned states |
# | $W$ | $m \times n$ for each gate | from the input | `kernel` |
# | $U$ | $n \times n$ for each gate | from the state | `recurrent_kernel` |
# | $b$ | $n$ for each gate | added; the GRU has two of them, $b$ and $b'$ | `bias` |
# | $a$ | $n$ for each gate | what goes into $\tanh$ or $\sigma$: $x\,W + h_\text{prev}\,U + b$ | pre-activation |
# | $y$, $p$ | | the target (without $t$: in pictures $y_t$ is the output), and the probabilities that the network gives | |
# | $V$ | $n \times$ answers | the read-out: scores are $h\,V + d$ | `kernel` of a `Dense` layer |
# | $d$ | answers | added in the read-out | its `bias` |
# | $k$ | | lag: steps back in time | |
# | $\sigma$ | | $1 / (1 + e^{-a})$, between 0 and 1 | `sigmoid` |
# | $\tanh$ | | between −1 and 1 | `tanh` |
# | $\cdot$ | | product element by element, of gates; in code `*` | $\odot$ or $\circ$ in papers and in our pictures |
# | $x\,W$ | | matrix product; in code `x @ W` | $W x$ with columns, in most papers |
#
# The **RNN**: $\;h = \tanh(x W + h_\text{prev} U + b)$
#
# The **LSTM**, in the order in which Keras stores the gates:
#
# | gate | | what it does | elsewhere |
# |---|---|---|---|
# | $i$ | $\sigma(x W_i + h_\text{prev} U_i + b_i)$ | input gate: how much is written | |
# | $f$ | $\sigma(x W_f + h_\text{prev} U_f + b_f)$ | forget gate: how much is **kept** | |
# | $g$ | $\tanh(x W_g + h_\text{prev} U_g + b_g)$ | candidate: what is written | $\tilde c$; `c` in Keras's code |
# | $o$ | $\sigma(x W_o + h_\text{prev} U_o + b_o)$ | output gate: how much is shown | |
#
# $$c = f \cdot c_\text{prev} + i \cdot g \qquad h = o \cdot \tanh(c)$$
#
# The **GRU**, again in the order of Keras:
#
# | gate | | what it does | elsewhere |
# |---|---|---|---|
# | $z$ | $\sigma(x W_z + h_\text{prev} U_z + b_z)$ | update gate: how much of the **old** state stays | Chung et al. (2014) and many tutorials write $1 - z$ for our $z$ |
# | $r$ | $\sigma(x W_r + h_\text{prev} U_r + b_r)$ | reset gate: how much of the past $g$ sees | PyTorch stores $r$ before $z$ |
# | $g$ | $\tanh(x W_g + b_g + r \cdot (h_\text{prev} U_g + b'_g))$ | candidate: what is new | $\tilde h$; $n$ in PyTorch |
#
# $$h = z \cdot h_\text{prev} + (1 - z) \cdot g$$
#
# Keras stores a $b'$ for $z$ and $r$ as well; there it is simply added to $b$. It keeps the matrices of all gates side by side in
# one: $n$ columns for the RNN, $4n$ for the LSTM, $3n$ for the GRU.
#
# </details>

# %%
show(
    visual_language(),
    alt="Legend. Cells: RNN orange, dotted, circle; LSTM blue, solid, square; GRU "
    "green, dashed, triangle. Gates of the LSTM: i green, f orange, o blue, g yellow, "
    "cell state c pink. Of the GRU: z light blue, r wine red, g yellow; state h like "
    "the text. What must be remembered is purple.",
)

# %% [markdown]
# ## The map
#
# | | lesson | what you will see |
# |---|---|---|
# | 00 | Start here | you are here |
# | 01 | [A recurrent network from scratch](01_a_recurrent_network_from_scratch.ipynb) | the same numbers through your loop, the package and Keras |
# | 02 | [Backpropagation through time](02_backpropagation_through_time.ipynb) | a gradient check catches one planted bug |
# | 03 | [Vanishing and exploding, measured](03_vanishing_and_exploding.ipynb) | where a gradient goes on its way back; untrained, with small inputs, the plain RNN keeps more of it than the LSTM |
# | 04 | [The LSTM, gate by gate](04_the_lstm_gate_by_gate.ipynb) | a memory built step by step, each gate for something that the version before does badly |
# | 05 | [Inside the gates](05_inside_the_gates.ipynb) | where a trained LSTM keeps France |
# | 06 | [The GRU in every dialect](06_the_gru_in_every_dialect.ipynb) | two cells by one name, with 135 or with 150 weights, and their way back |
# | 07 | [A fair fight](07_a_fair_fight.ipynb) | each cell at its own rate: which sentences on RNN, LSTM and GRU are left |
# | 08 | [Keras, argument by argument](08_keras_argument_by_argument.ipynb) | the six arguments you need, with a trained network; then every other, as an experiment of a few lines |
# | 09 | [Keras in practice](09_keras_in_practice.ipynb) | masks, both directions, streams, a translator of dates, a cell of your own, and ten broken programs to mend |
# | 10 | [Real sequences](10_real_sequences.ipynb) | place names, weather, text letter by letter: and what counting does as well |
# | 11 | [After the GRU](11_after_the_gru.ipynb) | what came later: all steps at once, state space layers, minGRU, attention, and a map of the ideas |

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and make sentences with a country in them: rows of word numbers, the country, some words drawn at
# random, *I speak fluent*. Write the loop over the words, the read-out and the softmax, and the count of right answers
# at each distance. To train it you need three things that this lesson does not teach: the gradient,
# the rule for a step, Adam, and a start of the weights that carries it. Take `backward`, the start and the step from the program below; lessons 02
# and 03 explain them. A one-hot row times `W` is the row of `W` at the place of the 1, so words can stay numbers and `W[word]` stands for `word @ W`. NumPy is all you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course. It takes plain steps where the lesson takes Adam's.
#
# {blank-file}
#
# <details>
# <summary><b>All settings of this lesson</b></summary>
#
# - **Sentences** are drawn evenly from three: *my/our · mother/father/sister/uncle/neighbour · loved/painted/sold/repaired/collected ·
#   old/small/blue/wooden · boats/clocks/kites/maps/violins*; *the · summers/winters/mornings/streets · were · often/always/never ·
#   quiet/warm/cold/crowded*; *we · walked/played/waited · near/behind/beside · the · river/harbour/market/school*.
# - **Rest**: 1 to 4 words too many for whole sentences stand before *I speak fluent*: *today*, *even now*, *after many years*, *to this very day*.
# - **Text**: 50 words; whole sentences end at *I grew up in*, the first is cut off. Its distance is drawn evenly.
# - **Start**: $W$ and $V$ even between ±√(6 / (rows + columns)); $U$ orthogonal ($U U^T = 1$) from normal numbers; biases 0, but 1 for
#   the forget gate $f$ of the LSTM.
# - **Step**: the gradient, all weights together, is shortened to length 1 if it is longer; Adam with $\beta$ 0.9 and 0.999, $\varepsilon = 10^{-7}$.
# - **Stop**: below a loss of 0.05 on 256 texts, asked every 50 batches, or after 1,500.
#
# </details>

# %% [markdown]
# ## Recap
#
# - All that a network knows of a text at its end is its state; a read-out and a softmax make an answer of it.
# - A network that keeps a word for ten words need not keep it for thirty. At these settings all three forget, the RNN first.
# - A wrong answer need not look unsure. At 40 words these RNNs gave their wrong answers more than 0.5 on average.
# - Asked to remember for forty words, LSTM and GRU learn it in 200 batches, and then hold a word for eighty; as many batches of near sentences do not bring them there. The RNN's training
#   blew up at the same learning rate in all three of our starts, and in two it stayed so. With smaller steps as many batches were enough, at 40 words.
# - So in this world, up to 80 words, it is not that one network can remember and the other cannot. They differ in how easily they are taught to.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/00_start_here.ipynb) has 3 tasks, from what guessing is worth to
# the price of being sure.
#
# Then [lesson 01](01_a_recurrent_network_from_scratch.ipynb) builds the RNN of this lesson in a few lines of NumPy, and finds
# out what its state holds.
