"""The pages for the lessons: complete, in step with the lessons, and true to their claims."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_utils.delivery.authoring.document import ROOT, AuthoringError
from course_utils.delivery.authoring.inventory import claims as lesson_claims
from course_utils.delivery.authoring.teaching import pages
from course_utils.delivery.authoring.teaching.material import Material
from course_utils.delivery.cli import course
from tests.teach import reading

NUMBERS = [f"{k:02}" for k in range(12)]
PARTS = [
    "Aims",
    "Minutes",
    "In the room",
    "What people get wrong",
    "Questions and answers",
    "When you are late",
    "On to the next",
    "The set",
]


def test_every_lesson_has_a_page(known: Material, texts: dict[str, str]) -> None:
    assert list(known.lessons) == NUMBERS
    assert {f"{number}.md" for number in NUMBERS} <= set(texts)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_page_has_all_its_parts(number: str, known: Material, texts: dict[str, str]) -> None:
    text = texts[f"{number}.md"]
    assert text.startswith(f"# Teaching {number} · {known.lessons[number].title}\n")
    assert "**The moment it exists for.**" in text
    assert f"`course slides {number}`" in text
    parts = reading.parts(text)
    assert list(parts) == PARTS
    assert len(re.findall(r"^- ", parts["Aims"], re.MULTILINE)) in range(3, 6)
    kinds = list(pages.blocks(text))
    assert ("minutes", number) in kinds and ("set", number) in kinds
    assert parts["When you are late"].count("§ *") >= 2
    assert len(text.split()) < 2700, "one to two pages, and the table"


@pytest.mark.parametrize("number", NUMBERS)
def test_mistakes_come_from_the_lessons_own_bank_and_are_explained(
    number: str, known: Material, texts: dict[str, str]
) -> None:
    wrong = reading.parts(texts[f"{number}.md"])["What people get wrong"]
    own = {entry.name for entry in known.bank[number]}
    chosen = [what.partition(": ")[0] for kind, what in pages.blocks(wrong) if kind == "mistake"]
    assert len(chosen) >= 4 and set(chosen) <= own
    after = re.findall(r"<!-- end -->\n\n(.+)", wrong)
    assert len(after) == len(chosen), "each is explained in the paragraph below it"


@pytest.mark.parametrize("number", NUMBERS)
def test_questions_have_answers_and_rest_on_claims(number: str, texts: dict[str, str]) -> None:
    part = reading.parts(texts[f"{number}.md"])["Questions and answers"]
    numbered = re.findall(r"^\d\. ", part, re.MULTILINE)
    asked = re.findall(r"^\d\. \*\*.+?\?\*\* \S", part, re.MULTILINE)
    assert len(numbered) in range(5, 9)
    assert len(asked) == len(numbered), "each begins with a question in bold"
    assert len(reading.claims(part)) >= 5


@pytest.mark.parametrize("number", NUMBERS)
def test_quoted_claims_are_proved_in_the_lesson(number: str, texts: dict[str, str]) -> None:
    proved = {one.text for one in lesson_claims([number])}
    quoted = set(reading.claims(texts[f"{number}.md"]))
    assert not quoted - proved


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_said_to_be_printed_is_printed(number: str, texts: dict[str, str]) -> None:
    shown = printed(number)
    for one in reading.PRINTED.findall(texts[f"{number}.md"]):
        assert " ".join(one.split()) in shown, one


def printed(number: str) -> str:
    """All text that a committed lesson shows, with single spaces."""
    [path] = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    return " ".join(" ".join("".join(one.get("text", "")) for one in outputs).split())


def test_sections_that_are_named_exist(known: Material, texts: dict[str, str]) -> None:
    seen = 0
    for name, text in texts.items():
        own = name[:2] if name[:2] in NUMBERS else None
        for lesson, title in reading.mentions(text, own):
            seen += 1
            assert lesson, f"{name}: which lesson has § *{title}*?"
            assert known.lessons[lesson].find(title), f"{name}: lesson {lesson} has no § {title}"
    assert seen > 100


def test_generated_parts_are_in_step(known: Material) -> None:
    for path in pages.pages():
        fresh = pages.filled(path, known)
        assert path.read_text(encoding="utf-8") == fresh, f"{path.name}: run `course teach`"


def test_every_section_was_timed(known: Material) -> None:
    for number, lesson in known.lessons.items():
        untimed = [
            one.section.title for one in lesson.timed if one.section.cells and not one.running
        ]
        assert not untimed, f"lesson {number}: run `course teach --measure {number}`"
        assert all(0 <= one.running.seconds < 120 for one in lesson.timed if one.running)


def test_links_lead_somewhere(texts: dict[str, str], folder: Path) -> None:
    for name, text in texts.items():
        for link in reading.LINK.findall(text):
            if link.startswith("https://"):
                continue
            path, _, fragment = link.partition("#")
            target = (folder / path).resolve() if path else folder / name
            assert target.exists(), f"{name}: {link}"
            if fragment:
                heads = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
                assert fragment in map(reading.anchor, heads), f"{name}: {link}"


def test_commands_exist(texts: dict[str, str]) -> None:
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    known = {"course": set(course.commands), "make": set(targets)}
    for name, text in texts.items():
        for program, command, rest in reading.COMMAND.findall(text):
            assert command in known[program], f"{name}: {program} {command}"
            if program == "course":
                taken = {o for param in course.commands[command].params for o in param.opts}
                assert set(reading.OPTION.findall(rest)) <= taken, f"{name}: {command}{rest}"


def test_the_guide_says_that_no_class_has_tried_it(texts: dict[str, str]) -> None:
    assert "has not been tried with a class" in " ".join(texts["README.md"].split())


def test_a_part_that_cannot_be_filled_is_named(known: Material, tmp_path: Path) -> None:
    page = tmp_path / "x.md"
    for text, words in (
        ("<!-- begin minutes 99 -->\n<!-- end -->\n", "no lesson '99'"),
        ("<!-- begin mistake bptt: nobody -->\n<!-- end -->\n", "no mistake 'nobody'"),
        ("<!-- begin weather -->\n<!-- end -->\n", "no part is called 'weather'"),
        ("<!-- begin minutes 00 -->\n", "has no `<!-- end -->`"),
    ):
        page.write_text(text)
        with pytest.raises(AuthoringError, match=re.escape(words)):
            pages.filled(page, known)


def test_the_command_explains_itself() -> None:
    result = CliRunner().invoke(course, ["teach", "--help"])
    assert result.exit_code == 0 and "--measure" in result.output
