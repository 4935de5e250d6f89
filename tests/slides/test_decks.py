"""Slides are read from the lessons' sources, and keep the rules of docs/authoring.md."""

import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from course_utils.delivery.authoring import project
from course_utils.delivery.authoring.build import difference, why_stale
from course_utils.delivery.authoring.document import AuthoringError, documents
from course_utils.delivery.authoring.markup import inlined, markdown
from course_utils.delivery.authoring.site.vendor import VENDOR
from course_utils.delivery.authoring.slides import command
from course_utils.delivery.authoring.slides.bars import bars
from course_utils.delivery.authoring.slides.deck import excerpt, read
from course_utils.delivery.authoring.slides.page import page
from course_utils.delivery.authoring.slides.pictures import LEAST_GAP, cropped, squeezed
from course_utils.delivery.authoring.slides.render import section
from course_utils.delivery.authoring.slides.rules import findings, numbers, words
from tests.slides.trial import LESSON, PICTURE, lay

LESSONS = documents()
fetched = pytest.mark.skipif(
    not VENDOR.is_dir() and shutil.which("npm") is None,
    reason="fonts and scripts of pages are not fetched, and there is no npm",
)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.name)
def test_every_lesson_has_slides_that_keep_the_rules(lesson) -> None:
    assert findings(read(lesson)) == []


def test_slides_do_not_touch_the_notebook(tmp_path: Path) -> None:
    without = re.sub(r"# %% \[markdown\] slide=.*?(?=^# %%|\Z)", "", LESSON, flags=re.M | re.S)
    assert "slide=" not in without
    bare = lay(tmp_path / "bare", without)
    full = lay(tmp_path / "full")
    assert bare.text() == full.text()
    full.target.write_bytes(bare.target.read_bytes())
    assert difference(full.text(), full.notebook()) is None
    assert why_stale(full) in (None, "no notebook yet")


def test_lines_for_messages_are_those_of_the_source(tmp_path: Path) -> None:
    document = lay(tmp_path)
    text = document.source.read_text(encoding="utf-8").splitlines()
    for number, cell in zip(document.lines(), document.text().cells):
        assert cell.source.splitlines()[0] in text[number]


def test_a_slide_says_shows_and_notes(tmp_path: Path) -> None:
    deck = read(lay(tmp_path))
    assert (deck.number, deck.title, deck.minutes, deck.talk) == ("07", "A trial", 30, 10.5)
    question, code, output, predict, figure, claim, _ = deck.slides
    assert question.kind == "question" and question.notes.startswith("Say that")
    shown = ["def double(x):", "    ...", "    y = 2 * x", "    return y"]
    assert excerpt(code) == shown
    assert excerpt(output)[0] == "value: 42"
    assert (predict.answer, predict.section) == ("Nothing of **this**.", "The first part")
    assert claim.body == "✓ All of 3 seeds are above 0.9."
    shown = section(figure, deck, 7)
    assert 'alt="A figure of 3 curves that fall."' in shown and 'data-timing="90"' in shown
    assert (
        "<b>1:30, from 0:07:00</b>" in shown
        and "<footer><b>07</b> The first part</footer>" in shown
    )


def test_a_part_of_a_figure_is_shown_with_its_own_text(tmp_path: Path) -> None:
    text = LESSON.replace(
        "minutes=1.5", 'minutes=1 crop="50 0 100 100" alt="The right half of it."'
    )
    deck = read(lay(tmp_path, text))
    assert 'alt="The right half of it." width="5" height="4"' in section(deck.slides[4], deck, 0)


def test_a_figure_stands_without_its_white_margins(tmp_path: Path) -> None:
    deck = read(lay(tmp_path))  # of 10 x 4 points one, the first, is not white
    assert 'width="1" height="1"' in section(deck.slides[4], deck, 0)


def test_parts_of_a_figure_stand_one_below_the_other(tmp_path: Path) -> None:
    crop = 'crop="0 0 10 50, 50 0 100 100" alt="Its first point, and its right half."'
    deck = read(lay(tmp_path, LESSON.replace("minutes=1.5", f"minutes=1 {crop}")))
    left, right = deck.slides[4].crop
    assert right == (50, 0, 100, 100)
    both = PICTURE.crop((0, 0, 5, 6))
    both.paste("white", (0, 0, 5, 6))
    both.putpixel((0, 0), (255, 0, 0))
    assert cropped(PICTURE, (left, right)).tobytes() == both.tobytes()


def test_a_figure_that_is_too_tall_loses_white_bands_and_no_ink() -> None:
    tall = Image.new("RGB", (4, 100), "white")
    for row in (0, 30, 99):  # bands of 29 and 68 rows between them
        tall.putpixel((1, row), (0, 0, 0))
    lower = squeezed(tall, 50)
    dark = [row for row in range(lower.height) if lower.getpixel((1, row)) == (0, 0, 0)]
    assert lower.height <= 50 and len(dark) == 3 and dark[0] == 0
    assert squeezed(tall, 100).tobytes() == tall.tobytes()
    least = squeezed(tall, 1)
    assert least.height == 3 + 2 * LEAST_GAP, "drawn rows stay, and white between them"


BARS = """# %% [markdown] slide="bars" minutes=1 least=0.2 most=1
# ## Two numbers become bars
#
# - LSTM, chrono: 0.5 to 1 of all
# - $x$ of another: 12,352
#
# Notes: The first is a range, and the second a number without limits."""


def test_numbers_are_drawn_as_bars(tmp_path: Path) -> None:
    deck = read(lay(tmp_path, f"{LESSON}\n{BARS}\n"))
    one = deck.slides[-1]
    assert bars(one)[0] == ("LSTM, chrono", "0.5 to 1 of all", 0.5, 1)
    assert bars(one)[1][2:] == (0, 12352)
    shown = section(one, deck, 0)
    assert 'class="track cell-LSTM"' in shown and "left:37.50%;width:62.50%" in shown
    assert "12,352</span>" in shown


@pytest.mark.parametrize(
    "bad", ["- only one: 3", "- no number: many\n# - none: either", "- 1: 2\n" + "# - 1: 2\n" * 5]
)
def test_what_is_no_bars_is_named(tmp_path: Path, bad: str) -> None:
    good = "- LSTM, chrono: 0.5 to 1 of all\n# - $x$ of another: 12,352"
    text = f"{LESSON}\n{BARS.replace(good, bad)}\n"
    assert any("bars are two to five" in one for one in findings(read(lay(tmp_path, text))))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('slide="words"', 'slide="wrods"', "slide='wrods'; it must be one of words"),
        ("minutes=1.5", 'minutes="long"', "minutes='long' is not a number"),
        ("minutes=1.5", 'minutes=1 part="middle"', "part='middle'; it must be near or far"),
        ("minutes=1.5", 'minutes=1 size="big"', "a slide knows alt, crop, drawing, .*, not size"),
        ("minutes=1.5", 'minutes=1 drawing="house"', "drawing='house'; there is none in drawings"),
        ("minutes=1.5", 'minutes=1 crop="0 0 120 100"', "left, top, right and bottom in per cent"),
        ("minutes=1.5", 'minutes=1 crop="0 0 50 9, 5"', "parts with a comma between them"),
        ('lines="1 3-4"', 'lines="3-1"', 'write what is shown in order: "2-4 6"'),
        ("All of 3 seeds…", "All of 4 seeds…", "no claim of the lesson begin"),
        ("# ## All three curves fall\n", "# All three curves fall\n", "begins with its statement"),
        ('# %% [markdown] slide="code"', '# %% slide="code"', "a slide is a markdown cell"),
        ('slide="question"', 'slide="figure"', "no cell above this slide has figure to show"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in LESSON
    where = rf"notebooks/src/07_trial\.py, line \d+: .*{message}"
    with pytest.raises(AuthoringError, match=where):
        read(lay(tmp_path, LESSON.replace(old, new)))


def test_slides_of_a_stale_notebook_are_not_made(tmp_path: Path) -> None:
    document = lay(tmp_path)
    text = LESSON.replace("# A number:", "# Another number:")
    document.source.write_text(text, encoding="utf-8")
    with pytest.raises(AuthoringError, match="Run `course build 07`"):
        read(document)


MANY = " ".join(["word"] * 41)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("curves fall\n", f"curves fall\n#\n# {MANY}\n", "45 words; at most"),
        ("## All three curves fall", "## Curves", "its title has 1 words"),
        ("## All three curves fall", "## The first part", "its title is that of the section"),
        ("## All three curves fall", "## Do all curves fall?", "a title asks on a question"),
        ("## What does 42 become?", "## It is always so", "a title asks on a question"),
        ("- 12,352", "x", "a prediction has two or more choices"),
        ("Answer: Nothing of **this**.", "", "a prediction has two or more choices"),
        ("$$x = 0.5$$", "$x = 0.5$", "a slide of a formula has one"),
        ("Read the figure from left to right and name the axes.", "Read.", "what the speaker says"),
        ("minutes=1.5", "minutes=9", "at most 8"),
        ("## All three curves fall", "## All of 4 curves fall", "the number 4 is nowhere"),
        ("minutes=1.5", 'minutes=1 crop="0 0 50 100"', "needs its own alt"),
        ('lines="1 3-4"', 'lines="7-9"', "it shows 0 lines"),
        ('print("value: 42")', 'print("value: 42")  # ' + "x" * 99, None),
        ('"""Twice x."""', "pass", None),
        ("    y = 2 * x", f"    y = 2 * x  # {'x' * 99}", "letters of 1"),
    ],
)  # fmt: skip
def test_every_rule_is_tripped(tmp_path: Path, old: str, new: str, message: str | None) -> None:
    assert old in LESSON
    before = findings(read(lay(tmp_path / "before")))
    after = findings(read(lay(tmp_path / "after", LESSON.replace(old, new))))
    more = [one for one in after if one not in before and "slides; a deck" not in one]
    more = [one for one in more if not any(one.split(": ", 1)[1] in old for old in before)]
    assert any(message in one for one in more) if message else more == [], more


def test_a_deck_has_a_question_predictions_and_figures(tmp_path: Path) -> None:
    text = LESSON.replace('slide="question"', 'slide="words"').replace(
        "have slides?", "have slides"
    )
    found = "\n".join(findings(read(lay(tmp_path, text))))
    for message in ("7 slides; a deck has", "begins with the lesson's question", "at least twice"):
        assert message in found
    assert "at least three figures" in found


def test_course_check_names_what_is_wrong_with_slides(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(project.rules, "check_document", lambda one, rules: [])
    lay(tmp_path, LESSON.replace("All of 3 seeds…", "All of 4 seeds…"))
    [found] = project.slide_findings(root=tmp_path)
    assert (found.lesson, found.rule) == ("07_trial", "slides") and "no claim of the" in str(found)
    lay(tmp_path, LESSON.replace("All three curves fall", "Curves"))
    assert any("1 words" in str(one) for one in project.slide_findings(root=tmp_path))
    lay(tmp_path, re.sub(r"# %% \[markdown\] slide=.*?(?=^# %%|\Z)", "", LESSON, flags=re.M | re.S))
    assert project.slide_findings(root=tmp_path) == []


def test_words_and_numbers_are_counted() -> None:
    assert numbers("12,352 of 0.5 and c_3, x2, 10^{-5}") == {"12352", "0.5", "10", "5"}
    assert words(
        read_slide("# ## Two **bold** words\n#\n# $a + b$ is one; `code` too.\n#\n# $$c = d$$\n")
    ) == 8  # fmt: skip


def read_slide(text: str):
    from course_utils.delivery.authoring.slides.deck import Slide

    title, _, body = text.replace("# ## ", "").partition("\n")
    return Slide("words", title, body.replace("# ", "").replace("#", ""), "", "", 1, "", 1)


@fetched
def test_a_page_asks_for_nothing(tmp_path: Path) -> None:
    from course_utils.delivery.authoring.site.vendor import vendor

    text = page(read(lay(tmp_path)), vendor(lambda line: None))
    body = re.sub(r"<script>.*?</script>", "", text, flags=re.S)
    assert set(re.findall(r'(?:src|href)="(\w+):', body)) == {"data"}
    assert set(re.findall(r"""url\(["']?(\w+)""", body)) == {"data"}
    assert text.count("</script>") == 5  # what the scripts hold cannot end them


def test_a_script_cannot_end_the_page(tmp_path: Path) -> None:
    script = tmp_path / "x.js"
    script.write_text('const a = "</script><!--", b = "</SCRIPT>";')
    assert "</script" not in inlined(script).lower() and "<!--" not in inlined(script)


def test_the_stop_after_a_formula_stays_with_it() -> None:
    shown = markdown("It is $c$, not **RNN**.")
    assert '<span class="together"><span class="math inline">\\(c\\)</span>,</span>' in shown
    assert '<strong class="cell-SimpleRNN">RNN</strong>' in shown


@fetched
def test_the_command_writes_and_says_what_it_wrote(tmp_path: Path) -> None:
    lines: list[str] = []
    [path] = command.write_decks(["04"], tmp_path, report=lines.append)
    assert (
        path == tmp_path / "04_the_lstm_gate_by_gate" / "index.html" and path.stat().st_size > 1e6
    )
    assert re.fullmatch(r"04_the_lstm_gate_by_gate  \d+ slides, \d+ minutes  \S+", lines[-2])
    assert lines[-2].endswith(f"  {path}") and lines[-1].startswith("Open them in a browser")
    with pytest.raises(AuthoringError, match="exercises/04 is a problem set, and has no slides"):
        command.write_decks(["exercises/04"], tmp_path)
    with pytest.raises(AuthoringError, match="There is no lesson '99'"):
        command.write_decks(["99"], tmp_path)
