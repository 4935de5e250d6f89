"""In a worker: packages of the course of which an answer may use some names, and no others."""

import types
from collections.abc import Callable
from importlib import import_module


def lend(lent: list, course: str) -> dict[str, types.ModuleType]:
    """The packages, by name; `lent` has package, name and module (see `limits.Kit`)."""
    packages: dict[str, dict[str, str]] = {}
    for package, name, module in lent:
        packages.setdefault(package, {})[name] = module
    return {
        package: one_package(package, f"{course}/{package.replace('.', '/')}", names)
        for package, names in packages.items()
    }


def one_package(package: str, folder: str, names: dict[str, str]) -> types.ModuleType:
    """A package that passes these names on from its modules, and says no to all others."""

    def give(name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in names:
            return getattr(import_module(names[name]), name)
        try:
            return import_module(f"{package}.{name}")
        except ModuleNotFoundError:
            return withheld(package, name)

    module = types.ModuleType(package)
    module.__path__, module.__getattr__ = [folder], give
    return module


def withheld(package: str, name: str) -> Callable:
    """What an answer finds in place of a function that it is not to use."""

    def refuse(*given: object, **named: object) -> None:
        raise RuntimeError(f"{package} has no {name} when answers are marked: write it yourself")

    return refuse
