// The time line: it takes every picture, table and answer of the page back to a measurement of the run, and forward again.

import { fill, h } from "./dom.js";
import { count } from "./format.js";
import { decode } from "./msgp.js";
import { say } from "./say.js";
import { Told } from "./told.js";

/** Milliseconds between two measurements when the run is shown again slowly. */
const pace = 700;

/** @typedef {import("./lane.js").Lane} Lane */

export class Timeline {
  /** @param {HTMLElement} place @param {import("./run.js").Run} run @param {() => void} moved is called when the page is to be drawn for another time */
  constructor(place, run, moved) {
    this.run = run;
    this.moved = moved;
    this.place = place;
    /** @type {WeakMap<Uint8Array, {step: number, kind: string}>} what has been read of events */
    this.read = new WeakMap();
    /** @type {number[]} the updates after which a lane was measured */
    this.stops = [];
    /** @type {number | undefined} */
    this.playing = undefined;
    this.going = false;
    this.slider = h("input", { type: "range", min: 0, step: 1, id: "timeline", "aria-label": texts.timeline.label, oninput: () => this.choose(this.slider.valueAsNumber) });
    this.says = h("output.small", { htmlFor: "timeline" });
    const button = (/** @type {string} */ text, /** @type {string} */ title, /** @type {() => void} */ onclick) => h("button", { type: "button", title, "aria-label": title, onclick }, text);
    this.back = button("◀", texts.timeline.back, () => this.choose(this.at - 1));
    this.on = button("▶", texts.timeline.on, () => this.choose(this.at + 1));
    this.slowly = h("button.quiet", { type: "button", onclick: () => this.play() });
    this.now = h("button.quiet", { type: "button", onclick: () => this.choose(Infinity) }, texts.timeline.now);
    fill(place, this.back, this.slider, this.on, this.says, this.slowly, this.now);
  }

  /** The number of the stop that is shown; the last one when that is the present. */
  get at() {
    const { past } = this.run;
    return past === undefined ? this.stops.length - 1 : this.stops.indexOf(past.step);
  }

  /** Takes over what lanes have reported since the last drawing. */
  draw() {
    const { run } = this;
    /** @type {Set<number>} */
    const stops = new Set();
    for (const lane of run.lanes) for (const bytes of lane.told) if (this.glance(bytes).kind === "eval") stops.add(this.glance(bytes).step);
    this.stops = [...stops].sort((a, b) => a - b);
    const last = this.stops.length - 1;
    this.place.hidden = last < 1;
    if (last < 1) return this.stop();
    this.slider.max = String(last);
    this.slider.value = String(this.at);
    const steps = Math.max(...run.lanes.map((l) => l.steps));
    const said = say(run.past ? texts.timeline.past : texts.timeline.after, { step: count(this.stops[this.at]), steps: count(steps) });
    this.slider.setAttribute("aria-valuetext", said);
    fill(this.says, said);
    this.back.disabled = this.at <= 0;
    this.on.disabled = this.now.hidden = run.past === undefined;
    fill(this.slowly, this.playing === undefined ? texts.timeline.again : texts.timeline.stop);
  }

  /** The step and the kind of an event. */
  glance(/** @type {Uint8Array} */ bytes) {
    let found = this.read.get(bytes);
    if (!found) {
      const { step, kind } = decode(bytes);
      this.read.set(bytes, (found = { step, kind }));
    }
    return found;
  }

  /** Shows the run as it was at a stop; at the last one and beyond, as it is now. */
  async choose(/** @type {number} */ at, playing = false) {
    if (!playing) this.stop();
    this.wanted = at < this.stops.length - 1 ? this.stops[Math.max(at, 0)] : undefined;
    if (this.going) return; // the slider may be faster than the pictures
    this.going = true;
    try {
      while (this.run.past?.step !== this.wanted) {
        await this.run.goTo(this.wanted === undefined ? undefined : this.then(this.wanted));
        this.moved();
      }
    } finally {
      this.going = false;
    }
  }

  /** The lanes as they were after an update. @returns {import("./run.js").Past} */
  then(/** @type {number} */ step) {
    const lanes = this.run.lanes.map((lane) => {
      const told = new Told(lane, lane.told.filter((bytes) => this.glance(bytes).step <= step));
      return Object.assign(told, { done: lane.done && lane.step <= step });
    });
    return { step, lanes: /** @type {any[]} */ (lanes) };
  }

  /** Shows the run from its start, one measurement after the other, or stops that. */
  play() {
    if (this.playing !== undefined) {
      this.stop();
      return this.draw();
    }
    let at = 0;
    const next = async () => {
      await this.choose(at, true);
      if (++at < this.stops.length && this.playing !== undefined) this.playing = setTimeout(next, pace);
      else this.stop();
      this.draw();
    };
    this.playing = setTimeout(next, 0);
  }

  stop() {
    clearTimeout(this.playing);
    this.playing = undefined;
  }
}
