/** The reader: the quote that the address names, the margin, the find box, and the place in the outline. */
import { startFind } from "./find";
import { startMargin } from "./margin";
import { markUp, unmark } from "./offsets";

function showQuote(text: HTMLElement): void {
  const place = /^#char=(\d+),(\d+)$/.exec(decodeURIComponent(location.hash));
  if (!place) {
    // The server has marked the quote of ?start=&end=; an address without a fragment leaves the scrolling to us.
    if (!location.hash) text.querySelector("#quote")?.scrollIntoView({ block: "center", behavior: "instant" });
    return;
  }
  unmark(text, "quote");
  const [first] = markUp(text, Number(place[1]), Number(place[2]), "quote");
  if (!first) return;
  first.id = "quote";
  first.scrollIntoView({ block: "center", behavior: "instant" });
}

const LINE = 144; // pixels from the top; a heading above it is the one that is read: a link of the outline stops at 112

function startOutline(text: HTMLElement): void {
  const links = new Map(
    [...document.querySelectorAll<HTMLAnchorElement>(".outline a")].map((link) => [link.hash.slice(1), link]),
  );
  const headings = [...text.querySelectorAll<HTMLElement>(".heading")];
  const watcher = new IntersectionObserver(
    () => {
      const above = headings.filter((heading) => heading.getBoundingClientRect().top < LINE);
      const here = above.at(-1);
      for (const [id, link] of links) {
        const on = id === here?.id;
        if (on && !link.classList.contains("here")) reveal(link);
        link.classList.toggle("here", on);
      }
    },
    { rootMargin: `0px 0px ${LINE - innerHeight}px 0px` },
  );
  for (const heading of headings) watcher.observe(heading);
}

/** Scrolls the outline, and only the outline, so far that a line can be seen. */
function reveal(link: HTMLElement): void {
  const frame = link.closest<HTMLElement>(".outline");
  if (!frame || frame.scrollHeight <= frame.clientHeight) return;
  const [line, box] = [link.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (line.top < box.top + 40 || line.bottom > box.bottom - 40) frame.scrollTop += line.top - box.top - box.height / 3;
}

export function startReader(): void {
  const reader = document.querySelector<HTMLElement>("[data-reader]");
  const text = reader?.querySelector<HTMLElement>("[data-text]");
  const form = reader?.querySelector<HTMLFormElement>("[data-find]");
  if (!reader || !text) return;
  const outline = reader.querySelector<HTMLDetailsElement>(".outline details");
  if (outline && matchMedia("(max-width: 75rem)").matches) outline.open = false;
  startMargin(text);
  startOutline(text);
  if (form) startFind(text, form, reader.dataset["reader"] ?? "");
  showQuote(text);
  addEventListener("hashchange", () => showQuote(text));
}
