/** Questions with several answers, and the reasons of a "no". On demand. */
import type { html as Html, TemplateResult } from "lit";
import type { More } from "./more";

/** Boxes to tick; the guided check wants the numbers of what fits, the family reads its words. */
export function several(
  html: typeof Html,
  labels: string[],
  words: More,
  say: (sent: string, shown: string) => void,
): TemplateResult {
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    const ticked = new FormData(event.target as HTMLFormElement).getAll("pick").map(Number);
    if (!ticked.length) return;
    say(ticked.map((at) => at + 1).join(" "), ticked.map((at) => labels[at]).join("; "));
  };
  return html`<form class="several" @submit=${send}>
    <fieldset>
      <legend>${words.several}</legend>
      ${labels.map(
        (label, at) =>
          html`<label><input type="checkbox" name="pick" value=${at} /><span>${label}</span></label>`,
      )}
    </fieldset>
    <button class="wide">${words.go}</button>
  </form>`;
}

export function reasons(
  html: typeof Html,
  words: More,
  pick: (reason: string) => void,
): TemplateResult {
  return html`<fieldset class="reasons">
    <legend>${words.reason}</legend>
    ${Object.entries(words.reasons).map(
      ([reason, label]) =>
        html`<button type="button" @click=${() => pick(reason)}>${label}</button>`,
    )}
  </fieldset>`;
}
