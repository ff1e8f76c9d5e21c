/** The gateway, the only host that the widget ever asks. */
import type { Guide, Lang, Reply } from "./contract";

/** Milliseconds after which a family is told that nobody answered. */
const PATIENCE = 20_000;

export type Trouble = "failed" | "offline" | "busy" | "long";

/** A message was not answered; `kind` says what the family is told. */
export class NotAnswered extends Error {
  constructor(readonly kind: Trouble) {
    super(kind);
  }
}

export interface Vote {
  topic: string | null;
  lang: Lang;
  helpful: boolean;
  reason: string | null;
}

export class Client {
  readonly endpoint: string;

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  async guide(lang: Lang): Promise<Guide> {
    return (await this.#call("GET", `/api/guide?lang=${lang}`)).json();
  }

  /**
   * @param id of the message: sent again under it, it counts once
   * @throws NotAnswered
   */
  async send(
    text: string,
    id: string,
    conversation: string | null,
    lang: Lang | null,
  ): Promise<Reply> {
    const body = { text, conversation, channel: "web", lang };
    const response = await this.#call("POST", "/api/messages", body, "", id);
    try {
      return await response.json();
    } catch {
      throw new NotAnswered("failed");
    }
  }

  async vote(conversation: string, vote: Vote): Promise<void> {
    await this.#call("POST", "/api/feedback", vote, conversation);
  }

  async forget(conversation: string): Promise<void> {
    await this.#call("DELETE", "/api/conversation", undefined, conversation);
  }

  async #call(
    method: string,
    path: string,
    body?: unknown,
    conversation?: string,
    id?: string,
  ): Promise<Response> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const headers: Record<string, string> = {};
    if (body) headers["Content-Type"] = "application/json";
    if (conversation) headers["Authorization"] = `Bearer ${conversation}`;
    if (id) headers["Idempotency-Key"] = id;
    try {
      const response = await fetch(this.endpoint + path, {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        credentials: "omit",
        signal: stop.signal,
      });
      if (response.ok) return response;
      throw new NotAnswered(
        response.status === 413 ? "long" : response.status === 429 ? "busy" : "failed",
      );
    } catch (error) {
      if (error instanceof NotAnswered) throw error;
      throw new NotAnswered(navigator.onLine ? "failed" : "offline");
    } finally {
      clearTimeout(timer);
    }
  }
}
