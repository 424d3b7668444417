// The same recipe again with other seeds, or on bases that were pretrained with other seeds. The pictures draw a band around what they and the
// run on the page have come to.

import { link as compose, parts } from "./controls.js";
import { fill, h } from "./dom.js";
import { Lane } from "./lane.js";
import { say } from "./say.js";

/** How many runs there can be, the one on the page included. verdict.MostRuns of the trainer is larger. */
const numbers = [3, 5, 8];

/** How many lanes train at the same time, those on the page included: each has a core. */
const atOnce = navigator.hardwareConcurrency || 2; // a browser may not tell

/**
 * A lane of a run again. lane is undefined before it begins and when it has ended; told are its events then. watchers have functions that make
 * a port for a watcher, by the watcher's name.
 * @typedef {{d: any, number: number, lane: Lane | undefined, told: Uint8Array[], done: boolean, watchers: Map<string, () => MessagePort>}} Again
 */

export class Repeats {
  /**
   * @param {HTMLElement} place @param {import("./run.js").Run} run @param {import("./clerk.js").Clerk} clerk
   * @param {{changed: () => void, moved: () => void, warn: (why: string) => void}} on changed is called when there are other runs; moved when one of
   *   their lanes has been measured or stands still
   */
  constructor(place, run, clerk, on) {
    this.place = place;
    this.run = run;
    this.clerk = clerk;
    this.on = on;
    this.chosen = ""; // what differs and how many runs there are, such as "seeds 3"; "" for the run on the page alone
    /** @type {{name: string, lanes: Again[]}[]} */
    this.runs = [];
    this.wanted = false; // whether they are to train
    this.turn = 0; // how many times they were made anew
  }

  /** Takes over the recipe on the page. What was trained for another one is dropped. */
  describe(/** @type {any} */ d) {
    this.close();
    this.d = d;
    const can = !d.replayed && !d.missing;
    const bases = d.base.name && !d.base.own;
    if (!can || (!bases && this.chosen.startsWith("bases"))) this.chosen = "";
    const option = (/** @type {"seeds" | "bases"} */ what, /** @type {number} */ n) => h("option", { value: `${what} ${n}`, selected: this.chosen === `${what} ${n}` }, say(what === "seeds" ? texts.repeats.seeds : texts.repeats.bases, { count: n }));
    const select = h("select", { id: "repeats", disabled: !can, onchange: () => this.choose(select.value) },
      h("option", { value: "" }, texts.repeats.oneRun), numbers.map((n) => option("seeds", n)), bases && numbers.slice(0, 2).map((n) => option("bases", n)));
    fill(this.place, h("label", { title: texts.repeats.title }, h("span.spoken", null, `${texts.repeats.runs} `), select));
    if (this.chosen) this.make();
  }

  choose(/** @type {string} */ chosen) {
    this.chosen = chosen;
    this.close();
    this.make();
  }

  /** Makes the runs that were chosen. They train once the run on the page has begun. */
  async make() {
    const { d, turn } = this;
    const [what, n] = this.chosen.split(" ");
    try {
      const runs = [];
      for (let i = 1; i < Number(n ?? 1); i++) {
        const again = await this.clerk.ask("describe", { link: compose(other(d, what, i)) });
        const name = what === "seeds" ? say(texts.repeats.seed, { number: again.knobs.find((/** @type {any} */ k) => k.name === "seed")?.value ?? "" }) : say(texts.repeats.base, { number: baseSeed(d) + i });
        runs.push({ name, lanes: again.lanes.map((/** @type {any} */ _, /** @type {number} */ number) => ({ d: again, number, lane: undefined, told: [], done: false, watchers: new Map() })) });
      }
      if (turn !== this.turn) return;
      this.runs = runs;
      this.wanted ||= this.run.begun; // Run may have been pressed meanwhile
    } catch (/** @type {any} */ e) {
      if (turn === this.turn) this.on.warn(e.message);
    }
    this.on.changed();
    this.next();
  }

  /** All lanes, those of one run before those of the next. */
  get lanes() {
    return this.runs.flatMap(({ lanes }) => lanes);
  }

  /** Whether a lane trains or waits for a core. */
  get busy() {
    return this.wanted && this.unfinished;
  }

  get unfinished() {
    return this.lanes.some((l) => !l.done);
  }

  /** How far they are, as the end of a sentence; "" if there are none. */
  get far() {
    const all = this.runs.length + 1;
    const ended = this.runs.filter(({ lanes }) => lanes.every((l) => l.done)).length + Number(this.run.done);
    return all > 1 ? ` \u00b7 ${say(texts.repeats.far, { ended, all })}` : "";
  }

  /** Trains them as cores become free. */
  go() {
    this.wanted = true;
    for (const { lane } of this.lanes) lane?.run();
    this.next();
  }

  pause() {
    this.wanted = false;
    for (const { lane } of this.lanes) lane?.pause();
  }

  /** Begins lanes while there are cores for them. Those on the page come first. */
  next() {
    if (!this.wanted) return;
    let training = this.run.lanes.filter((l) => l.going).length + this.lanes.filter((l) => l.lane).length;
    for (const again of this.lanes) {
      if (training >= atOnce) return;
      if (again.lane || again.done) continue;
      this.begin(again);
      training++;
    }
  }

  begin(/** @type {Again} */ again) {
    const { run } = this;
    const { d, number, watchers } = again;
    const lane = new Lane(d.address, number, d, d.lanes[number], run.data.get(d.data?.digest ?? ""), {}, run.starts, (kind, detail) => this.heard(again, kind, detail));
    again.lane = lane;
    for (const [who, makePort] of watchers) lane.watch(who, makePort);
    lane.run();
  }

  /** Handles what a lane emits. */
  heard(/** @type {Again} */ again, /** @type {string} */ kind, /** @type {any} */ detail) {
    const { lane } = again;
    if (!lane) return;
    if (kind === "error" || kind === "unloaded") {
      this.on.warn(say(texts.repeats.stopped, { name: this.runs.find(({ lanes }) => lanes.includes(again))?.name ?? "", why: detail }));
      this.end(again);
    } else if (kind === "change" && lane.done) this.end(again);
    if (kind === "change" || (kind === "event" && detail.kind === "eval")) this.on.moved();
  }

  /** Keeps what a lane has reported, and lets its worker go. */
  end(/** @type {Again} */ again) {
    again.told = again.lane?.told ?? [];
    again.done = true;
    again.lane?.close();
    again.lane = undefined;
    this.next();
  }

  /** Drops all runs. */
  close() {
    this.turn++;
    for (const { lane } of this.lanes) lane?.close();
    this.runs = [];
    this.wanted = false;
  }

  /** The runs for the record: see scene.Beside. */
  beside() {
    return this.runs.map(({ name, lanes }) => ({ name, again: true, lanes: lanes.map((again) => {
      const { name, steps } = again.d.lanes[again.number];
      return { name, steps, watch: (/** @type {string} */ who, /** @type {() => MessagePort} */ makePort) => watch(again, who, makePort) };
    }) }));
  }
}

/** Sends a watcher the events of a lane, also those to come. One that has not begun sends them when it does. */
function watch(/** @type {Again} */ again, /** @type {string} */ who, /** @type {() => MessagePort} */ makePort) {
  again.watchers.set(who, makePort);
  if (again.lane) again.lane.watch(who, makePort);
  else if (again.done) makePort().postMessage({ events: again.told });
}

/** The seed of the base's pretraining. */
function baseSeed(/** @type {any} */ d) {
  return Number(d.base.settings.changed.map((/** @type {string} */ s) => s.split("=")).find((/** @type {string[]} */ [key]) => key === "seed")?.[1] ?? 1);
}

/** The recipe with another seed, or another one of its base: larger by i. @param {any} d @param {string} what @param {number} i */
function other(d, what, i) {
  const p = parts(d);
  if (what === "seeds") p.wide.seed = String(Number(p.wide.seed) + i);
  else p.wide.base = [...p.wide.base.split(",").filter((/** @type {string} */ s) => !s.startsWith("seed=")), `seed=${baseSeed(d) + i}`].join(",");
  return p;
}
