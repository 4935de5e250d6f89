"""Two roles for Sphinx: {lesson}`04` is a link to a lesson, {zh}`遗忘门` is Chinese."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole

from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.delivery.authoring.site.lessons import Lesson, lesson
from course_utils.language import translated

Result = tuple[list[nodes.Node], list[nodes.system_message]]


def reference(env: BuildEnvironment, kind: str, target: str, text: str) -> addnodes.pending_xref:
    """A link to a "doc" or a "term" that Sphinx resolves, or complains about."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="std",
        reftype=kind,
        reftarget=target,
        refdoc=env.docname,
        refexplicit=True,
        refwarn=True,
    )


def lesson_link(env: BuildEnvironment, one: Lesson, text: str) -> addnodes.pending_xref:
    """A link to the page of a lesson."""
    return reference(env, "doc", "/" + one.document, text)


class LessonRole(SphinxRole):
    """{lesson}`04`: a link "lesson 04"."""

    def run(self) -> Result:
        try:
            one = lesson(self.text)
        except SiteError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [lesson_link(self.env, one, translated("lesson {number}", number=one.number))], []


class ChineseRole(SphinxRole):
    """{zh}`遗忘门`: Chinese, and said to be so to a screen reader."""

    def run(self) -> Result:
        return [chinese(self.text)], []


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
    app.add_role("lesson", LessonRole())
    app.add_role("zh", ChineseRole())
    silent = (lambda *_: None, lambda *_: None)
    app.add_node(_Chinese, html=(_open, _close), text=silent)
