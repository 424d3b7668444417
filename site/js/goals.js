// The goals of a lesson's steps: whether they are reached is decided by what was measured, opened or chosen, and never by the clock.

import { say } from "./say.js";

/**
 * @typedef {import("../types/messages.js").lesson.Goal} Goal
 * @typedef {typeof import("./lab.js")["lab"]} Lab
 */

/** The texts of all settings of a recipe by name; a name may be of several lanes. @returns {Record<string, string[]>} */
export function settings(/** @type {any} */ d) {
  /** @type {Record<string, string[]>} */
  const all = {};
  for (const { name, value } of [...d.knobs, ...d.lanes.flatMap((/** @type {any} */ l) => l.stages.flatMap((/** @type {any} */ s) => s.settings))]) (all[name] ??= []).push(String(value));
  return all;
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
 * How it is found out whether a goal is reached, by its kind. before has the settings that the step began with.
 * @type {Record<Goal["kind"], (lab: Lab, goal: Goal, before: Record<string, string[]>) => boolean>}
 */
const reachedBy = {
  predict: (lab) => lab.guess !== "",
  run: ({ run }) => run.done && run.endsRecorded,
  update: ({ run }, { update = 0 }) => run.lanes.length > 0 && run.lanes.every((l) => l.done || l.step >= update),
  reach: (lab, { lane = "", metric = "", compare = "", value }) => {
    const now = measured(lab, lane, metric);
    return now !== undefined && compared[compare](now, value);
  },
  change: (lab, { key = "", to }, before) => {
    const now = settings(lab.d)[key] ?? [];
    return to ? now.includes(to) : now.join() !== (before[key] ?? []).join();
  },
  see: ({ viewer }, { scene }) => viewer.scene === scene,
  open: ({ main }, { panel = "" }) => {
    const place = main.querySelector(`[data-panel="${CSS.escape(panel)}"]:not(.hide)`);
    return place instanceof HTMLDetailsElement ? place.open : place !== null;
  },
  ask: ({ run }) => run.lanes.some((l) => l.answers.length > 0 && l.answers.every((a) => a.prompt === run.question?.text)),
  answer: () => false, // the lesson knows its answers
};

/** Whether a goal is reached. */
export function reached(/** @type {Lab} */ lab, /** @type {Goal} */ goal, /** @type {Record<string, string[]>} */ before) {
  return reachedBy[goal.kind](lab, goal, before);
}

/** What is to be done for a goal, as a sentence. @param {Lab | undefined} lab undefined before it is there @param {Goal} goal */
export function wanted(lab, goal) {
  switch (goal.kind) {
    case "predict": return texts.lesson.goalPredict;
    case "run": return texts.lesson.goalRun;
    case "update": return say(texts.lesson.goalUpdate, { number: goal.update ?? 0 });
    case "reach": return say(texts.lesson.goalReach, { lane: lab?.run.lanes.find((l) => l.label === goal.lane)?.name ?? goal.lane ?? "", metric: goal.metric ?? "", compare: goal.compare ?? "", value: goal.value });
    case "change": return goal.to ? say(texts.lesson.goalChangeTo, { key: label(lab, goal.key ?? ""), value: goal.to }) : say(texts.lesson.goalChange, { key: label(lab, goal.key ?? "") });
    case "see": return say(texts.lesson.goalSee, { scene: lab?.viewer.welcome.scenes.find((/** @type {any} */ s) => s.name === goal.scene)?.title ?? goal.scene ?? "" });
    case "open": return say(texts.lesson.goalOpen, { panel: panel(lab, goal.panel ?? "") });
    case "ask": return texts.lesson.goalAsk;
    default: return texts.lesson.goalAnswer;
  }
}

/** What the page calls a setting. */
function label(/** @type {Lab | undefined} */ lab, /** @type {string} */ key) {
  const all = lab?.d ? [...lab.d.knobs, ...lab.d.lanes.flatMap((/** @type {any} */ l) => l.stages.flatMap((/** @type {any} */ s) => s.settings))] : [];
  return all.find((k) => k.name === key)?.label ?? key;
}

/** What the page calls a panel. */
function panel(/** @type {Lab | undefined} */ lab, /** @type {string} */ name) {
  return lab?.main.querySelector(`[data-panel="${CSS.escape(name)}"] h2`)?.textContent ?? name;
}

