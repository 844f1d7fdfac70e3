// While somebody writes: the message as the widget draws it, what speaks about the text, and any question asked of it.
import { ask } from "./ask.js";

const PAUSE_MS = 600;
const LANGUAGES = { en: "English", es: "Spanish" };
const LOOK = ":host { height: auto; max-height: none; } .log { overflow: visible; padding: 0; background: none; } .feedback, .log-frame > :not(.log) { display: none !important; }";

/** The widget's own message list with one message in it; buttons in it do nothing. */
async function drawn(message) {
  const [{ MessageList }, { sheet }, { stringsFor }] = await Promise.all(["messages", "style", "strings"].map((name) => import(`/widget/${name}.js`)));
  const host = document.createElement("div");
  const own = new CSSStyleSheet();
  own.replaceSync(LOOK);
  host.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet(), own];
  const nothing = () => {};
  const context = { strings: stringsFor(message.language), language: message.language, choose: nothing, rate: nothing, retry: nothing, edit: nothing, remove: nothing };
  const list = new MessageList(context, document.createElement("div"));
  list.update({ messages: [message], pending: [], ratings: {}, presence: { typing: false }, connected: true });
  list.log.setAttribute("aria-label", `${LANGUAGES[message.language]}, as the student sees it`);
  host.shadowRoot.append(list.node);
  return host;
}

/** Both languages, one at a time; the choice stays. */
function previews(box) {
  let shown = "en";
  let messages = {};
  const frame = document.createElement("div");
  const draw = async () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === shown));
    const message = messages[shown];
    if (message) frame.replaceChildren(await drawn(message).catch(() => Object.assign(document.createElement("p"), { textContent: message.text, lang: shown })));
  };
  const buttons = Object.entries(LANGUAGES).map(([value, textContent]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet small", value, textContent });
    button.addEventListener("click", () => ((shown = value), draw()));
    return button;
  });
  const row = Object.assign(document.createElement("div"), { className: "row" });
  row.append(...buttons);
  box.append(row, frame);
  return (fresh) => {
    const same = JSON.stringify(fresh) === JSON.stringify(messages);
    messages = fresh;
    box.hidden = !Object.keys(fresh).length;
    if (!same) draw();
  };
}

const post = (form, path, more = {}) => {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  return ask(path, { as: "page", method: "POST", body, headers: { Accept: "application/json" } });
};

export function watchDraft(box, path) {
  const form = box.querySelector("[data-form]");
  const look = box.querySelector("[data-look]");
  const show = previews(box.querySelector("[data-preview]"));
  const read = () => show(JSON.parse(look.querySelector("[data-messages]")?.dataset.messages ?? "{}"));
  let planned = 0;
  let asked = 0;
  read();
  form.addEventListener("input", () => {
    clearTimeout(planned);
    planned = setTimeout(async () => {
      const mine = ++asked;
      const page = await post(form, `${path}/look`);
      if (mine !== asked || !page) return;
      look.replaceChildren(...page.body.childNodes);
      read();
    }, PAUSE_MS);
  });
  tries(box.querySelector("[data-try]"), form, path);
}

function tries(card, form, path) {
  if (!card) return;
  card.hidden = false;
  const told = card.querySelector("[data-tried]");
  card.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    told.setAttribute("aria-busy", "true");
    const page = await post(form, `${path}/try`, { try: event.target.elements.try.value });
    if (page) told.replaceChildren(...page.body.childNodes);
    else told.textContent = "It could not be tried just now. Your words are kept; try again.";
    told.removeAttribute("aria-busy");
  });
}
