"""One deck for a whole plan: its slots in order, with the minutes that the plan has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_utils.delivery.authoring.document import AuthoringError
from course_utils.delivery.authoring.slides import command
from course_utils.delivery.authoring.slides.deck import Slide, decks
from course_utils.delivery.authoring.slides.heads import sections, strip
from course_utils.delivery.authoring.slides.plan import (
    FOLDER,
    SHOWN,
    Part,
    left_out,
    plan,
    plans,
    without,
)
from course_utils.delivery.authoring.slides.render import clock, lasting, watch
from course_utils.delivery.authoring.slides.week import shared
from course_utils.delivery.authoring.teaching.plans import NAMED, timetables
from course_utils.delivery.cli import course
from tests.slides.test_decks import fetched

TOLD = re.compile(r"\d+:[0-5]\d, from \d:[0-5]\d:[0-5]\d")  # how long, and from when
TIMED = ("3-hours", "1-day", "2-days")


@pytest.mark.parametrize("name", TIMED)
def test_a_deck_has_the_minutes_of_its_plan(name: str) -> None:
    text = (FOLDER / f"plan-{name}.md").read_text(encoding="utf-8")
    one = plan(name)
    assert one.minutes == sum(table.minutes for table in timetables(text))
    for part in one.parts:
        if part.slides:
            total = sum(slide.minutes for _, slide in part.slides)
            assert total == pytest.approx(part.slot.minutes), part.slot
    seconds = sum(map(int, re.findall(r'data-timing="(\d+)"', sections(one))))
    assert seconds == pytest.approx(60 * one.minutes, abs=60)  # each slide is rounded


def test_the_slides_of_the_three_hours_fit_by_what_the_plan_leaves_out() -> None:
    one = plan("3-hours")
    spared = left_out(one.text)
    for part in one.parts:
        shown = [slide.title for _, slide in part.slides]
        named = spared.get(clock(part.slot.start), ())
        assert not [title for title in shown if title.startswith(named)], part.slot
        own = [slide for slide in of_its_sections(part) if not slide.title.startswith(named)]
        assert [slide.title for slide in own] == shown, "no other slide had to be left out"
        assert sum(slide.minutes for slide in own) <= part.slot.minutes, part.slot


def of_its_sections(part: Part) -> list[Slide]:
    """All slides of the sections that a slot shows, with their own minutes."""
    number, found = "", []
    for match in NAMED.finditer(part.slot.what):
        number = match["lesson"] or number
        if match["section"]:
            [deck] = decks([number])
            found += [slide for slide in deck.slides if slide.section == match["section"]]
    return found


def test_what_is_left_out_must_be_there() -> None:
    shown = list(plan("3-hours").parts[1].slides)
    with pytest.raises(AuthoringError, match="0 slides of the slot begin with 'Nobody'"):
        without(shown, ["Nobody"])
    assert len(without(shown, [shown[0][1].title])) == len(shown) - 1


def test_exercises_breaks_and_sections_come_in_order() -> None:
    one = plan("3-hours")
    shown = [part.slot.how for part in one.parts]
    assert shown[0] == "talk" and shown.count("break") == 2
    asked = [task.answer for part in one.parts for task in part.tasks]
    assert asked == ["rnn_step", "rnn_params", "lstm_step"]
    numbers = [deck.number for part in one.parts for deck, _ in part.slides]
    assert numbers == sorted(numbers) and {"00", "01", "02", "03", "04", "05"} <= set(numbers)
    page = sections(one)
    assert page.count('class="timer"') >= 4 and "Back at 1:10" in page
    assert "<code>exercises/04_the_lstm_gate_by_gate</code>" in page
    assert "course lab" not in page


def test_a_week_of_the_semester_is_a_deck() -> None:
    one = plan("semester", 3)
    assert one.title.endswith("week 3") and one.minutes == 90
    assert {deck.number for part in one.parts for deck, _ in part.slides} == {"02"}
    starts = [part.slot.start for part in one.parts]
    assert starts == sorted(starts) and len(one.parts) >= 8


def test_every_head_shows_where_in_the_day_it_is() -> None:
    one = plan("2-days")
    first, second = one.days
    assert [len(day) for day in one.days] == [len(first), len(one.parts) - len(first)]
    boxes = re.findall(r'<rect class="(\w*)"', strip(second, second[2]))
    assert boxes[:3] == ["done", "done", "now"] and "done" not in boxes[3:] and "rest" in boxes
    wide = [float(width) for width in re.findall(r'width="([\d.]+)"', strip(first))]
    minutes = [part.slot.minutes for part in first]
    assert wide == pytest.approx([1200 * m / sum(minutes) for m in minutes], abs=0.06)


def test_what_people_do_at_the_door_stands_on_the_slide() -> None:
    page = sections(plan("3-hours"))
    assert "<p>Everybody runs <code>make doctor ARGS=--workshop</code>" in page
    assert "conda: <code>course doctor --workshop</code>" in page
    titles = re.findall(r"<h2>(.*?)</h2>", page)
    assert not {title for title in titles if titles.count(title) > 2}  # "Your turn" comes twice


@pytest.mark.parametrize("name", TIMED)
def test_what_a_prediction_asks_is_shown_as_in_the_lesson(name: str) -> None:
    for part in plan(name).parts:
        shown = [slide.title for _, slide in part.slides]
        every = {deck.number: deck.slides for deck, _ in part.slides}
        for deck, slide in part.slides:
            if slide.kind != "predict":
                continue
            behind = every[deck.number][[one.title for one in deck.slides].index(slide.title) + 1 :]
            told = [one for one in behind if one.kind in (*SHOWN, "predict")][:1]
            for one in told:
                if one.section == slide.section and one.kind != "predict":
                    assert one.title in shown, (name, slide.title)


def test_a_head_names_the_sections_of_its_slot_in_order() -> None:
    page = sections(plan("3-hours"))
    heads = re.findall(r'<section class="slide part".*?<h2>(.*?)</h2>', page)
    assert heads[1] == "Move France away" and "Three inputs and one error" in heads
    assert "<li>then: Many numbers that remember</li>" in page


def test_a_head_says_what_its_lesson_asks_and_what_comes_next() -> None:
    page = sections(plan("3-hours"))
    heads = re.findall(r'<section class="slide part" .*?</section>', page, re.S)
    assert len(heads) == 15
    for head in heads:
        assert "<li>then: " in head or "<p>" in head.split('<aside class="notes">')[0], head
    assert "Three inputs, one error: which of them gets the blame" in page
    assert "<li>then: your turn, at 0:51</li>" in page
    assert "<li>then: break, at 1:50</li>" in page
    assert "<li>then: The three networks, at 0:31</li>" in page


def test_a_head_of_many_sections_has_few_lines() -> None:
    for name in TIMED:
        for head in re.findall(r'<section class="slide part" .*?</section>', sections(plan(name))):
            assert head.count("<li>") <= 3, head
    assert "<li>then: From the words to an answer · One sentence" in sections(plan("1-day"))


def test_the_strip_has_the_numbers_of_the_lessons_once_in_a_row() -> None:
    (day,) = plan("3-hours").days
    named = re.findall(r'<text class="(?:number|now)" .*?>(\d\d)</text>', strip(day, day[1]))
    assert named == ["00", "01", "02", "03", "04", "05"]  # that of 07 is too narrow


DROPPED = re.compile(r"^\| (?P<at>.+?) \| \d+:\d\d \| (?P<what>.+?) \((?P<minutes>\d+)\)", re.M)


def test_who_drops_something_when_late_saves_the_minutes_that_its_slides_have() -> None:
    one, told = plan("3-hours"), []
    for row in DROPPED.finditer(one.text):
        name = re.search(r"§ \*(.+?)\*", row["at"] if row["what"] == "it" else row["what"])
        slides = [
            s.minutes for p in one.parts for _, s in p.slides if name and s.section == name[1]
        ]
        if slides:
            told.append((name[1], int(row["minutes"]), sum(slides)))
        for task in (task for part in one.parts for task in part.tasks):
            if f"`{task.answer}`" in row["what"]:
                told.append((task.answer, int(row["minutes"]), task.minutes))
    assert len(told) == 6
    assert [one for one in told if abs(one[1] - one[2]) > 0.5] == []


def test_times_are_those_of_a_watch() -> None:
    assert lasting(10 / 3, 22.2) == "3:20, from 0:22:12" and watch(102.999) == "1:43:00"
    for name in TIMED:
        times = re.findall(r'<aside class="notes"><p><b>(.*?)</b>', sections(plan(name)))
        assert len(times) > 50, name
        assert not [one for one in times if not TOLD.fullmatch(one)], name


def test_minutes_are_shared_out_whole() -> None:
    assert shared(45, [1, 1, 7]) == [6, 6, 33] and sum(shared(45, [3.5, 1, 0, 8])) == 45
    assert shared(3, [0, 0, 0]) == [1, 1, 1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("4-hours",), "There is no plan '4-hours'; there are 1-day, 2-days, 3-hours, semester."),
        (("semester",), "choose with --week 1 to"),
        (("3-hours", 2), "has no weeks: leave out --week"),
    ],
)
def test_what_is_no_plan_is_said(given: tuple, said: str) -> None:
    with pytest.raises(AuthoringError, match=re.escape(said)):
        plan(*given)
    assert plans() == ["1-day", "2-days", "3-hours", "semester"]


@fetched
def test_a_week_of_no_plan_is_refused() -> None:
    done = CliRunner().invoke(course, ["slides", "--week", "4"])
    assert done.exit_code == 2 and "--week needs --plan semester" in done.output


def test_the_command_writes_it(tmp_path: Path) -> None:
    lines: list[str] = []
    path = command.write_plan("3-hours", folder=tmp_path, report=lines.append)
    assert path == tmp_path / "plan-3-hours" / "index.html" and path.stat().st_size > 1e6
    assert re.search(r"Three hours  \d+ slides, 180 minutes", lines[-2])
