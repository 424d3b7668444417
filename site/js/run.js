// A recipe in training: its lanes, the clerk's record of them, and the stage that draws them.

import { Lane } from "./lane.js";
import { Starts } from "./starts.js";

/** How many responses the completion tree is made of, and how many responses of a group are shown token by token. */
const samples = 64;

/**
 * @typedef {{step: number, lanes: Lane[]}} Past
 * @typedef {{name: string, steps: number, watch: Lane["watch"]}} Watched
 */

export class Run {
  /** @param {import("./clerk.js").Clerk} clerk @param {(kind: string, lane?: Lane, detail?: any) => void} emit */
  constructor(clerk, emit) {
    this.clerk = clerk;
    this.emit = emit;
    /** @type {Lane[]} */
    this.lanes = [];
    /** Those of the recipe before, while the open one has settings that cannot be trained: the next one may have them again. @type {Lane[]} */
    this.parked = [];
    const cores = navigator.hardwareConcurrency || 2; // a browser may not tell
    this.starts = new Starts(Math.max(1, cores - 1), () => emit("turn")); // one is for the page, the clerk and the browser's compiler
    this.look = { level: "", prompt: 0, samples };
    /** @type {{prompt: number, samples: number} | undefined} the group whose tokens are explained; undefined until a picture needs it */
    this.weigh = undefined;
    /** @type {{} | undefined} set once a picture needs the comparison of weights with the base's */
    this.compare = undefined;
    /** @type {{text: string, samples: number} | undefined} the visitor's own prompt */
    this.question = undefined;
    this.task = "";
    /** @type {import("./stage-frame.js").StageFrame | undefined} */
    this.stage = undefined;
    /** The lanes as they were after an update, which are shown instead of what they are. @type {Past | undefined} */
    this.past = undefined;
    this.record = ""; // a scene.Recipe for the stage, as JSON; "" until the clerk has begun the newest record
    this.number = 0; // of the newest record
    /** The lanes whose ends are on record. @type {Set<number>} */
    this.ended = new Set();
    /** The runs that are drawn with the lanes: kept ones, and the same again. @type {(() => {name: string, again?: boolean, lanes: Watched[]}[])} */
    this.besides = () => [];
    this.beside = this.besides(); // as they are in the newest record
    /** @type {Map<string, string>} the texts of the data sets that were added, by digest */
    this.data = new Map();
  }

  /**
   * Opens another recipe. A lane that is the same as before keeps what it has learned, unless it has stopped for good. The
   * promise resolves when the clerk has begun the record; the lanes can be run before.
   * @param {import("../types/messages.js").staging.Description & { replayed?: { lanes: any[] } }} description replayed has lanes that were trained elsewhere
   * @param {import("./lane.js").Kept[]} [kept] the lanes of this recipe as they were left
   */
  async open(description, kept = []) {
    const wide = JSON.stringify([description.name, description.data, description.reward?.digest, description.knobs.map((/** @type {any} */ k) => k.value), description.base.settings.changed, description.sizes.changed]);
    const levels = description.task.levels;
    if (!levels.some((/** @type {any} */ l) => l.name === this.look.level)) this.look = { level: (levels[1] ?? levels[0]).name, prompt: 0, samples };
    if (description.task.name !== this.task) this.question = undefined;
    this.task = description.task.name;
    this.past = undefined;
    const old = [...this.lanes, ...this.parked];
    this.lanes = description.replayed?.lanes ?? description.lanes.map((/** @type {any} */ d, /** @type {number} */ i) => {
      const text = wide + JSON.stringify(d.stages.map((/** @type {any} */ s) => [s.method, s.settings.map((/** @type {any} */ k) => k.value)]));
      const left = kept[i];
      const at = old.findIndex((l) => l.text === text && l.trainer && l.step >= (left?.step ?? 0));
      if (at >= 0) return Object.assign(old.splice(at, 1)[0], { label: d.label, name: d.name });
      const lane = new Lane(left?.link ?? description.address, left?.number ?? i, left?.needs ?? description, d, this.data.get(description.data?.digest ?? ""), { look: this.look, ask: this.question, weigh: this.weigh, compare: this.compare }, this.starts, (kind, detail) => this.lanes.includes(lane) && this.emit(kind, lane, detail), left);
      lane.text = text;
      return lane;
    });
    this.parked = description.refused ? old : [];
    for (const lane of old) {
      if (description.refused) lane.pause();
      else lane.close();
    }
    this.lanes.forEach((lane, i) => goOn(lane, kept[i]));
    await this.begin(description.address);
  }

  /** Begins a new record, for the clerk and for the stage. */
  async begin(/** @type {string} */ link) {
    this.link = link;
    this.record = "";
    const number = ++this.number;
    this.beside = this.besides();
    const beside = this.beside.map(({ name, again, lanes }) => ({ name, again, lanes: lanes.map((l) => ({ label: l.name, steps: l.steps })) }));
    const asked = this.clerk.ask("record", { link, beside: JSON.stringify(beside) });
    this.drawn.forEach((lane, i) => {
      lane.watch("clerk", () => {
        const { port1, port2 } = new MessageChannel();
        this.clerk.listen(i, port1);
        return port2;
      });
    });
    const record = JSON.stringify(await asked);
    if (number !== this.number) return;
    this.record = record;
    this.ended.clear(); // until now the clerk has reported on earlier records
    this.show(this.stage);
  }

  /** Begins a new record of the same recipe, for a clerk whose worker is new or for lanes that are rewound. */
  async beginAgain() {
    if (this.link !== undefined) await this.begin(this.link);
  }

  /**
   * Asks the clerk about the record. The answer is undefined if another record has begun meanwhile.
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

  /** Has a stage draw the lanes, or none if stage is undefined. */
  show(/** @type {import("./stage-frame.js").StageFrame | undefined} */ stage) {
    this.stage = stage;
    if (!stage || !this.record) return;
    stage.record(this.record);
    this.drawn.forEach((lane, i) => {
      lane.watch("stage", () => {
        const { port1, port2 } = new MessageChannel();
        stage.listen(i, port1);
        return port2;
      });
    });
  }

  /** The lanes of the record: those of the recipe, then those of the runs beside it. */
  get drawn() {
    return [...this.seen, ...this.beside.flatMap(({ lanes }) => lanes)];
  }

  /** The lanes to show: as they are, or as they were. */
  get seen() {
    return this.past?.lanes ?? this.lanes;
  }

  /** Shows the lanes as they were, or if past is undefined as they are now. Resolves when the clerk has begun the record of that. */
  async goTo(/** @type {Past | undefined} */ past) {
    this.past = past;
    if (past) for (const lane of this.lanes) lane.watchers.clear(); // which would tell the record what comes later
    await this.beginAgain();
  }

  /** How many seconds Run will first compute bases; 0 when they are here or are being computed. */
  get uncomputed() {
    const waiting = new Set(this.lanes.flatMap((l) => l.computed.filter((c) => !c.here && !c.attempt)));
    return [...waiting].reduce((sum, c) => sum + c.seconds, 0);
  }

  /** How far the bases are that lanes wait for, as a sentence; "" when none does. */
  get computing() {
    return this.lanes.map((l) => l.computing).find(Boolean) ?? "";
  }

  /** How many updates the lanes have made, or will have made where they pause. */
  get far() {
    return this.lanes.reduce((sum, l) => sum + Math.max(l.step, l.target), 0);
  }

  /** Whether a lane has made an update. */
  get begun() {
    return this.lanes.some((l) => l.step > 0);
  }

  /** Whether a lane is running that has made no update yet. */
  get starting() {
    return this.lanes.some((l) => l.going && l.step === 0);
  }

  /** Whether leaving the page would lose an unfinished run. */
  get unfinished() {
    return this.lanes.some((l) => l.going || (l.step > 0 && !l.done && !l.error));
  }

  /** The numbers of the lanes that have not been started although others have: lanes that were added or changed later. */
  get waiting() {
    const waiting = this.lanes.flatMap((l, i) => (l.waiting ? [i] : []));
    return waiting.length < this.lanes.length ? waiting : [];
  }

  /** Whether there is a verdict: every lane that has been started was measured after an update. */
  get measured() {
    return this.lanes.some((l) => l.measuredAt > 0) && this.lanes.every((l) => l.waiting || l.measuredAt > 0);
  }

  get running() {
    return this.lanes.some((l) => l.going);
  }

  /** Whether there is something to pause: a lane that trains to its end, or a base that is being computed. */
  get busy() {
    return this.running || this.computing !== "" || this.starts.run !== undefined;
  }

  get done() {
    return this.lanes.length > 0 && this.lanes.every((l) => l.done);
  }

  /** Whether the record has the ends of all lanes, so that the verdict no longer changes. */
  get endsRecorded() {
    return this.lanes.every((_, i) => this.ended.has(i));
  }

  run() {
    this.starts.whenMine(() => {
      for (const lane of this.lanes) lane.run();
    });
  }

  pause() {
    this.starts.forget();
    for (const lane of this.lanes) lane.pause();
  }

  /** Has every lane make some updates. slowly: a single one, which the lane reports in detail. */
  step(/** @type {number} */ n, slowly = false) {
    this.starts.whenMine(() => {
      for (const lane of this.lanes) lane.advance(n, slowly);
    });
  }

  /** Lets other labs on the page train, if this one has nothing to do. */
  rest() {
    if (!this.busy && this.lanes.every((l) => !l.moving)) this.starts.rest();
  }

  async reset() {
    this.past = undefined;
    for (const lane of this.lanes) {
      lane.watchers.clear();
      lane.reset();
    }
    await this.beginAgain();
  }

  lookAt(/** @type {string} */ level, /** @type {number} */ prompt) {
    this.look = { level, prompt, samples };
    for (const lane of this.lanes) lane.show({ look: this.look });
  }

  askAll(/** @type {string} */ text, /** @type {number} */ samples) {
    this.question = { text, samples };
    for (const lane of this.lanes) if (lane.usable()) lane.prepare();
    for (const lane of this.lanes) lane.show({ ask: this.question });
  }

  weighAt(/** @type {number} */ prompt) {
    if (this.weigh?.prompt === prompt) return;
    this.weigh = { prompt, samples };
    for (const lane of this.lanes) lane.show({ weigh: this.weigh });
  }

  /** Asks all lanes to compare their weights with the base's. They do so from the first call on. */
  compareAll() {
    if (this.compare) return;
    this.compare = {};
    for (const lane of this.lanes) lane.show({ compare: this.compare });
  }
}

/** Has a lane that was kept do what it did when it was left: train, or stand at its step, which may be a few updates after its checkpoint. */
function goOn(/** @type {Lane} */ lane, /** @type {import("./lane.js").Kept | undefined} */ left) {
  if (!left || lane.done) return;
  if (left.going) lane.run();
  else if (lane.step < left.step) {
    lane.advance(left.step - lane.step);
    lane.unmeasured = false; // it was not measured there
  }
}
