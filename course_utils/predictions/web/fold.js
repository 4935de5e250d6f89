// In a workbook the paragraph that tells what came out is folded (course_utils/laying.py). Opened, it begins with
// what the learner had predicted, and counts as having looked.

function watchFolds(store) {
  document.addEventListener("toggle", async ({ target }) => {
    const name = target.id || target.dataset?.jupyterId; // JupyterLab renames it
    const id = name?.match(/^came-(\w+)$/)?.[1];
    if (!id || !target.open) return;
    await store.ready;
    const found = store.find(id);
    if (!found) return;
    const [lesson, record] = found;
    if (!target.querySelector(".you-said")) target.firstElementChild.after(make("p", { class: "you-said" }));
    const judged = make("b", {}, record.right ? "✓ As you said: " : "✗ You had said: ");
    target.querySelector(".you-said").replaceChildren(judged, record.said);
    if (!record.seen) store.put(lesson, id, { ...record, seen: true });
  }, true); // it does not bubble
}
