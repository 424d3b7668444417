// The page's side of a worker: it starts worker.js and notices when the worker has ended.

import { startWorker } from "./files.js";

export class Trainer {
  /**
   * Prepares a worker, which begin starts.
   * @param {(message: any) => void} receive is called with each message of the worker, except those that say whether it is alive
   * @param {(why: string) => void} ended is called when the worker has ended although end was not called; receive is not called
   *   after it. A worker that is slow has not ended, however long it is silent: see docs/decisions/0019-slow-is-not-dead.md.
   */
  constructor(receive, ended) {
    this.over = false;
    this.receive = receive;
    this.ended = ended;
    /** @type {Worker | undefined} undefined before begin */
    this.worker = undefined;
  }

  /** Starts the worker, unless it has been started or ended. */
  begin() {
    if (this.over || this.worker) return;
    const worker = (this.worker = startWorker("js/worker.js"));
    worker.onmessage = ({ data }) => {
      if (this.over) return;
      if (data.type === "alive") this.outlive(data.lock);
      else if (data.type === "failed") this.fail(data.why);
      else this.receive(data);
    };
    worker.onerror = (e) => this.fail(e.message || texts.worker.notLoaded);
    worker.onmessageerror = () => this.fail(texts.worker.unreadable);
  }

  /** Requests a lock that the worker holds. The browser grants it when the worker has ended. */
  outlive(/** @type {string} */ lock) {
    navigator.locks.request(lock, () => this.fail(texts.worker.ended));
  }

  /** Handles the end of the worker. */
  fail(/** @type {string} */ why) {
    if (this.over) return;
    this.end();
    this.ended(why);
  }

  /** Sends the worker a message, if it has been started. */
  post(/** @type {import("../types/workers.js").ToWorker} */ message, /** @type {Transferable[]} */ transfer = []) {
    this.worker?.postMessage(message, transfer);
  }

  /** Ends the worker. */
  end() {
    this.over = true;
    this.worker?.terminate();
  }
}
