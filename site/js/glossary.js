// The glossary: terms in a text become buttons, which open the entry of the term. The entries come from core/glossary.

import { aboutIn } from "./about.js";
import { english, h, spoken } from "./dom.js";
import { say } from "./say.js";
import { welcome } from "./welcome.js";

/** @typedef {{name: string, title: string, forms?: string[], also?: string[], plain?: boolean, doc: string, cite?: string}} Entry glossary.Entry */

/** @type {Entry[]} */
const entries = welcome.glossary;

/** The entries that texts link, by their words in small letters. */
const linked = new Map(entries.filter((e) => !e.plain).flatMap((e) => [e.title, ...(e.forms ?? []), ...(e.also ?? [])].map((word) => [word.toLowerCase(), e])));

/** Finds one of these words, the longest where several begin at one place, but no part of another word. */
const words = new RegExp(`(?<![\\p{L}\\d_/=‖-])(?:${[...linked.keys()].sort((a, b) => b.length - a.length).join("|")})(?![\\p{L}\\d_/=‖-])`, "giu");

/**
 * Returns a function that makes buttons of the terms in a text, each term once: the first time that it meets it in any text.
 * @returns {(text: string) => any[]}
 */
export function terms() {
  const met = new Set();
  return (text) => {
    const parts = [];
    let from = 0;
    text = text.replaceAll("\n", " ");
    for (const { 0: word, index } of text.matchAll(words)) {
      const entry = /** @type {Entry} */ (linked.get(word.toLowerCase()));
      if (met.has(entry)) continue;
      met.add(entry);
      parts.push(text.slice(from, index), term(entry, word));
      from = index + word.length;
    }
    return [...parts, text.slice(from)];
  };
}

/** A word of a sentence that opens its entry. It is no button element, around which lines could break. */
function term(/** @type {Entry} */ entry, /** @type {string} */ word) {
  const open = () => openGlossary(entry.name, element);
  const element = h("span.term", {
    role: "button", tabIndex: 0, "aria-haspopup": "dialog", onclick: open,
    onkeydown: (/** @type {KeyboardEvent} */ e) => {
      if (e.key !== "Enter" && e.key !== " ") return;
      e.preventDefault();
      open();
    },
    onmousedown: (/** @type {Event} */ e) => e.preventDefault(), // the focus stays, and with it what is only shown while a field has it
  }, word);
  return element;
}

/** Opens the glossary, at the entry of a word if one was chosen. */
function openGlossary(name = "", /** @type {Element | undefined} */ word = undefined) {
  const shown = /** @type {HTMLDialogElement | null} */ (document.getElementById("glossary")) ?? dialog();
  if (!shown.open) {
    shown.showModal();
    if (word) place(shown, word.getBoundingClientRect().top);
  }
  for (const e of shown.querySelectorAll("[aria-current]")) e.removeAttribute("aria-current");
  const entry = name ? /** @type {HTMLElement} */ (shown.querySelector(`[data-entry=${name}]`)) : null;
  entry?.setAttribute("aria-current", "true");
  (entry ?? /** @type {HTMLElement} */ (shown.querySelector("h2"))).focus();
}

/** A frame that is as high as its page has no middle to look at: there the glossary opens near the word. */
function place(/** @type {HTMLDialogElement} */ shown, /** @type {number} */ top) {
  const root = document.documentElement;
  if (parent === window || root.scrollHeight > root.clientHeight + 1) return;
  const most = Math.max(8, root.clientHeight - shown.offsetHeight - 8);
  shown.style.margin = `${Math.min(Math.max(8, top - 60), most)}px auto auto`;
}

/** The glossary itself, which is taken away when it is closed. */
function dialog() {
  const close = () => shown.close();
  const shown = h("dialog.glossary", { id: "glossary", "aria-labelledby": "glossary-title", onclose: () => shown.remove(),
    onclick: (/** @type {MouseEvent} */ e) => { if (e.target === shown) close(); } }, // beside it
  h("div.glossary-head", null, h("h2", { id: "glossary-title", tabIndex: -1 }, texts.page.glossary), h("button.quiet", { type: "button", onclick: close }, texts.common.close)),
  h("dl", null, entries.map((e) => h("div", { "data-entry": e.name, tabIndex: -1 }, h("dt", inEnglish, e.title), h("dd", null, explained(e))))));
  document.body.append(shown);
  return shown;
}

/** What an entry says, with the other terms in it linked. */
function explained(/** @type {Entry} */ { name, title, also, doc, cite }) {
  const link = terms();
  link(title); // an entry does not lead to itself
  return [english(link(doc)), also && h("span.also", null, say(texts.glossary.also, { words: also.join(", ") })), cite && h("span.also", inEnglish, cite), aboutIn("span.also", `glossary.html#${name}`, [texts.glossary.more, spoken(say(texts.glossary.about, { title }))])];
}

const button = /** @type {HTMLButtonElement | null} */ (document.getElementById("open-glossary"));
if (button) Object.assign(button, { disabled: false, onclick: () => openGlossary() });
