/**
 * <advising-chat server language accent greeting open mode>: the chat of an advising desk on any page.
 *
 * Events (bubbling, composed):
 *   advising-chat:open, advising-chat:close   {}
 *   advising-chat:message                     {message, live}    live is false for what was said before this visit
 *   advising-chat:state                       {state, advisor, wait}
 *   advising-chat:language                    {language}
 *
 * The one script a page needs; the class is exported for a site that wants to register it under another name as well.
 */
import { Conversation } from "./conversation.js";
import { h, icon } from "./dom.js";
import { Panel } from "./panel.js";
import { otherThan, pickLanguage, refusal, stringsFor } from "./strings.js";
import { accentSheet, sheet } from "./style.js";

const PHONE = "(max-width: 30rem)";

export class AdvisingChatElement extends HTMLElement {
  static observedAttributes = ["server", "language", "accent", "greeting", "open", "mode"];

  #conversation = null;
  #panel = null;
  #launcher = null;
  #stop = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
  }

  connectedCallback() {
    this.#stop = new AbortController();
    this.#begin();
    document.addEventListener("focusin", (event) => this.#uncover(event), { signal: this.#stop.signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#conversation.close();
    this.#conversation = null;
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#conversation || before === now) return;
    if (name === "open") this.#showOpen();
    else if (name === "accent") this.#dress();
    else if (name === "server") this.#restart();
    else this.#build();
  }

  /** Origin of the desk: the attribute, else where this script came from. */
  get server() {
    return new URL(this.getAttribute("server") || import.meta.url, document.baseURI).origin;
  }

  get floating() {
    return this.getAttribute("mode") === "floating";
  }

  get open() {
    return !this.floating || this.hasAttribute("open");
  }

  set open(yes) {
    this.toggleAttribute("open", Boolean(yes));
  }

  /** What the student chose, unless the page was switched since; else the attribute; else page and browser. */
  get language() {
    const asked = this.getAttribute("language") ?? "auto";
    const choice = this.#conversation?.store.read("language");
    if (choice && choice.page === asked) return choice.language;
    return asked === "auto" ? pickLanguage(this.closest("[lang]")?.lang, ...navigator.languages) : pickLanguage(asked);
  }

  /** Asks a question as if the student had typed it. */
  ask(text) {
    this.#conversation.send(String(text));
  }

  /** Opens the conversation of an e-mail's link; `link` is what stands behind "#open=". */
  openLink(link) {
    return this.#panel.openLink(String(link));
  }

  #begin() {
    const conversation = new Conversation(this.server, () => this.language);
    this.#conversation = conversation;
    this.#build();
    conversation.addEventListener("change", () => this.#draw());
    conversation.addEventListener("message", ({ detail }) => this.#heard(detail));
    conversation.addEventListener("state", ({ detail }) => this.#fire("state", detail));
    conversation.addEventListener("lost", () => this.#panel.say(stringsFor(this.language).lost));
    conversation.addEventListener("refused", ({ detail }) => this.#refused(detail));
    conversation.open();
    if (this.language !== this.getAttribute("language")) this.#fire("language", { language: this.language });
  }

  #restart() {
    this.#conversation.close();
    this.#begin();
  }

  #build() {
    const { language, floating, server } = this;
    const inLanguage = (node) => (node.closest("advising-chat [lang]")?.lang ?? language).startsWith(language);
    const examples = [...this.querySelectorAll("[data-ask]")].filter(inLanguage).map((node) => node.textContent.trim());
    const look = { language, floating, server, examples, greeting: this.getAttribute("greeting") };
    this.#panel = new Panel(look, this.#conversation, { close: () => this.#close(), language: (next) => this.#speak(next) });
    this.#launcher = floating ? this.#buildLauncher(stringsFor(language)) : null;
    this.shadowRoot.replaceChildren(...[this.#launcher, this.#panel.node].filter(Boolean));
    this.#panel.node.addEventListener("keydown", (event) => event.key === "Escape" && this.floating && this.#close());
    this.#panel.node.addEventListener("cancel", () => this.#close());
    this.#dress();
    this.#draw();
    this.#showOpen({ silent: true });
  }

  /** `begun` tells the page's style that there is something to read. */
  #draw() {
    const { messages, pending } = this.#conversation;
    this.toggleAttribute("begun", [...messages, ...pending].some(({ sender }) => sender !== "bot"));
    this.#panel.update();
  }

  #buildLauncher(strings) {
    return h("button", { type: "button", class: "launcher", "aria-label": strings.openChat, "aria-haspopup": "dialog", onclick: () => (this.open = true) }, icon("chat"));
  }

  #dress() {
    this.shadowRoot.adoptedStyleSheets = [sheet(), ...accentSheet(this.getAttribute("accent"))];
  }

  /** On a phone the open panel covers the page, so it is modal there; elsewhere the page stays usable. */
  #showOpen({ silent = false } = {}) {
    if (!this.floating) return;
    const { node } = this.#panel;
    this.#launcher.hidden = this.open;
    if (this.open === node.open) return;
    if (!this.open) node.close();
    else if (matchMedia(PHONE).matches) node.showModal();
    else node.show();
    if (this.open) this.#panel.messages.toEnd();
    if (silent) return;
    if (this.open) this.#focusInside();
    this.#fire(this.open ? "open" : "close");
  }

  #focusInside() {
    if (matchMedia("(pointer: coarse)").matches) this.shadowRoot.getElementById("title").focus();
    else this.#panel.composer.focus();
  }

  #close() {
    this.open = false;
    this.#launcher.focus();
  }

  /** WCAG 2.4.11: the floating panel gives way when it would hide what has the focus on the page. */
  #uncover({ target }) {
    if (!this.floating || !this.open || target === this || this.contains(target)) return;
    const mine = this.#panel.node.getBoundingClientRect();
    const { left, right, top, bottom, width } = target.getBoundingClientRect();
    if (width && left >= mine.left && right <= mine.right && top >= mine.top && bottom <= mine.bottom) this.open = false;
  }

  #speak(language) {
    const label = stringsFor(otherThan(language)).otherLanguage;
    this.#conversation.store.write("language", { language, page: this.getAttribute("language") ?? "auto" });
    this.#conversation.speak(language, label);
    this.#build();
    this.shadowRoot.querySelector(".language").focus();
    this.#fire("language", { language });
  }

  #heard({ message, live }) {
    if (live && message.sender !== "student") this.#panel.messages.announce(message);
    this.#fire("message", { message, live });
  }

  #refused({ path, error }) {
    const text = refusal(stringsFor(this.language), error);
    if (path === "messages") this.#panel.messages.say(text);
    else if (path === "handoff") this.#panel.say(text);
  }

  #fire(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`advising-chat:${name}`, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("advising-chat")) customElements.define("advising-chat", AdvisingChatElement);
