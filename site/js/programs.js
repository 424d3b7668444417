// The programs that run in workers, fetched and compiled once for all of them.

import { compile, hasSIMD } from "../loader.js";

/** @type {Promise<{trainer: WebAssembly.Module, kernels?: WebAssembly.Module}> | undefined} */
let modules;

/** The trainer, and the vector kernels where the browser can run them. */
export function programs() {
  modules ??= (async () => {
    const [trainer, kernels] = await Promise.all([
      compile(fetch(new URL("../trainer.wasm", import.meta.url))),
      hasSIMD() ? compile(fetch(new URL("../kernels.wasm", import.meta.url))) : undefined,
    ]);
    return { trainer, kernels };
  })();
  return modules;
}

/** @type {Map<string, Promise<any>>} */
const files = new Map();

/** A file of the site, fetched once. @param {string} file @param {string} what in words @param {(r: Response) => Promise<any>} read */
function fetched(file, what, read) {
  if (!files.has(file)) {
    files.set(file, fetch(new URL(`../${file}`, import.meta.url)).then((r) => {
      if (!r.ok) throw new Error(`${what} could not be loaded: ${r.status} ${r.statusText}`);
      return read(r);
    }));
  }
  return /** @type {Promise<any>} */ (files.get(file));
}

/** The checkpoint of a base. @returns {Promise<Uint8Array>} */
export function base(/** @type {string} */ name) {
  return fetched(`bases/${name}.msgp`, `the base ${name}`, async (r) => new Uint8Array(await r.arrayBuffer()));
}

/** What an exhibit gave over other seeds: a study.Summary. @returns {Promise<any>} */
export function results(/** @type {string} */ exhibit) {
  return fetched(`results/${exhibit}.json`, `the results of ${exhibit}`, (r) => r.json());
}

/**
 * A worker that runs site/js/worker.js. A page without an origin of its own, as in a sandboxed frame, may start no worker
 * from an address and none that is a module; there a line of its own making imports the script, and keeps what it is told
 * until then.
 */
export function startWorker() {
  const script = new URL("worker.js", import.meta.url);
  if (origin !== "null") return new Worker(script, { type: "module" });
  const line = `const early = [], hold = (e) => early.push(e);
    addEventListener("message", hold);
    import(${JSON.stringify(script.href)}).then(() => {
      removeEventListener("message", hold);
      for (const e of early) onmessage(e);
    }, (e) => postMessage({ type: "failed", why: String(e) }));`;
  return new Worker(URL.createObjectURL(new Blob([line], { type: "text/javascript" })));
}
