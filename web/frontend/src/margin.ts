/** Facts in the margin: each note level with its quote, and the way between the two. */
import { moveBy } from "./keyboard";

const GAP = 3; // pixels between two notes

export function startMargin(text: HTMLElement): void {
  const notes = [...text.querySelectorAll<HTMLElement>(".note")];
  if (!notes.length) return;
  const quotes = new Map<string, HTMLElement[]>();
  for (const run of text.querySelectorAll<HTMLElement>("[data-facts]"))
    for (const number of (run.dataset["facts"] ?? "").split(" ")) quotes.set(number, [...(quotes.get(number) ?? []), run]);
  const runsOf = (note: HTMLElement): HTMLElement[] => quotes.get(note.dataset["note"] ?? "") ?? [];
  const narrow = matchMedia("(max-width: 52rem)");

  const place = (): void => {
    text.classList.toggle("placed", !narrow.matches);
    if (narrow.matches) return;
    const top = text.getBoundingClientRect().top;
    const heights = notes.map((note) => note.offsetHeight);
    let free = 0;
    notes.forEach((note, i) => {
      const level = (runsOf(note)[0]?.getClientRects()[0]?.top ?? top) - top;
      const at = Math.max(level, free);
      note.style.top = `${at}px`;
      free = at + (heights[i] ?? 0) + GAP;
    });
  };

  let active: HTMLElement | undefined;
  const activate = (note: HTMLElement | undefined): void => {
    for (const element of [active, ...(active ? runsOf(active) : [])]) element?.classList.remove("active");
    for (const element of [note, ...(note ? runsOf(note) : [])]) element?.classList.add("active");
    active = note;
  };

  const show = (note: HTMLElement): void => {
    activate(note);
    if (narrow.matches) note.closest(".notes")?.classList.add("open");
    runsOf(note)[0]?.scrollIntoView({ block: "center" });
  };

  for (const note of notes) {
    note.addEventListener("mouseenter", () => activate(note));
    note.addEventListener("focusin", () => activate(note));
    note.querySelector(".to-quote")?.addEventListener("click", (event) => {
      event.preventDefault();
      const { start, end } = note.dataset;
      history.replaceState(null, "", `#char=${start},${end}`);
      window.dispatchEvent(new HashChangeEvent("hashchange"));
      show(note);
    });
  }
  text.addEventListener("click", (event) => {
    const run = (event.target as HTMLElement).closest<HTMLElement>("[data-facts]");
    if (!run || getSelection()?.toString()) return;
    const numbers = (run.dataset["facts"] ?? "").split(" ");
    const at = active ? numbers.indexOf(active.dataset["note"] ?? "") : -1;
    const note = text.querySelector<HTMLElement>(`#note-${numbers[(at + 1) % numbers.length]}`);
    if (!note) return;
    activate(note);
    const held = note.closest(".notes");
    if (narrow.matches) held?.classList.toggle("open", at < 0 || !held.classList.contains("open"));
    note.scrollIntoView({ block: "nearest" });
  });
  text.addEventListener("mouseover", (event) => {
    const run = (event.target as HTMLElement).closest<HTMLElement>("[data-facts]");
    const first = run?.dataset["facts"]?.split(" ")[0];
    if (first && !narrow.matches) activate(text.querySelector<HTMLElement>(`#note-${first}`) ?? undefined);
  });
  moveBy((by) => {
    const at = active ? notes.indexOf(active) : -1;
    const next = notes[at < 0 ? 0 : at + by];
    if (!next) return;
    show(next);
    next.querySelector<HTMLElement>(".to-quote")?.focus({ preventScroll: true });
  });

  new ResizeObserver(place).observe(text);
  narrow.addEventListener("change", place);
  place();
}
