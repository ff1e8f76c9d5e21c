/** What the gateway says: `POST /api/messages` and `GET /api/guide`, as JSON. */

export type Lang = "en" | "es";
export type Level = "emergency" | "crisis" | "urgent" | "routine";

export interface Citation {
  quote: string;
  section: string;
  url: string | null;
  /** What the quote means in the family's language, where that is not the page's. */
  translation?: string | null;
}

export interface Button {
  title: string;
  text: string;
}

export interface Message {
  kind: "answer" | "safety" | "choice" | "fallback" | "smalltalk";
  topic: string | null;
  text: string;
  citations: Citation[];
  sources: { publisher: string; url: string | null }[];
  buttons: Button[];
  notice: string | null;
  verbatim: boolean;
}

export interface Reply {
  conversation: string;
  lang: Lang;
  urgency: Level;
  message_urgency: Level;
  messages: Message[];
}

/** The hospital's own words in one language. */
export interface Guide {
  hospital: string;
  phone: string;
  phone_link: string;
  starters: Button[];
  help: string;
  too_long: string;
}

/**
 * Words of the reviewed texts that the widget knows by sight, in both languages: the first line
 * of the doctor's card, and the buttons that move about in the guided check. A test holds them
 * to `data/spasm_check.yml`.
 */
export const CARD = ["To show the doctor", "Para mostrar al doctor"];
export const MOVES = ["Skip", "Back", "Leave the check", "Saltar", "Regresar", "Salir de la guía"];
