"""What the course adds to Sphinx: its transforms, links to the sources, descriptions of pages."""

from __future__ import annotations

import hashlib
import html
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from course_utils.delivery.authoring.site import address, code, languages, live, transforms
from course_utils.delivery.authoring.site.bound import Bound
from course_utils.delivery.authoring.site.links import Sources
from course_utils.delivery.authoring.site.search import Findable
from course_utils.delivery.authoring.site.verdicts import Verdicts

EMPTY_HEAD = re.compile(r"<th\b[^>]*>\s*(<p>\s*</p>)?\s*</th>")
SHORTEST, LONGEST = 40, 200  # letters of a description


def describe(
    app: Sphinx, page: str, template: str, context: dict, tree: nodes.document | None
) -> None:
    """Give the page a description for search engines: its first paragraph."""
    if tree is None or "description" in (context.get("meta") or {}):
        return
    for paragraph in tree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) >= SHORTEST and isinstance(paragraph.parent, nodes.section):
            words = text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " ..."
            context["metatags"] += f'\n    <meta name="description" content="{html.escape(words)}">'
            return


def leave_empty_heads(
    app: Sphinx, page: str, template: str, context: dict, tree: nodes.document | None
) -> None:
    """An empty cell in the head of a table heads nothing: it is no header for those who hear it."""
    if "body" in context:
        context["body"] = EMPTY_HEAD.sub("<td></td>", context["body"])


def code_hash() -> str:
    """Changes when a file of the site's code does; all pages are then made again."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]


def setup(app: Sphinx) -> dict[str, object]:
    app.add_config_value("carousel_repository", "", "html", types=frozenset({str}))
    app.add_config_value("carousel_branch", "main", "html", types=frozenset({str}))
    app.add_config_value("carousel_address", [], "html", types=frozenset({list}))
    app.add_config_value("carousel_code", "", "env", types=frozenset({str}))
    for transform in transforms.ALL:
        app.add_transform(transform)
    code.setup(app)
    live.setup(app)
    languages.setup(app)
    app.add_transform(Findable)
    app.add_transform(Verdicts)
    app.add_post_transform(Sources)
    app.add_post_transform(Bound)
    app.connect("html-page-context", address.add_links)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", leave_empty_heads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
