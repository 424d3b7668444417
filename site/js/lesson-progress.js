// How far somebody is in a lesson, and the sheet that they hand in. The browser keeps it where it may, so that nothing is lost by a reload.

/**
 * @typedef {import("../types/messages.js").lesson.Lesson} Lesson
 * @typedef {import("../types/messages.js").lesson.Sheet} Sheet
 * @typedef {import("../types/messages.js").lesson.Answer} Answer
 * @typedef {{at: number, far: number, student: string, guess: string, done: string[], answers: Answer[], runs: Sheet["runs"]}} Kept
 */

/** @returns {Kept} */
const begin = () => ({ at: 0, far: 0, student: "", guess: "", done: [], answers: [], runs: [] });

/** What the names of metrics of a level begin with, which a sheet leaves out. */
const ofLevel = "eval/";

export class Progress {
  /** @param {Lesson} lesson @param {{kept: string, keep: (text: string) => void} | undefined} system a course system that keeps it too */
  constructor(lesson, system) {
    this.lesson = lesson;
    this.system = system;
    this.key = ["lesson", lesson.name, lesson.digest].join("/");
    this.kept = this.restored();
  }

  /** What the browser has kept, and before that what a course system has. @returns {Kept} */
  restored() {
    const here = read(() => localStorage.getItem(this.key));
    const { digest, ...there } = read(() => this.system?.kept);
    return { ...begin(), ...here, ...(digest === this.lesson.digest ? there : {}) };
  }

  save() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.kept));
    } catch { /* a sandbox allows nothing */ }
    const { runs, ...rest } = this.kept; // the numbers of runs would take more than a course system keeps
    this.system?.keep(JSON.stringify({ digest: this.lesson.digest, ...rest }));
  }

  forget() {
    this.kept = begin();
    this.save();
  }

  get at() {
    return this.kept.at;
  }

  /** The last step that was opened. */
  get far() {
    return this.kept.far;
  }

  get guess() {
    return this.kept.guess;
  }

  get student() {
    return this.kept.student;
  }

  /** How many steps are done. */
  get done() {
    return this.lesson.steps.filter(({ id }) => this.isDone(id)).length;
  }

  isDone(/** @type {string} */ id) {
    return this.kept.done.includes(id);
  }

  /** @returns {Answer | undefined} */
  answerTo(/** @type {string} */ id) {
    return this.kept.answers.find((a) => a.step === id);
  }

  goTo(/** @type {number} */ at) {
    this.kept.at = at;
    this.kept.far = Math.max(this.kept.far, at);
    this.save();
  }

  finish(/** @type {string} */ id) {
    this.kept.done.push(id);
    this.save();
  }

  predict(/** @type {string} */ guess) {
    this.kept.guess = guess;
    this.save();
  }

  sign(/** @type {string} */ student) {
    this.kept.student = student;
    this.save();
  }

  /** @param {import("../types/messages.js").lesson.Step} step @param {string} answer @param {boolean | null} right */
  answer(step, answer, right) {
    this.kept.answers = [...this.kept.answers.filter((a) => a.step !== step.id), { step: step.id, question: step.question ?? "", answer, right }];
    this.save();
  }

  /** Takes note of a run that has ended. */
  ran(/** @type {import("./goals.js").Lab} */ { d, run }) {
    const short = (/** @type {Record<string, number>} */ metrics) => Object.fromEntries(Object.entries(metrics).filter(([name]) => name.startsWith(ofLevel)).map(([name, value]) => [name.slice(ofLevel.length), value]));
    const lanes = run.lanes.map(({ label, step, digest, metrics }) => ({ label, updates: step, digest, metrics: short(metrics) }));
    this.kept.runs = [...this.kept.runs.filter(({ link }) => link !== d.link), { link: d.link, lanes }];
    this.save();
  }

  /** What is handed in. @param {number} engine the version of the numerics @returns {Sheet} */
  sheet(engine) {
    const { lesson, kept } = this;
    return {
      posttrain: "sheet", version: 1, engine, lesson: lesson.name || "own", lesson_digest: lesson.digest, student: kept.student,
      prediction: { question: lesson.predict?.question ?? "", guess: kept.guess },
      steps: lesson.steps.map(({ id }) => ({ id, done: this.isDone(id) })), answers: kept.answers, runs: kept.runs,
    };
  }
}

/** What was kept, as an object; empty where nothing was, or nothing may be. @param {() => string | null | undefined} kept @returns {any} */
function read(kept) {
  try {
    return JSON.parse(kept() || "{}");
  } catch {
    return {};
  }
}
