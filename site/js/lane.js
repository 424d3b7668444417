// One lane and the worker that trains it. The worker may die: then another goes on from the last checkpoint.

import { decode, encode } from "./msgp.js";
import { base, programs, startTrainer } from "./programs.js";

/** How many times a lane is started again without having got any further. */
const patience = 2;
/** A running worker that is silent for this many milliseconds, and for six times its longest silence so far, is dead. */
const silence = 10000; // on a busy machine a measurement takes some seconds

/**
 * @typedef {{label: string, name: string, steps: number}} Named
 * @typedef {Record<string, number>} Metrics
 */
export class Lane {
  /**
   * @param {string} link the recipe
   * @param {number} number which of its lanes, from 0
   * @param {string[]} from the models that it needs
   * @param {Named} named
   * @param {string | undefined} data the text of the data set that it trains on
   * @param {Record<string, Record<string, string | number> | undefined>} shown what to report, by command
   * @param {(kind: "event" | "change" | "restart" | "error", detail?: any) => void} tell
   */
  constructor(link, number, from, { label, name, steps }, data, shown, tell) {
    Object.assign(this, { link, number, from, label, name, steps, data, shown, tell });
    this.text = "";
    /** @type {Map<string, () => MessagePort>} who wants to watch, as makers of ports */
    this.watchers = new Map();
    this.timer = setInterval(() => this.check(), 1000);
    this.clear();
    this.start();
  }

  /** Forgets what was trained. */
  clear() {
    this.step = 0;
    this.done = false;
    this.digest = "";
    this.moving = false; // whether the worker has work to do
    this.going = false; // whether it is to go on to the end
    /** @type {Metrics | undefined} */
    this.base = undefined;
    /** @type {Metrics} */
    this.metrics = {};
    /** @type {Record<string, any[]>} newest answers, by level */
    this.samples = {};
    /** @type {any[]} newest answers to somebody's own prompt */
    this.answers = [];
    this.cost = undefined;
    this.error = "";
    this.unmeasured = false; // whether to measure once the steps that were asked for are made
    this.measuredAt = -1;
    this.checkpoint = undefined;
    /** @type {Uint8Array[]} */
    this.history = [];
    this.failures = 0;
    this.failedAt = -1;
  }

  start() {
    this.longest = 0;
    this.heard = performance.now();
    const worker = (this.worker = startTrainer());
    worker.onmessage = ({ data }) => worker === this.worker && this.hear(data);
    worker.onerror = (e) => worker === this.worker && this.fail(e.message || "the worker did not load");
    this.open();
  }

  open() {
    const { worker, link, number: lane, from, data, checkpoint, history } = this;
    const files = from.map(async (name) => ({ name, file: await base(name) }));
    this.opened = Promise.all([programs(), ...files]).then(([modules, ...bases]) => {
      worker.postMessage({ type: "open", modules, bases, link, lane, data, checkpoint, history });
      this.heard = performance.now();
    });
    this.opened.catch((e) => this.refuse(e.message));
    this.show(this.shown);
    if (this.going) this.command({ kind: "run" });
    for (const [who, makePort] of this.watchers) this.watch(who, makePort);
  }

  /** Waits for the programs, and for what was posted before. */
  async post(/** @type {any} */ message, /** @type {Transferable[]} */ transfer = []) {
    const { worker, opened } = this;
    await opened;
    worker.postMessage(message, transfer);
  }

  command(/** @type {Record<string, string | number>} */ c) {
    this.moving = true;
    this.heard = performance.now();
    this.post({ type: "command", command: encode(c) });
  }

  /** Lets the port at the other end of what makePort returns know the past and everything new, also after a restart. */
  watch(/** @type {string} */ who, /** @type {() => MessagePort} */ makePort) {
    this.watchers.set(who, makePort);
    const port = makePort();
    this.post({ type: "watch", who, port }, [port]);
  }

  run() {
    if (this.done || this.error) return;
    this.going = true;
    this.unmeasured = false;
    this.command({ kind: "run" });
  }

  pause() {
    this.going = false;
    if (this.moving) this.command({ kind: "pause" });
  }

  advance(/** @type {number} */ steps) {
    if (this.done || this.error) return;
    this.going = false;
    this.unmeasured = true;
    this.command({ kind: "step", steps });
  }

  /** Has more reported, now and from now on. */
  show(/** @type {Record<string, Record<string, string | number> | undefined>} */ shown) {
    Object.assign(this.shown, shown);
    for (const [kind, what] of Object.entries(shown)) if (what) this.command({ kind, ...what });
  }

  reset() {
    this.clear();
    this.open();
  }

  close() {
    clearInterval(this.timer);
    this.worker.terminate();
    this.worker = /** @type {any} */ (undefined);
  }

  hear(/** @type {any} */ m) {
    const now = performance.now();
    if (m.type !== "opened") this.longest = Math.max(this.longest, now - this.heard);
    this.heard = now;
    if (m.type === "events") for (const bytes of m.events) this.take(decode(bytes));
    else if (m.type === "saved") this.saved(m);
    else if (m.type === "idle") this.rest(m);
    else if (m.type === "refused") this.refuse(m.why);
    else if (m.type === "failed") this.fail(m.why);
  }

  take(/** @type {any} */ e) {
    this.step = e.step;
    this.cost = e.cost;
    if (e.kind === "step") this.done = false;
    for (const { n, v } of e.metrics ?? []) this.metrics[n] = v;
    if (e.kind === "eval") {
      this.measuredAt = e.step;
      if (e.step === 0) this.base = { ...this.base, ...Object.fromEntries(e.metrics.map((/** @type {any} */ m) => [m.n, m.v])) };
      if (e.samples) this.samples[e.samples[0].level] = e.samples;
    }
    if (e.kind === "ask") this.answers = e.samples;
    this.tell("event", e);
  }

  saved(/** @type {any} */ { checkpoint, history, id }) {
    this.checkpoint = checkpoint;
    this.history = history;
    if (id !== undefined) this.owed?.(checkpoint);
  }

  rest(/** @type {any} */ { done, step, digest }) {
    Object.assign(this, { done, step, digest, moving: false });
    if (done) this.going = false;
    if (this.unmeasured && this.measuredAt !== step) this.command({ kind: "measure" });
    this.unmeasured = false;
    this.tell("change");
  }

  /** A checkpoint of this moment, or of the next at which the lane can be left. */
  save() {
    if (this.done && this.checkpoint) return Promise.resolve(this.checkpoint);
    return new Promise((/** @type {(file: Uint8Array) => void} */ resolve) => {
      this.owed = resolve;
      this.post({ type: "save", id: 1 });
    });
  }

  check() {
    const quiet = performance.now() - this.heard;
    if (this.worker && this.moving && !this.error && quiet > Math.max(silence, 6 * this.longest) && document.visibilityState === "visible") this.fail("it no longer answers");
  }

  /** The trainer will not go on; trying again would end the same way. */
  refuse(/** @type {string} */ why) {
    this.error = why;
    this.moving = this.going = false;
    this.tell("error", why);
  }

  /** The worker is gone. */
  fail(/** @type {string} */ why) {
    this.worker.terminate();
    this.failures = this.step > this.failedAt ? 1 : this.failures + 1;
    this.failedAt = this.step;
    if (this.failures > patience) return this.refuse(`its worker stopped ${this.failures} times at step ${this.step}: ${why}`);
    this.start();
    this.tell("restart", why);
  }
}
