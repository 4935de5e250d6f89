// The learner's work, kept in this browser, and as a notebook: exported for handing in, imported again.

import { get, set, del } from "idb-keyval";

const KEPT = "carousel-live"; // of localStorage, for live.js: pages with work
const DONE = "problems solved";

export const read = async (page) => (await get(page).catch(() => null)) ?? { cells: {} };

/** Keep what was written on a page, and what came out; false where the browser keeps nothing. */
export async function keep(page, cells) {
  try {
    const used = Object.keys(cells).length > 0;
    await (used ? set(page, { cells, at: Date.now() }) : del(page));
    const pages = new Set(JSON.parse(localStorage.getItem(KEPT) ?? "[]"));
    if (used) pages.add(page);
    else pages.delete(page);
    localStorage.setItem(KEPT, JSON.stringify([...pages]));
    return true;
  } catch {
    return false;
  }
}

/** The scores of all problems, of every set. */
export const solved = async () => (await get(DONE).catch(() => null)) ?? {};
export const keepSolved = (scores) => set(DONE, scores).catch(() => {});

/** The notebook with the learner's cells in it. */
export function written(notebook, cells) {
  const copy = structuredClone(notebook);
  for (const cell of copy.cells) {
    const mine = cells[cell.id];
    if (!mine || cell.cell_type !== "code") continue;
    cell.source = mine.source;
    cell.outputs = (mine.outputs ?? []).map(output).filter(Boolean);
    cell.execution_count = null;
  }
  const own = Object.entries(cells).filter(([, { after }]) => after);
  for (const [id, { source, outputs, after }] of own) {
    const place = copy.cells.findIndex((cell) => cell.id === after);
    const cell = { cell_type: "code", execution_count: null, id, metadata: {}, outputs: (outputs ?? []).map(output).filter(Boolean), source };
    copy.cells.splice((place < 0 ? copy.cells.length : place) + 1, 0, cell);
  }
  return new Blob([JSON.stringify(copy, null, 1) + "\n"], { type: "application/x-ipynb+json" });
}

function output({ say, name, text, data, error }) {
  if (say === "text") return { output_type: "stream", name, text };
  if (say === "show") return { output_type: "display_data", data, metadata: {} };
  if (!error) return null;
  const [ename, ...rest] = error.words.split(": ");
  return { output_type: "error", ename, evalue: rest.join(": "), traceback: [...error.lines, error.words] };
}

/** What the code cells of a notebook hold: `found`, by the ids of ours (by their place, if it knows none of these),
 * and `own`, those that the learner has added. */
export function taken(ours, theirs) {
  const code = ({ cells }) => cells.filter((cell) => cell.cell_type === "code");
  const source = (cell) => [cell.source].flat().join("");
  const [mine, given] = [code(ours), code(theirs)];
  const ids = new Set(mine.map((cell) => cell.id));
  const found = {};
  const own = [];
  if (given.some((cell) => ids.has(cell.id))) {
    let after = mine[0].id;
    for (const cell of given) {
      if (ids.has(cell.id)) found[(after = cell.id)] = source(cell);
      else if (source(cell).trim()) own.push({ after, id: cell.id, source: source(cell) });
    }
  } else mine.forEach(({ id }, place) => given[place] && (found[id] = source(given[place])));
  return { found, own };
}
