/**
 * Builds the widget into the folder given: the parts first, then the widget that names their
 * hashes, then the loader that names the widget's. `manifest.json` lists what is current.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const OUT = process.argv[2] ?? "dist";
const PARTS = ["card", "es", "form", "print", "talk"];
mkdirSync(OUT, { recursive: true });

/** Indentation inside templates would travel to every family. */
const unindent = {
  name: "unindent",
  enforce: "pre",
  transform: (code, id) =>
    id.startsWith(join(import.meta.dirname, "src")) && id.endsWith(".ts")
      ? { code: code.replace(/\n\s+/g, "\n"), map: null }
      : null,
};

async function bundle(name, format, define = {}) {
  const result = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: "warn",
    define,
    plugins: [unindent],
    build: {
      target: "es2022",
      minify: "terser",
      terserOptions: { module: format === "es", compress: { passes: 2 }, format: { comments: false } },
      write: false,
      lib: { entry: join("src", `${name}.ts`), formats: [format], name: "iess" },
    },
  });
  return result[0].output[0].code
    .replaceAll("/* @__PURE__ */", "")
    // The minifier keeps the blank before a custom property's value, which CSS ignores.
    .replaceAll(/(--[a-z-]+[:,]) /g, "$1")
    // Lit leaves its versions on the host page's window; that page is not ours.
    .replaceAll(/,\(\w+\.\w+Versions\?\?=\[\]\)\.push\("[\d.]+"\)/g, "")
    .trim() + "\n";
}

/** Writes a file whose name holds the hash of its content. */
function keep(name, code) {
  const digest = (algorithm, encoding) => createHash(algorithm).update(code).digest(encoding);
  const file = `${name}-${digest("sha256", "hex").slice(0, 12)}.js`;
  writeFileSync(join(OUT, file), code);
  return [file, `sha256-${digest("sha256", "base64")}`];
}

const parts = {};
for (const name of PARTS) parts[name] = keep(name, await bundle(name, "es"));
const chat = keep("chat", await bundle("chat", "es", { PARTS: JSON.stringify(parts) }));
writeFileSync(
  join(OUT, "v1.js"),
  await bundle("loader", "iife", { CHAT: JSON.stringify(chat) }),
);
const files = Object.fromEntries([["chat", chat], ...Object.entries(parts)].map(
  ([name, [file, integrity]]) => [name, { file, integrity }],
));
writeFileSync(join(OUT, "manifest.json"), JSON.stringify({ files }, null, 2) + "\n");
