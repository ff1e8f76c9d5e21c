/**
 * A paper view of the conversation or of the doctor's card. It stands in an element of its own
 * beside the page, which is hidden while it prints. On demand.
 */
import { CARD } from "./contract";
import { parse } from "./markdown";
import type { Turn } from "./memory";
import css from "./print.css?inline";
import { more, type More } from "./more";
import type { Words } from "./words";

/** The page's own styles may be marked important; two ids weigh more. */
const HIDE = `@media screen{iess-print{display:none!important}}
@media print{body>:not(iess-print):not(#x#y){display:none!important}
iess-print{display:block!important}}`;

function node(tag: string, text = "", ...children: Node[]): HTMLElement {
  const element = document.createElement(tag);
  element.append(text, ...children);
  return element;
}

/** Links become "label (number or address)": paper cannot be tapped. */
function blocks(text: string): HTMLElement[] {
  const flat = (line: (string | { label: string; href: string })[]): string =>
    line
      .map((it) => {
        if (typeof it === "string") return it;
        const address = it.href.replace(/^(tel|sms):/, "");
        const known = it.label.replace(/\D/g, "") === address.replace(/^\+1|\D/g, "");
        return known || it.label.includes(address) ? it.label : `${it.label} (${address})`;
      })
      .join("");
  return parse(text).map((block) =>
    "items" in block
      ? node("ul", "", ...block.items.map((item) => node("li", flat(item))))
      : node("p", flat(block.line)),
  );
}

function card(text: string): HTMLElement {
  const [first, ...rest] = text.split("\n");
  const box = node("section", "", node("h2", first));
  box.className = "card";
  for (const block of parse(rest.join("\n"), (line) => [line]))
    box.append(
      "items" in block
        ? node("ul", "", ...block.items.map((item) => node("li", item.join(""))))
        : node("p", block.line.join("")),
    );
  return box;
}

function turnNodes(turn: Turn, words: Words & More): HTMLElement[] {
  if (turn.who === "trouble") return [];
  if (turn.who === "family") {
    const said = node("section", "", node("h2", words.you), node("p", turn.text));
    said.className = "family";
    return [said];
  }
  return turn.messages.map((message) => {
    if (CARD.some((title) => message.text.startsWith(title))) return card(message.text);
    const said = node("section", "", ...blocks(message.text));
    said.lang = turn.lang;
    if (message.kind === "safety") said.className = "safety";
    if (message.notice) said.append(...blocks(message.notice));
    for (const { quote, section } of message.citations) {
      const block = node("blockquote", `“${quote.trim()}” `, node("cite", section));
      block.lang = "en";
      said.append(block);
    }
    if (message.sources.length)
      said.append(
        node("small", `${words.safety} ${message.sources.map((it) => it.publisher).join(", ")}`),
      );
    return said;
  });
}

/** Open the browser's print dialog on the conversation, or on one card where `only` is given. */
export function show(
  turns: Turn[],
  own: Words & Partial<More>,
  line: string,
  only?: string,
): void {
  const words = { ...more, ...own };
  document.querySelector("iess-print")?.remove();
  const host = document.createElement("iess-print");
  const root = host.attachShadow({ mode: "open" });
  const inside = new CSSStyleSheet();
  inside.replaceSync(css);
  root.adoptedStyleSheets = [inside];
  const outside = new CSSStyleSheet();
  outside.replaceSync(HIDE);
  const body = only ? [card(only)] : turns.flatMap((turn) => turnNodes(turn, words));
  const date = new Date().toLocaleString();
  root.append(
    node("header", "", node("h1", words.title), node("p", line)),
    node("main", "", ...body),
    node("footer", `${words.printed} ${date}. ${words.sub}.`),
  );
  document.body.append(host);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, outside];
  addEventListener(
    "afterprint",
    () => {
      host.remove();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((it) => it !== outside);
    },
    { once: true },
  );
  print();
}
