// Reads a lesson: one of the site's, or the text that an address carries.

import { file, startWorker } from "./files.js";
import { say } from "./say.js";

/** @typedef {import("../types/messages.js").lesson.Lesson} Lesson */

/** What an address begins with that carries the text of a lesson. */
const carries = "~";

/**
 * Returns the lesson that an address names, by what stands behind its #.
 * @param {string} named @returns {Promise<Lesson>}
 */
export async function read(named) {
  if (named.startsWith(carries)) return parse(await unpack(named.slice(1)));
  const name = named.match(/^[\w-]+$/)?.[0] ?? "";
  const answer = name ? await file(`lessons/${name}.json`) : undefined;
  if (!answer?.ok) throw new Error(say(texts.lesson.unknown, { name: plain(named).slice(0, 200) }));
  return answer.json();
}

/** What an address has named, without escapes if that can be. */
function plain(/** @type {string} */ named) {
  try {
    return decodeURIComponent(named);
  } catch {
    return named;
  }
}

/** Reads the text of a lesson in a worker. @param {string} text @returns {Promise<Lesson>} */
export function parse(text) {
  const reader = new Reader();
  return reader.parse(text).finally(() => reader.end());
}

/** A worker that reads texts of lessons, one after the other. */
export class Reader {
  /** Functions to be called with each answer that is still to come. @type {((answer: {lesson?: Lesson, error?: string, why?: string}) => void)[]} */ waiting = [];

  constructor() {
    this.worker = startWorker("js/lesson-worker.js");
    this.worker.onmessage = ({ data }) => this.waiting.shift()?.(data);
    this.worker.onerror = (e) => {
      for (const answer of this.waiting.splice(0)) answer({ error: e.message || texts.lesson.reader });
    };
  }

  /** Reads a text; it rejects with what is wrong with it. @param {string} text @returns {Promise<Lesson>} */
  parse(text) {
    return new Promise((resolve, reject) => {
      this.waiting.push(({ lesson, error, why }) => (lesson ? resolve(lesson) : reject(new Error(error ?? why))));
      this.worker.postMessage(text);
    });
  }

  end() {
    this.worker.terminate();
  }
}

/** The text of a lesson for an address: compressed, in letters that no editor changes. */
export async function pack(/** @type {string} */ text) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  return carries + btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The text that pack has made smaller. */
async function unpack(/** @type {string} */ packed) {
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(await through(new DecompressionStream("deflate-raw"), bytes));
  } catch {
    throw new Error(texts.lesson.damaged);
  }
}

/** @param {CompressionStream | DecompressionStream} stream @param {Uint8Array<ArrayBuffer>} bytes */
async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
