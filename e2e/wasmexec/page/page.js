// Runs the program in a worker, where the page runs it too, and passes on what the worker has to say. The binding report
// is there because the browser is driven from outside.
const send = (/** @type {unknown} */ m) => globalThis.report(JSON.stringify(m));
const worker = new Worker("worker.js", { type: "module" });
worker.onmessage = ({ data }) => send(data);
worker.onerror = (e) => send({ error: e.message || "the worker did not start" });
worker.postMessage(await (await fetch("program.json")).json());
