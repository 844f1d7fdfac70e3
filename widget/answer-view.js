/** What an answer may carry besides its text: program cards, a comparison table, checklist steps, sources. */
import { h, hidden, icon, inline, webLink } from "./dom.js";
import { longDate } from "./strings.js";

/** `target` is {title, url} or an address alone. */
function link(target, strings) {
  const url = target?.url ?? target;
  if (typeof url !== "string") return null;
  const node = webLink(url, target.title);
  if (node instanceof Element) node.append(hidden(` ${strings.newTab}`));
  return node;
}

function card({ title, lines = [], link: target }, strings) {
  const details = lines.map((line) => h("li", {}, ...inline(line)));
  return h("li", { class: "card" }, h("strong", {}, title), h("ul", {}, ...details), link(target, strings));
}

const cards = (list, strings) => h("ul", { class: "cards", role: "list" }, ...list.map((each) => card(each, strings)));

/** Roles are spelled out, for the phone layout (blocks instead of a grid) drops the native ones. */
function row(cells, columns) {
  const [first, ...others] = cells;
  const values = others.map((cell, index) =>
    h("td", { role: "cell" }, h("span", { class: "column-name", "aria-hidden": "true" }, columns[index + 1] ?? ""), h("span", {}, ...inline(String(cell ?? "")))),
  );
  return h("tr", { role: "row" }, h("th", { role: "rowheader", scope: "row" }, String(first ?? "")), ...values);
}

function table({ columns, rows }) {
  const heads = columns.map((name) => h(name ? "th" : "td", { role: name ? "columnheader" : "cell" }, name));
  const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads));
  const body = h("tbody", { role: "rowgroup" }, ...rows.map((cells) => row(cells, columns)));
  return h("table", { role: "table", "aria-label": columns.join(", ") }, head, body);
}

function step({ title, done, text, link: target }, strings) {
  const mark = h("span", { class: "mark" }, done ? icon("check") : null, hidden(`${done ? strings.done : strings.toDo}: `));
  const body = h("div", {}, h("strong", {}, title), text ? h("p", {}, ...inline(text)) : null, link(target, strings));
  return h("li", { class: done ? "step done" : "step" }, mark, body);
}

const steps = (list, strings) => h("ol", { class: "steps", role: "list" }, ...list.map((each) => step(each, strings)));

function source({ title, url, checked_on }, strings, language) {
  const checked = checked_on ? ` · ${strings.checkedOn(longDate(language, checked_on))}` : null;
  return h("li", {}, link({ title, url }, strings) ?? title, checked);
}

function sources({ sources: list = [], checked_on }, strings, language) {
  if (!list.length) return checked_on ? h("p", { class: "sources" }, `(${strings.checkedOn(longDate(language, checked_on))})`) : null;
  const known = list.map((each) => ({ ...each, checked_on: each.checked_on ?? checked_on }));
  return h("div", { class: "sources" }, h("span", {}, strings.source), h("ul", { role: "list" }, ...known.map((each) => source(each, strings, language))));
}

export function answerParts(answer, strings, language) {
  if (!answer) return [];
  return [
    answer.steps?.length ? steps(answer.steps, strings) : null,
    answer.cards?.length ? cards(answer.cards, strings) : null,
    answer.table?.rows?.length ? table(answer.table) : null,
    sources(answer, strings, language),
  ];
}
