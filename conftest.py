"""Settings that must stand before NumPy or TensorFlow is imported, here or in a kernel."""

import os
import signal

import pytest
from hypothesis import settings

# One thread each: pytest already runs one process per core, and sums come out the same everywhere.
for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ.setdefault(name, "1")
os.environ["KERAS_BACKEND"] = "tensorflow"

# Who is started in the background may have been told to ignore Ctrl-C, and so would all whom the
# tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no failure, and what holds today holds tomorrow: always the same examples.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")

pytest_plugins = ["tests.order", "tests.once", "tests.pictures"]


@pytest.fixture(scope="session", autouse=True)
def _a_memory_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the tests let the course remember is not for whoever runs them."""
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))
