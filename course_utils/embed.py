"""A thing that moves as a piece of a page: an output of a notebook that needs no kernel.

What it needs is in the output, so it is still there after restarting and reopening. It lives in a
root of its own, which the style of the page around does not reach.
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

# A page may hold several of a kind: each script takes the first that none has taken. What it
# carries is packed into one line.
START = """
(async () => {
  const host = document.querySelector(".KIND:not([data-taken])");
  host.setAttribute("data-taken", "true");
  host.style.minHeight = `${host.offsetHeight}px`; // what stands below does not jump
  const root = host.attachShadow({ mode: "open" }); // hides the still before it is drawn
  const packed = "data:application/gzip;base64,PACKED".split(",")[1];
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  try {
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const { script, css, room, data } = await new Response(plain).json();
    root.innerHTML = `<style>${css}</style>${room}`;
    new Function("host", "data", script)(root, data);
  } catch (error) {
    root.innerHTML = "<slot></slot>"; // the still after all
    throw error;
  } finally {
    host.style.minHeight = "";
  }
})();
"""


def embedded(kind: str, still: str, *, script: str, css: str, room: str, data: Any) -> str:
    """A piece of a page that comes alive where scripts run.

    Args:
        kind: the class of its element, which no other kind has.
        still: HTML that stands there without scripts.
        script: JavaScript; `host` is the root that holds `room`, `data` is what is given here.
        css: the style in that root.
        room: HTML that the root begins with.
        data: anything that JSON can hold.
    """
    content = {"script": script, "css": css, "room": room, "data": data}
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    packed = base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")
    start = START.replace("KIND", kind).replace("PACKED", packed)
    return f'<div class="{kind}">{still}</div>\n<script>{start}</script>'
