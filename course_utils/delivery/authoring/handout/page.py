"""A notebook as one page for print: its text, code and outputs, formulas set by MathJax."""

from __future__ import annotations

import html
import re
from pathlib import Path

from nbformat import NotebookNode

from course_utils.delivery.authoring.markup import code, inlined, markdown, plain, web_fonts
from course_utils.delivery.authoring.rules import tags
from course_utils.language import tag, translated

HERE = Path(__file__).parent
TITLE = re.compile(r"^# +(.+)$", re.M)
RELATIVE = re.compile(r'<a href="(?!https?:|#)[^"]*">(.*?)</a>', re.S)
SCRIPT = re.compile(r"<script>.*?</script>", re.S)  # of a dial: on paper its table stays
HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.S)


def page(notebook: NotebookNode, vendor: Path) -> str:
    """The page; `vendor` is the folder of fonts and scripts that `vendor()` returns."""
    found = TITLE.search(notebook.cells[0].source)
    title = html.escape(found[1] if found else "Carousel")
    rules = with_licence((HERE / "handout.css").read_text(encoding="utf-8"))
    rules = rules.replace("TITLE", _in_css(title))
    body = "\n".join(cell_html(cell) for cell in notebook.cells)
    scripts = f"<script>{(HERE / 'handout.js').read_text(encoding='utf-8')}</script>\n"
    if "\\(" in body or "\\[" in body:
        scripts += f"<script>{inlined(vendor / 'mathjax/es5/tex-svg.js')}</script>\n"
    return (
        '<!doctype html>\n<html lang="' + tag() + '">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{web_fonts(vendor)}\n{rules}</style>\n</head>\n<body>\n"
        f"<main>\n{body}\n</main>\n{scripts}</body>\n</html>\n"
    )


def with_licence(rules: str) -> str:
    """A style sheet that says at the foot of each page what may be done with it."""
    return rules.replace("LICENCE", translated("text and figures CC BY 4.0, code MIT"))


def cell_html(cell: NotebookNode) -> str:
    """One cell; a folded one shows its figure only."""
    if cell.cell_type == "markdown":
        # nothing lies beside a sheet of paper, and nothing on it can be unfolded
        text = RELATIVE.sub(r"\1", markdown(cell.source)).replace("<details>", "<details open>")
        return f'<div class="prose">{HEADING.sub(_with_anchor, text)}</div>'
    parts = [] if {"hide-input", "remove-input"} & set(tags(cell)) else [code(cell.source)]
    parts += [one for output in cell.get("outputs", []) if (one := output_html(output))]
    return f'<div class="cell">{"".join(parts)}</div>'


def output_html(output: NotebookNode) -> str:
    """One output. An animated cell is left out: a still of it follows in the lesson."""
    if output.output_type == "stream":
        return plain(output.text)
    data = output.get("data", {})
    page = SCRIPT.sub("", data.get("text/html", ""))
    if "carousel-player" in page:
        said = translated("▸ Here the notebook shows animated cells; a still follows.")
        return f'<p class="live">{said}</p>'
    if "carousel-figure" in page:
        return f'<div class="picture">{page}</div>'  # a <figure> would be a picture without words
    if page:
        return f'<div class="shown">{page}</div>'
    return plain(data["text/plain"]) if "text/plain" in data else ""


def _with_anchor(match: re.Match[str]) -> str:
    words = html.unescape(re.sub(r"<[^>]+>", "", match[2]))
    anchor = html.escape(re.sub(r"\s+", "-", words.strip()))
    return f'<h{match[1]} id="{anchor}">{match[2]}</h{match[1]}>'


def _in_css(text: str) -> str:
    return html.unescape(text).replace("\\", "\\\\").replace('"', '\\"')
