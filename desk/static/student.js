/** The page speaks the language of the chat: a switch there turns the words around it, the title and the address. */
document.addEventListener("advising-chat:language", ({ detail: { language } }) => {
  document.documentElement.lang = language;
  document.title = document.body.dataset[language === "es" ? "titleEs" : "titleEn"];
  const address = new URL(location.href);
  address.searchParams.set("language", language);
  history.replaceState(null, "", address);
});
