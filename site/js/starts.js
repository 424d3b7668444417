// Which lanes may begin. Where there are fewer cores than lanes, lanes that begin at the same time delay each other's first update,
// so some wait until others have made theirs: see docs/decisions/0009-the-page.md.

export class Starts {
  /** @param {number} atOnce how many lanes may begin at the same time */
  constructor(atOnce) {
    this.atOnce = atOnce;
    /** @type {Map<object, () => void>} functions that let a lane begin, by lane, in the order in which lanes have asked */
    this.waiting = new Map();
    /** @type {Set<object>} the lanes that have begun and for which over has not been called */
    this.beginning = new Set();
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
    for (const [lane, begin] of this.waiting) {
      if (this.beginning.size >= this.atOnce) return;
      this.waiting.delete(lane);
      this.beginning.add(lane);
      begin();
    }
  }
}
