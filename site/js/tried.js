// What a reward of the visitor's own says of answers of the base, before anything is trained.

import { computedBase } from "./computed.js";
import { english, h } from "./dom.js";
import { transcript } from "./panels.js";
import { base, programs } from "./programs.js";
import { say } from "./say.js";
import { Trainer } from "./trainer.js";

/** On how many prompts a reward is tried, and how many answers of the base to each. */
const [prompts, answers] = [6, 8];

/** @typedef {import("../types/messages.js").protocol.Sample} Sample */

/** Has the base of a described recipe answer in a worker of its own. @returns {Promise<Sample[]>} */
export async function judged(/** @type {any} */ { address: link, bases, computed }) {
  const owner = {};
  const all = computed.map((/** @type {any} */ c) => computedBase(c, link));
  for (const c of all) c.want(owner);
  const files = [...bases.map(async (/** @type {string} */ name) => ({ name, file: await base(name) })), ...all.map(async (/** @type {any} */ c) => ({ name: c.key, file: await c.file }))];
  const [modules, ...loaded] = await Promise.all([programs(true), ...files]);
  for (const c of all) c.release(owner);
  return new Promise((/** @type {(samples: Sample[]) => void} */ resolve, reject) => {
    const trainer = new Trainer((/** @type {import("../types/workers.js").FromTrial} */ m) => {
      trainer.end();
      if (m.type === "tried") resolve(m.samples);
      else reject(new Error(m.why));
    }, (why) => reject(new Error(why)));
    trainer.begin();
    trainer.post({ type: "tryReward", turn: 0, modules, bases: loaded, link, prompts, answers });
  });
}

/** Answers with what they earn. @param {Sample[]} samples @param {import("../types/messages.js").recipe.RewardPart[]} parts */
export function earnings(samples, parts) {
  const earned = samples.map((s) => s.judged ?? 0);
  const mean = earned.reduce((sum, x) => sum + x, 0) / earned.length;
  const groups = Array.from({ length: Math.ceil(samples.length / answers) }, (_, i) => samples.slice(i * answers, (i + 1) * answers));
  const teaching = groups.filter((g) => g.some((s) => (s.judged ?? 0) !== (g[0].judged ?? 0))).length;
  const cell = (/** @type {number | undefined} */ x) => h("td", null, figure(x ?? 0));
  return [
    h("p.headline", null, say(texts.programs.earns, { n: samples.length, mean: figure(mean), least: figure(Math.min(...earned)), most: figure(Math.max(...earned)) })),
    h("p", null, say(texts.programs.teaches, { teaching, all: groups.length }), " ", teaching === 0 ? texts.programs.teachesNothing : texts.programs.compared),
    h("div.scroll", { tabIndex: 0, role: "group", "aria-label": texts.programs.table }, h("table", null,
      h("caption", null, texts.programs.table),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, texts.programs.answer), h("th", { scope: "col" }, texts.programs.score),
        parts.map(({ name, weight }) => h("th", { scope: "col" }, english(name), h("span.small", null, ` \u00d7 ${weight}`))), h("th", { scope: "col" }, texts.programs.yours))),
      groups.map((group) => h("tbody", null, different(group).map((s) => h("tr", null, h("td", null, h("ul", null, transcript({ ...s, judge: "" }))), cell(s.reward),
        parts.map((_, i) => cell(s.parts?.[i])), h("td", null, h("b", null, figure(s.judged ?? 0))))))))),
  ];
}

/** Each answer once, those that earn most first. */
function different(/** @type {Sample[]} */ group) {
  const seen = new Map(group.map((s) => [s.response + s.finished, s]));
  return [...seen.values()].sort((a, b) => (b.judged ?? 0) - (a.judged ?? 0));
}

/** A reward in a few digits. */
const figure = (/** @type {number} */ x) => String(Number(x.toFixed(3)));
