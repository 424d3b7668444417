// The recipe to take along: as a link, as a command, as files.

import { fill, h, spoken } from "./dom.js";

/**
 * @param {HTMLElement} place @param {any} d recipe.Description
 * @param {{open: (link: string) => Promise<any>, download: (lane: number) => Promise<void>, report: (url: string) => void}} act
 */
export function share(place, d, act) {
  const url = new URL("./", new URL("..", import.meta.url)).href + "#" + d.address;
  const complaint = h("p.complaint", { role: "alert" });
  const paste = h("input", { type: "text", id: "paste", spellcheck: false, autocomplete: "off", placeholder: "memorise?seed=7&lane=sft,style=x" });
  const open = async (/** @type {Event} */ e) => {
    e.preventDefault();
    try {
      await act.open(paste.value);
      fill(complaint);
    } catch (error) {
      fill(complaint, /** @type {Error} */ (error).message);
    }
  };
  fill(place,
    copyable("copy-link", "This experiment as a link", url),
    copyable("copy-command", "The same run in a terminal", d.command),
    h("p.actions", null, h("button", { type: "button", onclick: () => act.report(url) }, "Lab report")),
    d.base.name && !d.missing && !d.replayed && h("p.actions", null, d.lanes.map((/** @type {any} */ l, /** @type {number} */ i) => h("button.quiet", { onclick: () => act.download(i) }, `Weights of ${l.name}`, spoken(" as a file")))),
    h("form.paste", { onsubmit: open }, h("label", { htmlFor: "paste" }, "Open a link"), h("div.field", null, paste, h("button", { type: "submit" }, "Open")), complaint));
}

/** A text with a button that copies it. */
function copyable(/** @type {string} */ id, /** @type {string} */ label, /** @type {string} */ text) {
  const input = h("input", { type: "text", id, readOnly: true, value: text, onfocus: () => input.select() });
  const button = h("button", { type: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // not allowed here: let the browser's own command do it
      input.select();
      document.execCommand("copy");
    }
    fill(button, "Copied");
    setTimeout(() => fill(button, "Copy", spoken(` ${label}`)), 2000);
  } }, "Copy", spoken(` ${label}`));
  return h("div.copyable", null, h("label", { htmlFor: id }, label), h("div.field", null, input, button), h("p.printed", null, text));
}

/** Hands a file to the visitor. */
export function download(/** @type {Blob} */ blob, /** @type {string} */ name) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}
