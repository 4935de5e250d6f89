"""The words in the scripts of a page, in the language of this process.

A literal that holds words is translated as a whole, with its ${places}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from course_utils.language import ENGLISH, language, translated
from course_utils.prose import has_words

LITERAL = re.compile(
    r"//[^\n]*|/\*.*?\*/|"
    r'(?P<before>[\w.:(\[]*[ (]?)(?P<quote>["`])(?P<text>(?:(?!(?P=quote))[^\\\n]|\\.)*)(?P=quote)',
    re.S,
)
NO_TEXT = re.compile(  # what stands before names of classes, events, elements and colours
    r"(class|className|type|role|rel|d|viewBox|method|cache|id|name|key|mark)[:=]\s?$"
    r"|(make|select\w*|querySelector\w*|createElement\w*|Event|Listener|matchMedia|getItem|closest"
    r"|match|split|join|replace|setAttribute|contains|startsWith|includes|getComputedStyle)\($"
)
SENTENCE = re.compile(
    r"^(?:\. )?[✓✗▶❚;, (]*(\$\{[^}]*\}[.:]? ?)*[A-Z]?[a-z’']+\W.*\s"  # words with spaces between
    r"|^[▶❚✓✗ ]*[A-Z][a-z]+\W*$|^says $"
    r"|^(, |[−+]1 |\$\{[^}]*\}(, | ))(right|wrong|words?)\.? $"
)
NO_SENTENCE = re.compile(  # names of parts, styles, functions, addresses, stores
    r"^(file|data):|^image/|^problems solved$|"
    r"^[\w$-]+(?:[-./:][\w${}]+)+ ?$|\b[\w-]+\((?!s)|^(token|thead|height)\b|\} step "
)


def texts(script: str) -> Iterator[tuple[int, int, str]]:
    """Where in a script each text stands, and the text."""
    for found in LITERAL.finditer(script):
        text = found["text"]
        if text is None or NO_TEXT.search(found["before"]) or not SENTENCE.search(f"{text} "):
            continue
        if NO_SENTENCE.search(re.sub(r"\$\{[^}]*\}", "$", text)):
            continue
        if has_words(text.replace("${", "{")):
            yield found.start("text"), found.end("text"), text


def in_language(script: str) -> str:
    """The script with its texts in the language of this process."""
    if language() == ENGLISH:
        return script
    for start, end, text in reversed(list(texts(script))):
        script = script[:start] + translated(text) + script[end:]
    return script
