"""The inside of the sandbox: runs a learner's cells and asks the functions they define.

This script is all that a worker has, besides Python, NumPy and the few files it imports: no
reference, no judge, no other submission. What it sends back are numbers, and nobody trusts them.
It answers one request after the other, each a frame of `wire`, until there are no more.
"""

import ast
import json
import linecache
import os
import resource
import sys
import tempfile
import types
from contextlib import nullcontext
from functools import partial
from importlib import import_module

COURSE = "/course"  # where the sandbox puts the files of the course
files: dict[str, int] = {}  # how many cells of each name have run


class Card:
    """What the worker knows of a problem."""

    def __init__(self, name, kind, call, arguments, outputs):
        self.name, self.kind, self.call, self.arguments = name, kind, call, arguments
        self.output_list = [types.SimpleNamespace(name=output) for output in outputs]


def limit(threads: "int | None") -> None:
    """The one limit of the kernel that cannot be set from outside."""
    if threads is not None:
        resource.setrlimit(resource.RLIMIT_NPROC, (threads, threads))


def keep_to_ourselves() -> tuple:
    """Our two pipes, on descriptors of their own; 0 and 1 lead nowhere from now on."""
    pipes = os.dup(0), os.dup(1)
    lead_nowhere(0, 1)
    return open(pipes[0], "rb"), open(pipes[1], "wb")


def lead_nowhere(*descriptors: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors:
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def run(label: str, source: str, scope: dict, lenient: bool, seconds: float = 0.0) -> dict:
    """Execute a cell, and reply with what it imports in vain and the error that it ends in.

    A statement that fails over something that is there in a notebook alone is left out; so is any
    other as long as the cell has not defined `label`: in the notebook it did not fail, or nothing
    below it would have run. If `lenient`, all that fail are.

    Args:
        seconds: for the cell, after which the rest of it is left out; 0 for no such limit.
    """
    from course_utils.delivery.grading.absent import missing
    from course_utils.delivery.grading.alarm import time_limit
    from course_utils.feedback.limit import TimeUp

    missing.clear()

    def work():
        return statement_by_statement(label, source, scope, lenient)

    try:
        with time_limit(seconds) if seconds else nullcontext(lambda one: one()) as within:
            error = within(work)
    except TimeUp:
        error = "TimeUp"
    return {"absent": list(missing)[:20], "error": error}


def statement_by_statement(label: str, source: str, scope: dict, lenient: bool) -> str | None:
    """Run a cell; what its first error is called, if nothing excuses it."""
    from course_utils.delivery.grading.absent import Excused
    from course_utils.delivery.grading.shell import compiled, execute, understood
    from course_utils.feedback.errors import top_level

    files[label] = files.get(label, 0) + 1
    file = f"<{label}{f' {files[label]}' if files[label] > 1 else ''}>"
    before, first, known = scope.get(label), None, set(scope)
    try:
        statements, text = understood(source, file)
        lines = [line + "\n" for line in text.split("\n")]
        linecache.cache[file] = (len(text), None, lines, file)
        for statement in Excused().visit(ast.Module(statements, [])).body:
            try:
                execute(compiled(statement, file), scope)
            except Exception as error:
                if excuse(statement, scope) or lenient:
                    continue
                first = first or top_level(error, file)
                if isinstance(error, MemoryError):  # what it filled, the other tasks need
                    for name in scope.keys() - known - {label}:
                        del scope[name]
                if scope.get(label) is not before:
                    return first
    except BaseException as error:
        return first or top_level(error, file)
    return first


def excuse(statement: ast.stmt, scope: dict) -> bool:
    """Whether a statement needs what a worker has not; what it should define is absent, then."""
    from course_utils.delivery.grading.absent import Absent

    wanted = names_in(statement, ast.Load)
    lacking = [scope[name] for name in wanted if isinstance(scope.get(name), Absent)]
    if "input" in wanted:
        lacking.append(Absent("input()"))
    if not lacking and "get_ipython" not in wanted:
        return False
    for name in names_in(statement, ast.Store):
        scope.setdefault(name, lacking[0] if lacking else Absent())
    return True


def names_in(statement: ast.stmt, how: type) -> set:
    nodes = (one for one in ast.walk(statement) if isinstance(one, ast.Name))
    return {one.id for one in nodes if isinstance(one.ctx, how)}


def defined_by(source: str) -> list:
    """The names that a cell would define, for what it is worth."""
    from course_utils.delivery.grading.shell import understood

    try:
        statements, _ = understood(source, "<cell>")
    except Exception:
        return []
    names = set()
    for node in ast.walk(ast.Module(statements, [])):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.split(".")[0])
    return sorted(names)[:1000]


def answer(request: dict, scope: dict) -> object:
    """The reply to a request."""
    if request["do"] == "run":
        given = (request["label"], request["source"], scope, request["lenient"])
        return run(*given, request.get("seconds", 0.0))
    if request["do"] == "defined":
        return [defined_by(source) for source in request["sources"]]
    from course_utils.delivery.grading import absent
    from course_utils.feedback.run import collect
    from course_utils.feedback.verdict import Failure

    absent.used.clear()
    card = Card(*request["card"])
    if card.name not in scope:
        return Failure("not_filled", "")
    seconds = request["seconds"]
    found = collect(card, scope[card.name], request["questions"], seconds, in_notebook=False)
    if not request.get("absent"):
        return found
    return {"answers": found, "absent": list(absent.passed | absent.used)[:20]}


def main() -> None:
    job = json.loads(sys.argv[1])
    limit(job["threads"])
    requests, replies = keep_to_ourselves()
    sys.path[:0] = [COURSE, *job["paths"]]
    tempfile.tempdir = "/"  # some packages want to know one; nothing can be written there
    from course_utils.delivery.grading import alarm, wire
    from course_utils.delivery.grading.absent import HOOK, Absent, stand_in
    from course_utils.delivery.grading.lent import lend
    from course_utils.delivery.grading.shell import Shell
    from course_utils.feedback import run as questions
    from course_utils.feedback.plain import to_plain
    from course_utils.feedback.verdict import Failure

    questions.time_limit = alarm.time_limit  # a busy machine costs nobody time
    sys.modules.update(lend(job["lent"], COURSE))
    space = types.ModuleType("__main__")
    shell = Shell(space.__dict__)
    space.display, space.get_ipython = Absent(), lambda: shell
    setattr(space, HOOK, partial(stand_in, space.__dict__))
    sys.modules["__main__"] = space
    for name in job["modules"]:
        setattr(space, name.split(".")[0], import_module(name))

    def reply(value: object) -> None:
        try:
            frame = wire.pack(value)
        except (TypeError, ValueError, RecursionError, MemoryError, AttributeError):
            frame = wire.pack(Failure("type", "The answer is no plain data."))
        replies.write(frame)
        replies.flush()

    def receive() -> dict | None:
        start = requests.read(wire.LENGTHS.size)
        sizes = wire.lengths(start, 1 << 32, 1 << 32) if start else ()
        return wire.unpack(*map(requests.read, sizes), Failure) if start else None

    def lent(do: str, name: str, arguments: list) -> object:
        """A function whose answers come from outside."""

        def function(*given, **named):
            rest = [named[one] for one in arguments[len(given) :]]
            reply({"call": name, "given": to_plain([*given, *rest])})
            value = receive()["value"]
            if isinstance(value, Failure):
                raise ValueError(value.text)
            return value

        return function

    lead_nowhere(2)  # until here, it says why a worker cannot start
    reply("ready")
    while request := receive():
        if request["do"] == "lend":
            space.__dict__[request["name"]] = lent(**request)
            reply("lent")
        elif request["do"] != "take":  # of a call that was given up
            reply(answer(request, space.__dict__))


if __name__ == "__main__":
    main()
