"""The proxy in front of a hub: configurable-http-proxy, fetched once from npm and kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from course_utils.delivery import npm
from course_utils.interpreter import python
from course_utils.place import COURSE

SOURCES = COURSE / "deploy" / "proxy"
FETCHED = COURSE / "build" / "proxy"
NODE = 20  # the oldest version that the proxy runs on
SCRIPT = Path("node_modules", "configurable-http-proxy", "bin", "configurable-http-proxy")


def command() -> list[str]:
    """The command that starts the proxy; raises npm.NpmError if it is not there."""
    if not is_fetched():
        raise npm.NpmError("The proxy is not there yet: `course hub` fetches it, once.")
    node = npm.node() or "node"
    return [*python("-m", "course_utils.delivery.workshop.leash"), node, str(FETCHED / SCRIPT)]


def fetch(report: Callable[[str], None] = print) -> None:
    """Fetch the proxy if it is not there in the version that the lock says.

    Raises:
        NpmError: if npm is missing or cannot fetch.
    """
    if is_fetched():
        return
    npm.require("The proxy of the hub comes", NODE)
    report("Fetching the proxy, once (9 MB)")
    npm.install(SOURCES, FETCHED, "the proxy of the hub")


def is_fetched() -> bool:
    """Whether the proxy is there, of the locked version."""
    lock, copy = (folder / "package-lock.json" for folder in (SOURCES, FETCHED))
    present = (FETCHED / SCRIPT).is_file() and copy.is_file() and npm.node()
    return bool(present) and lock.read_bytes() == copy.read_bytes()
