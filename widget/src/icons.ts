/** Line icons, drawn for this widget; they take the colour of their text. */
import { html } from "lit";

export const phone = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6.5 3.5 9 4l1.5 4-2 1.8a12 12 0 0 0 5.7 5.7l1.8-2 4 1.5.5 2.5c0 1.6-1.4 3-3 3C10.6 20 4 13.4 3.5 6.5c0-1.6 1.4-3 3-3Z"/></svg>`;
export const bubble = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4c4.7 0 8.5 3.1 8.5 7s-3.8 7-8.5 7c-1 0-2-.15-2.9-.4L4.5 20l1.2-3.8C4.3 14.9 3.5 13 3.5 11c0-3.9 3.8-7 8.5-7Z"/><path d="M8.5 11h7"/></svg>`;
export const cross = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m6 6 12 12M18 6 6 18"/></svg>`;
export const dots = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="3"/></svg>`;
export const arrow = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 19V5M6 11l6-6 6 6"/></svg>`;
export const chevron = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m9 6 6 6-6 6"/></svg>`;
