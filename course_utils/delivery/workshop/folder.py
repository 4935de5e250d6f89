"""The folder of a hub: its passwords, its records, the learners' homes, what they hand in."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

VARIABLE, PORT_VARIABLE = "CAROUSEL_HUB", "CAROUSEL_HUB_PORT"
ADDRESS_VARIABLE = "CAROUSEL_HUB_ADDRESS"
PORT = 8000
TEACHER = "teacher"
# Without letters and digits that look alike on a projector: 0 o, 1 i l, u v.
LETTERS = "abcdefghjkmnpqrstwxyz23456789"
CLASS_LENGTH, TEACHER_LENGTH = 8, 32  # the least that JupyterHub takes


@dataclass(frozen=True)
class HubFolder:
    """Everything a hub keeps, below `path`."""

    path: Path

    @classmethod
    def chosen(cls) -> HubFolder:
        """The folder named in the environment, else ~/carousel-hub."""
        return cls(Path(os.environ.get(VARIABLE) or Path.home() / "carousel-hub").absolute())

    @property
    def learners(self) -> Path:
        """The homes, one folder for each learner."""
        return self.path / "learners"

    @property
    def submitted(self) -> Path:
        """What was handed in, as `course grade` takes it: LEARNER/SET.ipynb."""
        return self.path / "submitted"

    @property
    def fonts(self) -> Path:
        """Matplotlib's list of fonts, made once for everybody."""
        return self.path / "fonts"

    @property
    def log(self) -> Path:
        return self.path / "hub.log"

    def open(self) -> HubFolder:
        """Make what is not there yet, readable for its owner alone."""
        for folder in (self.path, self.learners, self.submitted, self.fonts):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.log.touch(mode=0o600)
        return self

    def passwords(self) -> dict[str, str]:
        """The password of the "class" and that of the "teacher", made at the first call."""
        path = self.path / "passwords.json"
        if not path.exists():
            made = {"class": password(CLASS_LENGTH), TEACHER: password(TEACHER_LENGTH)}
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(made, file, indent=1)
        return json.loads(path.read_text(encoding="utf-8"))


def password(length: int) -> str:
    """A random password that can be read from a projector."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def port() -> int:
    """The port of the hub; the two after it are used inside the machine."""
    return int(os.environ.get(PORT_VARIABLE) or PORT)


def address() -> str:
    """The address of this machine at which the hub listens; "" for all it has."""
    return os.environ.get(ADDRESS_VARIABLE, "")
