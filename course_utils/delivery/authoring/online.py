"""The notebooks for services that lend a machine without the course, such as Colab and Kaggle.

`make online` (python -m course_utils.delivery.authoring.online) writes build/online, the badges too

Each is as a workbook has it, with one folded cell before it that installs the course where it is
missing. build/online becomes the branch that `[tool.carousel.site] online` names (docs/pages.md).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from course_utils.delivery.authoring.document import LESSONS, ROOT, documents
from course_utils.delivery.authoring.sets import HANDOUTS, problem_sets
from course_utils.delivery.authoring.site.address import Address, address
from course_utils.delivery.authoring.site.folders import BUILD, SiteError
from course_utils.files import write_atomically
from course_utils.laying import cleared

ID = "install-the-course"
INSTALL = """\
# Only where the course is missing, as on Colab or Kaggle: this installs it, in a minute or two.
import importlib.metadata
import importlib.util
import sys

if importlib.util.find_spec("course_utils") is None:
    before = {{name: sys.modules[name] for name in ("numpy", "keras") if name in sys.modules}}
    get_ipython().run_line_magic("pip", 'install -q "carousel-course[keras] @ git+{source}"')
    importlib.invalidate_caches()
    if any(importlib.metadata.version(name) != one.__version__ for name, one in before.items()):
        print("Restart the session now (a menu has it), then run this cell again and go on.")"""
BADGES = re.compile(r"(<!-- badges: .*? -->\n).*?(<!-- /badges -->)", re.S)


def install_cell(where: Address) -> dict:
    """The cell that installs the course when, and only when, course_utils cannot be imported."""
    return {
        "cell_type": "code",
        "id": ID,
        "execution_count": None,
        "metadata": {
            "cellView": "form",  # folded on Colab
            "jupyter": {"source_hidden": True},
            "tags": ["hide-input"],
        },
        "outputs": [],
        "source": INSTALL.format(source=f"{where.repository}@{where.branch}"),
    }


def online(content: bytes, where: Address) -> bytes:
    """A notebook of the course, in bytes, as such a service gets it."""
    notebook = json.loads(cleared(content))
    notebook["cells"].insert(0, install_cell(where))
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def badges(where: Address) -> str:
    """Lines for README.md, one for each lesson and set; "" if no service is named."""
    lines = []
    for name in notebooks():
        links = where.services(name)
        if links:
            shown = " · ".join(f"[{service}]({link})" for service, link in links)
            lines.append(f"- `{name}`: {shown}\n")
    return "".join(["Without installing anything:\n\n", *lines]) if lines else ""


def notebooks() -> list[str]:
    """The lessons and hand-outs, as paths in the project."""
    names = [f"{LESSONS}/{one.name}.ipynb" for one in documents()]
    return names + [f"{HANDOUTS}/{one.name}.ipynb" for one in problem_sets()]


def with_badges(readme: str, where: Address) -> str:
    """The text of README.md with the badges of `where` in the place that it keeps for them."""
    return BADGES.sub(lambda found: found[1] + badges(where) + found[2], readme)


def write(where: Address, target: Path = BUILD / "online") -> Path:
    """Write the notebooks to `target`.

    Raises SiteError if no repository is named, from which the course could be installed.
    """
    if not where.repository:
        raise SiteError(
            "Name the repository first, in [tool.carousel.site] of pyproject.toml: the notebooks "
            "install the course from there."
        )
    for name in notebooks():
        write_atomically(target / name, online((ROOT / name).read_bytes(), where), durable=False)
    return target


def main() -> None:
    """Write the notebooks, and the badges of README.md."""
    where, readme = address(), ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    write_atomically(readme, with_badges(text, where).encode())
    try:
        print(f"Wrote {write(where)}")
    except SiteError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
