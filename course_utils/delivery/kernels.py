"""Which kernel a notebook gets: that of this environment, started by `course_utils.kernel`."""

from __future__ import annotations

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager

from course_utils.interpreter import python

COMMAND = python("-m", "course_utils.kernel", "-f", "{connection_file}")


class OwnKernels(KernelSpecManager):
    """The kernels that the machine knows, but `python3` is always that of this environment."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """How a kernel is started; raises NoSuchKernel."""
        if kernel_name.lower() != NATIVE_KERNEL_NAME:
            return super().get_kernel_spec(kernel_name)
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict() | {"argv": COMMAND})
