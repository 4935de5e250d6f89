"""Sphinx's settings for the pages of the course; `course site` calls it."""

import os

from course_utils.authoring.site.folders import SOURCES, STATIC

project = "Carousel"
author = "the authors of Carousel"
project_copyright = "Text and figures CC BY 4.0, code MIT"
html_title = "Carousel"
language = "en"

extensions = ["myst_nb", "course_utils.authoring.site.extension"]
exclude_patterns = ["**/src"]

# Notebooks are shown as they are committed.
nb_execution_mode = "off"
nb_execution_show_tb = True
nb_merge_streams = True
nb_number_source_lines = False
nb_ipywidgets_js = {
    "vendor/requirejs/require.js": {},
    "widgets.js": {},
    "vendor/html-manager/dist/embed-amd.js": {"data-jupyter-widgets-cdn-only": ""},
}
myst_enable_extensions = ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

mathjax_path = "vendor/mathjax/tex-svg.js"
mathjax3_config = {
    "tex": {"inlineMath": [["\\(", "\\)"]], "displayMath": [["\\[", "\\]"]]},
    "svg": {"fontCache": "global"},
    "options": {"enableMenu": False},  # with it every formula is a stop of the Tab key
}

html_theme = "sphinx_book_theme"
html_static_path = [str(SOURCES / "_static"), str(STATIC)]
html_css_files = ["fonts.css", "site.css", "print.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_favicon = str(SOURCES / "_static" / "mark.svg")
html_show_sphinx = False
html_copy_source = True
html_show_sourcelink = True
html_context = {"default_mode": "auto"}
html_last_updated_fmt = None

# Where the course lives is not known here: who publishes it says so, and gets the buttons.
repository = os.environ.get("CAROUSEL_REPOSITORY", "")
launch = {
    "binderhub_url": os.environ.get("CAROUSEL_BINDER", ""),
    "jupyterhub_url": os.environ.get("CAROUSEL_HUB", ""),
    "notebook_interface": "jupyterlab",
}
html_theme_options = {
    "logo": {"text": "Carousel", "image_light": "_static/mark.svg", "image_dark": "_static/mark.svg"},
    "repository_url": repository,
    "use_repository_button": bool(repository),
    "launch_buttons": {key: value for key, value in launch.items() if value} if repository else {},
    "use_fullscreen_button": False,
    "use_download_button": True,
    "home_page_in_toc": False,
    "show_toc_level": 2,
    "search_bar_text": "Search the course",
    "footer_content_items": ["extra-footer.html"],
    "extra_footer": "<p>Carousel. Text and figures: CC BY 4.0. Code: MIT.</p>",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
