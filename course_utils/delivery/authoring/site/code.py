"""The language of each block of code, so that pages can name it, and what of it is copied."""

from __future__ import annotations

import ast
import contextlib
import json
import re

from docutils import nodes
from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Generic, Text
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

UNNAMED = ("none", "default", "text", "")
COMMANDS = {".", "conda", "course", "git", "make", "nbgrader", "pip", "python", "sudo"}
PYTHON = re.compile(
    r"^(from \w|import \w|def \w|class \w|# %%)|\w\(|^\w+(\[.*\])? [-+*/@]?= ", re.M
)


class Commands(RegexLexer):
    """Lines for a terminal, each perhaps followed by what it does, two blanks apart: `make   all`.

    What it does counts as output, which is not copied.
    """

    name, aliases = "Commands", ["commands"]
    tokens = {  # noqa: RUF012  as Pygments has it
        "root": [
            (r"^#.*\n", Comment.Single),
            (r"(\S.*?)([ \t]{2,}\S.*)?(\n)", bygroups(Text, Generic.Output, Text)),
            (r"\s+", Text),
        ]
    }


def language(text: str) -> str:
    """What a block is written in: "commands", "toml", "json", "python", or "" if it is no code."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("# ")]
    if lines and lines[0].split()[0] in COMMANDS and not lines[0].startswith((" ", "\t")):
        return "commands"
    if _is_toml(text):
        return "toml"
    with contextlib.suppress(ValueError):
        return "json" if isinstance(json.loads(text), dict | list) else ""
    with contextlib.suppress(SyntaxError):
        ast.parse(text)
        return "python" if PYTHON.search(text) else ""
    return "python" if text.startswith("# %%") else ""


class Languages(SphinxTransform):
    """Blocks of the docs that do not name their language get it."""

    default_priority = 403

    def apply(self, **_: object) -> None:
        for block in self.document.findall(nodes.literal_block):
            if block.get("language", "") in UNNAMED and _is_prose(block):
                block["language"] = language(block.astext()) or "none"


def _is_prose(block: nodes.literal_block) -> bool:
    """Whether a block is of a page's text, not printed by a cell."""
    node = block.parent
    while node is not None and "cell_output" not in node.get("classes", ()):
        node = node.parent
    return node is None


def _is_toml(text: str) -> bool:
    import tomllib

    try:
        return bool(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return False


def setup(app: Sphinx) -> None:
    """Make the transform and the language known to Sphinx."""
    app.add_lexer("commands", Commands)
    app.add_transform(Languages)
