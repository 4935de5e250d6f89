// An editor for a cell. Tab leaves it, as everywhere on the page: Control and a bracket move a line in or out.

import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colour = (tag, name, more = {}) => ({ tag, color: `var(--live-${name})`, ...more });
const LOOK = HighlightStyle.define([
  colour([tags.keyword, tags.operatorKeyword, tags.modifier, tags.self], "keyword"),
  colour([tags.string, tags.special(tags.string)], "string"),
  colour([tags.number, tags.bool, tags.null], "number"),
  colour(tags.comment, "comment", { fontStyle: "italic" }),
  colour([tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], "name"),
]);

/** An editor in `parent`; `run(next)` is called for Shift+Enter (with true) and Control+Enter. */
export function editor(parent, source, label, { locked, changed, run }) {
  const keys = [
    { key: "Shift-Enter", run: () => (run(true), true) },
    { key: "Mod-Enter", run: () => (run(false), true) },
  ];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: source,
      extensions: [
        Prec.highest(keymap.of(keys)),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
        [history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), autocompletion({ activateOnTyping: false })],
        [python(), indentUnit.of("    "), syntaxHighlighting(LOOK), EditorView.lineWrapping],
        EditorState.readOnly.of(locked),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    text: () => view.state.doc.toString(),
    set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
  };
}
