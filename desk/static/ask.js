// Asking the desk from a page that stays: the whole answer, or null. A lost connection or a page being left is no fault of the page.

/** `as`: how the body is read, "json", "text" or "page" (its elements). An answer that breaks off in the middle is none. */
export async function ask(path, { as = "json", ...options } = {}) {
  try {
    const answer = await fetch(path, options);
    if (!answer.ok) return null;
    return as === "page" ? new DOMParser().parseFromString(await answer.text(), "text/html") : await answer[as]();
  } catch {
    return null;
  }
}
