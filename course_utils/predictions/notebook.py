"""A prediction and the score as outputs of a notebook."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from course_utils.embed import embedded
from course_utils.language import ENGLISH, language, to_translate, translated, translated_in
from course_utils.predictions.sealing import opened
from course_utils.predictions.words import inline, plain
from course_utils.scripts import in_language

WEB = Path(__file__).parent / "web"
SHARED = [Path(__file__).parents[1] / "player" / name for name in ("theme.js", "keys.js")]
KIND = "carousel-prediction"
SURE = (to_translate("a guess"), to_translate("fairly sure"), to_translate("certain"))
PREDICT = "**Predict.** "  # begins the paragraph that asks
PARTS = ("store.js", "fold.js", "choose.js", "score.js", "mount.js")


class Shown:
    """What `predict` and `score` return: as the last line of a cell, it shows itself."""

    def __init__(self, words: str, still: str, data: dict[str, Any]):
        self.words, self.still, self.data = words, still, data

    def html(self) -> str:
        """A piece of a page with all it needs."""
        room = '<div class="prediction"></div>'
        return embedded(
            KIND,
            self.still,
            script=in_language(script()),
            css=style_sheet(),
            room=room,
            data=self.data,
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.words}


def predict(lesson: str, question: str, choices: Sequence[str], sealed: str) -> Shown:
    """A place to choose an answer before a cell is run, and to say how sure one is.

    What was chosen is kept in the workbook's predictions.json where JupyterLab serves one, else
    in the browser; the kernel knows nothing of it.

    Args:
        lesson: its number, such as "04".
        question: Markdown of one line.
        choices: the answers to choose from, Markdown of one line each.
        sealed: what `seal` made of them and the right one.

    Raises ValueError if the seal does not fit.
    """
    right = opened(question, choices, sealed)
    domain = f"lesson-{lesson}"
    question = _asked(question, domain)
    choices = [translated_in(domain, one) for one in choices]
    data = {
        "lesson": lesson,
        "id": sealed,
        "question": plain(question),
        "choices": [inline(one) for one in choices],
        "words": [plain(one) for one in choices],
        "sure": list(map(translated, SURE)),
        "right": right,
    }
    words = translated("Choose: ") + " / ".join(plain(one) for one in choices)
    return Shown(words, boxes(choices), data)


def score(lesson: str, asked: Sequence[str]) -> Shown:
    """How good the predictions of a lesson were, and where one was surest and wrong.

    `asked` has the seals of the lesson's predictions in order.
    """
    count = translated(
        "Count your predictions: how many came true, and of those that you were sure of?"
    )
    still = f"<p>{count}</p>"
    data = {"lesson": lesson, "asked": list(asked), "sure": list(map(translated, SURE))}
    return Shown(translated("How good your predictions were, in the page."), still, data)


def _asked(question: str, domain: str) -> str:
    """The question; its translation is that of the paragraph which asks it."""
    if language() == ENGLISH:
        return question
    return re.sub(r"^\*\*[^*]+\*\*\s*", "", translated_in(domain, PREDICT + question))


def boxes(choices: Sequence[str]) -> str:
    """The choices with boxes to tick: on paper, and where no scripts run."""
    items = "".join(f"<li>☐ {inline(one)}</li>" for one in choices)
    sure = " ".join(f"<span>☐ {html.escape(translated(one))}</span>" for one in SURE)
    return (
        f'<ul class="choices" style="list-style:none;padding-left:0">{items}</ul>'
        f'<p class="sure">{translated("How sure?")} {sure}</p>'
    )


@cache
def script() -> str:
    """The scripts, as the body of a function."""
    paths = [*SHARED, *(WEB / name for name in PARTS)]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@cache
def style_sheet() -> str:
    """The look, in a root of its own."""
    return (WEB / "prediction.css").read_text(encoding="utf-8")
