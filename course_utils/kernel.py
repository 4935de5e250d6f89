"""A notebook's kernel that imports the environment's modules before those beside the notebook.

python -I -m course_utils.kernel -f FILE     in the place of ipykernel_launcher

A helper.py beside the notebook is imported as ever; a random.py or numpy.py there neither keeps
the kernel from starting nor takes the place of the real one.
"""

import sys

from ipykernel.kernelapp import IPKernelApp


class Kernel(IPKernelApp):
    """IPython's kernel, in whose path the notebook's folder, the current one, comes last."""

    name = "ipython-kernel"  # whose settings it reads

    def init_path(self) -> None:
        """Not yet: nothing that starts the kernel is looked for beside the notebook."""

    def start(self) -> None:
        """Serve the notebook."""
        sys.path.append("")
        super().start()


if __name__ == "__main__":
    Kernel.launch_instance()
