// Work in the background tells how far it is; when it is over, the page is read again.
import { ask } from "./ask.js";

const EVERY_MS = 3_000;

async function look(said) {
  const work = await ask(said.dataset.progress, { cache: "no-store" });
  if (work && !work.running) return location.reload();
  if (work && said.textContent !== work.said) said.textContent = work.said;
  setTimeout(() => look(said), EVERY_MS);
}

/** `data-progress`: where to ask; answers with {running, said}. */
export function watchProgress(said) {
  if (said) setTimeout(() => look(said), EVERY_MS);
}
