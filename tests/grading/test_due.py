"""Due dates: what is late, by whose word, what it costs, and in which zone."""

import csv
import os
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_utils.delivery.grading import commands, due_file, origins
from course_utils.delivery.grading.classroom import Classroom, ClassroomError
from course_utils.delivery.grading.deadlines import (
    DueError,
    Handed,
    Rule,
    how_long,
    rule_of,
    sentences,
)
from course_utils.delivery.grading.sets import known_sets
from course_utils.delivery.grading.times import duration, later, moment, zone_named

from .classes import FULL, POINTS, SET, WITHOUT_FIRST, handed_in, lay, source

KNOWN = list(known_sets())
BERLIN = zone_named("Europe/Berlin")


def rule(tmp_path: Path, text: str) -> Rule:
    (tmp_path / "due.toml").write_text(text, encoding="utf-8")
    return rule_of(Classroom(tmp_path), SET, KNOWN)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("value", "zone", "found"),
    [
        ("2026-12-04T18:00", BERLIN, "2026-12-04T17:00"),
        ("2026-07-04 18:00", BERLIN, "2026-07-04T16:00"),
        ("2026-12-04T18:00Z", BERLIN, "2026-12-04T18:00"),
        ("2026-12-04T18:00+05:30", BERLIN, "2026-12-04T12:30"),
        ("2026-12-04", BERLIN, "2026-12-04T23:00"),  # the end of the day
        ("2026-10-25T02:30", BERLIN, "2026-10-25T01:30"),  # twice there: the later one
        ("2026-03-28", BERLIN, "2026-03-28T23:00"),
    ],
)
def test_times(value: str, zone, found: str) -> None:
    assert moment(value, zone) == utc(found)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-03-29T02:30", "there is no 02:30: clocks jump over it"),
        ("tomorrow", "is no time such as 2026-12-04T18:00"),
        (7, "is no time such as"),
        ("0001-01-01", "is no year for a class"),
        ("9999-12-31", "is no year for a class"),
    ],
)
def test_what_is_no_time(value, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        moment(value, BERLIN)


def test_a_time_without_a_zone_is_of_this_machine(monkeypatch) -> None:
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert moment("2026-12-04T18:00", None) == utc("2026-12-04T23:00")
        with pytest.raises(ValueError, match="there is no 02:30"):
            moment("2026-03-08T02:30", None)
        assert later(utc("2026-03-07T23:00"), timedelta(days=2), None) == utc("2026-03-09T22:00")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_days_are_days_of_the_calendar() -> None:
    """Two days after six o'clock it is six o'clock, also where clocks changed in between."""
    due = moment("2026-10-24T18:00", BERLIN)
    assert later(due, timedelta(days=2), BERLIN) == moment("2026-10-26T18:00", BERLIN)
    assert later(due, timedelta(days=2), BERLIN) - due == timedelta(hours=49)


def test_durations() -> None:
    assert duration("1 day 12 hours") == timedelta(hours=36)
    assert duration("90 min") == duration("1.5 h") == timedelta(minutes=90)
    for wrong in ("soon", "", "5", "3 moons", 5, "-1 day", "99999999 weeks", "1 day or so"):
        with pytest.raises(ValueError, match=r"is no duration|longer than ten years"):
            duration(wrong)


PRICES = 'grace = "15 min"\npenalty = "10 %"\neach = "1 day"\nmost = "50 %"\nclosed = "10 days"\n'
DUE = f'[{SET}]\ndue = 2026-12-04T18:00:00Z\nextensions."ada" = "2 days"\n'


@pytest.mark.parametrize(
    ("after", "penalty"),
    [
        ("-1 s", 0), ("0 s", 0), ("900 s", 0), ("901 s", 2), ("86400 s", 2), ("86401 s", 4),
        (f"{4.5 * 86400} s", 10), (f"{9 * 86400} s", 10), (f"{10 * 86400 + 1} s", 20),
    ],
)  # fmt: skip
def test_what_being_late_costs(tmp_path: Path, after: str, penalty: float) -> None:
    one = rule(tmp_path, PRICES + DUE)
    when = utc("2026-12-04T18:00") + timedelta(seconds=float(after.split()[0]))
    assert one.late("bob", Handed(when, "x", True), 20).penalty == penalty
    assert one.late("ada", Handed(when + timedelta(days=2), "x", True), 20).penalty == penalty
    unproven = one.late("bob", Handed(when, "x", False), 20)
    assert unproven.penalty == 0 and (unproven.seconds > 0) == (float(after.split()[0]) > 0)
    counted = rule(tmp_path, 'unproven = "count"\n' + PRICES + DUE)
    assert counted.late("bob", Handed(when, "x", False), 20).penalty == penalty


def test_points_and_no_more_than_all(tmp_path: Path) -> None:
    one = rule(tmp_path, f'penalty = 1.5\neach = "1 h"\n{DUE}')
    when = utc("2026-12-04T20:30")
    assert one.late("bob", Handed(when, "x", True), 20).penalty == 4.5
    assert one.late("bob", Handed(when, "x", True), 4).penalty == 4
    assert one.late("bob", Handed(None, "x", False), 4).penalty == 0
    once = rule(tmp_path, f"penalty = 1.5\n{DUE}")
    assert once.late("bob", Handed(when, "x", True), 20).penalty == 1.5


def test_an_extension_never_makes_it_earlier(tmp_path: Path) -> None:
    one = rule(tmp_path, f"{DUE}extensions.bob = 2026-01-01\nextensions.cy = 2026-12-06")
    assert one.due_for("bob") == one.due
    assert one.due_for("cy") > one.due_for("ada") - timedelta(days=2) == one.due


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("due = [", "cannot be read"),
        ("\udcff", "cannot be read"),
        ('zone = "Mars"', "'Mars' is no time zone"),
        ("zone = 7", "'?7'? is no time zone"),
        ("lateness = 1", "lateness is no setting; there are"),
        ('["1"]\nlate = 1', "late in .1. is no setting; there are closed, due"),
        ('["1"]\ndue = "soon"', "due in .1.: 'soon' is no time"),
        ('["1"]\ndue = true', "due in .1.: True is no time"),
        ('penalty = "ten"', "penalty at the top: 'ten' is neither points"),
        ("penalty = true", "is neither points"),
        ("penalty = -1", "must not be negative"),
        ("penalty = nan", "must not be negative"),
        ('penalty = "x %"', "is no share"),
        ('each = "0 min"', "it must be longer than nothing"),
        ("grace = 15", "is no duration"),
        ("unproven = true", 'must be "ignore" or "count"'),
        ('["1"]\nextensions = "ada"', "it needs a line for each learner"),
        ('["1"]\nextensions.ada = "a while"', "ada: 'a while' is no duration"),
        ('["1"]\nhanded_in.ada = "2 days"', "ada: '2 days' is no time"),
        (f'["1"]\ndue = 2026-12-01\n["{SET}"]\ndue = 2026-12-02', "that another section names"),
        ("[99_none]\ndue = 2026-12-01", "there is no set '99_none'; there are"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "due.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DueError, match=said) as caught:
        rule_of(Classroom(tmp_path), SET, KNOWN)
    assert "due.toml" in str(caught.value) and "\n" not in str(caught.value)


def test_the_example_says_nothing_until_its_marks_are_taken_away(tmp_path: Path) -> None:
    due_file.write_example(Classroom(tmp_path))
    assert rule_of(Classroom(tmp_path), SET, KNOWN) == Rule()
    text = re.sub(r"^# (?=\w+(\.\w+)? =|\[)", "", due_file.EXAMPLE, flags=re.MULTILINE)
    (tmp_path / "due.toml").write_text(text)
    one = rule_of(Classroom(tmp_path), "04_the_lstm_gate_by_gate", KNOWN)
    assert one.due == utc("2026-12-04T17:00") and one.unproven and one.penalty.share
    assert set(one.extensions) == {"ada"} and set(one.handed_in) == {"bob"}


def test_release_writes_due_dates_and_keeps_every_other_line(tmp_path: Path) -> None:
    class_ = Classroom(tmp_path)
    (tmp_path / "due.toml").write_text(
        f'zone = "Europe/Berlin" # ours\n\n["01"] # first\n{"x" * 0}'
        'grace = "1 h"\n\n[02_backpropagation_through_time]\n'
    )
    for text in ("2026-12-04T18:00", "2026-12-05T18:00"):
        due_file.set_due(class_, SET, due_file.parse_due(class_, text), KNOWN)
    due_file.set_due(class_, KNOWN[3], due_file.parse_due(class_, "2026-07-01"), KNOWN)
    assert (tmp_path / "due.toml").read_text() == (
        'zone = "Europe/Berlin" # ours\n\n["01"] # first\ndue = 2026-12-05T18:00:00+01:00\n'
        'grace = "1 h"\n\n[02_backpropagation_through_time]\n\n'
        f'["{KNOWN[3]}"]\ndue = 2026-07-02T00:00:00+02:00\n'
    )
    with pytest.raises(DueError, match="--due: 'soon' is no time"):
        due_file.parse_due(class_, "soon")
    strange = f"{SET} = {{ due = 2026-01-01 }}\n"
    (tmp_path / "due.toml").write_text(strange)
    with pytest.raises(DueError, match="cannot edit: write due = "):
        due_file.set_due(class_, SET, due_file.parse_due(class_, "2026-07-01"), KNOWN)
    assert (tmp_path / "due.toml").read_text() == strange


def test_a_due_date_that_is_none_leaves_no_class_behind(tmp_path: Path) -> None:
    with pytest.raises(DueError, match="--due: 'tomorrow' is no time"):
        commands.release(("01",), tmp_path / "wrong", None, None, "tomorrow")
    assert not (tmp_path / "wrong").exists()


def test_what_a_class_writes_is_nothing_handed_in(tmp_path: Path) -> None:
    class_ = Classroom(tmp_path).open()
    due_file.write_example(class_)
    for name in ("origins.json", "regrades.csv"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(ClassroomError, match="There is no notebook in") as caught:
        commands.collect(tmp_path, tmp_path, None, False)
    assert "but" not in str(caught.value) and "name the folder or the zip" in str(caught.value)


@pytest.mark.parametrize(
    ("places", "written"),
    [
        (["x_ada_attempt_2026-12-04-17-00-00_a.ipynb"], ["2026-12-04T17:00:00"]),
        (["ada+01+2026-12-04 17:00:00.1 UTC+q/a.ipynb"], ["2026-12-04T17:00:00+00:00"]),
        (["1-2 - Ada L - 4 December, 2026 500 PM/a.ipynb"], ["2026-12-04T17:00:00"]),
        (["1-2 - Ada L - Dec 4, 2026 1200 AM/a.ipynb"], ["2026-12-04T00:00:00"]),
        # one learner calls a file as a platform would; the others' hold no time
        (["x_ada_attempt_2020-01-01-00-00-00_a.ipynb", "bob.ipynb"], ["", ""]),
        (["Ada_12_assignsubmission_file/x_attempt_2020-01-01-00-00-00.ipynb"], [""]),
        (["lovelaceada_12_34_x_attempt_2020-01-01-00-00-00.ipynb"], [""]),
    ],
)  # fmt: skip
def test_only_what_a_platform_wrote_is_believed(tmp_path: Path, places, written) -> None:
    class_ = Classroom(tmp_path)
    laid = {
        (f"l{n}", SET): SimpleNamespace(file=SimpleNamespace(place=place), content=b"%d" % n)
        for n, place in enumerate(places)
    }
    lay(tmp_path, {learner: found.content for (learner, _), found in laid.items()})
    origins.keep(class_, tmp_path / "x.zip", laid)
    found = origins.origins(class_, SET)
    assert [found[learner].written for learner, _ in laid] == written
    lay(tmp_path, {"l0": b"another file"})
    assert "l0" not in origins.origins(class_, SET)


def test_whose_word_counts(tmp_path: Path) -> None:
    """The teacher's, then nbgrader's, then a platform's; a file's own time proves nothing."""
    lay(tmp_path, {"ada": "{}"})
    there = tmp_path / "submitted" / "ada" / SET
    os.utime(there / f"{SET}.ipynb", (1e9, 1e9))
    origin = origins.Origin("z", "p", "d", "2026-12-04T17:00:00")
    one = rule(tmp_path, f'zone = "Europe/Berlin"\n{DUE}')
    told = utc("2026-12-04T12:00")
    assert one.handed("ada", told, origin, there).when == told
    platform = one.handed("ada", None, origin, there)
    assert platform.when == utc("2026-12-04T16:00") and platform.proven
    own = one.handed("ada", None, None, there)
    assert own.when == datetime.fromtimestamp(1e9, timezone.utc) and not own.proven
    assert one.handed("bob", None, None, tmp_path / "none").when is None
    one = rule(tmp_path, f"{DUE}handed_in.ada = 2026-12-03T00:00:00Z")
    assert one.handed("ada", told, origin, there).when == utc("2026-12-03T00:00")


def test_what_is_said_of_late_ones(tmp_path: Path) -> None:
    one = rule(tmp_path, PRICES + DUE)
    late = utc("2026-12-05T21:30")
    lates = {
        "bob": one.late("bob", Handed(late, "nbgrader's receipt", True), 20),
        "cy": one.late("cy", Handed(late, "x", False), 20),
        "dee": one.late("dee", Handed(late, "x", False, True), 20),
        "eve": one.late("eve", Handed(None, "x", False), 20),
    }
    class_ = {*lates, "ada", "zoe"}
    assert sentences(one, lates, class_) == [
        "Due 2026-12-04 18:00 UTC: 1 late with points taken off, 4 in all.",
        "due.toml names ada: nothing of this set came from them.",
        "bob: 1 day 3 h late by nbgrader's receipt, 4 off.",
        "Canvas calls dee late, and not by how much: write the time into due.toml, under "
        "handed_in.",
        "Of 1 file only the own time is known, which proves nothing: no points are taken off (cy "
        "would be late). due.toml can say when they came, under handed_in.",
    ]
    bob = Rule().late("bob", Handed(late, "x", True), 20)
    assert sentences(Rule(), {"bob": bob}, class_) == []
    wrong = rule(tmp_path, f'{DUE}extensions.zoey = "2 days"\nhanded_in.nobody = 2026-12-04')
    assert sentences(wrong, {"ada": bob}, class_) == [
        "due.toml names nobody, and nobody in the class is called so: take the names of the "
        "folders in submitted/.",
        "due.toml names zoey, and nobody in the class is called so: is it zoe?",
    ]
    assert [how_long(s) for s in (1, 3600, 90061)] == ["1 min", "1 h", "1 day 1 h"]


def test_a_class_with_late_ones(tmp_path: Path, capsys) -> None:
    """In the table, on the page and in grades.csv; a change marks nothing again."""
    half = handed_in(source("rnn_step = 1"))
    lay(tmp_path, {"ada": handed_in(), "bob": handed_in(), "cy": half, "dee": handed_in()})
    for learner, when in (("ada", "17:00"), ("bob", "19:00"), ("cy", "19:00")):
        path = tmp_path / "submitted" / learner / SET / "timestamp.txt"
        path.write_text(f"2026-12-04 {when}:00.0 UTC")
    text = f'penalty = "90 %"\n[{SET}]\ndue = 2026-12-04T18:00:00Z\n'
    (tmp_path / "due.toml").write_text(text)
    commands.grade(tmp_path, None)
    said = capsys.readouterr().out
    table = {line.split()[0]: line.split()[1:] for line in said.splitlines() if line.strip()}
    full = [f"{points:g}" for points in POINTS]
    assert table["bob"] == [*full, f"-{0.9 * FULL:g}", f"{0.1 * FULL:g}"]
    assert table["cy"] == ["0", *full[1:], f"-{WITHOUT_FIRST:g}", "0"]
    assert table["ada"] == [*full, f"{FULL:g}"] and "would be late" not in said

    def sums() -> dict[str, tuple[float, float, float, str]]:
        with open(tmp_path / "grades.csv", encoding="utf-8", newline="") as file:
            return {
                row["student_id"]: (
                    float(row["raw_score"]), float(row["late_submission_penalty"]),
                    float(row["score"]), row["timestamp"][11:16],
                )
                for row in csv.DictReader(file)
            }  # fmt: skip

    assert sums() == {
        "ada": (FULL, 0, FULL, "17:00"),
        "bob": (FULL, 5.4, pytest.approx(0.6), "19:00"),
        "cy": (WITHOUT_FIRST, WITHOUT_FIRST, 0, "19:00"),
        "dee": (FULL, 0, FULL, ""),
    }
    page = (tmp_path / "feedback" / "bob" / SET / f"{SET}.html").read_text()
    assert "<strong>0.6</strong> of 6 points" in page and "5.4 were taken off" in page

    marks = (tmp_path / "marks" / f"{SET}.jsonl").read_bytes()
    capsys.readouterr()
    (tmp_path / "due.toml").write_text(f"{text}extensions.bob = '2 h'\nextensions.bo = '2 h'\n")
    commands.feedback(tmp_path, None, ())
    said = capsys.readouterr().out  # the same as `course grade` says
    assert f"1 late with points taken off, {WITHOUT_FIRST:g} in all." in said
    assert f"cy: 1 h late by nbgrader's receipt, {WITHOUT_FIRST:g} off." in said
    assert "due.toml names bo, and nobody in the class is called so: is it bob?" in said
    assert sums()["bob"][:3] == (FULL, 0, FULL) and sums()["cy"][:3] == (
        WITHOUT_FIRST,
        WITHOUT_FIRST,
        0,
    )
    assert "taken off" not in (tmp_path / "feedback" / "bob" / SET / f"{SET}.html").read_text()
    (tmp_path / "due.toml").write_text(f"[{SET}]\ndue = false\n")
    commands.grade(tmp_path, None)
    assert {one[1] for one in sums().values()} == {0}
    assert (tmp_path / "marks" / f"{SET}.jsonl").read_bytes() == marks

    from course_utils.delivery.grading.converters import books

    with books(Classroom(tmp_path)) as book:  # as a teacher does in Formgrader
        book.update_or_create_assignment(SET, duedate="2026-12-04 18:30:00 UTC")
    (tmp_path / "due.toml").write_text("penalty = 1\n")
    commands.grade(tmp_path, None)
    assert sums()["bob"][:3] == (FULL, 1, FULL - 1)
