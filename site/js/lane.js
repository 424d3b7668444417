// One lane and the worker that trains it. The worker may end before its time: then another goes on from what was kept last.

import { computedBase } from "./computed.js";
import { decode, encode } from "./msgp.js";
import { base, programs } from "./programs.js";
import { Trainer } from "./trainer.js";

/** How many times a lane is started again without having got any further. */
const patience = 2;

/**
 * @typedef {{label: string, name: string, steps: number}} Named
 * @typedef {Record<string, number>} Metrics
 * @typedef {import("../types/messages.js").protocol.Event} Event
 * @typedef {import("../types/messages.js").protocol.Sample} Sample
 * @typedef {import("../types/workers.js").FromLane} FromLane
 * @typedef {import("../types/workers.js").ToWorker} ToWorker
 */
export class Lane {
  // What clear sets.
  /** @type {number} */ step;
  /** @type {string} */ digest;
  /** @type {number} */ target;
  /** @type {Metrics} */ metrics;
  /** @type {Record<string, Sample[]>} newest answers, by level */ samples;
  /** @type {Sample[]} newest answers to somebody's own prompt */ answers;
  /** @type {number} */ measuredAt;
  /** @type {number} the update that the checkpoint is of */ kept;
  /** @type {Uint8Array[]} */ history;
  /** @type {number} */ failures;
  /** @type {number} */ failedAt;

  /**
   * @param {string} link the recipe
   * @param {number} number which of its lanes, from 0
   * @param {{bases: string[], computed: import("./computed.js").Described[]}} from the models that it needs
   * @param {Named} named
   * @param {string | undefined} data the text of the data set that it trains on
   * @param {Record<string, Record<string, string | number> | undefined>} shown what to report, by command
   * @param {(kind: "event" | "change" | "restart" | "error", detail?: any) => void} tell
   */
  constructor(link, number, from, { label, name, steps }, data, shown, tell) {
    this.link = link;
    this.number = number;
    this.from = from.bases;
    this.computed = from.computed.map((c) => computedBase(c, link));
    for (const c of this.computed) c.watchers.add(() => this.tell("change"));
    this.label = label;
    this.name = name;
    this.steps = steps;
    this.data = data;
    this.shown = shown;
    this.tell = tell;
    this.text = "";
    /** @type {Map<string, () => MessagePort>} who wants to watch, as makers of ports */
    this.watchers = new Map();
    /** @type {Trainer | undefined} there is none when the lane has stopped for good; Run then tries again */
    this.trainer = undefined;
    this.turn = 0; // counts openings: a message that names an earlier one is about what is forgotten
    /** @type {{id: number, resolve: (file: Uint8Array) => void, reject: (e: Error) => void}[]} who waits for a checkpoint */
    this.owed = [];
    this.requests = 0;
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
    this.target = 0; // the update that it is to go on to, if it is further
    /** @type {Metrics | undefined} */
    this.base = undefined;
    this.metrics = {};
    this.samples = {};
    this.answers = [];
    /** @type {Event["cost"] | undefined} */
    this.cost = undefined;
    this.error = "";
    this.unmeasured = false; // whether to measure once the steps that were asked for are made
    this.measuredAt = -1;
    /** @type {Uint8Array | undefined} */
    this.checkpoint = undefined;
    this.kept = 0;
    this.history = [];
    this.failures = 0;
    this.failedAt = -1;
  }

  start() {
    const trainer = (this.trainer = new Trainer((m) => m.turn === this.turn && this.hear(m), (why) => trainer === this.trainer && this.fail(why)));
    this.open();
  }

  /** Has the worker begin, or go on from the checkpoint. */
  open() {
    const { trainer, link, number: lane, from, data, checkpoint, history } = this;
    const turn = ++this.turn;
    this.ready = false;
    const files = from.map(async (name) => ({ name, file: await base(name) }));
    for (const c of this.computed) files.push(c.file.then((file) => ({ name: c.key, file })));
    const sent = Promise.all([programs(), ...files]).then(([modules, ...bases]) => trainer?.post({ type: "open", turn, modules, bases, link, lane, data, checkpoint, history }));
    this.sent = sent.then(() => trainer, (e) => {
      if (turn === this.turn) this.stop(e.message);
    });
    this.show(this.shown);
    if (this.going) this.command({ kind: "run" });
    else if (this.target > this.step) this.command({ kind: "step", steps: this.target - this.step });
    for (const [who, makePort] of this.watchers) this.watch(who, makePort);
    if (this.owed.length > 0) this.post({ type: "save", id: this.requests });
  }

  /** Waits for the programs, and for what was posted before. */
  async post(/** @type {ToWorker} */ message, /** @type {Transferable[]} */ transfer = []) {
    const trainer = await this.sent;
    trainer?.post(message, transfer);
  }

  command(/** @type {Record<string, string | number>} */ c) {
    if (!this.trainer) return;
    this.moving = true;
    this.post({ type: "command", command: encode(c) });
  }

  /** Lets the port at the other end of what makePort returns know the past and everything new, also after a restart. */
  watch(/** @type {string} */ who, /** @type {() => MessagePort} */ makePort) {
    this.watchers.set(who, makePort);
    const port = makePort();
    this.post({ type: "watch", who, port }, [port]);
  }

  run() {
    if (this.done || !this.usable()) return;
    this.going = true;
    this.unmeasured = false;
    this.prepare();
    this.command({ kind: "run" });
  }

  /** Has the bases computed that it needs and that are not here. */
  prepare() {
    for (const c of this.computed) c.start();
  }

  pause() {
    this.going = false;
    this.target = 0;
    if (this.moving) this.command({ kind: "pause" });
  }

  advance(/** @type {number} */ steps) {
    if (this.done || !this.usable()) return;
    this.going = false;
    this.target = this.step + steps;
    this.unmeasured = true;
    this.prepare();
    this.command({ kind: "step", steps });
  }

  /** Says whether the lane can go on. A lane that has lost its worker is given another: what was missing may be there now. */
  usable() {
    if (this.trainer) return !this.error;
    this.error = "";
    this.failures = 0;
    this.start();
    return true;
  }

  /** Has more reported, now and from now on. */
  show(/** @type {Record<string, Record<string, string | number> | undefined>} */ shown) {
    Object.assign(this.shown, shown);
    for (const [kind, what] of Object.entries(shown)) if (what) this.command({ kind, ...what });
  }

  reset() {
    this.clear();
    this.disappoint("the lane was rewound before a checkpoint could be made");
    if (this.trainer) this.open();
    else this.start();
  }

  /** Gives the lane up. */
  close() {
    this.turn++;
    this.trainer?.end();
    this.trainer = undefined;
    this.disappoint("the lane was removed before a checkpoint could be made");
  }

  hear(/** @type {FromLane} */ m) {
    if (m.type === "events") for (const bytes of m.events) this.take(decode(bytes));
    else if (m.type === "opened") this.begin();
    else if (m.type === "saved") this.saved(m);
    else if (m.type === "idle") this.rest(m);
    else if (m.type === "refused") this.refuse(m.why);
  }

  take(/** @type {Event} */ e) {
    this.step = e.step;
    this.cost = e.cost;
    if (e.kind === "step") this.done = false;
    for (const { n, v } of e.metrics ?? []) this.metrics[n] = v;
    if (e.kind === "eval") {
      this.measuredAt = e.step;
      if (e.step === 0) this.base = { ...this.base, ...Object.fromEntries((e.metrics ?? []).map((m) => [m.n, m.v])) };
      if (e.samples) this.samples[e.samples[0].level] = e.samples;
    }
    if (e.kind === "ask") this.answers = e.samples ?? [];
    this.tell("event", e);
  }

  /** The worker has what it needs. */
  begin() {
    this.ready = true;
    this.tell("change");
  }

  saved(/** @type {Extract<FromLane, {type: "saved"}>} */ { checkpoint, history, id }) {
    Object.assign(this, { checkpoint, history, kept: this.step });
    while (id !== undefined && this.owed.length > 0 && this.owed[0].id <= id) this.owed.shift()?.resolve(checkpoint);
  }

  rest(/** @type {Extract<FromLane, {type: "idle"}>} */ { done, step, digest }) {
    Object.assign(this, { done, step, digest, moving: false, target: 0 });
    if (done) this.going = false;
    if (this.unmeasured && this.measuredAt !== step) this.command({ kind: "measure" });
    this.unmeasured = false;
    this.tell("change");
  }

  /** Whether nobody has started it. */
  get waiting() {
    return this.step === 0 && this.target === 0 && !this.going && !this.done && !this.error;
  }

  /** How far the base is that it waits for, in words; "" when it waits for none. */
  get computing() {
    return this.computed.map((c) => c.doing).find(Boolean) ?? "";
  }

  /** What a lane does that was told to run and has made no update yet, in words. */
  get preparing() {
    if (!this.going || this.step > 0) return "";
    return this.ready ? "measuring the start" : "loading the trainer";
  }

  /** A checkpoint of this moment, or of the next at which the lane can be left. */
  save() {
    if (this.checkpoint && (this.done || !this.trainer)) return Promise.resolve(this.checkpoint);
    if (!this.trainer) return Promise.reject(new Error(this.error));
    return new Promise((/** @type {(file: Uint8Array) => void} */ resolve, reject) => {
      const id = ++this.requests;
      this.owed.push({ id, resolve, reject });
      this.post({ type: "save", id });
    });
  }

  /** Tells all who wait for a checkpoint that none will come. */
  disappoint(/** @type {string} */ why) {
    for (const { reject } of this.owed.splice(0)) reject(new Error(why));
  }

  /** The trainer will not go on; trying again would end the same way. */
  refuse(/** @type {string} */ why) {
    this.error = why;
    this.moving = this.going = false;
    this.disappoint(why);
    this.tell("error", why);
  }

  /** There is no worker any more, until somebody wants the lane to go on. */
  stop(/** @type {string} */ why) {
    this.trainer?.end();
    this.trainer = undefined;
    this.refuse(why);
  }

  /** The worker has ended: another one goes on from what was kept. */
  fail(/** @type {string} */ why) {
    this.failures = this.step > this.failedAt ? 1 : this.failures + 1;
    this.failedAt = this.step;
    if (this.failures > patience) return this.stop(`its worker stopped ${this.failures} times at update ${this.step}: ${why}`);
    this.step = this.kept;
    this.start();
    this.tell("restart", why);
  }
}
