// Puts a Go program and the vector kernels together, in the page, in a worker, and in the tests.
//
// Go wants the kernels as imports before its memory exists; the kernels want that memory. So Go's imports are those of a
// small module, kept in a section of kernels.wasm, whose functions look the kernels up in a table; the kernels fill the
// table when they are instantiated, after Go and before it runs. A call from Go to a kernel never passes through
// JavaScript, and kernels stay right when Go's memory grows. Where WebAssembly has no SIMD, the program is told so and
// uses its own code, with the same results.

import { compile, hasSIMD } from "./compile.js";
import "./wasm_exec.js"; // Go's own, which defines the class Go

/** @typedef {import("./compile.js").Source} Source */

/**
 * Makes a Go program ready to run: `await program.run()` ends when the program does.
 * @param {Source} program the program, compiled with GOOS=js GOARCH=wasm
 * @param {Source} kernels kernels.wasm; not looked at where there is no SIMD
 * @param {{argv?: string[], env?: Record<string, string>, simd?: boolean}} [options] arguments, the program's name first;
 *   environment; false to do without the vector kernels
 * @returns {Promise<{run: () => Promise<void>, exit: (code: number) => void, simd: boolean}>} exit may be replaced and is
 *   called with the exit code
 */
export async function load(program, kernels, { argv = ["js"], env = {}, simd = true } = {}) {
  simd &&= hasSIMD();
  const [main, kern] = await Promise.all([compile(program), simd ? compile(kernels) : undefined]);
  const go = new globalThis.Go();
  Object.assign(go, { argv, env });
  const loaded = { exit: go.exit, simd, run: () => go.run(instance) };
  go.exit = (/** @type {number} */ code) => loaded.exit(code);

  const calls = kern ? await tableOf(kern) : undefined;
  /** @type {WebAssembly.ModuleImports} */
  const kernExports = calls ? { ...calls, available: () => 1 } : withoutKernels(main);
  const instance = await WebAssembly.instantiate(main, { ...go.importObject, kern: kernExports });
  if (kern && calls) await WebAssembly.instantiate(kern, { go: { mem: instance.exports.mem }, calls });
  return loaded;
}

/**
 * The functions that look the kernels up, and the table they look in.
 * @param {WebAssembly.Module} kernels
 */
async function tableOf(kernels) {
  const [bytes] = WebAssembly.Module.customSections(kernels, "calls");
  if (!bytes) throw new Error("these are not the kernels: the section named calls is missing");
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports;
}

/**
 * The imports of a program that is to do without kernels. It asks whether they are available and then calls none.
 * @param {WebAssembly.Module} program
 */
function withoutKernels(program) {
  /** @type {Record<string, () => number>} */
  const none = {};
  for (const { module, name } of WebAssembly.Module.imports(program)) {
    if (module === "kern") none[name] = () => 0;
  }
  return none;
}
