/** Below the log: how things stand, and where the student writes. */
import { h, icon } from "./dom.js";
import { clockTime, longDate } from "./strings.js";

const KEY = "advising-chat:draft";

/** The draft of this tab, read or kept; without storage it lives as long as the page. */
function draft(text) {
  try {
    if (text !== undefined) sessionStorage.setItem(KEY, text);
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

export class Composer {
  #send;

  constructor(strings, send) {
    this.#send = send;
    this.field = h("textarea", { id: "message", rows: 1, placeholder: strings.placeholder, enterkeyhint: "send", "aria-describedby": "keys" });
    this.button = h("button", { class: "send", "aria-label": strings.send }, icon("send"));
    const label = h("label", { for: "message", class: "visually-hidden" }, strings.message);
    const keys = h("span", { id: "keys", hidden: true }, strings.keys);
    this.node = h("form", { class: "composer", novalidate: true }, label, this.field, keys, this.button);
    this.node.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => this.#changed());
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

const today = (time) => new Date(time).toDateString() === new Date().toDateString();

/** `wait` of the desk: {position, open, opens_at, minutes?}; the opening time matters only while nobody is there. */
function waiting(strings, language, wait) {
  const { position, minutes, open, opens_at } = wait ?? {};
  const when = open === false && opens_at && `${today(opens_at) ? "" : `${longDate(language, opens_at)}, `}${clockTime(language, opens_at)}`;
  const details = when ? [strings.opens(when)] : [position > 0 && strings.place(position), minutes > 0 && strings.minutes(Math.round(minutes))];
  return [strings.waiting, ...details.filter(Boolean), strings.keepAsking].join(" ");
}

function words({ connected, askingForPerson, presence }, strings, language) {
  if (!connected) return ["offline", strings.offline];
  if (askingForPerson) return ["waiting", strings.askingForPerson];
  if (presence.state === "waiting") return ["waiting", waiting(strings, language, presence.wait)];
  if (presence.state === "with_advisor") return ["person", strings.joined(presence.advisor)];
  if (presence.state === "closed") return ["closed", strings.closed];
  return ["", ""];
}

export class StatusLine {
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
    const [kind, text] = words(conversation, this.#strings, this.#language);
    this.#show(text ? kind : this.#note && "note", text || this.#note);
  }

  #show(kind, text) {
    if (text === this.#said) return;
    this.#said = text;
    this.node.className = `status ${kind}`.trim();
    this.node.textContent = text;
  }
}
