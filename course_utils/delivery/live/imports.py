"""What a page's Python imports late, or not at all: parts that are fetched, and Keras."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import types
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from course_utils import CourseError
from course_utils.language import to_translate, translated

KERAS = ("keras", "tensorflow", "course_utils.keras_bridge")
NO_KERAS = to_translate(
    "{name} needs Keras, which does not run in a page. In JupyterLab, `make lab`, it runs."
)
UNPACKED = {"figures", "languages", "weather", "places"}  # whose files are read from a folder
FOLDER = Path("/tmp")


class KerasMissing(CourseError):
    """Something needs Keras, which no page can run."""


class Later:
    """Finds modules of parts that the page has not fetched yet, and has them fetched."""

    def __init__(self, parts: Mapping[str, Sequence[str]], fetch: Callable[[str], str]):
        self.parts, self.fetch = dict(parts), fetch

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        for part in [one for one, names in self.parts.items() if name.split(".")[0] in names]:
            del self.parts[part]
            file = self.fetch(part)
            if part in UNPACKED:
                folder = FOLDER / part
                zipfile.ZipFile(file).extractall(folder)
                file = str(folder)
            sys.path.append(file)
            return importlib.machinery.PathFinder.find_spec(name, None)
        return None


class Still:
    """Imports Keras, so that a cell with other imports can go on, and refuses all use of it."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        if name in KERAS or name.startswith(("keras.", "tensorflow.")):
            return importlib.util.spec_from_loader(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return Absent(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__path__ = []


class Absent(types.ModuleType):
    """A module whose names are all there, and of no use."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Refusing(name)


class Refusing:
    """Stands for something of Keras until it is used."""

    def __init__(self, name: str):
        self._name = name

    def _refuse(self, *_: object, **__: object) -> object:
        raise KerasMissing(translated(NO_KERAS, name=self._name))

    __call__ = __getitem__ = __iter__ = __enter__ = __len__ = _refuse

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._refuse()
