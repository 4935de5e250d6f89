"""What the course's own pages are made of: directives and roles for Sphinx.

{first-experiment}, {moving-picture}, {lesson-cards}, {course-time}   on the first page
{letters}, {chinese-terms}, {arguments}, {sources}   on the pages to look things up
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from course_utils.delivery.authoring.document import ROOT, documents
from course_utils.delivery.authoring.site.arguments import Arguments
from course_utils.delivery.authoring.site.bibliography import Sources
from course_utils.delivery.authoring.site.glossary import ChineseTerms, Letters
from course_utils.delivery.authoring.site.lessons import Lesson, lessons, moment_of
from course_utils.delivery.authoring.site.roles import add_roles, lesson_link
from course_utils.dial.recording import PATH as RECORD
from course_utils.dial.recording import experiment_html
from course_utils.language import translated
from course_utils.player.words import sentences

STILL = ROOT / "docs" / "images" / "cover.png"
MARK = 'class="first-experiment"'
EXERCISES = "solutions"  # each of its sources is a problem set


class FirstExperiment(SphinxDirective):
    """The sentence whose country is moved away, with the networks' recorded answers."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(RECORD))
        return [nodes.raw("", experiment_html(), format="html")]


class MovingPicture(SphinxDirective):
    """The three cells, alive; a still where there are no scripts."""

    def run(self) -> list[nodes.Node]:
        from course_utils.player import cell_player

        player = cell_player()
        alt = sentences(player.alt)
        still = nodes.image(uri="/" + STILL.relative_to(ROOT).as_posix(), alt=alt)
        still["classes"] += ["moving-picture-still"]
        live = nodes.raw("", player.html(), format="html")
        return [nodes.container("", live, still, classes=["moving-picture"])]


class LessonCards(SphinxDirective):
    """A card for each lesson: number, title, the moment it exists for, and its time."""

    def run(self) -> list[nodes.Node]:
        depend_on_lessons(self.env)
        items = [nodes.list_item("", *_card(self.env, one)) for one in lessons()]
        return [nodes.bullet_list("", *items, classes=["lesson-cards"])]


class CourseTime(SphinxDirective):
    """How long the course takes, as its lessons say."""

    def run(self) -> list[nodes.Node]:
        depend_on_lessons(self.env)
        return [nodes.paragraph("", course_time())]


def course_time() -> str:
    """The sentence about the time that the course takes."""
    every = lessons()
    minutes, seconds = (sum(values) for values in zip(*((x.minutes, x.seconds) for x in every)))
    shortest, longest = min(x.minutes for x in every), max(x.minutes for x in every)
    sets = len(documents(folder=EXERCISES))
    return translated(
        "{lessons} lessons of {shortest} to {longest} minutes, about {hours} hours together; "
        "{sets} problem sets go with them. The cells of all lessons run in about {minutes} minutes "
        "on two cores without a GPU, and what takes longer than a few seconds says so beforehand.",
        lessons=len(every),
        shortest=shortest,
        longest=longest,
        hours=round(minutes / 60),
        sets=sets,
        minutes=round(seconds / 60),
    )


def _card(env: BuildEnvironment, one: Lesson) -> list[nodes.Node]:
    title = translated(f"{one.number} · {one.title}").partition(" · ")[2]
    link = lesson_link(env, one, title)
    head = nodes.paragraph("", "", nodes.inline("", one.number, classes=["number"]), link)
    said = moment_of(one)
    moment = nodes.paragraph("", said[0].upper() + said[1:], classes=["moment"])
    minutes = translated("{minutes} min", minutes=one.minutes)
    return [head, moment, nodes.paragraph("", minutes, classes=["minutes"])]


def depend_on_lessons(env: BuildEnvironment) -> None:
    """The page is made again when a lesson or README.md changes."""
    for path in (ROOT / "README.md", *(one.source for one in documents())):
        env.note_dependency(str(path))


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "first-experiment": FirstExperiment,
    "moving-picture": MovingPicture,
    "lesson-cards": LessonCards,
    "course-time": CourseTime,
    "letters": Letters,
    "chinese-terms": ChineseTerms,
    "arguments": Arguments,
    "sources": Sources,
}


def bring_scripts(
    app: Sphinx, page: str, template: str, context: dict, tree: nodes.document | None
) -> None:
    """Pages with the experiment get its script and its look, and no others do."""
    if tree is not None and any(MARK in raw.astext() for raw in tree.findall(nodes.raw)):
        app.add_css_file("dial.css")
        app.add_js_file("dial.js", loading_method="defer")
    if page == app.config.root_doc:
        app.add_css_file("landing.css")
        app.add_js_file("landing.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, object]:
    add_roles(app)
    app.add_css_file("reference.css")
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.connect("html-page-context", bring_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
