"""What is laid out for pages: the parts of the library, and the words where there is none."""

import io
import zipfile
from pathlib import Path

import pytest

from course_utils.delivery.authoring.site import live
from course_utils.delivery.live import pack


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("numpy/__init__.pyc", "library"),
        ("json/__init__.pyc", "library"),
        ("_collections_abc.pyc", "library"),
        ("asyncio/events.pyc", "rest"),
        ("matplotlib/figure.pyc", "figures"),
        ("pandas/core/frame.pyc", "tables"),
        ("sympy/core.pyc", ""),  # no page needs it
    ],
)
def test_parts(name: str, part: str) -> None:
    assert pack.part_of(name) == part


def test_what_the_kernel_needs_is_there() -> None:
    found = {path.relative_to(pack.COURSE).as_posix() for path in pack.course_files(["x = 1"])}
    assert {*pack.KERNEL, "feedback/bank/lstm.py", "player/theme.js"} <= found
    assert not any(one.startswith(("authoring", "grading", "workshop")) for one in found)


def test_matplotlib_gets_the_letters_it_draws() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in ("matplotlibrc", "fonts/ttf/DejaVuSans.ttf", "fonts/afm/x.afm", "images/x.png"):
            made.writestr(name, name)
    found = pack._fonts(file.getvalue())
    assert set(found) == {
        "matplotlib/mpl-data/matplotlibrc",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf",
    }


def test_without_the_extra_the_pages_are_made_and_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "live").mkdir()  # of an earlier time
    monkeypatch.setattr(live, "LIVE", tmp_path / "live")
    monkeypatch.setattr(pack, "is_installed", lambda: False)
    said: list[str] = []
    live.prepare(said.append)
    assert said == [live.NOT_INSTALLED] and not (tmp_path / "live").exists()
