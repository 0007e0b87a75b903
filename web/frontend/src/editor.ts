/** The SPARQL editor: YASGUI, pointed at our endpoint, with our prefixes, reaching for nothing outside. */
import Yasgui from "@zazuko/yasgui";

interface State {
  prefixes: Record<string, string>;
  queries: string[];
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

/** Sends links to our IRIs to the pages of this very site. */
function openHere(event: Event): void {
  const link = (event.target as HTMLElement).closest?.<HTMLAnchorElement>("a[href]");
  if (!link?.href.startsWith(state.base)) return;
  const path = link.href.slice(state.base.length);
  const span = /^doc\/([^/#]+)(?:#(?:offset|passage)_(\d+)_(\d+))?$/.exec(path);
  link.href = span ? `/reports/${span[1]}${span[2] ? `?start=${span[2]}&end=${span[3]}#char=${span[2]},${span[3]}` : ""}` : `/${path}`;
}

function start(parent: HTMLElement): void {
  keepToOurselves();
  parent.replaceChildren();
  const endpoint = new URL(parent.dataset["endpoint"] ?? "/sparql", location.href).href;
  const yasgui = new Yasgui(parent, {
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: false,
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    yasqe: { value: state.queries[0] ?? "" },
    yasr: { prefixes: state.prefixes },
    persistenceId: "tantu-sparql",
  } as ConstructorParameters<typeof Yasgui>[1]);
  for (const type of ["mouseover", "focusin", "click"]) parent.addEventListener(type, openHere, true);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-example]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const query = state.queries[Number(link.dataset["example"])];
      const tab = yasgui.getTab();
      if (query === undefined || !tab) return;
      tab.setQuery(query);
      void tab.query();
    });
}

if (holder) start(holder);
