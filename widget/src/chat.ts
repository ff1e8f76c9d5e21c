/** `<iess-chat>`: a family's conversation with the guide, on any page of the hospital. */
import { adoptStyles, html, LitElement, nothing, unsafeCSS, type TemplateResult } from "lit";
import { helpBar } from "./bar";
import css from "./chat.css?inline";
import { composer } from "./composer";
import { Client } from "./client";
import type { Guide, Lang } from "./contract";
import { converse } from "./conversation";
import { header, type Sheet } from "./header";
import { bubble } from "./icons";
import type { State, Turn } from "./memory";
import type { More } from "./more";
import { part, type Exports } from "./parts";
import { call, look, prose, taps } from "./prose";
import { bare, family, greeting, trouble } from "./said";
import type { Kit } from "./talk";
import { en, type Words } from "./words";

const styles = unsafeCSS(css);
const kit: Kit = { html, nothing, prose, call, look, taps };

export class IessChat extends LitElement {
  static override styles = styles;

  #client!: Client;
  readonly #talk = converse(
    () => this.#client,
    () => this.requestUpdate(),
    () => this.updateComplete.then(() => this.#scrollDown()),
    (lang) => this.#speak(lang),
    () => this.#words,
  );
  #words: Words & Partial<More> = en;
  readonly #guides = new Map<Lang, Guide>();
  readonly #loaded = new Map<string, unknown>();
  #sheet: Sheet = "";
  #ready = false;
  /** Ends the listening to the window. */
  #gone!: AbortController;

  override connectedCallback(): void {
    super.connectedCallback();
    const base = this.getAttribute("endpoint") ?? new URL(/* @vite-ignore */ "..", import.meta.url).href;
    const lang = this.getAttribute("lang") ?? document.documentElement.lang;
    this.#client = new Client(new URL(base, location.href).href.replace(/\/$/, ""));
    this.#talk.begin(lang.startsWith("es") ? "es" : "en");
    const { signal } = (this.#gone = new AbortController());
    addEventListener("pagehide", this.#talk.leave, { signal });
    addEventListener("pageshow", this.#back, { signal });
    addEventListener("online", this.#net, { signal });
    addEventListener("offline", this.#net, { signal });
    addEventListener("keydown", this.#escape, { signal });
    visualViewport?.addEventListener("resize", this.#fit, { signal });
    void this.#speak(this.#state.lang).then(() => {
      this.#ready = true;
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#talk.leave();
    this.#gone.abort();
  }

  get #state(): State {
    return this.#talk.state;
  }

  // --- the tab, the network, the screen ---------------------------------------------

  readonly #back = (event: PageTransitionEvent): void => {
    if (event.persisted) this.#talk.watch();
  };
  readonly #net = (): void => {
    if (navigator.onLine && !this.#guides.size) void this.#learn(this.#state.lang);
    this.requestUpdate();
  };

  /** Esc closes from inside, and from anywhere where the panel covers the page. */
  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.#state.open) return;
    const inside = event.composedPath().includes(this);
    if (this.#sheet) this.#unfold("");
    else if (inside || this.#covers()) this.close();
  };

  readonly #unfold = (sheet: Sheet): void => {
    this.#sheet = sheet;
    this.requestUpdate();
  };

  #covers(): boolean {
    return (this.#$(".panel")?.offsetWidth ?? 0) >= innerWidth - 1;
  }

  /** On phones the keyboard shrinks what is seen, but not the page: the panel follows. */
  readonly #fit = (): void => {
    const seen = visualViewport!;
    const covered = innerHeight - seen.height > 120 && seen.scale < 1.05;
    this.style.setProperty("--seen", covered ? `${seen.height}px` : "");
  };

  #$<T extends HTMLElement>(selector: string): T | null {
    return this.renderRoot.querySelector<T>(selector);
  }

  // --- words ------------------------------------------------------------------------

  /** Speak a language: its words and the hospital's details; English where Spanish is away. */
  async #speak(lang: Lang): Promise<void> {
    this.#talk.set({ lang });
    void this.#learn(lang);
    if (lang === "es") await part("es").then((it) => (this.#words = it.default)).catch(() => {});
    else this.#words = en;
    this.requestUpdate();
  }

  async #learn(lang: Lang): Promise<void> {
    if (this.#guides.has(lang)) return;
    try {
      this.#guides.set(lang, await this.#client.guide(lang));
      this.requestUpdate();
    } catch {
      /* Asked again at the next opening; 911 stands in the widget itself. */
    }
  }

  get #guide(): Guide | undefined {
    return this.#guides.get(this.#state.lang) ?? [...this.#guides.values()][0];
  }

  /** A part where it is here; it is fetched, and drawn when it comes, where it is not. */
  #use<K extends keyof Exports>(name: K): Exports[K] | undefined {
    if (!this.#loaded.has(name)) {
      this.#loaded.set(name, undefined);
      part(name).then(
        (it) => {
          this.#loaded.set(name, it);
          if ("css" in it) adoptStyles(this.renderRoot as ShadowRoot, [styles, unsafeCSS(it.css)]);
          this.requestUpdate();
        },
        () => {},
      );
    }
    return this.#loaded.get(name) as Exports[K] | undefined;
  }

  // --- opening and closing ----------------------------------------------------------

  /** Open the panel and put the focus into it. */
  async show(): Promise<void> {
    this.#talk.set({ open: true });
    void this.#learn(this.#state.lang);
    await this.updateComplete;
    // A keyboard that jumps up would hide the greeting from a phone.
    const typing = matchMedia("(pointer: fine)").matches;
    this.#$(typing ? "textarea" : ".panel")?.focus();
    this.#scrollDown();
  }

  /** Close the panel; the focus goes back to the button that opened it. */
  async close(): Promise<void> {
    this.#sheet = "";
    this.#talk.set({ open: false });
    await this.updateComplete;
    this.#$("button.launch")?.focus();
  }

  // --- from the menu ----------------------------------------------------------------

  async #clear(): Promise<void> {
    this.#sheet = "";
    await this.#talk.clear();
    await this.updateComplete;
    this.#$("textarea")?.focus();
  }

  readonly #print = async (only?: string): Promise<void> => {
    this.#unfold("");
    const guide = this.#guide;
    const line = guide ? `${guide.hospital}, ${guide.phone}` : "";
    const view = await part("print").catch(() => null);
    if (view) view.show(this.#state.turns, this.#words, line, only);
  };

  // --- scrolling --------------------------------------------------------------------

  /** The newest message of the family at the top, so that a long reply is read from its start. */
  #scrollDown(): void {
    [...this.renderRoot.querySelectorAll(".mine")].pop()?.scrollIntoView();
  }

  readonly #toSteps = (): void => {
    const { urgency } = this.#state;
    const found = [...this.renderRoot.querySelectorAll<HTMLElement>(`[data-level=${urgency}]`)].pop();
    found?.scrollIntoView();
    found?.focus();
  };

  // --- drawing ----------------------------------------------------------------------

  protected override render(): TemplateResult | typeof nothing {
    if (!this.#ready) return nothing;
    return this.#state.open ? this.#panel() : this.#launcher();
  }

  #launcher(): TemplateResult {
    const words = this.#words;
    const state = this.#state;
    return html`<div class="corner" lang=${state.lang}>
      ${state.urgency === "emergency"
        ? html`<a class="launch alarm" href="tel:911">${words.call} 911</a>`
        : nothing}
      <button class="launch" type="button" aria-haspopup="dialog" @click=${this.show}>
        ${bubble}<span>${words.launch}</span>
      </button>
    </div>`;
  }

  #panel(): TemplateResult {
    const words = this.#words;
    const state = this.#state;
    this.#use("talk");
    return html`<section
      class="panel"
      role="dialog"
      aria-labelledby="title"
      lang=${state.lang}
      tabindex="-1"
    >
      ${header(
        state.lang,
        words,
        this.#sheet,
        this.#unfold,
        (other) => {
          this.#talk.set({ chosen: true });
          void this.#speak(other);
        },
        () => this.#print(),
        this.#clear,
        this.close,
      )}
      ${helpBar(state, words, this.#guide, this.#toSteps)}
      ${navigator.onLine ? nothing : html`<p class="offline" role="status">${words.offline}</p>`}
      <div class="scroll" role="region" aria-label=${words.log} tabindex="0">
        <div role="log" aria-label=${words.log}>
          ${greeting(words, this.#guide, !state.turns.length && this.#tap)}
          ${state.turns.map((turn, at) => this.#turn(turn, at))}
        </div>
        <p class="wait" role="status">
          ${this.#talk.pending.size
            ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span
                ><span class=${this.#talk.still ? "" : "sr"}
                  >${this.#talk.still ? words.still : words.looking}</span
                >`
            : nothing}
        </p>
        <p class="note" role="status">${this.#talk.note}</p>
      </div>
      ${composer(state, words, this.#talk.set, this.#talk.say)}
    </section>`;
  }

  #turn(turn: Turn, at: number): TemplateResult {
    const words = this.#words;
    const last = at === this.#state.turns.length - 1;
    if (turn.who === "family") return family(turn.text, words);
    if (turn.who === "trouble")
      return trouble(turn.kind, words, this.#guide, last && (() => this.#talk.again(at)));
    const live = this.#talk.live.has(turn);
    const talk = this.#use("talk");
    if (!talk) return bare(turn, words, live);
    return talk.guideTurn(turn, {
      kit,
      words,
      live,
      last: last && !this.#talk.pending.size,
      card: () => this.#use("card"),
      form: () => this.#use("form"),
      endpoint: this.#client.endpoint,
      say: this.#tap,
      vote: (place, helpful, reason) => this.#talk.vote(turn, place, helpful, reason),
      print: this.#print,
    });
  }

  /** The tapped button goes away; the focus stays with the conversation. */
  readonly #tap = (sent: string, shown?: string): void => {
    this.#$(".scroll")?.focus();
    this.#talk.say(sent, shown);
  };
}

if (!customElements.get("iess-chat")) customElements.define("iess-chat", IessChat);
