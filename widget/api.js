/** The student API of the desk: its calls, the one error they fail with, and how long to wait before trying again. */

const TIMEOUT_MS = 20_000;
const GONE = [401, 404, 410];
const PASSING = [408, 425, 429];

/** The desk said no, or could not be reached (`status` 0). */
export class ApiError extends Error {
  constructor(status, { code = "", message = "", retryAfter = 0 } = {}) {
    super(message || `HTTP ${status}`);
    Object.assign(this, { name: "ApiError", status, code, detail: message, retryAfter });
  }

  /** The conversation does not exist (any more), or the token does not open it. */
  get gone() {
    return GONE.includes(this.status);
  }

  /** Worth trying again: no network, a restart, too many requests, a conversation made anew. */
  get passing() {
    return this.status === 0 || this.status >= 500 || PASSING.includes(this.status) || this.code === "moved";
  }
}

async function errorFrom(response) {
  const body = await response.json().catch(() => ({}));
  const { code, message } = body.error ?? {};
  return new ApiError(response.status, { code, message, retryAfter: Number(response.headers.get("Retry-After")) * 1000 || 0 });
}

export class Api {
  #base;

  constructor(server) {
    this.#base = `${server}/api/conversations`;
  }

  start(language) {
    return this.#json("", null, { method: "POST", body: { language } });
  }

  /** What an e-mail's link opens: {conversation_id, token, language}. */
  open(link) {
    return this.#json("/open", null, { method: "POST", body: { link } });
  }

  post(session, path, body) {
    return this.#json(`/${session.id}/${path}`, session, { method: "POST", body });
  }

  put(session, path, body) {
    return this.#json(`/${session.id}/${path}`, session, { method: "PUT", body });
  }

  messages(session, after, signal) {
    return this.#json(`/${session.id}/messages?after=${after}`, session, { signal });
  }

  export(session) {
    return this.#fetch(`/${session.id}/export`, session).then((response) => response.blob());
  }

  /** The conversation, or with a `path` only the wait for a person ("/handoff") or the address left for it ("/contact"). */
  delete(session, path = "") {
    return this.#fetch(`/${session.id}${path}`, session, { method: "DELETE" });
  }

  /** The open event stream; the time limit is for its headers only. */
  events(session, after, signal) {
    const headers = { Accept: "text/event-stream", ...(after ? { "Last-Event-ID": String(after) } : {}) };
    return this.#fetch(`/${session.id}/events`, session, { headers, signal });
  }

  async #json(path, session, options) {
    const response = await this.#fetch(path, session, options);
    if (response.status === 204) return null;
    return response.json().catch(() => Promise.reject(new ApiError(0, { code: "unreadable" })));
  }

  async #fetch(path, session, { method = "GET", body, headers = {}, signal } = {}) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
    signal?.addEventListener("abort", () => limit.abort(), { once: true });
    if (session) headers.Authorization = `Bearer ${session.token}`;
    if (body) headers["Content-Type"] = "application/json";
    const options = { method, headers, body: body && JSON.stringify(body), signal: limit.signal, cache: "no-store", credentials: "omit" };
    const response = await fetch(this.#base + path, options)
      .catch((cause) => Promise.reject(new ApiError(0, { code: "unreachable", message: String(cause) })))
      .finally(() => clearTimeout(timer));
    if (!response.ok) throw await errorFrom(response);
    return response;
  }
}

/** Resolves after `ms` or as soon as `signal` aborts; never rejects. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/** 0.5 s doubling to 30 s, half of it by chance, so that many widgets do not come back at the same instant. */
export function backOff(failures) {
  const ceiling = Math.min(30_000, 500 * 2 ** Math.max(0, failures - 1));
  return (ceiling * (1 + Math.random())) / 2;
}
