/**
 * The strict subset that replies are written in: paragraphs, "- " lists, [label](address).
 * All else, HTML above all, is text. An address is a link only with http(s), tel or sms.
 */

export interface Link {
  label: string;
  href: string;
}
export type Inline = string | Link;
export type Block = { items: Inline[][] } | { line: Inline[] };

const LINK = /(\[[^[\]\n]+\]\((?:https?:\/\/|tel:\+?|sms:\+?)[^\s()[\]]+\))/;
/** Characters that change the direction of what follows: a text could read as another. */
const DIRECTION = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const plain = (text: string): string => text.replace(DIRECTION, "");

export function inline(text: string): Inline[] {
  return plain(text)
    .split(LINK)
    .filter(Boolean)
    .map((piece) => {
      const at = piece.indexOf("](");
      return LINK.test(piece) ? { label: piece.slice(1, at), href: piece.slice(at + 2, -1) } : piece;
    });
}

export function parse(text: string, read: (line: string) => Inline[] = inline): Block[] {
  const blocks: Block[] = [];
  let items: Inline[][] | null = null;
  for (const line of text.split("\n")) {
    if (line.startsWith("- ")) {
      if (!items) blocks.push({ items: (items = []) });
      items.push(read(line.slice(2)));
    } else {
      items = null;
      if (line.trim()) blocks.push({ line: read(line) });
    }
  }
  return blocks;
}

/** The first link of a text: in a safety text, the line to call. */
export const firstLink = (text: string): Link | undefined =>
  inline(text).find((piece): piece is Link => typeof piece !== "string");
