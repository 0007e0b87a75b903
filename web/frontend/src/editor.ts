/** The SPARQL editor: YASGUI, pointed at our endpoint, with our prefixes, reaching for nothing outside. */
import Yasgui from "@zazuko/yasgui";

interface State {
  prefixes: Record<string, string>;
  first: string;
  base: string;
}

const state: State = JSON.parse(document.getElementById("editor-state")?.textContent ?? "{}");
const holder = document.getElementById("yasgui");

/** Keeps the completions that need no network: variables, and our own prefixes. */
function keepToOurselves(): void {
  const own = Object.entries(state.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`);
  Yasgui.Yasqe.forkAutocompleter("prefixes", { name: "tantu-prefixes", get: () => own, persistenceId: null });
  Yasgui.Yasqe.defaults.autocompleters = ["variables", "tantu-prefixes"];
}

/** Lets tables show values without quotation marks and datatypes until somebody asks for them. */
function keepTablesPlain(): void {
  const table = Yasgui.Yasr.plugins["table"] as { prototype: { draw(config: object): unknown }; defaults: object } | undefined;
  if (!table) return;
  const draw = table.prototype.draw;
  table.prototype.draw = function (config: object): unknown {
    return draw.call(this, { compact: true, ...config });
  };
  table.defaults = { ...table.defaults, openIriInNewWindow: false };
}

/** Declares the prefixes of ours that a query uses without saying so. */
function declare(yasqe: InstanceType<typeof Yasgui.Yasqe>): void {
  const text = yasqe.getValue().replace(/<[^<>\s]*>|"[^"\n]*"|#[^\n]*/g, "");
  const known = yasqe.getPrefixesFromQuery();
  for (const [, prefix] of text.matchAll(/([A-Za-z_][\w-]*):/g)) {
    const iri = prefix && state.prefixes[prefix];
    if (prefix && iri && !(prefix in known)) yasqe.addPrefixes({ [prefix]: iri });
  }
}

/** Shows what the endpoint says of a query that it did not run. */
async function renderProblem(error: { text?: string }): Promise<HTMLElement | undefined> {
  try {
    const { message, remedy } = (JSON.parse(error.text ?? "") as { error: { message: string; remedy: string } }).error;
    const box = document.createElement("div");
    box.className = "problem";
    box.lang = "en";
    for (const text of [message, remedy]) box.append(Object.assign(document.createElement("p"), { textContent: text }));
    return box;
  } catch {
    return undefined;
  }
}

/** Sends links to our IRIs to the pages of this very site. */
function openHere(event: Event): void {
  const link = (event.target as HTMLElement).closest?.<HTMLAnchorElement>("a[href]");
  if (!link?.href.startsWith(state.base)) return;
  const path = link.href.slice(state.base.length);
  const span = /^doc\/([^/#]+)(?:#(?:offset|passage)_(\d+)_(\d+))?$/.exec(path);
  link.href = span ? `/reports/${span[1]}${span[2] ? `?start=${span[2]}&end=${span[3]}#char=${span[2]},${span[3]}` : ""}` : `/${path}`;
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

/** Lets a button run the query once more to see what it does. */
function offerExplanation(endpoint: string, query: () => string): void {
  const box = document.querySelector<HTMLElement>(".explained");
  const shown = box?.querySelector("pre");
  if (!box || !shown) return;
  box.hidden = false;
  box.querySelector("button")?.addEventListener("click", async () => {
    const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams({ query: query(), explain: "true" }) });
    shown.textContent = told((await answer.json()) as Explanation);
    shown.hidden = false;
  });
}

function start(parent: HTMLElement): void {
  keepToOurselves();
  keepTablesPlain();
  Yasgui.Yasr.defaults.errorRenderers = [renderProblem];
  parent.replaceChildren();
  const endpoint = new URL(parent.dataset["endpoint"] ?? "/sparql", location.href).href;
  const yasgui = new Yasgui(parent, {
    autofocus: !matchMedia("(max-width: 60rem)").matches, // on a phone the focus would scroll past the examples
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: false,
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    yasqe: { value: state.first },
    yasr: { prefixes: state.prefixes },
    persistenceId: "tantu-sparql",
  } as ConstructorParameters<typeof Yasgui>[1]);
  yasgui.on("queryBefore", (_: Yasgui, tab: ReturnType<Yasgui["addTab"]>) => declare(tab.getYasqe()));
  offerExplanation(endpoint, () => yasgui.getTab()?.getQuery() ?? "");
  for (const type of ["mouseover", "focusin", "click"]) parent.addEventListener(type, openHere, true);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-example]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const query = link.dataset["example"];
      const tab = yasgui.getTab();
      if (query === undefined || !tab) return;
      tab.setQuery(query);
      void tab.query();
    });
}

if (holder) start(holder);
