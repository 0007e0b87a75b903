/** Offsets of a report count Unicode code points; the browser counts UTF-16. This is the way from one to the other. */

export interface Spot {
  node: Text;
  start: number;
  end: number;
}

function points(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Returns where code point `offset` stands in a string. */
export function utf16(text: string, offset: number): number {
  let at = 0;
  for (let left = offset; left > 0 && at < text.length; left--) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** Returns the text nodes of the report in order, each with the code points it holds. */
export function spots(text: HTMLElement): Spot[] {
  const found: Spot[] = [];
  let at = 0;
  for (const block of text.querySelectorAll(".block")) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode as Text;
      const end = at + points(node.data);
      found.push({ node, start: at, end });
      at = end;
    }
  }
  return found;
}

/** Returns a range for each text node under `[start, end)`. */
export function ranges(all: Spot[], start: number, end: number): Range[] {
  return all
    .filter((spot) => spot.start < end && start < spot.end)
    .map((spot) => {
      const range = document.createRange();
      range.setStart(spot.node, utf16(spot.node.data, Math.max(0, start - spot.start)));
      range.setEnd(spot.node, utf16(spot.node.data, Math.min(end, spot.end) - spot.start));
      return range;
    });
}

/** Puts `<mark>` around the characters `[start, end)` and returns the marks. */
export function markUp(text: HTMLElement, start: number, end: number, kind: string): HTMLElement[] {
  return ranges(spots(text), start, end).map((range) => {
    const mark = document.createElement("mark");
    mark.className = kind;
    range.surroundContents(mark);
    return mark;
  });
}

/** Takes the marks of a kind away again; the characters stay. */
export function unmark(text: HTMLElement, kind: string): void {
  for (const mark of text.querySelectorAll<HTMLElement>(`mark.${kind}`)) {
    if (mark.dataset["facts"] || mark.classList.length > 1) {
      const span = document.createElement("span");
      for (const { name, value } of mark.attributes) if (name !== "id") span.setAttribute(name, value);
      span.classList.remove(kind);
      span.append(...mark.childNodes);
      mark.replaceWith(span);
    } else mark.replaceWith(...mark.childNodes);
  }
  text.normalize();
}
