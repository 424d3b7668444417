// The Web Worker in which the program wasm/replay reads a run or the results of a study.

import { file as request } from "./files.js";
import { load } from "./loader.js";

/** Calls a function of the program. */
function call(/** @type {import("../types/messages.js").ReplayFunction} */ name, /** @type {unknown[]} */ ...args) {
  const answer = globalThis.replay?.[name](...args);
  if (answer?.error !== undefined) throw new Error(answer.error);
  return answer;
}

/** Starts the program, which sets globalThis.replay. */
async function start() {
  const program = await load(request("replay.wasm"), new ArrayBuffer(0), { argv: ["replay"], simd: false });
  program.run();
}

const started = start();
started.catch(() => {}); // it is heard of with the first question

onmessage = async ({ data: { name, file, chosen } }) => {
  try {
    await started;
  } catch (/** @type {any} */ e) {
    return postMessage({ error: e.message, unloaded: true });
  }
  try {
    if (file) {
      const read = JSON.parse(call("read", name, new Uint8Array(file)));
      postMessage({ ...read, lanes: read.run?.lanes.map((/** @type {unknown} */ _, /** @type {number} */ i) => call("recorded", i)) });
    }
    else postMessage({ link: call("link", chosen), lanes: chosen.map((/** @type {number} */ i) => call("events", i)) });
  } catch (/** @type {any} */ e) {
    postMessage({ error: e.message });
  }
};
