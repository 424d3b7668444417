// Compiles programs once for all labs of a page. A lab is a frame that may look into those beside it, unless a sandbox has given it an
// origin of its own. Labs compile one after the other, and take what another one has compiled.

import { identity, packed, startWorker } from "./files.js";

/**
 * @param {string[]} files
 * @param {any} lab the window that keeps what is compiled: that of the lab that needs it
 * @param {{rehearsed?: boolean}} [options] see compileAside
 * @returns {Promise<WebAssembly.Module[]>}
 */
export function compileOnce(files, lab, options) {
  return alone(async () => {
    const found = kept(files, lab);
    if (found) return found;
    const modules = await compileAside(files, options);
    lab.posttrainCompiled ??= new Map();
    files.forEach((f, i) => lab.posttrainCompiled.set(identity(f), modules[i]));
    return modules;
  });
}

/** Milliseconds that a lab waits for others to have compiled: one that is stuck, perhaps in another tab, is not to hold all. */
const patience = 60000;

/** Calls a function while no other frame of this origin is in one that was called so, if the browser can arrange that here. */
async function alone(/** @type {() => Promise<WebAssembly.Module[]>} */ f) {
  if (!navigator.locks || origin === "null") return f();
  let begun = false;
  const begin = () => {
    begun = true;
    return f();
  };
  return navigator.locks.request("posttrain compiles", { signal: AbortSignal.timeout(patience) }, begin).catch((e) => {
    if (begun) throw e;
    return f();
  });
}

/**
 * What this lab or one beside it has compiled, if that is all of it.
 * @param {string[]} files @param {any} lab @returns {WebAssembly.Module[] | undefined}
 */
function kept(files, lab) {
  const beside = Array.from({ length: lab.parent.length }, (_, i) => lab.parent[i]);
  for (const frame of [lab, ...beside]) {
    try {
      const compiled = frame.posttrainCompiled;
      if (files.every((f) => compiled.has(identity(f)))) return files.map((f) => structuredClone(compiled.get(identity(f)))); // not to outlive that frame
    } catch { /* it has another origin, or is something else, or has compiled nothing */ }
  }
  return undefined;
}

/**
 * Has a worker of its own load and compile each of these files.
 * @param {string[]} names
 * @param {{rehearsed?: boolean}} [options] whether they are programs for a page, to be run there up to where they need one
 * @returns {Promise<WebAssembly.Module[]>}
 */
async function compileAside(names, { rehearsed = false } = {}) {
  const files = await Promise.all(names.map(packed));
  const worker = startWorker("js/compiler.js");
  return new Promise((/** @type {(modules: WebAssembly.Module[]) => void} */ resolve, reject) => {
    worker.onmessage = ({ data }) => (data.modules ? resolve(data.modules) : reject(new Error(data.why)));
    worker.onerror = (e) => reject(new Error(e.message || texts.worker.compiler));
    worker.onmessageerror = () => reject(new Error(texts.worker.notCompiled));
    worker.postMessage({ files, rehearsed });
  }).finally(() => worker.terminate());
}
