/** The doctor's card: what the family saw, why it matters, what to ask for. On demand. */
import type { html as Html, TemplateResult } from "lit";
import { parse } from "./markdown";
import type { More } from "./more";

type Rows = string[];

/** The card's text as its parts: title, then for each block a lead line and its rows. */
export function read(text: string): { title: string; blocks: { lead: string; rows: Rows }[] } {
  const blocks: { lead: string; rows: Rows }[] = [];
  for (const block of parse(text, (line) => [line])) {
    if ("items" in block) blocks[blocks.length - 1]?.rows.push(...block.items.map(String));
    else blocks.push({ lead: String(block.line), rows: [] });
  }
  return { title: blocks[0]?.lead ?? "", blocks };
}

/** "Age: “5 months”" as its name and value; a row without a name has an empty one. */
export function fact(row: string): [name: string, value: string] {
  const at = row.indexOf(": ");
  return at < 0 ? ["", row] : [row.slice(0, at), row.slice(at + 2)];
}

export function render(
  html: typeof Html,
  text: string,
  words: More,
  print: () => void,
): TemplateResult {
  const { title, blocks } = read(text);
  const [facts, ...rest] = blocks;
  return html`
    <h3>${title}</h3>
    <dl>
      ${facts?.rows.map((row) => {
        const [name, value] = fact(row);
        return html`<div><dt>${name || "•"}</dt><dd>${value}</dd></div>`;
      })}
    </dl>
    ${rest.map(
      ({ lead, rows }) =>
        html`<p>${lead}</p>
          ${rows.length ? html`<ul>${rows.map((row) => html`<li>${row}</li>`)}</ul>` : ""}`,
    )}
    <button type="button" class="wide" @click=${print}>${words.printCard}</button>
  `;
}
