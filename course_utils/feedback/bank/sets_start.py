"""Lessons 00 and 01: networks that are surer than they are right, and what a sum can know."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array
from course_utils.feedback.problem import Problem, slip


def too_sure(probabilities: Array, answers: Array) -> float:
    named = probabilities.argmax(axis=1)
    sure = probabilities.max(axis=1).mean()
    return sure - np.mean(named == answers)


def draw_beliefs(rng, k):
    texts, languages = int(rng.integers(10, 15)), int(rng.integers(4, 7))
    beliefs = rng.dirichlet(np.full(languages, 0.6), texts)
    answers = beliefs.argmax(axis=1)
    wrong = rng.permutation(texts)[: texts // 3]
    answers[wrong] = (answers[wrong] + rng.integers(1, languages, len(wrong))) % languages
    return beliefs, answers


def overconfident_loss(right: float, confidence: float, languages: int) -> float:
    other = (1 - confidence) / (languages - 1)
    return -right * np.log(confidence) - (1 - right) * np.log(other)


def draw_confidence(rng, k):
    right, confidence = rng.uniform(0.2, 0.8), rng.uniform(0.85, 0.99)
    return float(right), float(confidence), int(rng.integers(5, 20))


def best_by_sum(x: Array, answers: Array) -> float:
    sums, right = x.sum(axis=1), 0
    for one in np.unique(sums, axis=0):
        same = (sums == one).all(axis=1)
        right += np.bincount(answers[same]).max()
    return right / len(answers)


def draw_sequences(rng, k):
    """Three bags of letters, 3, 4 and 8 sequences of them in some order; three answers."""
    T, m = 4, 3
    bags = np.array([[0, 0, 1, 2], [0, 1, 1, 2], [0, 1, 2, 2]])[rng.permutation(3)]
    letters = np.array([rng.permutation(bags[j]) for j in (0, 0, 0, 1, 1, 1, 1, *[2] * 8)])
    answers = [0, 0, 1, 0, 1, 1, 2, 0, 0, 1, 2, 2, 2, 2, 2]
    answers = (np.array(answers) + rng.integers(3)) % 3
    letters[3] = letters[4]  # one and the same sequence with two answers
    order = rng.permutation(len(answers))
    return np.eye(m)[letters.reshape(-1, T)][order], answers[order]


TOO_SURE = (
    ("sign", "You subtract the other way round: the excess is how sure it is minus how often it "
     "is right.", ("sure - np.mean(named == answers)", "np.mean(named == answers) - sure")),
    ("how sure, no more", "That is how sure it is; how often it is right is not yet subtracted.",
     ("sure - np.mean(named == answers)", "sure")),
    ("only when wrong", "You average over the texts that it gets wrong; it can be too sure when it "
     "is right, too: take all texts.", ("probabilities.max(axis=1).mean()",
     "probabilities.max(axis=1)[named != answers].mean()")),
    ("only when right", "You average over the texts that it gets right; take all texts.",
     ("probabilities.max(axis=1).mean()", "probabilities.max(axis=1)[named == answers].mean()")),
    ("the right language", "You average what it gives the right language; how sure it is says the "
     "largest probability of the row.", ("probabilities.max(axis=1).mean()",
     "probabilities[np.arange(len(answers)), answers].mean()")),
    ("share of wrong answers", "You subtract how often it is wrong; subtract how often it is "
     "right.", ("named == answers", "named != answers")),
)  # fmt: skip

BY_SUM = (
    ("order used", "You compare whole sequences, with their order; who has only the sums cannot "
     "tell sequences with the same sum apart.", ("x.sum(axis=1)", "x.reshape(len(x), -1)")),
    ("only the last step", "You look at the last step alone; add up all steps.",
     ("x.sum(axis=1)", "x[:, -1]")),
    ("one answer for all", "That is what one and the same answer for all sequences reaches: add up "
     "along the steps, axis 1, and each sum may have an answer of its own.",
     ("x.sum(axis=1)", "x.sum(axis=2)")),
    ("a number, not a share", "That is the number of right answers; divide it by that of all.",
     (" / len(answers)", "")),
    ("sums weigh alike", "You average over the sums; some sums have more sequences than others: "
     "count right answers, and divide by the number of sequences.",
     ("np.bincount(answers[same]).max()", "np.bincount(answers[same]).max() / same.sum()"),
     ("len(answers)", "len(np.unique(sums, axis=0))")),
)  # fmt: skip

SURE = (
    ("rest not shared", "A wrong language does not get all that is left over: the other "
     "languages share it evenly.", ("(1 - confidence) / (languages - 1)", "(1 - confidence)")),
    ("rest shared by all", "What is left over is shared by the OTHER languages, one fewer than "
     "all.", ("(languages - 1)", "languages")),
    ("log of the mean", "You average the probabilities and take the log then; the loss averages "
     "the logs, and that is why one sure mistake costs so much.",
     ("-right * np.log(confidence) - (1 - right) * np.log(other)",
      "-np.log(right * confidence + (1 - right) * other)")),
    ("wrong answers are free", "The wrong answers are missing, and they cost most.",
     (" - (1 - right) * np.log(other)", "")),
    ("right answers are free", "The right answers are missing: they cost little, but not nothing.",
     ("-right * np.log(confidence) - ", "-")),
    ("another logarithm", "That is the logarithm to base 2 (bits); here it is the natural one, "
     "np.log.", ("-right * np.log(confidence) - (1 - right) * np.log(other)",
     "-right * np.log2(confidence) - (1 - right) * np.log2(other)")),
    ("shares swapped", "The shares of right and wrong answers have changed places.",
     ("-right * np.log(confidence) - (1 - right) * np.log(other)",
      "-(1 - right) * np.log(confidence) - right * np.log(other)")),
    ("wrong sign", "The sign is wrong: the log of a probability is below 0, and the loss is minus "
     "the log.", ("-right * np.log(confidence) - (1 - right) * np.log(other)",
     "right * np.log(confidence) + (1 - right) * np.log(other)")),
    ("logarithm to base 10", "That is the logarithm to base 10; here it is the natural one, "
     "np.log.", ("-right * np.log(confidence) - (1 - right) * np.log(other)",
     "-right * np.log10(confidence) - (1 - right) * np.log10(other)")),
    ("loss of guessing", "That is the loss of who guesses, ln of the number of languages; this "
     "network stakes more on one of them.",
     ("-right * np.log(confidence) - (1 - right) * np.log(other)", "np.log(languages)")),
)  # fmt: skip

PROBLEMS = [
    Problem(
        name="too_sure",
        lesson="00",
        title="Is it surer than it is right?",
        task="How sure a network is on average, minus the share of texts in which it is right; "
        "from probabilities (texts, languages) and the right answers (texts,).",
        reference=too_sure,
        draw=draw_beliefs,
        outputs="excess",
        hints=(
            "Two means over all texts: of how sure it is, and of whether it is right.",
            "probabilities.max(axis=1) says how sure it is of each text, "
            "probabilities.argmax(axis=1) which language it names. The mean of an array of True "
            "and False is a share.",
            "probabilities.max(axis=1).mean() - np.mean(probabilities.argmax(axis=1) == answers)",
        ),
        misconceptions=tuple(slip(too_sure, *one) for one in TOO_SURE),
        points=2,
        minutes=8,
    ),
    Problem(
        name="overconfident_loss",
        lesson="00",
        title="The price of being sure",
        task="The mean loss (cross-entropy) of a network that always gives `confidence` to one "
        "language and shares the rest evenly among the others, and names the right language in a "
        "share `right` of all texts.",
        reference=overconfident_loss,
        draw=draw_confidence,
        outputs="loss",
        hints=(
            "The loss of one text is minus the log of what the RIGHT language got. There are only "
            "two cases.",
            "If it names the right language, that one got `confidence`. If it does not, the right "
            "one is among the others, and got an even share of what was left.",
            "-right * np.log(confidence) - (1 - right) * np.log(other), where other is "
            "(1 - confidence) / (languages - 1).",
        ),
        misconceptions=tuple(slip(overconfident_loss, *one) for one in SURE),
        points=2,
        minutes=12,
    ),
    Problem(
        name="best_by_sum",
        lesson="01",
        title="What a sum can know",
        task="The largest share of right answers that anybody can reach who sees of each sequence "
        "nothing but the sum of its steps; from x (N, T, m), one-hot, and answers (N,), whole "
        "numbers from 0.",
        reference=best_by_sum,
        draw=draw_sequences,
        outputs="share",
        hints=(
            "Two sequences with the same sum must get the same answer. Which one is best?",
            "Put the sequences with the same sum into one group. In each group give the answer "
            "that is most frequent there, and count how often that is right.",
            "np.unique(sums, axis=0) has each sum once; (sums == one).all(axis=1) says which "
            "sequences have it; np.bincount(answers[same]).max() of them can be right.",
        ),
        misconceptions=tuple(slip(best_by_sum, *one) for one in BY_SUM),
        points=1,
        minutes=8,
    ),
]
