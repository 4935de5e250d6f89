"""A deck as one HTML file that needs no other file and no network."""

from __future__ import annotations

import html
from pathlib import Path

from course_utils.delivery.authoring.markup import inlined, web_fonts
from course_utils.delivery.authoring.slides.deck import Deck
from course_utils.delivery.authoring.slides.render import sections
from course_utils.dial import notebook as dials
from course_utils.language import tag, to_translate, translated
from course_utils.player.words import script_in
from course_utils.plots import style

HERE = Path(__file__).parent
CHOICES = (  # of player.js
    to_translate("Cells "),
    to_translate("RNN and LSTM"),
    to_translate("RNN and GRU"),
    to_translate("LSTM and GRU"),
)
KEYS = (to_translate("Start or stop the clock"), to_translate("Light or dark"))  # of deck.js


def page(deck: Deck, vendor: Path) -> str:
    """The whole deck; `vendor` is the folder of fonts and scripts that `vendor()` returns."""
    dial = any(slide.kind == "dial" for slide in deck.slides)
    return whole(f"{deck.number} · {deck.title}", sections(deck), dial, vendor)


def whole(title: str, slides: str, dial: bool, vendor: Path) -> str:
    """Slides as one page, with the scripts of the dial if there is one."""
    title = html.escape(title)
    look = "\n".join(
        [(vendor / "reveal/dist/reveal.css").read_text(encoding="utf-8"), style_sheet(vendor)]
    )
    if dial:
        look += (dials.WEB / "dial.css").read_text(encoding="utf-8")
    scripts = ["reveal/dist/reveal.js", "reveal/plugin/notes/notes.js", "mathjax/es5/tex-svg.js"]
    loaded = "".join(f"<script>{inlined(vendor / name)}</script>\n" for name in scripts)
    if dial:
        loaded += f"<script>{dials.script_in(inlined(dials.WEB / 'dial.js'))}</script>\n"
    own = f"{script_in(_own('player.js'), CHOICES)}\n{script_in(_own('deck.js'), KEYS)}"
    return (
        f'<!doctype html>\n<html lang="{tag()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{look}</style>\n</head>\n<body>\n"
        f'<main><div class="reveal"><div class="slides">\n{slides}\n</div></div></main>\n'
        f"<script>{_own('before.js')}</script>\n{loaded}"
        f'<template class="player-look">{_own("player.css")}</template>\n'
        f"<script>{own}</script>\n</body>\n</html>\n"
    )


def style_sheet(vendor: Path) -> str:
    """Fonts, the course's colours as variables, and the look of the slides."""
    words = f'--predict:"{translated("Predict")}";'
    return "\n".join([web_fonts(vendor), f":root{{{colors()}{words}}}", _own("deck.css")])


def colors() -> str:
    """Ink, paper and the colour of each cell type, as CSS variables."""
    named = {"ink": style.INK, "paper": style.PAPER, "soft": style.SOFT, "clue": style.CLUE}
    cells = {f"cell-{name}": mark.color for name, mark in style.CELLS.items()}
    return "".join(f"--{name}:{color};" for name, color in {**named, **cells}.items())


def _own(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
