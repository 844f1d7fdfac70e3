/** "More options": download, delete (after asking), what is kept. */
import { h, icon } from "./dom.js";

function confirmErase(host, strings) {
  return new Promise((resolve) => {
    const button = (label, kind, value) => h("button", { class: kind, value }, label);
    const form = h("form", { method: "dialog" }, button(strings.eraseNo, "plain-button", ""), button(strings.eraseYes, "danger", "yes"));
    const dialog = h("dialog", { class: "confirm", "aria-labelledby": "erase-title", "aria-describedby": "erase-text" });
    dialog.append(h("h2", { id: "erase-title" }, strings.eraseTitle), h("p", { id: "erase-text" }, strings.eraseText), form);
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => (dialog.remove(), resolve(dialog.returnValue === "yes")));
    host.append(dialog);
    dialog.showModal();
  });
}

function save(blob) {
  const day = new Date().toISOString().slice(0, 10);
  const ending = blob.type.includes("json") ? "json" : "txt";
  const href = URL.createObjectURL(blob);
  h("a", { href, download: `conversation-${day}.${ending}` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

export class Menu {
  constructor(strings, on) {
    this.on = on;
    this.strings = strings;
    this.button = h("button", { type: "button", class: "tool", "aria-label": strings.menu, "aria-expanded": "false", "aria-controls": "menu", onclick: () => this.toggle() }, icon("menu"));
    const item = (label, act) => h("li", {}, h("button", { type: "button", onclick: act }, label));
    this.ownItems = [item(strings.download, () => this.#download()), item(strings.erase, () => this.#erase())];
    const privacy = h("li", {}, h("a", { href: on.privacy, target: "_blank", rel: "noopener" }, strings.privacy));
    this.list = h("ul", { id: "menu", class: "menu", role: "list", hidden: true }, ...this.ownItems, privacy);
    this.node = h("div", { class: "menu-frame" }, this.button, this.list);
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.node.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !this.node.contains(relatedTarget) && this.toggle(false));
  }

  toggle(open = this.list.hidden) {
    for (const item of this.ownItems) item.hidden = !this.on.hasConversation();
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  #key(event) {
    if (event.key !== "Escape" || this.list.hidden) return;
    event.stopPropagation();
    event.preventDefault(); // or the browser closes the dialog around the menu
    this.toggle(false);
    this.button.focus();
  }

  #close() {
    this.toggle(false);
    this.button.focus();
  }

  async #download() {
    this.#close();
    await this.on.download().then(save, () => this.on.say(this.strings.downloadFailed));
  }

  async #erase() {
    this.#close();
    if (!(await confirmErase(this.node, this.strings))) return this.button.focus();
    await this.on.erase().then(
      () => this.on.say(this.strings.erased),
      () => this.on.say(this.strings.eraseFailed),
    );
    this.button.focus();
  }
}
