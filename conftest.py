"""Settings that must stand before NumPy or TensorFlow is imported, here or in a kernel."""

import os

from hypothesis import settings

# One thread each: pytest already runs one process per core, and sums come out the same everywhere.
for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ.setdefault(name, "1")
os.environ["KERAS_BACKEND"] = "tensorflow"

# A busy machine is no failure, and what holds today holds tomorrow: always the same examples.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")

pytest_plugins = ["tests.order", "tests.once", "tests.pictures"]
