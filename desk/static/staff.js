// Keeps the desk's pages live and tells the advisor who waits. Every page works without it, by reloading.
import { watchAlerts } from "./alerts.js";
import { keepSeen, watchConversation } from "./conversation.js";
import { watchDuty } from "./duty.js";
import { watchEditor } from "./editor.js";
import { watchKeys } from "./keys.js";
import { watchLines } from "./lines.js";
import { watchProgress } from "./progress.js";
import { watchQueue } from "./queue.js";
import { watchSession } from "./session.js";
import { offerAnswers } from "./suggest.js";
import { watchTools } from "./tools.js";
import { watchWork } from "./working.js";

const LOST_MS = 8_000;

/** The desk's event stream: `heard(name, data)`; "open" after each connection, so that what was missed is caught up. */
function listen(heard) {
  const source = new EventSource("/desk/queue/events");
  for (const name of ["message", "state", "typing"]) source.addEventListener(name, (event) => heard(name, JSON.parse(event.data)));
  source.addEventListener("open", () => heard("open", {}));
  source.addEventListener("error", () => source.readyState === EventSource.CLOSED && setTimeout(() => listen(heard), LOST_MS));
}

if ("advisor" in document.body.dataset) {
  const parts = [watchAlerts(), watchQueue(document.querySelector("[data-queue]")), watchConversation(document.querySelector("[data-conversation]"))];
  offerAnswers(document.querySelector("[data-suggest]"), document.getElementById("text"));
  watchTools(document.getElementById("text"));
  watchDuty();
  watchKeys();
  keepSeen(document.querySelector("[data-conversation]"));
  watchSession();
  listen((name, data) => parts.forEach((part) => part?.(name, data)));
}

watchEditor(document.querySelector("[data-editor]"));
watchLines(document.querySelector("[data-lines]"));
watchProgress(document.querySelector("[data-progress]"));
watchWork();
