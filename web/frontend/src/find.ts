/** Finding in a report: the server folds scripts and widths, the page shows the places. */
import { ranges, spots, unmark } from "./offsets";
import { word } from "./words";

const WAIT = 160; // milliseconds after the last key

export function startFind(text: HTMLElement, form: HTMLFormElement, report: string): void {
  const registry = CSS.highlights;
  if (!registry) return; // then the form asks the server, which marks the places itself
  const input = form.querySelector<HTMLInputElement>("input");
  const count = form.querySelector<HTMLElement>("[data-places]");
  if (!input || !count) return;
  let places: Range[][] = [];
  let now = -1;

  const go = (by: number): void => {
    if (!places.length) return;
    now = (now + by + places.length) % places.length;
    registry.set("found-now", new Highlight(...(places[now] ?? [])));
    places[now]?.[0]?.startContainer.parentElement?.scrollIntoView({ block: "center" });
    count.textContent = word("places", { i: now + 1, n: places.length });
  };
  const show = (found: [number, number][]): void => {
    unmark(text, "found");
    const all = spots(text);
    places = found.map(([start, end]) => ranges(all, start, end));
    now = -1;
    registry.set("found", new Highlight(...places.flat()));
    registry.delete("found-now");
    form.classList.toggle("some", places.length > 0);
    if (places.length) go(1);
    else count.textContent = input.value.trim() ? word("no-places") : "";
  };
  const ask = async (): Promise<void> => {
    const query = input.value.trim();
    const asked = `/reports/${encodeURIComponent(report)}/find?q=${encodeURIComponent(query)}`;
    const answer: { places: [number, number][] } = query ? await (await fetch(asked)).json() : { places: [] };
    if (query === input.value.trim()) show(answer.places);
  };

  let timer = 0;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask().catch(() => (count.textContent = word("unreachable"))), WAIT);
  };
  input.addEventListener("input", later);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (places.length) go(event.shiftKey ? -1 : 1);
      else later();
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of form.querySelectorAll<HTMLButtonElement>("[data-step]"))
    button.addEventListener("click", () => go(Number(button.dataset["step"])));
  if (input.value) later();
}
