"""The glossary, the index of arguments and the bibliography say what the course says."""

import inspect
import re
from itertools import chain

import pytest

from course_utils.delivery.authoring.document import documents
from course_utils.delivery.authoring.inventory import claims
from course_utils.delivery.authoring.site import arguments as index
from course_utils.delivery.authoring.site import bibliography, glossary
from course_utils.delivery.authoring.site.folders import SOURCES, SiteError
from course_utils.delivery.authoring.site.lessons import lesson, lessons
from course_utils.experiments.rules import PUBLISHED

TERMS = glossary.terms()
CITED = bibliography.sources()
TEXTS = {one.name.split("_")[0]: bibliography.texts()[one.source] for one in documents()}


# Glossary

# Words that others use for what a lesson shows under another name.
IN_OTHER_WORDS = {
    "ablation": "one gate held",
    "clamping": "held at its mean",
    "one-hot vector": "a vector with a single 1",
    "teacher forcing": "next letter",
}


def test_terms_stand_in_order_and_only_once():
    first = [term.names[0].casefold() for term in TERMS]
    assert first == sorted(first)
    every = [name.casefold() for name in chain(*(term.names for term in TERMS))]
    assert len(every) == len(set(every)) >= 90
    assert len({term.chinese for term in TERMS}) == len(TERMS)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.names[0])
def test_the_lesson_of_a_term_speaks_of_it(term: glossary.Term):
    text = TEXTS[term.lesson].casefold()
    names = [name.casefold() for name in term.names]
    words = [word for name in names for word in re.findall(r"\w{4,}", name)]
    stems = [word[: max(4, len(word) - 3)] for word in words] + names
    meant = [IN_OTHER_WORDS[term.names[0]]] if term.names[0] in IN_OTHER_WORDS else stems
    assert any(re.search(rf"\b{re.escape(stem)}", text) for stem in meant)


def notation() -> dict[str, str]:
    """Symbol -> what it is, from the tables of lesson 00."""
    table = TEXTS["00"].split("One notation for all lessons")[1].split("## The map")[0]
    rows = re.findall(r"\| (\$[^|]+\$) \|[^|]*\| ([^|]+?) \|", table)
    return {
        symbol: meaning
        for symbols, meaning in rows
        for symbol in re.findall(r"\$([^$]+)\$", symbols)
    }


def test_symbols_are_those_of_lesson_00():
    meanings, symbols = notation(), {t.names[0]: t.symbol for t in TERMS if t.symbol}
    for symbol in ("i", "f", "o", "z", "r"):
        gate = re.match(r"(\w+ gate):", meanings[symbol])[1]
        assert symbols[gate] == symbol
    assert symbols["candidate"] == "g" and meanings["g"].startswith("candidate")
    assert symbols["state"] == "h" and meanings["h"].startswith("the state")
    assert symbols["cell state"] == "c" and "cell state" in meanings["c"]
    assert symbols["kernel"] == "W" and meanings["W"] == "from the input"
    assert symbols["recurrent kernel"] == "U" and meanings["U"] == "from the state"
    assert symbols["bias"] == "b" and meanings["b"].startswith("added")
    ours = {*meanings, r"\sigma", r"\tanh", "L", "b_f"}  # L and b_f: lessons 02 and 03
    assert set(symbols.values()) <= ours


def test_the_update_gate_keeps_as_everywhere_in_the_course():
    (update,) = (term for term in TERMS if term.names[0] == "update gate")
    assert "**old** state stays" in update.text and "**old** state stays" in notation()["z"]


def test_chinese_is_sorted_by_sound():
    order = [term.chinese for term in sorted(TERMS, key=glossary.by_sound)]
    at = [order.index(word) for word in ("饱和", "遗忘门", "隐状态", "重置门", "最小 GRU")]
    assert at == sorted(at)
    common = re.compile(r"[\u4e00-\u9fff]")
    for sign in common.findall("".join(order)):  # only these are ordered by sound in GB 2312
        assert 0xB0 <= sign.encode("gb18030")[0] <= 0xD7, f"{sign} is rare: sort it by hand"


BROKEN = {
    "no note": "cell\n\n  It is one.",
    "no text": "cell\n  {zh}`单元` · {lesson}`01`",
    "no lesson": "cell\n  {zh}`单元`\n\n  It is one.",
}


@pytest.mark.parametrize("entry", BROKEN.values(), ids=BROKEN)
def test_an_entry_without_its_parts_is_refused(entry: str):
    with pytest.raises(SiteError, match="'cell'"):
        glossary.terms(f"```{{glossary}}\n{entry}\n```\n")


# Arguments. That the lesson's table is what Keras takes is held in tests/lessons.

PAGE = (SOURCES / "arguments.md").read_text(encoding="utf-8")
ARGUMENTS = index.arguments()
LESSON_08 = index.prose()


def test_every_argument_of_the_lesson_has_a_sentence_and_no_other_does():
    rows = [row[0] for row in index.ROW.findall(LESSON_08)]
    assert {one.name for one in ARGUMENTS} == set(rows) == set(index.DOES)
    assert len(ARGUMENTS) == len(rows)
    for sentence in index.DOES.values():
        assert sentence.endswith(".") and len(sentence) < 140


def test_the_page_shows_every_part_in_the_order_of_the_lesson():
    shown = re.findall(r"^## (.+)\n\n```\{arguments\} (.+)$", PAGE, re.M)
    parts = list(dict.fromkeys(one.part for one in ARGUMENTS))
    assert shown == [(part, part) for part in parts]


def test_an_entry_leads_to_its_own_experiment():
    for one in ARGUMENTS:
        heading = re.search(rf"^### (.*`{one.name}`.*)$", LESSON_08, re.M)[1]
        assert one.anchor == index.slug(heading)
        assert f"ipynb#{one.anchor})" in index.entry(one)


def test_a_row_without_a_section_is_refused():
    with pytest.raises(SiteError, match="no section about seed"):
        index.arguments(LESSON_08.replace("### `seed`", "### the seed"))


def test_what_a_call_takes_and_what_is_gone_is_what_keras_says():
    from course_utils.keras_bridge import keras

    def named(section: str) -> list[str]:
        part = PAGE.split(f"## {section}")[1].split("\n## ")[0]
        return [
            name for line in re.findall(r"(.+)\n: ", part) for name in re.findall(r"`(\w+)`", line)
        ]

    for layer in (keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU):
        takes = list(inspect.signature(layer.call).parameters)[1:]
        assert takes[0] == "sequences" and takes[1:] == named("What a call takes")
    every = set(inspect.signature(keras.layers.Layer.__init__).parameters)
    assert set(named("What every Keras layer takes")) == every - {
        "self",
        "activity_regularizer",
        "kwargs",
    }
    *gone, shape, dim = named("What is gone")
    assert {"time_major", "inner_activation", "batch_input_shape"} < set(gone)
    for name in gone:
        with pytest.raises(ValueError, match=name):
            keras.layers.LSTM(4, **{name: None})
    for name, value in ((shape, (5, 3)), (dim, 3)):
        with pytest.warns(UserWarning, match=name):
            keras.layers.LSTM(4, **{name: value})


# Bibliography

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SEVERAL = re.compile(
    r"\b[A-Z][\w-]+(?:, [A-Z][\w-]+)*,?(?: (?:and|&) (?:[A-Z][\w-]+|others)| et al\.)"
    r"[ ,(]{1,2}(?:19|20)\d\d\b"
)


def cited_by(text: str) -> list[bibliography.Source]:
    return [source for source in CITED if source.cited.search(text)]


def papers() -> list[str]:
    """What the claims of the lessons and of the papers name as their sources."""
    ours = [claim.source for claim in claims() if claim.source]
    return sorted({*ours, *chain(*(one.source.split("; ") for one in PUBLISHED))})


@pytest.mark.parametrize("source", papers())
def test_every_source_of_a_claim_is_there(source: str):
    assert len(cited_by(source)) == len(YEAR.findall(source)) > 0


@pytest.mark.parametrize("number", [one.number for one in lessons()])
def test_every_paper_that_a_lesson_names_is_there(number: str):
    for citation in set(SEVERAL.findall(TEXTS[number])) - {"LRU and Mamba 2023"}:  # not people
        assert cited_by(citation), f"lesson {number} cites {citation!r}"


@pytest.mark.parametrize("source", CITED, ids=lambda s: f"{s.names[0]} {s.year}")
def test_every_entry_is_used(source: bibliography.Source):
    numbers, files = bibliography.uses(source)
    assert numbers or files
    for number in numbers:
        assert f"({lesson(number).document}.ipynb)" in bibliography.used(source)


def test_entries_stand_in_order_and_only_once():
    keys = [(source.names, source.year) for source in CITED]
    assert len(set(keys)) == len(keys)
    firsts = [source.names[0].casefold() for source in CITED]
    assert firsts == sorted(firsts)


def test_a_link_leads_to_what_it_says():
    for source in CITED:
        for text, address in re.findall(r"\[([^\]]+)\]\((\S+)\)", source.entry):
            kind, _, key = text.partition(":")
            known = {"doi": f"https://doi.org/{key}", "arXiv": f"https://arxiv.org/abs/{key}"}
            assert address == known.get(kind, address)
            assert address.startswith("https://")
    without = [source.names[0] for source in CITED if "](" not in source.entry]
    assert without == ["Hochreiter"]  # a thesis of 1991


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Gers and Schmidhuber (2000)", ["Gers", "Schmidhuber"]),
        ("Gers, Schmidhuber & Cummins 2000", ["Gers", "Schmidhuber", "Cummins"]),
        ("Hochreiter and Schmidhuber used this task in 1997", ["Hochreiter", "Schmidhuber"]),
        ("Wilson's interval** (1927)", ["Wilson"]),
    ],
)
def test_a_citation_is_told_from_its_neighbours(text: str, names: list[str]):
    assert [list(source.names) for source in cited_by(text)] == [names]


def test_a_paper_of_another_year_is_not_taken_for_it():
    assert cited_by("Gers and Schmidhuber (2002)") == []
    assert cited_by("Chung (2014)") == []


def test_an_entry_without_a_year_is_refused():
    with pytest.raises(SiteError, match="Elman"):
        bibliography.sources("```{sources}\nElman, J. L. Finding structure in time.\n```\n")
