"""The animated cells that a notebook has stored, in another language."""

from __future__ import annotations

from typing import Any

from course_utils.language import speaking
from course_utils.player.page import retold
from course_utils.player.words import sentences

PLAYER = '<div class="carousel-player"'


def translate_players(notebook: dict[str, Any], name: str) -> None:
    """Let the players among the outputs of a notebook (as JSON has it, or nbformat) speak."""
    with speaking(name):
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                stored = "".join(data.get("text/html", ""))
                if PLAYER in stored:
                    data["text/html"] = retold(stored)
                    data["text/plain"] = sentences("".join(data["text/plain"]))
