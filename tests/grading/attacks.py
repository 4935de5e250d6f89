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
        return found_in(worker, code, limits)


def found_in(worker, code: str, limits: Limits = AMPLE):
    """The same, in a worker that may have run other code before."""
    wait = limits.seconds + limits.grace
    source = f"found = None\n{code}"
    request = {"do": "run", "label": "attack", "source": source, "lenient": False}
    reply = worker.ask(request, wait)
    assert reply["error"] is None, reply
    card = ["found", "value", "found", [], ["found"]]
    question = {"do": "ask", "card": card, "questions": [[]], "seconds": limits.seconds}
    answers = worker.ask(question, wait)
    return answers if isinstance(answers, Failure) else answers[0]


def found_in_turn(attacks: dict[str, str], walls: str) -> dict[str, str]:
    """What comes of each attack, one after the other in one worker: what fails changes nothing."""
    with behind(walls, Kit(), AMPLE) as worker:
        return {name: found_in(worker, tried(attack)) for name, attack in attacks.items()}


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
