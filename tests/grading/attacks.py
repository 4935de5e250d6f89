"""Code that tries something inside of a sandbox, and says whether it was possible."""

from dataclasses import replace

from course_utils.delivery.grading.sandbox import Kit, Limits
from course_utils.delivery.grading.walls import worker as behind
from course_utils.feedback.verdict import Failure

# For what never ends, on a machine however busy
SHORT = Limits(seconds=1.0, grace=1.0, total=10.0, patience=500.0, memory=512 << 20)
AMPLE = replace(SHORT, seconds=60.0, grace=30.0, total=100.0)  # for what ends, on a busy machine
PASS_ALL = b"\x06\x00\x00\x00\x00\x00\xff\x7f"  # a filter that allows everything


def found_by(code: str, limits: Limits = AMPLE, walls: str = "bubblewrap"):
    """What `code` leaves in the variable `found`."""
    with behind(walls, Kit(), limits) as worker:
        wait = limits.seconds + limits.grace
        request = {"do": "run", "label": "attack", "source": code, "lenient": False}
        reply = worker.ask(request, wait)
        assert reply["error"] is None, reply
        card = ["found", "value", "found", [], ["found"]]
        question = {"do": "ask", "card": card, "questions": [[]], "seconds": limits.seconds}
        answers = worker.ask(question, wait)
        return answers if isinstance(answers, Failure) else answers[0]


def tried(line: str) -> str:
    """Code that says whether a statement was possible."""
    return f"""
try:
    import os, socket, sys, subprocess, resource
    {line}
    found = "possible"
except BaseException as error:
    found = type(error).__name__
"""
