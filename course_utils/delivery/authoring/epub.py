"""The lessons as an EPUB 3 book: text, code, results and figures; formulas as MathML.

Source of the form: EPUB 3.3, https://www.w3.org/TR/epub-33/.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import uuid
import zipfile
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from latex2mathml.converter import convert
from nbformat import NotebookNode

from course_utils import __version__
from course_utils.delivery.authoring.handout.page import TITLE, cell_html

NAME = "Carousel"
PNG = re.compile(r"data:image/png;base64,")
STYLE = "pre{white-space:pre-wrap;font-size:.8em}img{max-width:100%}table{border-collapse:collapse}"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
CONTAINER = f"""{HEAD}<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
version="1.0">
<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PAGE = f"""{HEAD}<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en">
<head><title>{{title}}</title><style>{{style}}</style></head>
<body>{{body}}</body>
</html>
"""
PACKAGE = f"""{HEAD}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"
unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{{id}}</dc:identifier><dc:title>{NAME}</dc:title>
<dc:language>en</dc:language><meta property="dcterms:modified">{{now}}</meta>
</metadata>
<manifest>{{items}}</manifest>
<spine>{{spine}}</spine>
</package>
"""


def body(notebook: NotebookNode, pictures: dict[str, bytes]) -> str:
    """The cells of a notebook as XHTML, without scripts and ids that stand in two chapters.

    What its figures are made of goes into `pictures`: not every reader shows them in the text.
    """
    soup = BeautifulSoup("\n".join(map(cell_html, notebook.cells)), "html.parser")
    for one in soup.find_all(["script", "style", "button", "input", "iframe"]):
        one.decompose()
    seen: set[str] = set()
    for one in soup.find_all(id=True):
        if one["id"] in seen:
            del one["id"]
        else:
            seen.add(one["id"])
    for one in soup.find_all("img", src=PNG):
        data = base64.b64decode(PNG.sub("", one["src"]))
        one["src"] = f"{hashlib.sha256(data).hexdigest()[:16]}.png"
        pictures[one["src"]] = data
    for one in soup.select(".math"):
        text = one.get_text().strip()
        kind = "block" if text.startswith("\\[") else "inline"
        formula = convert(text.removeprefix("\\[").removeprefix("\\(")[:-2], display=kind)
        one.replace_with(BeautifulSoup(formula, "html.parser"))
    return soup.decode(formatter="minimal")


def write(path: Path, notebooks: Iterable[NotebookNode]) -> Path:
    """Write the book, a chapter for each notebook.

    Raises xml.etree.ElementTree.ParseError for a chapter that is no XML.
    """
    pages, names, pictures = {}, [], {}
    for number, notebook in enumerate(notebooks):
        title = html.escape(TITLE.search(notebook.cells[0].source)[1].replace("`", ""))
        names.append((f"{number:02}.xhtml", title))
        pages[names[-1][0]] = PAGE.format(style=STYLE, title=title, body=body(notebook, pictures))
    entries = "".join(f'<li><a href="{name}">{title}</a></li>' for name, title in names)
    contents = f'<nav epub:type="toc"><h1>{NAME}</h1><ol>{entries}</ol></nav>'
    pages["nav.xhtml"] = PAGE.format(style=STYLE, title=NAME, body=contents)
    for text in pages.values():
        ElementTree.fromstring(text.encode())
    spine = "".join(f'<itemref idref="{Path(name).stem}"/>' for name in ["nav.xhtml", *pages][:-1])
    pages["book.opf"] = PACKAGE.format(
        id=uuid.uuid5(uuid.NAMESPACE_URL, f"{NAME} {__version__}"),
        now=datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        items="".join([_item(*page) for page in pages.items()] + [*map(_picture, pictures)]),
        spine=spine.replace('idref="', 'idref="p'),
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", CONTAINER)
        for name, text in pages.items():
            book.writestr(name, text)
        for name, data in pictures.items():
            book.writestr(name, data, zipfile.ZIP_STORED)
    return path


def _item(name: str, text: str) -> str:
    marks = [mark for mark, tag in (("mathml", "<math"), ("svg", "<svg")) if tag in text]
    properties = ["nav"] if name == "nav.xhtml" else marks
    said = f' properties="{" ".join(properties)}"' if properties else ""
    kind = "application/xhtml+xml"
    return f'<item id="p{Path(name).stem}" href="{name}" media-type="{kind}"{said}/>'


def _picture(name: str) -> str:
    return f'<item id="i{Path(name).stem}" href="{name}" media-type="image/png"/>'
