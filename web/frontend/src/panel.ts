/** The query beside an answer: edit, run in place, and see which evidence its rows speak of. */
import { offsetOf, startInk } from "./ink";
import { word } from "./words";

/** Returns a link to an evidence card, with its number. */
function badge(card: HTMLElement): HTMLAnchorElement {
  const link = document.createElement("a");
  link.className = "note-mark";
  link.href = `#${card.id}`;
  link.textContent = card.id.replace("evidence-", "");
  return link;
}

function joinRows(panel: HTMLElement): void {
  for (const row of panel.querySelectorAll<HTMLTableRowElement>("tbody tr")) {
    const facts = [...row.querySelectorAll<HTMLAnchorElement>("a[href^='/fact/']")].map((link) => link.getAttribute("href"));
    const cards = [...document.querySelectorAll<HTMLElement>("[data-fact]")].filter((card) =>
      facts.some((path) => path && card.dataset["fact"]?.endsWith(path)),
    );
    for (const link of row.querySelectorAll<HTMLAnchorElement>("a[href^='/fact/']")) {
      link.classList.add("row");
      const card = cards.find((each) => each.dataset["fact"]?.endsWith(link.getAttribute("href") ?? " "));
      if (card) link.before(badge(card));
    }
    const link = (on: boolean) => (): void => {
      for (const each of [row, ...cards]) each.classList.toggle("linked", on && cards.length > 0);
    };
    row.addEventListener("mouseenter", link(true));
    row.addEventListener("mouseleave", link(false));
    row.addEventListener("focusin", link(true));
    row.addEventListener("focusout", link(false));
  }
}

function startArea(panel: HTMLFormElement): void {
  const area = panel.querySelector<HTMLTextAreaElement>("[data-sparql]");
  if (!area) return;
  startInk(area);
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    panel.requestSubmit();
  });
  const line = Number(area.dataset["line"] ?? 0);
  if (line) {
    const at = offsetOf(area.value, line, Number(area.dataset["column"] ?? 1));
    area.focus({ preventScroll: true });
    area.setSelectionRange(at, at);
  }
}

function startEditorLink(panel: HTMLFormElement): void {
  const link = panel.querySelector<HTMLAnchorElement>("[data-editor]");
  const area = panel.querySelector<HTMLTextAreaElement>("[data-sparql]");
  link?.addEventListener("click", () => {
    link.href = `/sparql?query=${encodeURIComponent(area?.value ?? "")}`;
  });
}

const CONTROLS = "[data-sparql], .run button";

/** Puts a fresh panel in the place of another; the focus, the caret and what was scrolled stay where they were. */
function swap(panel: HTMLFormElement, fresh: HTMLFormElement): void {
  const at = [...panel.querySelectorAll<HTMLElement>(CONTROLS)].findIndex((each) => each === document.activeElement);
  const before = panel.querySelector<HTMLTextAreaElement>("[data-sparql]");
  panel.replaceWith(fresh);
  startPanel(fresh);
  const after = fresh.querySelector<HTMLTextAreaElement>("[data-sparql]");
  // Where the query is wrong, the caret already stands at the place.
  if (before && after && !after.dataset["line"]) after.setSelectionRange(before.selectionStart, before.selectionEnd);
  fresh.querySelectorAll<HTMLElement>(CONTROLS)[after?.dataset["line"] ? 0 : at]?.focus({ preventScroll: true });
}

async function run(panel: HTMLFormElement): Promise<void> {
  const state = new URLSearchParams(new FormData(panel) as unknown as Record<string, string>);
  const button = panel.querySelector<HTMLButtonElement>(".run button");
  const result = panel.querySelector<HTMLElement>("[data-result]");
  button?.setAttribute("aria-busy", "true");
  if (result) {
    result.textContent = `${word("running")}…`;
    result.insertAdjacentHTML("beforeend", '<div class="skeleton"></div>'.repeat(4));
  }
  try {
    const answer = await fetch(`/panel?${state}`, { headers: { "X-Requested-With": "panel" } });
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector<HTMLFormElement>("[data-panel]");
    if (!fresh) throw new Error(answer.statusText);
    swap(panel, fresh);
    history.replaceState(null, "", `/?${state}`);
  } catch {
    button?.removeAttribute("aria-busy");
    if (result) result.textContent = word("unreachable");
  }
}

/** Makes a panel run in place. */
export function startPanel(panel: HTMLFormElement): void {
  startArea(panel);
  startEditorLink(panel);
  joinRows(panel);
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    void run(panel);
  });
}
