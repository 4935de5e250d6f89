"""A real hub, as shipped: who comes in, what a learner gets, and that none starves the others."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from traitlets.config import Config

from course_utils.delivery.workshop.folder import ADDRESS_VARIABLE, TEACHER, VARIABLE, HubFolder
from course_utils.delivery.workshop.groups import Groups
from course_utils.delivery.workshop.hub import (
    CONFIG,
    NO_PROXY,
    dangers,
    free_port,
    kept_by,
    prepare,
    running,
)
from course_utils.delivery.workshop.link import link
from course_utils.delivery.workshop.spawner import STRIDE
from course_utils.delivery.workshop.steps import arrive
from course_utils.delivery.workshop.visitor import Kernel, VisitError, Visitor
from tests.processes import kill, still_running
from tests.safety.traps import plant

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="a hub needs Linux or macOS"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm, which has the proxy, is missing"),
]
LESSON = "notebooks/01_a_recurrent_network_from_scratch.ipynb"
GIGABYTE = 10**9


@dataclass
class Hub:
    """A running hub of the tests."""

    here: HubFolder
    port: int
    pid: int

    def visitor(self, name: str, password: str | None = None) -> Visitor:
        """A learner of this hub, with the password of the class."""
        known = self.here.passwords()["class"] if password is None else password
        return Visitor(f"http://127.0.0.1:{self.port}", name, known)

    def visit(self, name: str, act: Callable[[Visitor], Awaitable[object]]) -> object:
        """What `act` gives for a learner who has arrived."""

        async def come() -> object:
            async with self.visitor(name) as visitor:
                await arrive(visitor)
                return await act(visitor)

        return asyncio.run(come())

    def processes(self, name: str) -> list[psutil.Process]:
        """The server and the kernels of a learner."""
        for server in psutil.Process(self.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if variables(server).get("JUPYTERHUB_USER") == name:
                    return [server, *server.children(recursive=True)]
        return []


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    here = HubFolder(tmp_path_factory.mktemp("hub"))
    here.path.chmod(0o755)
    plant_privately(here.path)
    prepare(here)
    port = free_port()
    with running(here, port, []) as process:
        yield Hub(here, port, kept_by(process.pid))
        family = psutil.Process(process.pid).children(recursive=True)
        sockets = {variables(one).get("JUPYTER_RUNTIME_DIR", "") for one in family} - {""}
        visited = list(here.learners.iterdir())
    assert family and not still_running(family), "something goes on after the hub"
    assert bool(sockets) == bool(visited)
    assert not [one for one in sockets if Path(one).parent.exists()]


def plant_privately(folder: Path) -> None:
    """Traps, for nobody else to read; what of them runs is written beside the hub's folder."""
    plant(folder, told_of(folder))
    for one in folder.iterdir():
        one.chmod(0o700 if one.is_dir() else 0o600)


def told_of(folder: Path) -> Path:
    return folder.with_name("told")


def variables(process: psutil.Process) -> dict[str, str]:
    """Its environment; empty if it has just ended."""
    with contextlib.suppress(psutil.Error):
        return process.environ()
    return {}


async def text(kernel: Kernel, code: str) -> str:
    """What a cell prints."""
    return "".join(output.get("text", "") for output in await kernel.run(code)).strip()


def test_passwords_are_made_once_and_kept_private(hub: Hub) -> None:
    file = hub.here.path / "passwords.json"
    assert file.stat().st_mode & 0o077 == 0
    made = hub.here.passwords()
    assert made == HubFolder(hub.here.path).passwords() and made["class"] != made[TEACHER]
    new = HubFolder(hub.here.path / "other").open()
    other = new.passwords()
    assert new.path.stat().st_mode & 0o077 == 0
    assert not set(other.values()) & set(made.values())


def test_no_other_user_can_read_anything(hub: Hub) -> None:
    """Even in a folder that everyone may open, as one that was there before may be."""
    hub.visit("reader", lambda reader: reader.read(LESSON))
    below = [one for one in hub.here.path.iterdir() if one.name != "passwords.json"]
    assert {"hub.sqlite", "hub.log", "learners", "submitted"} <= {one.name for one in below}
    assert not [one.name for one in below if one.stat().st_mode & 0o077]
    manifest = hub.here.learners / "reader" / "carousel-workbook" / ".carousel.json"
    assert manifest.stat().st_mode & 0o077 == 0


def test_no_password_in_commands_variables_and_logs(hub: Hub) -> None:
    passwords = set(hub.here.passwords().values())
    main = psutil.Process(hub.pid)
    for process in [main, *main.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            words = [*process.cmdline(), *process.environ().values()]
        assert not [word for word in words for one in passwords if one in word]
    assert not [one for one in passwords if one in hub.here.log.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    ("addresses", "root", "local", "said"),
    [
        (
            ["127.0.0.1", "192.168.1.5", "10.0.0.1", "fe80::1%eth0", "::1", "aa:bb"],
            False,
            False,
            "",
        ),
        (["127.0.0.1", "8.8.8.8"], False, False, "address 8.8.8.8 is public"),
        (["2600::1"], False, False, "address 2600::1 is public"),
        (["8.8.8.8"], False, True, ""),
        (["10.0.0.1"], True, False, "You are root"),
    ],
)
def test_a_place_that_is_no_good_is_said(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str], root: bool, local: bool, said: str
) -> None:
    found = {"eth0": [SimpleNamespace(address=one) for one in addresses]}
    monkeypatch.setattr("course_utils.delivery.workshop.hub.net_if_addrs", lambda: found)
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    warned = " ".join(dangers(local))
    assert said in warned and bool(said) == bool(warned)


@pytest.mark.parametrize("address", ["", "127.0.0.1"])
def test_the_door_is_where_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    config = Config()
    for name, value in ((VARIABLE, str(tmp_path)), (ADDRESS_VARIABLE, address)):
        monkeypatch.setenv(name, value)
    prepare(HubFolder(tmp_path))
    exec(CONFIG.read_text(encoding="utf-8"), {"get_config": lambda: config})
    assert config.JupyterHub.bind_url == f"http://{address}:8000"
    assert config.JupyterHub.hub_ip == "127.0.0.1"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_hub_that_is_told_to_end_leaves_nothing(tmp_path: Path, how: signal.Signals) -> None:
    """As when its terminal is closed, or the machine goes down."""
    code = "from course_utils.delivery.cli import main; main()"
    words = [
        "hub",
        "--no-warm-up",
        "--local",
        "--folder",
        str(tmp_path),
        "--port",
        str(free_port()),
    ]
    hub = subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, start_new_session=True
    )
    family = []
    try:
        assert any(b"Ctrl-C stops the hub" in line for line in hub.stdout)
        family = psutil.Process(hub.pid).children(recursive=True)
        hub.send_signal(how)
        hub.communicate(timeout=300)
        assert len(family) >= 2 and not still_running(family)
    finally:
        hub.kill()
        kill(family)


@pytest.mark.parametrize("name", ["ada", TEACHER, "../ada", "a/b", ".ada", "a" * 41])
def test_who_does_not_come_in(hub: Hub, name: str) -> None:
    async def come(password: str | None) -> None:
        async with hub.visitor(name, password) as visitor:
            await visitor.log_in()

    right = hub.here.passwords()
    wrong = "wrong-password" if name == "ada" else right["class"]
    with pytest.raises(VisitError, match="could not log in"):
        asyncio.run(come(wrong))
    assert not (hub.here.learners / name).exists()


def test_a_learner_gets_a_workbook_open_at_the_first_lesson(hub: Hub) -> None:
    async def look(ada: Visitor) -> tuple[str, dict]:
        page = await ada.http.get("/user/ada/")
        return page.url.path, await ada.read(LESSON)

    path, notebook = hub.visit("ada", look)
    assert path == "/user/ada/lab/tree/notebooks/00_start_here.ipynb"
    assert len(notebook["cells"]) > 20
    assert (hub.here.learners / "ada" / "carousel-workbook" / LESSON).is_file()


def test_kernels_are_of_this_environment_with_one_thread(hub: Hub) -> None:
    code = "import os, sys; print(sys.prefix, os.environ['OMP_NUM_THREADS'], os.environ['HOME'])"

    async def ask(ada: Visitor) -> tuple[str, list[int]]:
        kernel = await ada.start_kernel(LESSON)
        said = await text(kernel, code)
        ports = [port for one in hub.processes("ada")[1:] for port in listening(one)]
        await kernel.close()
        return said, ports

    said, ports = hub.visit("ada", ask)
    assert said == f"{sys.prefix} 1 {hub.here.learners / 'ada'}"
    assert len(ports) <= 1, "but for one of its own choice, a kernel listens on no port"


def listening(process: psutil.Process) -> list[int]:
    """The ports on which a process listens."""
    connections = process.net_connections("tcp")
    return [one.laddr.port for one in connections if one.status == psutil.CONN_LISTEN]


def test_handing_in_and_again(hub: Hub) -> None:
    async def submit(ada: Visitor) -> list[str]:
        kernel = await ada.start_kernel(LESSON)
        said = [await text(kernel, f"!course submit {n}") for n in ("01", "01", "77")]
        await kernel.close()
        return said

    first, again, unknown = hub.visit("ada", submit)
    assert "Handed in: exercises/01" in first and "Handed in again" in again
    assert "There is no lesson" in unknown and "Traceback" not in unknown
    name = "01_a_recurrent_network_from_scratch.ipynb"
    assert [p.name for p in (hub.here.submitted / "ada").iterdir()] == [name]


def test_who_eats_memory_gets_an_error_and_nobody_else_does(hub: Hub) -> None:
    async def eat(glutton: Visitor) -> str:
        kernel = await glutton.start_kernel(LESSON)
        with pytest.raises(VisitError, match="MemoryError"):
            await kernel.run(f"x = bytearray({5 * GIGABYTE})")
        with pytest.raises(VisitError, match="MemoryError"):
            await kernel.run("y = [bytearray(10**8) for _ in range(60)]")
        return await text(kernel, "y = None; print('still here')")

    assert hub.visit("glutton", eat) == "still here"
    for process in hub.processes("glutton"):
        assert process.rlimit(psutil.RLIMIT_DATA) == (3 * 2**30, 3 * 2**30)
        adjusted = Path(f"/proc/{process.pid}/oom_score_adj")
        assert adjusted.read_text(encoding="utf-8").strip() == "500"


def test_who_spins_all_cores_does_not_stop_the_others(hub: Hub) -> None:
    spin = "import subprocess, sys\nspin = [sys.executable, '-c', 'while True: pass']\n"
    spin += f"hogs = [subprocess.Popen(spin) for _ in range({2 * psutil.cpu_count()})]"
    work = "import numpy as np\nfor _ in range(300): np.ones((300, 300)) @ np.ones((300, 300))"

    async def together(hog: Visitor) -> None:
        kernel = await hog.start_kernel(LESSON)
        await kernel.run(spin)
        async with hub.visitor("neighbour") as neighbour:
            await arrive(neighbour)
            own = await neighbour.start_kernel(LESSON)
            await own.run(work)
            await asyncio.to_thread(front_page, hub.port)
            await own.close()
        await kernel.run("for one in hogs: one.kill()")
        await kernel.close()

    hub.visit("hog", together)  # none of this runs out of time
    base = psutil.Process(hub.pid).nice()
    assert all(one.nice() == min(19, base + 5) for one in hub.processes("hog"))


def front_page(port: int) -> None:
    NO_PROXY.open(f"http://127.0.0.1:{port}/hub/login", timeout=300).close()


def test_nothing_beside_a_notebook_is_imported_in_place_of_the_environment(hub: Hub) -> None:
    """The hub's folder, a learner's home and workbook are full of traps."""
    home = hub.here.learners / "trapped"
    for place in ("", "carousel-workbook", "carousel-workbook/exercises"):
        plant(home / place, told_of(hub.here.path))

    async def work(learner: Visitor) -> str:
        kernel = await learner.start_kernel("exercises/x.ipynb")
        said = await text(kernel, "import random, numpy, json\n!course submit 01")
        await kernel.close()
        return said

    assert "Handed in" in hub.visit("trapped", work)
    assert not told_of(hub.here.path).exists(), told_of(hub.here.path).read_text()


def test_all_of_a_learner_is_in_one_group_and_no_file_is_too_large(hub: Hub) -> None:
    async def look(ada: Visitor) -> list[str]:
        kernel = await ada.start_kernel(LESSON)
        with pytest.raises(VisitError, match="File too large"):
            await kernel.run(f"open('large', 'wb').truncate({3 * GIGABYTE})")
        groups = [
            Path(f"/proc/{one.pid}/cgroup").read_text(encoding="utf-8")
            for one in hub.processes("ada")
        ]
        await kernel.close()
        return groups

    groups = hub.visit("ada", look)
    assert len(groups) >= 2
    version_1 = ":memory:" in Path("/proc/self/cgroup").read_text(encoding="utf-8")
    if version_1 and Groups.found() is not None:
        assert all("/learner-" in one for one in groups) and len(set(groups)) == 1


def test_three_notebooks_at_a_time(hub: Hub) -> None:
    async def many(ada: Visitor) -> str:
        kernels = [await ada.start_kernel(f"notebooks/{n}.ipynb") for n in "abc"]
        with pytest.raises(VisitError, match="3 are the most here") as refused:
            await ada.start_kernel("notebooks/d.ipynb")
        await kernels[0].close()
        kernels[0] = await ada.start_kernel("notebooks/d.ipynb")
        for kernel in kernels:
            await kernel.close()
        return str(refused.value)

    assert "shut one down" in hub.visit("ada", many)


def test_an_update_by_a_link_of_nbgitpuller(hub: Hub, tmp_path: Path) -> None:
    source = tmp_path / "extra"
    source.mkdir()
    (source / "hello.txt").write_text("from the teacher")
    git = ["git", "-C", str(source), "-c", "user.name=t", "-c", "user.email=t@t.invalid"]
    for arguments in (["init", "-qb", "main"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], check=True)

    address = link(f"http://127.0.0.1:{hub.port}", f"file://{source}", "hello.txt")

    async def follow(ada: Visitor) -> tuple[str, str]:
        page = await ada.http.get(address)
        asked = {"repo": f"file://{source}", "branch": "main", "targetpath": "extra"}
        done = await ada.http.get("/user/ada/git-pull/api", params=asked, headers=ada._own())
        return page.text, done.text

    page, done = hub.visit("ada", follow)
    assert "lab/tree/extra/hello.txt" in page, "where nbgitpuller's page goes on to"
    pulled = hub.here.learners / "ada" / "carousel-workbook" / "extra" / "hello.txt"
    assert pulled.is_file(), done


def test_ports_are_dealt_out(hub: Hub) -> None:
    async def stay(learner: Visitor) -> list[int]:
        return listening(hub.processes(learner.name)[0])

    ports = [hub.visit(name, stay) for name in ("ada", "hog", "glutton")]
    assert [len(some) for some in ports] == [1, 1, 1]
    assert all(10 < (port - hub.port) % STRIDE < 30 for (port,) in ports)
