// Bundles the scripts and styles of the pages into ../static/dist; nothing is fetched when a page is open.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  absWorkingDir: here("."),
  entryPoints: ["app.ts", "editor.ts", "app.css", "editor.css"].map((name) => ({
    in: `src/${name}`,
    out: name.replace(/\.\w+$/, ""),
  })),
  outdir: here("../static/dist"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome123", "firefox121", "safari17.5"],
  legalComments: "linked",
  logLevel: "warning",
  loader: { ".svg": "dataurl", ".woff2": "empty", ".woff": "empty", ".ttf": "empty" },
});
