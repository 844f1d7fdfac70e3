// Writing on a document: keys are completed by their titles, and words not saved are kept on this device until they are.

import { ask } from "./ask.js";
import { watchDraft } from "./draft.js";

const PAUSE_MS = 200;

const option = ({ key, title }) => Object.assign(document.createElement("option"), { value: key, label: title });

/** Offers the documents of a kind that fit what is typed. */
function completes(input) {
  const list = Object.assign(document.createElement("datalist"), { id: `offers-${crypto.getRandomValues(new Uint32Array(1))[0]}` });
  input.after(list);
  input.setAttribute("list", list.id);
  let planned = 0;
  const offer = async () => {
    const query = new URLSearchParams({ q: input.value });
    const found = await ask(`/desk/knowledge/complete/${input.dataset.complete}?${query}`);
    if (found) list.replaceChildren(...found.map(option));
  };
  const plan = () => {
    clearTimeout(planned);
    planned = setTimeout(offer, PAUSE_MS);
  };
  input.addEventListener("focus", plan, { once: true });
  input.addEventListener("input", plan);
}

/** A line under a list of keys: what is chosen there is added to the list. */
function adds(label) {
  const input = label.querySelector("input");
  const area = label.closest(".listed").querySelector("textarea");
  label.hidden = false;
  const add = () => {
    const chosen = [...input.list.options].find(({ value }) => value === input.value.trim());
    if (!chosen) return;
    const lines = area.value.split("\n").filter((line) => line.trim());
    if (!lines.includes(chosen.value)) area.value = [...lines, chosen.value].join("\n");
    input.value = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  input.addEventListener("input", add);
  input.addEventListener("change", add);
}

const typed = (form) => [...new FormData(form)].filter(([name]) => name !== "csrf");

/** Words typed here and not saved are offered again: after a crash, a closed tab, an ended session. */
function keeps(form, page) {
  const key = `desk:typed:${page}`;
  const fresh = JSON.stringify(typed(form));
  const note = form.querySelector("[data-kept]");
  const known = JSON.parse(localStorage.getItem(key) ?? "null");
  let leaving = false;
  if (known && known.opened === form.elements.opened.value && known.fields !== fresh) {
    note.hidden = false;
    note.querySelector("button").addEventListener("click", () => {
      for (const field of form.querySelectorAll("[type=checkbox]")) field.checked = false;
      for (const [name, value] of JSON.parse(known.fields)) put(form, name, value);
      note.hidden = true;
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  } else localStorage.removeItem(key);
  form.addEventListener("input", () => {
    const fields = JSON.stringify(typed(form));
    if (fields === fresh) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ opened: form.elements.opened.value, fields }));
  });
  form.addEventListener("submit", () => (leaving = true));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && JSON.stringify(typed(form)) !== fresh) event.preventDefault();
  });
}

function put(form, name, value) {
  const found = form.elements[name];
  if (!found || name === "opened") return;
  if (found instanceof RadioNodeList || found.type === "checkbox") {
    for (const box of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) if (box.value === value) box.checked = true;
  } else found.value = value;
}

/** One press dates the check today. A new figure does it too, and takes its last day along, where these were not changed. */
function dates(form, button) {
  const { checked_on: day, value, valid_until: last } = form.elements;
  const [before, end] = [day.value, last?.value];
  const own = form.elements.type?.value === "date" && value?.value === end;
  const stated = (form.dataset.stated ?? "").split(" ");
  const today = () => (day.value = button.dataset.today);
  let moved = end;
  button.hidden = false;
  button.addEventListener("click", () => (today(), day.dispatchEvent(new Event("input", { bubbles: true }))));
  form.addEventListener("input", ({ target }) => {
    if (!stated.includes(target.name)) return;
    if (day.value === before) today();
    if (own && target === value && last.value === moved) last.value = moved = value.value;
  });
}

export function watchEditor(box) {
  document.querySelectorAll("[data-complete]").forEach(completes);
  if (!box) return;
  const form = box.querySelector("[data-form]");
  box.querySelectorAll("[data-adder]").forEach(adds);
  box.querySelectorAll("[data-today]").forEach((button) => dates(form, button));
  keeps(form, box.dataset.editor);
  watchDraft(box, box.dataset.editor);
}
