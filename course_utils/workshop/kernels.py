"""How many notebooks a learner may have running."""

from __future__ import annotations

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Integer


class FewKernels(AsyncMappingKernelManager):
    """Jupyter's manager of kernels, which refuses to start more than `most` at a time."""

    most = Integer(3, config=True, help="How many kernels a learner may have at a time.")

    async def start_kernel(self, **options: object) -> str:
        """Start a kernel, unless there are `most` already."""
        if options.get("kernel_id") not in self and len(self) >= self.most:
            raise HTTPError(
                429,
                f"You have {len(self)} notebooks running, and {self.most} are the most here: "
                "shut one down (menu Kernel, Shut Down Kernel) and try again.",
            )
        return await super().start_kernel(**options)
