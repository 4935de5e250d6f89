"""The plans: their minutes add up, and every slot has the time for what it names."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from course_utils.delivery.authoring.document import AuthoringError
from course_utils.delivery.authoring.teaching import plans
from course_utils.delivery.authoring.teaching.material import Material
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.deadlines import Price, rule_of
from tests.teach import reading

PLANS = ["plan-3-hours.md", "plan-1-day.md", "plan-2-days.md", "plan-semester.md"]
STATED = re.compile(r"\*\*(\d+) minutes, (\d+) of them breaks(?: and lunch)?\.\*\*")
TOTALS = {
    "plan-3-hours.md": [(180, 20)],
    "plan-1-day.md": [(480, 105)],
    "plan-2-days.md": [(480, 105), (480, 105)],
    "plan-semester.md": [(90, 0)],
}
CLASS = 45  # minutes of a semester's class that are taught live
TABLE = (
    "| from | min | how | what |\n| ---: | ---: | --- | --- |\n"
    "| 9:00 | 30 | live | [01](01.md) § *Counting weights* |\n"
    "| 9:10 | 5 | break |  |\n| 9:35 |  | end |  |\n"
)


@pytest.mark.parametrize("name", PLANS)
def test_minutes_add_up_to_what_is_stated(name: str, texts: dict[str, str]) -> None:
    tables = list(plans.timetables(texts[name]))
    sums = [(one.minutes, one.rest) for one in tables]
    assert sums == TOTALS[name]
    stated = [(int(a), int(b)) for a, b in STATED.findall(texts[name])]
    whole = tuple(map(sum, zip(*sums)))
    assert stated == (sums if len(sums) == 1 else [whole, *sums])


@pytest.mark.parametrize("name", PLANS)
def test_slots_follow_each_other(name: str, texts: dict[str, str]) -> None:
    for table in plans.timetables(texts[name]):
        ends = [slot.start + slot.minutes for slot in table.slots]
        assert [*(slot.start for slot in table.slots[1:]), table.end] == ends


@pytest.mark.parametrize("name", PLANS[:3])
def test_slots_have_time_for_what_they_name(
    name: str, known: Material, texts: dict[str, str]
) -> None:
    slots = [slot for table in plans.timetables(texts[name]) for slot in table.slots]
    assert sum(slot.how == "live" for slot in slots) >= 8
    for slot in slots:
        assert plans.needed(slot, known) <= slot.minutes, f"{name}: {slot.what}"
        names = plans.NAMED.search(slot.what)
        assert names or slot.how not in ("live", "pairs"), f"{name}: {slot.what}"


@pytest.mark.parametrize("name", PLANS[:3])
def test_nobody_sits_longer_than_two_hours(name: str, texts: dict[str, str]) -> None:
    for table in plans.timetables(texts[name]):
        since = 0
        for slot in table.slots:
            since = 0 if slot.how in plans.REST else since + slot.minutes
            assert since <= 120, f"{name}: at {slot.start // 60}:{slot.start % 60:02}"


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_names_no_section_twice(name: str, texts: dict[str, str]) -> None:
    tables = "\n".join(match[0] for match in plans.TABLE.finditer(texts[name]))
    weeks = plans.WEEKS.search(texts[name])
    named = reading.mentions(tables + (weeks[0] if weeks else ""))
    assert len(set(named)) == len(named)


def test_what_is_dropped_when_late_is_still_to_come(texts: dict[str, str]) -> None:
    text = texts["plan-3-hours.md"]
    (table,) = plans.timetables(text)
    begins = {
        one: k for k, one in enumerate(re.findall(r"§ \*(.+?)\*", plans.TABLE.search(text)[0]))
    }
    late = re.search(r"^\| you are at .+\n\|[-|]+\|\n((?:\|.+\|\n)+)", text, re.M)[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in late.splitlines()]
    assert len(rows) == 8
    for at, clock, drop, _ in rows:
        hour, minute = map(int, clock.split(":"))
        here = re.search(r"§ \*(.+?)\*", at)
        slot = next(
            one for one in table.slots if (here[0] in one.what if here else one.how == "break")
        )
        assert slot.start < 60 * hour + minute < slot.start + slot.minutes, at
        for name in re.findall(r"§ \*(.+?)\*", drop):
            assert begins[name] >= (begins[here[1]] if here else 0), (at, name)


def test_the_choices_of_the_second_day_fit(known: Material, texts: dict[str, str]) -> None:
    choices = re.findall(r"^- \*\*.+?\*\*: (.+)$", texts["plan-2-days.md"], re.MULTILINE)
    assert len(choices) == 3
    for what in choices:
        need = plans.needed(plans.Slot(0, 75, "alone", what), known)
        assert 25 < need < 50, what


def test_every_lesson_has_its_week(known: Material, texts: dict[str, str]) -> None:
    weeks = plans.weeks(texts["plan-semester.md"])
    assert [week.number for week in weeks] == list(range(1, 15))
    taught = {lesson for week in weeks for lesson, _ in reading.mentions(week.taught)}
    assert taught == set(known.lessons)
    assert all(0 < week.live <= CLASS and week.home <= 45 for week in weeks)


def test_classes_can_be_joined_as_the_plan_says(texts: dict[str, str]) -> None:
    live = {week.number: week.live for week in plans.weeks(texts["plan-semester.md"])}
    assert "weeks 3 and 4 in one class" in texts["plan-semester.md"]
    assert "weeks 5 and 6 in one class" in texts["plan-semester.md"]
    assert max(live[3] + live[4], live[5] + live[6]) <= CLASS


def test_sets_go_out_before_they_are_due(known: Material, texts: dict[str, str]) -> None:
    weeks = plans.weeks(texts["plan-semester.md"])
    out = {week.out: week.number for week in weeks if week.out}
    due = {week.due: week.number for week in weeks if week.due}
    assert set(out) == {number for number, lesson in known.lessons.items() if lesson.tasks}
    assert set(out) - set(due) == {"11"}
    assert all(due[number] - out[number] in (1, 2) for number in due)
    first = {}
    for week in weeks:
        for lesson, _ in reading.mentions(week.taught):
            first.setdefault(lesson, week.number)
    assert all(out[number] >= first[number] for number in out), "taught before it is set"


def test_the_parts_of_the_mark_make_a_hundred(texts: dict[str, str]) -> None:
    part = reading.parts(texts["plan-semester.md"])["The mark"]
    assert sum(map(int, re.findall(r"\| (\d+) % \|", part))) == 100


def test_the_rule_for_late_sets_is_one_that_marking_follows(
    texts: dict[str, str], tmp_path: Path
) -> None:
    part = reading.parts(texts["plan-semester.md"])["The mark"]
    (tmp_path / "due.toml").write_text("\n".join(re.findall(r"^    (\w+ = .+)$", part, re.M)))
    rule = rule_of(Classroom(tmp_path), "04_the_lstm_gate_by_gate", [])
    assert "a tenth of all its points for each day" in part and rule.penalty == Price(0.1, True)
    assert rule.each == timedelta(days=1)
    assert "36 hours after it was due" in part and rule.closed == timedelta(hours=36)


def test_what_the_class_speaks_of_was_due_before(texts: dict[str, str]) -> None:
    text = texts["plan-semester.md"]
    assert "*Due* means: at 18:00 two days before the class" in text
    assert "`overview/SET.html`" in reading.parts(text)["Every class"]


def test_answers_in_words_are_those_of_the_sets(known: Material, texts: dict[str, str]) -> None:
    by_hand = [
        number
        for number, lesson in known.lessons.items()
        if any(task.written for task in lesson.tasks)
    ]
    words = f"{', '.join(by_hand[:-1])} and {by_hand[-1]}"
    assert f"Answers in words (the last tasks of sets {words})" in texts["plan-semester.md"]


def test_times_are_filled_in() -> None:
    times = re.findall(r"^\| (\d+:\d\d)", plans.retimed(TABLE), re.MULTILINE)
    assert times == ["9:00", "9:30", "9:35"]


def test_what_no_plan_may_hold_is_refused(known: Material) -> None:
    slot = plans.Slot(0, 9, "live", "[01](01.md) § *Nothing of the kind*")
    with pytest.raises(AuthoringError, match="has no section 'Nothing of the kind'"):
        plans.needed(slot, known)
    with pytest.raises(AuthoringError, match="has no task 'bptt'"):
        plans.needed(slot._replace(what="[01](01.md) `bptt`"), known)
    with pytest.raises(AuthoringError, match="Which lesson"):
        plans.needed(slot._replace(what="§ *Counting weights*"), known)
    with pytest.raises(AuthoringError, match="must close with a row 'end'"):
        list(plans.timetables(TABLE.replace("end", "break")))
    with pytest.raises(AuthoringError, match="'sleep' is no way"):
        list(plans.timetables(TABLE.replace("live", "sleep")))
