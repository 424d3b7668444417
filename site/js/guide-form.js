// The guide: a form that says what somebody has, needs and can spend, and what studies say about it. The form's words stand in guide.html,
// which the build makes from core/guide, and the sentences come from the program wasm/guide.

import { english, fill, h, spoken } from "./dom.js";
import { startWorker } from "./files.js";
import { capital, whyNot } from "./format.js";
import { say } from "./say.js";

/** @typedef {import("../types/messages.js").guide.Text} Text */
/** @typedef {import("../types/messages.js").guide.Table} Table */
/** @typedef {import("../types/messages.js").guide.Cell} Cell */

/** A question as the address has it, with the names that the flags of posttrain guide have. */
const keys = /** @type {const} */ (["have", "need", "budget", "application", "target"]);
/** @typedef {Record<typeof keys[number], string>} Asked */

/** The question in the query of an address. @returns {Asked} */
export function askedIn(/** @type {string} */ query) {
  const given = new URLSearchParams(query);
  return /** @type {Asked} */ (Object.fromEntries(keys.map((key) => [key, given.get(key) ?? ""])));
}

/** A question as the query of an address, without the question mark. */
export function query(/** @type {Partial<Asked>} */ question) {
  return keys.filter((key) => question[key]).map((key) => `${key}=${encodeURIComponent(question[key] ?? "").replace(/%3D/g, "=").replace(/%2C/g, ",")}`).join("&");
}

/** A number as people write it: thousands may be set apart. */
const amount = (/** @type {HTMLInputElement | undefined} */ input) => (input?.value ?? "").replace(/[\s,_]/g, "");

export class Guide {
  /** @type {Worker | undefined} undefined until the first question, and after it could not be loaded */ worker;

  /**
   * @param {ParentNode} root what has the form and the places of the answer, as in guide.html
   * @param {(question: Asked) => void} changed is called when the visitor has changed the question
   */
  constructor(root, changed) {
    const found = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
    this.form = /** @type {HTMLFormElement} */ (found("#situation"));
    this.answer = found("#answer");
    this.opening = found("#opening");
    this.told = found("#told");
    this.said = found("#said");
    this.target = /** @type {HTMLInputElement} */ (found("#target"));
    this.field = /** @type {HTMLSelectElement} */ (found("#application"));
    this.newest = 0; // the id of the newest question
    const takeUp = () => {
      const question = this.asked();
      changed(question);
      this.ask(question);
    };
    this.form.addEventListener("change", (e) => {
      this.agree(/** @type {HTMLInputElement} */ (e.target));
      takeUp();
    });
    this.form.addEventListener("submit", (e) => e.preventDefault());
    this.form.querySelector(".to-answer")?.addEventListener("click", () => this.answer.focus());
    this.form.querySelector(".clear")?.addEventListener("click", () => {
      this.form.reset();
      takeUp();
    });
  }

  /** Has the form show a question, and asks it. */
  begin(/** @type {Asked} */ question) {
    this.form.reset(); // some browsers fill in what was there before
    this.show(question);
    this.ask(question);
  }

  /** Ends the program that answers. */
  close() {
    this.worker?.terminate();
    this.worker = undefined;
  }

  /** The inputs of the form that a selector finds. @returns {HTMLInputElement[]} */
  inputs(/** @type {string} */ selector) {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (this.form.querySelectorAll(selector))];
  }

  /** The field for how many there are of something. */
  amountOf(/** @type {string} */ name) {
    return this.inputs(`[data-of="${name}"]`)[0];
  }

  /** The question in the form. @returns {Asked} */
  asked() {
    const ticked = (/** @type {string} */ name) => this.inputs(`[name=${name}]:checked`).map((box) => box.value);
    return {
      have: ticked("have").map((name) => name + (amount(this.amountOf(name)) && `=${amount(this.amountOf(name))}`)).join(","),
      need: ticked("need").join(","),
      budget: this.inputs("[data-unit]").filter(amount).map((limit) => amount(limit) + limit.dataset.unit).join(","),
      application: this.field.value,
      target: this.target.value.trim(),
    };
  }

  /** Has the form show a question. What it has no place for is left out. */
  show(/** @type {Asked} */ question) {
    for (const part of question.have.split(",")) {
      const [name, number = ""] = part.trim().split("=");
      for (const box of this.inputs("[name=have]")) if (box.value === name) box.checked = true;
      if (this.amountOf(name)) this.amountOf(name).value = number;
    }
    const needs = question.need.split(",").map((name) => name.trim());
    for (const box of this.inputs("[name=need]")) box.checked = needs.includes(box.value);
    for (const part of question.budget.split(",")) {
      const [, number, unit] = part.trim().match(/^(.*\d)\s*([a-z]+)$/i) ?? [];
      for (const limit of this.inputs("[data-unit]")) if (limit.dataset.unit === unit?.toLowerCase()) limit.value = number;
    }
    this.field.value = question.application;
    if (this.field.selectedIndex < 0) this.field.value = "";
    this.target.value = question.target;
  }

  /** Asks the guide, unless nothing is needed, and shows what it says. */
  ask(/** @type {Asked} */ question) {
    const { answer, told } = this;
    const id = ++this.newest;
    const empty = !question.need && !question.application;
    this.opening.hidden = !empty;
    if (empty) {
      fill(this.said);
      return fill(told, keys.some((key) => question[key]) && h("p.notice", null, texts.guide.tickNeed));
    }
    if (told.childElementCount === 0 || told.querySelector(".notice")) fill(told, h("p.card", null, texts.guide.looking));
    answer.setAttribute("aria-busy", "true");
    this.worker ??= this.started();
    this.worker.postMessage({ id, asked: { ...question, target: question.target ? Number(question.target.replace(",", ".")) : 0 } });
  }

  started() {
    const made = startWorker("js/guide-worker.js");
    const failed = (/** @type {string} */ why) => {
      made.terminate();
      if (made !== this.worker) return;
      this.worker = undefined; // so that the next question tries again
      this.complain(say(texts.guide.theGuide, { why }));
    };
    made.onerror = (e) => failed(e.message || texts.guide.notLoaded);
    made.onmessage = ({ data }) => {
      if (data.failed !== undefined || data.why !== undefined) return failed(data.failed !== undefined ? whyNot({ name: "", message: data.failed }) : data.why); // why: see startWorker
      if (data.id !== this.newest) return; // there is a newer question
      if (data.error !== undefined) this.complain(`${capital(data.error)}.`);
      else this.draw(data.text);
    };
    return made;
  }

  /** Shows a sentence in the place of an answer. */
  complain(/** @type {string} */ text) {
    this.answer.removeAttribute("aria-busy");
    fill(this.said);
    fill(this.told, h("p.notice", { role: "alert" }, text));
  }

  /** Shows an answer. */
  draw(/** @type {Text} */ text) {
    this.answer.removeAttribute("aria-busy");
    fill(this.said, english(text.situation));
    fill(this.told,
      h("div.card", inEnglish,
        h("h2.headline", null, text.situation),
        text.field && h("p", null, text.field),
        text.exhibits.texts.length > 0 && h("p", null, `${text.exhibits.title}: `, text.exhibits.texts.flatMap((name, i) => [i > 0 && ", ", h("a", { href: `./#${name}` }, name)]), ".")),
      text.tables.map((t) => tableCard(t, text.tables.length === 1)),
      text.missing.length > 0 && h("ul.card.missing", inEnglish, text.missing.map((sentence) => h("li", null, sentence))),
      text.reading && h("p.small", inEnglish, text.reading));
  }

  /** Has the boxes agree with each other: "nothing" stands alone, and a number says that there is something. */
  agree(/** @type {HTMLInputElement} */ changed) {
    const boxes = this.inputs("[name=have]");
    if (changed.dataset.of && changed.value) for (const box of boxes) if (box.value === changed.dataset.of) box.checked = true;
    const alone = boxes.find((box) => "alone" in box.dataset);
    if (!alone?.checked) return;
    if (changed === alone) for (const box of boxes) box.checked = box === alone;
    else if (changed.name === "have" || changed.dataset.of) alone.checked = false;
  }
}

/** What a setting says. What stands beside the ranking is unfolded if open is true. */
function tableCard(/** @type {Table} */ t, open = false) {
  const ranked = t.rows.some((row) => row.link && !row.first);
  return h("section.card", { ...inEnglish, "aria-label": t.heading },
    h("h3", null, t.heading),
    h("div.scroll", { tabIndex: 0, role: "region", "aria-label": t.heading },
      h("table.methods", null, h("caption.spoken", null, t.heading),
        h("thead", null, h("tr", null, t.head.map((title) => h("th", { scope: "col" }, title)))),
        h("tbody", null, t.rows.map((row) => h(row.link ? "tr" : "tr.base", null,
          h("th", { scope: "row" }, row.link ? h("a", { href: `./#${row.link}` }, row.title) : row.title, ranked && row.first && h("span.first", null, spoken(", "), texts.guide.first)),
          row.cells.map(cell)))))),
    h("div.ranking", null, t.ranking.map((sentence) => h("p", null, sentence))),
    h("details", { open }, h("summary", null, [...t.parts.map((part) => part.title), t.runs].filter(Boolean).join(" \u00b7 ")), h("div.parts", null,
      t.parts.map((part) => h("div", null, h("h4", null, part.title), h("ul", null, part.texts.map((sentence) => h("li", null, sentence))))),
      t.runs && h("div", null, h("h4", null, t.runs), h("ul", null, t.rows.filter((row) => row.link).map((row) => h("li", null,
        h("a", { href: `./#${row.link}` }, row.title), ": ", h("span.mono", null, row.config))))))));
}

/** A number, with its interval drawn from 0 to 1 if it is a share. Where there is no room, the interval stands below the number. */
function cell(/** @type {Cell} */ { text, span }) {
  const parts = text.split(/ (?=\[)/).flatMap((part, i) => [i > 0 && " ", h("span", null, part)]);
  if (!span) return h("td", null, parts);
  const range = h("i.range");
  range.style.left = `${100 * span.low}%`;
  range.style.width = `${100 * (span.high - span.low)}%`;
  const mean = h("i.mean");
  mean.style.left = `${100 * span.mean}%`;
  return h("td", null, parts, h("span.span", { "aria-hidden": "true" }, range, mean));
}
