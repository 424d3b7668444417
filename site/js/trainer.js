// A worker around the trainer, and how the page notices that it has ended.

import { startWorker } from "./compile.js";

export class Trainer {
  /**
   * Starts a worker.
   * @param {(message: any) => void} hear is called with every message of the worker that is not about its own life
   * @param {(why: string) => void} ended is called when the worker has ended although end was not called; nothing is heard of it
   *   any more. A worker that is slow has not ended, however long it is silent: see docs/decisions/0019-slow-is-not-dead.md.
   */
  constructor(hear, ended) {
    this.over = false;
    this.ended = ended;
    const worker = (this.worker = startWorker(new URL("worker.js", import.meta.url)));
    worker.onmessage = ({ data }) => {
      if (this.over) return;
      if (data.type === "alive") this.outlive(data.lock);
      else if (data.type === "failed") this.fail(data.why);
      else hear(data);
    };
    worker.onerror = (e) => this.fail(e.message || "it did not load");
    worker.onmessageerror = () => this.fail("what it said could not be read");
  }

  /** Waits for a lock that the worker holds: the browser gives it to the page when the worker has ended. */
  outlive(/** @type {string} */ lock) {
    navigator.locks.request(lock, () => this.fail("the browser ended it"));
  }

  fail(/** @type {string} */ why) {
    if (this.over) return;
    this.end();
    this.ended(why);
  }

  post(/** @type {import("../types/workers.js").ToWorker} */ message, /** @type {Transferable[]} */ transfer = []) {
    this.worker.postMessage(message, transfer);
  }

  /** Ends the worker. */
  end() {
    this.over = true;
    this.worker.terminate();
  }
}
