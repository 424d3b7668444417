// Compiles programs. A browser compiles beside the thread that asks, but what arrives goes through that thread, and a program's
// size is felt there: so the page has a worker ask.

/**
 * What can be compiled: a response to a fetch, bytes, or a module compiled before, perhaps in another worker.
 * @typedef {Response | Promise<Response> | BufferSource | WebAssembly.Module} Source
 */

/**
 * A function with one vector instruction, (v128.const 0) (i8x16.popcnt) (drop): it is valid where all of SIMD128 is there.
 */
const probe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 25, 1, 23, 0,
  253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 253, 98, 26, 11,
]);

/** Whether this browser's WebAssembly has vector instructions. */
export function hasSIMD() {
  return WebAssembly.validate(probe);
}

/**
 * Compiles, once, so that several workers can be given the module.
 * @param {Source} source
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(source) {
  const s = await source;
  if (s instanceof WebAssembly.Module) return s;
  if (!(s instanceof Response)) return WebAssembly.compile(s);
  if (!s.ok) throw new Error(`${s.url}: ${s.status} ${s.statusText}`);
  if (s.headers.get("Content-Type") === "application/wasm") return WebAssembly.compileStreaming(s);
  return WebAssembly.compile(await s.arrayBuffer());
}
