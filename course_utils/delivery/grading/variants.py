"""An exercise of one's own: variants of a problem, drawn from a secret and the learner's name."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

MOST = 64  # variants of one problem: all of them are asked to see whose an answer is
PLACE = re.compile(r"\{\{\s*(\w+)\.(\w+)\s*\}\}")


@dataclass(frozen=True)
class Varied:
    """A problem that is not the same for everyone.

    Args:
        name: of the problem.
        make: gives the problem for one value of each choice, by name.
        choices: the values of each choice; every combination is a variant. In the notebook,
            `{{name.choice}}` stands for the learner's value.

    Raises ValueError if there are fewer than 2 variants, or more than 64.
    """

    name: str
    make: Callable[..., Any]
    choices: Mapping[str, tuple]
    _made: dict = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        count = len(self.variants())
        if not 2 <= count <= MOST:
            raise ValueError(f"{self.name} has {count} variants; it needs 2 to {MOST}.")

    def variants(self) -> list[tuple]:
        """Every combination of the choices."""
        return list(product(*self.choices.values()))

    def variant_of(self, secret: bytes, learner: str) -> tuple:
        """The learner's variant. Who does not know the secret cannot tell which it is."""
        variants = self.variants()
        return variants[number(secret, "variant", self.name, learner) % len(variants)]

    def problem(self, variant: tuple) -> Any:
        """The problem in this variant."""
        if variant not in self._made:
            self._made[variant] = self.make(**dict(zip(self.choices, variant)))
        return self._made[variant]

    def describe(self, variant: tuple) -> str:
        """Such as "order=ifgo, size=3"."""
        return ", ".join(f"{name}={value}" for name, value in zip(self.choices, variant))


def number(secret: bytes, *words: str) -> int:
    """A number below 2**63 that depends on everything given, and tells nothing about the secret."""
    text = "\0".join(words).encode("utf-8", "replace")
    return int.from_bytes(hmac.new(secret, text, hashlib.sha256).digest()[:8], "big") >> 1


def fill_in(text: str, values: Mapping[str, Mapping[str, Any]]) -> str:
    """The text with `{{problem.choice}}` replaced by the learner's value."""

    def value(match: re.Match) -> str:
        known = values.get(match[1], {})
        return str(known[match[2]]) if match[2] in known else match[0]

    return PLACE.sub(value, text)
