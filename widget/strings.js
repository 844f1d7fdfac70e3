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
  opens: (time) => `Advisors are back ${time}.`,
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
  greeting: "¡Hola! Pregúntame cómo pagar la universidad, o sobre doble crédito, programas de aprendizaje y empleos en Washington. ¿Qué te gustaría saber?",
  examples: "Preguntas que puedes hacer",
  program: "Un programa, no una persona",
  withPerson: "Estás hablando con una persona",
  notice: "No escribas números privados.",
  privacy: "Qué guardamos",
  conversation: "Conversación",
  message: "Tu mensaje",
  placeholder: "Escribe tu pregunta…",
  send: "Enviar",
  keys: "Enter envía el mensaje. Mayúsculas y Enter empieza otra línea.",
  talkToPerson: "Hablar con una persona",
  stopWaiting: "Dejar de esperar",
  otherLanguage: "English",
  switchLanguage: "Switch to English",
  menu: "Más opciones",
  download: "Descargar mi conversación",
  erase: "Borrar mi conversación",
  eraseTitle: "¿Borrar esta conversación?",
  eraseText: "Se borra de este dispositivo y de nuestros registros, y no se puede recuperar.",
  eraseYes: "Borrarla",
  eraseNo: "Conservarla",
  erased: "Tu conversación se borró.",
  eraseFailed: "No se pudo borrar en este momento. Inténtalo otra vez.",
  downloadFailed: "No se pudo descargar en este momento. Inténtalo otra vez.",
  you: "Tú",
  bot: "Asistente",
  advisor: "Orientación",
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
  queued: "Guardado aquí, aún sin enviar",
  sent: "Enviado",
  notSent: "No se envió",
  retry: "Intentar otra vez",
  edit: "Editar",
  remove: "Quitar",
  newMessages: "Mensajes nuevos",
  offline: "No hay conexión en este momento. Tus mensajes están guardados y se van a enviar.",
  askingForPerson: "Pidiendo una persona…",
  waiting: "Esperando a una persona.",
  place: (place) => `Tienes el lugar ${place} en la fila.`,
  minutes: (count) => (count < 2 ? "Será más o menos un minuto." : `Serán unos ${count} minutos.`),
  keepAsking: "Puedes seguir preguntando aquí.",
  opens: (time) => `El equipo de orientación regresa ${time}.`,
  joined: (name) => `${name || "Alguien del equipo de orientación"} se unió. Estás hablando con una persona.`,
  closed: "Esta conversación terminó. Puedes volver a escribir cuando quieras.",
  botWriting: "El asistente está escribiendo…",
  advisorWriting: (name) => `${name || "La otra persona"} está escribiendo…`,
  lost: "Tu conversación anterior ya no está aquí, así que empezamos una nueva.",
  failed: "No se pudo hacer.",
  errors: {
    too_large: "El mensaje es demasiado largo. Hazlo más corto, por favor.",
    forbidden: "Este sitio no tiene permiso para usar el chat.",
    invalid: "No se pudo leer el mensaje. Escríbelo de otra manera, por favor.",
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

/** "2026-03-05" or a full time stamp as a long date; a bare date stays on its day in every time zone. */
export function longDate(language, text) {
  const timeZone = text.length === 10 ? "UTC" : undefined;
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone }).format(new Date(text));
}

export function clockTime(language, text) {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(text));
}
