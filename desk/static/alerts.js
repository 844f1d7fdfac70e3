// Who waits: a number at "Queue" and in the title, and a sound, three rising notes for a crisis. The sound can be switched off.
import { ask } from "./ask.js";
import { showDuty } from "./duty.js";

const COUNT_MS = 60_000; // who is on duty changes without an event
const badge = document.querySelector("[data-waiting]");
const title = document.title;
let known = null;
let audio = null;

export const soundOn = () => localStorage.getItem("desk:sound") !== "off";

function play(notes) {
  if (!soundOn()) return;
  audio ??= new AudioContext();
  notes.forEach((hertz, index) => {
    const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
    const begin = audio.currentTime + index * 0.18;
    tone.frequency.value = hertz;
    loudness.gain.setValueAtTime(0.12, begin);
    loudness.gain.exponentialRampToValueAtTime(0.001, begin + 0.3);
    tone.connect(loudness).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 0.32);
  });
}

export const mayNotify = () => "Notification" in window && Notification.permission === "granted" && localStorage.getItem("desk:notify") !== "off";

/** A notice of the system, never with a student's words: others may see the screen. */
export function notify(words, address) {
  if (!mayNotify() || document.hasFocus()) return;
  const notice = new Notification("Waymark desk", { body: words, tag: address });
  notice.addEventListener("click", () => (window.focus(), location.assign(address), notice.close()));
}

function show({ waiting, crisis }) {
  badge.hidden = waiting === 0;
  badge.textContent = waiting;
  badge.classList.toggle("crisis", crisis > 0);
  badge.setAttribute("aria-label", `${waiting} waiting${crisis ? `, ${crisis} in crisis` : ""}`);
  badge.setAttribute("role", "img");
  document.title = waiting ? `${crisis ? "\u26a0 " : ""}(${waiting}) ${title}` : title;
  if (known && crisis > known.crisis) {
    play([660, 880, 1175]);
    notify("A student may be in danger.", "/desk/queue");
  } else if (known && waiting > known.waiting) {
    play([587]);
    notify("A student is waiting.", "/desk/queue");
  }
  known = { waiting, crisis };
}

async function count() {
  const standing = await ask("/desk/queue/counts");
  if (!standing) return;
  show(standing);
  showDuty(standing);
}

export function watchAlerts() {
  let planned = 0;
  count();
  setInterval(count, COUNT_MS);
  return (name, data) => {
    const chat = document.querySelector("[data-conversation][data-mine=yes]")?.dataset.conversation;
    if (name === "message" && data.sender === "student" && data.conversation_id === chat) notify("Your student wrote.", location.pathname);
    if (name === "message" || name === "typing") return;
    clearTimeout(planned);
    planned = setTimeout(count, 100);
  };
}
