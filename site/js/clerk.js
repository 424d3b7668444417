// The clerk: a worker that reads links, keeps the record of all lanes and says what it shows.

import { programs } from "./programs.js";
import { Trainer } from "./trainer.js";

/** How many times another worker takes the clerk's place before the questions are given up. */
const patience = 3;

/**
 * @typedef {import("../types/workers.js").Question} Question
 * @typedef {import("../types/workers.js").FromClerk} FromClerk
 * @typedef {import("../types/workers.js").ToWorker} ToWorker
 * @typedef {Extract<ToWorker, {type: "ask"}>} Asked
 */
export class Clerk {
  /** @param {{restarted: () => void, caughtUp: () => void}} on restarted: a new worker has no record yet; caughtUp: a lane's past is on record */
  constructor(on) {
    this.on = on;
    /** @type {Map<number, {message: Asked, resolve: (json: any) => void, reject: (e: Error) => void}>} questions without an answer, by id */
    this.open = new Map();
    this.asked = 0;
    /** @type {Asked[]} the questions that brought data sets: a new worker is asked these first */
    this.brought = [];
    /** @type {Asked[]} then the newest that began a record */
    this.begun = [];
    this.failures = 0;
    this.start();
  }

  /** Starts a worker and asks it what the one before has not answered. */
  start() {
    const trainer = new Trainer((m) => this.hear(m), (why) => trainer === this.trainer && this.fail(why));
    /** @type {Trainer | undefined} there is none once it has failed too often; the next question starts another */
    this.trainer = trainer;
    this.sent = programs().then((modules) => {
      trainer.post({ type: "open", modules });
      return trainer;
    }, (e) => {
      if (trainer === this.trainer) this.end(e.message);
    });
    for (const message of [...this.brought, ...this.begun]) this.post(message);
    for (const { message } of this.open.values()) this.post(message);
  }

  hear(/** @type {FromClerk} */ m) {
    if (m.type === "caught up") return this.on.caughtUp();
    const { id, json, error } = m;
    const question = this.open.get(id);
    if (!question) return;
    this.open.delete(id);
    if (error !== undefined) return question.reject(new Error(error));
    if (question.message.what === "bring") this.brought.push(question.message);
    question.resolve(JSON.parse(json));
  }

  /** The worker has ended: another one takes its place. */
  fail(/** @type {string} */ why) {
    if (++this.failures > patience) return this.end(why);
    this.start();
    this.on.restarted();
  }

  /** Gives up all questions. */
  end(/** @type {string} */ why) {
    this.trainer?.end();
    this.trainer = undefined;
    this.failures = 0;
    const given = [...this.open.values()];
    this.open.clear();
    for (const { reject } of given) reject(new Error(`The part of this page that reads links does not work: ${why}${/try again$/.test(why) ? "" : ". Try again, or reload the page"}`));
  }

  /**
   * @template {Question["what"]} W
   * @param {W} what @param {Record<string, string | number | object>} [more] @returns {Promise<import("../types/workers.js").Answers[W]>}
   */
  ask(what, more) {
    const id = ++this.asked;
    const message = /** @type {Asked} */ ({ type: "ask", id, what, ...more });
    if (what === "record") this.begun = [message];
    return new Promise((resolve, reject) => {
      this.open.set(id, { message, resolve, reject });
      if (this.trainer) return this.post(message);
      this.start();
      this.on.restarted();
    });
  }

  /** Lets the clerk listen to a lane. */
  listen(/** @type {number} */ lane, /** @type {MessagePort} */ port) {
    this.post({ type: "lane", lane, port }, [port]);
  }

  async post(/** @type {ToWorker} */ message, /** @type {Transferable[]} */ transfer = []) {
    const trainer = await this.sent;
    trainer?.post(message, transfer);
  }
}
