"""Many calls of one function at the same time: on this machine, or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from joblib import Parallel, delayed, parallel_config

from course_utils import CourseError
from course_utils.interpreter import isolate_pools

CLUSTER_TIMEOUT = 10  # seconds to wait for a scheduler and its workers


def as_finished(
    function: Callable,
    calls: Iterable[tuple],
    *,
    jobs: int = -1,
    cluster: str | None = None,
    threads: bool = False,
) -> Iterator[Any]:
    """What `function(*arguments)` gives for each of `calls`, each as soon as it is there.

    Args:
        function: what is called; for processes and clusters, it and its arguments are pickled.
        calls: its arguments, one tuple for each call.
        jobs: calls at the same time, -1 for one on each core.
        cluster: address of a Dask scheduler, such as tcp://host:8786, whose workers are used
            instead. They need this course installed.
        threads: call from threads of this process, for calls that wait; otherwise from
            processes whose libraries use one thread each.

    Raises:
        CourseError: if the cluster cannot be reached.
    """
    with _workers(jobs, cluster, threads):
        parallel = Parallel(return_as="generator_unordered", batch_size=1)
        yield from parallel(delayed(function)(*arguments) for arguments in calls)


@contextmanager
def _workers(jobs: int, cluster: str | None, threads: bool) -> Iterator[None]:
    if cluster is None:
        kind = {"backend": "loky", "inner_max_num_threads": 1}
        if threads:
            kind = {"backend": "threading"}
        elif jobs == 1:
            kind = {}
        isolate_pools()
        with parallel_config(n_jobs=jobs, **kind):
            yield
        return
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise CourseError(
            "A cluster needs Dask: run `make setup` or "
            '`pip install -e ".[cluster]"` in the folder of the course.'
        ) from None
    try:
        client = Client(cluster, timeout=CLUSTER_TIMEOUT)
    except (OSError, ValueError):
        raise CourseError(f"No Dask scheduler answers at {cluster}.") from None
    with client, parallel_config(backend="dask", wait_for_workers_timeout=CLUSTER_TIMEOUT):
        yield
