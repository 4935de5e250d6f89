// How the search ranks what Sphinx has found: an entry of the index, then a title, then words of a text.

/** How near a page is to what a reader asks for; pages for those who change the course come last. */
const NEAR = [
  [/^notebooks\//, 6],
  [/^(glossary|arguments|index|bibliography)$/, 5],
  [/^docs\/(working|claims|grading|hub|lti|data)$/, 4],
  [/^docs\/teach\/(README|plan|evening)/, 3],
  [/^exercises\//, 2],
  [/^docs\/teach\//, 0],
  [/^docs\//, -3],
];
const OF_KIND = { index: 100, title: 60, object: 40, text: 0 };

/** The section or entry that an anchor leads to, as a reader would name it. */
function section(doc, anchor) {
  const file = Search._index.docnames.indexOf(doc);
  const named = Object.entries(Search._index.alltitles)
    .find(([, places]) => places.some(([place, id]) => place === file && `#${id}` === anchor));
  const [, kind, name] = decodeURIComponent(anchor).match(/^#(?:(term|arg|source)-)?(.*)/);
  return named?.[0] ?? name.replaceAll("-", kind === "arg" ? "_" : " ");
}

var Scorer = {
  score: (item) => {
    const [doc, title, anchor, , score, , kind] = item;
    if (kind === "index" && anchor) item[1] = `${title} > ${section(doc, anchor)}`; // as Sphinx names a title
    const near = NEAR.find(([pages]) => pages.test(doc))?.[1] ?? 0;
    return OF_KIND[kind] + score + near;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
