// Prompts and answers of somebody's own, from a file or pasted, in the place of the task's training prompts.

import { english, fill, h } from "./dom.js";
import { capital, count } from "./format.js";
import { terms } from "./glossary.js";
import { around, say } from "./say.js";

/** More than is read, even in two bytes a symbol, so that what is too long is refused instead of cut short. */
const bytes = 2 ** 21 + 4;

/** The text of a file, which is in UTF-16 when a byte order mark says so. */
async function textOf(/** @type {File} */ file) {
  const content = await file.slice(0, bytes).arrayBuffer();
  const [first, second] = new Uint8Array(content);
  const marked = (/** @type {number} */ a, /** @type {number} */ b) => first === a && second === b;
  return new TextDecoder(marked(0xff, 0xfe) ? "utf-16le" : marked(0xfe, 0xff) ? "utf-16be" : "utf-8").decode(content);
}

/**
 * Takes a data set, or rejects with a sentence. A link may wait for another one: then the digest of these rows is returned, and they are only
 * taken, as another experiment, when other is true.
 * @typedef {(name: string, text: string, other?: boolean) => Promise<string | undefined>} Bring
 */

/**
 * What is trained on, and a way to bring something else. While a link waits for its rows, the notice above the experiment has that way.
 * @param {any} d recipe.Description @param {Bring} bring @param {() => void} without
 */
export function dataFields(d, bring, without) {
  return [d.data && h("p", null, told(d.data), h("button.quiet", { onclick: without }, texts.data.back)), (!d.data || d.data.here) && rows(d, bring)];
}

/** The fields for bringing rows. @param {any} d recipe.Description @param {Bring} bring */
export function rows(d, bring) {
  const complaint = h("p.complaint", { id: "data-complaint", role: "alert" });
  const take = async (/** @type {string} */ name, /** @type {string} */ text, other = false) => {
    try {
      fill(complaint);
      const digest = await bring(name, text, other);
      if (digest) {
        fill(complaint, `${say(texts.data.other, { digest, wanted: d.data.digest })} `,
          h("button", { type: "button", onclick: () => take(name, text, true) }, texts.data.takeOther));
      }
    } catch (e) {
      const said = /** @type {Error} */ (e).message;
      fill(complaint, (said.startsWith(name) ? said : capital(said)) + "."); // a file's name as it is
    }
  };
  const file = h("input", {
    type: "file", id: "data-file", accept: ".csv,.tsv,.txt,.json,.jsonl,text/csv", "aria-describedby": "data-doc data-complaint",
    onchange: async () => { if (file.files[0]) await take(file.files[0].name, await textOf(file.files[0])); },
  });
  const example = d.task.row;
  const pasted = h("textarea", { id: "data-text", rows: 4, spellcheck: false, placeholder: `prompt,answer\n${example.prompt},${example.response}`, "aria-describedby": "data-doc data-complaint" });
  return h("div.rows", null,
    h("p.small", { id: "data-doc" }, around(texts.data.table, { form: english(d.task.form) }),
      terms()(texts.data.answer)),
    h("label", { htmlFor: "data-file" }, texts.data.file), file,
    h("label", { htmlFor: "data-text" }, texts.data.pasted), pasted,
    h("button", { type: "button", onclick: () => take(texts.data.theText, pasted.value) }, texts.data.train), complaint);
}

/** What is known of a data set. */
function told(/** @type {any} */ { digest, here, rows, dropped }) {
  if (!here) return `${say(texts.data.notHere, { digest })} `;
  const prompts = (/** @type {number} */ n) => say(texts.data.prompts, { n: count(n) });
  return `${say(dropped > 0 ? texts.data.setHeldOut : texts.data.set, { prompts: prompts(rows), digest, dropped: prompts(dropped) })} `;
}
