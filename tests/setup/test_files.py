"""Files are whole at any moment, and one program at a time works in a folder."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils import CourseError, files
from course_utils.delivery.grading.lock import locked
from course_utils.files import sweep, write_atomically, writing

SYNC, REPLACE, CHMOD = os.fsync, os.replace, os.chmod


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_failure_at_any_step_leaves_the_old_content(tmp_path: Path, monkeypatch, step) -> None:
    path = tmp_path / "a.csv"
    write_atomically(path, b"old")

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, step, full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_atomically(path, b"new")
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_whoever_is_killed_leaves_the_old_content_and_a_part_that_is_swept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_atomically(path, b"old")
    code = (
        "import os, sys; from pathlib import Path; from course_utils import files\n"
        "files.os.replace = lambda *paths: os.kill(os.getpid(), 9)\n"
        "files.write_atomically(Path(sys.argv[1]), b'new')"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)]).returncode == -9
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 2
    own = tmp_path / "mine.part"
    own.write_text("no leftover")
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == [path, own]


def test_a_text_is_written_when_it_is_done(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.csv"
    with writing(path) as text:
        text.write("\u00e9\r\n")
        assert not path.exists()
    assert path.read_bytes() == "\u00e9\r\n".encode()
    with pytest.raises(KeyError), writing(path) as text:
        text.write("half")
        raise KeyError
    assert path.read_bytes() == "\u00e9\r\n".encode()


def test_permissions_are_those_of_other_new_files(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    write_atomically(tmp_path / "a", b"")
    write_atomically(tmp_path / "secret", b"", mode=0o600)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes["a"] == modes["other"] and modes["secret"] == 0o600


def test_one_at_a_time(tmp_path: Path) -> None:
    lock, busy = tmp_path / ".lock", CourseError("busy")
    with locked(lock, busy), pytest.raises(CourseError, match="busy"), locked(lock, busy):
        pass
    code = (
        "import os, sys; from pathlib import Path\n"
        "from course_utils.delivery.grading.lock import locked\n"
        "with locked(Path(sys.argv[1]), KeyError()): os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(lock)]).returncode == -9
    with locked(lock, busy):
        pass
