"""What is installed, by the name under which it is asked for."""

from __future__ import annotations

from importlib import metadata

from packaging.utils import canonicalize_name

INSTEAD = {"tensorflow": ("tensorflow-cpu",)}  # the same module under another name


def distribution(name: str) -> metadata.Distribution:
    """The distribution of this name, or one that brings the same module.

    Raises importlib.metadata.PackageNotFoundError if there is neither.
    """
    asked = canonicalize_name(name)
    for one in (asked, *INSTEAD.get(asked, ())):
        try:
            return metadata.distribution(one)
        except metadata.PackageNotFoundError:
            continue
    raise metadata.PackageNotFoundError(name)
