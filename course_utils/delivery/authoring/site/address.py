"""Where the course lives: `[tool.carousel.site]` of pyproject.toml, or variables CAROUSEL_....

As long as neither names a place, pages have no links to it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx

from course_utils.delivery.authoring.document import LESSONS, ROOT
from course_utils.delivery.authoring.sets import HANDOUTS
from course_utils.delivery.authoring.site.contents import pages
from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.language import translated

NAMES = ("repository", "branch", "edit", "report", "hub", "binder", "online")
# What a page is made from, where it is not the file that has its place.
MADE_FROM = {LESSONS: f"{LESSONS}/src", HANDOUTS: "solutions/src"}
# Services that open a notebook of GitHub: {branch} is that of build/online, {own} the course's own.
SERVICES = {
    "Colab": "https://colab.research.google.com/github/{name}/blob/{branch}/{path}",
    "Kaggle": "https://kaggle.com/kernels/welcome?src=https://github.com/{name}/blob/{branch}/{path}",
    "Codespaces": "https://codespaces.new/{name}/tree/{own}",
}
GITHUB = "https://github.com/"


class Address(NamedTuple):
    """Where the sources are and who takes reports; "" for what is not known.

    `edit` and `report` are addresses in which {repository}, {branch}, {path} and {title} are filled
    in; a report may go to a `mailto:` as well.
    """

    repository: str = ""
    branch: str = "main"
    edit: str = "{repository}/edit/{branch}/{path}"
    report: str = "{repository}/issues/new?title={title}"
    hub: str = ""
    binder: str = ""
    online: str = ""

    def edit_link(self, path: str) -> str:
        """Where a file of the project is changed; "" if there is no such place."""
        return self._filled(self.edit, path, "")

    def report_link(self, title: str) -> str:
        """Where a mistake on the page of this title is told; "" if there is no such place."""
        return self._filled(self.report, "", title)

    def services(self, path: str) -> list[tuple[str, str]]:
        """Names and addresses of services that open a notebook; none if no branch is for them."""
        online = path.startswith((f"{LESSONS}/", f"{HANDOUTS}/")) and path.endswith(".ipynb")
        if not (online and self.online and self.repository.startswith(GITHUB)):
            return []
        name = self.repository.removeprefix(GITHUB)
        words = {"name": name, "branch": self.online, "own": self.branch, "path": quote(path)}
        found = {service: pattern.format(**words) for service, pattern in SERVICES.items()}
        if self.binder:
            start = f"{self.binder}/v2/gh/{name}/{quote(self.branch, safe='')}"
            found["Binder"] = f"{start}?urlpath=lab/tree/{quote(path)}"
        return list(found.items())

    def _filled(self, pattern: str, path: str, title: str) -> str:
        if not pattern or ("{repository}" in pattern and not self.repository):
            return ""
        words = {"repository": self.repository, "branch": self.branch}
        return pattern.format(**words, path=quote(path), title=quote(title, safe=""))


def address(text: str | None = None, variables: Mapping[str, str] = os.environ) -> Address:
    """What is known; a variable like CAROUSEL_REPOSITORY goes before the line of pyproject.toml.

    text: that file's; None to read it. Raises SiteError for an unknown name, or for a {word} that
    nobody fills in.
    """
    import tomllib

    source = (ROOT / "pyproject.toml").read_text(encoding="utf-8") if text is None else text
    told = tomllib.loads(source).get("tool", {}).get("carousel", {}).get("site", {})
    if unknown := sorted(set(told) - set(NAMES)):
        raise SiteError(
            f"[tool.carousel.site] of pyproject.toml has {', '.join(unknown)}; it may have "
            f"{', '.join(NAMES)}."
        )
    told |= {name: variables[v] for name in NAMES if (v := f"CAROUSEL_{name.upper()}") in variables}
    told = {name: str(value).rstrip("/") for name, value in told.items()}
    found = Address(**{name: value for name, value in told.items() if value})
    try:
        found.edit_link("x"), found.report_link("x")
    except (KeyError, IndexError, ValueError):
        raise SiteError(
            "edit and report of [tool.carousel.site] in pyproject.toml may have {repository}, "
            "{branch}, {path} and {title}, and no other words in braces."
        ) from None
    return found


def made_from(page: str) -> str:
    """The file of the project that one changes to change a page; "" if there is none."""
    folder, _, name = page.rpartition("/")
    if folder in MADE_FROM and (ROOT / MADE_FROM[folder] / f"{name}.py").is_file():
        return f"{MADE_FROM[folder]}/{name}.py"
    found = {place.rpartition(".")[0]: path for place, path in pages().items()}
    return found[page].relative_to(ROOT).as_posix() if page in found else ""


def add_links(
    app: Sphinx, page: str, template: str, context: dict, tree: nodes.document | None
) -> None:
    """Tell page-links.html where this page is changed, and where its mistakes are reported."""
    if tree is not None:
        where = Address(*app.config.carousel_address)
        path, title = made_from(page), f"{app.env.titles[page].astext()} ({page})"
        context["page_words"] = {
            "open": translated("Open in"),
            "edit": translated("Edit this page"),
            "report": translated("Report a mistake"),
        }
        context["page_edit"] = where.edit_link(path) if path else ""
        context["page_services"] = where.services(f"{page}.ipynb")
        context["page_report"] = where.report_link(title)
