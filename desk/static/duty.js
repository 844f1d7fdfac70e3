// Am I on duty? A page of the desk that is open says yes, unless this button says "Away". And who else is.
import { ask } from "./ask.js";

const button = document.querySelector("[data-available]");

export function showDuty({ available, on_duty: onDuty }) {
  if (!button || available === undefined) return;
  button.hidden = false;
  button.dataset.available = available ? "yes" : "";
  button.textContent = available ? "Available" : "Away";
  button.classList.toggle("away", !available);
  button.title = `${available ? "Students are told that you are here. Press to be away." : "Students are not told that you are here. Press to be available."} On duty: ${onDuty.join(", ") || "nobody"}.`;
  button.setAttribute("aria-label", `${available ? "You are available" : "You are away"}: change`);
}

export function watchDuty() {
  button?.addEventListener("click", async () => {
    const body = new URLSearchParams({ csrf: document.querySelector(".who [name=csrf]").value, available: button.dataset.available ? "false" : "true" });
    const duty = await ask("/desk/queue/available", { method: "POST", body });
    if (duty) showDuty(duty);
  });
}
