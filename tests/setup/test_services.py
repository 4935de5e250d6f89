"""Files for services that nobody runs here: valid by their published schemas, and in step."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from course_utils import __version__
from course_utils.delivery.authoring.environment import tomllib

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "test.yml"
CONTAINER = ROOT / ".devcontainer" / "devcontainer.json"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def valid(schema: str, path: Path) -> bool:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    return subprocess.run(command, capture_output=True, timeout=300).returncode == 0


@pytest.mark.parametrize(
    ("schema", "path", "spoilt"),
    [
        ("vendor.github-workflows", WORKFLOW, ("runs-on:", "runs-in:")),
        ("vendor.citation-file-format", ROOT / "CITATION.cff", ("cff-version:", "version-of-cff:")),
    ],
)
def test_valid_by_its_schema(
    schema: str, path: Path, spoilt: tuple[str, str], tmp_path: Path
) -> None:
    assert valid(schema, path)
    other = tmp_path / path.name
    other.write_text(path.read_text(encoding="utf-8").replace(*spoilt), encoding="utf-8")
    assert not valid(schema, other)


def test_the_workflow_has_every_system_and_python() -> None:
    matrix = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["quick"]["strategy"][
        "matrix"
    ]
    least, most = (int(n) for n in re.findall(r"3\.(\d+)", PROJECT["requires-python"]))
    assert matrix["python"] == [f"3.{minor}" for minor in range(least, most)]
    assert {one.split("-")[0] for one in matrix["system"]} == {"ubuntu", "macos", "windows"}


def test_the_container_has_what_its_reader_knows() -> None:
    """By the names of the published schema; the file is plain JSON."""
    container = json.loads(CONTAINER.read_text(encoding="utf-8"))
    known = {"$schema", "name", "image", "hostRequirements", "containerEnv", "postCreateCommand"}
    assert set(container) == known | {"forwardPorts", "customizations"}
    assert set(container["hostRequirements"]) == {"cpus", "memory", "storage"}
    assert all(isinstance(value, str) for value in container["containerEnv"].values())
    assert container["postCreateCommand"].split()[1] == "bootstrap.py"
    assert re.fullmatch(r"[\w./-]+:3\.1[0-3]", container["image"])


def test_one_version_everywhere() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"] == __version__
    assert f"## {__version__}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
