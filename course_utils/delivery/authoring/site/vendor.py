"""What pages need in a browser, fetched once from npm and kept: maths, fonts, slides.

The versions stand in docs/site/package.json, their hashes in the lock beside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from course_utils.delivery import npm
from course_utils.delivery.authoring.site.folders import BUILD, SOURCES

STATIC = BUILD / "static"  # one more folder of static files for Sphinx
VENDOR = STATIC / "vendor"
FONTS = "@fontsource-variable"
# Of the pages whose code runs: the editor, and what stands in for a file system.
MODULE = ["dist/index.js", "LICENSE"]
CODEMIRROR = (
    *("autocomplete", "commands", "lang-python", "language", "state", "streamparser", "view"),
)
LEZER = ("common", "highlight", "lr", "python")
WASI = [
    *(f"dist/{name}.js" for name in ("debug", "fd", "fs_mem", "fs_opfs", "index", "strace")),
    *("dist/wasi.js", "dist/wasi_defs.js", "LICENSE-MIT"),
]
# What is kept: files and folders of a package, by the name of its folder in VENDOR.
KEPT = {
    "mathjax": ("mathjax", ["es5/tex-svg.js", "LICENSE"]),
    "reveal": ("reveal.js", ["dist/reveal.js", "dist/reveal.css", "plugin/notes", "LICENSE"]),
    "next": (f"{FONTS}/atkinson-hyperlegible-next", ["files", "LICENSE"]),
    "mono": (f"{FONTS}/atkinson-hyperlegible-mono", ["files", "LICENSE"]),
    "chinese": (f"{FONTS}/noto-sans-sc", ["files", "unicode.json", "LICENSE"]),  # is cut further
    "wasi": ("@bjorn3/browser_wasi_shim", WASI),
    "editor/idb-keyval": ("idb-keyval", ["dist/index.js", "LICENCE"]),
    "editor/style-mod": ("style-mod", ["src/style-mod.js", "LICENSE"]),
    "editor/w3c-keyname": ("w3c-keyname", ["index.js", "LICENSE"]),
    "editor/crelt": ("crelt", ["index.js", "LICENSE"]),
    "editor/find-cluster-break": ("@marijn/find-cluster-break", ["src/index.js", "LICENSE"]),
    **{f"editor/{name}": (f"@codemirror/{name}", MODULE) for name in CODEMIRROR},
    **{f"editor/lezer-{name}": (f"@lezer/{name}", MODULE) for name in LEZER},
}


def vendor(report: Callable[[str], None] = print) -> Path:
    """The folder with everything, fetched if it is not there or no longer what the lock says.

    Raises npm.NpmError if npm is missing or cannot fetch.
    """
    wanted = _wanted()
    stamp = VENDOR / "state"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return VENDOR
    npm.require("The pages' fonts and scripts come")
    report("Fetching the fonts and scripts of the pages, once (a few megabytes)")
    STATIC.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        fetched, chosen = Path(folder, "fetched"), Path(folder, "chosen")
        _choose(npm.install(SOURCES, fetched, "the pages' fonts and scripts"), chosen)
        (chosen / "state").write_text(wanted, encoding="utf-8")
        shutil.rmtree(VENDOR, ignore_errors=True)
        chosen.replace(VENDOR)
    return VENDOR


def packages() -> dict[str, str]:
    """Each package and its version, as package.json pins them."""
    text = (SOURCES / "package.json").read_text(encoding="utf-8")
    return json.loads(text)["dependencies"]


def _choose(packages: Path, chosen: Path) -> None:
    for name, (package, parts) in KEPT.items():
        for part in parts:
            source, target = packages / package / part, chosen / name / part
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)


def _wanted() -> str:
    """What VENDOR must hold, as one hash."""
    parts = [(SOURCES / "package-lock.json").read_bytes(), repr(KEPT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
