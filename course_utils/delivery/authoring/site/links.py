"""Links to files of the project that are no pages: to where the project lives, if that is known."""

from __future__ import annotations

import posixpath

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from course_utils.delivery.authoring.document import ROOT


class Sources(SphinxPostTransform):
    """A link to a file or folder without a page goes to the repository (CAROUSEL_REPOSITORY).

    If it is not known where that is, the link's text stays, without a link.
    """

    default_priority = 8  # before MyST's own, which only knows pages

    def run(self, **_: object) -> None:
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node["reftype"] == "myst" and not node["refdomain"]:
                place, anchor = self.place(node)
                if place:
                    node.replace_self(self.link(place, anchor, node[0].children))

    def place(self, node: addnodes.pending_xref) -> tuple[str, str]:
        """Where in the project the link leads, and to which line; "" if it leads nowhere."""
        path, _, anchor = node["reftarget"].partition("#")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(node["refdoc"]), path))
        there = path and not place.startswith("..") and (ROOT / place).exists()
        return (place, anchor) if there else ("", "")

    def link(self, place: str, anchor: str, words: list[nodes.Node]) -> nodes.Node:
        repository, branch = self.config.carousel_repository, self.config.carousel_branch
        if not repository:
            return nodes.inline("", "", *words, classes=["not-here"])
        kind = "tree" if (ROOT / place).is_dir() else "blob"
        address = f"{repository}/{kind}/{branch}/{place}" + f"#{anchor}" * bool(anchor)
        return nodes.reference("", "", *words, internal=False, refuri=address)
