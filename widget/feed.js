/**
 * Keeps a conversation up to date. Each round asks once for what was missed, then follows the event stream until it
 * ends; where no stream can be had the rounds are the polling fallback. Read with fetch, for EventSource cannot send
 * an Authorization header.
 */
import { backOff, pause } from "./api.js";

const POLL_MS = 4_000;
const SILENCE_MS = 45_000;
const HIDDEN_MS = 60_000;
const HIDDEN_POLL_MS = 20_000;

function parse(block) {
  const event = { name: "message", data: "" };
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (field === "event") event.name = value;
    if (field === "data") event.data += value;
  }
  try {
    return { ...event, data: JSON.parse(event.data) };
  } catch {
    return null;
  }
}

/** Server-sent events with JSON data from a fetch body; heartbeats only call `onBytes`. */
async function* readEvents(body, onBytes) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      onBytes();
      const blocks = (buffer + decoder.decode(value, { stream: true })).split(/\r\n\r\n|\n\n|\r\r/);
      buffer = blocks.pop();
      yield* blocks.map(parse).filter(Boolean);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

export class Feed {
  #api;
  #session;
  #on;
  #stop = new AbortController();
  #round = new AbortController();
  #lastByte = 0;
  #hiddenSince = 0;

  constructor(api, session, on) {
    this.#api = api;
    this.#session = session;
    this.#on = on;
  }

  start() {
    const { signal } = this.#stop;
    addEventListener("online", () => this.#wake(), { signal });
    addEventListener("offline", () => this.#on.connected(false), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#wake(), { signal });
    document.addEventListener("visibilitychange", () => this.#visibility(), { signal });
    this.#run(signal);
    return this;
  }

  stop() {
    this.#stop.abort();
    this.#round.abort();
  }

  /** After a send: if the stream stays silent the answer is fetched. */
  async expectReply() {
    const before = this.#lastByte;
    await pause(POLL_MS, this.#stop.signal);
    if (this.#lastByte === before && !this.#stop.signal.aborted) await this.#catchUp().catch(() => {});
  }

  async #run(signal) {
    let failures = 0;
    while (!signal.aborted) {
      this.#round = new AbortController();
      const wait = await this.#once().then(
        (ms) => ((failures = 0), ms),
        (error) => (error.gone ? this.#leave() : this.#failed(++failures)),
      );
      await pause(wait, this.#round.signal);
    }
  }

  async #once() {
    await this.#catchUp();
    return this.#longHidden ? HIDDEN_POLL_MS : this.#follow();
  }

  async #catchUp() {
    const reply = await this.#api.messages(this.#session, this.#on.cursor(), this.#round.signal);
    if (this.#stop.signal.aborted) return;
    this.#on.connected(true);
    this.#on.news(reply);
  }

  /** Reads the stream to its end; answers how long to wait before the next round. */
  async #follow() {
    const { signal } = this.#round;
    const opened = Date.now();
    this.#lastByte = opened;
    const guard = setInterval(() => this.#checkSilence(opened), POLL_MS);
    try {
      const response = await this.#api.events(this.#session, this.#on.cursor(), signal);
      for await (const { name, data } of readEvents(response.body, () => (this.#lastByte = Date.now()))) {
        if (signal.aborted) break;
        this.#on.event(name, data);
      }
    } catch (error) {
      if (error.gone && error.status !== 404) throw error;
    } finally {
      clearInterval(guard);
    }
    return this.#lastByte > opened ? backOff(1) : POLL_MS;
  }

  /** A stream that never spoke may be held back by a proxy: poll beside it. One that fell silent is dead. */
  #checkSilence(opened) {
    if (Date.now() - this.#lastByte > SILENCE_MS) this.#round.abort();
    else if (this.#lastByte === opened) this.#catchUp().catch(() => {});
  }

  #failed(failures) {
    if (!this.#round.signal.aborted) this.#on.connected(false);
    return backOff(failures);
  }

  #leave() {
    this.stop();
    this.#on.gone();
    return 0;
  }

  #wake() {
    this.#hiddenSince = 0;
    this.#round.abort();
  }

  #visibility() {
    if (!document.hidden) return this.#wake();
    this.#hiddenSince = Date.now();
    pause(HIDDEN_MS, this.#stop.signal).then(() => this.#longHidden && this.#round.abort());
  }

  /** A page nobody looks at polls slowly and leaves its connection to others. */
  get #longHidden() {
    return this.#hiddenSince && Date.now() - this.#hiddenSince >= HIDDEN_MS;
  }
}
