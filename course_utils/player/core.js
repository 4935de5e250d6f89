// Small things that every part of the player needs. The files of this folder are joined into one
// module (bundle.py); nothing is fetched.

const SVG = "http://www.w3.org/2000/svg";

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const mix = (from, to, share) => from + (to - from) * share;

/** How far `phase` (0 to 1) has come between two moments, smoothly. */
function ease(phase, from, to) {
  const share = clamp((phase - from) / (to - from), 0, 1);
  return share * share * (3 - 2 * share);
}

/** An HTML element with attributes and children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

function makeSvg(tag, attributes = {}) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A norm given as its decimal logarithm: 0.17, or 3·10⁻⁸; null is zero. */
function readable(log) {
  if (log == null) return "0";
  const value = 10 ** log;
  if (value >= 99.5) return value.toFixed(0);
  if (value >= 0.0995) return value.toPrecision(2).replace(/^(\d{3,})\..*/, "$1");
  if (value >= 0.00995) return value.toPrecision(1);
  const [digit, power] = value.toExponential(0).split("e");
  return `${digit}·10${[...String(Number(power))].map((sign) => SUPERSCRIPTS[sign]).join("")}`;
}

/** The same for a voice. */
function spoken(log) {
  if (log == null) return "zero";
  const value = 10 ** log;
  if (value >= 99.5) return value.toFixed(0);
  if (value >= 0.00995) return value.toPrecision(2);
  const [digit, power] = value.toExponential(0).split("e");
  return `${digit} times 10 to the minus ${-Number(power)}`;
}

/** The share of full width, 0 to 1, of a norm given as its decimal logarithm. */
function share(log, scale) {
  return log == null ? 0 : clamp((log - scale.low) / (scale.high - scale.low), 0, 1);
}

/** A colour between negative and positive; the theme says which they are. */
function tone(value) {
  const amount = Math.round(100 * clamp(Math.abs(value), 0, 1));
  return `color-mix(in srgb, var(--cp-${value < 0 ? "negative" : "positive"}) ${amount}%, var(--cp-zero))`;
}
