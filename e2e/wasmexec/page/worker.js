import { load } from "./loader.js";

// Standard output and error, as text. There are no files; Go's own stub of fs refuses all the rest.
const decoders = { 1: new TextDecoder(), 2: new TextDecoder() };
globalThis.fs.writeSync = (/** @type {1 | 2} */ fd, /** @type {Uint8Array} */ bytes) => {
  postMessage({ fd, text: decoders[fd].decode(bytes, { stream: true }) });
  return bytes.length;
};

Object.assign(globalThis.fs.constants, { O_RDONLY: 0, O_DIRECTORY: 0x10000 });
globalThis.fs.open = (path, flags, mode, callback) => {
  callback(Object.assign(new Error(`${path}: the browser has no files`), { code: "ENOENT" }));
};

onmessage = async ({ data: { argv, env } }) => {
  try {
    const program = await load(fetch("program.wasm"), fetch("kernels.wasm"), { argv, env });
    program.exit = (code) => postMessage({ exit: code });
    await program.run();
  } catch (e) {
    postMessage({ error: String(e?.stack ?? e) });
  }
};
