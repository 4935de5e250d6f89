"""On which kernel of OpenBLAS do matrix products run? Two of them round in two ways.

OpenBLAS has a kernel for each generation of processors, and OPENBLAS_CORETYPE chooses one before
NumPy is imported. Its sums run in another order, so the last digits differ, and a long training
goes its own way from there. What is claimed of stored runs must hold on each.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import numpy as np

from course_utils import CourseError

VARIABLE = "OPENBLAS_CORETYPE"
KERNELS = {"Haswell": ("AVX2", "FMA3"), "Sandybridge": ("AVX",)}  # of 2013, of 2011: what they need


def running() -> str | None:
    """The kernel that this process computes with; None if NumPy's library does not say."""
    folder = Path(np.__file__).parent
    for library in [*folder.parent.glob("numpy.libs/*openblas*"), *folder.glob(".dylibs/*blas*")]:
        handle = ctypes.CDLL(str(library))
        for name in ("scipy_openblas_get_corename64_", "openblas_get_corename"):
            if hasattr(handle, name):
                tell = getattr(handle, name)
                tell.restype = ctypes.c_char_p
                return tell().decode()
    return None


def check(kernel: str) -> None:
    """Say so if this machine cannot compute with `kernel`.

    Raises:
        CourseError: if its processor lacks the instructions, or NumPy has no OpenBLAS to ask.
    """
    from numpy._core._multiarray_umath import __cpu_features__ as features

    lacking = [name for name in KERNELS[kernel] if not features.get(name)]
    if lacking:
        raise CourseError(
            f"The kernel {kernel} needs a processor with {' and '.join(lacking)}; this one has not."
        )
    if running() is None:
        raise CourseError(f"NumPy does not compute with OpenBLAS here: {kernel} cannot be chosen.")


def environment(kernel: str) -> dict[str, str]:
    """The environment of a process that computes with `kernel`."""
    return os.environ | {VARIABLE: kernel}
