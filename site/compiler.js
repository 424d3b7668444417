// A Web Worker that compiles the programs at these addresses, and has then done its work.

import { compile } from "./compile.js";

onmessage = ({ data }) => {
  Promise.all(data.map((/** @type {string} */ file) => compile(fetch(file)))).then((modules) => postMessage({ modules }), (e) => postMessage({ why: String(e?.message ?? e) }));
};
