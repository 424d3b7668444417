// Where the site's files are. No other module knows: a page that is one file has another module in the place of this one, which reads
// what the page carries, see site/onefile/files.js. Names are those of files in the built site, such as bases/cards.msgp.

/** The address of a file. This module is a part of bundles in the folder js. */
const at = (/** @type {string} */ name) => new URL(`../${name}`, import.meta.url);

/** The link that the page opens with if its address has none; "" means the first exhibit. */
export const carriedLink = "";

/** Whether the site has a trainer that runs programs of the visitor's own. */
export const interprets = true;

/** Requests a file. @returns {Promise<Response>} */
export const file = (/** @type {string} */ name) => fetch(at(name));

/** Returns a file as a text that can be posted to a worker, which gets the file from it by unpacked. */
export const packed = async (/** @type {string} */ name) => at(name).href;

/** @returns {Promise<Response>} */
export const unpacked = (/** @type {string} */ text) => fetch(text);

/** Returns a name for a file that no file of another site has. */
export const identity = (/** @type {string} */ name) => at(name).href;

/** Requests a page of the site in the language of this one. @returns {Promise<Response>} */
export const pageBeside = (/** @type {string} */ name) => fetch(new URL(name, location.href));

/**
 * Starts a worker that runs a script. A page without an origin of its own, as in a sandboxed frame, may start no worker from an
 * address and none that is a module; there the worker is a line that imports the script, and keeps messages until it has.
 */
export function startWorker(/** @type {string} */ name) {
  const script = at(name);
  if (origin !== "null") return new Worker(script, { type: "module" });
  const line = `const early = [], hold = (e) => early.push(e);
    addEventListener("message", hold);
    import(${JSON.stringify(script.href)}).then(() => {
      removeEventListener("message", hold);
      for (const e of early) onmessage(e);
    }, (e) => postMessage({ type: "failed", why: String(e) }));`;
  return new Worker(URL.createObjectURL(new Blob([line], { type: "text/javascript" })));
}

/** Has the page use styles that only some visitors need. It resolves when they are there, and also if they cannot be loaded. */
export function styles(/** @type {string} */ name) {
  const { href } = at(name);
  if ([...document.styleSheets].some((s) => s.href === href)) return Promise.resolve();
  return new Promise((/** @type {(_?: unknown) => void} */ resolve) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve, onerror: resolve }));
  });
}

/** Has an iframe that is not in the document yet show the stage. */
export function showStage(/** @type {HTMLIFrameElement} */ frame) {
  frame.src = at("stage.html").href;
}

/** Requests the stage's script. */
export const stageScript = () => file("stage.js");

/** The address of a page of the reference; undefined where there is no reference. @returns {string | undefined} */
export const reference = (/** @type {string} */ path) => at(`reference/${path}`).href;

/** The address of a page or a script of the site that other pages name. */
export const published = (/** @type {string} */ name) => at(name);

/** The address at which a link can be opened. */
export const addressOf = (/** @type {string} */ link) => `${new URL("./", location.href).href}#${link}`;
