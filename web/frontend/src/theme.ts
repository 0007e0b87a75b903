/** Light, dark, or as the system wishes; kept in a cookie so that the server can write it into the page. */
import { say, word } from "./words";

const CHOICES = ["", "light", "dark"] as const;
const YEAR = 31_536_000;

export function startTheme(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-switch]");
  button?.addEventListener("click", () => {
    const root = document.documentElement;
    const now = CHOICES.findIndex((choice) => choice === (root.dataset["theme"] ?? ""));
    const next = CHOICES[(now + 1) % CHOICES.length] ?? "";
    if (next) root.dataset["theme"] = next;
    else delete root.dataset["theme"];
    document.cookie = `theme=${next}; path=/; max-age=${next ? YEAR : 0}; samesite=lax`;
    say(word(next === "" ? "theme-auto" : next === "light" ? "theme-light" : "theme-dark"));
  });
}
