// The recipe as cards of controls: the task, the base, the lanes.

import { aboutIn } from "./about.js";
import { control, laneCard } from "./controls.js";
import { english, fill, h } from "./dom.js";
import { count, whyNot } from "./format.js";
import { terms } from "./glossary.js";
import { exchange, worked } from "./panels.js";
import { around, say } from "./say.js";

const mostLanes = 4;

/**
 * Draws the recipe.
 * @param {HTMLElement} place @param {any} d recipe.Description @param {any} menu recipe.Menu
 * @param {{change: (edit: (p: import("./controls.js").Parts) => void, reshaped?: boolean) => Promise<void>, bring: import("./data.js").Bring, warn: (why: string) => void,
 *   refused: import("./controls.js").Refused, dials: ((lane: number) => void) | undefined}} act change takes up the recipe as edited, or rejects with a sentence;
 *   reshaped when lanes have other settings then; dials opens the dial board, if there is one
 */
export function recipeCard(place, d, menu, { change, bring, warn, refused, dials }) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.closest("[data-path]")?.getAttribute("data-path");
  const marked = selection(document.activeElement);
  const unfolded = [...place.querySelectorAll("details[open]")].map((e) => e.getAttribute("data-path"));
  /** For buttons and menus, which have no place of their own for a sentence. */
  const press = (/** @type {(p: import("./controls.js").Parts) => void} */ edit) => change(edit, true).catch((e) => warn(e.message));
  const methods = d.methods ?? menu.methods;
  const usual = (/** @type {string} */ name) => ({ method: methods.some((/** @type {any} */ m) => m.name === name) ? name : methods[0].name, settings: {} });
  const link = terms();
  const ofTask = d.base.name && `tasks/${d.task.name}.html`;
  const ofBase = `bases/${d.base.name}.html`;
  const wide = d.knobs.filter((/** @type {any} */ k) => k.name !== "seed");
  fill(place,
    h("section.task", null, h("h2", null, around(texts.recipe.task, { task: english(d.task.title) })),
      d.task.examples && h(d.task.words ? "dl.examples.words" : "dl.examples", null, d.task.levels.map((/** @type {any} */ l, /** @type {number} */ i) => [h("dt", inEnglish, l.title), h("dd", inEnglish, exchange(d.task.examples[i], d.task.examples[i].response))])),
      worked(d),
      h("details", { "data-path": "task" }, h("summary", null, texts.recipe.aboutTask), h("p", inEnglish, link(d.task.doc)), h("ul", inEnglish, d.task.levels.map((/** @type {any} */ l) => h("li", null, h("b", null, l.title), ": ", link(l.doc)))),
        ofTask && aboutIn("p.small", ofTask, texts.recipe.allAboutTask),
        d.sizes.knobs.map((/** @type {any} */ k) => control(k, `wide/${k.name}`, (value) => change((p) => { p.wide[k.name] = value; }), refused, ofTask))),
      d.task.examples && dataField(d, (data) => data.dataFields(d, bring, () => press((p) => { delete p.wide.data; })), warn)),
    h("section.base", null, d.base.name && [h("h3", null, h("i.sign.base", { "aria-hidden": "true" }), around(texts.recipe.base, { base: english(d.base.title.toLowerCase()) })),
      !d.base.own && h("p.small", null, `${say(texts.recipe.weights, { weights: count(d.base.weights), layers: d.base.layers })} `, link(texts.recipe.copies))],
      h("details", { "data-path": "wide" }, h("summary", null, d.base.name ? texts.recipe.aboutBase : texts.recipe.howOften), h("p", inEnglish, link(d.base.doc)),
        d.base.name && !d.base.own && aboutIn("p.small", ofBase, texts.recipe.allAboutBase),
        wide.map((/** @type {any} */ k) => control(k, `wide/${k.name}`, (value) => change((p) => { p.wide[k.name] = value; }), refused, ofTask))),
      d.base.settings.knobs.length > 0 && h("details", { "data-path": "base" }, h("summary", null, texts.recipe.anotherBase),
        h("p", null, texts.recipe.otherwise),
        d.base.settings.knobs.map((/** @type {any} */ k) => control(k, `base/${k.name}`, (value) => change((p) => { p.wide.base = [d.base.name, ...d.base.settings.changed.filter((/** @type {string} */ s) => !s.startsWith(`${k.name}=`)), `${k.name}=${value}`].join(","); }), refused, ofBase)))),
    d.lanes.map((/** @type {any} */ lane, /** @type {number} */ index) => laneCard({
      index, lane, lanes: d.lanes, methods, refused, trains: (name) => menu.methods.some((/** @type {any} */ m) => m.name === name), removable: d.lanes.length > 1,
      set: (stage, knob, value) => change((p) => { p.lanes[index][stage].settings[knob] = value; }),
      method: (stage, name) => press((p) => { p.lanes[index][stage] = { method: name, settings: kept(p.lanes[index][stage].settings) }; }),
      append: () => press((p) => { p.lanes[index].push(usual("grpo")); }),
      shorten: () => press((p) => { p.lanes[index].pop(); }),
      remove: () => press((p) => { p.lanes.splice(index, 1); }),
      dials: dials && (() => dials(index)),
    })),
    d.lanes.length < mostLanes && h("button.add", { "data-path": "add", onclick: () => press((p) => { p.lanes.push([usual("sft")]); }) }, texts.recipe.addLane));
  for (const details of place.querySelectorAll("details")) details.open = unfolded.includes(details.getAttribute("data-path"));
  if (focused) refocus(place.querySelector(`[data-path="${CSS.escape(focused)}"]`), marked);
}

/** The place for a data set, which is filled when it is opened. @param {any} d @param {(data: typeof import("./data.js")) => any[]} fields @param {(why: string) => void} warn */
function dataField(d, fields, warn) {
  const details = h("details", { "data-path": "data", ontoggle: async () => {
    if (!details.open || details.childElementCount > 1) return;
    try {
      const inside = fields(await import("./data.js"));
      if (details.childElementCount === 1) details.append(...inside.filter(Boolean));
    } catch (/** @type {any} */ e) {
      details.open = false;
      warn(`${whyNot(e)}.`);
    }
  } }, h("summary", null, d.data ? texts.data.own : texts.data.bring));
  return details;
}

/** What is marked in a field that somebody may be writing in. */
function selection(/** @type {Element | null} */ field) {
  return field instanceof HTMLInputElement && field.type === "text" ? { from: field.selectionStart, to: field.selectionEnd } : undefined;
}

/** Gives the focus to what stands where it was before everything was drawn anew, with the same part marked. */
function refocus(/** @type {HTMLElement | null} */ place, /** @type {ReturnType<typeof selection>} */ marked) {
  const target = place?.matches("button") ? place : /** @type {HTMLElement | null | undefined} */ (place?.querySelector("input, select, button, summary"));
  target?.focus();
  if (marked && target instanceof HTMLInputElement && target.type === "text") target.setSelectionRange(marked.from, marked.to);
}

/** What another method surely has too. @returns {Record<string, string>} */
export function kept(/** @type {Record<string, string>} */ settings) {
  return settings.steps ? { steps: settings.steps } : {};
}
