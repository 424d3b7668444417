// The clerk: a worker that reads links, keeps a record of the events of all lanes, and answers questions about both.

import { programs, scripted } from "./programs.js";
import { say } from "./say.js";
import { Trainer } from "./trainer.js";

/** The questions about programs of the visitor's own. @type {string[]} */
const ofScripts = ["programs", "takeReward", "takeTask"];

/** How many times a worker that has ended is replaced before all open questions are rejected. */
const patience = 3;

/**
 * @typedef {import("../types/workers.js").Question} Question
 * @typedef {import("../types/workers.js").FromClerk} FromClerk
 * @typedef {import("../types/workers.js").ToWorker} ToWorker
 * @typedef {Extract<ToWorker, {type: "ask"}>} Asked
 */
export class Clerk {
  /**
   * @param {{restarted: () => void, recorded: (lane: number, ended: boolean) => void}} on restarted is called when there is a new worker,
   *   which has no record yet; recorded when the record has more of a lane than updates: its history, a measurement or its end
   * @param {string} first the link that it is asked about first
   */
  constructor(on, first) {
    this.on = on;
    this.interprets = scripted(first); // whether it has the interpreter, which it then keeps
    /** @type {Map<number, {message: Asked, resolve: (json: any) => void, reject: (e: Error) => void}>} the questions without an answer, by id */
    this.open = new Map();
    this.asked = 0;
    /** @type {Asked[]} the questions that added data sets; a new worker is asked these first */
    this.dataQuestions = [];
    /** @type {Asked[]} the newest question that began a record, if any; a new worker is asked it next */
    this.recordQuestion = [];
    this.failures = 0;
    this.start();
  }

  /** Starts a worker, and asks it the questions that the one before has not answered. */
  start() {
    const trainer = new Trainer((m) => this.receive(m), (why) => trainer === this.trainer && this.fail(why));
    /** @type {Trainer | undefined} undefined once workers have ended too often; the next question starts another */
    this.trainer = trainer;
    trainer.begin();
    this.sent = programs(this.interprets).then((modules) => {
      trainer.post({ type: "open", modules });
      return trainer;
    }, (e) => {
      if (trainer === this.trainer) this.end(e.message);
    });
    for (const message of [...this.dataQuestions, ...this.recordQuestion]) this.post(message);
    for (const { message } of this.open.values()) this.post(message);
  }

  /** Handles a message of the worker. */
  receive(/** @type {FromClerk} */ m) {
    if (m.type === "recorded") return this.on.recorded(m.lane, m.ended);
    const { id, json, error } = m;
    const question = this.open.get(id);
    if (!question) return;
    this.open.delete(id);
    if (error !== undefined) return question.reject(new Error(error));
    if (question.message.what === "addData") this.dataQuestions.push(question.message);
    question.resolve(JSON.parse(json));
  }

  /** Replaces a worker that has ended. */
  fail(/** @type {string} */ why) {
    if (++this.failures > patience) return this.end(why);
    this.start();
    this.on.restarted();
  }

  /** Ends the worker and rejects all open questions. */
  end(/** @type {string} */ why) {
    this.trainer?.end();
    this.trainer = undefined;
    this.failures = 0;
    const given = [...this.open.values()];
    this.open.clear();
    for (const { reject } of given) reject(new Error(say(texts.worker.clerk, { why: why.endsWith(texts.common.unreachable) ? why : `${why}. ${texts.worker.tryAgain}` })));
  }

  /**
   * Asks a question. The promise resolves with the answer, or rejects with the clerk's error.
   * @template {Question["what"]} W
   * @param {W} what @param {Record<string, string | number | object>} [more] @returns {Promise<import("../types/workers.js").Answers[W]>}
   */
  ask(what, more) {
    const id = ++this.asked;
    const message = /** @type {Asked} */ ({ type: "ask", id, what, ...more });
    if (what === "record") this.recordQuestion = [message];
    return new Promise((resolve, reject) => {
      this.open.set(id, { message, resolve, reject });
      const learns = !this.interprets && (ofScripts.includes(what) || ("link" in message && scripted(message.link)));
      if (this.trainer && !learns) return this.post(message);
      this.interprets ||= learns;
      this.trainer?.end();
      this.start();
      this.on.restarted();
    });
  }

  /** Gives the clerk a port on which it receives the events of a lane. */
  listen(/** @type {number} */ lane, /** @type {MessagePort} */ port) {
    this.post({ type: "lane", lane, port }, [port]);
  }

  /** Sends a message once the programs are loaded. */
  async post(/** @type {ToWorker} */ message, /** @type {Transferable[]} */ transfer = []) {
    const trainer = await this.sent;
    trainer?.post(message, transfer);
  }
}
