// A link that was refused: why, and the link as it was given, so that it can be repaired.

import { h } from "./dom.js";
import { styles } from "./files.js";
import { capital } from "./format.js";

let ids = 0;

/**
 * @param {"h1" | "h2"} heading the element of its heading
 * @param {string} link as it was given @param {string} why a sentence without its full stop
 * @param {(link: string) => void} open @param {string} [first] the link of the first exhibit, where there is nothing else to go on with
 * @returns {Promise<HTMLElement>}
 */
export async function refusal(heading, link, why, open, first) {
  await styles("css/refused.css");
  const id = `refused-${++ids}`;
  const field = h("textarea", {
    id, rows: 3, value: link, spellcheck: false, autocomplete: "off", autocapitalize: "off", "aria-describedby": `${id}-why`,
    onkeydown: (/** @type {KeyboardEvent} */ e) => { if (e.key === "Enter" && !e.shiftKey) submit(e); },
  });
  const submit = (/** @type {Event} */ e) => {
    e.preventDefault();
    open(field.value);
  };
  return h("form.refusal", { onsubmit: submit },
    h(heading, null, texts.refusal.title),
    h("p", { ...inEnglish, id: `${id}-why` }, capital(why), "."),
    h("label", { htmlFor: id }, texts.refusal.repair), field,
    h("p.actions", null, h(heading === "h1" ? "button.run" : "button", { type: "submit" }, texts.common.open),
      first && h("button", { type: "button", onclick: () => open(first) }, texts.refusal.first)));
}
