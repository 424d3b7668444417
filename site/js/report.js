// The lab report of a run on one sheet of paper: what was guessed, what was trained, what came out, and how to check it.

import { fill, h, sign, svg } from "./dom.js";
import { styles } from "./files.js";
import { say } from "./say.js";
import { still } from "./still.js";

/**
 * @typedef {{
 *   d: any, lanes: import("./lane.js").Lane[], guess: string, drawn: import("./picture-file.js").Drawn | undefined, caption: string,
 *   code: {size: number, path: string} | undefined, url: string, notes: string, noted: (text: string) => void,
 * }} Material drawn is the picture to show, code the link as a QR code, noted is called with the visitor's notes
 */

/** Shows the report of the open run, to be completed with notes and printed. @param {typeof import("./lab.js")["lab"]} lab @param {string} url */
export async function report({ main, viewer, clerk, run, d, guess, link, notes }, url) {
  const [taken, code] = await Promise.all([viewer.taken(), clerk.ask("code", { text: url }).catch(() => undefined)]); // a link may be too long for a code
  await sheetOf(main, {
    d, lanes: run.seen, guess, drawn: taken?.drawn, caption: taken?.about.caption ?? "", code, url, notes: notes.get(link) ?? "", noted: (text) => notes.set(link, text),
  });
}

/** @param {Element} main @param {Material} material */
async function sheetOf(main, material) {
  await styles("css/report.css");
  const notes = h("textarea", { id: "notes", rows: 4, value: material.notes, placeholder: texts.report.asks });
  const written = h("p.notes", null, material.notes);
  const sheet = h("article.sheet", null, head(material), lanesOf(material), result(main, material), h("div.seen", null, picture(material), h("section", null, h("h3", null, texts.report.notes), written)), check(material));
  const dialog = h("dialog.card.report", { "aria-label": texts.report.title },
    h("div.write", null,
      h("label", { htmlFor: "notes" }, texts.report.yourNotes), notes,
      h("p.actions", null, h("button.run", { type: "button", onclick: () => print() }, texts.report.print), h("button", { type: "button", onclick: () => dialog.close() }, texts.common.close))),
    sheet);
  const paper = h("div.report-paper", { "aria-hidden": "true" }); // a modal dialog cannot be broken into pages, so what is printed is a copy
  const copyOut = () => fill(paper, sheet.cloneNode(true));
  notes.oninput = () => {
    fill(written, notes.value);
    material.noted(notes.value);
    copyOut();
  };
  copyOut();
  dialog.onclose = () => {
    dialog.remove();
    paper.remove();
  };
  main.append(dialog, paper);
  dialog.showModal();
}

/** The title, the guess, and the link as a code. */
function head(/** @type {Material} */ { d, guess, code, url }) {
  return h("header", null,
    h("div", null, h("h2", inEnglish, d.exhibit?.title ?? d.task.title),
      h("p", inEnglish, d.exhibit?.question ?? d.task.doc),
      d.exhibit && h("p", null, h("b", null, `${texts.report.guessed} `), guess || texts.report.nothing),
      h("p.small", null, new Date().toISOString().slice(0, 10))),
    code && qr(code, url));
}

/** A QR code. */
function qr(/** @type {{size: number, path: string}} */ { size, path }, /** @type {string} */ url) {
  return svg("svg", { viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img", "aria-label": say(texts.report.code, { link: url }) }, svg("path", { d: path }));
}

/** What was trained, a line for each lane. */
function lanesOf(/** @type {Material} */ { d, lanes }) {
  return h("section", null, h("h3", null, texts.report.trained),
    h("ul", null, lanes.map((lane, i) => h("li", null, sign(i), h("b", null, lane.name), `: ${say(texts.report.updates, { step: lane.step, steps: lane.steps })}`))),
    h("p.small.mono", null, d.command));
}

/** The verdict as the page has it, with what it cost. */
function result(/** @type {Element} */ main, /** @type {Material} */ { lanes }) {
  const said = [...main.querySelectorAll("[data-place=verdict] > .headline, [data-place=verdict] > .more, [data-place=verdict] > .guessed")];
  const tables = [...main.querySelectorAll("[data-place=verdict] table.changes, [data-place=cost] table")];
  return h("section", null, h("h3", null, texts.report.result), said.map(copy), h(`div.results${lanes.length > 2 ? ".many" : ""}`, null, tables.map(copy)),
    lanes.every((l) => l.done) ? null : h("p.small", null, texts.report.notFinished));
}

/** A copy without what only screens can do. */
function copy(/** @type {Element} */ element) {
  const copied = /** @type {HTMLElement} */ (element.cloneNode(true));
  copied.removeAttribute("tabindex");
  for (const unseen of copied.querySelectorAll(".refer .spoken")) unseen.remove();
  for (const term of copied.querySelectorAll(".term, .refer")) term.replaceWith(term.textContent ?? "");
  return copied;
}

function picture(/** @type {Material} */ { drawn, caption }) {
  if (!drawn) return null;
  const { picture, width, height } = drawn;
  return h("figure", null, h("div.still.framed", null, still(picture, width, height)), h("figcaption.small", null, caption));
}

/** The digests and the link, by which anybody can check the report. */
function check(/** @type {Material} */ { d, lanes, url }) {
  return h("section.check", null, h("h3", null, texts.report.check),
    h("p.small", null, texts.report.sameDigests),
    h("ul.mono.small", null, lanes.map((lane, i) => h("li", null, sign(i), `${lane.name} ${lane.digest || texts.report.noDigest}`))),
    h("p.small.mono", null, url, say(texts.report.engine, { engine: d.engine })));
}
