// Work in the background tells how far it is; when it is over, the page is read again.
const EVERY_MS = 3_000;

async function look(said) {
  const answer = await fetch(said.dataset.progress, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    const { running, said: words } = await answer.json();
    if (!running) return location.reload();
    if (said.textContent !== words) said.textContent = words;
  }
  setTimeout(() => look(said), EVERY_MS);
}

/** `data-progress`: where to ask; answers with {running, said}. */
export function watchProgress(said) {
  if (said) setTimeout(() => look(said), EVERY_MS);
}
