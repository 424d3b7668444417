// The keeper: it keeps the run on the page as it goes, so that a reload loses nothing, and takes it up again.

import { settings } from "./naming.js";

/** Milliseconds between two savings of a run. */
const pace = 2000;

/** Milliseconds to wait for the lock of a run, which another page may have that is being closed. */
const patience = 1000;

/** The most bytes of a checkpoint that is kept: writing more of them every few seconds would hold up the page. */
const mostBytes = 16e6;

/**
 * @typedef {import("./stored.js").KeptRun} KeptRun
 * @typedef {import("./stored.js").Contents} Contents
 * @typedef {{run: KeptRun, contents: Contents}} Left a run as it was left
 */

export class Keeper {
  /**
   * @param {import("./stored.js").Stored} stored @param {import("./run.js").Run} run @param {() => string} guess the visitor's
   * @param {(removed: KeptRun[]) => void} saved is called when the run has been saved, with the runs that were removed to make room
   * @param {(why: string) => void} failed is called when it cannot be saved
   */
  constructor(stored, run, guess, saved, failed) {
    this.stored = stored;
    this.run = run;
    this.guess = guess;
    this.saved = saved;
    this.failed = failed;
    this.state = ""; // of the lanes when the run was saved last
    this.writing = Promise.resolve();
    this.held = ""; // the link of the run whose lock this page has
    this.release = () => {};
    setInterval(() => this.save(), pace);
    addEventListener("pagehide", () => this.save());
    addEventListener("visibilitychange", () => document.hidden && this.save());
  }

  /** Begins to keep the run of a description. */
  begin(/** @type {any} */ d, /** @type {KeptRun | undefined} */ kept) {
    this.d = d;
    this.state = "";
    this.when = kept?.when ?? Date.now();
    if (!d.replayed && this.held !== d.link) this.hold(d.link);
  }

  /** The run as it is now; undefined before its first update, and for one that was trained elsewhere. @returns {Left | undefined} */
  now() {
    const { d, run } = this;
    if (!d || d.replayed || d.missing || !run.begun) return undefined;
    const lanes = run.lanes.map((l) => l.keep());
    for (const lane of lanes) if ((lane.checkpoint?.length ?? 0) > mostBytes) lane.checkpoint = undefined;
    const data = run.data.get(d.data?.digest ?? "");
    const bytes = (data?.length ?? 0) + lanes.reduce((sum, { checkpoint, history }) => history.reduce((all, e) => all + e.length, sum + (checkpoint?.length ?? 0)), 0);
    return {
      run: {
        key: d.link, link: d.address, name: d.name, task: d.task.name, title: d.exhibit?.title ?? d.task.title, settings: settings(d),
        when: this.when ?? 0, pinned: false, from: "", guess: this.guess(), bytes,
        lanes: lanes.map(({ label, name, steps, step, done, digest }) => ({ label, name, steps, step, done, digest })),
      },
      contents: { data, lanes },
    };
  }

  /** Saves the run, if there is anything new. Resolves when it is saved. */
  save() {
    const state = JSON.stringify(this.run.lanes.map((l) => [l.step, l.keptStep, l.going, l.done, l.digest, l.measuredAt, this.guess()]));
    if (state === this.state) return this.writing;
    const now = this.now();
    if (!now) return this.writing;
    this.state = state;
    return this.write(now);
  }

  /** Saves the run for the last time, paused, because another one takes its place, and returns it; undefined if there is nothing to keep. */
  leave() {
    const now = this.now();
    this.d = undefined;
    if (!now) return undefined;
    for (const lane of now.contents.lanes) lane.going = false;
    this.write(now);
    return now;
  }

  /** Writes one after the other. */
  write(/** @type {Left} */ { run, contents }) {
    this.writing = this.writing.then(() => this.stored.put(run, contents)).then((removed) => this.saved(removed), (e) => this.failed(`this run cannot be kept: ${e?.message || "the browser has no room left"}`));
    return this.writing;
  }

  /**
   * The run of a link as it was left, if it is kept and unfinished, or finished and again is true. While another page has it, undefined:
   * that page goes on with it. @param {string} link @param {boolean} again @returns {Promise<Left | undefined>}
   */
  async left(link, again) {
    await this.writing;
    const run = await this.stored.run(link);
    if (!run || (!again && run.lanes.every((l) => l.done))) return undefined;
    if (this.held !== link && !(await this.hold(link, AbortSignal.timeout(patience)))) return undefined;
    const contents = await this.stored.contents(link);
    return contents && { run, contents };
  }

  /**
   * Requests the lock of a run instead of the one that this page has. It resolves with whether the page has it now; without a signal it
   * waits as long as another page has it. Where there are no locks it is never had.
   * @param {string} link @param {AbortSignal} [signal] @returns {Promise<boolean>}
   */
  hold(link, signal) {
    this.release();
    this.held = "";
    const given = new AbortController();
    return new Promise((resolve) => {
      this.release = () => given.abort();
      const locked = () => new Promise((/** @type {(_?: unknown) => void} */ release) => {
        this.held = link;
        this.release = () => release();
        resolve(true);
      });
      try {
        navigator.locks.request(`posttrain run ${link}`, { signal: signal ? AbortSignal.any([signal, given.signal]) : given.signal }, locked).catch(() => resolve(false));
      } catch { // no locks in this frame, or without https
        resolve(false);
      }
    });
  }
}
