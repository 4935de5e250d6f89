"""The way of the Tab key round a page: where it stops, where it is caught, what it misses."""

from __future__ import annotations

MOST = 1500  # stops
# What has the focus now; null outside of the page. `seen`: with an outline in sight, or its label.
FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  if (!node || node === document.body) return null;
  window.stops ??= new Map();
  if (!window.stops.has(node)) window.stops.set(node, window.stops.size);
  const outlined = [[node, null], [node, "::after"], [node.closest("label"), null]];
  const drawn = outlined.some(([of, part]) => {
    const style = of && getComputedStyle(of, part);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = node.getBoundingClientRect();
  const inside = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
  const name = node.ariaLabel || node.textContent.trim().slice(0, 60) || node.title;
  return { number: window.stops.get(node), name: `${node.tagName} ${name}`, seen: drawn && inside };
}"""
# What a mouse can use, is shown, and was no stop, nor lies in one.
MISSED = """() => {
  const all = [];
  const dig = (root) => root.querySelectorAll("*").forEach((node) => {
    all.push(node);
    if (node.shadowRoot) dig(node.shadowRoot);
  });
  dig(document);
  const stops = [...(window.stops?.keys() ?? [])];
  const used = (node) => node.matches("a[href], button, input, select, textarea, summary")
    || getComputedStyle(node).cursor === "pointer";
  const shown = (node) => node.checkVisibility({ visibilityProperty: true });
  const met = (node) => node.closest("label, option, [disabled]")
    || stops.some((stop) => stop.contains(node));
  return all.filter((node) => used(node) && shown(node) && !met(node))
    .map((node) => `${node.tagName} ${node.ariaLabel || node.textContent.trim().slice(0, 60)}`);
}"""


def walk(page: object) -> list[str]:
    """What is wrong on the way from the top of the page that is open to its end, by Tab alone."""
    stops, found = [], []
    while len(stops) < MOST:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or (stops and stop["number"] == 0):
            break  # the whole way round
        if stops and stop["number"] <= stops[-1]:
            return [*found, f"the keyboard is caught at {stop['name']}"]
        stops.append(stop["number"])
        if not stop["seen"]:
            found.append(f"the focus is not to be seen at {stop['name']}")
    else:
        found.append("the keyboard does not find the end of the page")
    return found + [f"not reached by the keyboard: {name}" for name in page.evaluate(MISSED)]
