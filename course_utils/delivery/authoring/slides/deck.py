"""A lesson's slides as its source has them: what each says, what it shows, what the speaker says.

A slide is a markdown cell with `slide="figure"` (or another of KINDS) behind its `# %%`. The
notebook does not have these cells; a slide shows an output, or the code, of the nearest cell above
that has one.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from nbformat import NotebookNode

from course_utils.delivery.authoring.build import difference
from course_utils.delivery.authoring.document import (
    ROOT,
    SLIDE,
    AuthoringError,
    Document,
    documents,
)
from course_utils.delivery.authoring.inventory import notebook_claims
from course_utils.delivery.authoring.predictions import PREDICTION
from course_utils.delivery.authoring.rules import prose, tags
from course_utils.delivery.authoring.rules_shape import NEXT

DIALS = ("near", "far")  # of lesson 00, before and after more practice
KINDS = (
    "words", "question", "predict", "formula", "figure", "bars", "code", "output", "player", "dial",
)  # fmt: skip
FIELDS = {
    SLIDE, "minutes", "alt", "crop", "lines", "part", "least", "most", "section",
    "drawing", "sheet",
}  # fmt: skip
DRAWINGS = Path(__file__).parent / "drawings"
HEADING = re.compile(r"\A\s*## +(.+?)\s*$", re.M)
ITEM = re.compile(r"^[-*] +(.+)$", re.M)
PART = re.compile(r"^(Answer|Notes):[ \t]*", re.M)
CLAIMED = re.compile(r"^✓ +(.+?)\s*…$", re.M)
SECTION = re.compile(r"^## +(.+?)\s*$", re.M)
TIME = re.compile(r"\*\*Time\.\*\* About (\d+) minutes")
Box = tuple[float, ...]  # left, top, right, bottom of a part of a figure, in per cent


@dataclass(frozen=True)
class Slide:
    """One slide. Texts are Markdown; `cell` is what it shows, a cell of the executed notebook."""

    kind: str
    title: str
    body: str
    answer: str  # appears at the next key
    notes: str
    minutes: float
    section: str  # the lesson's section it stands in
    line: int  # of the source
    cell: NotebookNode | None = None
    alt: str = ""  # "" for the figure's own
    crop: tuple[Box, ...] = ()  # the parts shown, one below the other; () for all
    lines: tuple[tuple[int, int], ...] = ()  # first and last of the lines shown; () for all
    part: str = DIALS[0]  # which dial
    least: float = 0.0  # where bars begin
    most: float = 0.0  # where they end; 0 for the largest of them
    drawing: str = ""  # of a prediction: an SVG file of the folder `drawings`
    sheet: bool = False  # whether its figure stands on the lesson's sheet, too


@dataclass(frozen=True)
class Deck:
    """The slides of one lesson, and what the title slide needs."""

    document: Document
    notebook: NotebookNode
    title: str
    minutes: int  # of the lesson, read alone
    slides: tuple[Slide, ...]
    english: Deck | None = None  # of a deck in another language

    @property
    def number(self) -> str:
        return self.document.name.split("_")[0]

    @property
    def talk(self) -> float:
        """Minutes of the slides."""
        return sum(slide.minutes for slide in self.slides)


class Figure(HTMLParser):
    """The picture in an output that `show(fig, alt)` made."""

    def __init__(self, page: str):
        super().__init__()
        self.source, self.alt = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "img" and "carousel-figure" in (found.get("class") or ""):
            self.source, self.alt = found.get("src") or "", found.get("alt") or ""


def decks(names: Iterable[str] | None = None, root: Path = ROOT) -> list[Deck]:
    """The decks of all lessons, or of those in `names`, in order.

    Raises AuthoringError for a name that no lesson has and for what is wrong with a slide.
    """
    return [read(document) for document in documents(names, root)]


def read(document: Document) -> Deck:
    """The deck of one lesson.

    Raises AuthoringError if the notebook is not in step with its source, or a slide is not made
    as docs/authoring.md says.
    """
    if not document.target.exists():
        raise AuthoringError(f"{document.name} has no notebook to show: run `make build`.")
    notebook = document.notebook()
    if found := difference(document.text(), notebook):
        raise AuthoringError(f"{document.name}: {found}. Run `course build {document.name[:2]}`.")
    head = notebook.cells[0].source
    title = head.splitlines()[0].partition(" · ")[2]
    time = TIME.search("\n".join(cell.source for cell in notebook.cells[:3]))
    claims = [claim.text for claim in notebook_claims(document.name, notebook)]
    slides, shown, section = [], [], title
    cells = iter(notebook.cells)
    for line, cell in document.source_cells():
        if SLIDE in cell.metadata:
            here = f"{document.shown(document.source)}, line {line}"
            slides.append(_slide(cell, shown, section, line, here, claims))
            continue
        shown.append(next(cells))
        if cell.cell_type == "markdown":
            found = [name for name in SECTION.findall(prose(cell)) if name != NEXT]
            section = (found or [section])[-1]
    return Deck(document, notebook, title, int(time[1]) if time else 0, tuple(slides))


def figure(cell: NotebookNode) -> Figure | None:
    """The first figure among the outputs of a cell."""
    for output in cell.get("outputs", []):
        page = output.get("data", {}).get("text/html", "")
        if "carousel-figure" in page:
            return Figure(page)
    return None


def player(cell: NotebookNode) -> str | None:
    """The animated cell among the outputs of a cell, as a piece of a page."""
    pages = [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", [])]
    return next((page for page in pages if "carousel-player" in page), None)


def excerpt(slide: Slide) -> list[str]:
    """The lines of code or output that a slide shows, a gap as three dots."""
    text = printed(slide.cell) if slide.kind == "output" else slide.cell.source
    lines = text.splitlines()
    if not slide.lines:
        return lines
    shown, last = [], None
    for first, end in slide.lines:
        part = lines[first - 1 : end]
        if last is not None and first > last + 1 and part:
            shown.append(re.match(r"\s*", part[0])[0] + "...")
        shown, last = shown + part, end
    return textwrap.dedent("\n".join(shown)).splitlines()


def printed(cell: NotebookNode) -> str:
    """What a cell has printed."""
    outputs = cell.get("outputs", [])
    return "".join(one.text for one in outputs if one.output_type == "stream").rstrip()


SHOWS: dict[str, Callable[[NotebookNode], object]] = {
    "figure": figure,
    "player": player,
    "output": printed,
    "code": lambda cell: cell.cell_type == "code" and PREDICTION not in tags(cell) and cell.source,
}


def _slide(
    cell: NotebookNode,
    shown: list[NotebookNode],
    section: str,
    line: int,
    here: str,
    claims: list[str],
) -> Slide:
    extra = dict(cell.metadata)
    kind = extra[SLIDE]
    if kind not in KINDS:
        raise AuthoringError(f"{here}: slide={kind!r}; it must be one of {', '.join(KINDS)}.")
    if cell.cell_type != "markdown":
        raise AuthoringError(f"{here}: a slide is a markdown cell: `# %% [markdown] slide=...`.")
    if unknown := set(extra) - FIELDS - {"lines_to_next_cell"}:
        raise AuthoringError(
            f"{here}: a slide knows {', '.join(sorted(FIELDS))}, not {sorted(unknown)[0]}."
        )
    if extra.get("part", DIALS[0]) not in DIALS:
        raise AuthoringError(f"{here}: part={extra['part']!r}; it must be {' or '.join(DIALS)}.")
    drawing = extra.get("drawing", "")
    if drawing and not (DRAWINGS / f"{drawing}.svg").is_file():
        raise AuthoringError(f"{here}: drawing={drawing!r}; there is none in {DRAWINGS.name}.")
    heading = HEADING.search(cell.source)
    if heading is None:
        raise AuthoringError(f"{here}: a slide begins with its statement, `# ## ...`.")
    parts = _parts(cell.source[heading.end() :])
    found = None
    if kind in SHOWS:
        found = next((one for one in reversed(shown) if SHOWS[kind](one)), None)
        if found is None:
            raise AuthoringError(f"{here}: no cell above this slide has {kind} to show.")
    return Slide(
        kind=kind,
        title=heading[1],
        body=_with_claims(parts["body"], claims, here),
        answer=_with_claims(parts["Answer"], claims, here),
        notes=parts["Notes"],
        minutes=_number(extra.get("minutes", 0), "minutes", here),
        section=extra.get("section", section),
        line=line,
        cell=found,
        alt=extra.get("alt", ""),
        crop=_crop(extra.get("crop"), here),
        lines=_lines(extra.get("lines"), here),
        part=extra.get("part", DIALS[0]),
        least=_number(extra.get("least", 0), "least", here),
        most=_number(extra.get("most", 0), "most", here),
        drawing=drawing,
        sheet="sheet" in extra,
    )


def _parts(text: str) -> dict[str, str]:
    """The body of a slide, its answer and its notes."""
    parts = {"body": "", "Answer": "", "Notes": ""}
    pieces = PART.split(text)
    parts["body"] = pieces[0].strip()
    for name, piece in zip(pieces[1::2], pieces[2::2]):
        parts[name] = piece.strip()
    return parts


def _with_claims(text: str, claims: list[str], here: str) -> str:
    """`✓ The RNN stays ...…` names a claim of the lesson by its beginning; here it is whole."""

    def whole(match: re.Match[str]) -> str:
        found = [claim for claim in claims if claim.startswith(match[1])]
        if len(found) != 1:
            count = "no claim" if not found else f"{len(found)} claims"
            raise AuthoringError(f"{here}: {count} of the lesson begin with {match[1]!r}.")
        return f"✓ {found[0]}"

    return CLAIMED.sub(whole, text)


def _number(value: object, name: str, here: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise AuthoringError(f"{here}: {name}={value!r} is not a number.") from None


def _crop(value: str | None, here: str) -> tuple[Box, ...]:
    if value is None:
        return ()
    boxes = []
    for text in str(value).split(","):
        box = tuple(_number(part, "crop", here) for part in text.split())
        if len(box) != 4 or not (0 <= box[0] < box[2] <= 100 and 0 <= box[1] < box[3] <= 100):
            raise AuthoringError(
                f"{here}: crop={value!r}; write left, top, right and bottom in per cent, "
                'parts with a comma between them: "0 0 50 100".'
            )
        boxes.append(box)
    return tuple(boxes)


def _lines(value: object, here: str) -> tuple[tuple[int, int], ...]:
    if value is None:
        return ()
    found = [re.fullmatch(r"(\d+)(?:-(\d+))?", part) for part in str(value).split()]
    ranges = tuple((int(one[1]), int(one[2] or one[1])) for one in found if one)
    flat = [line for pair in ranges for line in pair]
    if not flat or not all(found) or flat != sorted(flat) or flat[0] < 1:
        raise AuthoringError(f'{here}: lines={value!r}; write what is shown in order: "2-4 6".')
    return ranges
