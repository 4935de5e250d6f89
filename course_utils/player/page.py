"""The player as a piece of a page, with all that it needs."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from collections.abc import Mapping
from typing import Any

from course_utils.player.words import script_in, sentences, spoken

# A page may hold several players: each script takes the first that none has taken. What it
# carries is packed into one line, which strict comparison of outputs leaves out.
START = """
(async () => {
  const host = document.querySelector(".carousel-player:not([data-taken])");
  host.setAttribute("data-taken", "true");
  const packed = "data:application/gzip;base64,PACKED".split(",")[1];
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { script, data } = await new Response(plain).json();
  new Function("host", "data", script + "; mount(host, data);")(host, data);
})();
"""
PACKED = re.compile(r"(?<=base64,)[\w+/=]+")


def page(script: str, data: Mapping[str, Any]) -> str:
    """The piece, in the language of this process; `script` and `data` are in English."""
    words = html.escape(sentences(alt(data)))
    content = {"script": script_in(script), "data": spoken(data)}
    text = json.dumps(content, separators=(",", ":"))
    packed = base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")
    start = START.replace("PACKED", packed)
    return f'<div class="carousel-player">{words}</div>\n<script>{start}</script>'


def retold(stored: str) -> str:
    """A piece that was stored in English, in the language of this process."""
    packed = base64.b64decode(PACKED.search(stored)[0])
    return page(**json.loads(gzip.decompress(packed)))


def alt(data: Mapping[str, Any]) -> str:
    """What the first scene shows, in English words."""
    words = data["scenes"][0]["captions"]
    return f"{data['label']}. {words['forward']} {words['backward']}"
