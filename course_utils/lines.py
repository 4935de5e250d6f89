"""What the course prints, broken between words: JupyterLab breaks a long line inside one."""

from __future__ import annotations

import textwrap

WIDTH = 88  # columns that an output of JupyterLab has on a screen of 1280 pixels


def wrapped(text: str, lead: str = "") -> str:
    """`text` behind `lead`, in lines of at most WIDTH columns that begin below its first word.

    Only a word that is longer stays longer. A text of several lines keeps them: the later ones
    are broken if they are prose, and stay as they are if they are indented or have columns.
    """
    first, *later = text.split("\n")
    return "\n".join([filled(first, lead), *(one if "  " in one else filled(one) for one in later)])


def filled(text: str, lead: str = "") -> str:
    """As `wrapped`, for a text of one line; a gap of several spaces stays if no line ends there."""
    wide = textwrap.TextWrapper(
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wide.fill(text) or lead.rstrip()
