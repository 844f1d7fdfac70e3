// Single keys for those who work here all day; off for those who speak to their computer, on a press in the list of them.

const help = document.querySelector("[data-keys-help]");
const on = () => localStorage.getItem("desk:keys") !== "off";
const press = (selector) => document.querySelector(selector)?.click();

/** A part of the conversation page, and the field in it to write into. */
function goTo(place, field) {
  if (!document.getElementById(place)) return;
  location.hash = place;
  document.querySelector(field)?.focus();
}

function nextInQueue(step) {
  const links = [...document.querySelectorAll("[data-queue] [data-chat] > a")].filter((link) => link.checkVisibility());
  const now = links.indexOf(document.activeElement);
  links[Math.min(Math.max(now + step, 0), links.length - 1)]?.focus();
}

const KEYS = {
  "?": () => help.showModal(),
  j: () => nextInQueue(1),
  k: () => nextInQueue(-1),
  q: () => location.assign("/desk/queue"),
  t: () => press(".actions form[action$='/take'] button, [data-next] button"),
  r: () => document.getElementById("text")?.focus(),
  f: () => goTo("find", "#find [name=q]"),
  c: () => goTo("canned", "#canned [data-filter]"),
  n: () => goTo("notes", "#notes [name=text]"),
  l: () => goTo("more", "#more [list]"),
  p: () => goTo("more", "#more [name=to]"),
};

function switchButton() {
  const button = help.querySelector("[data-keys-on]");
  const show = () => {
    button.setAttribute("aria-pressed", String(on()));
    button.textContent = on() ? "Shortcuts are on" : "Shortcuts are off";
  };
  button.addEventListener("click", () => {
    localStorage.setItem("desk:keys", on() ? "off" : "on");
    show();
  });
  show();
}

export function watchKeys() {
  const opener = document.querySelector("[data-keys]");
  if (!help || !opener) return;
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  switchButton();
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    const writing = target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
    if (writing && key === "Escape") return target.blur();
    if (writing || help.open || !on() || event.ctrlKey || event.metaKey || event.altKey || !KEYS[key]) return;
    event.preventDefault();
    KEYS[key]();
  });
}
