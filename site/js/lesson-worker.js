// The Web Worker in which the program wasm/lesson reads the text of a lesson.

import { file } from "./files.js";
import { load } from "./loader.js";

/** Starts the program, which sets globalThis.lesson. */
async function start() {
  const answer = await file("lesson.wasm");
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  (await load(answer, new ArrayBuffer(0), { argv: ["lesson"], simd: false })).run();
}

const started = start();
started.catch(() => {}); // reported with the answer

onmessage = async ({ data: text }) => {
  try {
    await started;
    const answer = globalThis.lesson?.read(text);
    postMessage(answer?.error !== undefined ? { error: answer.error } : { lesson: JSON.parse(answer) });
  } catch (/** @type {any} */ e) {
    postMessage({ error: e.message });
  }
};
