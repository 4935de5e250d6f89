"""A learner's server on a hub: lays the workbook, then becomes JupyterLab at lesson 00.

python -I -m course_utils.delivery.workshop.server     in the place of jupyterhub-singleuser
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.lab import arguments, environment, trust
from course_utils.delivery.start_page import page
from course_utils.interpreter import SAFE_FOLDER, python
from course_utils.workbook import Workbook

COMMAND = python("-m", "course_utils.delivery.workshop.server")


def main() -> None:
    """Replace this process by the server; options are handed on."""
    book = Workbook(Path.home() / "carousel-workbook")
    news = list(book.lay())
    for message in news:
        print(message, flush=True)
    trust(book.written)
    book.lay_start(page(book, news))
    os.chdir(SAFE_FOLDER)
    ours = arguments(book.folder, book.first(), None)
    command = [*python("-m", "course_utils.delivery.workshop.single"), *ours, *sys.argv[1:]]
    os.execve(sys.executable, command, environment())


if __name__ == "__main__":
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
