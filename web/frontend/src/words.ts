/** The words of the interface that scripts need, in the language of the page; the server writes them into it. */
const words: Record<string, string> = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** Returns a text with its `{slots}` filled. */
export function word(key: string, slots: Record<string, string | number> = {}): string {
  const text = words[`js.${key}`] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(slots[name] ?? ""));
}

let toast: HTMLElement | undefined;

/** Says something in passing. */
export function say(text: string): void {
  toast?.remove();
  toast = document.createElement("p");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  toast.textContent = text;
  document.body.append(toast);
  const shown = toast;
  setTimeout(() => shown.remove(), 1600);
}
