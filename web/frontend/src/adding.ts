/** The pages for adding reports: how much of the files has been sent, and how far a change is. */
import { say, word } from "./words";

const LOOK = 1000; // milliseconds between two looks at a change

/** Sends the files of a form and says how much of them is there; without this, the browser sends the form itself. */
export function startUpload(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [...(form.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [])];
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length > Number(form.dataset["mostFiles"]) || size > Number(form.dataset["mostBytes"])) {
      say(word("too-much"));
      return;
    }
    send(form, new FormData(form));
  });
}

function send(form: HTMLFormElement, fields: FormData): void {
  const request = new XMLHttpRequest();
  const shown = form.querySelector<HTMLElement>("[data-sending]");
  const button = form.querySelector("button");
  if (shown) shown.hidden = false;
  if (button) button.disabled = true;
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const share = total ? loaded / total : 0;
    shown?.querySelector("progress")?.setAttribute("value", String(share));
    shown?.querySelector("span")?.replaceChildren(`${word("sending")} ${Math.round(100 * share)}%`);
  });
  request.addEventListener("load", () => {
    if (request.status === 200) location.assign(request.responseURL);
    else show(request.responseText, form);
  });
  request.addEventListener("error", () => {
    if (button) button.disabled = false;
    say(word("unreachable"));
  });
  request.open("POST", form.action);
  request.send(fields);
}

/** Shows the page that says why the files were not taken. */
function show(html: string, form: HTMLFormElement): void {
  const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  if (main) document.querySelector("main")?.replaceChildren(...main.childNodes);
  const again = document.querySelector<HTMLFormElement>("[data-upload]");
  if (again && again !== form) startUpload(again);
  scrollTo(0, 0);
}

/** Looks again and again at how far a change is, until it has ended. */
export function startFollowing(change: HTMLElement): void {
  if (change.dataset["change"] === "ended") return;
  setTimeout(() => {
    void fetch(location.href, { headers: { Accept: "text/html" } })
      .then((response) => response.text())
      .then((html) => {
        const now = new DOMParser().parseFromString(html, "text/html").querySelector<HTMLElement>("[data-change]");
        if (!now) return location.reload();
        change.replaceWith(now);
        startFollowing(now);
      })
      .catch(() => startFollowing(change));
  }, LOOK);
}
