/** The box to type in: Enter sends, a draft is remembered, a long message is told early. */
import { html, nothing, type TemplateResult } from "lit";
import { arrow } from "./icons";
import type { State } from "./memory";
import type { Words } from "./words";

/** Characters of one answered message; longer ones are read for danger all the same. */
const LONG = 2_000;

export function composer(
  state: State,
  words: Words,
  set: (change: Partial<State>) => void,
  say: (text: string) => void,
): TemplateResult {
  const send = (event: Event): void => {
    event.preventDefault();
    const text = state.draft;
    if (!text.trim()) return;
    set({ draft: "" });
    say(text);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
  };
  const type = (event: InputEvent): void =>
    set({ draft: (event.target as HTMLTextAreaElement).value });
  return html`<form class="composer" @submit=${send}>
    ${state.draft.length > LONG ? html`<p class="long" role="status">${words.long}</p>` : nothing}
    <div class="box">
      <textarea
        rows="1"
        aria-label=${words.ask}
        placeholder=${words.ask}
        enterkeyhint="send"
        autocomplete="off"
        .value=${state.draft}
        @input=${type}
        @keydown=${keys}
      ></textarea>
      <button class="send" aria-label=${words.send}>${arrow}</button>
    </div>
    <p class="foot">${words.foot}</p>
  </form>`;
}
