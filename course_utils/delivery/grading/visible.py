"""A learner's text as it can be shown: nothing in it hides, turns the line round, or piles up."""

from __future__ import annotations

import unicodedata

LONGEST = 200_000  # characters
MARKS = 8  # combining marks on one letter; no script needs more
JOINERS = "\u200c\u200d"  # Persian and Hindi words need them, and so do some emoji


def visible(text: str, longest: int = LONGEST) -> str:
    """The text with every sign that is obeyed, not shown, named in its place: ‹U+202E›.

    Letters of all scripts, tabs and line breaks stay; of the marks on one letter, the first few
    stay. What is longer than `longest` characters is cut, and says so.
    """
    shown: list[str] = []
    marks = 0
    for letter in text[:longest].replace("\r\n", "\n"):
        if " " <= letter <= "~" or letter in "\n\t":
            marks = 0
            shown.append(letter)
            continue
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= MARKS:
            shown.append(named(letter) if is_hidden(letter, kind) else letter)
    if len(text) > longest:
        shown.append(f" … and {len(text) - longest} characters more")
    return "".join(shown)


def on_one_line(text: str, longest: int = 120) -> str:
    """The same for a line of a table or a terminal: line breaks are shown as ⏎, tabs as blanks."""
    lines = visible(text, longest).replace("\t", " ").splitlines()
    return " ⏎ ".join(line.strip() for line in lines if line.strip())


def is_hidden(letter: str, kind: str) -> bool:
    """Whether it commands the page or the terminal, or shows as nothing at all."""
    if letter in JOINERS:
        return False
    return kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def named(letter: str) -> str:
    """The number of a sign, such as ‹U+202E›."""
    return f"‹U+{ord(letter):04X}›"
