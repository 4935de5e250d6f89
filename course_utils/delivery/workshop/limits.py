"""How many learners a machine can hold."""

from __future__ import annotations

from course_utils.delivery.doctor import available_memory

MEGABYTE = 1_000_000
LEARNER = 900 * MEGABYTE  # a server and a notebook that has imported Keras; `make hub-rehearsal`
RESERVE = 1000 * MEGABYTE  # the hub, its proxy, the system


def most_servers() -> int:
    """How many learners' servers the free memory of this machine holds; at least one."""
    return max(1, int((available_memory() - RESERVE) // LEARNER))
