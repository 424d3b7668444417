// Takes the place of js/files.js in a page that is one file. What that module requests from a server stands in the document here: the
// scripts of workers as text, other files compressed and as base64, styles that do not apply yet, and the stage's document as a template.
// site/onefile.go puts them there. From a page that was opened as a file nothing else could be loaded.

/** The element with a file inside, if the document has one. */
const inside = (/** @type {string} */ name) => document.querySelector(`[data-file="${name}"]`);

/** Whether programs of the visitor's own can be run: the page carries one trainer, with the interpreter or without. */
export const interprets = globalThis.document && inside("scripted.wasm") !== null;

/** The files that the stage's document, which has none inside, has from the page. @type {Record<string, string | undefined>} */
let sent = {};

/** Resolves when all files are there. The stage's document waits for those that showStage sends. */
const arrived = globalThis.document && !document.querySelector("[data-file]") ? new Promise((/** @type {(_?: unknown) => void} */ resolve) => {
  addEventListener("message", function take({ source, data }) {
    if (source !== parent || !data?.files) return;
    removeEventListener("message", take);
    sent = data.files;
    resolve();
  });
}) : Promise.resolve();

/** Returns the text of a file. It throws an error if the page does not carry the file. */
function text(/** @type {string} */ name) {
  const found = inside(interprets && name === "trainer.wasm" ? "scripted.wasm" : name)?.textContent ?? sent[name];
  if (found === undefined) throw new Error(texts.onefile.absent);
  return found;
}

export const carriedLink = /** @type {HTMLMetaElement | null} */ (globalThis.document?.querySelector("meta[name=posttrain-link]"))?.content ?? "";

export async function file(/** @type {string} */ name) {
  return unpacked(await packed(name));
}

export async function packed(/** @type {string} */ name) {
  await arrived;
  return text(name);
}

export async function unpacked(/** @type {string} */ base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}

/** The stage's document has the base address of the page around it. */
export const identity = (/** @type {string} */ name) => `${document.baseURI.split("#")[0]}#${name}`;

/** The addresses of the scripts of workers. @type {Map<string, string>} */
const scripts = new Map();

/** A worker of a page without an origin of its own, such as a file, cannot be a module. */
export function startWorker(/** @type {string} */ name) {
  const script = scripts.get(name) ?? URL.createObjectURL(new Blob([text(name)], { type: "text/javascript" }));
  scripts.set(name, script);
  return new Worker(script);
}

export async function styles(/** @type {string} */ name) {
  const style = /** @type {HTMLStyleElement | null} */ (inside(name));
  if (style) style.media = "all";
}

export function showStage(/** @type {HTMLIFrameElement} */ frame) {
  frame.srcdoc = `<!doctype html><html lang="en">${inside("stage.html")?.innerHTML}`;
  const files = Object.fromEntries(["stage.wasm", "js/compiler.js"].map((name) => [name, text(name)]));
  frame.addEventListener("load", () => frame.contentWindow?.postMessage({ files }, "*"), { once: true });
}

export const stageScript = async () => new Response();

export const reference = (/** @type {string} */ _path) => undefined;

export const published = (/** @type {string} */ name) => new URL(name, document.baseURI);

/** From a file only the link itself can be passed on. */
export const addressOf = (/** @type {string} */ link) => (location.protocol === "file:" ? link : `${location.href.split("#")[0]}#${link}`);
