/** Completing names in a query: prefixed names by their beginning, and words of any language by the labels of ours. */
import type Yasqe from "@zazuko/yasqe";

type Editor = InstanceType<typeof Yasqe>;

interface Term {
  name: string;
  kind: string;
  label: string;
  language: string;
  uses: number;
}

const LEAST = 3; // letters of a Latin word before names are offered unasked; a word in another script needs two
const TYPED = /[\p{L}\p{N}_:.-]+$/u;
// What a query is made of is never looked up while it is typed.
const GRAMMAR = new Set(
  (
    "select distinct reduced where from named construct describe ask prefix base order by asc desc limit offset group having " +
    "filter optional union minus graph service bind values undef exists not in as count sum min max avg sample group_concat " +
    "separator silent str lang langmatches datatype bound iri uri bnode rand abs ceil floor round concat strlen ucase lcase " +
    "contains strstarts strends strbefore strafter year month day now coalesce sameterm isiri isuri isblank isliteral isnumeric " +
    "regex substr replace true false"
  ).split(" "),
);

interface Place {
  text: string;
  from: { line: number; ch: number };
  to: { line: number; ch: number };
  kind: string;
  after: string;
}

/** Returns the word before the caret that could become a name; undefined inside of strings, comments, IRIs, variables. */
function typed(editor: Editor): Place | undefined {
  const doc = editor.getDoc();
  const at = doc.getCursor();
  const before = doc.getLine(at.line).slice(0, at.ch);
  const text = TYPED.exec(before)?.[0];
  if (!text || doc.somethingSelected()) return undefined;
  const ahead = before.slice(0, before.length - text.length);
  const token = editor.getTokenAt(at);
  if (/[?$<@"']$/.test(ahead) || /string(?!-2)|comment/.test(token.type ?? "")) return undefined;
  const after = /(\S+)\s+$/.exec(ahead)?.[1] ?? "";
  return { text, from: { line: at.line, ch: at.ch - text.length }, to: { line: at.line, ch: at.ch }, kind: after === "a" ? "class" : "", after };
}

/** Says whether names are offered for a word without being asked for. */
function isTelling(text: string): boolean {
  if (/^[\w:.-]*$/.test(text)) return text.includes(":") ? /:\w/.test(text) : text.length >= LEAST && !GRAMMAR.has(text.toLowerCase());
  return text.length >= 2;
}

function render(term: Term) {
  return (line: HTMLElement): void => {
    const label = Object.assign(document.createElement("span"), { className: "label", textContent: term.label, lang: term.language });
    const name = Object.assign(document.createElement("code"), { textContent: term.name });
    const uses = Object.assign(document.createElement("span"), { className: "uses", textContent: term.uses ? String(term.uses) : "" });
    line.append(name, label, uses);
  };
}

/** Starts completion; `prefixes` are declared in the query when a name needs them. */
export function startCompletion(editor: Editor, prefixes: Record<string, string>): () => void {
  const ui = document.documentElement.lang;
  let asked = 0;

  const declare = (name: string): void => {
    const prefix = name.split(":")[0] ?? "";
    const iri = prefixes[prefix];
    if (iri && !(prefix in editor.getPrefixesFromQuery())) editor.addPrefixes({ [prefix]: iri });
  };
  const find = async (place: Place): Promise<Term[]> => {
    const query = new URLSearchParams({ q: place.text, ui, ...(place.kind && { kind: place.kind }), after: place.after.slice(0, 100) });
    const answer = await fetch(`/api/terms?${query}`);
    return answer.ok ? ((await answer.json()) as { terms: Term[] }).terms : [];
  };
  const offer = async (): Promise<void> => {
    const place = typed(editor);
    const turn = ++asked;
    if (!place) return;
    const terms = await find(place).catch(() => []);
    if (turn !== asked || typed(editor)?.text !== place.text || !terms.length) return;
    const list = terms.map((term) => ({
      text: term.name,
      render: render(term),
      hint: (): void => {
        editor.getDoc().replaceRange(`${term.name} `, place.from, place.to);
        declare(term.name);
      },
    }));
    editor.showHint({
      hint: () => ({ list, from: place.from, to: place.to }),
      completeSingle: false,
      closeCharacters: /[\s>"]/,
      container: editor.rootEl,
    } as unknown as Parameters<Editor["showHint"]>[0]);
  };
  editor.on("focus" as "change", () => void find({ text: "o:", kind: "class", after: "" } as Place).catch(() => [])); // wakes the server's list
  editor.on("inputRead" as "change", () => {
    const place = typed(editor);
    if (place && isTelling(place.text)) void offer();
  });
  return () => void offer();
}
