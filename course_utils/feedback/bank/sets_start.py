"""Lesson 00: what it means that a network is sure of a wrong answer."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array
from course_utils.feedback.problem import Problem, slip


def confidence_when_wrong(probabilities: Array, answers: Array) -> float:
    named = probabilities.argmax(axis=1)
    wrong = named != answers
    return probabilities.max(axis=1)[wrong].mean()


def draw_beliefs(rng, k):
    texts, languages = int(rng.integers(10, 15)), int(rng.integers(4, 7))
    beliefs = rng.dirichlet(np.full(languages, 0.6), texts)
    answers = beliefs.argmax(axis=1)
    wrong = rng.permutation(texts)[: texts // 2]
    answers[wrong] = (answers[wrong] + rng.integers(1, languages, len(wrong))) % languages
    return beliefs, answers


def overconfident_loss(right: float, confidence: float, languages: int) -> float:
    other = (1 - confidence) / (languages - 1)
    return -right * np.log(confidence) - (1 - right) * np.log(other)


def draw_confidence(rng, k):
    right, confidence = rng.uniform(0.2, 0.8), rng.uniform(0.85, 0.99)
    return float(right), float(confidence), int(rng.integers(5, 20))


WHEN_WRONG = (
    ("all texts", "That is the mean over all texts; only those count in which the network names a "
     "wrong language.", ("probabilities.max(axis=1)[wrong].mean()",
     "probabilities.max(axis=1).mean()")),
    ("when right", "That is how sure it is when it is RIGHT: != in place of ==.",
     ("named != answers", "named == answers")),
    ("share of wrong answers", "That is how often it is wrong. Asked is how sure it is then.",
     ("probabilities.max(axis=1)[wrong].mean()", "wrong.mean()")),
    ("the right language", "That is what it gives the right language in those texts; asked is what "
     "it gives the language that it names.", ("probabilities.max(axis=1)[wrong].mean()",
     "probabilities[np.arange(len(answers)), answers][wrong].mean()")),
    ("wrong texts divided by all", "The sum is over the wrong texts, but it is divided by the "
     "number of all texts.", ("probabilities.max(axis=1)[wrong].mean()",
     "(probabilities.max(axis=1) * wrong).mean()")),
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
)  # fmt: skip

PROBLEMS = [
    Problem(
        name="confidence_when_wrong",
        lesson="00",
        title="How sure is it when it is wrong?",
        task="The mean probability that a network gives to the language it names, over the texts "
        "in which that is the wrong one; from probabilities (texts, languages) and the right "
        "answers (texts,).",
        reference=confidence_when_wrong,
        draw=draw_beliefs,
        outputs="confidence",
        hints=(
            "The language that it names is the one with the largest probability in the row.",
            "probabilities.argmax(axis=1) says which one it names, probabilities.max(axis=1) how "
            "sure it is. An array of True and False picks rows: values[wrong].",
            "probabilities.max(axis=1)[probabilities.argmax(axis=1) != answers].mean()",
        ),
        misconceptions=tuple(slip(confidence_when_wrong, *one) for one in WHEN_WRONG),
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
]
