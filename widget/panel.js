/** The frame for one language: header with "More options", log, how things stand, "Talk to a person", composer, notice. */
import { ContactForm } from "./contact.js";
import { h, icon } from "./dom.js";
import { MessageList } from "./messages.js";
import { officeTime, otherThan, refusal, stringsFor } from "./strings.js";

const DRAFT_KEY = "advising-chat:draft";

/** The draft of this tab, read or kept; without storage it lives as long as the page. */
function draft(text) {
  try {
    if (text !== undefined) sessionStorage.setItem(DRAFT_KEY, text);
    return sessionStorage.getItem(DRAFT_KEY) ?? "";
  } catch {
    return "";
  }
}

class Composer {
  #send;

  #typing;

  constructor(strings, send, typing) {
    this.#send = send;
    this.#typing = typing;
    this.field = h("textarea", { id: "message", rows: 1, placeholder: strings.placeholder, enterkeyhint: "send", "aria-describedby": "keys" });
    this.button = h("button", { class: "send", "aria-label": strings.send }, icon("send"));
    const label = h("label", { for: "message", class: "visually-hidden" }, strings.message);
    const keys = h("span", { id: "keys", hidden: true }, strings.keys);
    this.node = h("form", { class: "composer", novalidate: true }, label, this.field, keys, this.button);
    this.node.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => (this.#changed(), this.#typing()));
    this.put(draft());
  }

  /** Puts a text back to be edited; one that is being written is kept below it. */
  put(text) {
    this.field.value = [text, this.field.value].filter((part) => part.trim()).join("\n");
    this.#changed();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
  }

  #submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return this.focus();
    this.field.value = "";
    this.#changed();
    this.#send(text);
  }

  #changed() {
    draft(this.field.value);
    this.field.style.height = "auto";
    if (this.field.scrollHeight) this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }
}

/** `wait` of the desk: {position, open, opens_at, minutes?}; the opening time matters only while nobody is there. */
function waiting(strings, language, wait) {
  const { position, minutes, open, opens_at, on_duty } = wait ?? {};
  const when = open === false && opens_at && strings.opens(officeTime(language, opens_at));
  const details = when ? [when] : on_duty === 0 ? [strings.nobody] : [position > 0 && strings.place(position), minutes > 0 && strings.minutes(Math.round(minutes))];
  return [strings.waiting, ...details.filter(Boolean), strings.keepAsking].join(" ");
}

function standing({ connected, askingForPerson, presence }, strings, language) {
  if (!connected) return ["offline", strings.offline];
  if (askingForPerson) return ["waiting", strings.askingForPerson];
  if (presence.state === "waiting") return ["waiting", waiting(strings, language, presence.wait)];
  if (presence.state === "with_advisor") return ["person", strings.joined(presence.advisor)];
  if (presence.state === "closed") return ["closed", strings.closed];
  return ["", ""];
}

class StatusLine {
  #strings;
  #language;
  #said = null;
  #note = "";

  constructor(strings, language) {
    this.#strings = strings;
    this.#language = language;
    this.node = h("p", { class: "status", role: "status" });
  }

  /** Says something that holds until the next thing the student does. */
  note(text) {
    this.#note = text;
    this.#show("note", text);
  }

  clearNote() {
    this.#note = "";
  }

  update(conversation) {
    const [kind, text] = standing(conversation, this.#strings, this.#language);
    this.#show(text ? kind : this.#note && "note", text || this.#note);
  }

  #show(kind, text) {
    if (text === this.#said) return;
    this.#said = text;
    this.node.className = `status ${kind}`.trim();
    this.node.textContent = text;
  }
}

/** True for yes. The safe answer comes first and has the focus. */
function confirmed(host, [title, text, no, yes], kind) {
  return new Promise((resolve) => {
    const button = (label, look, value) => h("button", { class: look, value }, label);
    const form = h("form", { method: "dialog" }, button(no, "plain-button", ""), button(yes, kind, "yes"));
    const dialog = h("dialog", { class: "confirm", "aria-labelledby": "asked", "aria-describedby": "asked-text" });
    dialog.append(h("h2", { id: "asked" }, title), h("p", { id: "asked-text" }, text), form);
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => (dialog.remove(), resolve(dialog.returnValue === "yes")));
    host.append(dialog);
    dialog.showModal();
  });
}

function save(blob) {
  const day = new Date().toISOString().slice(0, 10);
  const ending = blob.type.includes("json") ? "json" : "txt";
  const href = URL.createObjectURL(blob);
  h("a", { href, download: `conversation-${day}.${ending}` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

class Menu {
  constructor(strings, on) {
    this.on = on;
    this.strings = strings;
    this.button = h("button", { type: "button", class: "tool", "aria-label": strings.menu, "aria-expanded": "false", "aria-controls": "menu", onclick: () => this.toggle() }, icon("menu"));
    const item = (label, act) => h("li", {}, h("button", { type: "button", onclick: act }, label));
    this.ownItems = [item(strings.download, () => this.#download()), item(strings.erase, () => this.#erase())];
    const privacy = h("li", {}, h("a", { href: on.privacy, target: "_blank", rel: "noopener" }, strings.privacy));
    this.list = h("ul", { id: "menu", class: "menu", role: "list", hidden: true }, ...this.ownItems, privacy);
    this.node = h("div", { class: "menu-frame" }, this.button, this.list);
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.node.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !this.node.contains(relatedTarget) && this.toggle(false));
  }

  toggle(open = this.list.hidden) {
    for (const item of this.ownItems) item.hidden = !this.on.hasConversation();
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  #key(event) {
    if (event.key !== "Escape" || this.list.hidden) return;
    event.stopPropagation();
    event.preventDefault(); // or the browser closes the dialog around the menu
    this.toggle(false);
    this.button.focus();
  }

  #close() {
    this.toggle(false);
    this.button.focus();
  }

  async #download() {
    this.#close();
    await this.on.download().then(save, () => this.on.say(this.strings.downloadFailed));
  }

  async #erase() {
    this.#close();
    const { eraseTitle, eraseText, eraseNo, eraseYes } = this.strings;
    if (!(await confirmed(this.node, [eraseTitle, eraseText, eraseNo, eraseYes], "danger"))) return this.button.focus();
    await this.on.erase().then(
      () => this.on.say(this.strings.erased),
      // Why a duty forbids it for now is told in the desk's own words, in the language of the chat.
      (error) => this.on.say(error.code === "on_hold" ? error.detail : this.strings.eraseFailed),
    );
    this.button.focus();
  }
}

function introduction(strings, { greeting, examples, onAsk }) {
  const ask = (text) => h("li", {}, h("button", { type: "button", class: "choice", onclick: () => onAsk(text) }, text));
  const list = examples.length ? h("ul", { class: "examples choices", role: "list", "aria-label": strings.examples }, ...examples.map(ask)) : null;
  const bubble = h("div", { class: "message bot opening" }, h("p", { class: "sender" }, strings.bot), h("div", { class: "bubble" }, h("p", {}, greeting || strings.greeting)));
  return h("div", { class: "intro" }, bubble, list);
}

/** How long the button that asks for a person is deaf after it has turned into "Stop waiting", under a finger perhaps. */
const TURN_MS = 800;

export class Panel {
  #on;
  #turned = 0;
  #strings;

  constructor(look, conversation, on) {
    const strings = stringsFor(look.language);
    this.#on = on;
    this.#strings = strings;
    this.conversation = conversation;
    this.status = new StatusLine(strings, look.language);
    this.composer = new Composer(strings, (text) => this.#act(() => conversation.send(text)), () => conversation.typing());
    this.contact = new ContactForm(strings, (email) => this.#leaveContact(email));
    this.menu = this.#buildMenu(look);
    this.messages = this.#buildMessages(look);
    this.who = h("p", { class: "who" }, strings.program);
    this.person = h("button", { type: "button", class: "human", onclick: () => this.#askForPerson() }, icon("person"), strings.talkToPerson);
    this.node = h(look.floating ? "dialog" : "section", { class: "panel", lang: look.language, "aria-labelledby": "title" });
    this.node.append(this.#header(look), this.messages.node, this.#foot(look));
  }

  update() {
    const { conversation, person } = this;
    const { state } = conversation.presence;
    const label = state === "waiting" ? this.#strings.stopWaiting : this.#strings.talkToPerson;
    if (person.lastChild.data !== label) {
      person.lastChild.data = label;
      this.#turned = Date.now();
    }
    person.setAttribute("aria-disabled", String(conversation.askingForPerson || state === "with_advisor"));
    this.messages.update(conversation);
    this.status.update(conversation);
    this.contact.update(conversation);
    const who = state === "with_advisor" ? this.#strings.withPerson : this.#strings.program;
    if (this.who.textContent !== who) this.who.textContent = who;
  }

  say(text) {
    this.status.note(text);
  }

  /** By the link of an e-mail. A chat that is on this device gives way only if that is wanted. */
  async openLink(link) {
    const { linkTitle, linkText, linkNo, linkYes, linkDead, linkFailed } = this.#strings;
    if (this.conversation.leadsElsewhere(link) && !(await confirmed(this.menu.node, [linkTitle, linkText, linkNo, linkYes], "plain-button"))) return;
    await this.conversation.openLink(link).catch((error) => this.say(error.passing ? linkFailed : linkDead));
  }

  #header({ language, floating }) {
    const other = otherThan(language);
    const strings = this.#strings;
    const title = h("h2", { id: "title", tabindex: -1 }, strings.title);
    const change = h("button", { type: "button", class: "tool words language", lang: other, "aria-label": strings.switchLanguage, onclick: () => this.#on.language(other) }, strings.otherLanguage);
    const close = floating ? h("button", { type: "button", class: "tool close", "aria-label": strings.closeChat, onclick: () => this.#on.close() }, icon("close")) : null;
    return h("header", {}, h("div", { class: "name" }, title, this.who), change, this.menu.node, close);
  }

  #foot({ server, language }) {
    const privacy = h("a", { href: `${server}/privacy?language=${language}`, target: "_blank", rel: "noopener" }, this.#strings.privacy);
    const notice = h("p", { class: "notice" }, this.#strings.notice, " ", privacy);
    return h("div", { class: "foot" }, this.status.node, this.contact.node, h("div", { class: "way" }, this.person, notice), this.composer.node);
  }

  #buildMenu({ server, language }) {
    const { conversation } = this;
    return new Menu(this.#strings, {
      privacy: `${server}/privacy?language=${language}`,
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
      retry: ({ client_id }) => conversation.retry(client_id),
      remove: ({ client_id }) => conversation.discard(client_id),
      edit: ({ client_id, label }) => this.#edit(client_id, label),
    };
    return new MessageList(context, introduction(this.#strings, { ...look, onAsk }));
  }

  #askForPerson() {
    const { conversation, person } = this;
    if (person.getAttribute("aria-disabled") === "true" || Date.now() - this.#turned < TURN_MS) return;
    if (conversation.presence.state !== "waiting") this.#act(() => (conversation.askForPerson(), this.messages.toEnd()));
    else conversation.stopWaiting().catch((error) => this.say(refusal(this.#strings, error)));
  }

  /** What the desk kept, or took back. What is not wrong with the address is said in the status line. */
  #leaveContact(email) {
    const refused = (error) => error.code !== "invalid" && this.say(refusal(this.#strings, error));
    return this.conversation.leaveContact(email).catch((error) => void refused(error));
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
