// A button whose work takes a while says what is being done, and is not pressed twice.

/** `data-working` on the pressed button or on its form: the words. */
function begin(event) {
  const form = event.target;
  const words = event.submitter?.dataset.working ?? form.dataset.working;
  if (!words || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  const said = Object.assign(document.createElement("p"), { className: "working" });
  said.setAttribute("role", "status");
  (event.submitter ?? form.lastElementChild).after(said);
  requestAnimationFrame(() => (said.textContent = words));
}

/** Gone back to: the form may be sent again. */
function rest() {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  for (const said of document.querySelectorAll(".working")) said.remove();
}

export function watchWork() {
  document.addEventListener("submit", begin);
  window.addEventListener("pageshow", (event) => event.persisted && rest());
}
