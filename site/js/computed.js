// The bases of links that are no files of the site: computed in a worker when a lane is run, and kept in the browser where it may.

import { programs } from "./programs.js";
import { Trainer } from "./trainer.js";

/** @typedef {import("../types/messages.js").staging.Computed} Described */

/** @type {Map<string, ComputedBase>} by key */
const all = new Map();

/** The base that a recipe describes, the same for every lane. */
export function computedBase(/** @type {Described} */ described, /** @type {string} */ link) {
  let base = all.get(described.key);
  if (!base || base.failed) all.set(described.key, (base = new ComputedBase(described, link)));
  return base;
}

class ComputedBase {
  constructor(/** @type {Described} */ { key, steps, seconds }, /** @type {string} */ link) {
    this.key = key;
    this.link = link;
    this.steps = steps;
    this.seconds = seconds; // that it is expected to take
    this.step = 0;
    this.begun = this.here = this.failed = false;
    /** @type {Set<() => void>} who wants to know of progress */
    this.watchers = new Set();
    /** @type {Promise<Uint8Array>} its checkpoint, once it is there */
    this.file = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    this.file.catch(() => {}); // each lane says it
    this.looked = kept(key).then((file) => file && this.end(file));
  }

  /** Has it computed, unless the browser has kept it. */
  async start() {
    if (this.begun) return;
    this.begun = true;
    await this.looked;
    if (this.here) return;
    const trainer = new Trainer((/** @type {import("../types/workers.js").FromPretraining} */ m) => {
      if (m.type === "pretraining") this.tell(m.step);
      else {
        trainer.end();
        if (m.type === "refused") this.fail(m.why);
        else {
          keep(this.key, m.file);
          this.end(m.file);
        }
      }
    }, (why) => this.fail(why));
    programs().then((modules) => trainer.post({ type: "pretrain", turn: 0, modules, link: this.link, key: this.key }), (e) => this.fail(e.message));
    this.startedAt = performance.now();
    this.tell(0);
  }

  /** What it is doing, as a sentence; "" when nothing has to be waited for. */
  get doing() {
    if (this.here || this.failed || !this.begun) return "";
    const share = this.step / Math.max(1, this.steps);
    const spent = (performance.now() - (this.startedAt ?? 0)) / 1000;
    const left = share > 0.02 ? (spent / share) * (1 - share) : this.seconds;
    return `Computing the base: ${Math.round(100 * share)}\u202f%, about ${Math.ceil(left)}\u202fs left.`;
  }

  tell(/** @type {number} */ step) {
    this.step = step;
    for (const tell of this.watchers) tell();
  }

  end(/** @type {Uint8Array} */ file) {
    this.here = true;
    /** @type {any} */ (this).resolve(file);
    this.tell(this.steps);
  }

  fail(/** @type {string} */ why) {
    this.failed = true;
    /** @type {any} */ (this).reject(new Error(`the base could not be computed: ${why}`));
  }
}

/** Does something with what the browser keeps; undefined where it keeps nothing, as in a sandboxed frame. @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} act @returns {Promise<any>} */
async function store(mode, act) {
  const answer = (/** @type {IDBRequest} */ request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  try {
    const open = indexedDB.open("posttrain", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("bases");
    const db = await answer(open);
    try {
      return await answer(act(db.transaction("bases", mode).objectStore("bases")));
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}

function kept(/** @type {string} */ key) {
  return store("readonly", (bases) => bases.get(key));
}

function keep(/** @type {string} */ key, /** @type {Uint8Array} */ file) {
  return store("readwrite", (bases) => bases.put(file, key));
}
