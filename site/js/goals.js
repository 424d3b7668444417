// The goals of a lesson's steps: whether they are reached is decided by what was measured, opened or chosen, and never by the clock.

import { say } from "./say.js";

/**
 * @typedef {import("../types/messages.js").lesson.Goal} Goal
 * @typedef {typeof import("./lab.js")["lab"]} Lab
 */

/**
 * The texts of all settings of a recipe, or of one lane, by name; a name may be of several lanes.
 * @param {any} d @param {string} [label] of the lane @returns {Record<string, string[]>}
 */
export function settings(d, label) {
  /** @type {Record<string, string[]>} */
  const all = {};
  for (const { name, value } of declared(d, label)) (all[name] ??= []).push(String(value));
  return all;
}

/** The settings of a recipe, or of one lane. @param {any} d @param {string} [label] @returns {{name: string, label?: string, value: unknown}[]} */
function declared(d, label) {
  const lanes = d.lanes.filter((/** @type {any} */ l) => !label || l.label === label);
  return [...(label ? [] : d.knobs), ...lanes.flatMap((/** @type {any} */ l) => l.stages.flatMap((/** @type {any} */ s) => s.settings))];
}

/** What the names of costs begin with among metrics. */
const ofCost = "cost/";

/** The newest value of a metric of a lane, under its own name or that of a level's; undefined before it was measured. */
export function measured(/** @type {Lab} */ lab, /** @type {string} */ label, /** @type {string} */ metric) {
  const lane = lab.run.lanes.find((l) => l.label === label);
  if (metric.startsWith(ofCost)) return lane?.measuredAt === 0 ? undefined : /** @type {Record<string, number> | undefined} */ (lane?.cost)?.[metric.slice(ofCost.length)];
  return lane?.metrics[`eval/${metric}`] ?? lane?.metrics[metric];
}

/** @type {Record<string, (a: number, b: number) => boolean>} */
const compared = { ">=": (a, b) => a >= b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, "<": (a, b) => a < b };

/**
 * How it is found out whether a goal is reached, by its kind. before has what the step began with.
 * @type {Record<Goal["kind"], (lab: Lab, goal: Goal, before: any) => boolean>}
 */
const reachedBy = {
  predict: (lab) => lab.guess !== "",
  run: ({ run }) => run.done && run.endsRecorded,
  update: ({ run }, { update = 0 }) => run.lanes.length > 0 && run.lanes.every((l) => l.done || l.step >= update),
  reach: (lab, { lane = "", metric = "", compare = "", value }) => {
    const now = measured(lab, lane, metric);
    return now !== undefined && compared[compare](now, value);
  },
  change: (lab, { key = "", to, lane }, before) => {
    const now = settings(lab.d, lane)[key] ?? [];
    return to ? now.includes(to) : now.join() !== (settings(before, lane)[key] ?? []).join();
  },
  see: ({ viewer }, { scene }) => viewer.scene === scene,
  open: ({ main }, { panel = "" }) => {
    const place = main.querySelector(`[data-panel="${CSS.escape(panel)}"]:not(.hide)`);
    return place instanceof HTMLDetailsElement ? place.open : place !== null;
  },
  ask: ({ run }) => run.lanes.some((l) => l.answers.length > 0 && l.answers.every((a) => a.prompt === run.question?.text)),
  answer: () => false, // the lesson knows its answers
};

/** Whether a goal is reached. before describes the recipe that the step began with. */
export function reached(/** @type {Lab} */ lab, /** @type {Goal} */ goal, /** @type {any} */ before) {
  return reachedBy[goal.kind](lab, goal, before);
}

/** What is to be done for a goal, as a sentence. @param {Lab | undefined} lab undefined before it is there @param {Goal} goal */
export function wanted(lab, goal) {
  switch (goal.kind) {
    case "predict": return texts.lesson.goalPredict;
    case "run": return texts.lesson.goalRun;
    case "update": return say(texts.lesson.goalUpdate, { number: goal.update ?? 0 });
    case "reach": return say(texts.lesson.goalReach, { lane: laneName(lab, goal), metric: goal.metric ?? "", compare: goal.compare ?? "", value: goal.value });
    case "change": return wantedChange({ key: label(lab, goal.key ?? ""), value: goal.to ?? "", lane: laneName(lab, goal) });
    case "see": return say(texts.lesson.goalSee, { scene: lab?.viewer.welcome.scenes.find((/** @type {any} */ s) => s.name === goal.scene)?.title ?? goal.scene ?? "" });
    case "open": return say(texts.lesson.goalOpen, { panel: panel(lab, goal.panel ?? "") });
    case "ask": return texts.lesson.goalAsk;
    default: return texts.lesson.goalAnswer;
  }
}

/** What is to be changed; value and lane may be "". */
function wantedChange(/** @type {{key: string, value: string, lane: string}} */ words) {
  if (words.lane) return say(words.value ? texts.lesson.goalChangeToOf : texts.lesson.goalChangeOf, words);
  return say(words.value ? texts.lesson.goalChangeTo : texts.lesson.goalChange, words);
}

/** What the page calls the lane of a goal. */
function laneName(/** @type {Lab | undefined} */ lab, /** @type {Goal} */ goal) {
  return lab?.run.lanes.find((l) => l.label === goal.lane)?.name ?? goal.lane ?? "";
}

/** What the page calls a setting. */
function label(/** @type {Lab | undefined} */ lab, /** @type {string} */ key) {
  return (lab?.d ? declared(lab.d) : []).find((k) => k.name === key)?.label ?? key;
}

/** The field of the setting that a goal wants changed, in the first lane that has it; null if the page has none now. */
export function field(/** @type {Lab} */ lab, /** @type {Goal} */ goal) {
  const lane = goal.lane ? `^${lab.d.lanes.findIndex((/** @type {any} */ l) => l.label === goal.lane)}/` : "^(?!base/)";
  const fields = [...lab.main.querySelectorAll("[data-path]")].filter((e) => new RegExp(`${lane}(.*/)?${goal.key}$`).test(/** @type {HTMLElement} */ (e).dataset.path ?? ""));
  return /** @type {HTMLElement | undefined} */ (fields.map((e) => e.querySelector("input,select")).find(Boolean)) ?? (goal.key === "seed" ? lab.p.seed.querySelector("input") : null);
}

/** What the page calls a panel. */
function panel(/** @type {Lab | undefined} */ lab, /** @type {string} */ name) {
  return lab?.main.querySelector(`[data-panel="${CSS.escape(name)}"] h2`)?.textContent ?? name;
}

