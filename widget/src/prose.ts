/** Replies as templates: text nodes and checked links, never HTML from a string. */
import { html, nothing, type TemplateResult } from "lit";
import type { Button, Level, Message } from "./contract";
import { chevron, phone } from "./icons";
import { firstLink, inline, parse, plain, type Inline } from "./markdown";
import type { GuideTurn } from "./memory";
import type { Words } from "./words";

const spans = (line: Inline[]): (string | TemplateResult)[] =>
  line.map((piece) =>
    typeof piece === "string"
      ? piece
      : piece.href.startsWith("http")
        ? html`<a href=${piece.href} target="_blank" rel="noopener noreferrer">${piece.label}</a>`
        : html`<a href=${piece.href}>${piece.label}</a>`,
  );

/** Paragraphs and lists; `links` false where a text repeats what the family wrote. */
export const prose = (text: string, links = true): TemplateResult[] =>
  parse(text, links ? inline : (line) => [plain(line)]).map((block) =>
    "items" in block
      ? html`<ul>${block.items.map((item) => html`<li dir="auto">${spans(item)}</li>`)}</ul>`
      : html`<p dir="auto">${spans(block.line)}</p>`,
  );

/** How urgent things were after a turn: by its own message, or as they stood. */
export const stands = (turn: GuideTurn): Level =>
  turn.level === "routine" ? turn.urgency : turn.level;

/** How a safety message looks: an alarm, the calmer voice of a crisis, or a plain "today". */
export function look(message: Message, turn: GuideTurn): string {
  const level = stands(turn);
  if (message.kind !== "safety") return "";
  if (level === "emergency" && firstLink(message.text)?.href === "tel:988") return "crisis";
  return level === "routine" ? "urgent" : level;
}

/** The first line to call that a safety text names, as a button to tap. */
export function call(
  message: Message,
  turn: GuideTurn,
  words: Words,
): TemplateResult | typeof nothing {
  const link = firstLink(message.text);
  if (!link || message.kind !== "safety" || stands(turn) === "routine") return nothing;
  const label = /^\d/.test(link.label) ? `${words.call} ${link.label}` : link.label;
  return html`<a class="call" href=${link.href}>${phone}<span>${label}</span></a>`;
}

/** Things to tap: what is shown is what is sent. */
export const taps = (
  buttons: Button[],
  say: (text: string) => void,
  name: string,
): TemplateResult =>
  html`<ul class="taps" aria-label=${name}>
    ${buttons.map(
      (it) =>
        html`<li>
          <button type="button" @click=${() => say(it.text)}><span>${it.text}</span>${chevron}</button>
        </li>`,
    )}
  </ul>`;
