/** One message as a list item: built once, then refreshed in place, so that nothing read or focused is taken away. */
import { answerParts } from "./answer-view.js";
import { blocks, h, hidden, plain } from "./dom.js";
import { clockTime, pickLanguage, refusal, stringsFor } from "./strings.js";

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
  const parts = answerParts(message.answer, strings, language);
  const text = blocks(item.text, { lifeline: message.answer?.status === "crisis" });
  const bubble = h("div", { class: "bubble" }, ...text, ...parts);
  const choices = message.choices?.length ? choiceList(message, strings, context.choose) : null;
  const rate = (helpful, comment) => context.rate(message.seq, helpful, comment);
  const feedback = RATED.includes(message.answer?.status) ? feedbackView(strings, context.ratings[message.seq], rate) : null;
  const title = heading(item, context);
  const node = h("li", { class: `message ${item.sender} ${message.answer?.status ?? ""}`.trim(), lang: item.language }, title, bubble, feedback, choices?.node);
  const refresh = (now) => {
    title.classList.toggle("visually-hidden", now.continued);
    choices?.refresh(now);
  };
  return { node, refresh };
}

function failure(item, { strings, edit, remove }) {
  const { entry } = item;
  const button = (label, act) => h("button", { type: "button", class: "quiet", onclick: () => act(entry) }, label);
  const reason = `${strings.notSent}. ${refusal(strings, entry.failed, Boolean(entry.body.choice_id))}`;
  return [h("span", { class: "reason" }, reason), button(strings.edit, edit), button(strings.remove, remove)];
}

/** What the student said, on its way or delivered. */
function said(item, context) {
  const delivery = h("p", { class: "delivery", lang: context.language });
  const bubble = h("div", { class: "bubble" }, ...plain(item.text));
  const node = h("li", { class: "message student", lang: item.language }, hidden(`${context.strings.you}: `), bubble, delivery);
  let shown = null;
  const refresh = ({ entry, latest, language }, { strings }) => {
    node.lang = language;
    const status = entry?.failed ? "failed" : entry ? "sending" : latest ? "sent" : "";
    if (status === shown) return;
    shown = status;
    node.classList.toggle("failed", status === "failed");
    delivery.replaceChildren(...(status === "failed" ? failure({ entry }, context) : [strings[status] ?? ""]));
  };
  return { node, refresh };
}

export function messageView(item, context) {
  return item.sender === "student" ? said(item, context) : received(item, context);
}
