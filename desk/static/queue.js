// The queue: drawn anew by the server whenever something happened, marked here for what this advisor has not seen.
import { mayNotify, soundOn } from "./alerts.js";
import { ask } from "./ask.js";
import { seen } from "./conversation.js";

const REDRAW_MS = 30_000; // waiting times grow

function mark(box) {
  for (const item of box.querySelectorAll("[data-chat]")) {
    const unread = Number(item.dataset.last) > seen(item.dataset.chat);
    item.classList.toggle("unread", unread);
    item.querySelector(".badge.new").hidden = !unread;
    item.hidden = !unread && (document.querySelector("[data-only-new]")?.checked ?? false);
  }
}

/** What a screen reader should hear, only when it changed. */
function say({ waitingNow, crisisNow }) {
  const line = document.querySelector("[data-said]");
  const words = `${waitingNow === "1" ? "1 student waits" : `${waitingNow} students wait`}${crisisNow === "0" ? "." : `, ${crisisNow} in crisis.`}`;
  if (line.textContent !== words) line.textContent = words;
}

async function redraw(box) {
  const page = await ask(location.href, { as: "page", headers: { Accept: "text/html" } });
  if (!page) return;
  const fresh = page.querySelector("[data-queue]");
  if (!fresh) return location.reload(); // signed out meanwhile
  const focused = document.activeElement?.getAttribute("href");
  Object.assign(box.dataset, fresh.dataset);
  box.replaceChildren(...fresh.childNodes);
  mark(box);
  say(box.dataset);
  if (focused && document.activeElement === document.body) box.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

function soundButton(button) {
  const show = () => {
    button.setAttribute("aria-pressed", String(soundOn()));
    button.textContent = soundOn() ? "Sound is on" : "Sound is off";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    localStorage.setItem("desk:sound", soundOn() ? "off" : "on");
    show();
  });
  show();
}

/** The browser asks for leave only after a press on this button. */
function notifyButton(button) {
  if (!("Notification" in window)) return;
  const show = () => {
    button.setAttribute("aria-pressed", String(mayNotify()));
    button.textContent = Notification.permission === "denied" ? "Notifications are blocked" : mayNotify() ? "Notifications are on" : "Notifications are off";
    button.disabled = Notification.permission === "denied";
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    localStorage.setItem("desk:notify", mayNotify() ? "off" : "on");
    if (Notification.permission === "default") await Notification.requestPermission();
    show();
  });
  show();
}

function filters(box) {
  const form = document.querySelector("[data-filters] form");
  form.querySelector("button").hidden = true; // a choice is enough
  form.addEventListener("change", ({ target }) => ("onlyNew" in target.dataset ? mark(box) : form.requestSubmit()));
}

export function watchQueue(box) {
  if (!box) return null;
  let planned = 0;
  mark(box);
  filters(box);
  notifyButton(document.querySelector("[data-notify]"));
  soundButton(document.querySelector("[data-sound]"));
  setInterval(() => document.hidden || redraw(box), REDRAW_MS);
  return (name) => {
    if (name === "typing") return;
    clearTimeout(planned);
    planned = setTimeout(() => redraw(box), 150);
  };
}
