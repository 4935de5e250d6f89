"""What pages make of a lesson's own words: numbers, questions, claims, wide tables, the dial."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

from course_utils.claims.printed import ARROW, MARK, found_in_words, in_words, whole_lines
from course_utils.dial.recording import experiment_html
from course_utils.language import ENGLISH, language, to_translate, translated

NUMBER = re.compile(r"(\d\d)( · )")
PROMPTS = (
    to_translate("Question."),
    to_translate("Predict."),
    to_translate("Think first."),
    to_translate("Trap."),
    to_translate("Time."),
    to_translate("Points."),
)
BEFORE, AFTER = re.compile(r"[(\[“‘]+$"), re.compile(r"[.,;:!?)\]’”–-]+")  # around a formula
WIDE = 6  # columns; such a table gets the room of the page's side as well
LONG = 32  # letters in a cell that must not become a narrow tower
UNBROKEN = 26  # letters of code that fit on any screen
FIGURE = re.compile(r'<img class="carousel-figure" width="(\d+)"')
OPENING = '<div class="carousel-dial">'  # the recorded dial of a notebook
DIAL = "it shows a dial"  # what the committed lesson says in the place of a dial of one's own


class Numbers(SphinxTransform):
    """The number of a title, as in "04 · The LSTM, gate by gate", is set apart from its words."""

    default_priority = 400

    def apply(self, **_: object) -> None:
        title = next(self.document.findall(nodes.title), None)
        found = NUMBER.match(title.astext()) if title else None
        if not found or not isinstance(title[0], nodes.Text):
            return
        folder = self.env.docname.split("/")[-2] if "/" in self.env.docname else ""
        number = nodes.inline("", found[1], classes=["number", f"of-{folder}"])
        dot = nodes.inline("", found[2], classes=["dot"])
        title[0:1] = [number, dot, nodes.Text(title[0].astext()[found.end() :])]


class Prompts(SphinxTransform):
    """A paragraph that begins with **Predict.** and the like is set apart."""

    default_priority = 401

    def apply(self, **_: object) -> None:
        kinds = {translated(one): one.split()[0].rstrip(".").lower() for one in PROMPTS}
        kinds |= {one.rstrip("."): kind for one, kind in kinds.items()}
        for paragraph in self.document.findall(nodes.paragraph):
            first = next((child for child in paragraph if child.astext()), None)
            word = first.astext() if isinstance(first, nodes.strong) else ""
            if word in kinds:
                paragraph["classes"] += ["prompt", f"prompt-{kinds[word]}"]


class Boxes(SphinxTransform):
    """A list of things to tick, "- [ ] ...", has boxes, also where it is printed."""

    default_priority = 403

    def apply(self, **_: object) -> None:
        for item in self.document.findall(nodes.list_item):
            text = next(item.findall(nodes.Text), "")
            if text.startswith("[ ] "):
                text.parent.replace(text, nodes.Text(f"☐ {text[4:]}"))
                item.parent["classes"] = ["to-tick"]


class Ties(SphinxTransform):
    """No line begins with the comma behind a formula, and none ends with the bracket before it."""

    default_priority = 402

    def apply(self, **_: object) -> None:
        for math in list(self.document.findall(nodes.math)):
            parent, place = math.parent, math.parent.index(math)
            before = parent[place - 1] if place else None
            after = parent[place + 1] if place + 1 < len(parent) else None
            opening = BEFORE.search(before) if isinstance(before, nodes.Text) else None
            closing = AFTER.match(after) if isinstance(after, nodes.Text) else None
            if not (opening or closing):
                continue
            tied = nodes.inline("", "", math.deepcopy(), classes=["tied"])
            if opening:
                tied.insert(0, nodes.Text(opening[0]))
                parent[place - 1] = nodes.Text(before[: opening.start()])
            if closing:
                tied.append(nodes.Text(closing[0]))
                parent[place + 1] = nodes.Text(after[closing.end() :])
            parent[place] = tied


class Claims(SphinxTransform):
    """The claims at the end of an output become a list with a mark before each."""

    default_priority = 800  # after quotes are made curly: a claim keeps those it was printed with

    def apply(self, **_: object) -> None:
        for block in list(self.document.findall(nodes.literal_block)):
            before, mark, claims = f"\n{block.astext().strip()}".partition(f"\n{MARK}")
            lines = whole_lines(mark.lstrip() + claims)
            if not lines or not all(line.startswith(MARK) for line in lines):
                continue
            items = [_claim(line.removeprefix(MARK)) for line in lines]
            parts = [nodes.bullet_list("", *items, classes=["claims"])]
            if before.strip():
                printed = block.copy()
                printed.rawsource = before[1:]
                printed += nodes.Text(before[1:])
                parts.insert(0, printed)
            block.parent.replace(block, parts)


class Tables(SphinxTransform):
    """Cells with much text are marked, and so are tables of many columns that have such cells."""

    default_priority = 404

    def apply(self, **_: object) -> None:
        for table in self.document.findall(nodes.table):
            long = [one for one in table.findall(nodes.entry) if len(one.astext()) > LONG]
            for entry in long:
                entry["classes"].append("long")
            if long and len(list(table.findall(nodes.colspec))) >= WIDE:
                table["classes"].append("wide")


class RowHeads(SphinxTransform):
    """Where the head of a table leaves its first column without a name, that column names rows.

    Not where one of its cells has no words: an empty cell names nothing, and of a formula alone
    a screen reader's rules see no text.
    """

    default_priority = 404

    def apply(self, **_: object) -> None:
        for table in self.document.findall(nodes.table):
            head = next(table.findall(nodes.thead), None)
            names = [row[0] for body in table.findall(nodes.tbody) for row in body]
            if head and not head[0][0].astext() and all(map(_has_words, names)):
                next(table.findall(nodes.colspec))["stub"] = True


def _has_words(cell: nodes.Element) -> bool:
    """Whether a cell has text besides its formulas."""
    texts = cell.findall(nodes.Text)
    return any(text.strip() for text in texts if not isinstance(text.parent, nodes.math))


class Names(SphinxTransform):
    """Only code that is too long for a narrow screen is broken, so that --options stay whole."""

    default_priority = 404

    def apply(self, **_: object) -> None:
        for literal in self.document.findall(nodes.literal):
            if max(map(len, literal.astext().split()), default=0) > UNBROKEN:
                literal["classes"].append("breaks")


class Figures(SphinxTransform):
    """Style sheets learn how wide a figure was drawn, so that its letters stay readable."""

    default_priority = 405

    def apply(self, **_: object) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            if FIGURE.search(raw.astext()):
                page = FIGURE.sub(r'\g<0> style="--width:\1px"', raw.astext())
                raw.replace_self(nodes.raw("", page, **raw.attributes))


class Pictures(SphinxTransform):
    """A picture that stands alone gets a frame that scrolls on narrow screens."""

    default_priority = 405

    def apply(self, **_: object) -> None:
        for picture in list(self.document.findall(nodes.image)):
            if isinstance(picture.parent, nodes.paragraph) and len(picture.parent) == 1:
                frame = nodes.container("", picture.deepcopy(), classes=["picture"])
                picture.parent.replace_self(frame)


class Dials(SphinxTransform):
    """The page's dial in the place of a notebook's; a recording where a kernel is needed."""

    default_priority = 405

    def apply(self, **_: object) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            for mark, part in ((OPENING, "near"), (DIAL, "far")):
                if mark in raw.astext():
                    raw.replace_self(nodes.raw("", experiment_html(part), format="html"))


def _claim(text: str) -> nodes.list_item:
    """The sentence, and below it what was measured."""
    said, _, found = text.partition(f" {ARROW}")
    if language() != ENGLISH:
        sentence, _, notes = said.removesuffix("]").partition(" [")
        words = [f" [{'; '.join(map(in_words, notes.split('; ')))}]"] if notes else []
        said, found = "".join([translated(sentence), *words]), found and found_in_words(found)
    label = nodes.inline("", translated("Claim: "), classes=["claim-label"])
    item = nodes.list_item("", nodes.paragraph("", "", label, nodes.Text(said)))
    if found:
        item += nodes.paragraph("", "", nodes.Text(found), classes=["claim-measured"])
    return item


ALL = (Numbers, Prompts, Boxes, Ties, Claims, Tables, RowHeads, Names, Figures, Pictures, Dials)
