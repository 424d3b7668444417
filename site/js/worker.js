// A Web Worker around the trainer: a lane in training, or the clerk. What it is told and what it tells is in
// docs/decisions/0009-the-page.md.

import { load } from "./loader.js";
import { decode } from "./msgp.js";

/** Milliseconds between the checkpoints that the page is given without asking. */
const saveEvery = 1000;

// The browser frees this lock when the worker has ended, so the page notices. Where it has no locks, in a sandboxed frame or
// without https, only an end with an error is noticed.
const lock = `posttrain worker ${Math.random()}`;
navigator.locks?.request(lock, () => {
  postMessage({ type: "alive", lock });
  return new Promise(() => {});
}).catch(() => {});

/** Ends when other messages have had their turn; unlike a timer it does not wait. */
const breath = (() => {
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  return () => new Promise((/** @type {(v?: unknown) => void} */ resolve) => {
    waiting.push(resolve);
    port2.postMessage(0);
  });
})();

/** The trainer says no, as it would in any worker. Whatever else is thrown is a fault of this worker. */
class Refusal extends Error {}

/** Calls the trainer; its refusals become exceptions. */
function call(/** @type {import("../types/messages.js").TrainerFunction} */ name, /** @type {unknown[]} */ ...args) {
  const answer = globalThis.trainer?.[name](...args);
  if (answer?.error !== undefined) throw new Refusal(answer.error);
  return answer;
}

/** @type {number | undefined} what the page calls the opening that this lane goes back to; everything said about the lane names it */
let turn;
/** @type {Uint8Array[]} every event that a late watcher has to be told */
let history = [];
let between = false; // whether an update was told since the last measurement
/** @type {Map<string, MessagePort>} */
const watchers = new Map();
let running = false;
let savedAt = 0;
/** @type {number | undefined} the request that a checkpoint is owed to */
let owed;

/** Starts the program; from then on globalThis.trainer is there. */
async function start(/** @type {import("../types/workers.js").Modules} */ modules) {
  const program = await load(modules.trainer, modules.kernels ?? new ArrayBuffer(0), { argv: ["trainer"], simd: modules.kernels !== undefined });
  program.exit = (/** @type {number} */ code) => fail(`the trainer ended with code ${code}`);
  program.run();
}

/** Tells the page about the lane. */
function say(/** @type {Record<string, unknown>} */ message, /** @type {Transferable[]} */ transfer = []) {
  postMessage({ ...message, turn }, { transfer });
}

/** The program is gone; a new worker may do better. */
function fail(/** @type {string} */ why) {
  postMessage({ type: "failed", why });
}

/** Tells the page what went wrong. */
function complain(/** @type {any} */ e) {
  if (e instanceof Refusal) say({ type: "refused", why: e.message });
  else fail(String(e?.message ?? e));
}

/** Advances the lane until it stands still, and tells everybody. */
async function run() {
  if (running) return;
  running = true;
  try {
    for (let standing; !(standing = call("standing")); await breath()) {
      tell(call("advance"));
      if (owed !== undefined || performance.now() - savedAt > saveEvery) save();
    }
    save();
    say({ type: "idle", ...call("standing") });
  } catch (e) {
    complain(e);
  }
  running = false;
}

/** Of the updates, the record has the first after a measurement: it tells what the policy that was measured had sampled. */
function recorded(/** @type {Uint8Array} */ event) {
  const update = decode(event).kind === "step";
  const first = !between;
  between = update;
  return !update || first;
}

function tell(/** @type {Uint8Array[]} */ events) {
  if (events.length === 0) return;
  history.push(...events.filter(recorded));
  say({ type: "events", events });
  for (const port of watchers.values()) port.postMessage({ events });
}

function save() {
  if (!call("resumable")) return;
  savedAt = performance.now();
  const checkpoint = call("save");
  say({ type: "saved", id: owed, checkpoint, history }, [checkpoint.buffer]);
  owed = undefined;
}

/** Where the clerk listens to the lanes of the record. @type {MessagePort[]} */
const heard = [];

/** Puts an event on record. */
function add(/** @type {number} */ lane, /** @type {Uint8Array} */ event) {
  try {
    call("add", lane, event);
  } catch (/** @type {any} */ e) {
    if (e instanceof Refusal) console.warn(`posttrain clerk: ${e.message}`);
    else fail(String(e?.message ?? e));
  }
}

/** Closes ports: what still comes from them is not heard. */
function leave(/** @type {Iterable<MessagePort>} */ ports) {
  for (const port of ports) {
    port.onmessage = null;
    port.close();
  }
}

/** @typedef {import("../types/workers.js").Question} Question */

/** What the clerk is asked. @type {{[W in Question["what"]]: (m: any) => string}} */
const answers = {
  describe: (/** @type {{link: string}} */ m) => call("describe", m.link),
  record(/** @type {{link: string}} */ m) {
    leave(heard.splice(0)); // the lanes of the record before
    return call("begin", m.link);
  },
  table: (/** @type {{view: object}} */ m) => call("table", m.view),
  picture: (/** @type {{view: object, width: number, height: number}} */ m) => call("picture", m.view, m.width, m.height),
  verdict: (/** @type {{waiting: number[]}} */ m) => call("verdict", m.waiting),
  bring: (/** @type {{link: string, name: string, text: string}} */ m) => call("bring", m.link, m.name, m.text),
  read: (/** @type {{prompt: string}} */ m) => call("read", m.prompt),
};

/** @typedef {import("../types/workers.js").ToWorker} ToWorker */

/** @type {{[T in ToWorker["type"]]: (m: Extract<ToWorker, {type: T}>) => unknown}} */
const obey = {
  async open(m) {
    turn = m.turn;
    owed = undefined;
    leave(watchers.values()); // they wanted what was trained before
    watchers.clear();
    if (!globalThis.trainer) await start(m.modules);
    if (m.link === undefined) return; // the clerk
    history = m.history ?? [];
    between = false;
    for (const { name, file } of m.bases) call("supply", name, file);
    call("open", m.link, m.lane, m.checkpoint, m.data);
    say({ type: "opened" });
  },
  /** Computes a base, and nothing else in this worker. */
  async pretrain(m) {
    turn = m.turn;
    await start(m.modules);
    const file = call("pretrain", m.link, m.key, (/** @type {number} */ step) => say({ type: "pretraining", step }));
    say({ type: "pretrained", file }, [file.buffer]);
  },
  command({ command }) {
    call("obey", command);
    run();
  },
  watch({ who, port }) {
    const before = watchers.get(who);
    if (before) leave([before]);
    watchers.set(who, port);
    port.postMessage({ events: history });
  },
  save({ id }) {
    owed = id;
    if (!running) save();
  },
  /** The clerk listens to a lane: first it is told the past. */
  lane({ lane, port }) {
    heard.push(port);
    let past = true;
    port.onmessage = ({ data }) => {
      for (const event of data.events) add(lane, event);
      if (past && data.events.length > 0) postMessage({ type: "caught up" });
      past = false;
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

// One message after the other: what follows open waits until the program is there.
/** @type {Promise<unknown>} */
let before = Promise.resolve();
onmessage = ({ data }) => {
  before = before.then(() => obey[/** @type {ToWorker["type"]} */ (data.type)](data)).catch(complain);
};
