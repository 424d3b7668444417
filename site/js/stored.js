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
 * A run as it is listed. key is its link, or secondKey of it; for runs that were trained elsewhere it also names the file that they are from.
 * @typedef {{
 *   key: string, link: string, name: string, task: string, title: string, settings: Record<string, string>, when: number, pinned: boolean,
 *   from: string, guess: string, bytes: number, lanes: KeptLane[],
 * }} KeptRun
 */

/**
 * What a run is opened and drawn from. data is the text of its data set.
 * @typedef {{data: string | undefined, lanes: import("./lane.js").Kept[]}} Contents
 */

/** Under which key a run is kept while another one of its link, which has made more updates, is kept under the link: see Stored.put. */
export function secondKey(/** @type {string} */ link) {
  return `${link} again`;
}

/** Whether a run is kept under a secondKey. Links have no spaces in them, and other keys end with a link. */
export function isSecond(/** @type {KeptRun} */ { key }) {
  return key.endsWith(secondKey(""));
}

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
   * Keeps a run. The same link gives the same bits, so it takes the place of one of its link that has made no more updates. If the kept one
   * has made more, that stays; the new one is kept besides if second is true, so that a page that is loaded again can go on with it. Returned
   * are the runs that were removed to make room. It rejects if there is none. under is called with the key before the run is written.
   */
  async put(/** @type {KeptRun} */ run, /** @type {Contents} */ contents, second = false, under = (/** @type {string} */ _key) => {}) {
    const before = await this.run(run.key);
    const behind = before !== undefined && far(before) > far(run);
    const key = behind && second ? secondKey(run.key) : run.key;
    under(key);
    if (behind && !second) return [];
    /** @type {Map<string, {run: KeptRun, contents?: Contents} | undefined>} */
    const changes = new Map([[key, { run: { ...run, key, pinned: before?.pinned ?? run.pinned, when: before?.when ?? run.when }, contents }]]);
    if (second && !behind) changes.set(secondKey(run.key), undefined);
    await this.write(changes);
    const removed = overfull(await this.all(), key);
    await this.write(new Map(removed.map(({ key }) => [key, undefined])));
    return removed;
  }

  /** Pins a run, which is then never removed to make room, or unpins it. */
  async pin(/** @type {string} */ key, /** @type {boolean} */ pinned) {
    const run = await this.run(key);
    if (run) await this.write(new Map([[key, { run: { ...run, pinned } }]]));
  }

  async remove(/** @type {string} */ key) {
    await this.write(new Map([[key, undefined], [secondKey(key), undefined]]));
  }

  /**
   * Reads from the database. It returns undefined where there is none, and does not ask again. A database that has answered before is asked
   * a second time: another page may have deleted it, and then there is a new one.
   * @param {(t: IDBTransaction) => IDBRequest} act @returns {Promise<any>}
   */
  async read(act, last = !this.answered) {
    if (!this.lasting) return undefined;
    const late = new Promise((_, reject) => setTimeout(() => this.answered || reject(new Error("the browser does not answer")), patience));
    try {
      const found = await Promise.race([transact(["runs", "lanes"], "readonly", act), late]);
      this.answered = true;
      return found;
    } catch {
      if (!last) return this.read(act, true);
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
export function far(/** @type {{lanes: {step: number}[]}} */ { lanes }) {
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
