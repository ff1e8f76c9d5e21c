/**
 * What one tab remembers, in sessionStorage only: the next person at a shared computer finds
 * nothing. Kept over a reload and on the site's next page.
 */
import type { Lang, Level, Message } from "./contract";
import type { Trouble } from "./client";

export interface FamilyTurn {
  who: "family";
  text: string;
  sent: string;
  /** Makes a message that is sent again count once. */
  id: string;
}

export interface GuideTurn {
  who: "guide";
  lang: Lang;
  /** Of the family's message alone, and of how things stand after it. */
  level: Level;
  urgency: Level;
  messages: Message[];
  /** Feedback by the message's place: "yes", "no", or "done" once a reason is given. */
  votes: Record<number, string>;
}

export type Turn =
  | FamilyTurn
  | GuideTurn
  | { who: "trouble"; kind: Trouble };

export interface State {
  tab: string;
  open: boolean;
  lang: Lang;
  /** The family chose the language by hand. */
  chosen: boolean;
  token: string | null;
  urgency: Level;
  turns: Turn[];
  draft: string;
  /** A conversation that the server could not yet be told to forget. */
  forget: string | null;
}

const KEY = "iess-chat-1";
const MOST_TURNS = 80;

export const random = (): string => crypto.getRandomValues(new Uint32Array(2)).join("-");

export const fresh = (lang: Lang): State => ({
  tab: random(),
  open: false,
  lang,
  chosen: false,
  token: null,
  urgency: "routine",
  turns: [],
  draft: "",
  forget: null,
});

/** A storage that is full or forbidden costs only the memory, never the conversation. */
export function save(state: State): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...state, turns: state.turns.slice(-MOST_TURNS) }));
  } catch {
    /* as said above */
  }
}

export function load(lang: Lang): State {
  try {
    return { ...fresh(lang), ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    return fresh(lang);
  }
}

/**
 * A duplicated tab starts with a copy of the storage. It asks whether another tab lives by its
 * name; if one answers, it begins anew, so that two tabs never write into one conversation.
 *
 * @returns ends the watch
 */
export function watchTabs(tab: string, onTaken: () => void): () => void {
  const me = random();
  const channel = new BroadcastChannel(KEY);
  channel.onmessage = ({ data }) => {
    if (data.tab !== tab || data.me === me) return;
    if (!data.to) channel.postMessage({ tab, me, to: data.me });
    else if (data.to === me) onTaken();
  };
  channel.postMessage({ tab, me });
  return () => channel.close();
}
