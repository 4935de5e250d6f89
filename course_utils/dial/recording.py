"""What networks believe of a sentence at each distance, written down: made, read, and as HTML.

A recording is a dictionary that JSON can hold:

    distances   words between the country and the blank, one by one
    texts       the sentence at each distance, with * for the country
    languages   the answers
    countries   {country: number of its language}
    trained     [fewest, most] words in training
    beliefs     {country: {network: [[language, thousandths, language, thousandths, ...], ...]}},
                at each distance the right answer first, then the likeliest of the others
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from course_utils.language import ENGLISH, language, translated

PATH = Path(__file__).with_name("first_experiment.json")
NETWORKS = {"SimpleRNN": "RNN", "LSTM": "LSTM", "GRU": "GRU"}
ANSWERS = 3  # of each network: the right one, and the likeliest of the others
PRECISION = 1000
STILL = (5, 15, 25, 35, 45)  # words between, in the table
Record = Mapping[str, Any]


def made_of(
    scene: Callable[[str, int], Any],
    countries: Sequence[str],
    distances: Sequence[int],
    trained: tuple[int, int],
    watched: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> dict[str, Any]:
    """The recording of networks as they are now.

    Args:
        scene: (country, distance) -> a `plots.Scene`; asked once for each of both.
        countries: the first one is shown first.
        distances: words between, rising one by one.
        trained: the fewest and the most words in training.
        watched: goes through the countries, for instance with a bar.

    Raises ValueError if a scene has not each of `NETWORKS`.
    """
    scenes = {one: [scene(one, words) for words in distances] for one in watched(countries)}
    first = scenes[countries[0]]
    if missing := NETWORKS.keys() - first[0].beliefs.keys():
        raise ValueError(f"the scene has no {', '.join(sorted(missing))}; a dial shows all three.")
    languages = list(next(iter(first[0].beliefs.values())))
    return {
        "distances": list(distances),
        "texts": [" ".join(one.words).replace(one.clue, "*") for one in first],
        "languages": languages,
        "countries": {one: languages.index(some[0].answer) for one, some in scenes.items()},
        "trained": list(trained),
        "beliefs": {
            country: {
                network: [_first(one, network, languages) for one in some] for network in NETWORKS
            }
            for country, some in scenes.items()
        },
    }


def _first(scene: Any, network: str, languages: list[str]) -> list[int]:
    return [
        number
        for answer, belief in scene.first(network, ANSWERS)
        for number in (languages.index(answer), round(PRECISION * float(belief)))
    ]


def record(part: str = "near") -> dict[str, Any]:
    """The recording of lesson 00's networks, "near" or "far": before and after more practice."""
    return of_part(json.loads(PATH.read_text(encoding="utf-8")), part)


def of_part(data: Record, part: str) -> dict[str, Any]:
    """What all parts share, with what one of them has of its own."""
    shared = {name: value for name, value in data.items() if name != "parts"}
    return {**shared, **data["parts"][part]}


def beliefs(data: Record, country: str, network: str, words: int) -> dict[str, float]:
    """The right answer, then the likeliest others, with their probabilities."""
    row = data["beliefs"][country][network][data["distances"].index(words)]
    pairs = zip(row[::2], row[1::2], strict=True)
    return {data["languages"][number]: thousandths / PRECISION for number, thousandths in pairs}


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
    """The dial of lesson 00 for a page that has `web/dial.js`, with a table for those without."""
    return page_html(record(part))


def page_html(data: Record) -> str:
    """The place that `web/dial.js` fills, with its data, and a table for pages without scripts."""
    content = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")
    return (
        f'<div class="first-experiment">{table_html(data)}'
        f'<script type="application/json">{content}</script></div>'
    )


def table_html(data: Record) -> str:
    """The same at a few distances, of the first country, as a table."""
    country, (low, high) = next(iter(data["countries"])), data["trained"]
    distances = [words for words in STILL if words in data["distances"]]
    answer = data["languages"][data["countries"][country]]
    caption = translated(
        "“I grew up in {country}. … I speak fluent ___”: what each network says, and how likely "
        "it finds {answer}, with so many words in between. In training there were {low} to {high}.",
        country=country,
        answer=answer,
        low=low,
        high=high,
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
        f'<thead><tr><th scope="col">{translated("words")}</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(data: Record, country: str, network: str, words: int, answer: str) -> str:
    said = says(data, country, network, words)
    belief = beliefs(data, country, network, words)[answer]
    sign, kind = ("✓", "right") if said == answer else ("✗", "wrong")
    said, answer = html.escape(said), html.escape(answer)
    english = "" if language() == ENGLISH else ' lang="en"'
    words = f"{sign}&nbsp;{said}<br><span>{answer} {belief:.2f}</span>"
    return f'<td class="fe-{kind}"{english}>{words}</td>'
