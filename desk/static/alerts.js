// Who waits: a number at "Queue" and in the title, and a sound, three rising notes for a crisis. The sound can be switched off.

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

function show({ waiting, crisis }) {
  badge.hidden = waiting === 0;
  badge.textContent = waiting;
  badge.classList.toggle("crisis", crisis > 0);
  badge.setAttribute("aria-label", `${waiting} waiting${crisis ? `, ${crisis} in crisis` : ""}`);
  badge.setAttribute("role", "img");
  document.title = waiting ? `${crisis ? "\u26a0 " : ""}(${waiting}) ${title}` : title;
  if (known && crisis > known.crisis) play([660, 880, 1175]);
  else if (known && waiting > known.waiting) play([587]);
  known = { waiting, crisis };
}

async function count() {
  const answer = await fetch("/desk/queue/counts").catch(() => null);
  if (answer?.ok) show(await answer.json());
}

export function watchAlerts() {
  let planned = 0;
  count();
  return (name) => {
    if (name === "message") return;
    clearTimeout(planned);
    planned = setTimeout(count, 100);
  };
}
