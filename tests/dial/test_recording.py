"""A dial shows what was true when its cell ran, needs no kernel, and is refused in one sentence."""

import base64
import gzip
import json
import re

import pytest

from course_utils.dial import first_dial, sentence_dial
from course_utils.dial.notebook import WEB, Dial, style_sheet
from course_utils.dial.recording import beliefs, known, made_of, page_html, record, says
from course_utils.plots import Scene

LANGUAGES = {"France": "French", "Spain": "Spanish"}


def scene(country: str, words: int, lost: int = 10) -> Scene:
    """Networks that all lose the country at `lost` words."""
    right = LANGUAGES[country]
    believed = dict.fromkeys(LANGUAGES.values(), 0.1) | {right: 0.2 if words >= lost else 0.9}
    other = next(one for one in LANGUAGES.values() if one != right)
    believed[other] = 1 - believed[right]
    text = " ".join(["I grew up in", f"{country}.", *["boats"] * (words - 3), "I speak fluent ___"])
    return Scene(text, country, right, dict.fromkeys(("SimpleRNN", "LSTM", "GRU"), believed))


@pytest.fixture
def data() -> dict:
    return made_of(scene, list(LANGUAGES), range(3, 21), (3, 8))


def test_a_recording_says_what_the_networks_said(data: dict):
    assert beliefs(data, "France", "LSTM", 9) == {"French": 0.9, "Spanish": 0.1}
    assert says(data, "Spain", "GRU", 9) == "Spanish" and says(data, "Spain", "GRU", 10) == "French"
    assert [known(data, "SimpleRNN", words) for words in (9, 10)] == [2, 0]
    assert data["texts"][0] == "I grew up in *. I speak fluent" and data["trained"] == [3, 8]
    assert json.loads(json.dumps(data)) == data


def test_networks_that_change_later_leave_it_as_it_was():
    lost = 10
    data = made_of(lambda c, w: scene(c, w, lost), ["France"], range(3, 21), (3, 8))
    before = Dial(data).html()
    lost = 4
    assert says(data, "France", "LSTM", 9) == "French" and Dial(data).html() == before


def test_an_output_holds_all_it_needs(data: dict):
    html = Dial(data).html()
    assert not re.search(r"https?://(?!www\.w3\.org)|src=|@import|url\(", html)
    packed = re.search(r"data:application/gzip;base64,([^\"]+)", html)[1]
    assert json.loads(gzip.decompress(base64.b64decode(packed)))["data"] == data
    assert "<table>" in html and "✗&nbsp;Spanish" in html  # where there are no scripts


def test_words_and_answers_cannot_break_the_page(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(LANGUAGES, "Spain", "</script><b>")
    data = made_of(scene, list(LANGUAGES), range(3, 21), (3, 8))
    for html in (page_html(data), Dial(data).html()):
        assert html.count("</script>") == 1  # the end of its own
        assert "<b>" not in re.sub(r"<script.*?</script>", "", html, flags=re.S)


def test_the_recorded_dial_is_lesson_00_s():
    assert first_dial().data == record("near") and first_dial("far").data == record("far")
    with pytest.raises(ValueError, match="part is 'late'; it must be 'near' or 'far'"):
        first_dial("late")


@pytest.mark.parametrize("name", ["COURSE_BUILD", "PYTEST_VERSION"])
def test_where_outputs_are_compared_a_line_stands_for_a_dial_of_one_s_own(name, monkeypatch):
    for other in ("COURSE_BUILD", "PYTEST_VERSION"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "1")
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    sentence_dial(scene, ["France"], (3, 40), trained=(3, 8))
    (line,) = shown
    assert "moves France from 3 to 40 words away" in line.data


def test_elsewhere_the_networks_are_asked_and_the_dial_is_shown(monkeypatch):
    for name in ("COURSE_BUILD", "PYTEST_VERSION"):
        monkeypatch.delenv(name, raising=False)
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    sentence_dial(scene, list(LANGUAGES), (3, 20), trained=(3, 8))
    (dial,) = shown
    assert dial.data == made_of(scene, list(LANGUAGES), range(3, 21), (3, 8))


def test_a_dial_out_of_order_is_refused():
    with pytest.raises(ValueError, match="countries is empty"):
        sentence_dial(scene, [], (3, 40), trained=(3, 8))
    with pytest.raises(ValueError, match=r"distances is \(40, 3\)"):
        sentence_dial(scene, ["France"], (40, 3), trained=(3, 8))
    with pytest.raises(ValueError, match="the scene has no GRU"):
        made_of(lambda c, w: scene(c, w)._replace(beliefs={"SimpleRNN": {}, "LSTM": {}}),
                ["France"], range(3, 5), (3, 8))  # fmt: skip


def test_its_colours_are_those_of_the_site(request: pytest.FixtureRequest):
    """They stand twice, as a notebook has no style sheet of the site's."""
    site = request.config.rootpath / "docs" / "site" / "_static" / "site.css"

    def colours(text: str, where: str) -> dict[str, str]:
        block = re.search(rf"{where}.*?\{{(.*?)\}}", text, re.S)[1]
        return dict(re.findall(r"(--c-[\w-]+): (#\w+)", block))

    own = (WEB / "notebook.css").read_text(encoding="utf-8")
    page = site.read_text(encoding="utf-8")
    for here, there in (
        (r"\.first-experiment", r'html\[data-theme="light"\]'),
        (r'\[data-theme="dark"\]', r'html\[data-theme="dark"\]'),
    ):
        assert colours(own, here).items() <= colours(page, there).items()
        used = set(re.findall(r"var\((--c-[\w-]+)", style_sheet()))
        assert used <= colours(own, here).keys()
