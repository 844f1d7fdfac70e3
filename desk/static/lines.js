// A question that is unticked takes its line out of the ways of asking; ticked again it comes back.

const plain = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();

function follow(form, box) {
  const words = box.closest("label").querySelector("[lang]");
  const field = form.elements[`phrasings_${words.lang}`];
  const text = words.textContent.trim().replace(/\s+/g, " ");
  const lines = field.value.split("\n").filter((line) => line.trim() && plain(line) !== plain(text));
  const same = [...form.querySelectorAll("[name=misses]:checked")].some((other) => plain(other.closest("label").textContent) === plain(text));
  field.value = [...lines, ...(same ? [text] : [])].join("\n");
}

export function watchLines(form) {
  if (!form) return;
  form.addEventListener("change", ({ target }) => target.name === "misses" && follow(form, target));
  for (const box of form.querySelectorAll("[name=misses]:not(:checked)")) follow(form, box); // unticked before this script was there
}
