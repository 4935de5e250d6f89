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
  return new Blob([JSON.stringify(copy, null, 1) + "\n"], { type: "application/x-ipynb+json" });
}

function output({ say, name, text, data, error }) {
  if (say === "text") return { output_type: "stream", name, text };
  if (say === "show") return { output_type: "display_data", data, metadata: {} };
  if (!error) return null;
  const [ename, ...rest] = error.words.split(": ");
  return { output_type: "error", ename, evalue: rest.join(": "), traceback: [...error.lines, error.words] };
}

/** What the code cells of a notebook hold, by the ids of ours: found by id, else by their place. */
export function taken(ours, theirs) {
  const code = ({ cells }) => cells.filter((cell) => cell.cell_type === "code");
  const source = (cell) => [cell.source].flat().join("");
  const [mine, given] = [code(ours), code(theirs)];
  const byId = new Map(given.map((cell) => [cell.id, cell]));
  const known = mine.some((cell) => byId.has(cell.id));
  const found = mine.map((cell, place) => [cell.id, known ? byId.get(cell.id) : given[place]]);
  return Object.fromEntries(found.filter(([, cell]) => cell).map(([id, cell]) => [id, source(cell)]));
}
