"""Every argument of Keras's recurrent layers, from lesson 08's own table, as entries of a page."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from course_utils.delivery.authoring.document import documents
from course_utils.delivery.authoring.site import search
from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.delivery.authoring.site.lessons import lesson

LESSON = "08"
LAYERS = {"R": "SimpleRNN", "L": "LSTM", "G": "GRU"}
REQUIRED = "required"
# A row of the lesson's table: argument, default, layers, what it says, trap.
ROW = re.compile(r"^(?:# )?\| `(\w+)` \| (.+?) \| ([RLG ]+) \| (.+) \| (.+) \|$", re.M)
HEADING = re.compile(r"^(##+) (.+)$", re.M)

DOES = {
    "units": "How many numbers the state has, and so how many come out at each step.",
    "activation": "The function that squashes the candidate. In the LSTM it also stands before the "
    "output gate, around $c$.",
    "recurrent_activation": "The function that makes the gates, numbers between 0 and 1.",
    "use_bias": "Whether $b$ is added at all.",
    "kernel_initializer": "How $W$, the weights from the input, are drawn at the start.",
    "recurrent_initializer": "How $U$, the weights from the old state, are drawn at the start.",
    "bias_initializer": "How $b$ starts; with `unit_forget_bias` the forget gate's part is set "
    "apart.",
    "unit_forget_bias": "Whether the bias of the forget gate starts at 1, so that the gate is "
    "more open than shut.",
    "kernel_regularizer": "A price for large numbers in $W$, added to the loss.",
    "recurrent_regularizer": "A price for large numbers in $U$, added to the loss.",
    "bias_regularizer": "A price for large numbers in $b$, added to the loss.",
    "activity_regularizer": "A price for large outputs, added to the loss.",
    "kernel_constraint": "A limit that $W$ is put back to after each update.",
    "recurrent_constraint": "A limit that $U$ is put back to after each update.",
    "bias_constraint": "A limit that $b$ is put back to after each update.",
    "dropout": "Which share of the inputs is set to zero in training.",
    "recurrent_dropout": "Which share of the old state is set to zero in training, before $U$.",
    "seed": "Fixes the random numbers of dropout.",
    "return_sequences": "Whether the outputs of all steps come out, or only the last one.",
    "return_state": "Whether the final states come out as well.",
    "zero_output_for_mask": "Whether outputs at masked steps are zero, or repeat the one before.",
    "go_backwards": "Whether the sequence is read from its end.",
    "stateful": "Whether a batch starts from the states in which the last one ended.",
    "unroll": "Whether the plan of operations holds all steps, one after the other, and no loop.",
    "reset_after": "Whether the reset gate acts after the product with $U_g$, as in cuDNN, or "
    "before it, as in the paper.",
    "use_cudnn": "Whether a graphics card may use its own library for the layer.",
    "implementation": "Of Keras 2: 1 multiplies gate by gate, 2 all gates at once.",
}


class Argument(NamedTuple):
    """One argument: its default as it is written, the layers that take it, the lesson's warning,
    and the part and the section of the lesson (`anchor`) that has the experiment."""

    name: str
    default: str
    layers: tuple[str, ...]
    trap: str
    part: str
    anchor: str

    @property
    def does(self) -> str:
        """One sentence. Raises SiteError if nobody has written it."""
        if self.name not in DOES:
            raise SiteError(f"DOES in site/arguments.py has no sentence about {self.name!r}.")
        return DOES[self.name]


def arguments(source: str | None = None) -> list[Argument]:
    """Every argument of the lesson's table, in the order of its sections.

    source: the prose of the lesson; None for the lesson as it is. Raises SiteError for an argument
    that has a row and no section.
    """
    text = prose() if source is None else source
    rows = {row[0]: row[1:] for row in ROW.findall(text)}
    found, part, seen = [], "", Counter()
    for level, heading in HEADING.findall(text):
        anchor = slug(heading)
        again = f"-{seen[anchor]}" if seen[anchor] else ""
        seen[anchor] += 1
        if level == "##":
            part = heading
        for name in re.findall(r"`(\w+)`", heading) if level == "###" else []:
            if name in rows:
                default, letters, _, trap = rows.pop(name)
                takes = tuple(LAYERS[letter] for letter in letters.split())
                found.append(Argument(name, default, takes, trap, part, anchor + again))
    if rows:
        raise SiteError(f"Lesson {LESSON} has no section about {', '.join(rows)}.")
    return found


def prose() -> str:
    """The Markdown of the lesson as its notebook has it: without what stands on slides alone."""
    cells = documents([LESSON])[0].text().cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def slug(heading: str) -> str:
    """The anchor of a heading, as MyST and code forges make it; a second one ends in -1."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


class Arguments(SphinxDirective):
    """The entries of one part of the lesson; without a name, links to all entries."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(documents([LESSON])[0].source))
        if not self.arguments:
            names = sorted(one.name for one in arguments())
            lines = [f"- [`{name}`](#arg-{name})" for name in names]
            return self._parsed("\n".join(lines), "argument-names")
        chosen = [one for one in arguments() if one.part == self.arguments[0]]
        if not chosen:
            raise self.error(f"Lesson {LESSON} has no arguments under {self.arguments[0]!r}.")
        return [found_as(chosen), *self._parsed("\n\n".join(map(entry, chosen)), "arguments")]

    def _parsed(self, text: str, kind: str) -> list[nodes.Node]:
        return [nodes.container("", *self.parse_text_to_nodes(text), classes=[kind])]


def found_as(every: list[Argument]) -> addnodes.index:
    """What the search leads to these arguments: their names, in words as well."""
    found = [
        search.entry(words, nodes.make_id(f"arg-{one.name}"))
        for one in every
        for words in sorted({one.name, one.name.replace("_", " ")})
    ]
    return addnodes.index(entries=found)


def entry(one: Argument) -> str:
    """An argument as Markdown: its name, then default, layers, sentence, trap and experiment."""
    badges = " ".join(f"[{name}]{{.layer}}" for name in one.layers)
    experiment = f"{lesson(LESSON).document}.ipynb#{one.anchor}"
    default = one.default if one.default == REQUIRED else f"default {one.default}"
    trap = one.trap[0].upper() + one.trap[1:]
    return (
        f"`{one.name}`{{#arg-{one.name}}}\n: {default} {badges}\n\n"
        f"  {one.does} **Trap:** {trap}. [Experiment]({experiment})"
    )
