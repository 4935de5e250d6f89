"""`course link`: one address that brings a repository into a learner's workbook and opens it."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote, urlencode, urlsplit

from course_utils import CourseError

FIRST = "notebooks/00_start_here.ipynb"


def link(hub: str, repository: str, path: str = FIRST, branch: str = "main") -> str:
    """The address, of nbgitpuller's kind, to give to learners of a hub.

    Who follows it logs in, gets what is new in the repository, keeps what they changed, and sees
    `path` of it in JupyterLab.

    Raises:
        CourseError: if the hub or the repository has no address.
    """
    for what, address in (("hub", hub), ("repository", repository)):
        parts = urlsplit(address)
        if not parts.scheme or not (parts.netloc or parts.path):
            raise CourseError(f"{address!r} is no address of a {what}: it begins with https://.")
    folder = PurePosixPath(urlsplit(repository).path).name.removesuffix(".git")
    opened = f"lab/tree/{quote(f'{folder}/{path}')}"
    asked = urlencode({"repo": repository, "branch": branch, "urlpath": opened})
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{asked}"
