// The search of the reference: what does not have all the words that are looked for is taken out of the list. Without this script the
// list is whole.

const field = /** @type {HTMLInputElement} */ (document.getElementById("query"));
const found = /** @type {HTMLElement} */ (document.getElementById("found"));
const entries = [...document.querySelectorAll(".all > li")].map((element) => ({ element: /** @type {HTMLElement} */ (element), text: (element.textContent ?? "").toLowerCase() }));
const parts = [...document.querySelectorAll("main > section")].map((element) => /** @type {HTMLElement} */ (element));

/** Shows the entries that have all words of the query; an entry whose name is the query comes before the others when Enter is pressed. */
function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { element, text } of entries) {
    element.hidden = !words.every((word) => text.includes(word));
    if (!element.hidden) count++;
  }
  for (const part of parts) part.hidden = !part.querySelector("li:not([hidden])");
  const said = count === 0 ? "Nothing has all these words." : count === 1 ? "1 entry." : `${count} entries.`;
  found.textContent = words.length > 0 ? `${said}${count > 0 ? " Enter opens the first." : ""}` : "";
}

/** The entry that Enter opens: the one that is called so, or else the first that is shown. */
function best() {
  const query = field.value.trim().toLowerCase();
  const links = entries.filter(({ element }) => !element.hidden).map(({ element }) => /** @type {HTMLAnchorElement} */ (element.querySelector("a")));
  return links.find((link) => link.textContent?.toLowerCase() === query) ?? links[0];
}

field.addEventListener("input", search);
/** @type {HTMLFormElement} */ (field.form).addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value.trim()) best()?.click();
});
field.disabled = false;
field.value = new URLSearchParams(location.search).get("q") ?? "";
if (field.value) search();
