"""`--pictures`: keep what the browser tests see, for people to look at; no test needs a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

PICTURES = Path(__file__).resolve().parents[1] / "build" / "pictures"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pictures",
        action="store_true",
        help="keep pictures of all lessons, slides and pages in build/pictures",
    )
    parser.addoption("--whole", action="store_true", help="run lesson 00 in its page to its end")


def kept_pictures(config: pytest.Config, kind: str) -> Path | None:
    """The folder for pictures of a kind, such as "site"; None where nobody asked for them."""
    if not config.getoption("pictures"):
        return None
    folder = PICTURES / kind
    folder.mkdir(parents=True, exist_ok=True)
    return folder
