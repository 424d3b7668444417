// Controls for a recipe, made from the knobs that the core declares.

import { about, aboutIn } from "./about.js";
import { english, fill, h, sign, spoken } from "./dom.js";
import { capital } from "./format.js";
import { terms } from "./glossary.js";
import { exchange } from "./panels.js";
import { around, say } from "./say.js";

/** @typedef {{method: string, settings: Record<string, string>}} Stage what a link says of a stage */

/**
 * @typedef {{name: string, wide: Record<string, string>, lanes: Stage[][], page: Record<string, string>}} Parts a recipe's name, its
 *   recipe-wide settings, its lanes, and the keys of its link that are the page's own
 */

/** A recipe as a link, from its parts. The clerk brings it into its canonical form. */
export function link(/** @type {Parts} */ { name, wide, lanes, page }) {
  const pair = (/** @type {[string, string]} */ [key, value]) => `${key}=${encodeURIComponent(value)}`;
  const chain = (/** @type {Stage[]} */ stages) => stages.map((s) => [s.method, ...Object.entries(s.settings).map(pair)].join(",")).join("~");
  return `${name}?${[...Object.entries(wide).map(pair), ...lanes.map((stages) => `lane=${chain(stages)}`), ...Object.entries(page).map(pair)].join("&")}`;
}

/** The parts of a recipe.Description, for link. @returns {Parts} */
export function parts(/** @type {any} */ d) {
  const values = (/** @type {any[]} */ settings) => Object.fromEntries(settings.map((s) => [s.name, s.value]));
  return {
    name: d.name,
    wide: { ...values(d.knobs), ...Object.fromEntries(d.sizes.changed.map((/** @type {string} */ s) => s.split("="))), ...(d.task.program && { task: d.task.program.digest, program: d.task.program.script }), ...(d.data && { data: d.data.digest }), ...(d.reward && { reward: d.reward.digest }), ...(d.reward?.script && { script: d.reward.script }), ...(d.base.name && { base: [d.base.name, ...d.base.settings.changed].join(",") }) },
    lanes: d.lanes.map((/** @type {any} */ l) => l.stages.map((/** @type {any} */ s) => ({ method: s.method, settings: values(s.settings) }))),
    page: { ...d.page },
  };
}

/** Makes ids that no other control of the page has. */
let ids = 0;

/** What was written into settings and refused, with the reason, by the path of the control. It stays there until it is right or restored. */
export class Refused {
  /** @param {() => void} changed is called when there is more or less of it */
  constructor(changed) {
    this.changed = changed;
    /** @type {Map<string, {label: string, text: string, why: string}>} */
    this.all = new Map();
  }

  set(/** @type {string} */ path, /** @type {{label: string, text: string, why: string}} */ what) {
    this.all.set(path, what);
    this.changed();
  }

  /** Forgets what was written where the path is so. */
  drop(/** @type {(path: string) => boolean} */ is) {
    const before = this.all.size;
    for (const path of [...this.all.keys()].filter(is)) this.all.delete(path);
    if (this.all.size < before) this.changed();
  }
}

/**
 * One setting with its label and, below it, what it does.
 * @param {any} s a recipe.Setting
 * @param {string} path names the control, also after everything was drawn anew
 * @param {(value: string) => Promise<void>} change rejects with a sentence when the value is refused
 * @param {Refused} refused
 * @param {string} [where] the page of the reference that explains the setting; none if there is no such page
 */
export function control(s, path, change, refused, where) {
  const id = `knob-${++ids}`;
  const complaint = h("p.complaint", { id: `${id}-complaint`, role: "alert" });
  const described = { "aria-describedby": `${id}-doc ${id}-complaint` };
  const flag = s.type === "flag";
  const read = () => (flag ? String(input.checked) : input.value.trim());
  const write = (/** @type {string} */ value) => (flag ? (input.checked = value === "true") : (input.value = value));
  const complain = (/** @type {string} */ why) => {
    fill(complaint, why);
    if (why) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  const onchange = async () => {
    const text = read();
    refused.drop((p) => p === path); // before everything is drawn anew
    try {
      await change(text);
      complain("");
    } catch (error) {
      const said = /** @type {Error} */ (error).message.replace(/^lane "[^"]*": (method \w+: )?/, "");
      const why = (said.startsWith(`${s.name}=`) ? said.slice(s.name.length + 1) : capital(said)) + "."; // what was typed, as it was
      complain(why);
      refused.set(path, { label: s.label, text, why });
    }
  };
  const onkeydown = (/** @type {KeyboardEvent} */ e) => {
    if (e.key !== "Escape" || read() === s.value) return;
    write(s.value);
    complain("");
    refused.drop((p) => p === path);
  };
  const on = { onchange, onkeydown, ...described };
  /** @type {any} */
  let input;
  if (s.type === "choice") input = h("select", { ...inEnglish, id, ...on }, s.choices.map((/** @type {string} */ c, /** @type {number} */ i) => h("option", { value: c, selected: c === s.value }, s.titles ? `${c}: ${s.titles[i]}` : c)));
  else if (flag) input = h("input", { id, type: "checkbox", checked: s.value === "true", ...on });
  else input = h("input", { id, type: "text", inputMode: { integer: "numeric", number: "decimal" }[/** @type {string} */ (s.type)], value: s.value, autocomplete: "off", spellcheck: false, ...on });
  const before = refused.all.get(path);
  if (before) {
    write(before.text);
    complain(before.why);
  }
  const said = s.name === s.unit || s.label.includes(s.unit) || s.label.includes(" per "); // and need not be said again
  const unit = s.unit && !said ? h("span.unit", null, s.unit) : null;
  return h(s.titles ? "div.knob.wide" : "div.knob", { "data-path": path, "data-knob": s.name },
    h("label", { htmlFor: id, ...inEnglish, title: say(texts.controls.inLink, { name: s.name }) }, s.label, unit && [" ", unit]),
    input,
    h("p.doc", { ...inEnglish, id: `${id}-doc` }, terms()(s.doc)),
    where && aboutIn("p.doc", `${where}#${s.name}`, [texts.controls.usual, spoken(say(texts.controls.usualOf, { setting: s.label }))]),
    complaint);
}

/**
 * The card of one lane.
 * @param {{index: number, lane: any, lanes: any[], methods: any[], removable: boolean, refused: Refused,
 *   trains: (method: string) => boolean,
 *   set: (stage: number, knob: string, value: string) => Promise<void>,
 *   method: (stage: number, name: string) => Promise<void>,
 *   append: () => Promise<void>, shorten: () => Promise<void>, remove: () => Promise<void>, dials?: () => void}} o
 */
export function laneCard(o) {
  const { index, lane } = o;
  const act = (/** @type {string} */ path, /** @type {string} */ text, /** @type {() => void} */ onclick) => h("button.quiet", { onclick, "data-path": `${index}/${path}` }, text, spoken(say(texts.controls.ofLane, { lane: lane.name })));
  return h("section.lane", { "aria-label": say(texts.controls.lane, { number: index + 1, lane: lane.name }) },
    h("h3", null, sign(index), lane.name, o.removable && act("remove", texts.controls.remove, o.remove)),
    lane.base && h("p.small", { title: lane.base.doc }, around(texts.controls.startsFrom, { base: english(lane.base.title.toLowerCase()) })),
    lane.stages.map((/** @type {any} */ stage, /** @type {number} */ i) => stageControls(o, stage, i)),
    h("p.actions", null, o.dials && act("dials", texts.controls.dials, o.dials), act("append", texts.controls.append, o.append), lane.stages.length > 1 && act("shorten", texts.controls.shorten, o.shorten)));
}

/** Whether a setting has another value than its default. */
const changed = (/** @type {any} */ s) => (typeof s.default === "number" ? Number(s.value) : s.value) !== (typeof s.default === "number" ? s.default : String(s.default));

/** Whether another lane has another value of a setting in the same stage. */
function differs(/** @type {any} */ o, /** @type {number} */ stage, /** @type {any} */ s) {
  return o.lanes.some((/** @type {any} */ l) => l.stages[stage]?.settings.some((/** @type {any} */ other) => other.name === s.name && other.value !== s.value));
}

/** One stage: its method, the usual knobs and those that make a difference, and the others folded away. */
function stageControls(/** @type {any} */ o, /** @type {any} */ stage, /** @type {number} */ i) {
  const id = `method-${++ids}`;
  const families = [...new Set(o.methods.map((/** @type {any} */ m) => m.family))];
  const path = (/** @type {string} */ name) => `${o.index}/${i}/${name}`;
  const select = h("select", { ...inEnglish, id, onchange: (/** @type {any} */ e) => o.method(i, e.target.value) },
    families.map((f) => h("optgroup", { label: f },
      o.methods.filter((/** @type {any} */ m) => m.family === f).map((/** @type {any} */ m) => h("option", { value: m.name, selected: m.name === stage.method }, `${m.name}: ${m.title}`)))));
  const where = o.trains(stage.method) && `methods/${stage.method}.html`;
  const told = where && about(where, say(texts.controls.aboutMethod, { method: stage.method }));
  const make = (/** @type {any} */ s) => control(s, path(s.name), (value) => o.set(i, s.name, value), o.refused, where);
  const link = terms();
  const folded = (/** @type {any} */ s) => !s.usual && !changed(s) && !differs(o, i, s);
  return h("div.stage-settings", null,
    h("div.knob.wide", { "data-path": path("method"), "data-knob": "method" }, h("label", { htmlFor: id }, o.lane.stages.length > 1 ? say(texts.controls.methodOfStage, { number: i + 1 }) : texts.controls.method), select,
      h("p.small.title", null, english(o.methods.find((/** @type {any} */ m) => m.name === stage.method)?.title), told && [". ", told])),
    stage.settings.filter((/** @type {any} */ s) => !folded(s)).map(make),
    stage.example && h("p.small", null, around(texts.controls.aDemonstration, { word: link(texts.controls.demonstration), example: exchange(stage.example, stage.example.response) })),
    h("details", { "data-path": path("about") }, h("summary", null, texts.controls.details),
      h("p", inEnglish, link(stage.doc)), h("p.formula", inEnglish, stage.formula),
      h("dl.takes", null, [texts.controls.data, texts.controls.memory, texts.controls.arithmetic].map((/** @type {string} */ what, /** @type {number} */ k) => [h("dt", null, what), h("dd", inEnglish, link(stage.takes[k]))])),
      stage.deviations && h("p.small", null, `${texts.controls.deviations} `, english(link(stage.deviations))),
      stage.unverified && h("p.small", null, `${texts.controls.unverified} `, english(stage.unverified)),
      h("p.small", null, `${texts.controls.source} `, english(stage.cite)),
      stage.settings.filter(folded).map(make)));
}
