// Keeps the desk's pages live: the queue reloads its list, an open conversation gets its new messages.

function listen(onEvent) {
  const source = new EventSource("/desk/queue/events");
  for (const name of ["message", "state"]) source.addEventListener(name, (e) => onEvent(name, JSON.parse(e.data)));
  source.addEventListener("open", () => onEvent("open", {})); // after a lost connection: catch up
}

async function refreshQueue(box) {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!page.ok) return;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-queue]");
  if (fresh) box.replaceChildren(...fresh.childNodes);
}

function watchQueue(box) {
  let planned = 0;
  listen(() => {
    clearTimeout(planned);
    planned = setTimeout(() => refreshQueue(box), 150);
  });
}

async function appendNew(box, id) {
  const list = box.querySelector(".messages");
  const last = list.lastElementChild?.dataset.seq ?? 0;
  const answer = await fetch(`/desk/conversations/${id}/messages?after=${last}`);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("li[data-seq]");
  for (const item of fresh) {
    if (!list.querySelector(`[data-seq="${item.dataset.seq}"]`)) list.append(item);
  }
  if (fresh.length) window.scrollTo({ top: document.body.scrollHeight });
}

function watchConversation(box) {
  const id = box.dataset.conversation;
  let turn = Promise.resolve();
  listen((name, data) => {
    if (name === "state" && data.conversation_id === id && data.state !== box.dataset.state) location.reload();
    if (name === "open" || data.conversation_id === id) turn = turn.then(() => appendNew(box, id));
  });
}

function sendReplies(form) {
  const field = form.elements.text;
  const fault = form.querySelector(".fault");
  let clientId = crypto.randomUUID(); // the same until it is stored, so a second press never doubles
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set("client_id", clientId);
    fault.hidden = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error((await answer.json()).error.message);
      field.value = "";
      clientId = crypto.randomUUID();
    } catch (error) {
      fault.textContent = `Not sent: ${error.message} Your words are kept; try again.`;
      fault.hidden = false;
    }
    field.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

const queue = document.querySelector("[data-queue]");
if (queue) watchQueue(queue);
const conversation = document.querySelector("[data-conversation]");
if (conversation) watchConversation(conversation);
const reply = document.querySelector("[data-reply]");
if (reply) sendReplies(reply);
