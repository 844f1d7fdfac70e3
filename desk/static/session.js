// Tells somebody who stays on a page that their session has ended: nothing rings any more until they sign in again.
const EVERY_MS = 60_000;

export function watchSession() {
  const timer = setInterval(async () => {
    const answer = await fetch("/desk/queue/counts", { cache: "no-store" }).catch(() => null);
    if (answer?.status !== 401) return;
    clearInterval(timer);
    tell();
  }, EVERY_MS);
}

function tell() {
  const said = document.createElement("p");
  said.className = "fault";
  said.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.href = `/desk/sign-in?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = "Sign in again";
  said.append("Your sign-in has ended, so new students no longer appear here. ", link, ".");
  document.getElementById("main").prepend(said);
  document.title = `Signed out · ${document.title}`;
}
