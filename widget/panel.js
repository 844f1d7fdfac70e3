/** Header, log, status, "Talk to a person", composer and notice, put together for one language. */
import { Composer, StatusLine } from "./foot.js";
import { h, icon } from "./dom.js";
import { Menu } from "./menu.js";
import { MessageList } from "./message-list.js";
import { otherThan, refusal, stringsFor } from "./strings.js";

function introduction(strings, { greeting, examples, onAsk }) {
  const ask = (text) => h("li", {}, h("button", { type: "button", class: "choice", onclick: () => onAsk(text) }, text));
  const list = examples.length ? h("ul", { class: "examples choices", role: "list", "aria-label": strings.examples }, ...examples.map(ask)) : null;
  const bubble = h("div", { class: "message bot opening" }, h("p", { class: "sender" }, strings.bot), h("div", { class: "bubble" }, h("p", {}, greeting || strings.greeting)));
  return h("div", { class: "intro" }, bubble, list);
}

export class Panel {
  #on;
  #strings;

  constructor(look, conversation, on) {
    const strings = stringsFor(look.language);
    this.#on = on;
    this.#strings = strings;
    this.conversation = conversation;
    this.status = new StatusLine(strings, look.language);
    this.composer = new Composer(strings, (text) => this.#act(() => conversation.send(text)));
    this.menu = this.#buildMenu(look);
    this.messages = this.#buildMessages(look);
    this.notice = h("span", {}, strings.notice);
    this.person = h("button", { type: "button", class: "human", onclick: () => this.#askForPerson() }, icon("person"), strings.talkToPerson);
    this.node = h(look.floating ? "dialog" : "section", { class: "panel", lang: look.language, "aria-labelledby": "title" });
    this.node.append(this.#header(look), this.messages.node, this.#foot(look));
  }

  update() {
    const { conversation, person } = this;
    const { state } = conversation.presence;
    const label = state === "waiting" ? this.#strings.stopWaiting : this.#strings.talkToPerson;
    if (person.lastChild.data !== label) person.lastChild.data = label;
    person.setAttribute("aria-disabled", String(conversation.askingForPerson || state === "with_advisor"));
    this.messages.update(conversation);
    this.status.update(conversation);
    const words = state === "with_advisor" ? this.#strings.noticePerson : this.#strings.notice;
    if (this.notice.textContent !== words) this.notice.textContent = words;
  }

  say(text) {
    this.status.note(text);
  }

  #header({ language, floating }) {
    const other = otherThan(language);
    const strings = this.#strings;
    const title = h("h2", { id: "title", tabindex: -1 }, strings.title);
    const change = h("button", { type: "button", class: "tool words language", lang: other, "aria-label": strings.switchLanguage, onclick: () => this.#on.language(other) }, strings.otherLanguage);
    const close = floating ? h("button", { type: "button", class: "tool close", "aria-label": strings.closeChat, onclick: () => this.#on.close() }, icon("close")) : null;
    return h("header", {}, title, change, this.menu.node, close);
  }

  #foot({ server }) {
    const privacy = h("a", { href: `${server}/privacy`, target: "_blank", rel: "noopener" }, this.#strings.privacy);
    return h("div", { class: "foot" }, this.status.node, this.person, this.composer.node, h("p", { class: "notice" }, this.notice, " ", privacy));
  }

  #buildMenu({ server }) {
    const { conversation } = this;
    return new Menu(this.#strings, {
      privacy: `${server}/privacy`,
      download: () => conversation.download(),
      erase: () => conversation.erase(),
      say: (text) => this.say(text),
      hasConversation: () => conversation.session !== null,
    });
  }

  #buildMessages(look) {
    const { conversation } = this;
    const onAsk = (text) => this.#act(() => conversation.send(text));
    const context = {
      strings: this.#strings,
      language: look.language,
      choose: (choice) => this.#act(() => conversation.choose(choice)),
      rate: (...rating) => conversation.rate(...rating),
      remove: ({ client_id }) => conversation.discard(client_id),
      edit: ({ client_id, label }) => this.#edit(client_id, label),
    };
    return new MessageList(context, introduction(this.#strings, { ...look, onAsk }));
  }

  #askForPerson() {
    const { conversation, person } = this;
    if (person.getAttribute("aria-disabled") === "true") return;
    if (conversation.presence.state !== "waiting") this.#act(() => conversation.askForPerson());
    else conversation.stopWaiting().catch((error) => this.say(refusal(this.#strings, error)));
  }

  #edit(clientId, text) {
    this.composer.put(text);
    this.composer.focus();
    this.conversation.discard(clientId);
  }

  #act(job) {
    this.status.clearNote();
    job();
  }
}
