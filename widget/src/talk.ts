/** Turns of the guide in full: quotes, choices, advice, feedback. On demand, as the panel opens. */
import type { html as Html, TemplateResult } from "lit";
import type * as CardPart from "./card";
import { CARD, MOVES, type Button, type Message } from "./contract";
import type * as FormPart from "./form";
import { plain } from "./markdown";
import type { GuideTurn } from "./memory";
import { more, type More } from "./more";
import styles from "./talk.css?inline";
import type { Words } from "./words";

export const css = styles;

/** Lit and what is built on it, handed over: importing it here would bring a second one. */
export interface Kit {
  html: typeof Html;
  nothing: symbol;
  prose: (text: string, links?: boolean) => TemplateResult[];
  call: (message: Message, turn: GuideTurn, words: Words) => TemplateResult | symbol;
  look: (message: Message, turn: GuideTurn) => string;
  taps: (buttons: Button[], say: Around["say"], name: string) => TemplateResult;
}

/** What a turn needs of the widget around it. */
export interface Around<W = Words & Partial<More>> {
  kit: Kit;
  words: W;
  /** It has just come, so an alarm in it is spoken at once. */
  live: boolean;
  /** Nothing was said after it, so its choices still count. */
  last: boolean;
  card: () => typeof CardPart | undefined;
  form: () => typeof FormPart | undefined;
  /** Where the gateway answers. */
  endpoint: string;
  say: (sent: string, shown?: string) => void;
  vote: (place: number, helpful: boolean, reason?: string) => void;
  print: (text: string) => void;
}

/** Sentences two by two: a long paragraph is hard to read on a phone at night. */
export const airy = (text: string): string =>
  text.replace(/^(?!- ).{180,}$/gm, (line) =>
    (line.match(/(?:.+?[.?!](?=\s+[A-ZÁÉÍÓÚÑ¿¡"“])|.+$)\s*/g) ?? [line]).reduce(
      (whole, sentence, at) => whole + (at && at % 2 === 0 ? "\n" : "") + sentence,
      "",
    ),
  );

type Full = Around<Words & More>;

const isCard = (message: Message): boolean => CARD.some((it) => message.text.startsWith(it));

/** Topics to tap that stand under another message ("If you meant something else"): over once
 * something was said after them. A question of the guided check stays. */
const stale = (message: Message, place: number, around: Full): boolean =>
  message.kind === "choice" &&
  place > 0 &&
  !around.last &&
  !message.buttons.some((it) => MOVES.includes(it.title));

/** Labels of a question with several answers: "- 1. label" lines that are buttons, too. */
function several(message: Message): string[] {
  const labels = [...message.text.matchAll(/^- \d+\. (.+)$/gm)].map((found) => found[1]!);
  const titles = new Set(message.buttons.map((it) => it.title));
  return labels.length > 1 && labels.every((it) => titles.has(it)) ? labels : [];
}

function choice(message: Message, around: Full): TemplateResult {
  const { html, nothing, taps } = around.kit;
  const moves = message.buttons.filter((it) => MOVES.includes(it.title));
  const labels = several(message);
  const form = labels.length ? around.form() : undefined;
  const options = message.buttons.filter((it) => !moves.includes(it));
  return html`
    ${form ? form.several(html, labels, around.words, around.say) : taps(options, around.say, message.text)}
    ${moves.length
      ? html`<ul class="moves">
          ${moves.map(
            (it) =>
              html`<li>
                <button type="button" @click=${() => around.say(it.text)}>${it.title}</button>
              </li>`,
          )}
        </ul>`
      : nothing}
  `;
}

/** Where a quote stands on the text of the page, as the gateway serves it. */
function passage(endpoint: string, quote: string): string {
  const line = quote.trim().split("\n")[0]!.replace(/^\s*•\s*/, "").trim();
  return `${endpoint}/source#:~:text=${encodeURIComponent(line).replace(/-/g, "%2D")}`;
}

function cited(message: Message, around: Full): TemplateResult {
  const { words } = around;
  const { html, nothing } = around.kit;
  return html`<details class="cited">
    <summary>${words.cited} <span>(${message.citations.length})</span></summary>
    ${message.citations.map(
      (it) => html`<figure>
        <blockquote lang="en">${it.quote.replace(/^\s*•\s*/gm, "• ")}</blockquote>
        ${it.translation ? html`<p class="means">${it.translation}</p>` : nothing}
        <figcaption>
          <cite lang="en">${it.section}</cite>
          <a href=${it.url ?? passage(around.endpoint, it.quote)} target="_blank" rel="noopener noreferrer"
            >${words.open}</a
          >
        </figcaption>
      </figure>`,
    )}
  </details>`;
}

function feedback(turn: GuideTurn, place: number, around: Full): TemplateResult | symbol {
  const { words } = around;
  const { html, nothing } = around.kit;
  const vote = turn.votes[place];
  if (!vote && !around.last) return nothing;
  if (!vote)
    return html`<div class="vote" role="group" aria-label=${words.helpful}>
      <span aria-hidden="true">${words.helpful}</span>
      <button type="button" @click=${() => around.vote(place, true)}>${words.yes}</button>
      <button type="button" @click=${() => around.vote(place, false)}>${words.no}</button>
    </div>`;
  const form = vote === "no" && around.last ? around.form() : undefined;
  return html`<p class="vote">${words.thanks}</p>
    ${form?.reasons(html, words, (reason) => around.vote(place, false, reason)) ?? nothing}`;
}

function sources(message: Message, { kit: { html }, words }: Full): TemplateResult {
  return html`<p class="source">
    ${words.safety}
    ${message.sources.map(
      (it, at) =>
        html`${at ? ", " : `${words.source} `}${it.url?.startsWith("https://")
          ? html`<a href=${it.url} target="_blank" rel="noopener noreferrer">${it.publisher}</a>`
          : it.publisher}`,
    )}
  </p>`;
}

function bubble(message: Message, place: number, turn: GuideTurn, around: Full): TemplateResult {
  const { words } = around;
  const { html, nothing, prose, call, look } = around.kit;
  const level = look(message, turn);
  const numbered = message.kind === "choice" && several(message).length > 0;
  // Where boxes can be ticked, nobody needs to be told to write numbers.
  const text = numbered ? message.text.replace(/\n[^]*$/, "").replace(/\?[^?]*$/, "?") : message.text;
  return html`<section
    class="said ${message.kind} ${level}"
    lang=${turn.lang}
    role=${turn.level === "emergency" && level && around.live ? "alert" : nothing}
  >
    ${call(message, turn, words)}
    ${message.verbatim ? html`<p class="source">${words.verbatim}</p>` : nothing}
    ${prose(message.kind === "answer" ? airy(text) : text)}
    ${message.notice ? html`<div class="notice">${prose(message.notice)}</div>` : nothing}
    ${message.citations.length ? cited(message, around) : nothing}
    ${message.sources.length ? sources(message, around) : nothing}
    ${message.kind === "answer" ? feedback(turn, place, around) : nothing}
  </section>`;
}

export function guideTurn(turn: GuideTurn, plainAround: Around): TemplateResult {
  const words = { ...more, ...plainAround.words };
  const around: Full = { ...plainAround, words };
  const { html, nothing, prose, taps } = around.kit;
  const next = turn.messages.filter((it) => it.kind !== "choice").flatMap((it) => it.buttons);
  return html`<div class="turn" data-level=${turn.level} tabindex="-1">
    <span class="sr">${words.guide}</span>
    ${turn.messages.map((message, place) => {
      if (stale(message, place, around)) return nothing;
      if (!isCard(message)) return bubble(message, place, turn, around);
      const card = around.card();
      return html`<section class="said doctor" lang=${turn.lang}>
        ${card
          ? card.render(html, plain(message.text), words, () => around.print(message.text))
          : prose(message.text, false)}
        ${message.citations.length ? cited(message, around) : nothing}
      </section>`;
    })}
    ${around.last
      ? turn.messages.map((it) => (it.kind === "choice" ? choice(it, around) : nothing))
      : nothing}
    ${around.last && next.length
      ? html`<p class="next">${words.next}</p>
          ${taps(next, around.say, words.next)}`
      : nothing}
  </div>`;
}
