"""Lesson 10: real sequences: scales and windows that do not leak, and counting as a baseline."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array
from course_utils.feedback.problem import Problem, slips

Names = list[list[int]]


def standardise(x: Array, cut: int) -> Array:
    mean, std = x[:cut].mean(axis=0), x[:cut].std(axis=0)
    return (x - mean) / std


def draw_series(rng, k):
    hours, columns = int(rng.integers(24, 40)), int(rng.integers(3, 6))
    scales, drift = rng.uniform(0.5, 20, columns), rng.uniform(0.5, 2, columns)
    x = rng.normal(size=(hours, columns)) + np.linspace(0, 1, hours)[:, None] * drift
    return x * scales + rng.uniform(5, 50, columns), int(0.6 * hours)


BOTH = "x[:cut].mean(axis=0), x[:cut].std(axis=0)"
STANDARDISE = (
    ("all rows", "Your mean and your scale are those of all rows, the later ones too: that is a "
     "leak. Take them from x[:cut] alone.", (BOTH, "x.mean(axis=0), x.std(axis=0)")),
    ("mean of all rows", "Your scale is that of the training rows, but your mean is that of all.",
     (BOTH, "x.mean(axis=0), x[:cut].std(axis=0)")),
    ("scale of all rows", "Your mean is that of the training rows, but your scale is that of all.",
     (BOTH, "x[:cut].mean(axis=0), x.std(axis=0)")),
    ("each part by its own", "You scale the later rows by their own mean. Then 20 degrees in "
     "summer and in winter become the same number; the training rows' scale is for all rows.",
     ("return (x - mean) / std", "return np.concatenate([(one - one.mean(axis=0)) / one.std(axis=0)"
      " for one in (x[:cut], x[cut:])])")),
    ("scale of the later rows", "Your mean and scale are those of the later rows, x[cut:]; the "
     "training rows are x[:cut].", (BOTH, "x[cut:].mean(axis=0), x[cut:].std(axis=0)")),
    ("one scale for all columns", "You take one mean and one scale for all columns; each column "
     "has its own: axis=0.", (BOTH, "x[:cut].mean(), x[:cut].std()")),
    ("variance", "You divide by the variance; the scale is its root, the standard deviation.",
     (".std(", ".var(")),
    ("only shifted", "You subtract the mean but do not divide by the standard deviation.",
     (") / std", ")")),
    ("divided first", "You divide first and subtract the mean afterwards; the brackets go round "
     "x - mean.", ("(x - mean) / std", "x / std - mean")),
    ("one row more", "You take row `cut` for training as well; x[:cut] ends before it.",
     (BOTH, "x[: cut + 1].mean(axis=0), x[: cut + 1].std(axis=0)")),
    ("one row fewer", "You leave out the last training row; x[:cut] ends with row cut - 1.",
     (BOTH, "x[: cut - 1].mean(axis=0), x[: cut - 1].std(axis=0)")),
    ("smallest and largest", "You scale by the smallest and the largest value; the task asks for "
     "mean and standard deviation.", (BOTH, "x[:cut].min(axis=0), x[:cut].max(axis=0) - "
     "x[:cut].min(axis=0)")),
    ("divided by N - 1", "Your standard deviation divides by N - 1, as pandas does; the "
     "task asks for NumPy's, which divides by N.", (".std(axis=0)", ".std(axis=0, ddof=1)")),
    ("only the training rows", "You return the training rows alone; all rows are asked for.",
     ("(x - mean) / std", "((x - mean) / std)[:cut]")),
)  # fmt: skip


def draw_names(rng, k):
    symbols = int(rng.integers(5, 8))
    return [rng.integers(1, symbols, n).tolist() for n in (2, 3, 5, 6, 3, 7)], symbols


PAIRS = "zip([0, *name], [*name, 0])"


def name_perplexity(table: Array, names: Names) -> float:
    surprise, symbols = 0.0, 0
    for name in names:
        for before, after in zip([0, *name], [*name, 0]):
            surprise -= np.log(table[before, after])
            symbols += 1
    return np.exp(surprise / symbols)


def draw_table(rng, k):
    names, symbols = draw_names(rng, k)
    return rng.dirichlet(np.full(symbols, 0.7), symbols) * 0.98 + 0.02 / symbols, names


PERPLEXITY = (
    ("two bases", "You take the logarithm to base 2 and then a power of e. Both need the same "
     "base: np.log with np.exp, or np.log2 with 2 ** .", ("np.log(", "np.log2(")),
    ("two bases, the other way", "You take the natural logarithm and then a power of 2. Both need "
     "the same base: np.log with np.exp, or np.log2 with 2 ** .",
     ("np.exp(surprise / symbols)", "2 ** (surprise / symbols)")),
    ("surprise in nats", "That is the mean surprise itself, in nats; the perplexity is np.exp of "
     "it.", ("np.exp(surprise / symbols)", "surprise / symbols")),
    ("surprise in bits", "That is the mean surprise in bits; the perplexity is 2 to the power of "
     "it.", ("np.exp(surprise / symbols)", "surprise / np.log(2) / symbols")),
    ("for each name", "You divide by the number of names; the perplexity is for each symbol.",
     ("/ symbols", "/ len(names)")),
    ("not divided", "You sum the surprise of all symbols; their mean is asked for.",
     ("surprise / symbols", "surprise")),
    ("ends counted above only", "The ends of the names are in your sum but not in the number of "
     "symbols that you divide by.", ("/ symbols", "/ (symbols - len(names))")),
    ("end left out", "The end of each name is a symbol too, and can surprise: after the last "
     "letter comes 0.", (PAIRS, "zip([0, *name], name)")),
    ("names run together", "You put all names into one row: behind the 0 that ends a name comes "
     "the 0 that begins the next, and 0 after 0 is no pair of a name. Go through the names one by "
     "one.",
     ("for name in names:", "for name in [[k for one in names for k in (*one, 0, 0)][:-2]]:")),
    ("start left out", "The first letter of each name is missing: before it stands 0.",
     (PAIRS, "zip(name, [*name[1:], 0])")),
    ("table turned", "You look the table up the wrong way round: the row is the letter before.",
     ("table[before, after]", "table[after, before]")),
    ("sign", "The sign is turned: this is a probability, the mean one of a symbol. The perplexity "
     "is 1 over it.", ("np.exp(surprise", "np.exp(-surprise")),
    ("mean of the probabilities", "That is 1 over the mean probability, in which a very improbable "
     "letter hardly counts. Take the mean of the logarithms.",
     ("surprise -= np.log(table[before, after])", "surprise += table[before, after]"),
     ("np.exp(surprise / symbols)", "symbols / surprise")),
    ("mean of 1 / p", "That is the mean of 1 / p, which a single improbable letter rules. Take the "
     "mean of the logarithms.",
     ("surprise -= np.log(table[before, after])", "surprise += 1 / table[before, after]"),
     ("np.exp(surprise / symbols)", "surprise / symbols")),
    ("mean of the perplexities", "You take the perplexity of each name and then their mean, which "
     "the strangest name rules. Take the mean of the logarithms over all symbols first.",
     ("np.exp(surprise / symbols)", "np.mean([np.exp(np.mean([-np.log(table[a, b]) for a, b in zip("
      "[0, *one], [*one, 0])])) for one in names])")),
    ("each name alike", "You average each name first, so a symbol of a short name counts more; all "
     "symbols count alike.",
     ("surprise -= np.log(table[before, after])",
      "surprise -= np.log(table[before, after]) / (len(name) + 1)"),
     ("/ symbols", "/ len(names)")),
)  # fmt: skip


def whole_windows(x: Array, past: int, ahead: int, cut: int) -> tuple[list[int], list[int]]:
    size = past + ahead
    starts = range(len(x) - size + 1)
    whole = [k for k in starts if not np.isnan(x[k : k + size]).any()]
    train = [k for k in whole if k + size <= cut]
    test = [k for k in whole if k >= cut]
    return train, test


def draw_hours(rng, k):
    past, ahead = (int(one) for one in rng.permutation([3, 4, 5])[:2])
    size, cut = past + ahead, int(rng.integers(30, 36))
    x = rng.normal(12, 6, cut + int(rng.integers(22, 28)))
    x[int(rng.integers(size, cut - 2 * size + 1))] = np.nan
    x[int(rng.integers(cut + size, len(x) - size))] = np.nan
    return x.round(1), past, ahead, cut


GAPS = "np.isnan(x[k : k + size]).any()"
WINDOWS = (
    ("future beyond the cut", "Your training windows read only before the cut, but what they "
     "forecast lies beyond it: that is a leak. A window is in a part only if all of it is.",
     ("k + size <= cut", "k + past <= cut")),
    ("start before the cut", "You take each window that starts before the cut for training; some "
     "of them end beyond it.", ("k + size <= cut", "k < cut")),
    ("last training window missing", "The last training window is missing: the one whose last hour "
     "is cut - 1.", ("k + size <= cut", "k + size < cut")),
    ("one hour too far", "Your last training window holds hour `cut`, which is the first hour of "
     "the test part.", ("k + size <= cut", "k + size <= cut + 1")),
    ("last window of all missing", "The last window of the series is missing: range ends before "
     "its end, so it needs len(x) - size + 1.", ("- size + 1", "- size")),
    ("past before the cut", "Your first test windows read hours from before the cut. (One may "
     "allow that, but here a window is in a part only if all of it is.)",
     ("k >= cut", "k + past >= cut")),
    ("first test window missing", "The first test window is missing: it starts at hour `cut` "
     "itself.", ("k >= cut", "k > cut")),
    ("gaps let through", "You keep windows with missing hours (NaN).", (f"if not {GAPS}", "")),
    ("gaps closed", "You take the missing hours out before you cut, so windows go on over a gap as "
     "if no time had passed, and `cut` is another hour. Leave x as it is, and drop the windows.",
     ("    size = past + ahead\n", "    x, size = x[~np.isnan(x)], past + ahead\n")),
    ("gaps closed, hours of x", "You cut windows of the measured hours alone, so they go on over a "
     "gap as if no time had passed. Leave x as it is, and drop the windows that hold a gap.",
     ("    whole = [k for k in starts if not np.isnan(x[k : k + size]).any()]\n",
      "    keep = np.flatnonzero(~np.isnan(x)).tolist()\n"
      "    ends = list(zip(keep, keep[size - 1 :]))\n"),
     ("[k for k in whole if k + size <= cut]", "[k for k, last in ends if last < cut]"),
     ("[k for k in whole if k >= cut]", "[k for k, last in ends if k >= cut]")),
    ("gaps in the future let through", "You look for missing hours only in what is read; what is "
     "to be forecast has to be there too.", (GAPS, "np.isnan(x[k : k + past]).any()")),
    ("gaps in the past let through", "You look for missing hours only in what is forecast; what is "
     "read has to be there too.", (GAPS, "np.isnan(x[k + past : k + size]).any()")),
    ("only first and last hour looked at", "You look only at the first and the last hour of a "
     "window; a gap may lie between.", (GAPS, "np.isnan(x[[k, k + size - 1]]).any()")),
    ("side by side", "Your windows lie side by side; one starts at every hour.",
     ("- size + 1)", "- size + 1)[::size]")),
    ("counted from the cut", "You count the starts of the test windows from the cut; count them "
     "from the start of the series, as those of the training.",
     ("[k for k in whole if k >= cut]", "[k - cut for k in whole if k >= cut]")),
    ("train and test swapped", "You return the two lists the other way round.",
     ("return train, test", "return test, train")),
)  # fmt: skip

PROBLEMS = [
    Problem(
        name="standardise",
        lesson="10",
        title="Scales that know nothing of the future",
        task="The series x (T, K), each of its columns with the mean 0 and the standard deviation "
        "1 that the training rows, those before row `cut`, give it.",
        reference=standardise,
        draw=draw_series,
        outputs="scaled[T,K]",
        points=1,
        minutes=4,
        hints=(
            "Of which rows do you take the mean? A forecaster at row `cut` has seen those before "
            "it, and no others.",
            "x[:cut] are the training rows. Mean and standard deviation of each column: axis=0.",
            "(x - x[:cut].mean(axis=0)) / x[:cut].std(axis=0)",
        ),
        misconceptions=slips(standardise, *STANDARDISE),
    ),
    Problem(
        name="name_perplexity",
        lesson="10",
        title="Perplexity",
        task="The perplexity of names, as lists of letters from 1, under a table of letter pairs: "
        "np.exp of the mean surprise -ln p of a symbol, the end (0) of each name included.",
        reference=name_perplexity,
        draw=draw_table,
        outputs="perplexity",
        points=2,
        minutes=8,
        hints=(
            "Walk through the pairs as you did for the table. What do you collect, and how many?",
            "For each pair add -np.log(table[before, after]) and count one symbol.",
            "np.exp(surprise / symbols), with one sum and one count over all names.",
        ),
        misconceptions=slips(name_perplexity, *PERPLEXITY),
    ),
    Problem(
        name="whole_windows",
        lesson="10",
        title="Windows that do not leak",
        task="The first hours, as two lists (train, test), of all windows of past + ahead hours of "
        "x (N,) without a missing hour (NaN): train those that end before hour `cut`, test those "
        "that start at `cut` or later.",
        reference=whole_windows,
        draw=draw_hours,
        outputs="train[windows] test[windows]",
        points=3,
        minutes=12,
        hints=(
            "Draw ten hours on paper, a cut, and a window of four. Which windows lie wholly on one "
            "side?",
            "First all starts k for which k + size hours are there and none of x[k : k + size] is "
            "NaN; then sort them.",
            "train: k + size <= cut. test: k >= cut. Last start: len(x) - size.",
        ),
        misconceptions=slips(whole_windows, *WINDOWS),
    ),
]
