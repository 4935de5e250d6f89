"""What learners are called on pages and tables: as their platform writes it, if that is known."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

PEOPLE = "people.json"  # in the class: for each row of the table the name as it was met first


def called(folder: Path) -> dict[str, str]:
    """The names of those whose name in the table is another; namesakes keep that of the table."""
    try:
        rows = json.loads((folder / PEOPLE).read_text(encoding="utf-8"))["rows"]
        names = {row: str(one["name"]).strip() for row, one in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    count = Counter(names.values())
    return {row: name for row, name in names.items() if name and count[name] == 1}
