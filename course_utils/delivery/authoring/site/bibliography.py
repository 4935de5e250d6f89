"""The sources of docs/site/bibliography.md, and where each of them is used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from course_utils.delivery.authoring.document import ROOT, documents
from course_utils.delivery.authoring.site.folders import SOURCES, SiteError
from course_utils.delivery.authoring.site.lessons import lesson
from course_utils.delivery.authoring.site.search import entry
from course_utils.plots import history

PATH = SOURCES / "bibliography.md"
BLOCK = re.compile(r"^```\{sources\}\n(.*?)^```$", re.M | re.S)
ENTRY = re.compile(r"(?P<authors>.+?) \((?P<year>\d{4})\)\. (?P<text>.+)")
NAME = re.compile(r"([^,&]+?), (?:[^\W\d_]\.[- ]?)+")
APART = 60  # characters between the authors and the year
CODE = ("course_utils", "solutions/src")
HISTORY = "11"  # the lesson that shows the map of ideas, whose sources stand with the map
CLAIMS = "course_utils/experiments/rules"
COMMENT = re.compile(r"\n[ \t]*#?[ \t]*>?[ \t]*")


class Source(NamedTuple):
    """One entry: the surnames of its authors, its year, and all of it as Markdown."""

    names: tuple[str, ...]
    year: str
    entry: str

    @property
    def cited(self) -> re.Pattern[str]:
        """What a text looks like that cites it: its authors, and soon after them the year."""
        first, *others = map(re.escape, self.names)
        together = "".join(f", {name}" for name in others[:-1])
        authors = f"{together},? (?:and|&) {others[-1]}" if others else "(?!,? (?:and|&|et al))"
        if len(others) > 1:
            authors = rf"(?:{authors}|,? (?:and others|et al\.))"
        return re.compile(rf"\b{first}\b{authors}[^.;|\d]{{0,{APART}}}\(?{self.year}\b")


def sources(text: str | None = None) -> list[Source]:
    """Every entry in the order of the page; `text` is the page's, read from PATH if None.

    Raises SiteError for an entry that does not begin with authors and a year.
    """
    found = BLOCK.search(PATH.read_text(encoding="utf-8") if text is None else text)
    if found is None:
        raise SiteError(f"{PATH.name} has no block ```{{sources}}.")
    return [_source(entry) for entry in re.split(r"\n{2,}", found[1].strip())]


def _source(entry: str) -> Source:
    parts = ENTRY.fullmatch(entry)
    names = tuple(name.strip(" &") for name in NAME.findall(parts["authors"])) if parts else ()
    if not names:
        raise SiteError(
            f"An entry of {PATH.name} must begin with 'Name, A. (year).': {entry[:60]!r}."
        )
    return Source(names, parts["year"], entry)


@cache
def texts() -> Mapping[Path, str]:
    """The lessons and the code, each as one line, with the marks of comments left out."""
    code = [path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))]
    apart = {Path(__file__), Path(history.__file__)}
    found = {path: _plain(path) for path in code if path not in apart}
    ideas = "; ".join(f"{idea.source} {idea.year}" for idea in history.IDEAS)
    for one in documents():
        shown = ideas if one.name.startswith(HISTORY) else ""
        found[one.source] = f"{_plain(one.source)}; {shown}"
    return found


def _plain(path: Path) -> str:
    return COMMENT.sub(" ", path.read_text(encoding="utf-8"))


def uses(source: Source) -> tuple[list[str], list[str]]:
    """The numbers of the lessons that cite a source, and the files of code that do."""
    plain, cited = (source.names[0], source.year), source.cited
    citing = [
        path
        for path, text in texts().items()
        if all(word in text for word in plain) and cited.search(text)  # in that order for speed
    ]
    lessons = {one.source: one.name.split("_")[0] for one in documents()}
    numbers = [lessons[path] for path in citing if path in lessons]
    files = [path.relative_to(ROOT).as_posix() for path in citing if path not in lessons]
    return numbers, files


class Sources(SphinxDirective):
    """The entries, each followed by the lessons that use it, or else by the code that does."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        for path in texts():
            self.env.note_dependency(str(path))
        entries = [_source(one) for one in re.split(r"\n{2,}", "\n".join(self.content).strip())]
        lines = [f"- {source.entry}\\\n  {used(source)}" for source in entries]
        listed = self.parse_text_to_nodes("\n".join(lines))
        items = listed[0].children if entries else []
        seen: Counter[str] = Counter()
        found = []
        for source, item in zip(entries, items):
            anchor = nodes.make_id(f"source-{source.names[0]}-{source.year}")
            seen[anchor] += 1
            anchor += f"-{seen[anchor]}" if seen[anchor] > 1 else ""
            item["ids"].append(anchor)
            found += [entry(name, anchor) for name in source.names]
            found += [entry(f"{name} {source.year}", anchor) for name in source.names]
        index = addnodes.index(entries=found)
        return [index, nodes.container("", *listed, classes=["sources"])]


def used(source: Source) -> str:
    """Who uses it, as Markdown: lessons and claims by their pages; code if no lesson does."""
    numbers, files = uses(source)
    links = [f"[lesson {n}]({lesson(n).document}.ipynb)" for n in numbers]
    code = [f"`{name}`" for name in files if not name.startswith(CLAIMS)]
    if len(code) < len(files):
        links.append("[the claims](docs/claims.md)")
    return f"[Used in {', '.join(links or code)}]{{.used}}"
