"""The first experiment as a piece of a page: its data, and what stands there without scripts."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping

from course_utils.authoring.site.first_experiment import PATH

NETWORKS = {"SimpleRNN": "RNN", "LSTM": "LSTM", "GRU": "GRU"}
STILL = (
    "France",
    (5, 15, 25, 35, 45),
)  # what the table shows
Record = Mapping[str, object]


def record(part: str = "near") -> dict[str, object]:
    """What first_experiment.py has written down of one of its parts."""
    return of_part(json.loads(PATH.read_text(encoding="utf-8")), part)


def of_part(data: Record, part: str) -> dict[str, object]:
    """What all parts share, with what one of them has of its own."""
    shared = {name: value for name, value in data.items() if name != "parts"}
    return {**shared, **data["parts"][part]}


def beliefs(data: Record, country: str, network: str, words: int) -> dict[str, float]:
    """The right answer, then the likeliest others, with their probabilities."""
    row = data["beliefs"][country][network][data["distances"].index(words)]
    pairs = zip(row[::2], row[1::2], strict=True)
    return {data["languages"][number]: thousandths / 1000 for number, thousandths in pairs}


def says(data: Record, country: str, network: str, words: int) -> str:
    """The answer that the network finds most likely."""
    found = beliefs(data, country, network, words)
    return max(found, key=found.get)


def known(data: Record, network: str, words: int) -> int:
    """How many of the countries the network knows at this distance."""
    countries = data["countries"].items()
    return sum(
        says(data, country, network, words) == data["languages"][answer]
        for country, answer in countries
    )


def experiment_html(part: str = "near") -> str:
    """The place that landing.js fills, with its data, and a table for pages without scripts."""
    data = record(part)
    content = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")
    return (
        f'<div class="first-experiment">{_still(data)}'
        f'<script type="application/json">{content}</script></div>'
    )


def _still(data: Record) -> str:
    country, distances = STILL
    low, high = data["trained"]
    answer = data["languages"][data["countries"][country]]
    caption = (
        f"“I grew up in {country}. … I speak fluent ___”: what each network says, and how likely "
        f"it finds {answer}, with so many words in between. In training there were {low} to {high}."
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in NETWORKS.values())
    rows = "".join(
        f'<tr><th scope="row">{words}</th>'
        + "".join(_cell(data, country, network, words, answer) for network in NETWORKS)
        + "</tr>"
        for words in distances
    )
    return (
        f'<div class="fe-still"><table><caption>{html.escape(caption)}</caption>'
        f'<thead><tr><th scope="col">words</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(data: Record, country: str, network: str, words: int, answer: str) -> str:
    said = says(data, country, network, words)
    belief = beliefs(data, country, network, words)[answer]
    sign, kind = ("✓", "right") if said == answer else ("✗", "wrong")
    return f'<td class="fe-{kind}">{sign}&nbsp;{said} <span>{answer} {belief:.2f}</span></td>'
