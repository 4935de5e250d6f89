# %% [markdown]
# # 00 · Problems: the sentence that forgets
#
# What a network has to beat, how sure it is when it is wrong, and what that costs.
#
# **Lesson.** [00 · Start here: the sentence that forgets](../notebooks/00_start_here.ipynb)
#
# **Points.** 5 in 3 tasks; about 22 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("france_baseline", 1)` in a cell of your own; 2 says more, 3 nearly everything. Run each cell as
# often as you like: nothing breaks.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress

# %% [markdown]
# ## Task 1 · What guessing is worth (1 point, 2 minutes)
#
# *I grew up in France. ... I speak fluent* ___. There are twelve languages, each as likely as the others. Someone who has not read a
# word names one of them.
#
# How often is the guess right? Write a share between 0 and 1, as a number without quotes; Python may do the arithmetic.

# %% answer="france_baseline"
france_baseline = (
    ### BEGIN SOLUTION
    1 / 12
    ### END SOLUTION
)

# %%
check("france_baseline", france_baseline)

# %% [markdown] tags=["solution-only"]
# Of twelve languages that are equally likely, one is right: 1/12, about 8 in 100. Every figure of the lesson has this line. A network that
# is right in 8 of 100 cases has learnt nothing; one that is right in 20 of 100 has learnt something, though it is mostly wrong.

# %% [markdown]
# ## Task 2 · Is it surer than it is right? (2 points, 8 minutes)
#
# A network that is right in 70 of 100 texts should be 0.7 sure on average, not 0.95. How sure it is of a text says the largest
# probability that it gives; how often it is right is a share of texts. Write a function that says by how much the first exceeds the
# second. An honest network has 0, one that is too sure has more, one that is too modest less.
#
# `probabilities` has one row for each text and one column for each language; a row adds up to 1. A network *names* the language with the
# largest probability in the row. `answers` holds the numbers of the right languages.


# %% answer="too_sure"
def too_sure(probabilities, answers):
    """How sure a network is on average, minus the share of texts in which it is right.

    probabilities (texts, languages), answers (texts,) whole numbers from 0. One number.
    """
    ### BEGIN SOLUTION
    named = probabilities.argmax(axis=1)
    sure = probabilities.max(axis=1).mean()
    return sure - np.mean(named == answers)
    ### END SOLUTION


# %%
check("too_sure", too_sure)

# %% [markdown] tags=["solution-only"]
# Both means go over **all** texts, right and wrong ones: `max(axis=1)` is how sure a row is, `named == answers` an array of True and False, whose mean
# is a share. In the lesson, at 40 words, the RNN of seed 7 is 0.82 sure and right in 18 of 100 texts, an excess of 0.64; the LSTM of seed 8
# is 0.60 sure and right in 41, an excess of 0.19. (On your machine they differ.) Both have lost the country; one of them shows it.

# %% [markdown]
# ## Task 3 · The price of being sure (2 points, 12 minutes)
#
# Training does not look at how often a network is right. It looks at the **loss**: minus the natural logarithm of the probability that the
# *right* language got, averaged over the texts. Who gives all twelve languages 1/12 has a loss of ln 12 = 2.48.
#
# Here is a simple model of a sure network. It always gives `confidence` to one language and shares the rest evenly among the others. In a
# share `right` of all texts the language it is sure of is the right one.
#
# **Think first.** It is right in half of the texts, six times as often as guessing, and always 0.95 sure. Is its loss lower than that of guessing?


# %% answer="overconfident_loss"
def overconfident_loss(right, confidence, languages):
    """The mean loss of a network that is always sure of one language.

    right, confidence: shares between 0 and 1; languages: their number. One number.
    """
    ### BEGIN SOLUTION
    other = (1 - confidence) / (languages - 1)
    return -right * np.log(confidence) - (1 - right) * np.log(other)
    ### END SOLUTION


# %%
check("overconfident_loss", overconfident_loss)

# %% [markdown]
# Now measure what you predicted: `overconfident_loss(0.5, 0.95, 12)`, in a cell of your own. And with half of the confidence?

# %% tags=["solution-only"]
print(f"guessing:               {np.log(12):.2f}")
for confidence in (0.95, 0.8, 0.5):
    loss = overconfident_loss(0.5, confidence, 12)
    print(f"right in half, sure {confidence}: {loss:.2f}")

# %% [markdown] tags=["solution-only"]
# There are two cases. In a right text the right language got `confidence`, which costs −ln 0.95 = 0.05. In a wrong text the right language was one of
# the eleven that shared what was left, 0.05/11 = 0.0045, which costs 5.4. Half of each makes 2.72: **worse than guessing**, although it is right
# six times as often. With a confidence of 0.5, which is honest for a network that is right in half of the texts, the loss is 1.89.
#
# So the loss of a network that forgets can stand above the baseline while its accuracy stands above it too. The two measure
# different things: accuracy asks who is named, the loss asks how much was staked on it.

# %%
progress()
