"""A number stays on one line with what it counts: "50 steps", "0.5 GB", "lesson 06"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

NO_BREAK = "\u00a0"
UNITS = "s|ms|µs|kB|MB|GB|MiB|GiB|GHz|px|seconds?|minutes?|min|hours?|h|days?|weeks?|years?"
COUNTED = (
    "steps?|words?|letters?|symbols?|characters?|tokens?|sentences?|units?|numbers?|weights?|"
    "biases|inputs?|states?|layers?|gates?|keys?|seeds?|runs?|trainings?|epochs?|batches|samples?|"
    "updates?|sequences?|windows?|pairs?|tasks?|points?|bits?|digits?|decimals?|degrees?|times?|"
    "spreads?|pixels?|lines?|rows?|pages?|cells?|slides?|lessons?|sets?|answers?|countries|"
    "languages|learners?|cores?|RNNs|LSTMs|GRUs"
)
AFTER = re.compile(rf"(?<=[\d%]) (?=(?:{UNITS}|{COUNTED})\b|%|[\u4e00-\u9fff])")
BEFORE = re.compile(r"(\b(?:[Ll]essons?|[Ss]ets?|[Ss]teps?|[Ll]ag|ln|log)|第) (?=\d)")
RANGE = re.compile(r"(?<=\d)(%?) (to|of|±) (?=[\d−-])")
APART = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw, nodes.title)


def bound(text: str, before: str = "") -> str:
    """`text` with spaces that break no line between numbers and what they count.

    before: what stands just before it on its line.
    """
    last = before[-1:]
    whole = BEFORE.sub(rf"\1{NO_BREAK}", AFTER.sub(NO_BREAK, last + text))
    return RANGE.sub(rf"\1{NO_BREAK}\2{NO_BREAK}", whole)[len(last) :]


class Bound(SphinxPostTransform):
    """Late, when titles and anchors are known: they keep the spaces that people search with."""

    default_priority = 900

    def run(self, **_: object) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if any(isinstance(one, APART) for one in _above(text)):
                continue
            place = text.parent.index(text)
            before = text.parent[place - 1].astext() if place else ""
            if (tied := bound(text, before)) != text:
                text.parent[place] = nodes.Text(tied)


def _above(node: nodes.Node) -> Iterator[nodes.Node]:
    while node := node.parent:
        yield node
