"""One list of requirements in three forms: pyproject.toml, requirements.lock, environment.yml."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from rattler import MatchSpec

from course_utils.delivery.authoring import environment
from course_utils.delivery.authoring.environment import ROOT, tomllib

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LAB_LOCK = (ROOT / "requirements-lab.lock").read_text(encoding="utf-8")
EXTRAS = PROJECT["optional-dependencies"]
APART = {"backends", "onnx"}  # what one table and one page of a lesson need: not in the locks
EVERY = [  # the tests need every other extra; they name them as extras of the course itself
    text
    for part in (PROJECT["dependencies"], *(EXTRAS[name] for name in EXTRAS.keys() - APART))
    for text in part
    if Requirement(text).name != PROJECT["name"]
]
LEARNERS = PROJECT["dependencies"] + EXTRAS["keras"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
CONDA_SPECS = [spec for spec in CONDA if isinstance(spec, str)]
PIP_SPECS = next(spec["pip"] for spec in CONDA if isinstance(spec, dict))


def bounds(texts: list[str]) -> dict[str, SpecifierSet]:
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, texts)}


def test_environment_has_the_projects_packages_and_bounds() -> None:
    ours = CONDA_SPECS + [spec for spec in PIP_SPECS if not spec.startswith("-")]
    extra = {"python": SpecifierSet(PROJECT["requires-python"]), "pip": SpecifierSet()}
    assert bounds(ours) == bounds(LEARNERS) | extra
    assert PIP_SPECS[-1] == "-e ."  # the course itself, once all it needs is there


def test_environment_is_what_make_environment_writes() -> None:
    written = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert written == environment.render(PYPROJECT)


@pytest.mark.parametrize("spec", CONDA_SPECS)
def test_conda_understands(spec: str) -> None:
    assert MatchSpec(spec, strict=True).name is not None


def test_what_conda_cannot_say_goes_to_pip() -> None:
    text = """
        [project]
        requires-python = ">=3.10"
        dependencies = ["a>=1", "b>=2 ; python_version < '3.11'", "c[d]>=3", "e"]
        [tool.carousel.conda]
        pip = ["e"]
    """
    conda = yaml.safe_load(environment.render(text))["dependencies"]
    expected = ["b>=2 ; python_version < '3.11'", "c[d]>=3", "e", "-e ."]
    assert conda == ["python>=3.10", "pip", "a>=1", {"pip": expected}]


def test_check_notices_a_stale_file(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["environment", "--check"])
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tmp_path / "environment.yml").write_text("stale")
    with pytest.raises(SystemExit, match="make environment"):
        environment.main()
    monkeypatch.setattr(sys, "argv", ["environment"])
    environment.main()
    monkeypatch.setattr(sys, "argv", ["environment", "--check"])
    environment.main()


def test_every_bound_has_a_lower_end() -> None:
    without = [text for text in EVERY if ">=" not in text and "==" not in text]
    assert not without


def test_the_tests_need_every_extra_but_those_apart() -> None:
    course = next(r for r in map(Requirement, EXTRAS["test"]) if r.name == PROJECT["name"])
    assert course.extras == set(EXTRAS) - {"test"} - APART


@pytest.mark.parametrize("lock", [LOCK, LAB_LOCK], ids=["all", "lab"])
def test_what_stands_apart_is_in_no_lock(lock: str) -> None:
    names = {entry.partition("==")[0] for entry in entries(lock)}
    assert not names & {Requirement(text).name for name in APART for text in EXTRAS[name]}


@pytest.mark.parametrize("lock", [LOCK, LAB_LOCK], ids=["all", "lab"])
def test_lock_names_no_address(lock: str) -> None:
    code = "\n".join(line for line in lock.splitlines() if not line.lstrip().startswith("#"))
    assert "://" not in lock and "--index" not in code and "--find-links" not in code
    assert not re.search(r"@ |file:|\.whl|\.tar\.gz|/(home|root|opt|tmp)/", lock)


def entries(lock: str) -> dict[str, str]:
    """What stands in a lock for each name and version, its comments left out."""
    found = re.split(r"\n(?=[a-z0-9])", re.sub(r"\n +#.*", "", lock).strip(), flags=re.IGNORECASE)
    return {entry.split(" ")[0]: entry for entry in found}


def test_what_the_lab_needs_is_a_part_of_the_lock() -> None:
    whole, lab = entries(LOCK), entries(LAB_LOCK)
    assert set(lab) <= set(whole) and 100 < len(lab) < 0.75 * len(whole)
    names = {name.partition("==")[0] for name in lab}
    assert {canonicalize_name(Requirement(text).name) for text in LEARNERS} <= names
    assert not names & {"sphinx", "playwright", "jupyterhub", "dask", "nbgrader", "pytest"}
    for name, entry in lab.items():
        assert set(re.findall("sha256:[0-9a-f]+", entry)) == set(
            re.findall("sha256:[0-9a-f]+", whole[name])
        ), f"{name} differs: run `make lock`"


def test_one_tensorflow_on_each_machine() -> None:
    """Two write into one folder."""
    names = ("tensorflow", "tensorflow-cpu")
    found = {
        Requirement(text).name: Requirement(text).marker
        for text in re.findall(r"^(tensorflow(?:-cpu)?==[^\\]+)", LOCK, flags=re.MULTILINE)
    }
    assert set(found) == set(names)
    for system in ("linux", "darwin", "win32"):
        for machine in ("x86_64", "aarch64", "arm64", "AMD64"):
            there = {"sys_platform": system, "platform_machine": machine}
            chosen = [name for name in names if found[name].evaluate(there)]
            small = (system, machine) == ("linux", "x86_64")
            assert chosen == [names[small]], there


@pytest.mark.parametrize("lock", [LOCK, LAB_LOCK], ids=["all", "lab"])
def test_what_makes_every_start_slow_is_left_out(lock: str) -> None:
    """It is a dependency of jsonschema's extra, which JupyterLab wants."""
    assert not {"rfc3987-syntax", "lark"} & {name.partition("==")[0] for name in entries(lock)}


def test_every_locked_package_has_hashes() -> None:
    found = re.split(r"\n(?=[a-z0-9])", LOCK.strip(), flags=re.IGNORECASE)
    assert len(found) > 100
    for entry in found:
        assert re.match(r"[\w.-]+==\S+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


def test_lock_holds_every_requirement_of_the_project() -> None:
    pins = [Requirement(m) for m in re.findall(r"^([\w.-]+==[^\s;]+)", LOCK, flags=re.MULTILINE)]
    for text in EVERY:
        needed = Requirement(text)
        own = [p for p in pins if canonicalize_name(p.name) == canonicalize_name(needed.name)]
        assert own, f"{text} is not in requirements.lock: run `make lock`"
        for pin in own:
            version = next(iter(pin.specifier)).version
            assert needed.specifier.contains(version), f"{pin} is not {text}: run `make lock`"


def test_what_is_left_out_on_purpose_is_in_no_lock() -> None:
    """It took three seconds of each process that reads a notebook: deploy/lock/overrides.in."""
    assert "rfc3987-syntax==" not in LOCK + LAB_LOCK


ours = pytest.mark.skipif(
    Path(sys.prefix) != ROOT / ".venv", reason="another environment than that of make setup"
)


@ours
def test_nothing_is_missing_that_something_needs() -> None:
    """The set-up installs what the lock names, and asks no package for more."""
    command = [sys.executable, "-m", "pip", "check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    smaller = f"{PROJECT['name']} {PROJECT['version']} requires tensorflow, which is not installed."
    missing = [line for line in done.stdout.splitlines() if "which is not installed" in line]
    assert set(missing) <= {smaller}, done.stdout  # tensorflow-cpu: deploy/lock/added.in
    assert bool(done.returncode) == bool(missing), done.stdout


@ours
def test_a_notebook_is_read_without_a_grammar_of_addresses() -> None:
    script = "import sys, nbformat.validator, jsonschema; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", script], text=True, timeout=600)
    assert not {"rfc3987_syntax", "lark"} & set(loaded.split())
