/** The log: draws messages in order, each once; follows the newest unless the student has scrolled away; announces. */
import { h, icon } from "./dom.js";
import { messageView } from "./message-view.js";

const NEAR_END = 80;
const ANNOUNCED_MS = 8_000;

/** Messages and unsent entries in one row, each knowing what its neighbours mean for it. */
function itemsOf(messages, pending, language) {
  const items = [
    ...messages.map((message) => ({ ...message, message, entry: null, key: message.sender === "student" && message.client_id ? message.client_id : `#${message.seq}` })),
    ...pending.map((entry) => ({ key: entry.client_id, sender: "student", text: entry.label, language, message: null, entry })),
  ];
  let next = null;
  for (const item of [...items].reverse()) {
    Object.assign(item, { open: !next, chosen: next?.text ?? null, latest: !next && item.sender === "student" });
    if (item.sender === "student" && !item.entry?.failed) next = item;
  }
  items.forEach((item, index) => (item.continued = index > 0 && items[index - 1].sender === item.sender));
  return items;
}

export class MessageList {
  #views = new Map();
  #context;
  #list = h("ol", { role: "list" });
  #intro;

  constructor(context, intro) {
    this.#context = context;
    this.#intro = intro;
    this.announcer = h("div", { class: "visually-hidden", "aria-live": "polite", "aria-atomic": "false" });
    this.typing = h("p", { class: "typing", hidden: true });
    this.log = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": context.strings.conversation, tabindex: 0 }, intro, this.#list, this.typing);
    this.more = h("button", { type: "button", class: "more", hidden: true, onclick: () => this.toEnd() }, icon("down"), context.strings.newMessages);
    this.node = h("div", { class: "log-frame" }, this.log, this.more, this.announcer);
    this.log.addEventListener("scroll", () => this.#nearEnd() && (this.more.hidden = true), { passive: true });
  }

  update({ messages, pending, ratings, presence }) {
    const following = this.#nearEnd();
    const history = !this.#views.size;
    const items = itemsOf(messages, pending, this.#context.language);
    Object.assign(this.#context, { ratings, advisor: presence.advisor });
    this.#intro.classList.toggle("begun", items.length > 0);
    this.#intro.classList.toggle("greeted", messages[0]?.sender !== undefined && messages[0].sender !== "student");
    this.#dropAllBut(items);
    const added = items.filter((item, index) => this.#place(item, index));
    this.#showTyping(presence);
    if (history && items.length) this.toEnd();
    else if (added.length) this.#follow(added, following);
  }

  /** Has a message read out, once; the node itself stays in the log to be explored. */
  announce({ sender, text, language, choices = [] }) {
    const { strings } = this.#context;
    this.say(`${strings[sender] ?? ""}: ${text} ${choices.length ? strings.choicesCount(choices.length) : ""}`, language);
  }

  say(text, lang = this.#context.language) {
    const line = h("p", { lang }, text);
    this.announcer.append(line);
    setTimeout(() => line.remove(), ANNOUNCED_MS);
  }

  #dropAllBut(items) {
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, { node }] of this.#views) {
      if (keys.has(key)) continue;
      node.remove();
      this.#views.delete(key);
    }
  }

  /** True when the item was not there before. */
  #place(item, index) {
    const known = this.#views.get(item.key);
    const view = known ?? messageView(item, this.#context);
    this.#views.set(item.key, view);
    if (this.#list.children[index] !== view.node) this.#list.insertBefore(view.node, this.#list.children[index] ?? null);
    view.refresh(item, this.#context);
    return !known;
  }

  #showTyping({ typing, advisor }) {
    const { strings } = this.#context;
    const words = typing === "bot" ? strings.botWriting : strings.advisorWriting(advisor);
    if (this.typing.hidden === !typing) return;
    this.typing.hidden = !typing;
    this.typing.replaceChildren(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), typing ? words : "");
    if (typing && this.#nearEnd()) this.toEnd();
  }

  /** An own message shows the end; a reply shows its beginning, so that a long one is read from the top. */
  #follow(added, following) {
    const own = added.some(({ sender }) => sender === "student");
    if (!following && !own) return void (this.more.hidden = false);
    this.toEnd();
    if (own) return;
    const first = this.#views.get(added[0].key).node;
    const top = first.offsetTop - 12;
    if (top < this.log.scrollTop) this.log.scrollTop = top;
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.more.hidden = true;
  }
}
