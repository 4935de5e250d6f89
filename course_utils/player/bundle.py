"""The module and the style sheet of the player, each as one text: nothing is fetched or built."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from course_utils.player.payload import colors

HERE = Path(__file__).parent
PARTS = ("core.js", "cell.js", "timeline.js", "player.js", "theme.js", "keys.js", "mount.js")


@cache
def script() -> str:
    """All parts in one scope; `mount(host, data)` starts a player."""
    return "\n".join((HERE / part).read_text(encoding="utf-8") for part in PARTS)


@cache
def style_sheet() -> str:
    """Colours of plots.style as CSS variables, in light and in dark, and the player's rules."""
    light = "".join(f"--cp-{name}:{color};" for name, color in colors().items())
    words = "".join(
        f"--cp-{name}-text:color-mix(in srgb,var(--cp-{name}) 74%,#000);" for name in colors()
    )
    dark = "".join(
        f"--cp-{name}:color-mix(in srgb,{color} 62%,#fff);"
        for name, color in colors().items()
        if name not in ("ink", "soft", "faint")
    )
    dark_words = "".join(f"--cp-{name}-text:var(--cp-{name});" for name in colors())
    rules = (HERE / "player.css").read_text(encoding="utf-8")
    return f".player{{{light}{words}}}.player[data-theme=dark]{{{dark}{dark_words}}}\n{rules}"
