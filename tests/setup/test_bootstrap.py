"""bootstrap.py and the Makefile: what `make lab` does before there is an environment."""

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import setuptools

ROOT = Path(__file__).resolve().parents[2]


def load() -> ModuleType:
    """bootstrap.py as a module."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LOCKED = "numpy==2.0 \\\n  --hash=sha256:0\nsetuptools==84.0 \\\n  --hash=sha256:1\n    # x\ny==1\n"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, working in a folder of its own, with `run` recorded in place of run."""
    module = load()
    monkeypatch.setattr(sys, "argv", ["bootstrap.py"])
    module.ROOT, module.VENV = tmp_path, tmp_path / ".venv"
    module.VENV_PYTHON = module.VENV / "bin/python"
    module.STATE, module.LOG = tmp_path / ".venv.state", tmp_path / ".venv.log"
    module.LOCK, module.PROJECT = tmp_path / "requirements.lock", tmp_path / "pyproject.toml"
    module.LAB_LOCK = tmp_path / "requirements-lab.lock"
    module.LOCK.write_text(LOCKED)
    module.LAB_LOCK.write_text(LOCKED.removesuffix("y==1\n"))
    module.works = lambda command: False
    module.PROJECT.write_text("[project]\n")
    module.probe = lambda command: module.Python(command, list(sys.version_info[:3]), [])
    module.steps = []

    def run(command, title, check=True):
        module.steps.append(title)
        if "making .venv" in title:
            module.VENV_PYTHON.parent.mkdir(parents=True)
            module.VENV_PYTHON.touch()

    module.real_run, module.run = module.run, run
    return module


def steps(bootstrap: ModuleType) -> list[str]:
    """The first words of what one call of the script does."""
    bootstrap.steps.clear()
    bootstrap.main()
    return [" ".join(title.split()[:2]) for title in bootstrap.steps]


EVERYTHING = ["making .venv", "installing setuptools", "installing about", "installing the"]


def test_from_nothing_then_nothing(bootstrap: ModuleType) -> None:
    assert steps(bootstrap) == EVERYTHING
    assert steps(bootstrap) == []


def test_what_it_made_is_told_once(bootstrap: ModuleType, capsys: pytest.CaptureFixture) -> None:
    bootstrap.main()
    assert "`. .venv/bin/activate` makes the command `course` known" in capsys.readouterr().out
    bootstrap.main()
    assert capsys.readouterr().out == ""


def test_what_builds_sources_is_installed_first_and_by_hash(bootstrap: ModuleType) -> None:
    installed = []

    def run(command, title, check=True):
        if "-r" in command:
            installed.append(Path(command[-1]).read_text(encoding="utf-8"))

    bootstrap.run = run
    bootstrap.install_packages(["pip"], bootstrap.LOCK)
    builder = "setuptools==84.0 \\\n  --hash=sha256:1\n    # x"
    assert installed == [builder, LOCKED]


def test_the_lab_needs_less_and_everything_is_enough_for_it(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks = []

    def install(pip, lock):
        locks.append(lock)

    bootstrap.install_packages = install
    lab = ["bootstrap.py", "--lab"]
    monkeypatch.setattr(sys, "argv", lab)
    bootstrap.main()
    bootstrap.main()
    monkeypatch.setattr(sys, "argv", lab[:1])
    bootstrap.main()
    assert locks == [bootstrap.LAB_LOCK, bootstrap.LOCK]
    monkeypatch.setattr(sys, "argv", lab)
    bootstrap.main()
    assert locks == [bootstrap.LAB_LOCK, bootstrap.LOCK]
    bootstrap.LOCK.write_text(LOCKED.replace("2.0", "2.1"))  # what is whole stays whole
    bootstrap.main()
    assert locks.pop() == bootstrap.LOCK


def test_two_packages_in_one_folder_become_one(bootstrap: ModuleType) -> None:
    """An environment of an earlier lock had TensorFlow under another name."""
    steps(bootstrap)
    site = bootstrap.VENV / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    for name in ("tensorflow-2.21.0", "tensorflow_cpu-2.21.0", "tensorflow_io-0.1"):
        (site / f"{name}.dist-info").mkdir()
    bootstrap.LOCK.write_text(LOCKED.replace("2.0", "2.1"))
    tidied = ["installing setuptools", "installing about", "tidying up"]
    assert steps(bootstrap) == [*tidied, *EVERYTHING[1:]]
    (site / "tensorflow-2.21.0.dist-info").rmdir()
    bootstrap.LOCK.write_text(LOCKED)
    assert steps(bootstrap) == EVERYTHING[1:]


def test_what_a_lock_leaves_out_on_purpose_goes(bootstrap: ModuleType) -> None:
    steps(bootstrap)
    kept = (
        bootstrap.VENV / "lib" / "python3.11" / "site-packages" / "rfc3987_syntax-1.1.0.dist-info"
    )
    kept.mkdir(parents=True)
    bootstrap.LOCK.write_text(LOCKED.replace("2.0", "2.1"))
    tidied = ["installing setuptools", "installing about", "tidying up"]
    assert steps(bootstrap) == [*tidied, *EVERYTHING[3:]]


def test_uv_is_used_if_it_is_there_and_pip_if_it_cannot(bootstrap: ModuleType, capsys) -> None:
    bootstrap.works, ran, fails = lambda command: command[0] == "uv", [], ["uv"]

    def run(command, title, check=True):
        ran.append(command)
        if command[0] in fails:
            raise bootstrap.SetupError("No.")

    bootstrap.run = run
    bootstrap.install_packages(["pip"], bootstrap.LOCK)
    assert [command[0] for command in ran] == ["uv", "pip", "pip"]
    assert "uv could not (No.); with pip:" in capsys.readouterr().out
    ran.clear()
    fails.clear()
    bootstrap.install_packages(["pip"], bootstrap.LOCK)
    assert [command[0] for command in ran] == ["uv", "uv"]
    assert all({"--require-hashes", "--no-deps"} <= set(command) for command in ran)
    fails += ["uv", "pip"]
    with pytest.raises(bootstrap.SetupError, match="No"):
        bootstrap.install_packages(["pip"], bootstrap.LOCK)


def test_a_new_lock_or_project_updates_in_place(bootstrap: ModuleType) -> None:
    steps(bootstrap)
    bootstrap.PROJECT.write_text("[project]\nversion = '2'\n")
    assert steps(bootstrap) == EVERYTHING[3:]
    bootstrap.LOCK.write_text(LOCKED.replace("2.0", "2.1"))
    assert steps(bootstrap) == EVERYTHING[1:]
    assert steps(bootstrap) == []


@pytest.mark.parametrize("stage", [0, 1, 2, 3])
def test_an_interrupted_setup_starts_afresh(bootstrap: ModuleType, stage: int) -> None:
    run = bootstrap.run

    def interrupted(command, title, check=True):
        run(command, title)
        if len(bootstrap.steps) == stage + 1:
            raise KeyboardInterrupt

    bootstrap.run = interrupted
    with pytest.raises(SystemExit, match="afresh"):
        bootstrap.main()
    bootstrap.run = run
    assert steps(bootstrap) == EVERYTHING


def test_an_interrupted_update_starts_afresh(bootstrap: ModuleType) -> None:
    steps(bootstrap)
    bootstrap.LOCK.write_text(LOCKED.replace("2.0", "2.1"))
    run, bootstrap.run = bootstrap.run, lambda *args: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(SystemExit, match="afresh"):
        bootstrap.main()
    bootstrap.run = run
    assert steps(bootstrap) == EVERYTHING


def test_line_ends_of_windows_change_nothing(bootstrap: ModuleType) -> None:
    steps(bootstrap)
    bootstrap.LOCK.write_bytes(bootstrap.LOCK.read_bytes().replace(b"\n", b"\r\n"))
    assert steps(bootstrap) == []


def test_a_removed_environment_is_made_again(bootstrap: ModuleType) -> None:
    steps(bootstrap)
    bootstrap.VENV_PYTHON.unlink()
    assert steps(bootstrap) == EVERYTHING


def test_a_moved_clone_is_made_again(bootstrap: ModuleType) -> None:
    steps(bootstrap)
    state = json.loads(bootstrap.STATE.read_text())
    bootstrap.STATE.write_text(json.dumps(state | {"root": "/elsewhere"}))
    assert steps(bootstrap) == EVERYTHING


def test_another_python_makes_another_environment(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps(bootstrap)
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "--python", sys.executable])
    assert steps(bootstrap) == []
    other = (3, 10) if sys.version_info[:2] != (3, 10) else (3, 11)
    bootstrap.probe = lambda command: bootstrap.Python("other", [*other, 0], [])
    assert steps(bootstrap) == EVERYTHING


def test_an_environment_of_someone_else_is_not_touched(bootstrap: ModuleType) -> None:
    bootstrap.VENV.mkdir()
    with pytest.raises(SystemExit, match="not of this course"):
        bootstrap.main()
    assert bootstrap.VENV.exists() and not bootstrap.steps


def test_without_network_the_old_environment_stays(bootstrap: ModuleType) -> None:
    steps(bootstrap)
    before, run = bootstrap.STATE.read_text(), bootstrap.run
    bootstrap.LOCK.write_text(LOCKED.replace("2.0", "2.1"))

    def offline(command, title, check=True):
        raise bootstrap.NoNetwork("No network.")

    bootstrap.run = offline
    with pytest.raises(SystemExit, match="old environment still works"):
        bootstrap.main()
    assert bootstrap.STATE.read_text() == before
    bootstrap.run = run
    assert steps(bootstrap) == EVERYTHING[1:]


@pytest.mark.skipif(os.name != "posix", reason="links and bytes in names")
def test_a_link_to_another_disk_stays_one(bootstrap: ModuleType, tmp_path: Path) -> None:
    """Also when the last set-up did not finish, and whatever lies there."""
    other = tmp_path / "other-disk"
    (other / "bin").mkdir(parents=True)
    (other / "bin" / "python").touch()
    (other / "link").symlink_to(tmp_path / "elsewhere")
    bootstrap.VENV.symlink_to(other)
    bootstrap.STATE.write_text("{}")
    assert steps(bootstrap) == EVERYTHING
    assert bootstrap.VENV.is_symlink() and not (other / "link").is_symlink()
    bootstrap.empty()
    assert bootstrap.VENV.is_symlink() and not list(other.iterdir())
    other.rmdir()
    bootstrap.empty()
    assert not bootstrap.VENV.is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="a name in bytes")
def test_a_name_that_cannot_be_written_is_said_beforehand(
    bootstrap: ModuleType, tmp_path: Path
) -> None:
    bootstrap.ROOT = tmp_path / os.fsdecode(b"caf\xe9")
    with pytest.raises(SystemExit, match="not in UTF-8"):
        bootstrap.main()
    bootstrap.ROOT, bootstrap.utf8_locale = tmp_path / "café", lambda: None
    with pytest.raises(SystemExit, match="no locale with UTF-8"):
        bootstrap.main()
    assert not bootstrap.steps and not bootstrap.VENV.exists()


@pytest.mark.skipif(os.name != "posix", reason="LC_ALL is of no matter elsewhere")
def test_in_a_folder_with_an_accent_any_locale_will_do(tmp_path: Path) -> None:
    """The course's own part of the set-up, as it is, in an environment without packages."""
    clone = tmp_path / "sp ace é"
    (clone / "course_utils").mkdir(parents=True)
    (clone / "course_utils" / "__init__.py").write_text("")
    (clone / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "carousel-course"\nversion = "0.1"\n'
        '[tool.setuptools]\npackages = ["course_utils"]\npackage-dir = {"" = "."}\n'
    )
    (clone / "bootstrap.py").write_bytes((ROOT / "bootstrap.py").read_bytes())
    subprocess.run([sys.executable, "-m", "venv", str(clone / ".venv")], check=True)
    own = clone / ".venv" / "bin" / "python"
    where = Path(setuptools.__file__).parents[1]
    (site,) = (clone / ".venv" / "lib").glob("python*/site-packages")
    (site / "borrowed.pth").write_text(f"{where}\n", encoding="ascii")
    code = "import bootstrap; bootstrap.install_course([str(bootstrap.VENV_PYTHON), '-m', 'pip'])"
    plain = os.environ | {"LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code], cwd=clone, env=plain, check=True)
    for name in ("C", "POSIX", "C.UTF-8"):
        environment = os.environ | {"LC_ALL": name}
        command = [own, "-I", "-c", "import course_utils; print(ascii(course_utils.__file__))"]
        found = subprocess.check_output(command, env=environment, text=True)
        assert found.strip() == ascii(str(clone / "course_utils" / "__init__.py"))


def test_full_disk_is_said_beforehand(bootstrap: ModuleType) -> None:
    bootstrap.shutil = SimpleNamespace(disk_usage=lambda path: SimpleNamespace(free=1e9))
    with pytest.raises(SystemExit, match=r"needs 5 GB of disk and .* has 1\.0 GB free"):
        bootstrap.main()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS", "refused"),
        ("WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching", "cannot be reached"),
        ("SSLError(SSLCertVerificationError(... CERTIFICATE_VERIFY_FAILED", "certificate"),
        ("ERROR: No matching distribution found for tensorflow==2.21.0", "ready-made"),
        ("first\n\nlast words\n", "Set-up failed: last words"),
        ("", "Set-up failed: silently"),
    ],
)
def test_failures_are_explained(bootstrap: ModuleType, output: str, sentence: str) -> None:
    error = bootstrap.explain(output)
    assert sentence in str(error) and "\n" not in str(error)


def test_a_failing_command_is_logged_and_explained(bootstrap: ModuleType) -> None:
    command = [sys.executable, "-c", "print('No space left on device'); raise SystemExit(1)"]
    with pytest.raises(bootstrap.SetupError, match="disk is full"):
        bootstrap.real_run(command, "trying")
    assert "No space" in bootstrap.LOG.read_text()


@pytest.mark.skipif(os.name != "posix", reason="file locks of Unix")
def test_one_setup_at_a_time_even_if_only_its_pip_lives_on(bootstrap: ModuleType) -> None:
    import fcntl

    sleeper = [sys.executable, "-c", "import time; time.sleep(3600)"]
    with bootstrap.STATE.open("a+") as handle, bootstrap.exclusive(handle):
        pip = subprocess.Popen(sleeper, close_fds=False)
    try:
        with bootstrap.STATE.open("a+") as handle, pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        pip.kill()
        pip.wait()
    with bootstrap.STATE.open("a+") as handle, bootstrap.exclusive(handle):
        pass


@pytest.mark.parametrize("version", [[3, 9, 18], [3, 14, 0], [3, 6, 1]])
def test_wrong_pythons_get_a_sentence(bootstrap: ModuleType, version: list[int]) -> None:
    bootstrap.probe = lambda command: bootstrap.Python("/usr/bin/python3", version, [])
    with pytest.raises(bootstrap.SetupError, match=r"needs Python 3.10 to 3.13, .* has only"):
        bootstrap.find_python("")
    with pytest.raises(bootstrap.SetupError, match=r"PYTHON=python3 is Python 3\."):
        bootstrap.find_python("python3")


def test_a_python_that_does_not_start(bootstrap: ModuleType) -> None:
    bootstrap.probe = lambda command: None
    with pytest.raises(bootstrap.SetupError, match="PYTHON=no-such is no Python that starts"):
        bootstrap.find_python("no-such")


def test_probe_asks_the_interpreter(tmp_path: Path) -> None:
    module = load()
    assert module.probe(sys.executable).version == list(sys.version_info[:3])
    assert module.probe(str(tmp_path)) is None
    assert module.probe("false") is None
    assert module.probe("true") is None


def test_a_python_that_can_make_environments_is_preferred(bootstrap: ModuleType) -> None:
    bare = bootstrap.Python("bare", [3, 11, 0], ["ensurepip"])
    whole = bootstrap.Python("whole", [3, 12, 0], [])
    bootstrap.probe = lambda command: {"python3": bare, "python3.12": whole}.get(command)
    assert bootstrap.find_python("") == whole


def test_ways_to_an_environment_without_ensurepip(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare, calls = bootstrap.Python("python3", [3, 11, 0], ["ensurepip"]), []
    bootstrap.run = lambda command, title, check=True: calls.append(command)
    bootstrap.probe = lambda command: bare
    bootstrap.shutil = SimpleNamespace(which=lambda name: None)

    bootstrap.works = lambda command: "virtualenv" in command
    bootstrap.make_venv(bare)
    assert calls.pop()[1:3] == ["-m", "virtualenv"]

    bootstrap.works = lambda command: "pip" in command
    pip = bootstrap.make_venv(bare)
    assert "--without-pip" in calls.pop() and pip[-2:] == ["--python", str(bootstrap.VENV_PYTHON)]

    bootstrap.works = lambda command: False
    with pytest.raises(bootstrap.SetupError, match=r"apt-get install python3\.11-venv"):
        bootstrap.make_venv(bare)
    assert not calls

    bootstrap.shutil = SimpleNamespace(which=lambda name: name == "uv")
    bootstrap.make_venv(bare)
    assert calls.pop()[:2] == ["uv", "venv"]

    bootstrap.shutil = SimpleNamespace(which=lambda name: name == "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    bootstrap.probe = lambda command: bare._replace(missing=[] if len(calls) == 2 else ["venv"])
    bootstrap.make_venv(bare)
    assert [call[0] for call in calls] == ["apt-get", "apt-get", "python3"]


def test_any_python_since_3_6_understands_the_script() -> None:
    ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """make without the settings of a make around it, in the real clone."""
    clean = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "PYTHON")}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True
    )


def test_make_alone_explains_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    targets = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    targets.remove("lab-setup")  # for `make lab`
    shown = make().stdout
    assert [target for target in targets if f"\n  make {target} " not in shown] == []


def test_make_hands_options_on_to_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(
        r"^([a-z-]+): (?:lab-)?setup.*\n(?:\t.*\n)*?\t@\$\(BIN\)/course", makefile, re.MULTILINE
    )
    assert {"lab", "doctor", "hub"} <= set(targets)
    for target in targets:
        said = make("-n", target, "ARGS=--an-option").stdout
        assert re.search(r"/course .*--an-option", said), target


def test_make_without_any_python_says_what_to_install(tmp_path: Path) -> None:
    for tool in ("make", "sh"):
        found = subprocess.check_output(["which", tool], text=True).strip()
        (tmp_path / tool).symlink_to(found)
    result = make("setup", PATH=str(tmp_path))
    assert result.returncode != 0
    assert result.stderr.splitlines()[0].startswith("No Python 3 was found: install Python 3.10")
