"""Instant feedback on exercises: what is right, what is wrong and why.

check("lstm_step", lstm_step)     # runs your function and says what it makes of it
hint("lstm_step")                 # a nudge; hint("lstm_step", 3) is nearly the answer
progress()                        # what is done
"""

from course_utils.feedback.learner import check, hint, progress

__all__ = ["check", "hint", "progress"]
