// What runs are called: by the settings in which they differ. They are kept with runs, so they are the same in every language.

import { say } from "./say.js";

/** More settings than this make a name too long. */
const most = 3;

/** All settings of a recipe.Description, by what they are called. @returns {Record<string, string>} */
export function settings(/** @type {any} */ d) {
  /** @type {Record<string, string>} */
  const all = { lanes: d.lanes.map((/** @type {any} */ l) => l.name).join(", ") };
  for (const k of d.knobs) all[k.label] = k.value;
  for (const k of d.sizes.knobs) all[k.label] = k.value;
  if (d.base.name) all.base = [d.base.title, ...d.base.settings.changed].join(", ");
  all["data set"] = d.data?.digest ?? "the task\u2019s own";
  all.reward = d.reward?.digest ?? "verifier";
  for (const lane of d.lanes) {
    lane.stages.forEach((/** @type {any} */ s, /** @type {number} */ i) => {
      const where = lane.stages.length > 1 ? `${lane.name}, stage ${i + 1},` : lane.name;
      for (const k of s.settings) all[`${where} ${k.label}`] = k.value;
    });
  }
  return all;
}

/** The settings in which a run differs from any of the others, as its name; its seed if it differs in none. @param {Record<string, string>} own @param {Record<string, string>[]} others */
export function differing(own, others) {
  const differs = Object.keys(own).filter((key) => others.some((o) => o[key] !== undefined && o[key] !== own[key]));
  const said = (differs.length > 0 ? differs : ["seed"]).map((key) => (key === "lanes" ? own[key] : `${key} ${own[key]}`));
  return said.length > most ? say(texts.shelf.more, { settings: said.slice(0, most).join(", "), count: said.length - most }) : said.join(", ");
}
