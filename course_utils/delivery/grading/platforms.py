"""What some platforms' names say beyond the groups of their pattern in `layouts`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from course_utils.delivery.grading.claims import Claim, Export, Layout, plainly, sortable

ID = r"[1-9]\d*"  # of a database: without a zero in front
HIDDEN_NOTE = (
    "does not tell names here: its numbers are of this assignment alone, so each is a row of its "
    "own, and sets cannot be added up."
)


def canvas(layout: Layout, export: Export, matches: list[re.Match]) -> list[Claim | None]:
    """Canvas's names; where a name or a file's name has numbers in it, there are two readings.

    Those are never joined with anybody: such a learner is known by all that stands before the
    second pair of numbers.
    """
    made: list[Claim | None] = []
    for match in matches:
        groups = match.groupdict()
        if groups["anon"]:
            one = Claim(f"anon_{groups['anon']}", layout.title, groups["anon"], "assignment", "",
                        True)  # fmt: skip
        elif re.match(rf"_{ID}_[^/]+", groups["rest"] or ""):
            name = f"{groups['who']}_{groups['number']}"
            one = Claim(name, f"{layout.title}, in one of two readings", name, "reading")
        else:
            who, number = groups["who"], groups["number"]
            one = Claim(
                who,
                layout.title,
                number,
                "platform",
                sortable(groups["file"]),
                ids=(number,),
            )
        made.append(one)
    return made


def blackboard(layout: Layout, export: Export, matches: list[re.Match]) -> list[Claim | None]:
    """Blackboard's names: ASSIGNMENT_USER_attempt_TIME. Both may have "_" in them.

    Its own text for each learner says the user's name in brackets; without it, what all have in
    common is the assignment.
    """
    heads = {match["head"] for match in matches}
    texts = [match for match in matches if not match["rest"]]
    told = {match["head"]: user for match in texts if (user := user_in(export, match))}
    common = assignment_in(heads, export.sets)
    made: list[Claim | None] = []
    for match in matches:
        who = told.get(match["head"]) or match["head"][len(common) :]
        made.append(Claim(who, layout.title, who, "platform", match["when"], ids=(who,)))
    return made


def user_in(export: Export, match: re.Match) -> str:
    """The user in the text that Blackboard writes for each attempt, if the file's name ends so."""
    place = next((p for p in export.places if "/".join(p).endswith(match.string)), None)
    first = export.peek(place)[:1000].decode("utf-8", "replace").split("\n")[0] if place else ""
    user = re.search(r"\(([^()]+)\)\s*$", first)
    return user[1] if user and match["head"].endswith(f"_{user[1]}") else ""


def assignment_in(heads: set[str], sets: Iterable[str]) -> str:
    """What stands before the user in all of these names: a set's, or what all have in common."""
    for name in sets:
        if all(head.startswith(f"{name}_") for head in heads):
            return f"{name}_"
    if len(heads) < 2:
        return ""
    first, last = min(heads), max(heads)
    same = next((n for n, (a, b) in enumerate(zip(first, last)) if a != b), len(first))
    common = first[: first.rfind("_", 0, same) + 1]
    while common and any(head[len(common) :].isdigit() or head == common for head in heads):
        common = common[: common[:-1].rfind("_") + 1]
    return common


def brightspace(layout: Layout, export: Export, matches: list[re.Match]) -> list[Claim | None]:
    """Brightspace's names; its first number counts only if it differs from learner to learner."""
    made = plainly(layout, export, matches)
    names = defaultdict(set)
    for one in made:
        names[one.number].add(one.who)
    personal = len(names) > 1 and all(len(some) == 1 for some in names.values())
    when = [moment(match["when"]) for match in matches]
    return [
        replace(one, number=one.number if personal else "", when=at, ids=(),
                scope="platform" if personal else "")
        for one, at in zip(made, when)
    ]  # fmt: skip


def moment(text: str) -> str:
    """Brightspace's "Sep 24, 2024 926 PM" so that later ones are greater; "" for other forms."""
    found = re.fullmatch(r"(\w{3})\w*\.? (\d+), (\d{4}) (\d{1,2})(\d\d) ([AP])M", text)
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    if not found or found[1].lower() not in months:
        return ""
    month = months.index(found[1].lower()) + 1
    hour = int(found[4]) % 12 + 12 * (found[6] == "P")
    return f"{found[3]}-{month:02}-{int(found[2]):02} {hour:02}{found[5]}"


def gradescope(layout: Layout, export: Export, matches: list[re.Match]) -> list[Claim | None]:
    """Gradescope's folders have numbers; who they belong to stands in a file beside them."""
    import yaml

    place = next((p for p in export.places if p[-1] == "submission_metadata.yml"), None)
    about: dict = {}
    if place:
        try:
            about = yaml.safe_load(export.peek(place)) or {}
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
            about = {}
    made: list[Claim | None] = []
    for match in matches:
        known = about.get(match["folder"]) if isinstance(about, dict) else None
        people = known.get(":submitters") if isinstance(known, dict) else None
        people = people if isinstance(people, list) else []
        people = [one for one in people if isinstance(one, dict)]
        ids = [str(one[key]) for one in people for key in (":sid", ":email") if one.get(key)]
        who = " and ".join(str(one.get(":name") or "") for one in people) or match["folder"]
        number = ids[0] if len(people) == 1 and ids else ""
        scope = "platform" if number else ""
        made.append(Claim(who, layout.title, number, scope, ids=tuple(ids)))
    return made
