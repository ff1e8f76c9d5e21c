/** What the log shows with the first view alone: greeting, family, trouble, bare replies. */
import { html, nothing, type TemplateResult } from "lit";
import type { Trouble } from "./client";
import type { Guide } from "./contract";
import { plain } from "./markdown";
import type { GuideTurn } from "./memory";
import { call, look, prose, taps } from "./prose";
import type { Words } from "./words";

/** `say` is given while nothing was said yet: then there are starters to tap. */
export function greeting(
  words: Words,
  guide: Guide | undefined,
  say: false | ((text: string) => void),
): TemplateResult {
  return html`<section class="said hello">
    <span class="sr">${words.guide}</span>
    <p class="big">${words.hello}</p>
    <p>${words.what}</p>
    <p>${words.sources}</p>
    <p class="soft">${words.names}</p>
    ${guide && say ? taps(guide.starters, say, words.next) : nothing}
  </section>`;
}

export function family(text: string, words: Words): TemplateResult {
  return html`<div class="mine">
    <span class="sr">${words.you}</span><span dir="auto">${plain(text)}</span>
  </div>`;
}

function told(kind: Trouble, words: Words, guide: Guide | undefined): string {
  if (kind === "failed" && guide) return guide.help;
  if (kind === "long") return guide?.too_long ?? words.long;
  if (kind === "busy") return `${words.busy}\n\n${words.help}`;
  const call = guide ? `\n${words.callClinic} [${guide.phone}](${guide.phone_link})` : "";
  return `${kind === "offline" ? words.offline : words.failed}${call}\n${words.help}`;
}

/** `again` is given where trying again is of use. */
export function trouble(
  kind: Trouble,
  words: Words,
  guide: Guide | undefined,
  again: false | (() => void),
): TemplateResult {
  return html`<section class="said trouble">
    ${prose(told(kind, words, guide))}
    ${again && kind !== "long"
      ? html`<button type="button" class="wide" @click=${again}>${words.retry}</button>`
      : nothing}
  </section>`;
}

/** What matters of a reply, while the part that draws it in full is not here. */
export function bare(turn: GuideTurn, words: Words, live: boolean): TemplateResult {
  return html`<div class="turn" data-level=${turn.level} tabindex="-1">
    ${turn.messages.map((message) => {
      const level = look(message, turn);
      return html`<section
        class="said ${level}"
        lang=${turn.lang}
        role=${turn.level === "emergency" && level && live ? "alert" : nothing}
      >
        ${call(message, turn, words)} ${prose(message.text)}
      </section>`;
    })}
  </div>`;
}
