/** What an answer carries besides its text: program cards, a comparison table, checklist steps, sources. */
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

const checked = (day, strings, language) => (day ? strings.checkedOn(longDate(language, day)) : null);

/** {kind, label, value} as a list of terms. */
function facts(details) {
  const rows = details.map(({ kind, label, value }) => h("div", { class: kind }, h("dt", {}, label), h("dd", {}, ...inline(value))));
  return rows.length ? h("dl", {}, ...rows) : null;
}

const FIRST = ["pay", "length", "cost"];

function card({ title, subtitle, details = [], lines = [], link: target, checked_on }, strings, language) {
  const first = details.filter(({ kind }) => FIRST.includes(kind));
  const more = details.filter(({ kind }) => !FIRST.includes(kind));
  const told = details.length ? [facts(first), more.length ? h("details", {}, h("summary", {}, strings.more), facts(more)) : null] : lines.map((line) => h("p", {}, ...inline(line)));
  const day = checked(checked_on, strings, language);
  const foot = h("p", { class: "card-foot" }, link(target, strings), day ? h("span", {}, day) : null);
  return h("li", { class: "card" }, h("strong", {}, title), subtitle ? h("p", { class: "subtitle" }, subtitle) : null, ...told, foot);
}

const cards = (list, strings, language) => h("ul", { class: "cards", role: "list" }, ...list.map((each) => card(each, strings, language)));

/** Roles are spelled out, for the phone layout (blocks instead of a grid) drops the native ones. */
function row(cells, columns) {
  const [first, ...others] = cells;
  const values = others.map((cell, index) =>
    h("td", { role: "cell" }, h("span", { class: "column-name", "aria-hidden": "true" }, columns[index + 1] ?? ""), h("span", {}, ...inline(String(cell ?? "")))),
  );
  return h("tr", { role: "row" }, h("th", { role: "rowheader", scope: "row" }, String(first ?? "")), ...values);
}

function table({ columns, rows }) {
  const [corner, ...names] = columns;
  const heads = [h("td", { role: "cell" }, hidden(corner)), ...names.map((name) => h("th", { role: "columnheader", scope: "col" }, name))];
  const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads));
  const body = h("tbody", { role: "rowgroup" }, ...rows.map((cells) => row(cells, columns)));
  return h("table", { role: "table", "aria-label": names.join(", ") }, head, body);
}

/** A box to tick, in any order; pressed once, the list that comes back shows it. Without `tick` only a mark. */
function box({ id, title, done, tick }, choose) {
  const mark = h("span", { class: "mark" }, done ? icon("check") : null);
  if (!tick) return h("span", { class: "box" }, mark);
  const node = h("button", { type: "button", class: "box", role: "checkbox", "aria-checked": String(Boolean(done)), "aria-label": title, "data-step": id }, mark);
  const press = () => {
    node.setAttribute("aria-busy", "true");
    node.setAttribute("aria-checked", String(!done));
    mark.replaceChildren(...(done ? [] : [icon("check")]));
    choose(tick);
  };
  node.addEventListener("click", press, { once: true });
  return node;
}

/** A step opens to what it says; the one the student is at stands open. */
function step(each, strings, choose) {
  const { title, done, current, text, details = [], link: target, choice } = each;
  const name = h("span", {}, hidden(`${done ? strings.done : strings.toDo}: `), title);
  const go = choice ? h("button", { type: "button", class: "quiet", onclick: () => choose(choice) }, choice.label) : null;
  const body = h("div", {}, text ? h("p", {}, ...inline(text)) : null, facts(details), link(target, strings), go);
  const state = done ? "step done" : current ? "step current" : "step";
  return h("li", { class: state, "aria-current": current ? "step" : null }, box(each, choose), h("details", { open: Boolean(current) }, h("summary", {}, name), body));
}

function steps(list, strings, choose) {
  const done = list.filter((each) => each.done).length;
  const bar = h("progress", { value: done, max: list.length, "aria-hidden": "true" });
  const told = h("p", { class: "progress" }, bar, strings.progress(done, list.length));
  return h("div", { class: "plan" }, told, h("ol", { class: "steps", role: "list" }, ...list.map((each) => step(each, strings, choose))));
}

function source({ title, url, checked_on }, strings, language) {
  const day = checked(checked_on, strings, language);
  return h("li", {}, link({ title, url }, strings) ?? title, day ? h("span", { class: "day" }, day) : null);
}

function sources({ sources: list = [], checked_on }, strings, language) {
  if (!list.length) return checked_on ? h("p", { class: "sources" }, `(${checked(checked_on, strings, language)})`) : null;
  const known = list.map((each) => ({ ...each, checked_on: each.checked_on ?? checked_on }));
  return h("div", { class: "sources" }, h("span", {}, strings.source), h("ul", { role: "list" }, ...known.map((each) => source(each, strings, language))));
}

/** The text to read: where cards, table or steps are drawn the brief one is enough. */
export const words = ({ text, answer }) => answer?.brief ?? text;

export function answerParts(answer, strings, language, choose) {
  if (!answer) return [];
  return [
    answer.steps?.length ? steps(answer.steps, strings, choose) : null,
    answer.cards?.length ? cards(answer.cards, strings, language) : null,
    answer.table?.rows?.length ? table(answer.table) : null,
    sources(answer, strings, language),
  ];
}
