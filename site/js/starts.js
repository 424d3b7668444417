// Which lanes may begin. Where there are fewer cores than lanes, lanes that begin at the same time delay each other's first update,
// so some wait until others have made theirs: see docs/decisions/0009-the-page.md. Labs in frames of one page train one after the
// other: see docs/decisions/0018-labs-in-other-pages.md.

/** The lock that the lab has which trains, among all in frames of this origin. */
const lock = "posttrain trains";

export class Starts {
  /** @param {number} atOnce how many lanes may begin at the same time @param {() => void} changed is called when it is this lab's turn */
  constructor(atOnce, changed) {
    this.atOnce = atOnce;
    this.changed = changed;
    /** @type {Map<object, () => void>} functions that let a lane begin, by lane, in the order in which lanes have asked */
    this.waiting = new Map();
    /** @type {Set<object>} the lanes that have begun and for which over has not been called */
    this.beginning = new Set();
    /** Whether it takes turns with other labs. Where frames have no common origin they cannot. */
    this.shares = parent !== window && origin !== "null" && Boolean(navigator.locks);
    this.mine = !this.shares; // whether it is this lab's turn
    this.asked = false;
    /** What Run does when it is this lab's turn. @type {(() => void) | undefined} */
    this.run = undefined;
    this.release = () => {};
  }

  /** Returns a promise that resolves when a lane may begin. A lane that asks again waits again. */
  turn(/** @type {object} */ lane) {
    this.over(lane);
    return new Promise((/** @type {(_?: unknown) => void} */ begin) => {
      this.waiting.set(lane, begin);
      this.next();
    });
  }

  /** Says that a lane has made its first update, has nothing to do or has stopped. Then the next one may begin. */
  over(/** @type {object} */ lane) {
    if (this.beginning.delete(lane) || this.waiting.delete(lane)) this.next();
  }

  /** Lets lanes begin while they may. */
  next() {
    if (this.waiting.size > 0 && !this.mine) return this.ask();
    for (const [lane, begin] of this.waiting) {
      if (this.beginning.size >= this.atOnce) return;
      this.waiting.delete(lane);
      this.beginning.add(lane);
      begin();
    }
  }

  /** Calls a function when it is this lab's turn: at once if it shares with none, or not at all if forget is called before. */
  whenMine(/** @type {() => void} */ run) {
    if (this.mine) return run();
    this.run = run;
    this.ask();
  }

  forget() {
    this.run = undefined;
  }

  /** Asks for the turn, and keeps it until rest is called. The browser takes it from a frame that is gone. */
  ask() {
    if (this.asked) return;
    this.asked = true;
    navigator.locks.request(lock, () => {
      this.asked = false;
      if (!this.run && this.waiting.size === 0) return undefined; // nothing waits any longer
      this.mine = true;
      const held = new Promise((/** @type {(_?: unknown) => void} */ release) => { this.release = release; });
      this.next();
      this.run?.();
      this.forget();
      this.changed();
      return held;
    });
  }

  /** Says that nothing trains or is about to. Then it is another lab's turn. */
  rest() {
    if (!this.shares || !this.mine || this.waiting.size > 0) return;
    this.mine = false;
    this.release();
  }
}
