// The programs that run in workers, fetched and compiled once for all of them.

import { hasSIMD } from "./compile.js";
import { compileOnce } from "./compile-once.js";
import { file as request } from "./files.js";
import { whyNot } from "./format.js";
import { say } from "./say.js";

/** @typedef {import("../types/workers.js").Modules} Modules */

/** @type {Map<boolean, Promise<Modules>>} by whether the trainer has the interpreter */
const loaded = new Map();

/** Whether a link has a program of somebody's own, which the trainer can only read and run with the interpreter. */
export function scripted(/** @type {string} */ link) {
  return /[?&](reward|script|task|program)=/.test(link);
}

/**
 * The trainer, with the interpreter for programs of the visitor's own if interprets, and the vector kernels where the browser can run
 * them. Compiling takes every core there is, so the page is painted before. @returns {Promise<Modules>}
 */
export function programs(interprets = false) {
  const before = loaded.get(interprets);
  if (before) return before;
  const modules = (async () => {
    await painted();
    const names = [interprets ? "scripted" : "trainer", ...(hasSIMD() ? ["kernels"] : [])];
    const [trainer, kernels] = await compileOnce(names.map((name) => `${name}.wasm`), window);
    return { trainer, kernels };
  })().catch((e) => {
    loaded.delete(interprets); // so that the next call tries again
    throw new Error(say(texts.common.notLoaded, { what: texts.worker.trainer, why: whyNot(e) }));
  });
  loaded.set(interprets, modules);
  return modules;
}

/** Ends once the page as it is now has been painted; a page that nobody looks at is not, so it does not take long. */
function painted() {
  return new Promise((/** @type {(_?: unknown) => void} */ done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 300);
  });
}

/** @type {Map<string, Promise<any>>} */
const files = new Map();

/** A file of the site, fetched once if all goes well. @param {string} file @param {string} what in words @param {(r: Response) => Promise<any>} read */
function fetched(file, what, read) {
  if (!files.has(file)) {
    const content = request(file).then((r) => {
      if (!r.ok) throw new Error(`${r.status} ${r.statusText}`);
      return read(r);
    }).catch((e) => {
      files.delete(file); // so that the next call tries again
      throw new Error(say(texts.common.notLoaded, { what, why: whyNot(e) }));
    });
    files.set(file, content);
  }
  return /** @type {Promise<any>} */ (files.get(file));
}

/** The checkpoint of a base. @returns {Promise<Uint8Array>} */
export function base(/** @type {string} */ name) {
  return fetched(`bases/${name}.msgp`, say(texts.worker.base, { name }), async (r) => new Uint8Array(await r.arrayBuffer()));
}

/** What an exhibit gave over other seeds: a study.Summary. @returns {Promise<any>} */
export function results(/** @type {string} */ exhibit) {
  return fetched(`results/${exhibit}.json`, say(texts.worker.results, { name: exhibit }), (r) => r.json());
}

/** What the study of an exhibit found on other bases. @returns {Promise<import("../types/messages.js").report.Account>} */
export function study(/** @type {string} */ exhibit) {
  return fetched(`studies/${exhibit}.json`, say(texts.worker.study, { name: exhibit }), (r) => r.json());
}
