/** The head of the panel: its name, the other language, and the menu that unfolds under it. */
import { html, nothing, type TemplateResult } from "lit";
import type { Lang } from "./contract";
import { cross, dots } from "./icons";
import type { Words } from "./words";

/** What is open under the header: the menu, or the question before clearing. */
export type Sheet = "" | "menu" | "sure";

/** `speak` takes the other language, `unfold` what is to be open, "" for nothing. */
export function header(
  lang: Lang,
  words: Words,
  sheet: Sheet,
  unfold: (sheet: Sheet) => void,
  speak: (lang: Lang) => void,
  print: () => void,
  clear: () => void,
  close: () => void,
): TemplateResult {
  const other: Lang = lang === "en" ? "es" : "en";
  const flip = (): void => speak(other);
  return html`<div class="head">
      <div class="name">
        <h2 id="title">${words.title}</h2>
        <p>${words.sub}</p>
      </div>
      <button type="button" class="flip" lang=${other} @click=${flip}>${words.other}</button>
      <button
        type="button"
        class="icon"
        aria-label=${words.more}
        aria-expanded=${sheet === "menu"}
        @click=${() => unfold(sheet ? "" : "menu")}
      >
        ${dots}
      </button>
      <button type="button" class="icon" aria-label=${words.close} @click=${close}>
        ${cross}
      </button>
    </div>
    ${sheet === "menu"
      ? html`<div class="menu">
          <button type="button" @click=${print}>${words.print}</button>
          <button type="button" @click=${() => unfold("sure")}>${words.clear}</button>
        </div>`
      : nothing}
    ${sheet === "sure"
      ? html`<div class="menu" role="group" aria-label=${words.clear}>
          <p>${words.sure}</p>
          <button type="button" class="firm" @click=${clear}>${words.clear}</button>
          <button type="button" @click=${() => unfold("")}>${words.keep}</button>
        </div>`
      : nothing}`;
}
