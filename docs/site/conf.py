"""Sphinx's settings for the pages of the course; `course site` calls it."""

import importlib.util
from pathlib import Path

from course_utils import plots
from course_utils.delivery.authoring.site.address import address
from course_utils.delivery.authoring.site.extension import code_hash
from course_utils.delivery.authoring.site.folders import SOURCES
from course_utils.delivery.authoring.site.live import LIVE
from course_utils.delivery.authoring.site.vendor import STATIC
from course_utils.dial.notebook import WEB
from course_utils.language import translated

LOOK = Path(plots.__file__).with_name("look")  # of figures, here and in JupyterLab

project = "Carousel"
author = "the authors of Carousel"
project_copyright = "Text and figures CC BY 4.0, code MIT"
html_title = "Carousel"
language = "en"

extensions = [
    "myst_nb",
    "sphinx_copybutton",
    "sphinx_design",
    "course_utils.delivery.authoring.site.extension",
]
if importlib.util.find_spec("course_utils.delivery.authoring.site.content"):
    extensions.append("course_utils.delivery.authoring.site.content")
exclude_patterns = [
    "vendor/chinese/files",
    "vendor/chinese/unicode.json",
]  # of which the font is made
templates_path = ["_templates"]

# Notebooks are shown as they are committed.
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {}  # the pages have no widgets: what moves brings its own script
nb_code_prompt_show = translated("Show the code")
nb_code_prompt_hide = translated("Hide the code")
myst_enable_extensions = [
    "amsmath",
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
]
myst_heading_anchors = 4
myst_heading_slug_func = "course_utils.delivery.authoring.site.languages.slug"

mathjax_path = "vendor/mathjax/es5/tex-svg.js"
mathjax3_config = {
    "tex": {"inlineMath": [["\\(", "\\)"]], "displayMath": [["\\[", "\\]"]]},
    "svg": {"fontCache": "global"},
    "options": {"enableMenu": False},  # with it every formula is a stop of the Tab key
}

html_theme = "sphinx_book_theme"
html_static_path = [str(SOURCES / "_static"), str(WEB), str(LOOK), str(STATIC)]
html_extra_path = [str(LIVE / "offline.js")] if LIVE.is_dir() else []  # at the top of the site
html_css_files = ["fonts.css", "site.css", "lesson.css", "custom.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("verdicts.js", "site.js")]
html_search_scorer = str(SOURCES / "scorer.js")
html_favicon = str(SOURCES / "_static" / "mark.svg")
html_sidebars = {
    "**": ["home.html", "languages.html", "search-button-field.html", "sbt-sidebar-nav.html"]
}
html_show_sphinx = False
html_copy_source = True
html_show_sourcelink = True
html_use_index = False
html_context = {"default_mode": "auto"}
html_last_updated_fmt = None
# Code is copied, what it prints is not, nor what stands behind a command to explain it.
CODE = ("ipython3", "python", "bash", "commands", "toml", "json")
copybutton_selector = ", ".join(f"div.highlight-{name} pre" for name in CODE)
copybutton_exclude = ".linenos, .gp, .go"

# Where the course lives is told in one place; without it the pages have no links there.
place = address()
repository, branch = place.repository, place.branch
launch = {"binderhub_url": place.binder, "jupyterhub_url": place.hub}
launch = {key: value for key, value in launch.items() if value}
carousel_repository, carousel_branch, carousel_code = repository, branch, code_hash()
carousel_address = list(place)
carousel_live = "yes" * LIVE.is_dir()

html_theme_options = {
    "logo": {
        "text": "Carousel",
        "image_light": "_static/mark.svg",
        "image_dark": "_static/mark.svg",
    },
    "repository_url": repository,
    "repository_branch": branch,
    "repository_provider": "gitlab" if "gitlab" in repository else "github",  # how its links look
    "use_repository_button": bool(repository),
    "launch_buttons": {**launch, "notebook_interface": "jupyterlab"}
    if repository and launch
    else {},
    "use_fullscreen_button": False,
    "use_download_button": True,
    "home_page_in_toc": False,
    "navbar_persistent": [],
    "primary_sidebar_end": [],
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "search_bar_text": translated("Search the course"),
    "footer_content_items": ["page-links.html", "extra-footer.html"],
    "extra_footer": f"<p>{translated('Carousel. Text and figures: CC BY 4.0. Code: MIT.')}</p>",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
