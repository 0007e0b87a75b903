/** Colours for SPARQL in a plain textarea: a painted copy lies under the transparent text. */

const TOKENS =
  /(?<comment>#[^\n]*)|(?<string>"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<iri><[^<>"{}|^`\\\s]*>)|(?<variable>[?$]\w+)|(?<name>[A-Za-z][\w-]*:[\w.%-]*|[\w-]*:[\w%-]+)|(?<keyword>\b(?:PREFIX|BASE|SELECT|CONSTRUCT|DESCRIBE|ASK|WHERE|FROM|NAMED|GRAPH|SERVICE|SILENT|OPTIONAL|UNION|MINUS|FILTER|BIND|VALUES|AS|DISTINCT|REDUCED|ORDER|GROUP|BY|HAVING|LIMIT|OFFSET|ASC|DESC|NOT|EXISTS|IN|COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT|SEPARATOR|IF|COALESCE|BOUND|STR|LANG|LANGMATCHES|DATATYPE|REGEX|CONTAINS|STRSTARTS|STRENDS|IRI|UNDEF|a)\b)/gi;

/** Returns where a line and column (both from 1) stand in a text. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return Math.min(before + column - 1, text.length);
}

function paint(ink: HTMLElement, text: string, wrong: number): void {
  const parts: (string | Node)[] = [];
  let at = 0;
  const plain = (end: number): void => {
    if (wrong >= at && wrong < end) {
      const mark = document.createElement("span");
      mark.className = "wrong";
      mark.textContent = text.slice(wrong, wrong + 1);
      parts.push(text.slice(at, wrong), mark, text.slice(wrong + 1, end));
    } else parts.push(text.slice(at, end));
    at = end;
  };
  for (const match of text.matchAll(TOKENS)) {
    plain(match.index);
    const end = match.index + match[0].length;
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0] ?? "";
    const span = document.createElement("span");
    span.className = wrong >= match.index && wrong < end ? `${kind} wrong` : kind;
    span.textContent = match[0];
    parts.push(span);
    at = end;
  }
  plain(text.length);
  ink.replaceChildren(...parts, "\n");
}

/** Paints a textarea as long as it is edited. */
export function startInk(area: HTMLTextAreaElement): void {
  const box = area.parentElement;
  if (!box) return;
  const ink = document.createElement("pre");
  ink.className = "ink";
  ink.setAttribute("aria-hidden", "true");
  box.insertBefore(ink, area);
  box.classList.add("inked");
  const line = Number(area.dataset["line"] ?? 0);
  let wrong = line ? offsetOf(area.value, line, Number(area.dataset["column"] ?? 1)) : -1;
  const repaint = (): void => paint(ink, area.value, wrong);
  area.addEventListener("input", () => {
    wrong = -1;
    repaint();
  });
  repaint();
}
