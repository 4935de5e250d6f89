"""The inside of the sandbox: runs a learner's cells and asks the functions they define.

This script is all that a worker has, besides Python, NumPy and the files it imports: no
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
from importlib import import_module

COURSE = "/course"  # where the sandbox puts the files of the course
MISSING = (ImportError, ModuleNotFoundError)


class Card:
    """What the worker knows of a problem."""

    def __init__(self, name, kind, call, arguments, outputs):
        self.name, self.kind, self.call, self.arguments = name, kind, call, arguments
        self.output_list = [types.SimpleNamespace(name=output) for output in outputs]


class Absent:
    """In place of a package that a worker has not: a plot that an answer draws does no harm."""

    def __init__(self, *given, **named):
        pass

    def __call__(self, *given, **named):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter(())


def limit(limits: dict) -> None:
    """Limits of the kernel, which nothing that runs later can raise."""
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


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


def run(label: str, source: str, scope: dict, lenient: bool) -> dict:
    """Execute a cell. What it imports and is not there is `Absent`, and named in the reply.

    Statements that fail over something absent are left out; if `lenient`, as for the teacher's
    set-up, all that fail.
    """
    from course_utils.feedback.plain import clean

    absent, hollow, file = [], {"display"}, f"<{label}>"
    try:
        tree, source = parse(source, file)
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        for statement in tree.body:
            code = compile(ast.Module([statement], []), file, "exec")
            try:
                exec(code, scope)
            except Exception as error:
                if isinstance(statement, ast.Import | ast.ImportFrom) and type(error) in MISSING:
                    absent.append(str(error.name)[:80])
                    wanted = imports_of(statement)
                elif hollow & names_in(statement, ast.Load):
                    wanted = names_in(statement, ast.Store)
                elif lenient:
                    continue
                else:
                    raise
                hollow |= wanted
                for name in wanted:
                    scope.setdefault(name, Absent())
    except BaseException as error:
        kind, line = type(error).__name__, getattr(error, "lineno", None)
        where = f" in line {line}" if isinstance(line, int) else ""
        return {"absent": absent, "error": f"{clean(kind, 60)}{where}: {clean(error, 300)}"}
    return {"absent": absent, "error": None}


def names_in(statement: ast.stmt, how: type) -> set:
    nodes = (one for one in ast.walk(statement) if isinstance(one, ast.Name))
    return {one.id for one in nodes if isinstance(one.ctx, how)}


def imports_of(statement: ast.Import | ast.ImportFrom) -> set:
    """What an import would have defined."""
    plain = isinstance(statement, ast.Import)
    return {
        one.asname or (one.name.split(".")[0] if plain else one.name) for one in statement.names
    }


def parse(source: str, name: str) -> tuple:
    """The statements of a cell, without the lines that only a notebook understands."""
    try:
        return ast.parse(source, name), source
    except SyntaxError:
        lines = source.splitlines()
        for number, line in enumerate(lines):
            bare = line.lstrip()
            if bare[:1] in ("%", "!", "?"):
                lines[number] = line[: len(line) - len(bare)] + "pass"
        plain = "\n".join(lines)
        return ast.parse(plain, name), plain


def answer(request: dict, scope: dict) -> object:
    """The reply to a request."""
    if request["do"] == "run":
        return run(request["label"], request["source"], scope, request["lenient"])
    from course_utils.feedback.problem import Failure
    from course_utils.feedback.run import collect

    card = Card(*request["card"])
    if card.name not in scope:
        return Failure("not_filled", "")
    return collect(card, scope[card.name], request["questions"], request["seconds"])


def main() -> None:
    job = json.loads(sys.argv[1])
    limit(job["limits"])
    requests, replies = keep_to_ourselves()
    sys.path[:0] = [COURSE, *job["paths"]]
    tempfile.tempdir = "/"  # some packages want to know one; nothing can be written there
    from course_utils.feedback import run as questions
    from course_utils.feedback.problem import Failure
    from course_utils.grading import alarm, wire
    from course_utils.grading.lent import lend

    questions.time_limit = alarm.time_limit  # a busy machine costs nobody time
    sys.modules.update(lend(job["lent"], COURSE))
    space = types.ModuleType("__main__")
    space.display = Absent()  # a notebook's way to show things
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

    lead_nowhere(2)  # until here, it says why a worker cannot start
    reply("ready")
    while start := requests.read(wire.LENGTHS.size):
        sizes = wire.lengths(start, 1 << 32, 1 << 32)
        request = wire.unpack(*map(requests.read, sizes), Failure)
        reply(answer(request, space.__dict__))


if __name__ == "__main__":
    main()
