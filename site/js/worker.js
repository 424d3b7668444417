// The Web Worker in which the program wasm/trainer runs, as a lane in training or as the clerk. Its messages are listed in
// docs/decisions/0009-the-page.md.

import { load } from "./loader.js";
import { decode } from "./msgp.js";

/** Milliseconds between the checkpoints that are sent to the page without a request. */
const saveEvery = 1000;

// The browser frees this lock when the worker has ended, so the page notices. Where it has no locks, in a sandboxed frame or
// without https, only an end with an error is noticed.
const lock = `posttrain worker ${Math.random()}`;
/** Resolves when the page has been told of the lock, or when there is none. */
const watched = new Promise((/** @type {(v?: unknown) => void} */ resolve) => {
  if (!navigator.locks) return resolve();
  navigator.locks.request(lock, () => {
    postMessage({ type: "alive", lock });
    resolve();
    return new Promise(() => {});
  }).catch(resolve);
});

/** Resolves when the messages that have arrived are handled. Unlike a timer it does not wait any longer. */
const otherMessages = (() => {
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  return () => new Promise((/** @type {(v?: unknown) => void} */ resolve) => {
    waiting.push(resolve);
    port2.postMessage(0);
  });
})();

/** An error that the trainer returns. It would return the same in any worker; any other exception is a fault of this worker. */
class Refusal extends Error {}

/** Calls a function of the trainer. Throws a Refusal if that returns an error. */
function call(/** @type {import("../types/messages.js").TrainerFunction} */ name, /** @type {unknown[]} */ ...args) {
  const answer = globalThis.trainer?.[name](...args);
  if (answer?.error !== undefined) throw new Refusal(answer.error);
  return answer;
}

/** @type {number | undefined} the number of the newest "open" message; all messages about the lane contain it */
let turn;
/** @type {Uint8Array[]} the events that a new watcher needs */
let history = [];
let updated = false; // whether history has an update since the last measurement
let trained = false; // whether there has been an update since the lane was opened
let commands = 0; // how many have been carried out since then
/** @type {Map<string, MessagePort>} */
const watchers = new Map();
let running = false;
let savedAt = 0;
/** @type {number | undefined} the id of the newest request for a checkpoint; undefined once it is answered */
let saveAsked;

/** Starts the program, which sets globalThis.trainer. */
async function start(/** @type {import("../types/workers.js").Modules} */ modules) {
  const program = await load(modules.trainer, modules.kernels ?? new ArrayBuffer(0), { argv: ["trainer"], simd: modules.kernels !== undefined });
  program.exit = (/** @type {number} */ code) => fail(`the trainer ended with code ${code}`);
  program.run();
}

/** Sends the page a message about the lane. */
function post(/** @type {Record<string, unknown>} */ message, /** @type {Transferable[]} */ transfer = []) {
  postMessage({ ...message, turn }, { transfer });
}

/** Reports that this worker is of no use any more. A new one may be. */
function fail(/** @type {string} */ why) {
  postMessage({ type: "failed", why });
}

/** Reports an exception to the page. */
function report(/** @type {any} */ e) {
  if (e instanceof Refusal) post({ type: "refused", why: e.message });
  else fail(String(e?.message ?? e));
}

/** Advances the lane until it is idle, and sends its events to the page and the watchers. */
async function run() {
  if (running) return;
  running = true;
  try {
    for (let idle; !(idle = call("idle")); await otherMessages()) {
      publish(call("advance"));
      if (saveAsked !== undefined || trained && performance.now() - savedAt > saveEvery) save();
    }
    save();
    post({ type: "idle", commands, ...call("idle") });
  } catch (e) {
    report(e);
  }
  running = false;
}

/**
 * Reports whether history keeps an event of a kind: every event but updates, and the first update after each measurement, whose metrics are
 * about what the measured policy had sampled.
 */
function recorded(/** @type {string} */ kind) {
  const update = kind === "step";
  const first = !updated;
  updated = update;
  trained ||= update;
  return !update || first;
}

/** Sends events to the page and the watchers. What is large and only shown by the page, such as an update in detail, neither watchers nor history have. */
function publish(/** @type {Uint8Array[]} */ events) {
  if (events.length === 0) return;
  post({ type: "events", events });
  const told = events.map((event) => ({ event, kind: decode(event).kind })).filter(({ kind }) => !["dissect", "pair", "examine"].includes(kind));
  if (told.length === 0) return;
  history.push(...told.filter(({ kind }) => recorded(kind)).map(({ event }) => event));
  for (const port of watchers.values()) port.postMessage({ events: told.map(({ event }) => event) });
}

/** Sends the page a checkpoint, unless the lane cannot be saved just now. */
function save() {
  if (!call("resumable")) return;
  savedAt = performance.now();
  const checkpoint = call("save");
  post({ type: "saved", id: saveAsked, checkpoint }, [checkpoint.buffer]);
  saveAsked = undefined;
}

/** The ports on which the clerk receives the events of the record's lanes. @type {MessagePort[]} */
const lanePorts = [];

/** Adds an event to the clerk's record. */
function add(/** @type {number} */ lane, /** @type {Uint8Array} */ event) {
  try {
    call("add", lane, event);
  } catch (/** @type {any} */ e) {
    if (e instanceof Refusal) console.warn(`posttrain clerk: ${e.message}`);
    else fail(String(e?.message ?? e));
  }
}

/** Closes ports. Messages that are still on their way from them are dropped. */
function closePorts(/** @type {Iterable<MessagePort>} */ ports) {
  for (const port of ports) {
    port.onmessage = null;
    port.close();
  }
}

/** @typedef {import("../types/workers.js").Question} Question */

/** The clerk's answers to questions, as JSON. @type {{[W in Question["what"]]: (m: any) => string}} */
const answers = {
  describe: (/** @type {{link: string}} */ m) => call("describe", m.link),
  record(/** @type {{link: string, beside: string}} */ m) {
    closePorts(lanePorts.splice(0)); // the lanes of the record before
    return call("begin", m.link, m.beside);
  },
  table: (/** @type {{view: object}} */ m) => call("table", m.view),
  picture: (/** @type {{view: object, width: number, height: number}} */ m) => call("picture", m.view, m.width, m.height),
  verdict: (/** @type {{waiting: number[]}} */ m) => call("verdict", m.waiting),
  addData: (/** @type {{link: string, name: string, text: string}} */ m) => call("addData", m.link, m.name, m.text),
  read: (/** @type {{prompt: string}} */ m) => call("read", m.prompt),
  dials: (/** @type {{link: string, lane: number, stage: number}} */ m) => call("dials", m.link, m.lane, m.stage),
  learned: (/** @type {{lanes: string}} */ m) => call("learned", m.lanes),
  code: (/** @type {{text: string}} */ m) => call("code", m.text),
  programs: () => call("programs"),
  takeTask: (/** @type {{text: string}} */ m) => call("takeTask", m.text),
  takeReward: (/** @type {{link: string, text: string}} */ m) => call("takeReward", m.link, m.text),
};

/** @typedef {import("../types/workers.js").ToWorker} ToWorker */

/** What is done with each message of the page. @type {{[T in ToWorker["type"]]: (m: Extract<ToWorker, {type: T}>) => unknown}} */
const handlers = {
  async open(m) {
    turn = m.turn;
    saveAsked = undefined;
    closePorts(watchers.values()); // of the training before
    watchers.clear();
    if (!globalThis.trainer) await start(m.modules);
    if (m.link === undefined) return; // the clerk
    history = m.history ?? [];
    updated = trained = false;
    commands = 0;
    for (const { name, file } of m.bases) call("supply", name, file);
    call("open", m.link, m.lane, m.checkpoint, m.data);
    post({ type: "opened" });
  },
  /** Computes a base, and nothing else in this worker. */
  async pretrain(m) {
    turn = m.turn;
    await start(m.modules);
    await watched; // the lock cannot be granted while the base is computed
    const file = call("pretrain", m.link, m.key, (/** @type {number} */ step) => post({ type: "pretraining", step }));
    post({ type: "pretrained", file }, [file.buffer]);
  },
  /** Has the base answer, and a reward judge that, and does nothing else in this worker. */
  async tryReward(m) {
    turn = m.turn;
    await start(m.modules);
    for (const { name, file } of m.bases) call("supply", name, file);
    post({ type: "tried", samples: JSON.parse(call("tryReward", m.link, m.prompts, m.answers)) });
  },
  command({ command }) {
    commands++;
    call("do", command);
    run();
  },
  watch({ who, port }) {
    const before = watchers.get(who);
    if (before) closePorts([before]);
    watchers.set(who, port);
    port.postMessage({ events: history });
  },
  save({ id }) {
    saveAsked = id;
    if (!running) save();
  },
  /** Receives a lane's events on a port. Its first message has the lane's history. */
  lane({ lane, port }) {
    lanePorts.push(port);
    port.onmessage = ({ data }) => {
      for (const event of data.events) add(lane, event);
      const kinds = data.events.map((/** @type {Uint8Array} */ event) => decode(event).kind);
      if (kinds.some((/** @type {string} */ kind) => kind !== "step")) postMessage({ type: "recorded", lane, ended: kinds.includes("end") });
    };
  },
  ask(m) {
    try {
      postMessage({ type: "answer", id: m.id, json: answers[m.what](m) });
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      postMessage({ type: "answer", id: m.id, error: e.message });
    }
  },
};

// Messages are handled one after the other, so those after "open" wait until the program has started.
/** @type {Promise<unknown>} */
let before = Promise.resolve();
onmessage = ({ data }) => {
  before = before.then(() => handlers[/** @type {ToWorker["type"]} */ (data.type)](data)).catch(report);
};
