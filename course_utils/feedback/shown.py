"""A verdict as it is shown: in colour in a notebook, as text elsewhere."""

from __future__ import annotations

import html
import inspect
import re
import sys
from functools import cache
from pathlib import Path

from course_utils.language import to_translate, translated
from course_utils.lines import wrapped

PAGE = Path(__file__).parent / "page"
SIGNS = {True: (to_translate("right"), "✓"), False: (to_translate("wrong"), "✗")}
CODE = re.compile(r"`([^`]+)`|\b(\w*[A-Za-z]\w*_\w+(?:\[[^\]\n]*\])?|[A-Za-z]\w*\[[^\]\n]*\])")
SINCE = to_translate("The code has changed since: run it, then check again.")


def show(name: str, message: str, correct: bool, answer: object = None) -> None:
    """Show a verdict on the answer to a problem, in the colours of right and wrong.

    In a notebook it fades when ``answer``, a function, is rewritten.
    """
    subject = "" if message.startswith(f"{name} ") else translated("{name}: ", name=name)
    text = wrapped(f"{subject}{message}", f"{SIGNS[correct][1]} ")
    if not in_a_notebook():
        print(text)
        return
    from IPython.display import display

    page = verdict_html(f"{subject}{message}", correct, name_of(answer), source_of(answer))
    display({"text/plain": text, "text/html": page}, raw=True)


def in_a_notebook() -> bool:
    """Whether a notebook's kernel runs this."""
    ipython = sys.modules.get("IPython")
    return getattr(ipython and ipython.get_ipython(), "kernel", None) is not None


def verdict_html(said: str, correct: bool, name: str = "", source: str = "") -> str:
    """A verdict as a piece of a page; ``source`` is the function ``name`` as it was judged."""
    kind, sign = SIGNS[correct]
    watched, since, script = "", "", ""
    if source:
        watched = f' data-name="{html.escape(name)}" data-code="{html.escape(source)}"'
        since = f'<span class="since" role="status" hidden> {translated(SINCE)}</span>'
        script = f"<script>{_part('verdict.js')}</script>"
    return (
        f"<style>{_part('verdict.css')}</style>"
        f'<div class="carousel-verdict {kind}"{watched}>'
        f'<b role="img" aria-label="{translated(kind)}">{sign}</b> {with_code(said)}{since}</div>'
        f"{script}"
    )


def with_code(text: str) -> str:
    """Text as HTML; names with an underscore or an index, and what stands in ticks, are code."""
    parts, end = [], 0
    for found in CODE.finditer(text):
        parts += [html.escape(text[end : found.start()])]
        code = found[1] or found[2].replace(" ", "\N{NO-BREAK SPACE}")
        parts += [f"<code>{html.escape(code)}</code>"]
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])


def name_of(answer: object) -> str:
    """The name under which a function was written."""
    return str(getattr(answer, "__name__", ""))


def source_of(answer: object) -> str:
    """The code of a function that stands in a cell; "" for anything else."""
    if not inspect.isfunction(answer) or answer.__name__ == "<lambda>":
        return ""
    try:
        source = inspect.getsource(answer)
    except (OSError, TypeError):
        return ""
    return source if source.startswith(("def ", "@")) else ""


@cache
def _part(name: str) -> str:
    text = (PAGE / name).read_text(encoding="utf-8")
    return "\n".join(line for line in text.strip().splitlines() if not line.startswith("//"))
