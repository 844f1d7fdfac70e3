// One conversation: new messages arrive by themselves, replies are sent without leaving the page, a draft is never lost.

import { ask } from "./ask.js";

const TYPING_MS = 3_000;

/** Number of the last message this advisor has had on screen, on this device. */
export const seen = (id) => Number(localStorage.getItem(`desk:seen:${id}`) ?? 0);

export function keepSeen(box) {
  const last = box?.querySelector(".messages")?.lastElementChild?.dataset.seq;
  if (last && !document.hidden) localStorage.setItem(`desk:seen:${box.dataset.conversation}`, last);
}

const nearEnd = () => window.innerHeight + window.scrollY > document.body.scrollHeight - 160;

async function append(box) {
  const list = box.querySelector(".messages");
  const last = list.lastElementChild?.dataset.seq ?? 0;
  const following = nearEnd();
  const page = await ask(`/desk/conversations/${box.dataset.conversation}/messages?after=${last}`, { as: "page" });
  if (!page) return;
  const fresh = page.querySelectorAll("li[data-seq]");
  for (const item of fresh) {
    if (!list.querySelector(`[data-seq="${item.dataset.seq}"]`)) list.append(item);
  }
  if (fresh.length && following) toEnd();
  keepSeen(box);
}

export function toEnd() {
  window.scrollTo({ top: document.body.scrollHeight, behavior: "instant" });
}

function keepDraft(field, id) {
  const key = `desk:draft:${id}`;
  const keep = () => sessionStorage.setItem(key, field.value);
  field.value ||= sessionStorage.getItem(key) ?? "";
  field.addEventListener("input", keep);
  keep(); // what was typed before this script came
}

function tellTyping(form) {
  let told = 0;
  form.elements.text.addEventListener("input", () => {
    if (!form.elements.text.value.trim() || Date.now() - told < TYPING_MS) return;
    told = Date.now();
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    ask(form.action.replace(/reply$/, "typing"), { as: "text", method: "POST", body });
  });
}

/** Ids must not repeat on any device; randomUUID exists only on https and localhost. */
const newId = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("-");

function sendReplies(form, box) {
  const field = form.elements.text;
  const fault = form.querySelector(".fault");
  let clientId = newId(); // the same until it is stored, so a second press never doubles
  let sending = false;
  const put = (text) => {
    field.value = text;
    field.dispatchEvent(new Event("input"));
  };
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return; // to give it back or close it
    event.preventDefault();
    if (sending || !field.value.trim()) return;
    sending = true;
    const body = new URLSearchParams(new FormData(form));
    body.set("client_id", clientId);
    fault.hidden = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.error?.message ?? "The desk could not take it.");
      put("");
      clientId = newId();
      toEnd();
    } catch (error) {
      const cause = error instanceof TypeError ? "There is no connection to the desk." : error.message;
      fault.textContent = `Not sent. ${cause} Your words are kept.`;
      fault.hidden = false;
    }
    sending = false;
    field.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  keepDraft(field, box.dataset.conversation);
  tellTyping(form);
}

/** "The student is writing…" until the words are here, or for some seconds. */
function typingLine(box) {
  const line = box.querySelector("[data-typing]");
  let planned = 0;
  const show = (words) => {
    clearTimeout(planned);
    if (line.textContent !== words) line.textContent = words;
    if (words) planned = setTimeout(() => show(""), 2 * TYPING_MS);
  };
  return (name, sender) => {
    if (sender === "student") show(name === "typing" ? "The student is writing…" : "");
  };
}

export function watchConversation(box) {
  if (!box) return null;
  const { conversation: id, mine } = box.dataset;
  const form = box.querySelector("[data-reply]");
  let turn = Promise.resolve();
  let leaving = false; // a button of the page changed the state: its own answer is on the way
  document.addEventListener("submit", (event) => (leaving ||= !event.defaultPrevented));
  if (form) sendReplies(form, box);
  if (mine && (!location.hash || matchMedia("(min-width: 60rem)").matches)) toEnd(); // a tool is beside the messages there, not in their place
  document.addEventListener("visibilitychange", () => keepSeen(box));
  const typing = typingLine(box);
  return (name, data) => {
    const here = data.conversation_id === id;
    if (name === "state" && here && data.state !== box.dataset.state) return leaving || location.reload();
    if (here) typing(name, data.sender);
    if (name === "open" || (here && name !== "typing")) turn = turn.then(() => append(box));
  };
}
