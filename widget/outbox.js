/**
 * What the student did and the desk has not confirmed, on disk until it has. Delivered one at a time, in order, as often
 * as it takes; the client-made id makes a repeat harmless. Tabs share the box and take turns by a lock.
 */
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

/** An entry is {client_id, path: messages | handoff | feedback, body, label, moved?, failed?: {code, detail}}. */
export class Outbox {
  #store;
  #deliver;
  #changed;
  #busy = false;
  #waiting = new AbortController();
  #stopped = false;

  constructor(store, deliver, changed) {
    this.#store = store;
    this.#deliver = deliver;
    this.#changed = changed;
  }

  get entries() {
    return this.#store.read("outbox", []);
  }

  add(path, body, label = "") {
    const client_id = newId();
    const entry = { client_id, path, label, body: path === "messages" ? { client_id, ...body } : body };
    this.#write([...this.entries, entry]);
    this.wake();
    return entry;
  }

  remove(clientId) {
    this.#write(this.entries.filter((entry) => entry.client_id !== clientId));
  }

  /** Rewrites every entry; null drops it. */
  revise(change) {
    this.#write(this.entries.map(change).filter(Boolean));
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

  #write(entries) {
    this.#store.write("outbox", entries.length ? entries : null);
    this.#changed();
  }
}
