// A Web Worker that times the reference work of core/workload.

import { load } from "./loader.js";

/** Calls the trainer. */
function call(/** @type {import("../types/messages.js").TrainerFunction} */ name, /** @type {unknown[]} */ ...args) {
  const answer = globalThis.trainer?.[name](...args);
  if (answer?.error !== undefined) throw new Error(answer.error);
  return answer;
}

/** Returns the median of the milliseconds that a part takes, after one round that does not count. */
function time(/** @type {string} */ part, /** @type {number} */ rounds) {
  call("work", part);
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const before = performance.now();
    call("work", part);
    times.push(performance.now() - before);
  }
  return times.sort((a, b) => a - b)[rounds >> 1];
}

onmessage = async ({ data: { modules, rounds } }) => {
  try {
    const program = await load(modules.trainer, modules.kernels ?? new ArrayBuffer(0), { argv: ["trainer"], simd: modules.kernels !== undefined });
    program.run();
    let kernels = "";
    for (const model of ["small", "medium"]) {
      postMessage({ timing: model });
      const work = call("prepare", model);
      kernels = work.kernels;
      const times = { sft: time("sft", rounds), rollout: time("rollout", rounds), grpo: time("grpo", rounds) };
      postMessage({ speed: { model, times, tokens: { sft: work.sft, rollout: work.rollout }, gflop: work.gflop } });
    }
    postMessage({ kernels });
  } catch (/** @type {any} */ e) {
    postMessage({ failed: String(e?.message ?? e) });
  }
};
