"""Decks in another language: the same slides, their words, and the words of what they show."""

from __future__ import annotations

import copy
from dataclasses import replace

from course_utils.delivery.authoring.players import translate_players
from course_utils.delivery.authoring.slides.deck import Deck, Slide
from course_utils.language import ENGLISH, catalog, language, looked_up
from course_utils.translating import domain_of, prose_in, translate_notebook


def spoken(deck: Deck) -> Deck:
    """The deck in the language of this process; it keeps the English one."""
    if language() == ENGLISH:
        return deck
    name = f"notebooks/{deck.document.name}.ipynb"
    known = catalog(language(), domain_of(name))
    made = copy.deepcopy(deck)
    translate_notebook(made.notebook, name, language(), deck.document.root)
    translate_players(made.notebook, language())
    title = looked_up(f"{deck.number} · {deck.title}", known).partition(" · ")[2]
    slides = tuple(_slide(one, known, deck.title, title) for one in made.slides)
    return replace(made, title=title, slides=slides, english=deck)


def _slide(slide: Slide, known: dict[str, str], lesson: str, title: str) -> Slide:
    body, answer, notes = (
        prose_in(text, known, slide=True) for text in (slide.body, slide.answer, slide.notes)
    )
    return replace(
        slide,
        title=looked_up(slide.title, known),
        body=body,
        answer=answer,
        notes=notes,
        section=title if slide.section == lesson else looked_up(slide.section, known),
        alt=looked_up(slide.alt, known) if slide.alt else "",
    )
