"""What an answer is made of: its statements without the names, its own names, numbers and comments.

Run as a program it reads answers, one JSON text a line, and writes what each is made of. It is run
in a process of its own, as Python's parser has been crashed by code before: see `shapes`. Nothing
of an answer is run, and nothing but the standard library is imported here.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import sys
import tokenize
import warnings
from collections.abc import Iterator

LONGEST = 20_000  # characters; longer answers are not compared
SECONDS = 5  # of processor time for one answer
MEMORY = 1 << 30  # bytes
PLAIN = (None, True, False, Ellipsis, 0, 1, 2, -1, "")  # constants that tell nothing
SHORTEST = 6  # letters of a comment


def shape(source: str) -> dict | None:
    """What an answer is made of; None if it is no Python.

    `statements` are lists of digest, first and last line, and size in nodes; `names`, `constants`
    and `comments` map what was found to the lines where it stands. `whole` is a digest of all
    statements in order: the same for the same code under other names, layout and comments.
    """
    source = without_magics(source[:LONGEST])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parts(ast.parse(source), source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parts(tree: ast.Module, source: str) -> dict:
    """The same of a tree, which loses its bodies on the way."""
    local, every = assigned(tree), list(ast.walk(tree))
    comments = dict(remarks(source))
    for one in every:
        if is_text(one) and len(one.value.value) >= SHORTEST:
            comments[" ".join(one.value.value.lower().split())] = [one.lineno]
    names = lines_of((one.id, one) for one in every if named(one, local))
    texts = {id(one.value) for one in every if is_text(one)}
    numbers = (one for one in every if telling(one) and id(one) not in texts)
    constants = lines_of((repr(one.value), one) for one in numbers)
    found = [
        [digest(bare(one, local)), one.lineno, last_line(one), sum(1 for _ in ast.walk(one))]
        for one in statements(tree)
    ]
    whole = digest(" ".join(one[0] for one in found))
    return {
        **{"whole": whole, "statements": found},
        **{"names": names, "constants": constants, "comments": comments},
    }


def without_magics(source: str) -> str:
    """The code with the lines that only IPython understands left empty."""
    lines = source.split("\n")
    return "\n".join("" if line.lstrip()[:1] in ("%", "!", "?") else line for line in lines)


def assigned(tree: ast.AST) -> set[str]:
    """The names that the answer itself gives: variables, arguments, functions of its own."""
    found = set()
    for one in ast.walk(tree):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.add(one.id)
        elif isinstance(one, ast.arg):
            found.add(one.arg)
        elif isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(one.name)
    return found


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Every statement in the order of the code; of one with a body its head alone."""
    waiting = list(reversed(tree.body))
    while waiting:
        one = waiting.pop()
        inner = []
        for field in ("body", "orelse", "handlers", "finalbody"):
            for part in getattr(one, field, None) or []:
                inner += part.body if isinstance(part, ast.ExceptHandler) else [part]
            if getattr(one, field, None):
                setattr(one, field, [])
        waiting += reversed(inner)
        if not is_text(one):
            yield one


def is_text(one: ast.AST) -> bool:
    """Whether it is a text that stands alone, as a docstring does."""
    inner = getattr(one, "value", None) if isinstance(one, ast.Expr) else None
    return isinstance(inner, ast.Constant) and isinstance(inner.value, str)


def bare(one: ast.stmt, local: set[str]) -> str:
    """A statement as text, with its own names numbered in the order in which they come."""
    numbers: dict[str, str] = {}

    def told(node: object) -> str:
        if isinstance(node, list):
            return f"[{' '.join(map(told, node))}]"
        if not isinstance(node, ast.AST):
            return numbers.setdefault(node, f"#{len(numbers)}") if node in local else repr(node)
        fields = (
            told(getattr(node, name, None))
            for name in node._fields
            if name not in ("ctx", "annotation", "returns", "type_comment", "kind", "type_params")
        )
        return f"{type(node).__name__}({' '.join(fields)})"

    return told(one)


def remarks(source: str) -> Iterator[tuple[str, list[int]]]:
    """The comments with their lines."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            text = " ".join(token.string.lstrip("# ").lower().split())
            if token.type == tokenize.COMMENT and len(text) >= SHORTEST:
                yield text, [token.start[0]]
    except (tokenize.TokenError, SyntaxError):
        return


def named(one: ast.AST, local: set[str]) -> bool:
    return isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.id in local


def telling(one: ast.AST) -> bool:
    """Whether it is a number or a short text that not everybody writes."""
    if not isinstance(one, ast.Constant) or any(one.value is plain for plain in PLAIN):
        return False
    return isinstance(one.value, (int, float, complex, str)) and len(str(one.value)) <= 40


def lines_of(found: Iterator[tuple[str, ast.AST]]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for name, one in found:
        places.setdefault(name, []).append(one.lineno)
    return places


def last_line(one: ast.stmt) -> int:
    """The last line of a statement; of one whose body was taken away, its first."""
    return one.end_lineno if not hasattr(one, "body") else one.lineno


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def main() -> None:
    """Answer each line; what is beyond a limit ends this process, and its starter goes on.

    Windows knows no such limits, and macOS none of memory: there its starter's clock has to do.
    """
    try:
        import resource
    except ModuleNotFoundError:
        resource = None
    if resource:
        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))
    for line in sys.stdin.buffer:
        if resource:
            used = resource.getrusage(resource.RUSAGE_SELF)
            limit = int(used.ru_utime + used.ru_stime) + 1 + SECONDS
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        sys.stdout.write(json.dumps(shape(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
