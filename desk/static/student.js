/** The page speaks the language of the chat: a switch there turns the words around it, the title and the address. */
document.addEventListener("advising-chat:language", ({ detail: { language } }) => {
  document.documentElement.lang = language;
  document.title = document.body.dataset[language === "es" ? "titleEs" : "titleEn"];
  const address = new URL(location.href);
  address.searchParams.set("language", language);
  history.replaceState(null, "", address);
});

/** An e-mail's link leads to one conversation. Its secret leaves the address bar, and so the history, before anything else. */
const link = new URLSearchParams(location.hash.slice(1)).get("open");
if (link) {
  history.replaceState(null, "", location.pathname + location.search);
  customElements.whenDefined("advising-chat").then(() => document.querySelector("advising-chat").openLink(link));
}
