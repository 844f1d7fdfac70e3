/** Nodes out of data. Data only ever becomes text nodes and checked links: nothing here parses HTML. */

/** An element. A function among `props` is a listener (`onclick`); props and children that are null or false are left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

const DRAWINGS = {
  chat: "M4 5h16v11H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.8-5.5 7.5-5.5s6.7 1.5 7.5 5.5",
  send: "M12 19V5M6 11l6-6 6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  down: "M12 5v14M6 13l6 6 6-6",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const attributes = { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}

/** Text for screen readers only. */
export const hidden = (text) => h("span", { class: "visually-hidden" }, text);

const LINK = /https?:\/\/[^\s<>"]+|(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+|tel:\+?[\d-]{3,}|(?:\+?1[-. ])?(?:\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b/gi;
const LINK_OR_LIFELINE = new RegExp(`${LINK.source}|\\b988\\b`, "gi");
const BULLET = /^\s*[-•*]\s+/;
const NUMBER = /^\s*\d{1,2}[.)]\s+/;

/** The address when it is an ordinary web page, else null: never `javascript:` or `data:`. */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function webLink(address, title) {
  const href = safeUrl(address);
  const name = title || String(address).replace(/^https?:\/\/(www\.)?|\/$/gi, "");
  return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, name) : name;
}

function linkFor(found) {
  if (/^https?:/i.test(found)) return webLink(found);
  if (found.includes("@")) return h("a", { href: `mailto:${found.replace(/^mailto:/i, "")}` }, found.replace(/^mailto:/i, ""));
  const digits = found.replace(/\D/g, "");
  return h("a", { href: `tel:${digits.length === 10 ? `+1${digits}` : digits.length === 11 ? `+${digits}` : digits}` }, found.replace(/^tel:/i, ""));
}

/** One line of text as text nodes and links. `lifeline` also makes a bare 988 dialable. */
export function inline(text, { lifeline = false } = {}) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(lifeline ? LINK_OR_LIFELINE : LINK)) {
    const found = match[0].replace(/[.,;:!?)\]»”']+$/, "");
    nodes.push(text.slice(end, match.index), linkFor(found));
    end = match.index + found.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function list(lines, marker, options) {
  const first = Number.parseInt(lines[0], 10);
  const items = lines.map((line) => h("li", {}, ...inline(line.replace(marker, ""), options)));
  return marker === BULLET ? h("ul", {}, ...items) : h("ol", { start: first > 1 ? first : null }, ...items);
}

function paragraph(lines, options) {
  const nodes = lines.flatMap((line, index) => [...(index ? [h("br")] : []), ...inline(line, options)]);
  return h("p", {}, ...nodes);
}

const kindOf = (line) => (BULLET.test(line) ? BULLET : NUMBER.test(line) ? NUMBER : null);

/** Paragraphs and lists out of plain text. */
export function blocks(text, options) {
  const groups = [];
  let previous;
  for (const line of String(text ?? "").split(/\r?\n/)) {
    const kind = line.trim() === "" ? undefined : kindOf(line);
    if (kind === undefined) previous = undefined;
    else if (groups.length && previous === kind) groups.at(-1).lines.push(line);
    else groups.push({ kind, lines: [line] });
    if (kind !== undefined) previous = kind;
  }
  return groups.map(({ kind, lines }) => (kind ? list(lines, kind, options) : paragraph(lines, options)));
}

/** The same for what the student wrote: line breaks kept, nothing linked. */
export function plain(text) {
  return [h("p", { class: "plain" }, String(text ?? ""))];
}
