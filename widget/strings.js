/** Every word the widget itself says, in both languages. */

const en = {
  title: "Advising assistant",
  openChat: "Open chat",
  closeChat: "Close chat",
  greeting: "Hi! Ask me about paying for college, dual credit, apprenticeships, and jobs in Washington. What would you like to know?",
  examples: "Questions you can ask",
  program: "A program, not a person",
  withPerson: "You are talking with a person",
  notice: "Please leave out private numbers.",
  privacy: "What we keep",
  conversation: "Conversation",
  message: "Your message",
  placeholder: "Write your question…",
  send: "Send",
  keys: "Enter sends. Shift and Enter starts a new line.",
  talkToPerson: "Talk to a person",
  stopWaiting: "Stop waiting",
  otherLanguage: "Español",
  switchLanguage: "Cambiar a español",
  menu: "More options",
  download: "Download my conversation",
  erase: "Delete my conversation",
  eraseTitle: "Delete this conversation?",
  eraseText: "It is removed from this device and from our records, and it cannot be brought back.",
  eraseYes: "Delete it",
  eraseNo: "Keep it",
  erased: "Your conversation was deleted.",
  eraseFailed: "It could not be deleted just now. Please try again.",
  linkTitle: "Open the chat from the e-mail?",
  linkText: "Another chat is open on this device. It will be replaced here and cannot be brought back to this device.",
  linkYes: "Open it",
  linkNo: "Keep this one",
  linkDead: "This link does not open a chat any more. You can ask here instead.",
  linkFailed: "The chat could not be opened just now. Please press the link in the e-mail again.",
  downloadFailed: "It could not be downloaded just now. Please try again.",
  you: "You",
  bot: "Assistant",
  advisor: "Advisor",
  system: "Notice",
  source: "Source",
  checkedOn: (date) => `checked on ${date}`,
  newTab: "(opens in a new tab)",
  choices: "Choose one",
  choicesCount: (count) => (count === 1 ? "1 choice to pick." : `${count} choices to pick from.`),
  helpful: "Was this helpful?",
  yes: "Yes",
  no: "No",
  thanks: "Thank you!",
  missing: "What was missing? (optional)",
  sendWord: "Send comment",
  done: "Done",
  toDo: "To do",
  progress: (done, all) => `${done} of ${all} steps done`,
  more: "More about it",
  sending: "Sending…",
  queued: "Kept here, not sent yet",
  sent: "Sent",
  notSent: "Not sent",
  retry: "Try again",
  edit: "Edit",
  remove: "Remove",
  newMessages: "New messages",
  offline: "No connection right now. Your messages are kept and will be sent.",
  askingForPerson: "Asking for a person…",
  waiting: "Waiting for a person.",
  place: (place) => `You are number ${place} in line.`,
  minutes: (count) => (count < 2 ? "It should take about a minute." : `It should take about ${count} minutes.`),
  keepAsking: "You can keep asking here.",
  opens: ({ time, day }) => `Advisors are back ${day ? `on ${day} ` : "today "}at ${time}.`,
  nobody: "No advisor is at the desk just now.",
  byEmail: "Get the reply by e-mail too (optional)",
  email: "Your e-mail address",
  emailNote: "Used for this reply only.",
  badEmail: "This does not look like an e-mail address. Write it like name@example.org.",
  save: "Save",
  writesTo: (address) => `The reply will also go to ${address}.`,
  change: "Change it",
  meant: (address) => `Did you mean ${address}?`,
  meantYes: "Yes, use that",
  meantNo: "No, mine is right",
  joined: (name) => `${name || "An advisor"} has joined. You are talking with a person.`,
  closed: "This conversation has ended. Write again any time.",
  botWriting: "The assistant is writing…",
  advisorWriting: (name) => `${name || "The advisor"} is writing…`,
  lost: "Your earlier conversation is no longer here, so a new one was started.",
  failed: "That did not work.",
  errors: {
    too_large: "This message is too long. Please make it shorter.",
    forbidden: "This website is not allowed to use the chat.",
    invalid: "This message could not be read. Please write it another way.",
    choice: "This choice is no longer open. Please write your question.",
  },
};

const es = {
  title: "Asistente de orientación",
  openChat: "Abrir el chat",
  closeChat: "Cerrar el chat",
  greeting: "¡Hola! Pregúntame cómo pagar la universidad, cómo ganar crédito universitario en la high school o cómo entrar a un oficio o a un trabajo en Washington. ¿Qué te gustaría saber?",
  examples: "Preguntas que puedes hacer",
  program: "Un programa, no una persona",
  withPerson: "Estás hablando con una persona",
  notice: "No escribas datos privados.",
  privacy: "Qué guardamos",
  conversation: "Conversación",
  message: "Tu mensaje",
  placeholder: "Escribe tu pregunta…",
  send: "Enviar",
  keys: "Enter: enviar. Mayús y Enter: otra línea.",
  talkToPerson: "Hablar con una persona",
  stopWaiting: "Dejar de esperar",
  otherLanguage: "English",
  switchLanguage: "Switch to English",
  menu: "Más opciones",
  download: "Descargar mi conversación",
  erase: "Borrar mi conversación",
  eraseTitle: "¿Borrar esta conversación?",
  eraseText: "Se borrará de este aparato y de nuestros registros, y no podrás recuperarla.",
  eraseYes: "Borrarla",
  eraseNo: "Conservarla",
  erased: "Tu conversación se borró.",
  eraseFailed: "No se pudo borrar en este momento. Inténtalo otra vez.",
  linkTitle: "¿Abrir el chat del correo?",
  linkText: "En este aparato ya hay otro chat abierto. El del correo ocupará su lugar y aquí ya no podrás volver al otro.",
  linkYes: "Abrirlo",
  linkNo: "Quedarme con este",
  linkDead: "Este enlace ya no abre ningún chat. Puedes preguntar aquí.",
  linkFailed: "No se pudo abrir el chat en este momento. Vuelve a tocar el enlace del correo, por favor.",
  downloadFailed: "No se pudo descargar en este momento. Inténtalo otra vez.",
  you: "Tú",
  bot: "Asistente",
  advisor: "Asesor",
  system: "Aviso",
  source: "Fuente",
  checkedOn: (date) => `revisado el ${date}`,
  newTab: "(se abre en otra pestaña)",
  choices: "Elige una opción",
  choicesCount: (count) => (count === 1 ? "Hay 1 opción." : `Hay ${count} opciones para elegir.`),
  helpful: "¿Te sirvió?",
  yes: "Sí",
  no: "No",
  thanks: "¡Gracias!",
  missing: "¿Qué faltó? (opcional)",
  sendWord: "Enviar comentario",
  done: "Hecho",
  toDo: "Por hacer",
  progress: (done, all) => `${done} de ${all} pasos hechos`,
  more: "Más detalles",
  sending: "Enviando…",
  queued: "Guardado aquí; todavía no se envía",
  sent: "Enviado",
  notSent: "No se envió",
  retry: "Intentar otra vez",
  edit: "Editar",
  remove: "Quitar",
  newMessages: "Mensajes nuevos",
  offline: "No hay conexión en este momento. Tus mensajes quedan guardados y se enviarán en cuanto vuelva.",
  askingForPerson: "Buscando a alguien que te atienda…",
  waiting: "Esperando a una persona.",
  place: (place) => `Vas en el lugar ${place} de la fila.`,
  minutes: (count) => (count < 2 ? "Te atenderán más o menos en un minuto." : `Te atenderán más o menos en ${count} minutos.`),
  keepAsking: "Puedes seguir preguntando aquí.",
  opens: ({ time, day }) => `Los asesores regresan ${day ? `el ${day},` : "hoy"} a la${/^1:/.test(time) ? "" : "s"} ${time}.`,
  nobody: "En este momento no hay ningún asesor atendiendo.",
  byEmail: "Recibir la respuesta también por correo electrónico (opcional)",
  email: "Tu correo electrónico",
  emailNote: "Solo se usa para esta respuesta.",
  badEmail: "Eso no parece un correo electrónico. Escríbelo como nombre@example.org.",
  save: "Guardar",
  writesTo: (address) => `La respuesta también te llegará a ${address}.`,
  change: "Cambiarlo",
  meant: (address) => `¿Quisiste escribir ${address}?`,
  meantYes: "Sí, usa ese",
  meantNo: "No, el mío está bien",
  joined: (name) => `${name || "Un asesor"} entró al chat. Ya estás hablando con una persona.`,
  closed: "Esta conversación terminó. Puedes volver a escribir cuando quieras.",
  botWriting: "El asistente está escribiendo…",
  advisorWriting: (name) => `${name || "El asesor"} está escribiendo…`,
  lost: "Tu conversación anterior ya no está aquí, así que empezamos una nueva.",
  failed: "No se pudo hacer.",
  errors: {
    too_large: "Tu mensaje es demasiado largo. Acórtalo un poco, por favor.",
    forbidden: "Esta página no tiene permiso para usar el chat.",
    invalid: "No pudimos leer tu mensaje. Escríbelo de otra manera, por favor.",
    choice: "Esa opción ya no está disponible. Escribe tu pregunta, por favor.",
  },
};

const LANGUAGES = { en, es };

export const stringsFor = (language) => LANGUAGES[language] ?? en;

export const otherThan = (language) => (language === "es" ? "en" : "es");

/** The first of the wishes that is, or starts with, a language we speak; English if none. */
export function pickLanguage(...wishes) {
  const known = wishes.map((wish) => String(wish ?? "").slice(0, 2).toLowerCase());
  return known.find((wish) => wish in LANGUAGES) ?? "en";
}

/** A refusal of the desk in plain words; a code we have no words for shows the desk's own. */
export function refusal({ errors, failed }, { code, detail }, forChoice = false) {
  const known = errors[forChoice && code === "invalid" ? "choice" : code];
  return known ?? [failed, detail].filter(Boolean).join(" ");
}

/** When an office opens, on its own clock whatever zone the device is in: {time, day}, "Monday, November 30"; no day for today. */
export function officeTime(language, text) {
  const there = new Date(`${text.slice(0, 19)}Z`);
  const now = new Date(Date.now() + (there - new Date(text)));
  const say = (options) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options }).format(there);
  const today = there.toISOString().slice(0, 10) === now.toISOString().slice(0, 10);
  return { time: say({ timeStyle: "short" }), day: today ? null : say({ weekday: "long", month: "long", day: "numeric" }) };
}

/** "2026-03-05" or a full time stamp as a long date; a bare date stays on its day in every time zone. */
export function longDate(language, text) {
  const timeZone = text.length === 10 ? "UTC" : undefined;
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone }).format(new Date(text));
}

export function clockTime(language, text) {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(text));
}
