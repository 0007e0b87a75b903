/** A drawing as PNG: the SVG that the server sends, painted here at twice its size, and kept as a file. */
import { say, word } from "./words";

const SCALE = 2;
const LARGEST = 8000; // pixels of one side; larger canvases fail on phones

async function painted(address: string): Promise<Blob> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await answer.text())}`;
  await image.decode();
  const scale = Math.min(SCALE, LARGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("canvas");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("canvas")))));
}

async function keep(link: HTMLAnchorElement): Promise<void> {
  const blob = await painted(link.href);
  const address = URL.createObjectURL(blob);
  const name = new URL(link.href).pathname.split("/").pop()?.replace(/\.svg$/, "") ?? "chart";
  const file = Object.assign(document.createElement("a"), { href: address, download: `tantu-${name}.png` });
  file.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function startPainting(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[data-png]");
    if (!link) return;
    event.preventDefault();
    keep(link).catch(() => say(word("unreachable")));
  });
}
