// The tools beside a conversation: canned replies found by their words, put into the reply; drafts of notes; what folds on a phone.
import { toEnd } from "./conversation.js";

export function insertInto(field, text) {
  field.value = [field.value.trim(), text].filter(Boolean).join("\n\n");
  field.dispatchEvent(new Event("input"));
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  const phone = matchMedia("(max-width: 59.99rem)").matches;
  if (phone) location.hash = "messages"; // the messages come back
  field.focus({ preventScroll: true });
  field.scrollTop = field.scrollHeight;
  if (phone) toEnd();
}

function offerCanned(box, field) {
  for (const item of box.querySelectorAll("li")) {
    item.querySelector("[data-insert]").addEventListener("click", () => insertInto(field, item.querySelector(".words").textContent));
  }
  box.querySelector("[data-filter]")?.addEventListener("input", ({ target }) => {
    const wanted = target.value.trim().toLowerCase();
    for (const item of box.querySelectorAll("li")) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });
}

/** What was typed into a field survives the page, until its form is sent. */
function keepDraft(field) {
  const key = `desk:draft:${field.dataset.draft}`;
  field.value ||= sessionStorage.getItem(key) ?? "";
  field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
  field.form.addEventListener("submit", () => sessionStorage.removeItem(key));
}

export function watchTools(field) {
  const canned = document.querySelector("[data-canned]");
  if (canned && field) offerCanned(canned, field);
  document.querySelectorAll("[data-draft]").forEach(keepDraft);
  if (field && matchMedia("(max-width: 59.99rem)").matches) document.querySelector("[data-fold]")?.removeAttribute("open");
}
