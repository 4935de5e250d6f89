"""Files that tell when anything of ours imports or reads them as a program."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

# Tried by packages of the environment, or by Python itself, though not installed here.
OPTIONAL = {
    *("sitecustomize", "usercustomize", "apport_python_hook", "_distutils_hack", "conftest"),
    *("pandas", "torch", "jax", "cupy", "trio", "gi", "scipy", "sympy", "uvloop", "orjson"),
    *("lz4", "pyarrow", "curio", "colorama", "readline", "pydevd", "matplotlib_inline"),
    *("distributed", "dask", "bokeh", "pythonjsonlogger", "simplejson", "brotli", "zstandard"),
}
# Read by some program of the environment where it stands, and run.
PROGRAMS = (
    *(f"jupyter_{one}config.py" for one in ("", "server_", "lab_", "notebook_", "nbconvert_")),
    *("jupyterhub_config.py", "jupyterhub_singleuser_config.py", "jupyter_labhub_config.py"),
    *("ipython_config.py", "ipython_kernel_config.py", "ipython_startup.py", "startup.py"),
    *("nbgrader_config.py", ".jupytext.py", "conf.py", "setup.py", "noxfile.py", ".pdbrc"),
)
# Read where it stands, too; what they name is a module with a trap, where a name can be given.
SETTINGS = {
    **dict.fromkeys(
        [f"jupyter_{one}config.json" for one in ("", "server_", "lab_", "nbconvert_")],
        '{"ServerApp": {"jpserver_extensions": {"trapped": true}}, '
        '"Application": {"log_level": "DEBUG"}}',
    ),
    "matplotlibrc": "backend: module://trapped\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-p trapped"\n',
    "setup.cfg": "[tool:pytest]\naddopts = -p trapped\n",
    "pytest.ini": "[pytest]\naddopts = -p trapped\n",
    "tox.ini": "[pytest]\naddopts = -p trapped\n",
    ".coveragerc": "[run]\nplugins = trapped\n",
    ".env": "PYTHONSTARTUP=trapped.py\nPYTHONPATH=.\n",
    "dask.yaml": "distributed: {worker: {preload: [trapped]}}\n",
    "alembic.ini": "[alembic]\nscript_location = .\nprepend_sys_path = .\n",
    "jupytext.toml": 'formats = "ipynb,py"\n',
    "package.json": '{"scripts": {"preinstall": "touch trapped", "prepare": "touch trapped"}}',
    ".npmrc": "node-options=--require ./trapped.js\n",
    "keras.json": '{"backend": "trapped"}',
    "babel.cfg": "[extractors]\ntrapped = trapped:trapped\n",
}


@cache  # the records of all packages take seconds
def names() -> set[str]:
    """Every name that an import may ask for: all of Python, all of the environment, and more."""
    every = set(sys.stdlib_module_names) | set(packages_distributions()) | OPTIONAL
    return {name for name in every if name.isidentifier()} | {"trapped"}


def plant(folder: Path, told: Path) -> None:
    """Put a trap under each name into `folder`; what runs of it writes its place into `told`."""
    folder.mkdir(parents=True, exist_ok=True)
    trap = f"open({str(told)!r}, 'a').write(__file__ + '\\n')\n"
    for name in names():
        (folder / f"{name}.py").write_text(trap)
    for program in PROGRAMS:
        (folder / program).write_text(trap)
    for name, text in SETTINGS.items():
        (folder / name).write_text(text)
    (folder / "trapped.pth").write_text(f"import sys; open({str(told)!r}, 'a').write('a .pth')\n")
    (folder / "trapped.js").write_text(
        f"require('fs').appendFileSync({str(told)!r}, __filename + '\\n')\n"
    )
    for template in ("page", "lab", "base", "classic", "feedback"):
        where = folder / template
        where.mkdir(exist_ok=True)
        (where / "conf.json").write_text('{"base_template": "base"}')
        (where / "index.html.j2").write_text(
            "{{ cycler.__init__.__globals__.os.open('" + str(told) + "', 65) }}"
        )
