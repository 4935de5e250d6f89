"""What moves speaks the language of the page around it: the player and the dial."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from course_utils.delivery.authoring.players import translate_players
from course_utils.delivery.authoring.site.chinese import PACKED
from course_utils.delivery.authoring.slides.page import CHOICES
from course_utils.dial import first_dial
from course_utils.dial import notebook as dials
from course_utils.language import UNTRANSLATED, speaking
from course_utils.place import COURSE
from course_utils.player import CellPlayer, cell_player
from course_utils.player.bundle import script
from course_utils.player.words import IN_SCRIPTS, script_in, sentences, spoken
from course_utils.prose import has_words
from course_utils.scripts import texts
from tests.language.conftest import left

WITH_PLAYERS = ("04_the_lstm_gate_by_gate", "05_inside_the_gates")
SLIDES = COURSE / "course_utils" / "delivery" / "authoring" / "slides"
OWN_SENTENCE = "“I grew up in France …”"


@pytest.fixture(scope="module")
def player() -> CellPlayer:
    return cell_player()


def packed(page: str) -> dict[str, Any]:
    return json.loads(gzip.decompress(base64.b64decode(PACKED.search(page)[1])))


def shown(data: dict[str, Any]) -> list[str]:
    """All that a player shows in words, but for the words of a text."""
    chosen = [data[name] for name in ("sequences", "weights") if len(data[name]) > 1]
    options = [one["label"] for some in chosen for one in some]
    scenes = data["scenes"]
    captions = [text for one in scenes for text in one["captions"].values()]
    tokens = [token for one in scenes if one["kind"] == "pulses" for token in one["tokens"]]
    said = [token for one in scenes for token in one["spoken"]]
    return [data["label"], *options, *captions, *tokens, *said]


def test_every_word_of_the_player_comes_from_a_catalog(player: CellPlayer, pseudo: str) -> None:
    with speaking(pseudo):
        data = spoken(player.data)
    rest = {left(text) for text in shown(data)} - {OWN_SENTENCE}
    assert not [text for text in rest if has_words(text)]
    assert any("grew" in one["tokens"] for one in data["scenes"]), "the sentence stays"


@pytest.mark.parametrize("name", WITH_PLAYERS)
def test_a_stored_player_is_told_again(name: str, pseudo: str) -> None:
    notebook = json.loads((COURSE / "notebooks" / f"{name}.ipynb").read_bytes())
    translate_players(notebook, pseudo)
    told = [
        output["data"]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "carousel-player" in "".join(output.get("data", {}).get("text/html", ""))
    ]
    assert told
    for data in told:
        assert not has_words(left("".join(data["text/plain"])))
        inside = packed(data["text/html"])
        assert not [one for one in shown(inside["data"]) if has_words(left(one)) and "“" not in one]
        assert "⟦Play⟧" in inside["script"]


def test_in_english_nothing_changes(player: CellPlayer) -> None:
    with speaking("en"):
        assert spoken(player.data) == player.data
        assert script_in(script()) == script()
        inside = packed(player.html())
        assert inside == json.loads(json.dumps({"script": script(), "data": player.data}))
        assert sentences(player.alt) == player.alt


def test_every_word_of_the_players_scripts_is_known_and_stands_there(pseudo: str) -> None:
    slides = (SLIDES / "player.js").read_text(encoding="utf-8")
    for source, words in ((script(), IN_SCRIPTS), (slides, CHOICES)):
        assert not [one for one in words if not re.search(rf'["`]{re.escape(one)}["`]', source)]
        found = {text for _, _, text in texts(source)}
        assert found <= set(words)
        with speaking(pseudo):
            said = script_in(source, words)
        assert said.count("⟦") >= len(words)
        assert 'make("input"' in said or source is slides
        assert UNTRANSLATED not in said


def test_an_authors_own_words_stay(pseudo: str) -> None:
    with speaking(pseudo):
        said = sentences("My own network. Lines in the strip, from outside in: 1, 0.1 and 0.001.")
    assert said.startswith("My own network. ⟦Lines")


def test_chinese_stands_without_spaces_between_sentences(player: CellPlayer) -> None:
    with speaking("zh_CN"):
        data = spoken(player.data)
    for text in (one for scene in data["scenes"] for one in scene["captions"].values()):
        assert not re.search(r"[，。：；] |[A-Za-z]{2,}[,.] ", text), text
        assert text.endswith("。")
    assert data["scenes"][0]["tokens"][:2] == ["咔嗒", "噪声"]
    assert '"Carousel Chinese"' in data["css"]


def test_the_dial_says_which_of_its_words_are_english(pseudo: str) -> None:
    english = (dials.WEB / "dial.js").read_text(encoding="utf-8")
    assert all(words in english for words in dials.IN_ENGLISH)
    with speaking(pseudo):
        inside = packed(first_dial().html())
    assert all(marked in inside["script"] for marked in dials.IN_ENGLISH.values())
    assert "Carousel Chinese" in inside["css"]
    with speaking("en"):
        inside = packed(first_dial().html())
    assert inside["script"] == dials.script() + dials.MOUNT
    assert inside["css"] == dials.style_sheet()


def test_the_committed_dial_is_what_english_makes() -> None:
    path = COURSE / "notebooks" / "00_start_here.ipynb"
    stored = json.loads(path.read_bytes())["cells"][1]["outputs"][0]["data"]
    with speaking("en"):
        made = first_dial()._repr_mimebundle_()
    assert {kind: "".join(value) for kind, value in stored.items()} == made


def test_a_page_of_its_own_names_its_language(player: CellPlayer, tmp_path: Path) -> None:
    with speaking("zh_CN"):
        page = player.save(tmp_path / "cells.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "<title>走进单元内部</title>" in page
