"""Markdown of one line as HTML, its formulas as MathML, and as plain words."""

from __future__ import annotations

import html
import re

PIECE = re.compile(r"`(?P<code>[^`]+)`|\$(?P<tex>[^$]+)\$|\*\*(?P<bold>.+?)\*\*|\*(?P<slant>.+?)\*")
TEX_WORD = re.compile(r"\\(?:text|mathrm|operatorname)?\{?([A-Za-z]*)\}?")
SIGNS = {r"\cdot": "·", r"\partial": "∂", r"\sigma": "σ", r"\,": " ", r"\;": " "}


def inline(text: str) -> str:
    """The text as HTML."""
    parts, end = [], 0
    for found in PIECE.finditer(text):
        parts += [html.escape(text[end : found.start()]), _piece(found)]
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])


def plain(text: str) -> str:
    """The text without marks, as it is read aloud."""
    return PIECE.sub(lambda found: found["code"] or _spoken(found), text)


def _piece(found: re.Match[str]) -> str:
    from latex2mathml.converter import convert  # only where there is a formula

    if found["tex"]:
        return convert(found["tex"])
    tag = next(name for name in ("code", "bold", "slant") if found[name])
    mark = {"code": "code", "bold": "strong", "slant": "em"}[tag]
    return f"<{mark}>{html.escape(found[tag])}</{mark}>"


def _spoken(found: re.Match[str]) -> str:
    if not found["tex"]:
        return found["bold"] or found["slant"]
    tex = found["tex"]
    for sign, letter in SIGNS.items():
        tex = tex.replace(sign, letter)
    return TEX_WORD.sub(r"\1", tex).replace("{", "").replace("}", "")
