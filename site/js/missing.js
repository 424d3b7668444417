// What a recipe needs before it can be run, with what adds it. Loaded when something is missing.

import { rows } from "./data.js";
import { h } from "./dom.js";
import { styles } from "./files.js";
import { capital } from "./format.js";

/**
 * @param {any} d the recipe.Description @param {string} engine what there is to know about its engine, or ""
 * @param {{turn: () => void, write: () => void, bring: import("./data.js").Bring}} act turn opens the dial board, write the panel for a
 *   reward of one's own
 * @returns {Promise<HTMLElement>}
 */
export async function missing(d, engine, { turn, write, bring }) {
  await styles("css/refused.css");
  const said = [h("p", inEnglish, capital(d.missing), "."), engine && h("p", null, engine)];
  const action = (/** @type {string} */ text, /** @type {() => void} */ onclick) => h("p.actions", null, h("button", { type: "button", onclick }, text));
  if (d.refused) return h("div", null, said[0], action(texts.lab.openBoard, turn));
  if (d.data && !d.data.here) return h("div.wanted", null, said, h("div", null, rows(d, bring)));
  const inTerminal = h("p", null, d.base.own && `${texts.lab.noOwnModel} `, `${texts.lab.terminalCan} `, h("span.mono", null, d.command));
  return h("div.wanted", null, said, inTerminal, d.reward && !d.reward.here && action(texts.programs.write, write));
}
