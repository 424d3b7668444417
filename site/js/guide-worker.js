// The Web Worker in which the program wasm/guide answers questions.

import { file } from "./files.js";
import { load } from "./loader.js";

/** Fetches a file of the site. */
async function get(/** @type {string} */ name) {
  const r = await file(name);
  if (!r.ok) throw new Error(`${r.status} ${r.statusText}`);
  return r;
}

/** Calls a function of the guide. */
function call(/** @type {import("../types/messages.js").GuideFunction} */ name, /** @type {unknown} */ argument) {
  const answer = globalThis.guide?.[name](argument);
  if (answer?.error !== undefined) throw new Error(answer.error);
  return answer;
}

/** Starts the program, which sets globalThis.guide. */
async function start() {
  const [program, data] = await Promise.all([load(get("guide.wasm"), new ArrayBuffer(0), { argv: ["guide"], simd: false }), get("guide.json").then((r) => r.text())]);
  program.run();
  call("supply", data);
}

const started = start().catch((e) => {
  postMessage({ failed: e.message });
  throw e;
});

onmessage = ({ data: { id, asked } }) => {
  started.then(() => {
    try {
      postMessage({ id, text: JSON.parse(call("ask", asked)) });
    } catch (/** @type {any} */ e) {
      postMessage({ id, error: e.message });
    }
  }, () => {}); // the page has been told
};
