// Runs from files: one that was recorded, and the results of a study. They are shown as lanes that stand where they were measured, and
// nothing is trained for it.

import { fill, h } from "./dom.js";
import { startWorker, styles } from "./files.js";
import { capital, whyNot } from "./format.js";
import { say } from "./say.js";
import { Told } from "./told.js";

/** @typedef {import("../types/messages.js").replay.Run} Run */

/** More bytes than any study's results have; a larger file is something else. */
const most = 64 * 2 ** 20;

/** The pictures that are made of measurements alone. */
const pictures = ["race", "plane"];

/**
 * Lanes from a file, with their events. page is what this page has written into the file, to go on with the run.
 * @typedef {{link: string, lanes: {digest: string, events: Uint8Array[]}[], page?: any}} Brought
 */

/**
 * Reads a file and, if it has the results of a study, has the visitor choose some of its runs.
 * @param {Element} main where the question is asked @param {File} file
 * @returns {Promise<Brought | undefined>} undefined if nothing was chosen
 */
export async function chooseRuns(main, file) {
  if (file.size > most) throw new Error(say(texts.replay.tooLarge, { file: file.name }));
  const worker = startWorker("js/replay-worker.js");
  const ask = (/** @type {object} */ question, /** @type {Transferable[]} */ transfer = []) => new Promise((/** @type {(answer: any) => void} */ resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ?? data.why ? reject(new Error(data.unloaded ? say(texts.common.notLoaded, { what: texts.replay.reader, why: whyNot({ name: "", message: data.error }) }) : data.error ?? data.why)) : resolve(data));
    worker.onerror = (e) => reject(new Error(e.message || texts.replay.notLoaded));
    worker.postMessage(question, transfer);
  });
  try {
    const content = await file.arrayBuffer();
    const { runs, run, lanes } = await ask({ name: file.name, file: content }, [content]);
    if (run) return { link: run.link, page: run.page, lanes: lanes.map((/** @type {Uint8Array[]} */ events, /** @type {number} */ i) => ({ digest: run.lanes[i].digest, events })) };
    await styles("css/replay.css");
    const chosen = await choose(main, file.name, runs);
    if (!chosen) return undefined;
    const answer = await ask({ chosen });
    return { link: answer.link, lanes: answer.lanes.map((/** @type {Uint8Array[]} */ events) => ({ digest: "", events })) };
  } finally {
    worker.terminate();
  }
}

/** The runs that can stand beside each other, by what they share; those that were judged come first. @returns {Map<string, number[]>} */
function groups(/** @type {Run[]} */ runs) {
  const numbers = runs.map((_, i) => i);
  const judged = (/** @type {number} */ i) => (runs[i].part === "judge" ? 0 : 1);
  return Map.groupBy(numbers.sort((a, b) => judged(a) - judged(b) || a - b), (i) => `${runs[i].experiment} ${runs[i].part} ${runs[i].recipe}`);
}

/** What a group of runs is called. */
function title(/** @type {Run} */ { experiment, base, seed, part }, several = false) {
  const place = `${base > 0 ? `${say(texts.replay.base, { base })}, ` : ""}${say(part === "judge" ? texts.replay.judged : texts.replay.tuning, { seed })}`;
  return several ? `${experiment}: ${place}` : capital(place);
}

/** Asks which runs to show. Resolves with their numbers, or with undefined. @param {Element} main @param {string} name @param {Run[]} runs @returns {Promise<number[] | undefined>} */
function choose(main, name, runs) {
  const all = groups(runs);
  const several = new Set(runs.map((r) => r.experiment)).size > 1;
  const group = h("select", { id: "replay-group", onchange: () => list() }, [...all].map(([key, [first]]) => h("option", { value: key }, title(runs[first], several))));
  const boxes = h("div.runs", { role: "group", "aria-label": texts.replay.runs });
  const show = h("button.run", { type: "button", onclick: () => dialog.close("show") }, texts.replay.show);
  const ticked = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (boxes.querySelectorAll(":checked"))].map((box) => Number(box.value));
  const count = () => { show.disabled = ticked().length === 0 || ticked().length > 16; };
  const list = () => {
    /** @type {Set<string>} */
    const met = new Set();
    fill(boxes, all.get(group.value)?.map((i) => {
      const { arm, config } = runs[i];
      const first = !met.has(arm) && met.size < 4;
      met.add(arm);
      return h("label", null, h("input", { type: "checkbox", value: String(i), checked: first, onchange: count }), h("span", null, h("b", null, arm), " ", h("span.mono", null, config)));
    }));
    count();
  };
  const dialog = h("dialog.question.card.replay", { "aria-labelledby": "replay-heading", "aria-describedby": "replay-doc" },
    h("h2", { id: "replay-heading" }, texts.replay.title),
    h("p.small", { id: "replay-doc" }, say(texts.replay.says, { file: name, runs: runs.length })),
    h("p.with", null, h("label", { htmlFor: "replay-group" }, texts.replay.with), group), boxes,
    h("p.actions", null, show, h("button", { type: "button", onclick: () => dialog.close() }, texts.common.cancel)));
  list();
  main.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      const chosen = ticked();
      dialog.remove();
      resolve(dialog.returnValue === "show" ? chosen : undefined);
    };
  });
}

/** The description of a recipe whose lanes were trained elsewhere. @param {string} from the file's name @param {any} d @param {import("./lane.js").Kept[]} lanes */
export function replayed(from, d, lanes) {
  return {
    ...d, missing: "", exhibit: undefined, scenes: d.scenes.filter((/** @type {string} */ s) => pictures.includes(s)),
    replayed: { from, lanes: d.lanes.map((/** @type {any} */ l, /** @type {number} */ i) => new ReplayedLane(l, lanes[i].history)), missing: d.missing },
  };
}

/** A lane that was trained elsewhere. It has what a Lane has, and nothing of it moves. */
class ReplayedLane extends Told {
  /** @param {{label: string, name: string, steps: number}} named @param {Uint8Array[]} events */
  constructor(named, events) {
    super(named, events);
    Object.assign(this, { computed: [], computing: "", watchers: new Map(), target: 0, ready: true, trainer: undefined });
  }

  usable() {
    return false;
  }

  save() {
    return Promise.reject(new Error(texts.lane.elsewhere));
  }

  show() {}
  run() {}
  pause() {}
  advance() {}
  reset() {}
  close() {}
}
