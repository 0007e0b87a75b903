/** On paper nothing can be unfolded: what is folded in a page is opened for the print, and folded again after it. */

export function startPrinting(): void {
  const opened = new Set<HTMLDetailsElement>();
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll<HTMLDetailsElement>("details.more:not([open])")) {
      folded.open = true;
      opened.add(folded);
    }
  });
  addEventListener("afterprint", () => {
    for (const folded of opened) folded.open = false;
    opened.clear();
  });
}
