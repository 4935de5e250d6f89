"""What the course adds to Sphinx: prompts, claims, the first experiment, links to the sources."""

from __future__ import annotations

import hashlib
import posixpath
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from course_utils.authoring.document import ROOT
from course_utils.claims import MARK

PROMPTS = ("Question", "Predict", "Time", "Points")
DIAL = "it shows a dial"  # what the committed lesson says in the place of its dial
EXPERIMENT = '<div class="first-experiment" data-part="{part}"></div>'
EXPERIMENTS = ("near", "far")  # the lesson's dials in order: before more training, and after


class Prompts(SphinxTransform):
    """A paragraph that begins with **Predict.** and the like is set apart."""

    default_priority = 400

    def apply(self, **_: object) -> None:
        for paragraph in self.document.findall(nodes.paragraph):
            first = paragraph[0] if len(paragraph) else None
            word = first.astext().rstrip(".") if isinstance(first, nodes.strong) else ""
            if word in PROMPTS:
                paragraph["classes"] += ["prompt", f"prompt-{word.lower()}"]


class Claims(SphinxTransform):
    """An output that is nothing but claims gets a list with a mark before each."""

    default_priority = 401

    def apply(self, **_: object) -> None:
        for block in list(self.document.findall(nodes.literal_block)):
            lines = block.astext().strip().splitlines()
            if lines and all(line.startswith(MARK) for line in lines):
                items = [_claim(line.removeprefix(MARK)) for line in lines]
                block.replace_self(nodes.bullet_list("", *items, classes=["claims"]))


class Dials(SphinxTransform):
    """In the place of a dial that needs a kernel stands the recorded experiment."""

    default_priority = 402

    def apply(self, **_: object) -> None:
        dials = [raw for raw in self.document.findall(nodes.raw) if DIAL in raw.astext()]
        for part, raw in zip(EXPERIMENTS, dials):
            html = EXPERIMENT.format(part=part)
            raw.replace_self(nodes.raw("", html, format="html"))


def _claim(text: str) -> nodes.list_item:
    label = nodes.inline("", "Claim: ", classes=["claim-label"])
    return nodes.list_item("", nodes.paragraph("", "", label, nodes.Text(text)))


def link_to_source(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, inside: nodes.Element
) -> nodes.Node | None:
    """A link to a file that is in the project but not on the site goes to where the project lives.

    If that is not known (CAROUSEL_REPOSITORY), its text stays, without a link.
    """
    if node.get("reftype") != "myst":
        return None
    path, _, anchor = node["reftarget"].partition("#")
    here = posixpath.dirname(node["refdoc"])
    place = posixpath.normpath(posixpath.join(here, path))
    if not path or place.startswith("..") or not (ROOT / place).exists():
        return None
    repository, branch = app.config.carousel_repository, app.config.carousel_branch
    if not repository:
        return nodes.inline("", "", *inside.children, classes=["not-here"])
    kind = "tree" if (ROOT / place).is_dir() else "blob"
    address = f"{repository}/{kind}/{branch}/{place}" + (f"#{anchor}" if anchor else "")
    return nodes.reference("", "", *inside.children, internal=False, refuri=address)


def describe(
    app: Sphinx, page: str, template: str, context: dict, tree: nodes.document | None
) -> None:
    """Give the page a description for search engines: its first paragraph."""
    if tree is None or "description" in (context.get("meta") or {}):
        return
    for paragraph in tree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 40 and isinstance(paragraph.parent, nodes.section):
            words = text if len(text) <= 200 else text[:200].rsplit(" ", 1)[0] + " ..."
            escaped = words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
            context["metatags"] += f'\n    <meta name="description" content="{escaped}" />'
            return


def code_hash() -> str:
    """Changes when this file does; the pages are then made again."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]


def setup(app: Sphinx) -> dict[str, object]:
    app.add_config_value("carousel_repository", "", "html", types=frozenset({str}))
    app.add_config_value("carousel_branch", "main", "html", types=frozenset({str}))
    app.add_config_value("carousel_code", code_hash(), "env", types=frozenset({str}))
    for transform in (Prompts, Claims, Dials):
        app.add_transform(transform)
    app.connect("missing-reference", link_to_source)
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
