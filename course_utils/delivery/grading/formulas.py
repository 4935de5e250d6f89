"""Formulas of a teacher's text as MathML: no script and no network is needed to show them."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

LONGEST = 2000  # letters of TeX
MORE = re.compile(r"<(?!/?m[a-z]+[\s/>])|\s(?:href|src|style|on\w+)\s*=")  # than a formula
FORMULA = re.compile(
    r"(?P<code>(?P<ticks>`+).+?(?P=ticks))|\$\$(?P<display>.+?)\$\$"
    r"|(?<![\\$\w])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$])?)\$(?!\w)",
    re.DOTALL,
)


def set_aside(text: str) -> tuple[str, list[str]]:
    """The text with a mark in the place of each formula, and the MathML that belongs there."""
    made: list[str] = []

    def aside(match: re.Match) -> str:
        if match["code"]:
            return match[0]
        made.append(mathml(match["display"] or match["inline"], bool(match["display"])))
        return f"\ue000{len(made) - 1}\ue001"

    return FORMULA.sub(aside, text), made


def put_back(page: str, made: list[str]) -> str:
    """The page with the formulas in the places of their marks."""
    return re.sub("\ue000(\\d+)\ue001", lambda match: made[int(match[1])], page)


@lru_cache(maxsize=1000)
def mathml(tex: str, display: bool) -> str:
    """A formula as MathML, or as text if it cannot be read or would be more than a formula."""
    from latex2mathml.converter import convert

    tex = " ".join(tex.split())
    label = escape(tex, quote=True)
    try:
        made = convert(tex, display="block" if display else "inline") if len(tex) < LONGEST else ""
    except Exception:  # the library has many of its own, and Python's besides
        made = ""
    if not made or MORE.search(made):
        return f"<code>{label}</code>"
    return made.replace("<math ", f'<math alttext="{label}" ', 1)
