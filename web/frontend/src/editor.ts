/** The SPARQL editor: Yasqe in the place of the text area; the server runs the query and makes the result. */
import Yasqe from "@zazuko/yasqe";
import { startCompletion } from "./completion";
import { say, word } from "./words";

type Editor = InstanceType<typeof Yasqe>;

interface State {
  prefixes: Record<string, string>;
  endpoint: string;
}

const KEPT = "tantu-query"; // where the browser keeps what was typed last
const state: State = JSON.parse(document.getElementById("editor-state")?.textContent ?? "{}");

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function keep(query: string): void {
  try {
    localStorage.setItem(KEPT, query);
  } catch {
    return;
  }
}

/** Returns the query that an address asks for; older links have it behind the hash sign. */
function asked(): string | null {
  return new URLSearchParams(location.search).get("query") ?? new URLSearchParams(location.hash.slice(1)).get("query");
}

function make(parent: HTMLElement, query: string, run: () => void): Editor {
  const own = Object.entries(state.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`);
  Yasqe.forkAutocompleter("prefixes", { name: "tantu-prefixes", get: () => own, persistenceId: null });
  let complete = (): void => undefined;
  const editor = new Yasqe(parent, {
    value: query,
    autofocus: !matchMedia("(max-width: 60rem)").matches, // on a phone the focus would scroll past the examples
    autocompleters: ["variables", "tantu-prefixes"],
    consumeShareLink: null,
    createShareableLink: null,
    persistenceId: null,
    showQueryButton: false,
    screenReaderLabel: word("editor"),
    editorHeight: "auto",
    viewportMargin: Infinity,
    resizeable: false,
    extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-Space": () => complete(), "Ctrl-S": () => undefined, Tab: false, "Shift-Tab": false },
  } as unknown as ConstructorParameters<typeof Yasqe>[1]);
  complete = startCompletion(editor, state.prefixes);
  return editor;
}

/** Lets a click on the head of a column order the rows by it: numbers by value, all else as the language orders it. */
function startSorting(result: HTMLElement): void {
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  for (const [column, head] of [...result.querySelectorAll("th")].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const each of result.querySelectorAll("th")) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = result.querySelector("tbody");
      const key = (row: HTMLTableRowElement): string => row.cells[column]?.textContent?.trim() ?? "";
      const compare = (one: string, other: string): number => Number(one) - Number(other) || order.compare(one, other);
      const rows = [...(body?.rows ?? [])].sort((one, other) => (down ? -1 : 1) * compare(key(one), key(other)));
      body?.append(...rows);
    });
  }
}

/** Declares the prefixes of ours that a query uses without saying so. */
function declare(editor: Editor): void {
  const text = editor.getValue().replace(/<[^<>\s]*>|"[^"\n]*"|#[^\n]*/g, "");
  const known = editor.getPrefixesFromQuery();
  for (const [, prefix] of text.matchAll(/([A-Za-z_][\w-]*):/g)) {
    const iri = prefix && state.prefixes[prefix];
    if (prefix && iri && !(prefix in known)) editor.addPrefixes({ [prefix]: iri });
  }
}

interface Explanation {
  rewritten: string;
  searches: Record<"service" | "text" | "line" | "candidates" | "hits" | "candidatesMs" | "ms", string | number | null>[];
  evaluation: { rows: number; bytes: number; similarities: number; ms: number };
  error?: { message: string };
}

/** Says which searches a query made and how long they took, and shows the query that the engine got. */
function told(found: Explanation): string {
  if (found.error) return found.error.message;
  const searches = found.searches.map(
    (made) =>
      `${made.service} (line ${made.line}) "${made.text}": ${made.hits} hits of ${made.candidates ?? "all"}, ` +
      `${made.ms} ms, candidates ${made.candidatesMs} ms`,
  );
  const { rows, bytes, similarities, ms } = found.evaluation;
  return [...searches, `${rows} rows, ${bytes} bytes, ${similarities} similarities asked for, ${ms} ms`, "", found.rewritten].join("\n");
}

function start(form: HTMLFormElement, place: HTMLElement, result: HTMLElement): void {
  const area = place.querySelector("textarea");
  const explained = document.querySelector<HTMLElement>(".explained");
  const run = (): void => void ask();
  const text = asked() ?? (result.childElementCount ? area?.value : kept()) ?? area?.value ?? "";
  place.replaceChildren();
  const editor = make(place, text.replace(/^\n/, ""), run);
  let turn: AbortController | undefined;

  const mark = (): void => {
    const problem = result.querySelector<HTMLElement>(".problem[data-line]");
    if (!problem) return;
    editor.getDoc().setCursor({ line: Number(problem.dataset["line"]) - 1, ch: Number(problem.dataset["column"]) - 1 });
  };
  /** Marks the example that has this very query. */
  const tell = (query: string): void => {
    for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-example]")) {
      const current = new URL(link.href).searchParams.get("query")?.trim() === query.trim();
      if (current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      if (current) link.closest("details")?.setAttribute("open", "");
    }
  };
  /** Runs the query and shows what the server makes of it; `axes` are the columns of the chart if some were chosen. */
  const ask = async (axes = "", remember = true): Promise<void> => {
    turn?.abort();
    turn = new AbortController();
    declare(editor);
    const query = editor.getValue();
    keep(query);
    const waiting = setTimeout(() => {
      result.setAttribute("aria-busy", "true");
      result.innerHTML = `<p class="rows">${word("running")}…</p>${'<div class="skeleton"></div>'.repeat(5)}`;
    }, 250);
    try {
      const body = new URLSearchParams({ query });
      const answer = await fetch(`${state.endpoint}/result?${axes}`, { method: "POST", body, signal: turn.signal });
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      const found = holder.content.querySelector<HTMLElement>(".result");
      if (!found) throw new Error(answer.statusText);
      clearTimeout(waiting);
      result.replaceChildren(found);
      startSorting(result);
      if (explained) explained.hidden = true;
      const address = found.dataset["address"] ?? state.endpoint;
      if (remember) history.pushState(null, "", address);
      tell(query);
      mark();
    } catch (error) {
      clearTimeout(waiting);
      if ((error as Error).name !== "AbortError") result.textContent = word("unreachable");
    } finally {
      result.removeAttribute("aria-busy");
    }
  };
  const explain = async (): Promise<void> => {
    if (!explained) return;
    declare(editor);
    const answer = await fetch(state.endpoint, { method: "POST", body: new URLSearchParams({ query: editor.getValue(), explain: "true" }) });
    explained.textContent = told((await answer.json()) as Explanation);
    explained.hidden = false;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void (event.submitter?.getAttribute("name") === "explain" ? explain() : ask());
  });
  result.addEventListener("change", (event) => {
    if (!(event.target as HTMLElement).matches("[data-axis]")) return;
    const chosen = [...result.querySelectorAll<HTMLSelectElement>("[data-axis]")].map((each) => [each.name, each.value]);
    void ask(new URLSearchParams(chosen).toString());
  });
  result.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("[data-permalink]");
    if (!link || !navigator.clipboard) return;
    event.preventDefault();
    void navigator.clipboard.writeText(link.href).then(() => say(word("copied-link")));
  });
  document.getElementById("examples")?.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("[data-example]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    editor.setValue(new URL(link.href).searchParams.get("query") ?? "");
    if (matchMedia("(max-width: 60rem)").matches) document.querySelector("[data-examples]")?.removeAttribute("open");
    void ask().then(() => place.scrollIntoView({ block: "nearest" }));
  });
  addEventListener("popstate", () => {
    const query = asked();
    if (query === null) return result.replaceChildren();
    editor.setValue(query);
    const axes = new URLSearchParams(location.search);
    axes.delete("query");
    void ask(axes.toString(), false);
  });
  if (matchMedia("(max-width: 60rem)").matches) document.querySelector("[data-examples]")?.removeAttribute("open");
  mark();
  startSorting(result);
  tell(editor.getValue());
  if (location.hash.startsWith("#query=")) void ask();
}

const form = document.querySelector<HTMLFormElement>("[data-editor-form]");
const place = document.querySelector<HTMLElement>("[data-editor-place]");
const result = document.getElementById("result");
if (form && place && result) start(form, place, result);
