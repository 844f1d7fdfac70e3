/**
 * The log. Messages stand in order, each once, built once and refreshed in place, so that nothing read or focused is taken
 * away; the log follows the newest unless the student has scrolled off, and has new ones read out.
 */
import { answerParts, words } from "./answer.js";
import { blocks, h, hidden, icon, plain } from "./dom.js";
import { clockTime, pickLanguage, refusal, stringsFor } from "./strings.js";

// -- one message

const RATED = ["answered", "pathway", "checklist"];

let count = 0;

function wordForm(strings, send) {
  const id = `word-${++count}`;
  const field = h("input", { id, type: "text", maxlength: 500, autocomplete: "off" });
  const submit = (event) => {
    event.preventDefault();
    send(field.value.trim());
  };
  return h("form", { class: "word", onsubmit: submit }, h("label", { for: id }, strings.missing), field, h("button", { class: "quiet" }, strings.sendWord));
}

/** "Was this helpful?", with room for a word after "no". */
function feedbackView(strings, rated, rate) {
  const node = h("div", { class: "feedback" });
  const thanks = () => h("span", { class: "thanks", tabindex: -1 }, strings.thanks);
  const show = (...nodes) => {
    const focused = node.matches(":focus-within");
    node.replaceChildren(...nodes);
    if (focused) (node.querySelector("input") ?? node.querySelector(".thanks"))?.focus();
  };
  const finish = (comment) => {
    if (comment) rate(false, comment);
    show(thanks());
  };
  const answer = (helpful) => () => {
    rate(helpful);
    show(...(helpful ? [thanks()] : [wordForm(strings, finish)]));
  };
  const yesNo = [
    h("span", {}, strings.helpful),
    h("button", { type: "button", class: "quiet", "aria-label": `${strings.helpful} ${strings.yes}`, onclick: answer(true) }, strings.yes),
    h("button", { type: "button", class: "quiet", "aria-label": `${strings.helpful} ${strings.no}`, onclick: answer(false) }, strings.no),
  ];
  node.append(...(rated === undefined ? yesNo : [thanks()]));
  return node;
}

function heading(item, { strings, language, advisor }) {
  const name = (item.sender === "advisor" && (item.message.author ?? advisor)) || strings[item.sender];
  const at = item.message?.created_at;
  return h("p", { class: "sender", lang: language }, name, at ? h("time", { datetime: at }, clockTime(language, at)) : null);
}

function choiceList(message, strings, choose) {
  const buttons = message.choices.map((choice) => h("button", { type: "button", class: "choice", onclick: () => choose(choice) }, choice.label));
  const node = h("div", { class: "choices", role: "group", "aria-label": strings.choices }, ...buttons);
  const refresh = ({ open, chosen }) => {
    const focused = node.matches(":focus-within");
    for (const button of buttons) {
      button.disabled = !open;
      button.classList.toggle("chosen", button.textContent === chosen);
      button.setAttribute("aria-pressed", String(button.textContent === chosen));
    }
    if (focused && !open) node.closest("[role=log]")?.focus({ preventScroll: true });
  };
  return { node, refresh };
}

/** What the bot, an advisor or the desk itself said. */
function received(item, context) {
  const { message } = item;
  const language = pickLanguage(item.language, context.language);
  const strings = stringsFor(language);
  const parts = answerParts(message.answer, strings, language, context.choose);
  const text = blocks(words(message), { lifeline: message.answer?.status === "crisis" });
  const bubble = h("div", { class: "bubble" }, ...text, ...parts);
  const choices = message.choices?.length ? choiceList(message, strings, context.choose) : null;
  const rate = (helpful, comment) => context.rate(message.seq, helpful, comment);
  const rated = (item.rated ?? [message.seq]).map((seq) => context.ratings[seq]).findLast((rating) => rating !== undefined);
  const feedback = RATED.includes(message.answer?.status) ? feedbackView(strings, rated, rate) : null;
  const title = heading(item, context);
  const look = ["message", item.sender, message.answer?.status, item.rated?.length > 1 && "in-place"].filter(Boolean).join(" ");
  const node = h("li", { class: look, lang: item.language }, title, bubble, feedback);
  (node.querySelector(".current details > div") ?? node).append(...(choices ? [choices.node] : []));
  const list = node.querySelector(".plan");
  const refresh = (now) => {
    title.classList.toggle("visually-hidden", Boolean(now.continued));
    choices?.refresh(now);
    if (list) list.hidden = now.superseded;
    node.hidden = Boolean(now.folded);
  };
  return { node, refresh };
}

function failure({ entry }, { strings, retry, edit, remove }) {
  const button = (label, act) => h("button", { type: "button", class: "quiet", onclick: () => act(entry) }, label);
  const reason = `${strings.notSent}. ${refusal(strings, entry.failed, Boolean(entry.body.choice_id))}`;
  return [h("span", { class: "reason" }, reason), button(strings.retry, retry), button(strings.edit, edit), button(strings.remove, remove)];
}

/** What the student said, on its way or delivered. */
function said(item, context) {
  const delivery = h("p", { class: "delivery", lang: context.language });
  const bubble = h("div", { class: "bubble" }, ...plain(item.text));
  const node = h("li", { class: "message student", lang: item.language }, hidden(`${context.strings.you}: `), bubble, delivery);
  let shown = null;
  const refresh = ({ entry, latest, language, folded }, { strings, connected }) => {
    node.lang = language;
    node.hidden = Boolean(folded);
    const status = entry?.failed ? "failed" : entry ? (connected ? "sending" : "queued") : latest ? "sent" : "";
    if (status === shown) return;
    shown = status;
    node.classList.toggle("failed", status === "failed");
    delivery.replaceChildren(...(status === "failed" ? failure({ entry }, context) : [strings[status] ?? ""]));
  };
  return { node, refresh };
}

function messageView(item, context) {
  return item.sender === "student" ? said(item, context) : received(item, context);
}

// -- all of them

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
  fold(items);
  const shown = new Set();
  for (const item of [...items].reverse()) {
    const list = item.message?.answer?.steps?.length ? item.message.answer.entry_id : null;
    item.superseded = shown.has(list);
    item.open ||= Boolean(list) && !item.superseded; // a question in between does not end a checklist
    if (list) shown.add(list);
  }
  items.filter(({ folded }) => !folded).forEach((item, index, all) => (item.continued = index > 0 && all[index - 1].sender === item.sender));
  return items;
}

/** The words of everything that can be pressed in a list. */
const presses = ({ choices, answer }) => [...choices, ...answer.steps.flatMap(({ tick, choice }) => [tick, choice])].map((each) => each?.label);

/** Whoever goes through a checklist sees one list change in place: what was pressed, and the lists it replaced, are folded away. */
function fold(items) {
  let list = null;
  for (const item of items) {
    if (item.message?.answer?.steps?.length) {
      item.rated = [...(list?.rated ?? []), item.message.seq];
      if (list?.message.answer.entry_id === item.message.answer.entry_id) list.folded = true;
      else item.rated = [item.message.seq];
      list = item;
    } else if (list && item.sender === "student" && !item.entry?.failed && presses(list.message).includes(item.text)) item.folded = true;
    else list = null;
  }
}

export class MessageList {
  #views = new Map();
  #atEnd = true;
  #height = 0;
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
    this.log.addEventListener("scroll", () => this.log.clientHeight === this.#height && this.#looked(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(this.log);
  }

  update({ messages, pending, ratings, presence, connected }) {
    const following = this.#nearEnd();
    const place = this.#place();
    const history = !this.#views.size;
    const items = itemsOf(messages, pending, this.#context.language);
    Object.assign(this.#context, { ratings, connected, advisor: presence.advisor });
    this.#intro.classList.toggle("begun", items.length > 0);
    this.#intro.classList.toggle("greeted", messages[0]?.sender !== undefined && messages[0].sender !== "student");
    this.#dropAllBut(items);
    const added = items.filter((item, index) => this.#put(item, index)).filter(({ folded }) => !folded);
    this.#showTyping(presence);
    if (history && items.length) this.toEnd();
    else if (!this.#keep(place) && added.length) this.#follow(added, following);
  }


  /** The list of steps that is gone through: where it stands on the screen, and which of its boxes has the focus ("": something else in it). */
  #place() {
    const list = [...this.#list.querySelectorAll("li:not([hidden]) .plan:not([hidden])")].at(-1);
    const focused = this.#list.getRootNode().activeElement;
    return list && { list, top: list.getBoundingClientRect().top, focus: list.contains(focused) ? (focused.dataset.step ?? "") : null };
  }

  /** Who ticks a list by keyboard goes on in the list that takes its place; it stands where the other stood. True if it does. */
  #keep(before) {
    const now = before?.list.hidden && this.#place();
    if (!now) return false;
    const box = `[data-step="${CSS.escape(before.focus ?? "")}"]`;
    if (before.focus !== null) (now.list.querySelector(before.focus ? box : ".current .choice") ?? this.log).focus({ preventScroll: true });
    if (!before.list.closest("li").hidden) return false;
    this.log.scrollTop += now.list.getBoundingClientRect().top - before.top;
    return true;
  }

  /** Has a message read out, once; the node itself stays in the log to be explored. */
  announce(message) {
    const { strings } = this.#context;
    const { sender, language, choices = [] } = message;
    this.say(`${strings[sender] ?? ""}: ${words(message)} ${choices.length ? strings.choicesCount(choices.length) : ""}`, language);
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
  #put(item, index) {
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
    this.#looked();
  }

  /** What opens below the log must not push the newest out of sight. */
  #resized() {
    this.#height = this.log.clientHeight;
    if (this.#views.size && this.#atEnd) this.toEnd();
  }

  #looked() {
    this.#atEnd = this.#nearEnd();
    if (this.#atEnd) this.more.hidden = true;
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.#looked();
  }
}
