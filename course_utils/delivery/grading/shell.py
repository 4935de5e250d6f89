"""A cell as JupyterLab understands it: IPython's syntax, read by IPython's own code.

What has an effect in a notebook alone (`!pip`, `%matplotlib`, `x?`, `%%bash`) does nothing here;
`%%time` and its kind run what stands below them. Works inside of a sandbox, on learners' code.
"""

import ast
import inspect
import sys
from functools import cache

from course_utils.delivery.grading.absent import Absent

SYNTAX = "/course/notebook"  # where the sandbox puts IPython's two files, out of learners' reach
NO_PYTHON = {
    *("!", "system", "sx", "bash", "sh", "script", "cmd", "perl", "ruby", "pypy", "shell"),
    *("html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "mermaid"),
    *("python", "python2", "python3", "writefile", "file", "timeit", "cython", "R", "sql"),
}  # of the magics that own a cell: other languages, processes and files; %%timeit defines nothing
RUNNING = {"time", "prun"}  # of those that own a line: they run it, and it may define something


@cache
def transformer():
    """IPython's own reader of cells. What is imported for it cannot be imported by a learner."""
    before = set(sys.modules)
    sys.path.insert(0, SYNTAX)
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    finally:
        sys.path.remove(SYNTAX)
    for name in set(sys.modules) - before:
        if name.split(".")[0] == "IPython":
            del sys.modules[name]
    return TransformerManager()


def understood(source: str, file: str) -> tuple[list, str]:
    """The statements of a cell, and the text in whose lines they stand.

    Raises SyntaxError if JupyterLab would not run it either.
    """
    source = "\n".join(source.replace("\r\n", "\n").split("\r"))  # as JupyterLab's editor does
    try:
        return ast.parse(source, file).body, source
    except SyntaxError:
        text = transformer().transform_cell(source)
    try:
        statements = ast.parse(text, file).body
    except SyntaxError as error:
        if error.lineno:
            error.lineno += _blank_lines(source)
        raise
    if len(statements) == 1 and (body := cell_below(statements[0])) is not None:
        try:
            inner, text = understood(body, file)
        except SyntaxError:
            if _magic(statements[0])[1] in ("time", "capture"):
                raise
            return [], ""  # some other language
        inner = [ast.increment_lineno(one, 1) for one in inner]
        return [*inner, *caught(statements[0], file)], f"\n{text}"
    return [one for each in statements for one in line_inside(each, file)], text


def _blank_lines(source: str) -> int:
    lines = source.splitlines()
    return next((n for n, line in enumerate(lines) if line.strip()), 0)


def _magic(statement: ast.stmt) -> tuple[str, str, str, str] | None:
    """The call of a magic that a statement is: how, its name, its line and its cell."""
    match statement:
        case ast.Expr(
            ast.Call(ast.Attribute(ast.Call(ast.Name("get_ipython")), how), [name, line, *cell])
        ):
            texts = [getattr(one, "value", None) for one in (name, line, *cell[:1])]
            if all(isinstance(one, str) for one in texts):
                return (how, *texts, "")[:4]
    return None


def cell_below(statement: ast.stmt) -> str | None:
    """What stands below a cell magic, if it is Python that runs in the notebook."""
    found = _magic(statement)
    if not found or found[0] != "run_cell_magic":
        return None
    _, name, _, cell = found
    return "" if name.split("/")[-1] in NO_PYTHON else cell


def caught(statement: ast.stmt, file: str) -> list[ast.stmt]:
    """What `%%capture name` defines when its cell has run."""
    _, name, line, _ = _magic(statement)
    kept = [word for word in line.split() if not word.startswith("-")]
    if name != "capture" or not kept or not kept[0].isidentifier():
        return []
    return ast.parse(f"{kept[0]} = get_ipython().captured", file).body


def line_inside(statement: ast.stmt, file: str) -> list[ast.stmt]:
    """The statements of a line such as `%time x = f(3)`; any other statement as it is."""
    found = _magic(statement)
    if not found or found[:1] != ("run_line_magic",) or found[1] not in RUNNING:
        return [statement]
    inner = ast.parse(_without_options(found[2]), file).body
    return [ast.increment_lineno(one, statement.lineno - 1) for one in inner]


def _without_options(line: str) -> str:
    words = line.split(" ")
    while words and words[0].startswith("-"):
        words.pop(0)
    return " ".join(words)


class Shell(Absent):
    """What `get_ipython()` gives: magics whose value is asked for, and nothing else."""

    def __init__(self, scope: dict):
        super().__init__()
        self.__dict__.update(user_ns=scope, captured=Absent())

    def run_line_magic(self, name, line, *_, **named):
        if name not in RUNNING:
            return None
        line = _without_options(line)
        try:
            return eval(line, self.user_ns)
        except SyntaxError:
            exec(line, self.user_ns)

    magic = run_line_magic

    def getoutput(self, *_, **named):
        return []

    def ex(self, code):
        exec(code, self.user_ns)

    def ev(self, code):
        return eval(code, self.user_ns)

    def run_cell(self, cell, *_, **named):
        statements, _ = understood(cell, "<run_cell>")
        run_statements(statements, "<run_cell>", self.user_ns)

    def run_cell_magic(self, name, line, cell):
        if name not in NO_PYTHON:
            self.run_cell(cell)


class Compiler:
    """Compiles statements as a notebook does: `await` may stand anywhere, and what one cell imports
    from `__future__` holds in the cells below."""

    def __init__(self):
        self.flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def __call__(self, statement: ast.stmt, file: str):
        tree = ast.fix_missing_locations(ast.Module([statement], []))
        code = compile(tree, file, "exec", self.flags, dont_inherit=True)
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            import __future__

            for one in statement.names:
                self.flags |= getattr(__future__, one.name).compiler_flag
        return code


compiled = Compiler()


def run_statements(statements: list, file: str, scope: dict) -> None:
    for statement in statements:
        execute(compiled(statement, file), scope)


def execute(code, scope: dict) -> None:
    """Run a piece of code; one that awaits something, to its end."""
    result = eval(code, scope)
    if code.co_flags & inspect.CO_COROUTINE:
        finished(result)


def finished(coroutine):
    """What a coroutine gives, on a loop of events that needs no socket."""
    import asyncio
    import time

    class Clock:
        """In place of a selector: there is nothing to hear of, only time passes."""

        def select(self, seconds):
            time.sleep(seconds or 0)
            return []

    class Loop(asyncio.BaseEventLoop):
        def __init__(self):
            super().__init__()
            self._selector = Clock()

        def _process_events(self, events):
            pass

        def _write_to_self(self):
            pass

    loop = Loop()
    asyncio.set_event_loop(loop)
    return loop.run_until_complete(coroutine)
