/** The look. A constructed style sheet, so that a page's content security policy needs no exception. */

const DARK = `
  --accent: #1f7a60; --link: #8cc8f0;
  --surface: #1a201e; --sunk: #121715; --text: #e8eeeb; --muted: #a7b3ae; --line: #36403c; --strong-line: #7f8d87;
  --warn: #ffb4a6; --hint: #1d332b; --shadow: 0 12px 40px rgb(0 0 0 / .6);
  color-scheme: dark;`;

const COLORS = `
:host {
  --accent: #14664f; --on-accent: #fff; --link: #0b5a8a;
  --surface: #fff; --sunk: #f4f6f5; --text: #1b2421; --muted: #56625d; --line: #d5dcd9; --strong-line: #7c8984;
  --warn: #9a2c1c; --hint: #e7f2ee; --shadow: 0 12px 40px rgb(10 30 25 / .22);
  color-scheme: light;
}
:host([theme="dark"]) {${DARK}}
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) {${DARK}} }`;

const BASE = `
:host { display: block; height: 40rem; max-height: 88vh; max-height: 88dvh; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); text-align: start; }
:host([mode="floating"]) { display: contents; }
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
h2, p, ul, ol { margin: 0; padding: 0; }
[role="list"] { list-style: none; }
button, input, textarea { font: inherit; color: inherit; }
button { cursor: pointer; touch-action: manipulation; }
button:disabled, [aria-disabled="true"] { cursor: default; }
a { color: var(--link); text-underline-offset: .15em; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.log:focus-visible { outline-offset: -4px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { width: 1.375rem; height: 1.375rem; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.icon-menu { stroke-width: 3.5; }`;

const PANEL = `
.panel { display: flex; flex-direction: column; width: 100%; height: 100%; min-width: 0; overflow: hidden; color: var(--text); background: var(--surface); border: 1px solid var(--line); border-radius: 1.125rem; container-type: inline-size; }
header { display: flex; align-items: center; gap: .25rem; padding: .5rem .5rem .5rem 1.125rem; border-bottom: 1px solid var(--line); }
.name { flex: 1; min-width: 0; }
h2 { font-size: 1rem; line-height: 1.3; font-weight: 650; }
.who { font-size: .8125rem; line-height: 1.35; color: var(--muted); }
h2:focus { outline: none; }
.tool { display: grid; place-items: center; min-width: 2.75rem; min-height: 2.75rem; padding: 0; background: none; border: 0; border-radius: .75rem; }
.tool.words { padding-inline: .625rem; font-size: .9375rem; color: var(--link); text-decoration: underline; text-underline-offset: .2em; }
.tool:hover, .menu li > *:hover { background: var(--sunk); }
.menu-frame { position: relative; }
.menu { position: absolute; top: 100%; right: 0; z-index: 2; min-width: 15rem; padding: .375rem; background: var(--surface); border: 1px solid var(--line); border-radius: .875rem; box-shadow: var(--shadow); }
.menu li > * { display: block; width: 100%; min-height: 2.75rem; padding: .625rem .75rem; color: var(--text); text-align: start; text-decoration: none; background: none; border: 0; border-radius: .5rem; }
.confirm { max-width: min(24rem, calc(100vw - 2rem)); padding: 1.5rem; color: var(--text); background: var(--surface); border: 1px solid var(--line); border-radius: 1.125rem; box-shadow: var(--shadow); }
.confirm p { margin-block: .5rem 1.25rem; }
.confirm form { display: flex; flex-wrap: wrap; gap: .625rem; justify-content: end; }
.confirm::backdrop, .panel::backdrop { background: rgb(0 0 0 / .5); }
.confirm button, .plain-button { min-height: 2.75rem; padding: .375rem 1.125rem; background: none; border: 1px solid var(--strong-line); border-radius: 1.375rem; }
.confirm .danger { color: var(--surface); background: var(--warn); border-color: var(--warn); }
.foot { padding: .625rem .875rem .75rem; border-top: 1px solid var(--line); }
.status { padding-block: .25rem .5rem; font-size: .9375rem; line-height: 1.4; }
.status:empty { display: none; }
.status::before { content: ""; display: inline-block; width: .625rem; height: .625rem; margin-right: .5rem; background: var(--strong-line); border-radius: 50%; }
.status.waiting::before { background: none; border: 2px solid var(--strong-line); }
.status.person::before { background: var(--accent); }
.status.offline { color: var(--warn); }
.status.offline::before { background: var(--warn); border-radius: 0; }
.human { display: inline-flex; align-items: center; gap: .5rem; min-height: 2.75rem; padding: .25rem 1rem .25rem .75rem; font-size: .9375rem; background: none; border: 1px solid var(--strong-line); border-radius: 1.375rem; }
.human .icon { width: 1.25rem; height: 1.25rem; }
.human:hover { background: var(--sunk); }
.human[aria-disabled="true"] { color: var(--muted); border-style: dashed; background: none; }
.contact { margin-bottom: .625rem; font-size: .9375rem; }
.contact .word { padding-top: .375rem; }
.doubt > span { color: var(--text); }
.contact span { overflow-wrap: anywhere; }
.contact span:focus { outline: none; }
.way { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; margin-bottom: .625rem; }
.composer { display: flex; align-items: end; gap: .5rem; }
textarea { flex: 1; min-width: 0; min-height: 2.875rem; max-height: min(10rem, 30vh); padding: .625rem .875rem; line-height: 1.45; resize: none; background: var(--surface); border: 1px solid var(--strong-line); border-radius: 1.25rem; }
textarea:focus-visible, .word input:focus-visible { outline-offset: -1px; }
::placeholder { color: var(--muted); opacity: 1; }
.send { display: grid; place-items: center; width: 2.875rem; height: 2.875rem; flex: none; padding: 0; color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 50%; }
.notice { flex: 1 1 9rem; font-size: .8125rem; line-height: 1.4; color: var(--muted); }
.notice a { display: inline-block; min-height: 1.5rem; line-height: 1.5rem; }`;

const LOG = `
.log-frame { position: relative; display: flex; flex: 1; min-height: 0; }
.log { position: relative; flex: 1; min-width: 0; padding: 1rem .875rem; overflow-y: auto; overscroll-behavior: contain; background: var(--sunk); }
.log > ol { display: grid; grid-template-columns: minmax(0, 1fr); gap: .5rem; }
.intro { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
.intro.begun { padding-bottom: .5rem; }
.intro.begun .examples, .intro.greeted .opening { display: none; }
.intro.greeted { padding: 0; }
.more { position: absolute; bottom: .75rem; left: 0; right: 0; display: flex; align-items: center; gap: .375rem; width: fit-content; min-height: 2.5rem; margin-inline: auto; padding: .25rem 1rem; color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 1.25rem; box-shadow: var(--shadow); }
.panel:has(.menu:not([hidden])) .more { visibility: hidden; }
.more .icon { width: 1.125rem; height: 1.125rem; }
.message { display: grid; grid-template-columns: minmax(0, max-content); justify-items: start; max-width: min(40rem, 92%); gap: .375rem; overflow-wrap: anywhere; }
.message:has(.cards, .steps, table) { grid-template-columns: minmax(0, 1fr); max-width: 44rem; }
.bubble { min-width: 0; max-width: 100%; padding: .625rem .9375rem; background: var(--surface); border: 1px solid var(--line); border-radius: .375rem 1.125rem 1.125rem; }
.bubble > * + * { margin-top: .625rem; }
.bubble :is(ul, ol):not([role]) { padding-left: 1.25rem; }
.bubble ul:not([role]) { list-style-type: disc; }
.bubble li + li { margin-top: .25rem; }
.bubble .plain { white-space: pre-wrap; }
.sender { margin-block: .5rem -.125rem; padding-left: .125rem; font-size: .8125rem; font-weight: 600; color: var(--muted); }
.sender time { margin-left: .5rem; font-weight: 400; }
.student { justify-self: end; justify-items: end; max-width: 85%; margin-top: .5rem; }
.student .bubble { color: var(--on-accent); background: var(--accent); border-color: transparent; border-radius: 1.125rem 1.125rem .375rem; }
.student.failed .bubble { color: var(--text); background: none; border: 1px dashed var(--warn); }
.advisor .bubble { background: var(--hint); border-color: var(--accent); }
.system { justify-self: center; max-width: 100%; }
.system .sender { display: none; }
.system .bubble { padding-block: .375rem; font-size: .9375rem; color: var(--muted); text-align: center; background: none; border-style: dashed; border-radius: 1rem; }
.crisis .bubble { border: 2px solid var(--accent); }
.delivery { font-size: .8125rem; color: var(--muted); text-align: end; }
.delivery:empty { display: none; }
.failed .delivery { display: flex; flex-wrap: wrap; gap: .375rem; justify-content: end; align-items: center; }
.reason { color: var(--warn); }
.typing { display: flex; align-items: center; gap: .5rem; padding-top: .75rem; font-size: .875rem; color: var(--muted); }
.dots { display: inline-flex; gap: .25rem; padding: .5rem .625rem; background: var(--surface); border: 1px solid var(--line); border-radius: 1rem; }
.dots i { width: .4375rem; height: .4375rem; background: var(--muted); border-radius: 50%; }
@media (prefers-reduced-motion: no-preference) {
  .dots i { animation: breathe 1.2s infinite ease-in-out; }
  .dots i:nth-child(2) { animation-delay: .15s; }
  .dots i:nth-child(3) { animation-delay: .3s; }
  .log li.message:not(.in-place) { animation: arrive .18s ease-out; }
  @keyframes breathe { 50% { opacity: .25; } }
  @keyframes arrive { from { opacity: 0; transform: translateY(.375rem); } }
}`;

const ANSWER = `
.choices { display: flex; flex-wrap: wrap; gap: .5rem; }
.choice { min-height: 2.75rem; padding: .4375rem 1rem; line-height: 1.3; color: var(--text); text-align: start; background: var(--surface); border: 1px solid var(--accent); border-radius: 1.375rem; }
.choice:hover:enabled { background: var(--hint); }
.choice:disabled { color: var(--muted); border-color: var(--line); background: none; }
.choice.chosen:disabled { color: var(--text); border-color: var(--strong-line); font-weight: 600; }
.choice.chosen::before { content: "\\2713" / ""; margin-right: .375rem; }
.sources { padding-top: .5rem; font-size: .875rem; line-height: 1.45; color: var(--muted); border-top: 1px solid var(--line); }
.sources > span { font-weight: 600; }
.sources a { display: inline-block; min-height: 1.5rem; }
.sources li + li { margin-top: .25rem; }
.day { display: block; }
.feedback, .word { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .375rem; font-size: .875rem; color: var(--muted); }
.feedback { padding-left: .25rem; }
.quiet { min-width: 2.75rem; min-height: 2rem; padding: .125rem .75rem; font-size: .875rem; color: var(--text); background: none; border: 1px solid var(--strong-line); border-radius: 1rem; }
.quiet:hover { background: var(--surface); }
.word input { flex: 1 1 9rem; min-width: 0; min-height: 2.25rem; padding: .125rem .625rem; font-size: 1rem; color: var(--text); background: var(--surface); border: 1px solid var(--strong-line); border-radius: .75rem; }
.word label { flex-basis: 100%; }
.cards, .steps { display: grid; gap: .5rem; }
.card, .step { margin: 0 !important; background: var(--sunk); border: 1px solid var(--line); border-radius: .75rem; }
.card { padding: .75rem .875rem; }
.card a, .step a { display: inline-block; min-height: 1.5rem; }
.subtitle, .card-foot { font-size: .875rem; line-height: 1.45; color: var(--muted); }
.card-foot > * { margin-right: .75rem; }
dl { display: grid; gap: .375rem; margin: .5rem 0; font-size: .9375rem; line-height: 1.4; }
dl > div { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: 0 .75rem; }
dt { color: var(--muted); }
dd { margin: 0; }
.pay dd { font-weight: 600; }
summary { min-height: 1.5rem; cursor: pointer; }
.card summary { font-size: .9375rem; color: var(--link); }
.step { display: grid; grid-template-columns: auto minmax(0, 1fr); }
.step summary { display: flex; gap: .625rem; padding: .625rem .75rem .625rem .125rem; font-weight: 600; list-style: none; border-radius: .6875rem; }
.step summary::-webkit-details-marker { display: none; }
.step summary::after { content: ""; flex: none; width: .5rem; height: .5rem; margin: .375rem .25rem 0 auto; border: solid var(--muted); border-width: 0 2px 2px 0; rotate: 45deg; }
.step [open] > summary::after { margin-top: .625rem; rotate: 225deg; }
.step details > div { padding: 0 .75rem .75rem .125rem; }
.step details > div > * + * { margin-top: .5rem; }
.step.current { background: var(--hint); border-color: var(--accent); }
.step.done summary { font-weight: 400; color: var(--muted); }
.step .quiet { display: block; }
.progress { display: flex; align-items: center; gap: .625rem; margin-bottom: .5rem; font-size: .875rem; color: var(--muted); }
progress { flex: 1; max-width: 12rem; height: .5rem; overflow: hidden; appearance: none; background: var(--line); border: 0; border-radius: .25rem; }
::-webkit-progress-bar { background: var(--line); }
::-webkit-progress-value { background: var(--accent); }
::-moz-progress-bar { background: var(--accent); }
.mark { display: grid; place-items: center; flex: none; width: 1.5rem; height: 1.5rem; border: 2px solid var(--strong-line); border-radius: 50%; }
.box { display: grid; place-items: center; align-self: start; width: 2.75rem; height: 2.75rem; padding: 0; background: none; border: 0; border-radius: .6875rem; }
button.box:hover .mark, [aria-busy] .mark { border-color: var(--accent); }
.done .mark { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
.mark .icon { width: 1rem; height: 1rem; stroke-width: 3; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .4375rem .5rem; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line); }
.column-name { display: none; }
@container (max-width: 30rem) {
  dl > div { grid-template-columns: minmax(0, 1fr); }
  dt { font-size: .8125rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, tbody th, td { display: block; }
  tr { padding: .625rem .75rem; background: var(--sunk); border-radius: .75rem; }
  tr + tr { margin-top: .5rem; }
  tbody th, td { padding: .125rem 0; border: 0; }
  td { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: .75rem; }
  .column-name { display: inline; color: var(--muted); }
}`;

const PLACES = `
.launcher { position: fixed; bottom: max(1rem, env(safe-area-inset-bottom)); right: 1rem; z-index: 2147483000; display: grid; place-items: center; width: 3.5rem; height: 3.5rem; color: var(--on-accent); background: var(--accent); border: 2px solid var(--surface); border-radius: 50%; box-shadow: var(--shadow); }
.launcher .icon { width: 1.625rem; height: 1.625rem; }
dialog.panel { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; width: min(25rem, calc(100vw - 2rem)); height: min(40rem, calc(100dvh - 2rem)); max-width: none; max-height: none; margin: 0; padding: 0; font: 1rem/1.5 system-ui, sans-serif; box-shadow: var(--shadow); }
dialog.panel:not([open]) { display: none; }
@media (max-width: 30rem) {
  dialog.panel { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
}
@media (max-height: 30rem) {
  :host(:not([mode="floating"])) { height: auto; max-height: none; }
  .panel { overflow: auto; }
  dialog.panel { max-height: 100dvh; inset-block: 0; }
  .log-frame { flex: none; }
  .log { max-height: 70vh; }
}
@media (min-height: 30.01rem) and (max-height: 44rem) {
  .log-frame { min-height: 8rem; }
  .foot { min-height: 0; padding-bottom: 0; overflow-y: auto; overscroll-behavior: contain; scroll-padding-bottom: 4.5rem; }
  .composer { position: sticky; bottom: 0; padding-bottom: .75rem; background: var(--surface); }
}
@media (forced-colors: active) {
  .icon { stroke: ButtonText; }
  .student .bubble, .advisor .bubble { border: 2px solid CanvasText; }
  .send, .launcher, .more, .mark { border-color: ButtonBorder; }
  progress { border: 1px solid; }
  ::-webkit-progress-value, .status.person::before { forced-color-adjust: none; background: Highlight; }
  .choice:disabled, .human[aria-disabled="true"] { color: GrayText; border-color: GrayText; }
  .choice.chosen:disabled { color: CanvasText; border: 2px solid CanvasText; }
}`;

let shared = null;

/** One sheet for every chat on the page, made when the first one needs it. */
export function sheet() {
  if (!shared) {
    shared = new CSSStyleSheet();
    shared.replaceSync([COLORS, BASE, PANEL, LOG, ANSWER, PLACES].join("\n"));
  }
  return shared;
}

function channels(color) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d");
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/** Relative luminance, near enough to what WCAG defines. */
function luminance(color) {
  const [r, g, b] = channels(color).map((value) => (value / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** White where it reaches 4.5:1, else black, which then does. */
const textOn = (color) => (1.05 / (luminance(color) + 0.05) >= 4.6 ? "#fff" : "#000");

/** Any CSS colour; what is none is ignored. */
export function accentSheet(color) {
  if (!color || !CSS.supports("color", color) || /[;{}]/.test(color)) return [];
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host([accent]) { --accent: ${color}; --on-accent: ${textOn(color)}; }`);
  return [sheet];
}
