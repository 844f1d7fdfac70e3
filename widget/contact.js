/** Where a person's reply may also go, while a student waits and the desk can send e-mail. */
import { h } from "./dom.js";

/** A window this high (in px) has room for messages and an open form. */
const ROOM = 700;

/** In a short window what stands under the messages scrolls by itself. */
const seen = (node) => node.scrollIntoView({ block: "nearest" });

/**
 * An address is kept as it was written, shown back whole, and asked about where it looks mistyped: whoever leaves in the middle
 * of it has lost nothing. `leave(email or null)` resolves to {contact, meant}, or to nothing when it was refused.
 */
export class ContactForm {
  #strings;
  #leave;
  #wait = null;
  #changing = false;
  #written = null;

  constructor(strings, leave) {
    this.#strings = strings;
    this.#leave = leave;
    const button = (label, onclick) => h("button", { type: "button", class: "quiet", onclick }, label);
    this.field = h("input", { id: "email", type: "email", autocomplete: "email", maxlength: 254, "aria-describedby": "email-note" });
    this.note = h("p", { id: "email-note", role: "alert" });
    const form = h("form", { class: "word", novalidate: true }, h("label", { for: "email" }, strings.email), this.field, h("button", { class: "quiet" }, strings.save), this.note);
    form.addEventListener("submit", (event) => (event.preventDefault(), this.#submit()));
    this.ask = h("details", { ontoggle: () => this.ask.open && seen(form) }, h("summary", {}, strings.byEmail), form);
    this.told = h("span", { tabindex: -1 });
    this.kept = h("p", { class: "word" }, this.told, button(strings.change, () => this.#change()), button(strings.remove, () => this.#take()));
    this.doubt = h("span", { tabindex: -1 });
    this.doubted = h("p", { class: "word doubt" }, this.doubt, button(strings.meantYes, () => this.#mend()), button(strings.meantNo, () => this.#insist()));
    this.node = h("div", { class: "contact", hidden: true }, this.ask, this.kept, this.doubted);
  }

  update({ presence: { state, wait } }) {
    const { by_email, open, on_duty } = wait ?? {};
    const shown = state === "waiting" && Boolean(by_email);
    if (shown && this.node.hidden) this.ask.open = (open === false || on_duty === 0) && innerHeight >= ROOM; // the messages come first
    this.node.hidden = !shown;
    this.#wait = wait;
    this.#draw();
    if (!this.note.textContent) this.#say(true);
  }

  #draw() {
    const contact = this.#wait?.contact;
    const written = this.#written?.contact === contact ? this.#written : null; // another tab may have left another
    const settled = Boolean(contact) && !this.#changing;
    this.ask.hidden = settled;
    const doubt = settled && written?.meant;
    this.kept.hidden = !settled || Boolean(doubt);
    this.doubted.hidden = !doubt;
    const told = contact ? this.#strings.writesTo(written?.email ?? contact) : "";
    this.told.textContent = doubt ? "" : told;
    this.doubt.textContent = doubt ? `${told} ${this.#strings.meant(doubt)}` : "";
  }

  #say(right) {
    this.note.textContent = right ? this.#strings.emailNote : this.#strings.badEmail;
    this.note.className = right ? "" : "reason";
    this.field.setAttribute("aria-invalid", String(!right));
  }

  async #submit() {
    const email = this.field.value.trim();
    const kept = this.field.value && this.field.validity.valid && (await this.#leave(email));
    this.#say(Boolean(kept));
    if (!kept) return this.field.focus(), seen(this.note);
    this.#written = { ...kept, email };
    this.#changing = false;
    this.#draw();
    (kept.meant ? this.doubt : this.told).focus();
    seen(kept.meant ? this.doubted : this.kept);
  }

  #mend() {
    this.field.value = this.#written.meant;
    return this.#submit();
  }

  #insist() {
    this.#written.meant = null;
    this.#draw();
    this.told.focus();
  }

  #change() {
    this.#changing = this.ask.open = true;
    this.#draw();
    this.field.focus();
  }

  async #take() {
    if (!(await this.#leave(null))) return;
    this.field.value = "";
    this.ask.open = true;
    this.field.focus();
  }
}
