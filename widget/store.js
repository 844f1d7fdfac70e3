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
