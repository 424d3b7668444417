// The clerk: a worker that reads links, keeps the record of all lanes and says what it shows.

import { programs, startTrainer } from "./programs.js";

export class Clerk {
  constructor() {
    /** @type {Map<number, {resolve: (json: any) => void, reject: (e: Error) => void}>} */
    this.open = new Map();
    this.asked = 0;
    this.worker = startTrainer();
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (e) => this.end(e.message);
    this.opened = programs().then((modules) => this.worker.postMessage({ type: "open", modules }));
    this.opened.catch((e) => this.end(e.message));
  }

  hear(/** @type {any} */ { type, id, json, error, why }) {
    if (type === "failed") return this.end(why);
    const question = this.open.get(id);
    this.open.delete(id);
    if (error !== undefined) question?.reject(new Error(error));
    else question?.resolve(JSON.parse(json));
  }

  /** Nothing will be answered any more. */
  end(/** @type {string} */ why) {
    for (const { reject } of this.open.values()) reject(new Error(`The part of this page that reads links has stopped: ${why || "it did not load"}. Reload the page.`));
    this.open.clear();
  }

  /** @param {"describe" | "record" | "table" | "picture" | "verdict" | "read" | "bring"} what @param {Record<string, string | number | object>} [more] @returns {Promise<any>} */
  ask(what, more) {
    const id = ++this.asked;
    this.post({ type: "ask", id, what, ...more });
    return new Promise((resolve, reject) => this.open.set(id, { resolve, reject }));
  }

  /** Lets the clerk listen to a lane. */
  listen(/** @type {number} */ lane, /** @type {MessagePort} */ port) {
    this.post({ type: "lane", lane, port }, [port]);
  }

  async post(/** @type {any} */ message, /** @type {Transferable[]} */ transfer = []) {
    await this.opened;
    this.worker.postMessage(message, transfer);
  }
}
