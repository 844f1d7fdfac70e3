/** Both directions: `Outbox` brings what the student does to the desk, `Feed` what the desk has back. */
import { backOff, pause } from "./api.js";

const LOCK_MS = 15_000;

/** An id no other device makes; randomUUID exists only on https and localhost. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Under a lock shared by tabs; a frozen tab may sit on it, so after a while goes ahead without. */
async function exclusively(name, job) {
  if (!navigator.locks) return job();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LOCK_MS);
  const locked = () => (clearTimeout(timer), job());
  return navigator.locks.request(name, { signal: limit.signal }, locked).catch((error) => {
    if (error.name === "AbortError" && limit.signal.aborted) return job();
    throw error;
  });
}

/** Sorts by the time it was done. */
const placeOf = ({ at, client_id }) => `outbox/${String(at).padStart(15, "0")}-${client_id}`;

/**
 * What the student did and the desk has not confirmed, on disk until it has. Delivered one at a time, in order, as often
 * as it takes; the client-made id makes a repeat harmless. Tabs share the box and take turns by a lock.
 * An entry is {client_id, path: messages | handoff | feedback, body, label, moved?, failed?: {code, detail}}.
 */
export class Outbox {
  #store;
  #deliver;
  #changed;
  #busy = false;
  #waiting = new AbortController();
  #stopped = false;
  #lastAt = 0;

  constructor(store, deliver, changed) {
    this.#store = store;
    this.#deliver = deliver;
    this.#changed = changed;
  }

  /** Each entry lies under a name of its own: two tabs that write at once would overwrite a shared list. */
  get entries() {
    return this.#store.names("outbox/").map((name) => this.#store.read(name)).filter(Boolean);
  }

  add(path, body, label = "") {
    const client_id = newId();
    const at = Math.max(Date.now(), this.#lastAt + 1);
    this.#lastAt = at;
    const entry = { client_id, at, path, label, body: path === "messages" ? { client_id, ...body } : body };
    this.#write(entry);
    this.wake();
    return entry;
  }

  remove(clientId) {
    for (const entry of this.entries) if (entry.client_id === clientId) this.#store.write(placeOf(entry), null);
    this.#changed();
  }

  retry(clientId) {
    this.revise((entry) => (entry.client_id === clientId ? { ...entry, failed: undefined } : entry));
    this.wake();
  }

  /** Rewrites every entry; null drops it. */
  revise(change) {
    for (const entry of this.entries) {
      const changed = change(entry);
      if (!changed) this.#store.write(placeOf(entry), null);
      else if (changed !== entry) this.#store.write(placeOf(entry), changed);
    }
    this.#changed();
  }

  /** Tries again now. */
  wake() {
    this.#waiting.abort();
    this.#flush();
  }

  stop() {
    this.#stopped = true;
    this.#waiting.abort();
  }

  async #flush() {
    if (this.#busy || this.#stopped) return;
    this.#busy = true;
    let failures = 0;
    for (let entry = this.#next(); entry && !this.#stopped; entry = this.#next()) {
      const error = await exclusively(`${location.origin}:advising-chat`, () => this.#attempt(entry.client_id));
      failures = error ? failures + 1 : 0;
      this.#waiting = new AbortController();
      if (error) await pause(Math.max(backOff(failures), error.retryAfter ?? 0), this.#waiting.signal);
    }
    this.#busy = false;
  }

  #next() {
    return this.entries.find((entry) => !entry.failed);
  }

  /** Another tab may have sent the entry meanwhile. Returns an error worth a new try, else null. */
  async #attempt(clientId) {
    const entry = this.entries.find((each) => each.client_id === clientId);
    if (!entry || entry.failed) return null;
    try {
      await this.#deliver(entry);
      this.remove(clientId);
    } catch (error) {
      if (error.passing ?? true) return error;
      this.revise((each) => (each.client_id === clientId ? { ...each, failed: { code: error.code, detail: error.detail } } : each));
    }
    return null;
  }

  #write(entry) {
    this.#store.write(placeOf(entry), entry);
    this.#changed();
  }
}

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

/**
 * Keeps a conversation up to date. Each round asks once for what was missed, then follows the event stream until it
 * ends; where no stream can be had the rounds are the polling fallback. Read with fetch, for EventSource cannot send
 * an Authorization header.
 */
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
