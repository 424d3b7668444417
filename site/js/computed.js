// The bases of links that are no files of the site: computed in a worker when a lane is run, and kept in the browser where it may.

import { transact } from "./database.js";
import { programs, scripted } from "./programs.js";
import { say } from "./say.js";
import { Trainer } from "./trainer.js";

/** @typedef {import("../types/messages.js").staging.Computed} Described */

/** Milliseconds that the browser may take to look for a base that it has kept. Some browsers never answer. */
const patience = 3000;

/** @type {Map<string, ComputedBase>} by key */
const all = new Map();

/** The base that a recipe describes, the same for every lane. */
export function computedBase(/** @type {Described} */ described, /** @type {string} */ link) {
  let base = all.get(described.key);
  if (!base) all.set(described.key, (base = new ComputedBase(described, link)));
  return base;
}

class ComputedBase {
  // These are set by promise.
  /** @type {Promise<Uint8Array>} resolves to its checkpoint, and rejects when computing it fails; then there is another promise */ file;
  /** @type {(file: Uint8Array) => void} */ resolve;
  /** @type {(e: Error) => void} */ reject;

  constructor(/** @type {Described} */ { key, steps, seconds }, /** @type {string} */ link) {
    this.key = key;
    this.link = link;
    this.steps = steps;
    this.seconds = seconds; // that it is expected to take
    this.step = 0;
    this.here = false;
    /** @type {Set<() => void>} functions that are called after every change */
    this.watchers = new Set();
    /** @type {Set<object>} the lanes for which it is computed; it stops when there are none */
    this.wanted = new Set();
    /** @type {{trainer?: Trainer, since: number} | undefined} the attempt under way; undefined while it is not being computed */
    this.attempt = undefined;
    this.promise();
    this.looked = kept(key).then((file) => file && this.end(file));
  }

  promise() {
    this.file = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    this.file.catch(() => {}); // each lane reports it
  }

  /** Computes it for a lane, unless the browser has kept it. */
  async want(/** @type {object} */ lane) {
    if (this.here) return;
    this.wanted.add(lane);
    if (this.attempt) return;
    const attempt = (this.attempt = { since: performance.now() });
    this.tell(0);
    await Promise.race([this.looked, new Promise((over) => setTimeout(over, patience))]);
    if (attempt === this.attempt) this.compute(attempt);
  }

  /** Stops computing it if no other lane wants it. What has been computed is lost. */
  release(/** @type {object} */ lane) {
    if (this.wanted.delete(lane) && this.wanted.size === 0) this.stop();
  }

  compute(/** @type {{trainer?: Trainer, since: number}} */ attempt) {
    const fail = (/** @type {string} */ why) => attempt === this.attempt && this.fail(why);
    const died = (/** @type {string} */ why) => fail(say(texts.worker.baseStopped, { why }));
    try {
      const trainer = (attempt.trainer = new Trainer((/** @type {import("../types/workers.js").FromPretraining} */ m) => {
        if (m.type === "pretraining") this.tell(m.step);
        else if (m.type === "refused") fail(m.why);
        else {
          keep(this.key, m.file);
          this.end(m.file);
        }
      }, died));
      trainer.begin();
      programs(scripted(this.link)).then((modules) => trainer.post({ type: "pretrain", turn: 0, modules, link: this.link, key: this.key }), (e) => fail(e.message));
    } catch (/** @type {any} */ e) { // no worker can be made here
      died(e.message);
    }
  }

  /** What it is doing, as a sentence; "" when nothing has to be waited for. */
  get doing() {
    if (!this.attempt) return "";
    const share = this.step / Math.max(1, this.steps);
    const spent = (performance.now() - this.attempt.since) / 1000;
    const left = share > 0.02 ? (spent / share) * (1 - share) : this.seconds;
    return say(texts.worker.computing, { percent: Math.round(100 * share), seconds: Math.ceil(left) });
  }

  tell(/** @type {number} */ step) {
    this.step = step;
    for (const tell of this.watchers) tell();
  }

  /** Ends the attempt. */
  stop() {
    this.attempt?.trainer?.end();
    this.attempt = undefined;
    this.wanted.clear();
    this.tell(this.here ? this.steps : 0);
  }

  end(/** @type {Uint8Array} */ file) {
    this.here = true;
    this.resolve(file);
    this.stop();
  }

  fail(/** @type {string} */ why) {
    const { reject } = this;
    this.promise();
    this.stop();
    reject(new Error(say(texts.worker.notComputed, { why })));
  }
}

/** A base that the browser has kept; undefined if there is none, or not as it was. */
async function kept(/** @type {string} */ key) {
  const found = await transact(["bases"], "readonly", (t) => t.objectStore("bases").get(key)).catch(() => undefined);
  return found?.file instanceof Uint8Array && found.sum === sum(found.file) ? found.file : undefined;
}

function keep(/** @type {string} */ key, /** @type {Uint8Array} */ file) {
  transact(["bases"], "readwrite", (t) => t.objectStore("bases").put({ file, sum: sum(file) }, key)).catch(() => {}); // where nothing is kept
}

/** A checksum, FNV-1a of 32 bits, by which a damaged file is found out. */
function sum(/** @type {Uint8Array} */ file) {
  let hash = 0x811c9dc5;
  for (const byte of file) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
