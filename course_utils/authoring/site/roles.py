"""Two roles for Sphinx: {lesson}`04` is a link to a lesson, {zh}`遗忘门` is Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from course_utils.authoring.site.folders import SiteError
from course_utils.authoring.site.lessons import Lesson, lesson

Result = tuple[list[nodes.Node], list[nodes.Node]]


def lesson_link(env: BuildEnvironment, one: Lesson, text: str) -> addnodes.pending_xref:
    """A link to the page of a lesson, resolved by Sphinx."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="std",
        reftype="doc",
        reftarget="/" + one.document,
        refdoc=env.docname,
        refexplicit=True,
        refwarn=True,
    )


def lesson_role(
    name: str,
    raw: str,
    text: str,
    line: int,
    inliner: Inliner,
    options: Mapping[str, object] | None = None,
    content: Sequence[str] = (),
) -> Result:
    """{lesson}`04`: a link "lesson 04"."""
    try:
        one = lesson(text)
    except SiteError as error:
        message = inliner.reporter.error(str(error), line=line)
        return [inliner.problematic(raw, raw, message)], [message]
    return [lesson_link(inliner.document.settings.env, one, f"lesson {one.number}")], []


def zh_role(
    name: str,
    raw: str,
    text: str,
    line: int,
    inliner: Inliner,
    options: Mapping[str, object] | None = None,
    content: Sequence[str] = (),
) -> Result:
    """{zh}`遗忘门`: Chinese, and said to be so to a screen reader."""
    return [chinese(text)], []


class _Chinese(nodes.inline):
    """Text with lang="zh"."""


def chinese(text: str) -> nodes.inline:
    """`text` as a node that is marked as Chinese."""
    return _Chinese("", text)


def _open(translator: nodes.NodeVisitor, node: nodes.Node) -> None:
    translator.body.append('<span lang="zh-Hans">')


def _close(translator: nodes.NodeVisitor, node: nodes.Node) -> None:
    translator.body.append("</span>")


def add_roles(app: Sphinx) -> None:
    """Make the roles known to Sphinx."""
    app.add_role("lesson", lesson_role)
    app.add_role("zh", zh_role)
    silent = (lambda *_: None, lambda *_: None)
    app.add_node(_Chinese, html=(_open, _close), text=silent)
