// Reports to a course system that runs a package of SCORM 1.2. It offers an object named API in a window around this one, or in the one
// that opened it. Names and values are those of the standard's data model (SCORM 1.2 Run-Time Environment, section 3.4).

/** How many windows outwards the object is looked for. */
const farthest = 12;

/** The most symbols that the standard has a course system keep of a state, and of an answer. */
const longestState = 4096;
const longestAnswer = 255;

/**
 * The functions that are called of a course system; each returns a text.
 * @typedef {{LMSInitialize: (_: "") => string, LMSFinish: (_: "") => string, LMSGetValue: (name: string) => string, LMSSetValue: (name: string, value: string) => string, LMSCommit: (_: "") => string}} API
 */

/** The course system's object; undefined if this page is in none. @returns {API | undefined} */
function find() {
  for (const start of [window, /** @type {Window | null} */ (window.opener)]) {
    let w = start;
    for (let i = 0; w && i < farthest; i++) {
      try {
        const { API } = /** @type {any} */ (w);
        if (typeof API?.LMSInitialize === "function") return API;
      } catch {
        break; // a page of another origin
      }
      w = w.parent === w ? null : w.parent;
    }
  }
  return undefined;
}

export class Scorm {
  /** @param {API} api */
  constructor(api) {
    this.api = api;
    this.answers = new Map();
    this.over = false;
    if (!/^(passed|completed)$/.test(api.LMSGetValue("cmi.core.lesson_status"))) this.set("cmi.core.lesson_status", "incomplete");
    addEventListener("pagehide", () => this.finish());
  }

  /** Reports what the page tells. @param {import("../types/host.js").Told} told @param {import("../types/messages.js").lesson.Lesson} [lesson] */
  report(told, lesson) {
    if (told.type === "posttrain/answered") this.answered(told, lesson);
    else if (told.type === "posttrain/lesson") this.set("cmi.core.lesson_location", told.step.slice(0, longestAnswer));
    else if (told.type === "posttrain/finished") this.finished(told.sheet);
    else if (told.type === "posttrain/done" && !lesson) this.set("cmi.core.lesson_status", "completed");
    else return;
    this.api.LMSCommit("");
  }

  /** @param {Extract<import("../types/host.js").Told, {type: "posttrain/answered"}>} told @param {import("../types/messages.js").lesson.Lesson} [lesson] */
  answered({ step, answer, right }, lesson) {
    if (!this.answers.has(step)) this.answers.set(step, this.answers.size);
    const place = `cmi.interactions.${this.answers.get(step)}`;
    const chosen = lesson?.steps.find(({ id }) => id === step)?.choices?.findIndex(({ text }) => text === answer) ?? -1;
    this.set(`${place}.id`, step.slice(0, longestAnswer));
    this.set(`${place}.type`, chosen < 0 ? "fill-in" : "choice");
    this.set(`${place}.student_response`, chosen < 0 ? answer.slice(0, longestAnswer) : String.fromCharCode(97 + chosen)); // a, b, c
    this.set(`${place}.result`, right === null ? "neutral" : right ? "correct" : "wrong");
  }

  /** The lesson is at its end; the score is the share of right answers. @param {import("../types/messages.js").lesson.Sheet} sheet */
  finished({ answers, steps }) {
    const asked = answers.filter(({ right }) => right !== null);
    if (asked.length > 0) {
      this.set("cmi.core.score.min", "0");
      this.set("cmi.core.score.max", "100");
      this.set("cmi.core.score.raw", String(Math.round((100 * asked.filter(({ right }) => right).length) / asked.length)));
    }
    if (steps.every(({ done }) => done)) this.set("cmi.core.lesson_status", "completed");
  }

  /** What was kept with keep; "" if nothing was. */
  get kept() {
    return this.api.LMSGetValue("cmi.suspend_data");
  }

  /** Keeps a text for the next time, if the standard has room for it. */
  keep(/** @type {string} */ text) {
    if (text.length > longestState) return;
    this.set("cmi.suspend_data", text);
    this.api.LMSCommit("");
  }

  set(/** @type {string} */ name, /** @type {string} */ value) {
    if (!this.over) this.api.LMSSetValue(name, value);
  }

  finish() {
    if (this.over) return;
    this.set("cmi.core.exit", "suspend");
    this.over = true;
    this.api.LMSFinish("");
  }
}

/** Connects with the course system; undefined if this page is in none, or if it refuses. @returns {Scorm | undefined} */
export function connect() {
  const api = find();
  return api?.LMSInitialize("") === "true" ? new Scorm(api) : undefined;
}
