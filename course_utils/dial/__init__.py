"""The sentence whose country is moved away word by word, with what three networks say of it.

It shows numbers that were written down beforehand: it needs no kernel, and stays true whatever is
run after it.
"""

from course_utils.dial.notebook import first_dial, sentence_dial

__all__ = ["first_dial", "sentence_dial"]
