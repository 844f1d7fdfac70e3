/**
 * One student's conversation with the desk; knows nothing of the page.
 * Fires `change` (draw again), `message` ({message, live}), `state` ({state, advisor, wait}), `lost` and `refused`.
 */
import { Api, ApiError } from "./api.js";
import { Feed, Outbox } from "./delivery.js";
import { Presence, Store, Transcript } from "./memory.js";

const ORPHAN_MS = 5_000;
const TYPING_EVERY_MS = 4_000;

export class Conversation extends EventTarget {
  connected = true;
  presence = new Presence(() => this.#fire("change"));

  #api;
  #language;
  #feed = null;
  #outbox;
  #stop = new AbortController();
  #synced = false;
  #toldTyping = 0;
  #transcript = new Transcript();

  /** `language()` is that of a conversation started now. */
  constructor(server, language) {
    super();
    this.#api = new Api(server);
    this.#language = language;
    this.store = new Store(server);
    this.#outbox = new Outbox(this.store, (entry) => this.#deliver(entry), () => this.#fire("change"));
  }

  open() {
    const { signal } = this.#stop;
    this.store.watch((name) => this.#otherTab(name), signal);
    for (const name of ["online", "pageshow"]) addEventListener(name, () => this.#outbox.wake(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#outbox.wake(), { signal });
    this.#follow();
    this.#outbox.wake();
    return this;
  }

  close() {
    this.#stop.abort();
    this.#feed?.stop();
    this.#outbox.stop();
  }

  get session() {
    return this.store.read("session");
  }

  get messages() {
    return this.#transcript.messages;
  }

  /** Messages not yet confirmed, failed ones among them. */
  get pending() {
    return this.#outbox.entries.filter(({ path, client_id }) => path === "messages" && !this.#transcript.has(client_id));
  }

  get askingForPerson() {
    return this.#outbox.entries.some(({ path, failed }) => path === "handoff" && !failed);
  }

  send(text) {
    this.#outbox.add("messages", { text }, text);
  }

  choose({ id, label }) {
    this.#outbox.add("messages", { choice_id: id }, label);
  }

  speak(language, label) {
    if (this.session) this.choose({ id: `language:${language}`, label });
  }

  askForPerson() {
    if (!this.askingForPerson) this.#outbox.add("handoff", {});
  }

  /** Not by the outbox: a wait that cannot be ended just now goes on, and the student sees that it does. */
  stopWaiting() {
    return this.#api.delete(this.session, "/handoff").then(() => this.#become({ state: "with_bot" }));
  }

  /** An e-mail address for the reply, or null to take it back; resolves to {contact, meant}. Not by the outbox: it is seen at once if it was kept. */
  async leaveContact(email) {
    const kept = await (email ? this.#api.put(this.session, "contact", { email }) : this.#api.delete(this.session, "/contact"));
    const { state, wait } = this.presence;
    this.#become({ state, wait: { ...wait, contact: kept.contact } });
    return kept;
  }

  /** Lets an advisor see that the student is writing. */
  typing() {
    if (this.presence.state !== "with_advisor" || Date.now() - this.#toldTyping < TYPING_EVERY_MS) return;
    this.#toldTyping = Date.now();
    this.#api.post(this.session, "typing").catch(() => {});
  }

  rate(seq, helpful, comment) {
    this.store.write("ratings", { ...this.ratings, [seq]: helpful });
    this.#outbox.add("feedback", { seq, helpful, ...(comment ? { comment } : {}) });
  }

  get ratings() {
    return this.store.read("ratings", {});
  }

  /** A refused message once more, as it is. */
  retry(clientId) {
    this.#outbox.retry(clientId);
  }

  discard(clientId) {
    this.#outbox.remove(clientId);
  }

  download() {
    return this.#api.export(this.session);
  }

  /** Deletes at the desk first, then here. */
  async erase() {
    const { session } = this;
    if (session) await this.#api.delete(session).catch((error) => error.gone || Promise.reject(error));
    this.#outbox.revise(() => null);
    this.#forget();
  }

  /** Does an e-mail's link lead to another conversation than the one on this device? */
  leadsElsewhere(link) {
    return Boolean(this.session) && this.session.id !== link.split(".")[0];
  }

  /** The conversation an e-mail's link leads to, in place of the one on this device. */
  async openLink(link) {
    const { conversation_id: id, token } = await this.#api.open(link);
    if (this.session?.id !== id) {
      this.#takeAlong();
      this.#forget();
    }
    this.store.write("session", { id, token });
    this.#follow();
    this.#outbox.wake();
  }

  async #deliver(entry) {
    try {
      await this.#post(entry, this.session ?? (await this.#begin()));
    } catch (error) {
      if (error.status === 0 || error.status >= 500) this.#connection(false);
      throw error;
    }
  }

  async #post(entry, session) {
    try {
      const reply = await this.#api.post(session, entry.path, entry.body);
      this.#connection(true);
      if (this.session?.id !== session.id) return;
      if (reply?.message) this.#receive([reply.message]);
      if (reply?.state) this.#become(reply);
      this.#expectReply(entry);
    } catch (error) {
      if (!error.gone) throw error.passing ? error : this.#refused(entry, error);
      if (entry.moved) throw new ApiError(400, { code: error.code, message: error.detail });
      this.#lose(session.id);
      throw new ApiError(409, { code: "moved" });
    }
  }

  #refused(entry, error) {
    if (entry.path !== "messages") this.#outbox.remove(entry.client_id);
    this.#fire("refused", { path: entry.path, error });
    return error;
  }

  #expectReply(entry) {
    if (entry.path === "feedback") return;
    this.#feed?.expectReply();
    const answered = (this.#transcript.last?.sender ?? "student") !== "student";
    if (entry.path === "messages" && this.presence.state !== "with_advisor" && !answered) this.presence.show("bot");
  }

  async #begin() {
    const { conversation_id, token, messages = [] } = await this.#api.start(this.#language());
    const session = this.session ?? { id: conversation_id, token };
    this.store.write("session", session);
    this.#synced = true;
    if (session.token === token) this.#receive(messages, { inOrder: true });
    this.#follow();
    return session;
  }

  #follow() {
    const { session } = this;
    this.#feed?.stop();
    if (!session) return;
    this.#feed = new Feed(this.#api, session, {
      cursor: () => this.#transcript.cursor,
      news: (reply) => this.#news(reply),
      event: (name, data) => this.#event(name, data),
      connected: (yes) => this.#connection(yes),
      gone: () => this.#lose(session.id),
    }).start();
  }

  #news(reply) {
    this.#become(reply);
    this.#receive(reply.messages ?? [], { inOrder: true, live: this.#synced });
    this.#synced = true;
  }

  #event(name, data) {
    if (name === "message") this.#receive([data], { inOrder: true });
    else if (name === "state" && data.state !== "deleted") this.#become(data);
    else if (name === "typing" && data.sender !== "student") this.presence.show(data.typing === false ? null : data.sender);
  }

  #receive(messages, { inOrder = false, live = true } = {}) {
    const fresh = this.#transcript.add(messages, { inOrder });
    for (const message of fresh) {
      if (message.sender !== "student") this.presence.heard(message);
      this.#fire("message", { message, live });
    }
    if (fresh.length) this.#fire("change");
  }

  #become(reply) {
    if (this.presence.become(reply)) this.#fire("state", this.presence.summary);
  }

  #connection(yes) {
    if (yes && !this.connected) this.#outbox.wake();
    if (yes === this.connected) return;
    this.connected = yes;
    this.#fire("change");
  }

  /** The desk no longer has the conversation. */
  #lose(id) {
    if (this.session?.id !== id) return;
    this.#takeAlong();
    this.#forget();
    this.#fire("lost");
  }

  /** What is unsent goes to the next conversation; a choice becomes its words. */
  #takeAlong() {
    this.#outbox.revise((entry) => {
      if (entry.path === "feedback" || entry.body.choice_id?.startsWith("language:")) return null;
      const body = entry.body.choice_id ? { client_id: entry.client_id, text: entry.label } : entry.body;
      return { ...entry, body, moved: true };
    });
  }

  #forget() {
    this.store.write("session", null);
    this.store.write("ratings", null);
    this.#reset();
    this.#fire("change");
  }

  #reset() {
    this.#feed?.stop();
    this.#feed = null;
    this.#transcript = new Transcript();
    this.#synced = false;
    this.connected = true;
    this.presence.reset();
  }

  #otherTab(name) {
    if (name === null || name === "session") {
      this.#reset();
      this.#follow();
    }
    if (name?.startsWith("outbox/")) setTimeout(() => this.#outbox.wake(), ORPHAN_MS);
    this.#fire("change");
  }

  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
