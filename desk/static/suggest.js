// "Find an answer": entries of the knowledge base, nearest first, put into the reply to be changed at will.
import { ask } from "./ask.js";
import { insertInto } from "./tools.js";

const PAUSE_MS = 250;

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function item({ topic, question, answer, text }, language, insert) {
  const button = element("button", { type: "button", className: "quiet small" }, "Put into reply");
  button.setAttribute("aria-label", `Put into reply: ${question}`);
  button.addEventListener("click", () => insert(text));
  const heading = element("p", { lang: language }, element("strong", {}, question));
  const by = element("p", { className: "by" }, topic);
  return element("li", {}, by, heading, element("p", { className: "words", lang: language }, answer), button);
}

export function offerAnswers(box, field) {
  if (!box) return;
  const form = box.querySelector("form");
  const [list, found] = [box.querySelector(".found"), box.querySelector("[data-found]")];
  let planned = 0;
  let asked = 0;

  const insert = (text) => insertInto(field, text);

  /** Without words the student's last message is what is looked for. */
  const search = async () => {
    const typed = form.elements.q.value.trim();
    const language = form.elements.language.value;
    const mine = ++asked;
    const query = new URLSearchParams({ q: typed || box.dataset.last, language });
    const answer = await ask(`/desk/suggest?${query}`);
    if (mine !== asked) return;
    const { suggestions = [] } = answer ?? {};
    list.replaceChildren(...suggestions.map((each) => item(each, language, insert)));
    found.textContent = !answer ? "The search did not work just now." : !suggestions.length ? "Nothing found." : typed ? "" : "Near the student's last message:";
  };

  /** Whoever came back to a note or a label finds it in sight, however long the list above it has become. */
  const stayThere = () => location.hash && matchMedia("(min-width: 60rem)").matches && document.querySelector("aside :target")?.scrollIntoView({ block: "nearest" });

  form.addEventListener("submit", (event) => (event.preventDefault(), search()));
  form.addEventListener("input", () => {
    clearTimeout(planned);
    planned = setTimeout(search, PAUSE_MS);
  });
  search().then(stayThere);
}
