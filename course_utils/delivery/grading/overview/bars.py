"""Bars as SVG: their numbers are written on them, so that none is told by its length alone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

STEP, BAR, HIGH, TOP, FOOT = 40, 30, 110, 18, 22  # units of the drawing


def bars(labels: Sequence[str], counts: Sequence[int], alt: str) -> str:
    """A bar for each label, as high as its count."""
    most, width = max(counts, default=0) or 1, STEP * max(len(counts), 3)
    parts = []
    for k, (label, count) in enumerate(zip(labels, counts)):
        high, left = HIGH * count / most, k * STEP + (STEP - BAR) / 2
        middle, base = k * STEP + STEP / 2, TOP + HIGH
        parts.append(
            f'<text x="{middle:g}" y="{base + 15}" class="label">{escape(label)}</text>'
            f'<rect x="{left:g}" y="{base - high:.1f}" width="{BAR}" height="{high:.1f}"/>'
        )
        if count:
            parts.append(f'<text x="{middle:g}" y="{base - high - 5:.1f}">{count}</text>')
    line = f'<path d="M0 {TOP + HIGH}H{width}"/>'
    return (
        f'<svg class="bars" role="img" aria-label="{escape(alt, quote=True)}" '
        f'viewBox="0 0 {width} {TOP + HIGH + FOOT}" style="max-width:{width}px">'
        f"{''.join(parts)}{line}</svg>"
    )
