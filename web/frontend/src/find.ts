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
  let shown = ""; // the words whose places are marked
  let wished = 0; // the step to take once the places are here

  /** Returns the first place that is not above the screen, so that the first step goes on from where one reads. */
  const ahead = (): number => {
    const at = places.findIndex((place) => (place[0]?.getBoundingClientRect().top ?? -1) >= 0);
    return Math.max(at, 0);
  };
  const go = (by: number): void => {
    if (!places.length) return;
    now = now < 0 ? ahead() - Number(by < 0) : now + by;
    now = (now + places.length) % places.length;
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
    count.textContent = places.length ? word("found", { n: places.length }) : shown ? word("no-places") : "";
    if (wished) go(wished);
    wished = 0;
  };
  const ask = async (): Promise<void> => {
    const query = input.value.trim();
    const asked = `/reports/${encodeURIComponent(report)}/find?q=${encodeURIComponent(query)}`;
    const answer: { places: [number, number][] } = query ? await (await fetch(asked)).json() : { places: [] };
    if (query !== input.value.trim()) return;
    shown = query;
    show(answer.places);
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
      wished = event.shiftKey ? -1 : 1;
      if (shown !== input.value.trim()) return later();
      go(wished);
      wished = 0;
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of form.querySelectorAll<HTMLButtonElement>("[data-step]"))
    button.addEventListener("click", () => go(Number(button.dataset["step"])));
  if (!input.value) return;
  wished = Number(!location.hash);
  later();
}
