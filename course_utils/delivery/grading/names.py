"""Names of people, from names of folders and files, and names that are safe to show and to keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile

LONGEST_NAME, MOST_BYTES = 80, 200  # letters; bytes, of which a file system takes 255
NOTEBOOK = re.compile(r"\.ipynb(\.(ipynb|json|txt))*$|\.json$", re.IGNORECASE)  # as browsers save
NOBODY = re.compile(  # folders of the course and of platforms, which are nobody's name
    r"(submitted|submissions?|inbound|exercises?|notebooks?|solutions?|carousel-workbook|"
    r"submitted files|home|answers?)",
    re.IGNORECASE,
)


def common_folders(places: Iterable[list[str]]) -> list[str]:
    """The folders that all of several paths start with: they tell learners apart from nobody."""
    levels = zip(*(parts[:-1] for parts in places))
    return [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]


def stem_of(name: str) -> str:
    """A file's name without its ending, or all its endings if it is a notebook's."""
    stem = NOTEBOOK.sub("", name)
    return stem if stem != name else re.sub(r"\.\w{1,5}$", "", name)


def names_nobody(text: str, sets: Iterable[str]) -> bool:
    """Whether a folder or what is left of a file's name says nothing of a person."""
    return not text or text in sets or NOBODY.fullmatch(text) is not None


def without_set(stem: str, set_name: str, by_number: bool = False) -> str:
    """A file's name without the set's; `by_number` also without its number at one end."""
    text = stem.replace(set_name, "") if set_name else stem
    if by_number:
        number = re.escape(set_name.split("_")[0])
        text = re.sub(rf"^{number}(?=[-_. ])|(?<=[-_. ]){number}$", "", text)
    text = text.strip("-_. ()")
    says_nothing = re.fullmatch(r"Copy\d*|Copy of|\d{1,2}|new(-\d+)?|kept-.*", text)
    return "" if says_nothing and text != stem else text


def numbered(stem: str, set_name: str) -> bool:
    """Whether a file's name has the set's number at one end, beside something else."""
    return without_set(stem, set_name) != without_set(stem, set_name, True) != ""


def as_name(text: str) -> str:
    """A text as the name of a folder and a learner: letters, digits, dots, dashes, underscores."""
    text = unicodedata.normalize("NFC", text)
    kept = re.sub(r"[^\w.@-]+", "_", text).strip("._-@")[:LONGEST_NAME]
    return kept.encode()[:MOST_BYTES].decode(errors="ignore").strip("._-@") or "unnamed"


def letters(text: str) -> str:
    """The letters and digits of a name alone, for comparison."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in text if one.isalnum())


def words_of_name(text: str) -> tuple[str, ...]:
    """The parts of a name in no order: "Lovelace, Ada" and "ada_lovelace" have the same."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return tuple(sorted(re.findall(r"[^\W_]+", text)))


def printable(text: str) -> str:
    """A foreign name for the screen: short, and with nothing in it that a terminal obeys."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= 120 else f"{shown[:60]}...{shown[-57:]}"
