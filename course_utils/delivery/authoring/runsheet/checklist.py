"""The check-list of the evening before, with boxes to tick, and what to do if something fails."""

from __future__ import annotations

import html
from pathlib import Path

from course_utils.delivery.authoring.markup import markdown, web_fonts
from course_utils.delivery.authoring.runsheet.guide import checklist, plain, when_failing

HERE = Path(__file__).parent
BOX = '<span class="box"></span>'


def page(title: str, vendor: Path) -> str:
    """The page; `title` names what is prepared, `vendor` the folder of fonts."""
    heading = f"Check-list: {title}"
    rules = (HERE / "checklist.css").read_text(encoding="utf-8")
    body = markdown(plain(checklist())).replace("<li>[ ] ", f"<li>{BOX}")
    failing = f'<h2>If something fails</h2><div class="failing">{markdown(when_failing())}</div>'
    start = (HERE.parent / "handout" / "handout.js").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(heading)}</title>\n<style>{web_fonts(vendor)}\n{rules}</style>\n"
        f"</head>\n<body>\n<main>\n<h1>{html.escape(heading)}</h1>\n{body}\n{failing}\n</main>\n"
        f"<script>{start}</script>\n</body>\n</html>\n"
    )
