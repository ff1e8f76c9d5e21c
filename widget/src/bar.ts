/** The way to a person, always in sight; it follows how urgent things stand. */
import { html, nothing, type TemplateResult } from "lit";
import type { Guide } from "./contract";
import { phone } from "./icons";
import { firstLink, type Link } from "./markdown";
import type { State } from "./memory";
import type { Words } from "./words";

const NUMBER = { emergency: "911", crisis: "988" };

/** The line that the safety text of the standing urgency names first. */
function named(state: State): Link | undefined {
  for (const turn of [...state.turns].reverse())
    if (turn.who === "guide" && turn.level === state.urgency)
      for (const message of turn.messages)
        if (message.kind === "safety") return firstLink(message.text);
  return undefined;
}

export function helpBar(
  state: State,
  words: Words,
  guide: Guide | undefined,
  toSteps: () => void,
): TemplateResult {
  const { urgency } = state;
  const line = (href: string, name: string, number: string, strong = false): TemplateResult =>
    html`<a href=${href} class=${strong ? "strong" : nothing}
      >${phone}<span><small>${name}</small><b>${number}</b></span></a
    >`;
  const clinic = guide && line(guide.phone_link, words.clinic, guide.phone, urgency === "urgent");
  const alarm = line("tel:911", words.emergency, "911");
  if (urgency === "routine" || urgency === "urgent")
    return html`<nav class="help ${urgency}" aria-label=${words.call}>${clinic} ${alarm}</nav>`;
  const first = named(state);
  const number = NUMBER[urgency];
  const other = first && !first.href.endsWith(number);
  const label = first?.label ?? "";
  return html`<nav class="help ${urgency}" aria-label=${words.call}>
    ${other && urgency === "emergency"
      ? line(first.href, words.call, label, true)
      : line(`tel:${number}`, words.call, number, true)}
    ${other || urgency === "crisis" ? alarm : nothing}
    ${first ? html`<button type="button" @click=${toSteps}>${words.steps}</button>` : nothing}
  </nav>`;
}
