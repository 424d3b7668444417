// The page of the guide: a form that says what somebody has, needs and can spend, and what studies say about it. The words stand in the
// page, which the build makes from core/guide, and the sentences come from the program wasm/guide.

import { startWorker } from "./js/compile.js";
import { fill, h, spoken } from "./js/dom.js";
import { capital } from "./js/format.js";

/** @typedef {import("./types/messages.js").guide.Text} Text */
/** @typedef {import("./types/messages.js").guide.Table} Table */
/** @typedef {import("./types/messages.js").guide.Cell} Cell */

/** A question as the address has it, with the names that the flags of posttrain guide have. */
const keys = /** @type {const} */ (["have", "need", "budget", "application", "target"]);
/** @typedef {Record<typeof keys[number], string>} Asked */

const form = /** @type {HTMLFormElement} */ (document.getElementById("question"));
const answer = /** @type {HTMLElement} */ (document.getElementById("answer"));
const opening = /** @type {HTMLElement} */ (document.getElementById("opening"));
const told = /** @type {HTMLElement} */ (document.getElementById("told"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));
const target = /** @type {HTMLInputElement} */ (document.getElementById("target"));
const field = /** @type {HTMLSelectElement} */ (document.getElementById("application"));

/** The inputs of the form that a selector finds. @returns {HTMLInputElement[]} */
const inputs = (/** @type {string} */ selector) => [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(selector))];

/** The field for how many there are of something. */
const amountOf = (/** @type {string} */ name) => inputs(`[data-of="${name}"]`)[0];

/** A number as people write it: thousands may be set apart. */
const amount = (/** @type {HTMLInputElement | undefined} */ input) => (input?.value ?? "").replace(/[\s,_]/g, "");

/** The question in the form. @returns {Asked} */
function asked() {
  const ticked = (/** @type {string} */ name) => inputs(`[name=${name}]:checked`).map((box) => box.value);
  return {
    have: ticked("have").map((name) => name + (amount(amountOf(name)) && `=${amount(amountOf(name))}`)).join(","),
    need: ticked("need").join(","),
    budget: inputs("[data-unit]").filter(amount).map((limit) => amount(limit) + limit.dataset.unit).join(","),
    application: field.value,
    target: target.value.trim(),
  };
}

/** Has the form show a question. What it has no place for is left out. */
function show(/** @type {Asked} */ question) {
  for (const part of question.have.split(",")) {
    const [name, number = ""] = part.trim().split("=");
    for (const box of inputs("[name=have]")) if (box.value === name) box.checked = true;
    if (amountOf(name)) amountOf(name).value = number;
  }
  const needs = question.need.split(",").map((name) => name.trim());
  for (const box of inputs("[name=need]")) box.checked = needs.includes(box.value);
  for (const part of question.budget.split(",")) {
    const [, number, unit] = part.trim().match(/^(.*\d)\s*([a-z]+)$/i) ?? [];
    for (const limit of inputs("[data-unit]")) if (limit.dataset.unit === unit?.toLowerCase()) limit.value = number;
  }
  field.value = question.application;
  if (field.selectedIndex < 0) field.value = "";
  target.value = question.target;
}

/** Has the address say what is asked. */
function write(/** @type {Asked} */ question) {
  const parts = keys.filter((key) => question[key]).map((key) => `${key}=${encodeURIComponent(question[key]).replace(/%3D/g, "=").replace(/%2C/g, ",")}`);
  try {
    history.replaceState(null, "", location.pathname + (parts.length > 0 ? `?${parts.join("&")}` : ""));
  } catch { /* a frame without an address of its own */ }
}

/** @type {Worker | undefined} undefined until the first question, and after it could not be loaded */
let worker;
let newest = 0; // the id of the newest question

/** Asks the guide, unless nothing is needed, and shows what it says. */
function ask(/** @type {Asked} */ question) {
  const id = ++newest;
  const empty = !question.need && !question.application;
  opening.hidden = !empty;
  if (empty) {
    fill(said);
    return fill(told, keys.some((key) => question[key]) && h("p.notice", null, "Now tick what you need, or choose a field."));
  }
  if (told.childElementCount === 0 || told.querySelector(".notice")) fill(told, h("p.card", null, "Looking it up…"));
  answer.setAttribute("aria-busy", "true");
  worker ??= started();
  worker.postMessage({ id, asked: { ...question, target: question.target ? Number(question.target.replace(",", ".")) : 0 } });
}

function started() {
  const made = startWorker(new URL("js/guide-worker.js", import.meta.url));
  const failed = (/** @type {string} */ why) => {
    made.terminate();
    if (made !== worker) return;
    worker = undefined; // so that the next question tries again
    complain(`The guide could not be loaded: ${why}.`);
  };
  made.onerror = (e) => failed(e.message || "it did not load");
  made.onmessage = ({ data }) => {
    if (data.failed !== undefined || data.why !== undefined) return failed(data.failed ?? data.why); // why: see startWorker
    if (data.id !== newest) return; // there is a newer question
    if (data.error !== undefined) complain(`${capital(data.error)}.`);
    else draw(data.text);
  };
  return made;
}

/** Shows a sentence in the place of an answer. */
function complain(/** @type {string} */ text) {
  answer.removeAttribute("aria-busy");
  fill(said);
  fill(told, h("p.notice", { role: "alert" }, text));
}

/** Shows an answer. */
function draw(/** @type {Text} */ text) {
  answer.removeAttribute("aria-busy");
  fill(said, text.situation);
  fill(told,
    h("div.card", null,
      h("h2.headline", null, text.situation),
      text.field && h("p", null, text.field),
      text.exhibits.texts.length > 0 && h("p", null, `${text.exhibits.title}: `, text.exhibits.texts.flatMap((name, i) => [i > 0 && ", ", h("a", { href: `./#${name}` }, name)]), ".")),
    text.tables.map((t) => tableCard(t, text.tables.length === 1)),
    text.missing.length > 0 && h("ul.card.missing", null, text.missing.map((sentence) => h("li", null, sentence))),
    text.reading && h("p.small", null, text.reading));
}

/** What a setting says. What stands beside the ranking is unfolded if open is true. */
function tableCard(/** @type {Table} */ t, open = false) {
  const ranked = t.rows.some((row) => row.link && !row.first);
  return h("section.card", { "aria-label": t.heading },
    h("h3", null, t.heading),
    h("div.scroll", { tabIndex: 0, role: "region", "aria-label": t.heading },
      h("table.methods", null, h("caption.spoken", null, t.heading),
        h("thead", null, h("tr", null, t.head.map((title) => h("th", { scope: "col" }, title)))),
        h("tbody", null, t.rows.map((row) => h(row.link ? "tr" : "tr.base", null,
          h("th", { scope: "row" }, row.link ? h("a", { href: `./#${row.link}` }, row.title) : row.title, ranked && row.first && h("span.first", null, spoken(", "), "first")),
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

/** Has the boxes agree with each other: "nothing" stands alone, and a number says that there is something. */
function agree(/** @type {HTMLInputElement} */ changed) {
  const boxes = inputs("[name=have]");
  if (changed.dataset.of && changed.value) for (const box of boxes) if (box.value === changed.dataset.of) box.checked = true;
  const alone = boxes.find((box) => "alone" in box.dataset);
  if (!alone?.checked) return;
  if (changed === alone) for (const box of boxes) box.checked = box === alone;
  else if (changed.name === "have" || changed.dataset.of) alone.checked = false;
}

const takeUp = () => {
  const question = asked();
  write(question);
  ask(question);
};
form.addEventListener("change", (e) => {
  agree(/** @type {HTMLInputElement} */ (e.target));
  takeUp();
});
form.addEventListener("submit", (e) => e.preventDefault());
form.querySelector(".to-answer")?.addEventListener("click", () => answer.focus());
form.querySelector(".clear")?.addEventListener("click", () => {
  form.reset();
  takeUp();
});

const { searchParams } = new URL(location.href);

/** @type {HTMLDetailsElement[]} what is unfolded on paper alone */
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [.../** @type {NodeListOf<HTMLDetailsElement>} */ (told.querySelectorAll("details:not([open])"))];
  for (const d of unfolded) d.open = true;
});
addEventListener("afterprint", () => {
  for (const d of unfolded) d.open = false;
});

form.reset(); // some browsers fill in what was there before
const first = /** @type {Asked} */ (Object.fromEntries(keys.map((key) => [key, searchParams.get(key) ?? ""])));
show(first);
ask(first);
