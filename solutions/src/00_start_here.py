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
# How often is the guess right? Write a share between 0 and 1; Python may do the arithmetic.

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
# ## Task 2 · How sure is it when it is wrong? (2 points, 8 minutes)
#
# In the lesson, the RNN had forgotten the country at 40 words and was sure of itself all the same. Measure that.
#
# `probabilities` has one row for each text and one column for each language; a row adds up to 1. A network *names* the language with the
# largest probability in the row. `answers` holds the numbers of the right languages.


# %% answer="confidence_when_wrong"
def confidence_when_wrong(probabilities, answers):
    """The mean probability of the language it names, over the texts it gets wrong.

    probabilities (texts, languages), answers (texts,) whole numbers from 0. One number.
    """
    ### BEGIN SOLUTION
    named = probabilities.argmax(axis=1)
    wrong = named != answers
    return probabilities.max(axis=1)[wrong].mean()
    ### END SOLUTION


# %%
check("confidence_when_wrong", confidence_when_wrong)

# %% [markdown] tags=["solution-only"]
# `argmax(axis=1)` says which language each row names, `max(axis=1)` how sure the row is of it. `wrong` is an array of True and False, one for
# each text, and in square brackets it picks the texts where it is True. What is averaged is what the network gave the language that it
# **named**, not the right one: in a wrong text these are two different numbers.

# %% [markdown]
# ## Task 3 · The price of being sure (2 points, 12 minutes)
#
# Training does not look at how often a network is right. It looks at the **loss**: minus the natural logarithm of the probability that the
# *right* language got, averaged over the texts. Who gives all twelve languages 1/12 has a loss of ln 12 = 2.48.
#
# Here is a simple model of a sure network. It always gives `confidence` to one language and shares the rest evenly among the others. In a
# share `right` of all texts the language it is sure of is the right one.
#
# **Predict.** It is right in half of the texts, six times as often as guessing, and always 0.95 sure. Is its loss lower than that of guessing?


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
