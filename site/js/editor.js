// A place to write a program in, with the numbers of its lines, and what is wrong with it at its line.

import { english, fill, h } from "./dom.js";
import { capital } from "./format.js";
import { say } from "./say.js";

/** The fewest and the most lines that are shown at once. */
const [fewest, most] = [8, 24];

export class Editor {
  /** @param {string} id of the field, whose complaint has the id with -complaint behind it @param {string} label */
  constructor(id, label) {
    this.numbers = h("pre.line-numbers", { "aria-hidden": "true" });
    this.field = h("textarea", {
      id, spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-describedby": `${id}-complaint`,
      oninput: () => this.clear(), onscroll: () => { this.numbers.scrollTop = this.field.scrollTop; },
    });
    this.label = h("label", { htmlFor: id }, label);
    this.complaint = h("p.complaint", { id: `${id}-complaint`, role: "alert" });
    this.parts = [this.label, h("div.code", null, this.numbers, this.field), this.complaint];
    this.number();
  }

  /** @returns {string} */
  get text() {
    return this.field.value;
  }

  write(/** @type {string} */ text) {
    this.field.value = text;
    this.clear();
  }

  /** Takes back what was said about the text before. */
  clear() {
    this.number();
    this.field.removeAttribute("aria-invalid");
    fill(this.complaint);
  }

  /** Puts a number before every line. */
  number(wrong = 0) {
    const lines = this.text.split("\n").length;
    this.field.rows = Math.min(most, Math.max(fewest, lines));
    fill(this.numbers, Array.from({ length: lines }, (_, i) => h(i + 1 === wrong ? "b" : "span", null, `${i + 1}\n`)));
    this.numbers.scrollTop = this.field.scrollTop;
  }

  /** Shows an error, at its line if it has one, as in "reward.star:3: got newline". */
  complain(/** @type {string} */ why) {
    const line = Number(/^\w+\.star:(\d+): /.exec(why)?.[1] ?? 0);
    this.number(line);
    this.field.setAttribute("aria-invalid", "true");
    fill(this.complaint, english(line ? say(texts.programs.atLine, { line, why: why.slice(why.indexOf(": ") + 2) }) : `${capital(why)}.`));
    if (!line) return;
    const before = this.text.split("\n").slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0);
    this.field.focus();
    this.field.setSelectionRange(before, before);
  }
}
