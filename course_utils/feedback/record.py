"""What a learner has solved, kept in the workbook beside the lessons; elsewhere, in memory."""

from __future__ import annotations

import json
import math
from pathlib import Path

from course_utils.files import write_atomically
from course_utils.language import translated
from course_utils.lines import wrapped
from course_utils.workbook import MANIFEST, PROGRESS, with_tag

_here: dict[str, float] = {}  # of this session, outside a workbook
_unsaved: dict[Path, dict[str, float]] = {}  # of this session, where the disk was full


def best() -> dict[str, float]:
    """The best score 0..1 of every problem that was checked, by name.

    A file that cannot be read is put aside under another name, and one sentence says so.
    """
    folder = workbook()
    return dict(_here) if folder is None else _read(folder / PROGRESS) | _unsaved.get(folder, {})


def note(name: str, score: float) -> None:
    """Remember the score of a problem, unless a better one is known."""
    folder = workbook()
    known = _here if folder is None else best()
    if score <= known.get(name, -1):
        return
    known[name] = float(score)
    if folder is not None:
        text = json.dumps({"format": 1, "best": dict(sorted(known.items()))}, indent=1) + "\n"
        try:
            write_atomically(folder / PROGRESS, text.encode())
            _unsaved.pop(folder, None)
        except OSError as error:
            _unsaved[folder] = known
            print(
                wrapped(
                    translated(
                        "Your progress could not be kept in {folder} ({why}): it counts as long "
                        "as this notebook runs.",
                        folder=folder,
                        why=error.strerror,
                    )
                )
            )


def workbook() -> Path | None:
    """The workbook that the notebook lies in: the nearest folder upwards with a manifest."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / MANIFEST).exists()), None)


def _read(path: Path) -> dict[str, float]:
    if not path.exists():
        return {}
    try:
        scores = json.loads(path.read_bytes())["best"]
        found = {str(name): float(score) for name, score in scores.items()}
        if all(math.isfinite(score) for score in found.values()):
            return found
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    aside, number = with_tag(path.name, "damaged"), 1
    while path.with_name(aside).exists():
        aside, number = with_tag(path.name, f"damaged-{number}"), number + 1
    path.rename(path.with_name(aside))
    said = translated(
        "The file of your progress was damaged (now {file}): counting begins anew.", file=aside
    )
    print(wrapped(said))
    return {}
