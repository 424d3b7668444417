// The runs that are kept, in the browser's database. Where there is none, memory keeps them until the page is left.

import { transact } from "./database.js";

/** Milliseconds that the browser may take for its first answer. Some never give one. */
const patience = 5000;

/** The most that is kept. The oldest runs that are not pinned are removed first. */
export const limits = { runs: 24, bytes: 200e6 };

/**
 * A lane as it is listed.
 * @typedef {{label: string, name: string, steps: number, step: number, done: boolean, digest: string}} KeptLane
 */

/**
 * A run as it is listed. key is its link; for runs that were trained elsewhere it also names the file that they are from.
 * @typedef {{
 *   key: string, link: string, name: string, task: string, title: string, settings: Record<string, string>, when: number, pinned: boolean,
 *   from: string, guess: string, bytes: number, lanes: KeptLane[],
 * }} KeptRun
 */

/**
 * What a run is opened and drawn from. data is the text of its data set.
 * @typedef {{data: string | undefined, lanes: import("./lane.js").Kept[]}} Contents
 */

export class Stored {
  constructor() {
    this.lasting = true; // whether the browser keeps runs when the page is left
    this.answered = false; // whether it has answered; then it may be slow, and will answer again
    /** What is kept where it does not. @type {{runs: Map<string, KeptRun>, lanes: Map<string, Contents>}} */
    this.memory = { runs: new Map(), lanes: new Map() };
  }

  /** All runs, the newest first. @returns {Promise<KeptRun[]>} */
  async all() {
    const found = await this.read((t) => t.objectStore("runs").getAll());
    const all = found ?? [...this.memory.runs.values()];
    return all.sort((/** @type {KeptRun} */ a, /** @type {KeptRun} */ b) => b.when - a.when);
  }

  /** @returns {Promise<KeptRun | undefined>} */
  async run(/** @type {string} */ key) {
    const found = await this.read((t) => t.objectStore("runs").get(key));
    return this.lasting ? found : this.memory.runs.get(key);
  }

  /** @returns {Promise<Contents | undefined>} */
  async contents(/** @type {string} */ key) {
    const found = await this.read((t) => t.objectStore("lanes").get(key));
    return this.lasting ? found : this.memory.lanes.get(key);
  }

  /**
   * Keeps a run, unless it is kept already with more updates: the same link gives the same bits, so nothing new would be in it. It returns
   * the runs that were removed to make room, and rejects if there is none.
   */
  async put(/** @type {KeptRun} */ run, /** @type {Contents} */ contents) {
    const before = await this.run(run.key);
    if (before && far(before) > far(run)) return [];
    await this.write(new Map([[run.key, { run: { ...run, pinned: before?.pinned ?? run.pinned, when: before?.when ?? run.when }, contents }]]));
    const removed = overfull(await this.all(), run.key);
    await this.write(new Map(removed.map(({ key }) => [key, undefined])));
    return removed;
  }

  /** Pins a run, which is then never removed to make room, or unpins it. */
  async pin(/** @type {string} */ key, /** @type {boolean} */ pinned) {
    const run = await this.run(key);
    if (run) await this.write(new Map([[key, { run: { ...run, pinned } }]]));
  }

  async remove(/** @type {string} */ key) {
    await this.write(new Map([[key, undefined]]));
  }

  /** Reads from the database. It returns undefined where there is none, and does not ask again. */
  async read(/** @type {(t: IDBTransaction) => IDBRequest} */ act) {
    if (!this.lasting) return undefined;
    const late = new Promise((_, reject) => setTimeout(() => this.answered || reject(new Error("the browser does not answer")), patience));
    try {
      const found = await Promise.race([transact(["runs", "lanes"], "readonly", act), late]);
      this.answered = true;
      return found;
    } catch {
      this.lasting = false;
      return undefined;
    }
  }

  /** Writes runs by their keys, with their contents if these have changed; undefined removes a run. */
  async write(/** @type {Map<string, {run: KeptRun, contents?: Contents} | undefined>} */ changes) {
    if (changes.size === 0) return;
    if (!this.lasting) return remember(this.memory, changes);
    await transact(["runs", "lanes"], "readwrite", (t) => {
      const [runs, lanes] = [t.objectStore("runs"), t.objectStore("lanes")];
      for (const [key, value] of changes) {
        if (value) runs.put(value.run, key);
        else runs.delete(key);
        if (value?.contents) lanes.put(value.contents, key);
        else if (!value) lanes.delete(key);
      }
    });
  }
}

/** Does in memory what write does in the database. @param {{runs: Map<string, KeptRun>, lanes: Map<string, Contents>}} memory @param {Map<string, {run: KeptRun, contents?: Contents} | undefined>} changes */
function remember({ runs, lanes }, changes) {
  for (const [key, value] of changes) {
    if (value) runs.set(key, value.run);
    else runs.delete(key);
    if (value?.contents) lanes.set(key, value.contents);
    else if (!value) lanes.delete(key);
  }
}

/** How many updates a run has made, over all lanes. */
function far(/** @type {KeptRun} */ { lanes }) {
  return lanes.reduce((sum, l) => sum + l.step, 0);
}

/** The runs that are more than is kept, of those that may be removed: the oldest. @param {KeptRun[]} all the newest first @param {string} newest the key of one that stays */
function overfull(all, newest) {
  let [runs, bytes] = [0, 0];
  return all.filter(({ key, pinned, bytes: own }) => {
    runs++;
    bytes += own;
    if (pinned || key === newest || (runs <= limits.runs && bytes <= limits.bytes)) return false;
    runs--;
    bytes -= own;
    return true;
  });
}
