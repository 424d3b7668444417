// Times the reference work in a worker, and shows the medians.

import { startWorker } from "./js/files.js";
import { programs } from "./js/programs.js";

const start = /** @type {HTMLButtonElement} */ (document.getElementById("start"));
const state = /** @type {HTMLElement} */ (document.getElementById("state"));
const speed = /** @type {HTMLElement} */ (document.getElementById("speed"));

/** Appends a row to the table. */
function row(/** @type {import("./types/workers.js").Speed} */ s) {
  const tr = document.createElement("tr");
  const ms = (/** @type {number} */ x) => `${x < 100 ? x.toFixed(1) : Math.round(x)} ms`;
  const rate = (/** @type {number} */ tokens, /** @type {number} */ time) => `${Math.round(tokens / time * 1e3).toLocaleString("en")} tokens/s`;
  const cells = [
    s.model,
    `${ms(s.times.sft)}, ${rate(s.tokens.sft, s.times.sft)}, ${(s.gflop / s.times.sft * 1e3).toFixed(1)} GFLOP/s`,
    `${ms(s.times.rollout)}, ${rate(s.tokens.rollout, s.times.rollout)}`,
    ms(s.times.grpo),
  ];
  cells.forEach((text, i) => {
    const cell = document.createElement(i === 0 ? "th" : "td");
    if (i === 0) /** @type {HTMLTableCellElement} */ (cell).scope = "row";
    cell.textContent = text;
    tr.append(cell);
  });
  speed.append(tr);
}

/** Rounds of each piece of work; the address may say another number, as in bench.html?rounds=1. */
const rounds = Number(new URLSearchParams(location.search).get("rounds")) || 7;

start.addEventListener("click", async () => {
  start.disabled = true;
  speed.replaceChildren();
  state.textContent = "Loading the trainer ...";
  try {
    const modules = await programs();
    const worker = startWorker("js/bench-worker.js");
    const failed = (/** @type {unknown} */ why) => {
      state.textContent = `The work could not be timed: ${why}`;
      worker.terminate();
      start.disabled = false;
    };
    worker.onerror = (e) => failed(e.message);
    worker.onmessage = ({ data }) => {
      if (data.failed) failed(data.failed);
      else if (data.timing) state.textContent = `Timing ${data.timing} ...`;
      else if (data.speed) row(data.speed);
      else {
        state.textContent = `Done. Kernels: ${data.kernels}.`;
        worker.terminate();
        start.disabled = false;
      }
    };
    worker.postMessage({ modules, rounds });
  } catch (/** @type {any} */ e) {
    state.textContent = e.message;
    start.disabled = false;
  }
});
