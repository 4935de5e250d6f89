"""A notebook's kernel that imports the environment's modules before those beside the notebook.

python -I -m course_utils.kernel -f FILE     in the place of ipykernel_launcher

A helper.py beside the notebook is imported as ever; a random.py or numpy.py there neither keeps
the kernel from starting nor takes the place of the real one. Where Keras is not installed, a cell
that imports it says so in one sentence; below a NameError stands that cells above may not have run.
"""

import sys

from ipykernel.kernelapp import IPKernelApp

from course_utils.distributions import missing

NOT_RUN = "Does a cell above make it? Run that first:\nRun → Run All Above Selected Cell."


class Kernel(IPKernelApp):
    """IPython's kernel, in whose path the notebook's folder, the current one, comes last."""

    name = "ipython-kernel"  # whose settings it reads

    def init_path(self) -> None:
        """Not yet: nothing that starts the kernel is looked for beside the notebook."""

    def init_shell(self) -> None:
        """The shell, which has a sentence of ours for two errors."""
        super().init_shell()
        self.shell.set_custom_exc((ImportError, NameError), traceback_of)

    def start(self) -> None:
        """Serve the notebook."""
        sys.path.append("")
        super().start()


def traceback_of(shell, kind, error, trace, tb_offset=None) -> list[str]:
    """What IPython shows of an error: the usual, or one sentence if it is of missing Keras."""
    origin = error
    while origin.__cause__ is not None:
        origin = origin.__cause__
    if getattr(origin, "name", None) in ("keras", "tensorflow") and isinstance(
        origin, ModuleNotFoundError
    ):
        lines = [missing(origin.name)]
    else:
        lines = shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset)
        if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
            lines = [*lines, NOT_RUN]
    shell._showtraceback(kind, error, lines)
    return lines


if __name__ == "__main__":
    Kernel.launch_instance()
