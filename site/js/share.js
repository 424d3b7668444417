// The recipe to take along: as a link, as a command, as files.

import { fill, h, spoken } from "./dom.js";
import { addressOf } from "./files.js";
import { say } from "./say.js";

/**
 * @param {HTMLElement} place @param {any} d recipe.Description
 * @param {{open: (link: string) => Promise<any>, download: (lane: number) => Promise<void>, report: (url: string) => void, build: (() => void) | null}} act
 */
export function share(place, d, act) {
  const url = addressOf(d.address);
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
    copyable("copy-link", texts.share.link, url),
    copyable("copy-command", texts.share.command, d.command),
    h("p.actions", null, h("button", { type: "button", onclick: () => act.report(url) }, texts.share.report),
      act.build && h("button", { type: "button", onclick: act.build }, texts.share.build)),
    d.base.name && !d.missing && !d.replayed && h("p.actions", null, d.lanes.map((/** @type {any} */ l, /** @type {number} */ i) => h("button.quiet", { onclick: () => act.download(i) }, say(texts.share.weights, { lane: l.name }), spoken(texts.share.asFile)))),
    h("form.paste", { onsubmit: open }, h("label", { htmlFor: "paste" }, texts.share.openLink), h("div.field", null, paste, h("button", { type: "submit" }, texts.common.open)), complaint));
}

/** A text with a button that copies it. */
function copyable(/** @type {string} */ id, /** @type {string} */ label, /** @type {string} */ text) {
  const input = h("input", { type: "text", id, readOnly: true, value: text, onfocus: () => input.select() });
  return h("div.copyable", null, h("label", { htmlFor: id }, label), h("div.field", null, input, copyButton(input, label)), h("p.printed", null, text));
}

/** A button that copies what is in a field. */
export function copyButton(/** @type {HTMLInputElement | HTMLTextAreaElement} */ field, /** @type {string} */ label) {
  const button = h("button", { type: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch { // not allowed here: let the browser's own command do it
      field.select();
      document.execCommand("copy");
    }
    fill(button, texts.share.copied);
    setTimeout(() => fill(button, texts.share.copy, spoken(` ${label}`)), 2000);
  } }, texts.share.copy, spoken(` ${label}`));
  return button;
}

/** Hands a file to the visitor. */
export function download(/** @type {Blob} */ blob, /** @type {string} */ name) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}
