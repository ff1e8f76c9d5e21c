/** The conversation of this tab: what was said, and sending, trying again, voting, clearing. */
import { NotAnswered, type Client } from "./client";
import type { Lang } from "./contract";
import { fresh, load, random, save, watchTabs } from "./memory";
import type { FamilyTurn, GuideTurn, State, Turn } from "./memory";
import type { Words } from "./words";

/** Milliseconds until a family is told that the search goes on. */
const STILL = 5_000;

/**
 * The conversation, for the widget to draw and to carry on.
 *
 * @param client asks the gateway
 * @param changed draws anew
 * @param came follows a turn that was added
 * @param speak changes the language
 * @param words gives the words of the language spoken
 */
export function converse(
  client: () => Client,
  changed: () => void,
  came: () => void,
  speak: (lang: Lang) => void,
  words: () => Words,
) {
  /** Turns that came while this page was open: they are spoken, restored ones are not. */
  const live = new WeakSet<Turn>();
  /** Messages that wait for their reply. */
  const pending = new Set<number>();
  let state = fresh("en");
  /** A reply is long in coming. */
  let still = false;
  /** What became of clearing. */
  let note = "";
  let sent = 0;
  let answered = 0;
  let unwatch = (): void => {};

  /** Change the state; it is remembered and drawn. */
  const set = (change: Partial<State>): void => {
    Object.assign(state, change);
    save(state);
    changed();
  };

  const leave = (): void => unwatch();

  /** Look out for the tab that this one was duplicated from: then this one begins anew. */
  const watch = (): void => {
    unwatch();
    unwatch = watchTabs(state.tab, () => {
      state = fresh(state.lang);
      set({});
      watch();
    });
  };

  /** Take up what this tab remembers, and what it could not yet have forgotten. */
  const begin = (lang: Lang): void => {
    state = load(lang);
    watch();
    if (state.forget) void forget(state.forget);
  };

  const add = (turn: Turn): void => {
    live.add(turn);
    set({ turns: [...state.turns, turn] });
    came();
  };

  const say = (text: string, shown = text): void => {
    if (!text.trim()) return;
    note = "";
    const turn: FamilyTurn = { who: "family", text: shown, sent: text, id: random() };
    add(turn);
    void ask(turn);
  };

  const ask = async ({ sent: text, id }: FamilyTurn): Promise<void> => {
    const mine = ++sent;
    const { tab } = state;
    pending.add(mine);
    const timer = setTimeout(() => {
      still = true;
      changed();
    }, STILL);
    let turn: Turn;
    let lang = state.lang;
    try {
      const wish = state.chosen ? lang : null;
      const reply = await client().send(text, id, state.token, wish);
      // Cleared meanwhile: what this message has left on the server goes, too.
      if (tab !== state.tab) return void forget(reply.conversation);
      turn = {
        who: "guide",
        lang: (lang = reply.lang),
        level: reply.message_urgency,
        urgency: reply.urgency,
        messages: reply.messages,
        votes: {},
      };
      // Of two replies that pass each other, the later message knows best how things stand.
      if (mine > answered) {
        answered = mine;
        set({ token: reply.conversation, urgency: reply.urgency });
      }
      if (turn.level === "emergency" || turn.level === "crisis") set({ open: true });
    } catch (error) {
      if (tab !== state.tab) return;
      turn = { who: "trouble", kind: error instanceof NotAnswered ? error.kind : "failed" };
    } finally {
      clearTimeout(timer);
      pending.delete(mine);
      if (!pending.size) still = false;
      changed();
    }
    add(turn);
    if (lang !== state.lang) speak(lang);
  };

  /** Send the message before this place again, instead of the trouble that stands there. */
  const again = (at: number): void => {
    const turns = state.turns.filter((_, index) => index !== at);
    set({ turns });
    const last = turns.slice(0, at).reverse().find((turn) => turn.who === "family");
    if (last?.who === "family") void ask(last);
  };

  const vote = (turn: GuideTurn, place: number, helpful: boolean, reason?: string): void => {
    turn.votes = { ...turn.votes, [place]: reason ? "done" : helpful ? "yes" : "no" };
    set({});
    const { topic } = turn.messages[place]!;
    const cast = { topic, lang: turn.lang, helpful, reason: reason ?? null };
    // A vote that is lost costs nobody anything.
    if (state.token) client().vote(state.token, cast).catch(() => {});
  };

  const clear = async (): Promise<void> => {
    const { token, lang, chosen } = state;
    pending.clear();
    still = false;
    state = { ...fresh(lang), open: true, chosen };
    set({ forget: token });
    watch();
    note = "";
    if (token) await forget(token);
    else note = words().cleared;
    changed();
  };

  /** Have the server forget a conversation. */
  const forget = async (token: string): Promise<void> => {
    try {
      await client().forget(token);
      note = words().cleared;
      set({ forget: null });
    } catch {
      note = words().notCleared;
      changed();
    }
  };

  return {
    get state() {
      return state;
    },
    get still() {
      return still;
    },
    get note() {
      return note;
    },
    live,
    pending,
    set,
    leave,
    watch,
    begin,
    say,
    again,
    vote,
    clear,
  };
}
