/** Reading with the keyboard: `/` asks, `j` and `k` move, Enter opens, `?` explains. */

type Step = (by: 1 | -1) => void;

let step: Step = stepThroughItems;

/** Lets a page move in its own way. */
export function moveBy(own: Step): void {
  step = own;
}

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.("input, textarea, select, [contenteditable], .CodeMirror");
}

function stepThroughItems(by: 1 | -1): void {
  const items = [...document.querySelectorAll<HTMLElement>("[data-item]")].filter((item) => item.checkVisibility());
  const at = items.findIndex((item) => item === document.activeElement || item.contains(document.activeElement));
  const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by];
  if (!next) return;
  if (!next.hasAttribute("href")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function open(): boolean {
  const item = document.activeElement;
  if (!(item instanceof HTMLElement) || !item.matches("[data-item]:not(a)")) return false;
  item.querySelector<HTMLAnchorElement>("[data-open]")?.click();
  return true;
}

function focusBox(): void {
  const find = document.querySelector<HTMLInputElement>("[data-find] input");
  const box = find ?? document.querySelector<HTMLInputElement>("#q");
  box?.focus();
  box?.select();
}

export function startKeyboard(): void {
  const keys = document.querySelector<HTMLDialogElement>("#keys");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) (event.target as HTMLElement).blur();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const actions: Record<string, () => void> = {
      "/": focusBox,
      j: () => step(1),
      k: () => step(-1),
      "?": () => keys?.showModal(),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    } else if (event.key === "Enter" && open()) event.preventDefault();
  });
}
