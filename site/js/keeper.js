// The keeper: it keeps the run on the page as it goes, so that a reload loses nothing, and takes it up again.

import { settings } from "./naming.js";
import { say } from "./say.js";
import { far, secondKey } from "./stored.js";

/** Milliseconds between two savings of a run. */
const pace = 2000;

/** Milliseconds to wait for the lock of a run, which another page may have that is being closed. */
const patience = 1000;

/** The most bytes of a checkpoint that is kept: writing more of them every few seconds would hold up the page. */
const mostBytes = 16e6;

/** How often in a row saving may fail before the visitor is told. The browser may have closed the database, and opens it again. */
const tolerated = 1;

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
    this.key = ""; // under which the run is kept; "" if it has not been saved
    this.from = 0; // how many updates it had when it was taken up
    this.failures = 0; // how often in a row saving has failed
    this.writing = Promise.resolve();
    this.wanted = ""; // the link of the run whose lock this page has or waits for
    this.held = ""; // the same if it has it
    this.release = () => {};
    setInterval(() => this.save(), pace);
    addEventListener("pagehide", () => this.save());
    addEventListener("visibilitychange", () => document.hidden && this.save());
  }

  /** Begins to keep the run of a description. */
  begin(/** @type {any} */ d, /** @type {KeptRun | undefined} */ kept) {
    this.key = kept?.key ?? (this.d ? this.key : "");
    this.d = d;
    this.state = "";
    this.failures = 0;
    this.when = kept?.when ?? Date.now();
    this.from = kept ? far(kept) : 0;
    if (this.wanted !== d.link) this.letGo();
    if (kept) this.claim(d.link);
    this.note();
  }

  /** How many updates the run on the page has made. One that is taken up has those that it was left with, even before it has caught up. */
  get far() {
    return this.run.far && Math.max(this.from, this.run.far);
  }

  /** Whether a reload would lose nothing. */
  get lasting() {
    return this.stored.lasting && this.failures === 0;
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
    if (this.run.far === 0) [this.from, this.key] = [0, ""]; // it was rewound
    this.note();
    const lanes = this.run.lanes.map((l) => [l.step, l.target, l.keptStep, l.going, l.done, l.digest, l.measuredAt]);
    const state = JSON.stringify([this.held, this.guess(), lanes]);
    if (state === this.state) return this.writing;
    const now = this.now();
    if (!now) return this.writing;
    this.state = state;
    this.claim(now.run.key);
    return this.write(now);
  }

  /** Saves the run although nothing is new, because what was kept of it has been removed. */
  saveAgain() {
    this.state = "";
    return this.save();
  }

  /** Saves the run for the last time, paused, because another one takes its place, and returns it; undefined if there is nothing to keep. */
  leave() {
    const now = this.now();
    this.d = undefined;
    if (!now) return undefined;
    for (const lane of now.contents.lanes) lane.going = false;
    this.write(now, true);
    return now;
  }

  /** Writes one after the other. */
  write(/** @type {Left} */ { run, contents }, last = false) {
    const own = this.held === run.key;
    const under = (/** @type {string} */ key) => {
      if (this.d?.link !== run.key) return;
      this.key = key;
      this.note(); // now, since the page may be left before it hears that the run has been written
    };
    this.writing = this.writing.then(() => this.stored.put(run, contents, own, under)).then((removed) => {
      if (this.d?.link === run.key) this.failures = 0;
      this.saved(removed);
    }, (e) => {
      this.state = ""; // so that it is tried again
      if (last || this.failures++ === tolerated) this.failed(say(last ? texts.keeper.runBefore : texts.keeper.thisRun, { why: reason(e) }));
    });
    return this.writing;
  }

  /**
   * The run of a link as it was left, to go on with. again: this page had it, and has been loaded again; then it is what the page showed.
   * Otherwise it is one that is not finished, unless another page has it, which then goes on with it.
   * @param {string} link @param {boolean} again @returns {Promise<Left | undefined>}
   */
  async left(link, again) {
    await this.writing;
    const shown = again ? noted(link) : undefined;
    if (shown === "") return undefined;
    const run = (shown && (await this.stored.run(shown))) || (await this.stored.run(secondKey(link))) || (await this.stored.run(link));
    if (!run) return undefined;
    if (shown === undefined && (run.lanes.every((l) => l.done) || !(await this.hold(link, AbortSignal.timeout(patience))))) return undefined;
    const contents = await this.stored.contents(run.key);
    return contents && { run, contents };
  }

  /** Notes for a reload under which key the run on the page is kept; "" if it is not or has made no update. */
  note() {
    const { d } = this;
    if (!d) return;
    try {
      sessionStorage.setItem(noteOf(d.link), this.run.far > 0 && !d.replayed ? this.key : "");
    } catch { /* no storage in this frame */ }
  }

  /** Requests the lock of a run, unless this page has it or waits for it. */
  claim(/** @type {string} */ link) {
    if (this.wanted !== link) this.hold(link);
  }

  /** Frees the lock that this page has or waits for. */
  letGo() {
    this.release();
    this.release = () => {};
    this.wanted = this.held = "";
  }

  /**
   * Requests the lock of a run instead of the one that this page has. It resolves with whether the page has it now; without a signal it
   * waits as long as another page has it. Where there are no locks it is never had.
   * @param {string} link @param {AbortSignal} [signal] @returns {Promise<boolean>}
   */
  hold(link, signal) {
    if (this.held === link) return Promise.resolve(true);
    this.letGo();
    this.wanted = link;
    const given = new AbortController();
    return new Promise((resolve) => {
      this.release = () => given.abort();
      const locked = () => given.signal.aborted ? resolve(false) : new Promise((/** @type {(_?: unknown) => void} */ release) => {
        this.held = link;
        this.release = () => release();
        resolve(true);
      });
      const refused = () => {
        if (!given.signal.aborted) this.letGo();
        resolve(false);
      };
      try {
        navigator.locks.request(`posttrain run ${link}`, { signal: signal ? AbortSignal.any([signal, given.signal]) : given.signal }, locked).catch(refused);
      } catch { // no locks in this frame, or without https
        refused();
      }
    });
  }
}

/** Why a run cannot be saved. */
function reason(/** @type {any} */ e) {
  return e?.name === "QuotaExceededError" ? texts.keeper.noRoom : e?.message || texts.keeper.noReason;
}

/** The number of a frame among those of its page. Nothing else of a page elsewhere may be read by a frame in a sandbox. */
function placeIn(/** @type {Window} */ page, /** @type {Window} */ w) {
  for (let i = 0; i < page.length; i++) if (page[i] === w) return i;
  return -1;
}

/** Where this frame is in the page of the tab: the numbers of the frames that lead to it. It is the same when the page is loaded again. */
const frame = (() => {
  const path = [];
  for (let w = /** @type {Window} */ (window); w !== w.parent; w = w.parent) path.unshift(placeIn(w.parent, w));
  return path.join(".");
})();

/** Where the note about a link's run is, in the storage that a tab has until it is closed and that the frames in it share. */
const noteOf = (/** @type {string} */ link) => `posttrain run ${frame} ${link}`;

/** What has been noted about a link's run; undefined if nothing has been. */
function noted(/** @type {string} */ link) {
  try {
    return sessionStorage.getItem(noteOf(link)) ?? undefined;
  } catch {
    return undefined;
  }
}
