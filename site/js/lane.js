// One lane and the worker that trains it. If the worker ends too early, another one goes on from the newest checkpoint.

import { computedBase } from "./computed.js";
import { decode, encode } from "./msgp.js";
import { base, programs, scripted } from "./programs.js";
import { say } from "./say.js";
import { take } from "./told.js";
import { Trainer } from "./trainer.js";

/** How many times in a row a lane is restarted at the same update before it is given up. */
const patience = 2;

/** How many completions of a prompt are reported in detail at most. */
const dissectedSamples = 9;

/**
 * What is kept of a lane. link, number and needs are what it was opened with. step is the update at which it is or to which it steps; the
 * checkpoint is of update keptStep, perhaps before it.
 * @typedef {import("./stored.js").KeptLane & {
 *   link: string, number: number, needs: {bases: string[], computed: import("./computed.js").Described[]}, going: boolean, metrics: Metrics,
 *   keptStep: number, base: Metrics | undefined, samples: Record<string, Sample[]>, cost: Event["cost"] | undefined, measuredAt: number,
 *   checkpoint: Uint8Array | undefined, history: Uint8Array[],
 * }} Kept
 */

/**
 * @typedef {{label: string, name: string, steps: number}} Named
 * @typedef {Record<string, number>} Metrics
 * @typedef {import("../types/messages.js").protocol.Event} Event
 * @typedef {import("../types/messages.js").protocol.Sample} Sample
 * @typedef {import("../types/workers.js").FromLane} FromLane
 * @typedef {import("../types/workers.js").ToWorker} ToWorker
 */
export class Lane {
  // These are set by clear.
  /** @type {number} */ step;
  /** @type {boolean} */ done;
  /** @type {boolean} whether it trains to the end */ going;
  /** @type {string} */ digest;
  /** @type {number} */ target;
  /** @type {Metrics} */ metrics;
  /** @type {Record<string, Sample[]>} newest answers, by level */ samples;
  /** @type {Sample[]} newest answers to somebody's own prompt */ answers;
  /** @type {Event | undefined} the newest update that was reported in detail */ dissected;
  /** @type {boolean} whether the step that it has to make is to be reported in detail */ slowly;
  /** @type {number} */ measuredAt;
  /** @type {number} the update that the checkpoint is of */ keptStep;
  /** @type {Uint8Array[]} the events up to then */ history;
  /** @type {Uint8Array[]} and since then, as far as pictures need them */ news;
  /** @type {number} */ failures;
  /** @type {number} */ failedAt;

  /**
   * @param {string} link the recipe
   * @param {number} number which of its lanes, from 0
   * @param {{bases: string[], computed: import("./computed.js").Described[]}} from the models that it needs
   * @param {Named} named
   * @param {string | undefined} data the text of the data set that it trains on
   * @param {Record<string, Record<string, string | number> | undefined>} shown the arguments of the commands that ask for something to be
   *   shown, by the kind of command; they are sent again to a new worker
   * @param {import("./starts.js").Starts} starts says when the lane may begin
   * @param {(kind: "event" | "change" | "restart" | "anew" | "unloaded" | "error", detail?: any) => void} emit is called when something has
   *   happened
   * @param {Kept} [kept] what the lane goes on from
   */
  constructor(link, number, from, { label, name, steps }, data, shown, starts, emit, kept) {
    this.link = link;
    this.number = number;
    this.needs = { bases: from.bases, computed: from.computed };
    this.computed = from.computed.map((c) => computedBase(c, link));
    this.baseChanged = () => this.emit("change");
    for (const c of this.computed) c.watchers.add(this.baseChanged);
    this.label = label;
    this.name = name;
    this.steps = steps;
    this.data = data;
    this.shown = shown;
    this.starts = starts;
    this.emit = emit;
    this.text = "";
    /** @type {Map<string, () => MessagePort>} functions that make a port for a watcher, by the watcher's name */
    this.watchers = new Map();
    /** @type {Trainer | undefined} undefined when the lane has stopped for good; Run then tries again */
    this.trainer = undefined;
    this.turn = 0; // how many times the lane was opened; messages with an earlier number are ignored
    this.commands = 0; // how many commands it was sent since it was opened
    /** @type {{id: number, resolve: (file: Uint8Array) => void, reject: (e: Error) => void}[]} requests for a checkpoint without an answer */
    this.pendingSaves = [];
    this.saveId = 0;
    this.clear();
    if (kept?.checkpoint) this.takeUp(kept);
    this.start();
  }

  /** Sets everything that training changes to its start. */
  clear() {
    this.step = 0;
    this.done = false;
    this.digest = "";
    this.moving = false; // whether the worker has work to do
    this.going = false;
    this.target = 0; // the update at which it pauses, if it has steps to make
    /** @type {Metrics | undefined} */
    this.base = undefined;
    this.metrics = {};
    this.samples = {};
    this.answers = [];
    this.dissected = undefined;
    this.askable = false; // whether the worker can report on another prompt of that update
    this.slowly = false;
    /** @type {Event["cost"] | undefined} */
    this.cost = undefined;
    this.error = "";
    this.unmeasured = false; // whether to measure when it pauses
    this.measuredAt = -1;
    /** @type {Uint8Array | undefined} */
    this.checkpoint = undefined;
    this.keptStep = 0;
    this.untried = false; // whether the checkpoint is one that was kept, and no worker has opened it yet
    this.history = [];
    this.news = [];
    this.updated = false; // whether there has been an update since the last measurement
    this.failures = 0;
    this.failedAt = -1;
  }

  /** Returns what is kept of the lane. */
  keep() {
    const { link, number, needs, label, name, steps, step, target, keptStep, done, digest, going, metrics, base, samples, cost, measuredAt, checkpoint } = this;
    return {
      link, number, needs, label, name, steps, done, digest: done ? digest : "", going, metrics: { ...metrics }, base, samples: { ...samples }, cost, measuredAt, checkpoint,
      step: Math.max(step, target), keptStep, history: this.told,
    };
  }

  /** Puts the lane where the checkpoint is that it was kept with. */
  takeUp(/** @type {Kept} */ { keptStep, done, digest, metrics, base, samples, cost, measuredAt, checkpoint, history }) {
    Object.assign(this, { step: keptStep, keptStep, done, digest, metrics, base, samples, cost, measuredAt, checkpoint, history, untried: true });
  }

  /** Begins anew, because the checkpoint that it was kept with cannot be used: the site has another version of the trainer or of the base. */
  beginAnew(/** @type {string} */ why) {
    const { going } = this;
    this.reset();
    if (going) this.run();
    this.emit("anew", why);
  }

  start() {
    const trainer = (this.trainer = new Trainer((m) => m.turn === this.turn && this.receive(m), (why) => trainer === this.trainer && this.fail(why)));
    this.open();
  }

  /** Has the worker begin the lane, or continue from the checkpoint. */
  open() {
    const { trainer, link, number: lane, needs: { bases }, data, checkpoint, history } = this;
    const turn = ++this.turn;
    this.ready = this.askable = this.updated = false;
    this.commands = 0;
    const files = bases.map(async (name) => ({ name, file: await base(name) }));
    for (const c of this.computed) files.push(c.file.then((file) => ({ name: c.key, file })));
    const needed = Promise.all([programs(scripted(link)), ...files]);
    const begin = async () => {
      if (this.computed.length > 0) await needed; // computing a base may take minutes, in which other lanes can begin
      if (turn === this.turn) await this.starts.turn(this);
      if (turn === this.turn) trainer?.begin();
      const [modules, ...loaded] = await needed;
      if (turn === this.turn) trainer?.post({ type: "open", turn, modules, bases: loaded, link, lane, data, checkpoint, history });
    };
    needed.catch(() => {}); // begin reports it
    this.sent = begin().catch((e) => {
      if (turn === this.turn) this.stop(e.message, "unloaded");
    });
    this.show(this.shown);
    if (this.going) this.command({ kind: "run" });
    else if (this.target > this.step) this.stepTo();
    for (const [who, makePort] of this.watchers) this.watch(who, makePort);
    if (this.pendingSaves.length > 0) this.post({ type: "save", id: this.saveId });
  }

  /** Sends the worker a message once the programs are loaded, unless the lane is opened again before. */
  async post(/** @type {ToWorker} */ message, /** @type {Transferable[]} */ transfer = []) {
    const { turn } = this;
    await this.sent;
    if (turn === this.turn) this.trainer?.post(message, transfer);
  }

  /** Sends the worker a command. */
  command(/** @type {Record<string, string | number>} */ c) {
    if (!this.trainer) return;
    this.moving = true;
    this.commands++;
    this.post({ type: "command", command: encode(c) });
  }

  /** Sends the history and all new events to a watcher. makePort is called for a new port now and after every restart of the worker. */
  watch(/** @type {string} */ who, /** @type {() => MessagePort} */ makePort) {
    this.watchers.set(who, makePort);
    const port = makePort();
    this.post({ type: "watch", who, port }, [port]);
  }

  run() {
    if (this.done || !this.usable()) return;
    this.going = true;
    this.slowly = this.unmeasured = false;
    this.prepare();
    this.command({ kind: "run" });
  }

  /** Has the bases computed that it needs and that are not here. */
  prepare() {
    for (const c of this.computed) c.want(this);
  }

  /** Has the bases computed no longer, unless another lane needs them. */
  release() {
    for (const c of this.computed) c.release(this);
  }

  pause() {
    this.going = false;
    this.target = 0;
    if (this.moving) this.command({ kind: "pause" });
    this.release();
  }

  /** Makes some updates and stops. slowly: the worker reports in detail on the one update that it makes. */
  advance(/** @type {number} */ steps, slowly = false) {
    if (this.done || !this.usable()) return;
    this.going = false;
    this.target = this.step + steps;
    this.slowly = slowly;
    this.unmeasured = true;
    this.prepare();
    this.stepTo();
  }

  /** Has the worker make the updates up to the target. */
  stepTo() {
    const steps = this.target - this.step;
    this.command(this.slowly ? { kind: "dissect", steps, samples: dissectedSamples } : { kind: "step", steps });
  }

  /** Asks about another prompt of the update that was reported in detail last. It is answered if the lane is askable. */
  dissect(/** @type {number} */ prompt) {
    this.command({ kind: "dissect", steps: 0, prompt, samples: dissectedSamples });
  }

  /** Reports whether the lane can go on. A lane without a worker gets a new one, since what could not be loaded may load now. */
  usable() {
    if (this.trainer) return !this.error;
    this.error = "";
    this.failures = 0;
    this.start();
    return true;
  }

  /** Asks for something to be shown, now and after every measurement and restart. */
  show(/** @type {Record<string, Record<string, string | number> | undefined>} */ shown) {
    Object.assign(this.shown, shown);
    for (const [kind, what] of Object.entries(shown)) if (what) this.command({ kind, ...what });
  }

  reset() {
    this.clear();
    this.release();
    this.rejectSaves(texts.lane.rewound);
    if (this.trainer) this.open();
    else this.start();
  }

  /** Ends the lane for good. */
  close() {
    this.turn++;
    this.trainer?.end();
    this.trainer = undefined;
    this.starts.over(this);
    this.release();
    for (const c of this.computed) c.watchers.delete(this.baseChanged);
    this.rejectSaves(texts.lane.removed);
  }

  /** Handles a message of the worker. */
  receive(/** @type {FromLane} */ m) {
    if (m.type === "events") for (const bytes of m.events) this.addEvent(decode(bytes), bytes);
    else if (m.type === "opened") this.opened();
    else if (m.type === "saved") this.saved(m);
    else if (m.type === "idle") this.idle(m);
    else if (m.type === "refused" && this.untried) this.beginAnew(m.why);
    else if (m.type === "refused") this.refuse(m.why);
  }

  /** Takes over what an event says about the lane, and keeps the event if the history will have it: see recorded of worker.js. */
  addEvent(/** @type {Event} */ e, /** @type {Uint8Array} */ bytes) {
    if (e.kind === "dissect") {
      this.dissected = e;
      this.askable = true;
      return this.emit("event", e);
    }
    if (e.kind === "pair" || e.kind === "examine") return this.emit("event", e);
    if (e.kind === "step") this.askable = false;
    if (e.kind !== "step" || !this.updated) this.news.push(bytes);
    this.updated = e.kind === "step";
    take(this, e);
    if (e.kind === "step") {
      this.done = false;
      this.starts.over(this);
    }
    this.emit("event", e);
  }

  /** The worker has loaded everything. */
  opened() {
    this.ready = true;
    this.untried = false;
    this.emit("change");
  }

  saved(/** @type {Extract<FromLane, {type: "saved"}>} */ { checkpoint, id }) {
    Object.assign(this, { checkpoint, history: this.told, keptStep: this.step, news: [] });
    while (id !== undefined && this.pendingSaves.length > 0 && this.pendingSaves[0].id <= id) this.pendingSaves.shift()?.resolve(checkpoint);
  }

  idle(/** @type {Extract<FromLane, {type: "idle"}>} */ { commands, done, step, digest }) {
    if (commands < this.commands) return; // newer commands are on their way to the worker
    Object.assign(this, { done, step, digest, moving: false, target: 0, slowly: false });
    this.starts.over(this);
    if (done) this.going = false;
    if (this.unmeasured && this.measuredAt !== step) this.command({ kind: "measure" });
    this.unmeasured = false;
    this.emit("change");
  }

  /** All events that pictures need. */
  get told() {
    return [...this.history, ...this.news];
  }

  /** Whether it has never been started. */
  get waiting() {
    return this.step === 0 && this.target === 0 && !this.going && !this.done && !this.error;
  }

  /** How far the base is that it waits for, in words; "" when it waits for none. */
  get computing() {
    return this.computed.map((c) => c.doing).find(Boolean) ?? "";
  }

  /** What the lane does before its first update, in words; "" at other times. */
  get preparing() {
    if (!this.going || this.step > 0) return "";
    if (this.starts.waiting.has(this)) return texts.lane.waiting;
    return this.ready ? texts.lane.measuring : texts.lane.loading;
  }

  /** Returns a promise of a checkpoint, of now or of the next moment at which the lane can be saved. */
  save() {
    if (this.checkpoint && (this.done || !this.trainer)) return Promise.resolve(this.checkpoint);
    if (!this.trainer) return Promise.reject(new Error(this.error));
    if (this.computed.some((c) => !c.here)) return Promise.reject(new Error(texts.lane.noBase));
    return new Promise((/** @type {(file: Uint8Array) => void} */ resolve, reject) => {
      const id = ++this.saveId;
      this.pendingSaves.push({ id, resolve, reject });
      this.post({ type: "save", id });
    });
  }

  /** Rejects all requests for a checkpoint. */
  rejectSaves(/** @type {string} */ why) {
    for (const { reject } of this.pendingSaves.splice(0)) reject(new Error(why));
  }

  /** The trainer has returned an error, as it would in any worker. */
  refuse(/** @type {string} */ why, /** @type {"error" | "unloaded"} */ kind = "error") {
    this.error = why;
    this.moving = this.going = false;
    this.target = 0;
    this.starts.over(this);
    this.rejectSaves(why);
    this.emit(kind, why);
  }

  /** Ends the worker. The lane gets another one when somebody runs it again. kind is "unloaded" if something that all lanes need is not here. */
  stop(/** @type {string} */ why, /** @type {"error" | "unloaded"} */ kind = "error") {
    this.trainer?.end();
    this.trainer = undefined;
    this.release();
    this.refuse(why, kind);
  }

  /** Replaces a worker that has ended. The new one continues from the newest checkpoint. */
  fail(/** @type {string} */ why) {
    this.failures = this.step > this.failedAt ? 1 : this.failures + 1;
    this.failedAt = this.step;
    if (this.failures > patience) return this.stop(say(texts.lane.stopped, { times: this.failures, step: this.step, why }));
    this.step = this.keptStep;
    this.news = []; // the new worker sends it again
    this.start();
    this.emit("restart", why);
  }
}
