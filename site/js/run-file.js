// A kept run as a file: the lines that posttrain run --json prints, an event a line and the result at the end, with what the page needs to
// go on with it.

import { decode } from "./msgp.js";
import { settings } from "./naming.js";
import { say } from "./say.js";

/**
 * @typedef {import("./stored.js").KeptRun} KeptRun
 * @typedef {import("./stored.js").Contents} Contents
 * @typedef {import("./lane.js").Kept} Kept
 */

/** The kinds of events that posttrain run prints. */
const printed = ["eval", "step", "end"];

/** The metrics of an event by their names, but for those that are no numbers. */
function byName(/** @type {{n: string, v: number}[]} */ metrics = []) {
  return Object.fromEntries(metrics.filter(({ v }) => Number.isFinite(v)).map(({ n, v }) => [n, v]));
}

/** Writes a run, compressed. @returns {Promise<Blob>} */
export function written(/** @type {KeptRun} */ run, /** @type {Contents} */ { data, lanes }) {
  const line = (/** @type {object} */ value) => `${JSON.stringify(value)}\n`;
  const seed = Number(run.settings.seed);
  const events = lanes.flatMap(({ label, history }) => history.map((bytes) => decode(bytes)).filter((e) => printed.includes(e.kind)).map(({ kind, stage, step, metrics, samples, cost }) =>
    line({ event: kind, seed, lane: label, stage, step, metrics: byName(metrics), samples, cost })));
  const page = { data, guess: run.guess, when: run.when, lanes: lanes.map(({ history, checkpoint, ...kept }) => ({ ...kept, going: false, checkpoint: checkpoint && toText(checkpoint) })) };
  const result = { event: "done", link: run.link, seed, lanes: lanes.map(({ label, step, digest, metrics, cost }) => ({ label, step, digest, metrics, cost })), page };
  const text = new Blob([...events, line(result)]);
  return new Response(text.stream().pipeThrough(new CompressionStream("gzip"))).blob();
}

/**
 * A run from a file as it is kept. One that this page has written goes on; another one stands as it was measured.
 * @param {string} file its name @param {any} d the description of its recipe @param {import("./replay.js").Brought} brought
 * @returns {{run: KeptRun, contents: Contents}}
 */
export function keptFrom(file, d, { lanes, page }) {
  if (lanes.length !== d.lanes.length) throw new Error(say(texts.replay.lanes, { file, lanes: lanes.length, linked: d.lanes.length }));
  const own = page?.lanes?.length === d.lanes.length && page.lanes.every(sound);
  const kept = /** @type {Kept[]} */ (d.lanes.map((/** @type {any} */ { label, name, steps }, /** @type {number} */ i) => {
    const { digest, events } = lanes[i];
    if (own) return { ...page.lanes[i], history: events, checkpoint: page.lanes[i].checkpoint && fromText(page.lanes[i].checkpoint) };
    if (events.length === 0) throw new Error(say(texts.replay.noEvents, { file, lane: label }));
    const { step } = decode(/** @type {Uint8Array} */ (events.at(-1)));
    return { link: d.address, number: i, needs: { bases: d.bases, computed: d.computed }, label, name, steps, step, keptStep: step, done: true, digest, going: false, metrics: {}, base: undefined, samples: {}, cost: undefined, measuredAt: step, checkpoint: undefined, history: events };
  }));
  return {
    run: {
      key: own ? d.link : `${file} ${d.link}`, link: d.address, name: d.name, task: d.task.name, title: d.exhibit?.title ?? d.task.title, settings: settings(d),
      when: own && Number.isFinite(page.when) ? page.when : Date.now(), pinned: false, from: own ? "" : file, guess: own ? String(page.guess ?? "") : "",
      bytes: kept.reduce((sum, l) => l.history.reduce((all, e) => all + e.length, sum + (l.checkpoint?.length ?? 0)), 0),
      lanes: kept.map(({ label, name, steps, step, done, digest }) => ({ label, name, steps, step, done, digest })),
    },
    contents: { data: own ? page.data : undefined, lanes: kept },
  };
}

/** Whether a lane of a file can be gone on with. Somebody may have edited the file. */
function sound(/** @type {any} */ l) {
  const words = [l?.link, l?.label, l?.name, l?.digest].every((w) => typeof w === "string");
  const numbers = [l?.number, l?.steps, l?.step, l?.keptStep].every((n) => Number.isInteger(n) && n >= 0);
  const parts = [l?.metrics, l?.samples].every((m) => m && typeof m === "object") && [l?.needs?.bases, l?.needs?.computed].every(Array.isArray);
  return words && numbers && parts && l.keptStep <= l.step && l.step <= l.steps;
}

/** Bytes in base64. */
function toText(/** @type {Uint8Array} */ bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function fromText(/** @type {string} */ text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
