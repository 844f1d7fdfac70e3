// The queue: drawn anew by the server whenever something happened, marked here for what this advisor has not seen.
import { soundOn } from "./alerts.js";
import { seen } from "./conversation.js";

const REDRAW_MS = 30_000; // waiting times grow

function mark(box) {
  for (const item of box.querySelectorAll("[data-chat]")) {
    const unread = Number(item.dataset.last) > seen(item.dataset.chat);
    item.classList.toggle("unread", unread);
    item.querySelector(".badge.new").hidden = !unread;
  }
}

/** What a screen reader should hear, only when it changed. */
function say({ waitingNow, crisisNow }) {
  const line = document.querySelector("[data-said]");
  const words = `${waitingNow === "1" ? "1 student waits" : `${waitingNow} students wait`}${crisisNow === "0" ? "." : `, ${crisisNow} in crisis.`}`;
  if (line.textContent !== words) line.textContent = words;
}

async function redraw(box) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-queue]");
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

export function watchQueue(box) {
  if (!box) return null;
  let planned = 0;
  mark(box);
  soundButton(document.querySelector("[data-sound]"));
  setInterval(() => document.hidden || redraw(box), REDRAW_MS);
  return () => {
    clearTimeout(planned);
    planned = setTimeout(() => redraw(box), 150);
  };
}
