// The page of the guide: its address has the question.

import { askedIn, Guide, query } from "./js/guide-form.js";

const guide = new Guide(document, (question) => {
  const asked = query(question);
  try {
    history.replaceState(null, "", location.pathname + (asked && `?${asked}`));
  } catch { /* a frame without an address of its own */ }
  speak();
});

/** Has the links to the page in other languages lead to the same question. */
function speak() {
  for (const way of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a.language"))) way.search = location.search;
}

/** @type {HTMLDetailsElement[]} what is unfolded on paper alone */
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [.../** @type {NodeListOf<HTMLDetailsElement>} */ (guide.told.querySelectorAll("details:not([open])"))];
  for (const d of unfolded) d.open = true;
});
addEventListener("afterprint", () => {
  for (const d of unfolded) d.open = false;
});

guide.begin(askedIn(location.search));
speak();
