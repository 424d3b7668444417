// A field to search a list with. What is in the list has its words in small letters, and is found if it has every word of the question.

import { fill, h } from "./dom.js";
import { say } from "./say.js";

export class Search {
  /**
   * @param {string} label @param {string} example what may be searched for @param {() => void} changed
   */
  constructor(label, example, changed) {
    this.field = h("input", { type: "text", role: "searchbox", inputMode: "search", autocomplete: "off", spellcheck: false, placeholder: example, "aria-label": label, oninput: changed });
    this.said = h("p.small", { role: "status" });
    this.place = h("div.search", null, this.field, this.said);
  }

  /** Whether something is found by what stands in the field. */
  finds(/** @type {{words: string}} */ { words }) {
    return this.field.value.toLowerCase().split(/\s+/).every((/** @type {string} */ word) => words.includes(word));
  }

  /** Says how many of all are found. @param {number} n @param {number} all @param {{all: string, some: string, none: string}} said what it says of them */
  say(n, all, said) {
    fill(this.said, say(n === all ? said.all : n > 0 ? said.some : said.none, { count: n, all }));
  }
}
