"""environment.yml, for conda, written from pyproject.toml: `make environment`."""

import argparse
import sys

from packaging.requirements import Requirement

from course_utils.place import COURSE

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = COURSE
TEMPLATE = """\
# Written from pyproject.toml by `make environment`; CONTRIBUTING.md says why some packages are
# under pip. Use it with:  conda env create -f environment.yml && conda activate carousel
name: carousel
channels:
  - conda-forge
  - nodefaults
dependencies:
{conda}
  - pip:
{pip}
"""


def render(pyproject: str) -> str:
    """The text of environment.yml for the text of a pyproject.toml.

    What conda cannot say (markers, extras) or should not supply ([tool.carousel.conda] pip) goes
    to its pip section; the course itself comes last, so that pip finds its needs met.
    """
    data = tomllib.loads(pyproject)
    for_pip = set(data["tool"]["carousel"]["conda"]["pip"])
    conda = [f"python{data['project']['requires-python']}", "pip"]
    pip = []
    project = data["project"]
    for text in project["dependencies"] + project.get("optional-dependencies", {}).get("keras", []):
        requirement = Requirement(text)
        beyond_conda = requirement.marker or requirement.extras
        (pip if beyond_conda or requirement.name in for_pip else conda).append(text)
    return TEMPLATE.format(
        conda="\n".join(f"  - {quote(spec)}" for spec in conda),
        pip="\n".join(f"    - {quote(spec)}" for spec in [*pip, "-e ."]),
    )


def quote(spec: str) -> str:
    """A YAML string; single quotes, since markers hold double ones."""
    return "'" + spec.replace("'", "''") + "'"


def main() -> None:
    """Write environment.yml, or with --check say whether it is in step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if not in step")
    target = ROOT / "environment.yml"
    text = render((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if not parser.parse_args().check:
        target.write_text(text, encoding="utf-8", newline="\n")
    elif not target.exists() or target.read_text(encoding="utf-8") != text:
        sys.exit("environment.yml is not in step with pyproject.toml: run `make environment`.")


if __name__ == "__main__":
    main()
