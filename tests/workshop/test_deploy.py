"""What is shipped to deploy with: it names what exists, and agrees with itself."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from course_utils import CourseError
from course_utils.delivery import npm
from course_utils.delivery.workshop import limits, proxy
from course_utils.delivery.workshop.link import link
from course_utils.delivery.workshop.server import COMMAND
from course_utils.workbook import COURSE

DEPLOY = COURSE / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
IGNORE = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
VALUES = yaml.safe_load((DEPLOY / "values.yaml").read_text(encoding="utf-8"))
CONFIG = (DEPLOY / "jupyterhub_config.py").read_text(encoding="utf-8")
# The keys of the chart that we use, as its own values.yaml and its reference have them.
KEYS = {
    "hub": {"config", "concurrentSpawnLimit", "activeServerLimit"},
    "singleuser": {
        "image", "cmd", "defaultUrl", "startTimeout", "memory", "cpu", "storage", "extraEnv"
    },
    "prePuller": {"hook", "continuous"},
    "scheduling": {"podPriority", "userPlaceholder"},
    "cull": {"enabled", "timeout", "every"},
}  # fmt: skip


def instructions(name: str) -> list[list[str]]:
    """The arguments of every line of the Dockerfile with this instruction."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return [shlex.split(line)[1:] for line in joined.splitlines() if line.startswith(f"{name} ")]


def sources() -> list[str]:
    return [source for copy in instructions("COPY") for source in copy[:-1]]


@pytest.mark.parametrize("source", sources())
def test_what_the_image_copies_exists_and_is_let_through(source: str) -> None:
    assert (COURSE / source).exists() and f"!{source}" in IGNORE


def test_the_image_has_no_solutions_and_nothing_more_than_it_copies() -> None:
    assert "solutions" not in " ".join(sources())
    assert {line[1:] for line in IGNORE if line.startswith("!")} == set(sources())


def test_the_image_is_made_by_bootstrap() -> None:
    assert any("bootstrap.py" in run for run in instructions("RUN"))
    assert "/opt/carousel/.venv/bin:$PATH" in DOCKERFILE and instructions("USER") == [["1000"]]


def test_values_use_keys_of_the_chart() -> None:
    assert {name: set(value) for name, value in VALUES.items()} == KEYS


def test_hub_image_and_cluster_start_the_same_server() -> None:
    assert VALUES["singleuser"]["cmd"][1:] == COMMAND[1:]
    assert f'default_url = "{VALUES["singleuser"]["defaultUrl"]}"' in CONFIG
    lesson = VALUES["singleuser"]["defaultUrl"].removeprefix("/lab/tree/")
    assert (COURSE / lesson).is_file()


def test_limits_agree() -> None:
    limit = VALUES["singleuser"]["memory"]["limit"]
    assert re.search(rf'mem_limit = "{limit}"', CONFIG)
    assert float(VALUES["singleuser"]["memory"]["guarantee"].rstrip("G")) * 1e9 >= limits.LEARNER


def test_no_password_is_shipped() -> None:
    assert VALUES["hub"]["config"]["SharedPasswordAuthenticator"]["user_password"] is None
    assert not re.search(r'password = ["\']', CONFIG)


def test_the_proxy_is_pinned_by_hash_and_names_no_registry() -> None:
    wanted = json.loads((proxy.SOURCES / "package.json").read_text())["dependencies"]
    lock = json.loads((proxy.SOURCES / "package-lock.json").read_text())["packages"]
    packages = {name: entry for name, entry in lock.items() if name}
    assert len(packages) > 20
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-") and "resolved" not in entry, name
    for name, version in wanted.items():
        assert re.fullmatch(r"[\d.]+", version)
        assert packages[f"node_modules/{name}"]["version"] == version


def test_most_servers_follows_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    for free, most in ((25e9, 26), (2e9, 1), (0.1e9, 1)):
        monkeypatch.setattr(limits, "available_memory", lambda free=free: int(free))
        assert limits.most_servers() == most


def test_only_the_proxy_of_the_lock_counts(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(proxy, "FETCHED", tmp_path)
    assert not proxy.is_fetched()
    script = tmp_path / proxy.SCRIPT
    script.parent.mkdir(parents=True)
    script.write_text("")
    (tmp_path / "package-lock.json").write_text("{}")
    assert not proxy.is_fetched(), "a proxy of another lock"


def test_a_link_says_everything_to_the_hub() -> None:
    address = link(
        "https://hub.example.org/", "https://forge.example.org/me/my course.git", "a b.md"
    )
    parts = urlsplit(address)
    assert address.startswith("https://hub.example.org/hub/user-redirect/git-pull?")
    assert parse_qs(parts.query) == {
        "repo": ["https://forge.example.org/me/my course.git"],
        "branch": ["main"],
        "urlpath": ["lab/tree/my%20course/a%20b.md"],
    }


def test_a_link_to_nowhere_is_refused() -> None:
    for hub, repository in (("hub.example.org", "https://x.org/y"), ("https://x.org", "y")):
        with pytest.raises(CourseError, match="https://"):
            link(hub, repository)


def test_without_npm_one_is_told_what_to_install(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(proxy, "FETCHED", tmp_path)
    monkeypatch.setattr(npm, "packaged", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(
        CourseError, match=r"proxy of the hub comes from npm.*`make setup`.*Node\.js"
    ):
        proxy.fetch()
    with pytest.raises(CourseError, match="`course hub` fetches it"):
        proxy.command()


def test_node_comes_with_the_environment(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    npm.require("The proxy of the hub comes", proxy.NODE)
    words = [*npm.npm(), "--version"]
    done = subprocess.run(words, env=npm.environment(), capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.count(".") == 2, done.stderr


def test_npm_that_cannot_fetch_gives_its_reason(tmp_path: Path, monkeypatch) -> None:
    said = "npm error code ENOTFOUND\nnpm error network request failed\n"
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr=said)
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: failed)
    with pytest.raises(npm.NpmError, match=r"is there a network\? \(code ENOTFOUND\)"):
        npm.install(proxy.SOURCES, tmp_path, "the proxy of the hub")


@pytest.mark.parametrize(("version", "fits"), [("v18.19.1", False), ("v20.0.0", True), ("", True)])
def test_an_old_node_is_told_before_it_fails(monkeypatch, version: str, fits: bool) -> None:
    said = subprocess.CompletedProcess([], 0, stdout=f"{version}\n", stderr="")
    monkeypatch.setattr(npm, "packaged", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: said)
    if fits:
        npm.require("It comes", proxy.NODE)
    else:
        with pytest.raises(npm.NpmError, match=r"Node\.js 20 or newer, but this is 18\.19\.1"):
            npm.require("It comes", proxy.NODE)
