/** `<iess-chat>`: a family's conversation with the guide, on any page of the hospital. */
import { adoptStyles, html, LitElement, nothing, unsafeCSS, type TemplateResult } from "lit";
import { helpBar } from "./bar";
import css from "./chat.css?inline";
import { Client, NotAnswered, type Trouble } from "./client";
import type { Guide, Lang } from "./contract";
import { arrow, bubble, cross, dots } from "./icons";
import { plain } from "./markdown";
import { fresh, load, save, watchTabs, type GuideTurn, type State, type Turn } from "./memory";
import type { More } from "./more";
import { part, type Exports } from "./parts";
import { call, look, prose, taps } from "./prose";
import type { Around, Kit } from "./talk";
import { en, type Words } from "./words";

/** Milliseconds until a family is told that the search goes on. */
const STILL = 5_000;
/** Characters of one answered message; longer ones are read for danger all the same. */
const LONG = 2_000;

const styles = unsafeCSS(css);
const kit: Kit = { html, nothing, prose, call, look, taps };

export class IessChat extends LitElement {
  static override styles = styles;

  #state!: State;
  #client!: Client;
  #words: Words & Partial<More> = en;
  readonly #guides = new Map<Lang, Guide>();
  readonly #loaded = new Map<string, unknown>();
  /** Turns that came while this page was open: they are spoken, restored ones are not. */
  readonly #live = new WeakSet<Turn>();
  readonly #pending = new Set<number>();
  #sent = 0;
  #answered = 0;
  #still = false;
  /** What is open under the header: the menu, or the question before clearing. */
  #sheet: "" | "menu" | "sure" = "";
  #note = "";
  #ready = false;
  #unwatch = (): void => {};

  override connectedCallback(): void {
    super.connectedCallback();
    const base = this.getAttribute("endpoint") ?? new URL(/* @vite-ignore */ "..", import.meta.url).href;
    this.#client = new Client(new URL(base, location.href).href.replace(/\/$/, ""));
    const lang = this.getAttribute("lang") ?? document.documentElement.lang;
    this.#state = load(lang.startsWith("es") ? "es" : "en");
    this.#watch();
    addEventListener("pagehide", this.#leave);
    addEventListener("pageshow", this.#back);
    addEventListener("online", this.#net);
    addEventListener("offline", this.#net);
    addEventListener("keydown", this.#escape);
    visualViewport?.addEventListener("resize", this.#fit);
    void this.#speak(this.#state.lang).then(() => {
      this.#ready = true;
      this.requestUpdate();
    });
    if (this.#state.forget) void this.#forget(this.#state.forget);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    removeEventListener("pagehide", this.#leave);
    removeEventListener("pageshow", this.#back);
    removeEventListener("online", this.#net);
    removeEventListener("offline", this.#net);
    removeEventListener("keydown", this.#escape);
    visualViewport?.removeEventListener("resize", this.#fit);
  }

  #set(change: Partial<State>): void {
    Object.assign(this.#state, change);
    save(this.#state);
    this.requestUpdate();
  }

  // --- the tab, the network, the screen ---------------------------------------------

  #watch(): void {
    this.#unwatch();
    this.#unwatch = watchTabs(this.#state.tab, () => {
      this.#state = fresh(this.#state.lang);
      this.#set({});
      this.#watch();
    });
  }

  readonly #leave = (): void => this.#unwatch();
  readonly #back = (event: PageTransitionEvent): void => {
    if (event.persisted) this.#watch();
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

  #unfold(sheet: "" | "menu" | "sure"): void {
    this.#sheet = sheet;
    this.requestUpdate();
  }

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
    this.#set({ lang });
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
    this.#set({ open: true });
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
    this.#set({ open: false });
    await this.updateComplete;
    this.#$("button.launch")?.focus();
  }

  // --- the conversation -------------------------------------------------------------

  #say = (sent: string, shown = sent): void => {
    if (!sent.trim()) return;
    this.#note = "";
    this.#add({ who: "family", text: shown, sent });
    void this.#ask(sent);
  };

  #add(turn: Turn): void {
    this.#live.add(turn);
    this.#set({ turns: [...this.#state.turns, turn] });
    void this.updateComplete.then(() => this.#scrollDown());
  }

  async #ask(text: string): Promise<void> {
    const mine = ++this.#sent;
    const { tab } = this.#state;
    this.#pending.add(mine);
    const timer = setTimeout(() => {
      this.#still = true;
      this.requestUpdate();
    }, STILL);
    let turn: Turn;
    let lang = this.#state.lang;
    try {
      const wish = this.#state.chosen ? lang : null;
      const reply = await this.#client.send(text, this.#state.token, wish);
      // Cleared meanwhile: what this message has left on the server goes, too.
      if (tab !== this.#state.tab) return void this.#forget(reply.conversation);
      turn = {
        who: "guide",
        lang: (lang = reply.lang),
        level: reply.message_urgency,
        urgency: reply.urgency,
        messages: reply.messages,
        votes: {},
      };
      // Of two replies that pass each other, the later message knows best how things stand.
      if (mine > this.#answered) {
        this.#answered = mine;
        this.#set({ token: reply.conversation, urgency: reply.urgency });
      }
      if (turn.level === "emergency" || turn.level === "crisis") this.#set({ open: true });
    } catch (error) {
      if (tab !== this.#state.tab) return;
      turn = { who: "trouble", kind: error instanceof NotAnswered ? error.kind : "failed" };
    } finally {
      clearTimeout(timer);
      this.#pending.delete(mine);
      if (!this.#pending.size) this.#still = false;
      this.requestUpdate();
    }
    this.#add(turn);
    if (lang !== this.#state.lang) void this.#speak(lang);
  }

  #again(at: number): void {
    const turns = this.#state.turns.filter((_, index) => index !== at);
    this.#set({ turns });
    const last = turns.slice(0, at).reverse().find((turn) => turn.who === "family");
    if (last?.who === "family") void this.#ask(last.sent);
  }

  #vote(turn: GuideTurn, place: number, helpful: boolean, reason?: string): void {
    turn.votes = { ...turn.votes, [place]: reason ? "done" : helpful ? "yes" : "no" };
    this.#set({});
    const { topic } = turn.messages[place]!;
    const vote = { topic, lang: turn.lang, helpful, reason: reason ?? null };
    // A vote that is lost costs nobody anything.
    if (this.#state.token) this.#client.vote(this.#state.token, vote).catch(() => {});
  }

  async #clear(): Promise<void> {
    const { token, lang, chosen } = this.#state;
    this.#sheet = "";
    this.#pending.clear();
    this.#still = false;
    this.#state = { ...fresh(lang), open: true, chosen };
    this.#set({ forget: token });
    this.#watch();
    this.#note = "";
    if (token) await this.#forget(token);
    else this.#note = this.#words.cleared;
    this.requestUpdate();
    await this.updateComplete;
    this.#$("textarea")?.focus();
  }

  async #forget(token: string): Promise<void> {
    try {
      await this.#client.forget(token);
      this.#note = this.#words.cleared;
      this.#set({ forget: null });
    } catch {
      this.#note = this.#words.notCleared;
      this.requestUpdate();
    }
  }

  async #print(only?: string): Promise<void> {
    this.#unfold("");
    const guide = this.#guide;
    const line = guide ? `${guide.hospital}, ${guide.phone}` : "";
    const view = await part("print").catch(() => null);
    if (view) view.show(this.#state.turns, this.#words, line, only);
  }

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
      ${this.#header()} ${helpBar(state, words, this.#guide, this.#toSteps)}
      ${navigator.onLine ? nothing : html`<p class="offline" role="status">${words.offline}</p>`}
      <div class="scroll" role="region" aria-label=${words.log} tabindex="0">
        <div role="log" aria-label=${words.log}>
          ${this.#greeting()} ${state.turns.map((turn, at) => this.#turn(turn, at))}
        </div>
        <p class="wait" role="status">
          ${this.#pending.size
            ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span
                ><span class=${this.#still ? "" : "sr"}
                  >${this.#still ? words.still : words.looking}</span
                >`
            : nothing}
        </p>
        <p class="note" role="status">${this.#note}</p>
      </div>
      ${this.#composer()}
    </section>`;
  }

  #header(): TemplateResult {
    const words = this.#words;
    const state = this.#state;
    const other: Lang = state.lang === "en" ? "es" : "en";
    const flip = (): void => {
      this.#set({ chosen: true });
      void this.#speak(other);
    };
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
          aria-expanded=${this.#sheet === "menu"}
          @click=${() => this.#unfold(this.#sheet ? "" : "menu")}
        >
          ${dots}
        </button>
        <button type="button" class="icon" aria-label=${words.close} @click=${this.close}>
          ${cross}
        </button>
      </div>
      ${this.#sheet === "menu"
        ? html`<div class="menu">
            <button type="button" @click=${() => this.#print()}>${words.print}</button>
            <button type="button" @click=${() => this.#unfold("sure")}>${words.clear}</button>
          </div>`
        : nothing}
      ${this.#sheet === "sure"
        ? html`<div class="menu" role="group" aria-label=${words.clear}>
            <p>${words.sure}</p>
            <button type="button" class="firm" @click=${this.#clear}>${words.clear}</button>
            <button type="button" @click=${() => this.#unfold("")}>${words.keep}</button>
          </div>`
        : nothing}`;
  }

  #greeting(): TemplateResult {
    const words = this.#words;
    const state = this.#state;
    const guide = this.#guide;
    return html`<section class="said hello">
      <span class="sr">${words.guide}</span>
      <p class="big">${words.hello}</p>
      <p>${words.what}</p>
      <p>${words.sources}</p>
      <p class="soft">${words.names}</p>
      ${guide && !state.turns.length ? taps(guide.starters, this.#around(true).say, words.next) : nothing}
    </section>`;
  }

  #turn(turn: Turn, at: number): TemplateResult {
    const words = this.#words;
    const state = this.#state;
    const last = at === state.turns.length - 1;
    if (turn.who === "family")
      return html`<div class="mine">
        <span class="sr">${words.you}</span><span dir="auto">${plain(turn.text)}</span>
      </div>`;
    if (turn.who === "trouble")
      return html`<section class="said trouble">
        ${prose(this.#trouble(turn.kind))}
        ${last && turn.kind !== "long"
          ? html`<button type="button" class="wide" @click=${() => this.#again(at)}>
              ${words.retry}
            </button>`
          : nothing}
      </section>`;
    const talk = this.#use("talk");
    if (!talk) return this.#bare(turn);
    return talk.guideTurn(turn, {
      ...this.#around(last),
      live: this.#live.has(turn),
      vote: (place, helpful, reason) => this.#vote(turn, place, helpful, reason),
    });
  }

  /** What matters of a turn, while the part that draws it in full is not here. */
  #bare(turn: GuideTurn): TemplateResult {
    return html`<div class="turn" data-level=${turn.level} tabindex="-1">
      ${turn.messages.map((message) => {
        const level = look(message, turn);
        return html`<section
          class="said ${level}"
          lang=${turn.lang}
          role=${turn.level === "emergency" && level && this.#live.has(turn) ? "alert" : nothing}
        >
          ${call(message, turn, this.#words)} ${prose(message.text)}
        </section>`;
      })}
    </div>`;
  }

  #trouble(kind: Trouble): string {
    const words = this.#words;
    const guide = this.#guide;
    if (kind === "failed" && guide) return guide.help;
    if (kind === "long") return guide?.too_long ?? words.long;
    if (kind === "busy") return `${words.busy}\n\n${words.help}`;
    const call = guide ? `\n${words.callClinic} [${guide.phone}](${guide.phone_link})` : "";
    return `${kind === "offline" ? words.offline : words.failed}${call}\n${words.help}`;
  }

  #around(last: boolean): Around {
    return {
      kit,
      words: this.#words,
      live: false,
      last: last && !this.#pending.size,
      card: () => this.#use("card"),
      form: () => this.#use("form"),
      endpoint: this.#client.endpoint,
      say: (sent, shown) => {
        // The tapped button goes away; the focus stays with the conversation.
        this.#$(".scroll")?.focus();
        this.#say(sent, shown);
      },
      vote: () => {},
      print: (text) => void this.#print(text),
    };
  }

  #composer(): TemplateResult {
    const words = this.#words;
    const state = this.#state;
    const send = (event: Event): void => {
      event.preventDefault();
      const text = state.draft;
      if (!text.trim()) return;
      this.#set({ draft: "" });
      this.#say(text);
    };
    const keys = (event: KeyboardEvent): void => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
    };
    const type = (event: InputEvent): void =>
      this.#set({ draft: (event.target as HTMLTextAreaElement).value });
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
}

if (!customElements.get("iess-chat")) customElements.define("iess-chat", IessChat);
