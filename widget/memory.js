/** What is known of the conversation: `Store` on this device, `Transcript` and `Presence` as the desk told it. */

/** What stays on this device, per desk: in localStorage, shared by tabs; in memory where that is shut. */
export class Store {
  #prefix;
  #memory = new Map();

  constructor(server) {
    this.#prefix = `advising-chat:${server}:`;
  }

  read(name, fallback = null) {
    const text = this.#get(this.#prefix + name);
    if (text === null) return fallback;
    try {
      return JSON.parse(text);
    } catch {
      return fallback;
    }
  }

  /** null forgets the entry. */
  write(name, value) {
    const key = this.#prefix + name;
    const text = value === null ? null : JSON.stringify(value);
    try {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, text);
    }
  }

  /** Every name kept under `stem`, in alphabetical order. */
  names(stem) {
    const start = this.#prefix + stem;
    let keys = [];
    try {
      keys = Object.keys(localStorage);
    } catch {}
    const known = new Set([...keys, ...this.#memory.keys()].filter((key) => key.startsWith(start) && this.#get(key) !== null));
    return [...known].sort().map((key) => key.slice(this.#prefix.length));
  }

  /** Calls back with the name another tab changed; null when it cleared everything. */
  watch(callback, signal) {
    const listener = ({ key, storageArea }) => {
      if (storageArea !== globalThis.localStorage) return;
      if (key === null) callback(null);
      else if (key.startsWith(this.#prefix)) callback(key.slice(this.#prefix.length));
    };
    addEventListener("storage", listener, { signal });
  }

  #get(key) {
    if (this.#memory.has(key)) return this.#memory.get(key);
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }
}

/** The messages of one conversation, each once, in the order of their sequence numbers. */
export class Transcript {
  #bySeq = new Map();

  /** Highest number received in order; the reply to a send does not move it, or what lies between would be skipped. */
  cursor = 0;

  /** Returns those that were not known before. */
  add(messages, { inOrder = false } = {}) {
    const fresh = messages.filter(({ seq }) => !this.#bySeq.has(seq));
    for (const message of fresh) this.#bySeq.set(message.seq, message);
    if (inOrder) this.cursor = messages.reduce((top, { seq }) => Math.max(top, seq), this.cursor);
    return fresh;
  }

  get messages() {
    return [...this.#bySeq.values()].sort((one, other) => one.seq - other.seq);
  }

  has(clientId) {
    return this.messages.some((message) => message.client_id === clientId);
  }

  get last() {
    return this.messages.at(-1) ?? null;
  }
}

const TYPING_MS = 8_000;

const advisorName = (advisor) => (typeof advisor === "object" ? advisor?.name : advisor) ?? null;

export class Presence {
  #changed;
  #timer = 0;

  constructor(changed) {
    this.#changed = changed;
    this.reset();
  }

  reset() {
    clearTimeout(this.#timer);
    Object.assign(this, { state: "with_bot", wait: null, advisor: null, typing: null });
  }

  get summary() {
    return { state: this.state, advisor: this.advisor, wait: this.wait };
  }

  /** True when the state or the advisor is another one than before. */
  become({ state, wait = null, advisor = null }) {
    if (!state) return false;
    const same = state === this.state;
    const name = advisorName(advisor) ?? (same ? this.advisor : null);
    const moved = !same || name !== this.advisor;
    Object.assign(this, { state, wait: wait ?? (same ? this.wait : null), advisor: name });
    this.#changed();
    return moved;
  }

  /** Somebody spoke, so is not writing any more; an advisor is known by name from now on. */
  heard({ sender, author }) {
    if (sender === "advisor" && author && this.state === "with_advisor") this.advisor = author;
    this.show(null);
  }

  /** Who is writing ("bot", "advisor" or null), forgotten after a while when nobody repeats it. */
  show(sender) {
    clearTimeout(this.#timer);
    if (sender) this.#timer = setTimeout(() => this.show(null), TYPING_MS);
    if (sender === this.typing) return;
    this.typing = sender;
    this.#changed();
  }
}
