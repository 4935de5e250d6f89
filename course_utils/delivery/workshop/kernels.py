"""How many notebooks a learner may have running, and that there is room on the disk for them."""

from __future__ import annotations

from pathlib import Path

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Integer

from course_utils.delivery.workshop import room


class FewKernels(AsyncMappingKernelManager):
    """Jupyter's manager of kernels, which refuses to start more than `most` at a time.

    Nor does it start any for a learner whose files take more than `disk` bytes.
    """

    most = Integer(3, config=True, help="How many kernels a learner may have at a time.")

    disk = Integer(0, config=True, help="Bytes that a learner's files may take; 0 for any.")

    async def start_kernel(self, **options: object) -> str:
        """Start a kernel, unless there are `most` already, or too many files."""
        taken = room.size_of(Path.home()) if self.disk else 0
        if taken > self.disk:
            raise HTTPError(507, room.too_much(taken, self.disk))
        if options.get("kernel_id") not in self and len(self) >= self.most:
            raise HTTPError(
                429,
                f"You have {len(self)} notebooks running, and {self.most} are the most here: "
                "shut one down (menu Kernel, Shut Down Kernel) and try again.",
            )
        return await super().start_kernel(**options)
