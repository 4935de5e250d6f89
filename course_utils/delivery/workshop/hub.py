"""`course hub`: starts the hub of a workshop, says when it is ready, and how to come in."""

from __future__ import annotations

import contextlib
import importlib.util
import ipaddress
import os
import random
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
from psutil import net_if_addrs

from course_utils import CourseError
from course_utils.delivery.lab import is_free, require_free
from course_utils.delivery.workshop import folder as folders
from course_utils.delivery.workshop import lti, proxy
from course_utils.delivery.workshop.folder import HubFolder
from course_utils.interpreter import clean, python

CONFIG = proxy.COURSE / "deploy" / "jupyterhub_config.py"
PORTS = (12000, 30000)  # where a rehearsal may be
LOCAL = "127.0.0.1"
PATIENCE = 180  # seconds until the hub answers; on a machine at rest it takes about three
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class HubError(CourseError):
    """Why the hub does not run and what to do about it, in one sentence."""


def serve(
    folder: Path | None, port: int, options: list[str], warm: bool = True, local: bool = False
) -> None:
    """Run the hub until Ctrl-C; its learners' servers end with it.

    Args:
        folder: of the hub; None for the one in the environment or at home.
        port: that learners come to.
        options: for JupyterHub.
        warm: whether to start a first notebook before anybody comes.
        local: whether only this machine can reach it, as a web server before it does.

    Raises:
        HubError: if it cannot start. LabError if a port is taken, NpmError without the proxy.
    """
    here = HubFolder(folder.expanduser().absolute()) if folder else HubFolder.chosen()
    prepare(here)
    warm = warm and lti.settings(here) is None  # nobody comes there with a password
    with running(here, port, options, local) as hub:
        if warm:
            from course_utils.delivery.workshop.warm import warm_up

            print("Warming up with a first notebook (about 15 s; up to a minute after a restart)")
            warm_up(here, port)
        print(welcome(here, port, local), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            hub.wait()
    print("The hub has stopped. What learners wrote is in", here.learners)


def prepare(here: HubFolder) -> None:
    """Have everything that a hub needs; raises HubError or NpmError."""
    if os.name != "posix":
        raise HubError("A hub needs Linux or macOS; on Windows, run it in WSL 2.")
    if importlib.util.find_spec("jupyterhub") is None:
        raise HubError(
            "JupyterHub is not installed in this environment: run `make hub`, or, in the folder "
            'of the course, `pip install -e ".[hub]"`.'
        )
    here.open()
    if lti.settings(here) and importlib.util.find_spec("ltiauthenticator") is None:
        raise HubError(
            f"{here.path / lti.FILE} needs the package jupyterhub-ltiauthenticator: run `make "
            'setup`, or, in the folder of the course, `pip install -e ".[lti]"`.'
        )
    proxy.fetch()


@contextlib.contextmanager
def running(
    here: HubFolder, port: int, options: list[str], local: bool = False
) -> Iterator[subprocess.Popen]:
    """A hub that answers; it is stopped, with everything it started, on the way out.

    What is yielded is its keeper, whose child it is: see `keeper`.
    """
    for one in (port, port + 1, port + 2):
        require_free(one)
    command = python("-m", "course_utils.delivery.workshop.keeper", "-f", str(CONFIG), *options)
    environment = clean(dict(os.environ))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # imports would compile again and again
    environment |= {folders.VARIABLE: str(here.path), folders.PORT_VARIABLE: str(port)}
    environment |= {folders.ADDRESS_VARIABLE: LOCAL if local else ""}
    with open(here.log, "ab") as log:
        hub = subprocess.Popen(
            command,
            cwd=here.path,
            env=environment,
            stdin=subprocess.PIPE,  # closed when we end, however that is
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us, who stop the hub in peace
            umask=0o077,  # what the hub and its learners write is for no other user to read
        )
    with stopping_on_signals():
        try:
            wait_until_ready(hub, port, here.log)
            yield hub
        finally:
            stop(hub)


def wait_until_ready(hub: subprocess.Popen, port: int, log: Path) -> None:
    """Return when the hub answers; raise HubError if it ends or stays silent."""
    deadline = time.monotonic() + PATIENCE
    while hub.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            NO_PROXY.open(f"http://{LOCAL}:{port}/hub/health", timeout=5).close()
            return
        time.sleep(0.2)
    what = "ended" if hub.poll() is not None else f"did not answer within {PATIENCE} s"
    raise HubError(f"The hub {what}: {last_words(log)} (all of it: {log}).")


def last_words(log: Path) -> str:
    """The last line of a log that says anything."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    spoken = [line.strip() for line in lines if line.strip()]
    return spoken[-1].rstrip(".") if spoken else "it said nothing"


def stop(hub: subprocess.Popen) -> None:
    """Let the keeper end the hub, and with it every server and the proxy."""
    hub.stdin.close()
    hub.wait()


def kept_by(keeper: int) -> int:
    """The process id of the hub itself: the first that its keeper started."""
    return min(psutil.Process(keeper).children(), key=psutil.Process.create_time).pid


@contextlib.contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end this process like Ctrl-C: with everything stopped."""

    def end(signum: int, frame: object) -> None:
        raise SystemExit(128 + signum)

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def free_port() -> int:
    """A port of this machine that is free, with the two after it and room for learners' servers.

    It is none of those that the machine gives to outgoing connections, which come and go.
    """
    for port in random.sample(range(*PORTS), 100):
        if all(is_free(one) for one in (port, port + 1, port + 2)):
            return port
    raise HubError("No three free ports in a row were found: stop other servers and try again.")


def own_address() -> str:
    """The address of this machine in its network, as well as one can tell without asking it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # nothing is sent: it only chooses the way out
        return probe.getsockname()[0]
    return socket.gethostname()


def dangers(local: bool) -> list[str]:
    """What is wrong with this place for a hub, in sentences that cannot be overlooked."""
    said = []
    if os.geteuid() == 0:
        said.append(
            "You are root, and so is every learner here: stop, and run the hub as a user of its "
            "own who has no files but these."
        )
    everywhere = (one.address for many in net_if_addrs().values() for one in many)
    public = [] if local else sorted(filter(is_public, everywhere))
    if public:
        said.append(
            f"This machine's address {public[0]} is public: unless a firewall stands before it, "
            "whoever on the internet learns the password of the class gets a terminal here. Close "
            "the hub's port to all but the room, or put a web server before it and use --local."
        )
    return said


def is_public(address: str) -> bool:
    """Whether this is an address of the internet at large."""
    try:
        return ipaddress.ip_address(address.split("%")[0]).is_global
    except ValueError:  # of hardware
        return False


def ways_in(here: HubFolder, where: str) -> str:
    """How people come in: from a platform, or with a password."""
    if known := lti.settings(here):
        wanted = lti.urls("https://YOUR.NAME")
        lines = [f"  everybody  from {known.issuer}", f"  hub        {where}"]
        return "\n".join([*lines, *(f"  {what}: {url}" for what, url in wanted.items())])
    passwords = here.passwords()
    return f"""\
  learners   {where}   any name, password {passwords["class"]}
  teacher    name {folders.TEACHER}, password {passwords[folders.TEACHER]}"""


def welcome(here: HubFolder, port: int, local: bool = False) -> str:
    """What the teacher needs to know."""
    where = f"http://{LOCAL if local else own_address()}:{port}"
    warned = "".join(f"\nWARNING: {one}\n" for one in dangers(local))
    return f"""{warned}
The hub is ready.

{ways_in(here, where)}
  handed in  {here.submitted}     mark it with: course grade {here.submitted} --class CLASS
  log        {here.log}

There are no walls between learners, nor between them and you: each has a terminal as the user
that you are here. Passwords travel unencrypted. For a class and a network that you trust.
Ctrl-C stops the hub and every learner's server; what they wrote stays.
"""
