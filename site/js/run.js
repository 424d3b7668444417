// A recipe in training: its lanes, the clerk's record of them, and whoever draws them.

import { Lane } from "./lane.js";

/** How many responses the completion tree is made of, and how many of a group are told about token by token. */
const samples = 64;

export class Run {
  /** @param {import("./clerk.js").Clerk} clerk @param {(kind: string, lane?: Lane, detail?: any) => void} tell */
  constructor(clerk, tell) {
    this.clerk = clerk;
    this.tell = tell;
    /** @type {Lane[]} */
    this.lanes = [];
    this.look = { level: "", prompt: 0, samples };
    /** @type {{prompt: number, samples: number} | undefined} which group of the batch is told about, once anybody wants to know */
    this.weigh = undefined;
    /** @type {{} | undefined} there once anybody wants to know about the weights */
    this.compare = undefined;
    /** @type {{text: string, samples: number} | undefined} somebody's own prompt */
    this.question = undefined;
    this.task = "";
    /** @type {import("./stage-frame.js").StageFrame | undefined} */
    this.stage = undefined;
    this.record = ""; // what a stage needs to know of it; "" until the clerk has begun the newest
    this.number = 0; // of the newest record
    /** @type {Map<string, string>} the data sets that were brought, by digest */
    this.data = new Map();
  }

  /**
   * Takes up another recipe. A lane that is the same as before keeps what it has learned, unless it has stopped for good. The
   * promise ends when the clerk has the record; until then lanes can be run already.
   * @param {import("../types/messages.js").staging.Description} description
   */
  async open(description) {
    const wide = JSON.stringify([description.name, description.data, description.knobs.map((/** @type {any} */ k) => k.value), description.base.settings.changed, description.sizes.changed]);
    const levels = description.task.levels;
    if (!levels.some((/** @type {any} */ l) => l.name === this.look.level)) this.look = { level: (levels[1] ?? levels[0]).name, prompt: 0, samples };
    if (description.task.name !== this.task) this.question = undefined;
    this.task = description.task.name;
    const old = this.lanes;
    this.lanes = description.lanes.map((/** @type {any} */ d, /** @type {number} */ i) => {
      const text = wide + JSON.stringify(d.stages.map((/** @type {any} */ s) => [s.method, s.settings.map((/** @type {any} */ k) => k.value)]));
      const at = old.findIndex((l) => l.text === text && l.trainer);
      if (at >= 0) return Object.assign(old.splice(at, 1)[0], { label: d.label, name: d.name });
      const lane = new Lane(description.address, i, description, d, this.data.get(description.data?.digest ?? ""), { look: this.look, ask: this.question, weigh: this.weigh, compare: this.compare }, (kind, detail) => this.lanes.includes(lane) && this.tell(kind, lane, detail));
      lane.text = text;
      return lane;
    });
    for (const lane of old) lane.close();
    await this.begin(description.address);
  }

  /** Starts the record anew, for the clerk and for the stage. */
  async begin(/** @type {string} */ link) {
    this.link = link;
    this.record = "";
    const number = ++this.number;
    const asked = this.clerk.ask("record", { link });
    this.lanes.forEach((lane, i) => {
      lane.watch("clerk", () => {
        const { port1, port2 } = new MessageChannel();
        this.clerk.listen(i, port1);
        return port2;
      });
    });
    const record = JSON.stringify(await asked);
    if (number !== this.number) return;
    this.record = record;
    this.show(this.stage);
  }

  /** Starts the record once more, for a clerk that knows nothing of it. */
  async again() {
    if (this.link !== undefined) await this.begin(this.link);
  }

  /**
   * Asks the clerk about the record. The answer is undefined when another record has begun meanwhile.
   * @template {"table" | "picture" | "verdict"} W
   * @param {W} what @param {Record<string, any>} [more] @returns {Promise<import("../types/workers.js").Answers[W] | undefined>}
   */
  async ask(what, more) {
    const { number } = this;
    const current = () => number === this.number;
    return this.clerk.ask(what, more).then((answer) => (current() ? answer : undefined), (e) => {
      if (current()) throw e;
      return undefined;
    });
  }

  /** Lets a stage draw the lanes. */
  show(/** @type {import("./stage-frame.js").StageFrame | undefined} */ stage) {
    this.stage = stage;
    if (!stage || !this.record) return;
    stage.record(this.record);
    this.lanes.forEach((lane, i) => {
      lane.watch("stage", () => {
        const { port1, port2 } = new MessageChannel();
        stage.listen(i, port1);
        return port2;
      });
    });
  }

  /** How many seconds Run will first compute bases; 0 when they are here or are being computed. */
  get uncomputed() {
    const waiting = new Set(this.lanes.flatMap((l) => l.computed.filter((c) => !c.here && !c.begun)));
    return [...waiting].reduce((sum, c) => sum + c.seconds, 0);
  }

  /** How far the bases are that lanes wait for, as a sentence; "" when none does. */
  get computing() {
    return this.lanes.map((l) => l.computing).find(Boolean) ?? "";
  }

  /** Whether lanes are on the way to their first update. */
  get starting() {
    return this.lanes.some((l) => l.going && l.step === 0);
  }

  /** Whether something has been trained that is lost with the page. */
  get unfinished() {
    return this.lanes.some((l) => l.going || (l.step > 0 && !l.done && !l.error));
  }

  /** The numbers of the lanes that nobody has started, once others have begun: they were added or changed since. */
  get waiting() {
    const waiting = this.lanes.flatMap((l, i) => (l.waiting ? [i] : []));
    return waiting.length < this.lanes.length ? waiting : [];
  }

  /** Whether a verdict must come: every lane that does not wait was measured after an update. */
  get measured() {
    return this.lanes.some((l) => l.measuredAt > 0) && this.lanes.every((l) => l.waiting || l.measuredAt > 0);
  }

  get running() {
    return this.lanes.some((l) => l.going);
  }

  get done() {
    return this.lanes.length > 0 && this.lanes.every((l) => l.done);
  }

  run() {
    for (const lane of this.lanes) lane.run();
  }

  pause() {
    for (const lane of this.lanes) lane.pause();
  }

  step(/** @type {number} */ n) {
    for (const lane of this.lanes) lane.advance(n);
  }

  async reset() {
    for (const lane of this.lanes) {
      lane.watchers.clear();
      lane.reset();
    }
    await this.again();
  }

  lookAt(/** @type {string} */ level, /** @type {number} */ prompt) {
    this.look = { level, prompt, samples };
    for (const lane of this.lanes) lane.show({ look: this.look });
  }

  askAll(/** @type {string} */ text, /** @type {number} */ samples) {
    this.question = { text, samples };
    for (const lane of this.lanes) lane.prepare();
    for (const lane of this.lanes) lane.show({ ask: this.question });
  }

  weighAt(/** @type {number} */ prompt) {
    if (this.weigh?.prompt === prompt) return;
    this.weigh = { prompt, samples };
    for (const lane of this.lanes) lane.show({ weigh: this.weigh });
  }

  /** The lanes tell about their weights from the first time on that somebody looks at them. */
  compareAll() {
    if (this.compare) return;
    this.compare = {};
    for (const lane of this.lanes) lane.show({ compare: this.compare });
  }
}
