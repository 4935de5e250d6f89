"""What pyproject.toml cannot say: a wheel carries the notebooks, inside the package."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CARRIED = (
    "notebooks/[0-9]*.ipynb",
    "notebooks/blank/[0-9]*",
    "exercises/[0-9]*.ipynb",
    "solutions/[0-9]*.ipynb",
    "docs/*.md",
    "locale/*/LC_MESSAGES/*.po",
    "locale/*/notes/*.md",
)


class BuildWithCourse(build_py):
    """Copies what a learner and a marker need beside the code; an editable install needs none."""

    def run(self):
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib, "course_utils", "_course")
        shutil.rmtree(target, ignore_errors=True)
        for path in (path for pattern in CARRIED for path in sorted(Path().glob(pattern))):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / path)


setup(cmdclass={"build_py": BuildWithCourse})
