"""What is installed, by the name under which it is asked for."""

from __future__ import annotations

import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from packaging.utils import canonicalize_name

WITH_KERAS = 'pip install "keras>=3.12,<3.16" "tensorflow>=2.20,<2.22"'  # as pyproject.toml has it
FOR_ONE_CALL = {"archive-v0", "environments-v2"}  # folders of environments that uvx makes
INSTEAD = {"tensorflow": ("tensorflow-cpu",)}  # the same module under another name


def with_keras() -> str:
    """The command that brings Keras into this environment."""
    if find_spec("pip"):
        return WITH_KERAS
    if FOR_ONE_CALL & set(Path(sys.prefix).parts):
        return 'uvx --from "WHEEL_OF_THE_COURSE[keras]" course lab'
    return f"uv {WITH_KERAS}"


def missing(module: str) -> str:
    """What to tell who imports keras or tensorflow and has neither."""
    return (
        f"This cell needs Keras with TensorFlow, and {module} is not installed: run "
        f"`{with_keras()}` and restart the kernel, or go on with the cells and lessons that need "
        "NumPy alone."
    )


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
