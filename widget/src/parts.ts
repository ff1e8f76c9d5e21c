/**
 * Parts that most families never need, fetched when they do. The address and the hash of each
 * are written into this file when it is built: who pins this file pins them all.
 */
import type * as Card from "./card";
import type * as Es from "./es";
import type * as Form from "./form";
import type * as Print from "./print";
import type * as Talk from "./talk";

declare const PARTS: Record<string, [file: string, integrity: string]>;

export interface Exports {
  es: typeof Es;
  card: typeof Card;
  form: typeof Form;
  print: typeof Print;
  talk: typeof Talk;
}

const cache = new Map<string, Promise<unknown>>();

async function fetchPart(name: string): Promise<unknown> {
  const [file, integrity] = PARTS[name]!;
  const href = new URL(file, import.meta.url).href;
  // import() takes no hash of its own, but uses what a preload has checked and kept.
  const link = document.createElement("link");
  if (link.relList.supports("modulepreload")) {
    Object.assign(link, { rel: "modulepreload", crossOrigin: "", integrity, href });
    await new Promise((resolve, reject) => {
      link.onload = resolve;
      link.onerror = reject;
      document.head.append(link);
    }).finally(() => link.remove());
  }
  return import(/* @vite-ignore */ href);
}

/** One part; asked for again after a failure. */
export function part<K extends keyof Exports>(name: K): Promise<Exports[K]> {
  let found = cache.get(name);
  if (!found) {
    found = fetchPart(name);
    found.catch(() => cache.delete(name));
    cache.set(name, found);
  }
  return found as Promise<Exports[K]>;
}
