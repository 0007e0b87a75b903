/** What every page does beyond its HTML. */
import { startFollowing, startUpload } from "./adding";
import { startKeyboard } from "./keyboard";
import { startPainting } from "./paint";
import { startPanel } from "./panel";
import { startPrinting } from "./print";
import { startReader } from "./reader";
import { startTheme } from "./theme";
import { say, word } from "./words";

const PATIENCE = 250; // milliseconds before a waiting page says so

function startCopying(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest("[data-copy]");
    const citation = button?.parentElement?.querySelector("[data-citation]")?.textContent;
    if (citation) void navigator.clipboard?.writeText(citation).then(() => say(word("copied")));
  });
}

/** Long passages are cut after some lines; a click shows the rest, and takes it away again. */
function startUnfolding(): void {
  for (const quote of document.querySelectorAll<HTMLElement>(".passage blockquote"))
    quote.addEventListener("click", () => {
      if (!getSelection()?.toString()) quote.closest(".passage")?.classList.toggle("open");
    });
}

function startWaiting(): void {
  const main = document.querySelector<HTMLElement>("main");
  for (const form of document.querySelectorAll<HTMLFormElement>("form.ask")) {
    form.addEventListener("submit", () => {
      setTimeout(() => {
        const waiting = document.createElement("div");
        waiting.className = "loading";
        waiting.setAttribute("role", "status");
        const text = document.createElement("p");
        text.textContent = `${word("searching")}…`;
        waiting.append(text);
        waiting.insertAdjacentHTML("beforeend", '<div class="skeleton"></div>'.repeat(7));
        main?.replaceChildren(waiting);
      }, PATIENCE);
    });
  }
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector(".loading")) location.reload();
  });
}

document.documentElement.classList.replace("no-js", "js");
startTheme();
startKeyboard();
startCopying();
startWaiting();
startUnfolding();
startReader();
startPrinting();
startPainting();
const panel = document.querySelector<HTMLFormElement>("[data-panel]");
if (panel) startPanel(panel);
const upload = document.querySelector<HTMLFormElement>("[data-upload]");
if (upload) startUpload(upload);
const change = document.querySelector<HTMLElement>("[data-change]");
if (change) startFollowing(change);
