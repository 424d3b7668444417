// A Web Worker that compiles these programs, and has then done its work.

import { compile } from "./compile.js";
import { unpacked } from "./files.js";
import "./wasm_exec.js"; // Go's own, which defines the class Go

/**
 * Runs a program for pages until it asks for the document, which a worker has none of. A browser compiles a function when it is
 * called for the first time, on the thread that calls it, and then has it for everybody who has the module: what was called
 * here takes no time of the page's thread. A program that fails will do so there again, and be heard.
 * @param {WebAssembly.Module} program
 */
function rehearse(program) {
  return new Promise((/** @type {(_?: unknown) => void} */ over) => {
    const document = () => {
      over();
      throw new Error("a worker has no document");
    };
    Object.defineProperties(globalThis, { window: { value: globalThis, configurable: true }, document: { get: document, configurable: true } });
    const go = new globalThis.Go();
    go.exit = over;
    WebAssembly.instantiate(program, go.importObject).then((instance) => go.run(instance)).then(over, over);
  });
}

onmessage = async ({ data: { files, rehearsed } }) => {
  try {
    const modules = await Promise.all(files.map((/** @type {string} */ file) => compile(unpacked(file))));
    if (rehearsed) for (const program of modules) await rehearse(program);
    postMessage({ modules });
  } catch (/** @type {any} */ e) {
    postMessage({ why: String(e?.message ?? e) });
  }
};
