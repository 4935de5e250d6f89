"""The way of the Tab key round a page: where it stops, where it is caught, what it misses."""

from __future__ import annotations

from collections.abc import Iterator

MOST = 1500  # stops
HELD = "+".join(["Tab"] * 25)  # one key held down: it repeats, and each time the focus moves on
# Notes where the focus is before each Tab. `now`: what has it; null outside of the page. `seen`:
# with an outline in sight, or its label. `take` gives what was met since it was last called.
RECORD = """() => {
  const met = [];
  let taken = true;  // what has the focus before the first Tab is no stop
  const now = () => {
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
    const across = box.right > 0 && box.left < innerWidth;
    const inside = across && box.bottom > 0 && box.top < innerHeight;
    const name = node.ariaLabel || node.textContent.trim().slice(0, 60) || node.title;
    const number = window.stops.get(node);
    return { number, name: `${node.tagName} ${name}`, seen: drawn && inside };
  };
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const at = taken || now();
    if (!taken) met.push(at);
    taken = false;
    if (!at || (at.number === 0 && window.stops.size > 1)) event.preventDefault();  // once round
  }, true);
  window.take = () => {
    met.push(now());
    taken = true;
    return met.splice(0);
  };
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
    numbers, found = [], []
    for stop in stops(page):
        if stop is None or (numbers and stop["number"] == 0):
            break  # the whole way round
        if numbers and stop["number"] <= numbers[-1]:
            return [*found, f"the keyboard is caught at {stop['name']}"]
        if len(numbers) == MOST:
            found.append("the keyboard does not find the end of the page")
            break
        numbers.append(stop["number"])
        if not stop["seen"]:
            found.append(f"the focus is not to be seen at {stop['name']}")
    return found + [f"not reached by the keyboard: {name}" for name in page.evaluate(MISSED)]


def stops(page: object) -> Iterator[dict[str, object] | None]:
    """Where the focus goes while Tab is held down; None outside of the page."""
    page.evaluate(RECORD)
    while True:
        page.keyboard.press(HELD)
        yield from page.evaluate("window.take()")
