// What events say about a lane, and lanes of which there is nothing but their events.

import { decode } from "./msgp.js";

/** @typedef {import("./lane.js").Event} Event */

/** Takes over what an event says about a lane. */
export function take(/** @type {any} */ lane, /** @type {Event} */ e) {
  const metrics = Object.fromEntries((e.metrics ?? []).map(({ n, v }) => [n, v]));
  lane.step = e.step;
  lane.cost = e.cost;
  Object.assign(lane.metrics, metrics);
  if (e.kind === "eval") {
    lane.measuredAt = e.step;
    if (e.step === 0) lane.base = { ...lane.base, ...metrics };
    if (e.samples) lane.samples[e.samples[0].level] = e.samples;
  }
  if (e.kind === "ask") lane.answers = e.samples ?? [];
}

/** A lane as its events tell it: it stands at the last one, and nothing of it moves. */
export class Told {
  /** @param {{label: string, name: string, steps: number}} named @param {Uint8Array[]} events */
  constructor({ label, name, steps }, events) {
    Object.assign(this, { label, name, steps, events, text: "", error: "", digest: "", samples: {}, answers: [], metrics: {}, base: undefined, step: 0, measuredAt: -1 });
    Object.assign(this, { done: true, waiting: false, going: false, moving: false, preparing: "" });
    for (const bytes of events) take(this, decode(bytes));
  }

  /** The events, as a lane in training has them. */
  get told() {
    return /** @type {Uint8Array[]} */ (/** @type {any} */ (this).events);
  }

  /** Sends the events to a watcher. */
  watch(/** @type {string} */ _, /** @type {() => MessagePort} */ makePort) {
    makePort().postMessage({ events: this.told });
  }
}
