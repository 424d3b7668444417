// The page of a lesson: one step of text at a time, beside a lab. A lesson is a Markdown file that the build or wasm/lesson has read: see
// core/lesson. Its name stands in the address, or its whole text after a ~.

import { asked } from "./asked.js";
import { fill, h, spoken } from "./dom.js";
import { carriedLink } from "./files.js";
import { enter, host, system } from "./framed.js";
import { field, measured, reached, wanted } from "./goals.js";
import { count, percent, whyNot } from "./format.js";
import { Progress } from "./lesson-progress.js";
import { read } from "./lesson-text.js";
import { say } from "./say.js";
import { download } from "./share.js";

/**
 * @typedef {import("../types/messages.js").lesson.Lesson} Lesson
 * @typedef {import("../types/messages.js").lesson.Step} Step
 */

/** The places of the lab that each lock of a lesson disables. */
const locks = { settings: ["recipe", "seed"], seed: ["seed"] };

class Course {
  /** What describes the recipe that each step began with, by its number. @type {any[]} */ before = [];
  /** The link of the step that is open in the lab. */ opened = "";
  /** @type {import("./goals.js").Lab | undefined} */ lab;
  /** @type {HTMLFieldSetElement[]} */ fences = [];

  /** @param {Element} place @param {Lesson} lesson */
  constructor(place, lesson) {
    this.place = place;
    this.lesson = lesson;
    this.progress = new Progress(lesson, system);
    this.at = Math.min(this.progress.at, lesson.steps.length);
    document.title = lesson.title;
    this.body = h("div");
    fill(place, h("p.kicker", null, [texts.lesson.lesson, lesson.minutes && say(texts.lesson.minutes, { n: lesson.minutes })].filter(Boolean).join(" \u00b7 ")),
      h("h1", null, lesson.title), (this.places = h("nav.places", { "aria-label": texts.lesson.steps })), (this.status = h("p.spoken", { role: "status" })), this.body);
    this.draw();
  }

  /** The link that a step is about, with what the lesson hides. */
  linkAt(/** @type {number} */ at) {
    const step = this.lesson.steps.slice(0, at + 1).findLast(({ link }) => link);
    return hiding(step?.link ?? this.lesson.link, this.lesson.hide);
  }

  /** Connects the lesson with its lab. */
  async follow(/** @type {import("./goals.js").Lab} */ lab) {
    this.lab = lab;
    this.opened = asked.link;
    this.before[this.at] ??= lab.d;
    if (this.progress.guess && !lab.guess) lab.choice(this.progress.guess);
    this.fence();
    const look = () => this.look();
    for (const event of /** @type {const} */ (["event", "change", "done"])) lab.api().on(event, look);
    lab.api().on("predict", () => {
      this.progress.predict(lab.guess);
      this.look();
    });
    lab.api().on("done", () => this.progress.ran(lab));
    for (const kind of ["click", "toggle", "change", "keyup"]) lab.main.addEventListener(kind, () => setTimeout(look), { capture: true });
    if (lab.run.done && lab.run.endsRecorded) this.progress.ran(lab);
    await this.open();
    this.draw();
  }

  /** Puts what the lesson can lock into fieldsets, which can disable all controls in them. */
  fence() {
    const { lab, lesson } = this;
    for (const name of locks[/** @type {keyof typeof locks} */ (lesson.lock)] ?? []) {
      const fence = h("fieldset.lock");
      lab?.p[name].before(fence);
      fence.append(lab?.p[name]);
      this.fences.push(fence);
    }
    this.lock();
  }

  /** Locks what is locked at the open step. */
  lock() {
    const { lab, lesson } = this;
    if (!lab) return;
    const unlocked = lesson.steps.slice(0, this.at + 1).some(({ unlock }) => unlock);
    for (const fence of this.fences) fence.disabled = !unlocked;
    lab.locked = unlocked || lesson.lock !== "settings" ? "" : texts.lesson.locked;
    lab.main.classList.toggle("locked", lab.locked !== "");
    lab.main.classList.toggle("changing", lesson.steps[this.at]?.goal?.kind === "change"); // the settings stand below the picture
  }

  /** Opens the experiment of the open step, if it is another one than that of the step before. */
  async open() {
    const { lab } = this;
    const link = this.linkAt(Math.min(this.at, this.lesson.steps.length - 1));
    if (!lab || link === this.opened) return;
    this.opened = link;
    await lab.load(link, "chosen").catch(() => {}); // which shows the error
    this.before[this.at] = lab.d;
  }

  /** Goes to a step; the one after the last is the end. */
  async go(/** @type {number} */ at) {
    this.at = at;
    this.progress.goTo(at);
    fill(this.status);
    this.lock();
    await this.open();
    if (this.lab) this.before[at] ??= this.lab.d;
    this.draw();
    this.place.querySelector("h2")?.focus({ preventScroll: true });
    this.place.scrollTo?.(0, 0);
    if (this.place.getBoundingClientRect().top < 0) this.place.scrollIntoView();
  }

  /** Looks whether the open step's goal is reached, and shows what was measured. */
  look() {
    const { lab } = this;
    if (!lab?.d) return;
    for (const output of /** @type {NodeListOf<HTMLOutputElement>} */ (this.body.querySelectorAll("output.value"))) fill(output, this.told(output.dataset.lane ?? "", output.dataset.metric ?? ""));
    const step = this.lesson.steps[this.at];
    if (step?.goal && step.goal.kind !== "answer" && !this.progress.isDone(step.id) && reached(lab, step.goal, this.before[this.at] ?? lab.d)) this.done(step);
  }

  /** Whether a lane has run as far as the open step tells of: a step whose goal is a run tells of the time after it. */
  hasRun(/** @type {string} */ label) {
    const kind = this.lesson.steps[this.at]?.goal?.kind ?? "";
    return !["run", "update", "reach"].includes(kind) || (this.lab?.run.lanes.find((l) => l.label === label)?.step ?? 0) > 0;
  }

  /** A measured value for a reader. */
  told(/** @type {string} */ lane, /** @type {string} */ metric) {
    const value = this.lab && this.hasRun(lane) ? measured(this.lab, lane, metric) : undefined;
    if (value === undefined || !this.lab) return texts.lesson.unmeasured;
    const unit = this.lab.viewer.series(metric)?.unit;
    if (unit === "share") return percent(value);
    return value >= 1000 ? count(value) : `${Number(value.toPrecision(3))}${unit ? ` ${unit}` : ""}`;
  }

  /** Takes note that a step is done, and tells the page around. */
  finish(/** @type {Step} */ step) {
    this.progress.finish(step.id);
    host.tell({ type: "posttrain/lesson", lesson: this.lesson.name, step: step.id, done: this.progress.done, steps: this.lesson.steps.length });
  }

  /** Says that a step's goal is reached. */
  done(/** @type {Step} */ step) {
    this.finish(step);
    fill(this.status, texts.lesson.reached);
    this.drawPlaces();
    this.drawFoot();
  }

  draw() {
    const step = this.lesson.steps[this.at];
    this.drawPlaces();
    if (!step) return this.drawEnd();
    const answers = step.goal?.kind === "answer";
    this.foot = h("div");
    fill(this.body, h("h2", { tabIndex: -1 }, step.title), h("div.body", null, markup(step.html)), answers && this.question(step), this.foot);
    if (!step.goal && !this.progress.isDone(step.id)) this.finish(step); // there is nothing to do but to read it
    this.look();
    this.drawFoot();
  }

  /** A button for every step, and one for the end. */
  drawPlaces() {
    const { steps } = this.lesson;
    const far = Math.max(this.at, this.progress.far);
    fill(this.places, [...steps, { id: "", title: texts.lesson.end }].map(({ id, title }, i) => h("button", {
      type: "button", title, disabled: i > far, onclick: () => this.go(i), "aria-current": i === this.at && "step", class: this.progress.isDone(id) ? "done" : "",
    }, i < steps.length ? i + 1 : "\u2713", spoken(`: ${title}${this.progress.isDone(id) ? `, ${texts.lesson.isDone}` : ""}`))));
  }

  /** What is to be done, and the ways to the steps before and after. */
  drawFoot() {
    const step = this.lesson.steps[this.at];
    if (!step || !this.foot) return;
    const done = this.progress.isDone(step.id);
    const focused = /** @type {HTMLElement | null} */ (this.foot.contains(document.activeElement) ? document.activeElement : null)?.dataset.way;
    fill(this.foot,
      step.goal && h(done ? "p.goal.done" : "p.goal", null, h("span.mark", { "aria-hidden": "true" }, done ? "\u2713" : "\u2192"), h("span", null, done && spoken(`${texts.lesson.isDone}: `), wanted(this.lab, step.goal), !done && step.goal.kind === "change" && [" ", h("button.quiet", { type: "button", "data-way": "field", onclick: () => this.show(step.goal) }, texts.lesson.show)])),
      h("div.turn-page", null,
        this.at > 0 && h("button", { type: "button", "data-way": "back", onclick: () => this.go(this.at - 1) }, texts.common.previous),
        h("button.next-step", { type: "button", "data-way": "next", disabled: !done, onclick: () => this.go(this.at + 1) }, this.at + 1 < this.lesson.steps.length ? texts.common.next : texts.lesson.toEnd),
        !done && h("button.quiet", { type: "button", onclick: () => this.go(this.at + 1) }, texts.lesson.skip)));
    if (focused) /** @type {HTMLElement | null} */ (this.foot.querySelector(`[data-way=${focused}]`))?.focus();
  }

  /** Leads to the setting that a goal wants changed. */
  show(/** @type {import("./goals.js").Goal | null} */ goal) {
    const found = this.lab && goal && field(this.lab, goal);
    if (!found) return;
    for (let closed = found.closest("details:not([open])"); closed; closed = found.closest("details:not([open])")) /** @type {HTMLDetailsElement} */ (closed).open = true;
    found.scrollIntoView({ block: "center" });
    found.focus({ preventScroll: true });
  }

  /** The question of a step, as it was answered if it was. */
  question(/** @type {Step} */ step) {
    const given = this.progress.answerTo(step.id);
    return step.choices ? this.choices(step, given) : this.ownWords(step, given);
  }

  /** @param {Step} step @param {{answer: string} | undefined} given */
  choices(step, given) {
    const form = h("form", { onsubmit: (/** @type {Event} */ e) => {
      e.preventDefault();
      const chosen = (step.choices ?? []).find((_, i) => form.elements[`choice-${i}`].checked);
      if (chosen) this.answer(step, chosen.text, chosen.right);
    } },
      h("fieldset", { disabled: given !== undefined }, h("legend.spoken", null, step.question), (step.choices ?? []).map((c, i) => {
        const mine = given?.answer === c.text;
        const shown = given && (c.right ? ".is-right" : mine ? ".is-wrong" : "");
        return h(`label.choice${shown ?? ""}`, null, h("input", { type: "radio", name: "choice", id: `choice-${i}`, checked: mine, required: true }), h("span", null, markup(c.html)),
          given && (c.right ? h("span.right", null, "\u2713", spoken(` ${texts.common.right}`)) : mine && h("span.wrong", null, "\u2717", spoken(` ${texts.lesson.wrong}`))));
      })),
      given ? h("div.after.body", null, markup(step.after ?? "")) : h("button", { type: "submit" }, texts.lesson.answer));
    return form;
  }

  /** @param {Step} step @param {{answer: string} | undefined} given */
  ownWords(step, given) {
    const field = h("textarea", { id: "own-words", rows: 4, value: given?.answer ?? "", maxLength: 4000, required: true, "aria-label": step.question });
    return h("form", { onsubmit: (/** @type {Event} */ e) => {
      e.preventDefault();
      if (field.value.trim()) this.answer(step, field.value.trim(), null);
    } }, field, h("p.actions", null, h("button", { type: "submit" }, given ? texts.lesson.answerAgain : texts.lesson.answer)), given && h("div.after.body", null, markup(step.after ?? "")));
  }

  /** @param {Step} step @param {string} answer @param {boolean | null} right */
  answer(step, answer, right) {
    this.progress.answer(step, answer, right);
    host.tell({ type: "posttrain/answered", lesson: this.lesson.name, step: step.id, question: step.question ?? "", answer, right });
    const known = this.progress.isDone(step.id);
    if (!known) this.done(step);
    this.draw();
    fill(this.status, right === null ? texts.lesson.answered : right ? texts.lesson.answeredRight : texts.lesson.answeredWrong);
    /** @type {HTMLElement | null} */ (this.foot?.querySelector("[data-way=next]"))?.focus();
  }

  /** The end: what was done, and the sheet to hand in. */
  drawEnd() {
    const { lesson, progress } = this;
    const asks = lesson.steps.filter(({ choices }) => choices);
    const right = asks.filter(({ id }) => progress.answerTo(id)?.right).length;
    const left = lesson.steps.filter(({ id }) => !progress.isDone(id));
    const name = h("input.name-field", { type: "text", id: "student", maxLength: 200, autocomplete: "name", value: progress.student, oninput: () => progress.sign(name.value) });
    const sheet = () => progress.sheet(this.lab?.d.current ?? 0);
    this.foot = undefined;
    fill(this.body, h("h2", { tabIndex: -1 }, texts.lesson.end),
      h("div.body", null,
        h("p", null, say(texts.lesson.stepsDone, { done: progress.done, n: lesson.steps.length }), left.length > 0 && ` ${texts.lesson.notDone} `, left.map(({ title }, i) => [i > 0 && ", ", title]).flat(), left.length > 0 && "."),
        asks.length > 0 && h("p", null, say(texts.lesson.answersRight, { right, n: asks.length })),
        lesson.cite && h("p.small", null, lesson.cite),
        h("p", null, texts.lesson.handIn)),
      h("label.name", { htmlFor: "student" }, texts.lesson.student), name,
      h("p.actions", null, h("button.save-sheet", { type: "button", onclick: () => download(new Blob([JSON.stringify(sheet(), null, 1)], { type: "application/json" }), `${lesson.name || "lesson"}-sheet.json`) }, texts.lesson.save)),
      h("p.small", null, say(lesson.own ? texts.lesson.checkedOwn : texts.lesson.checked, { file: `${lesson.name || "lesson"}-sheet.json` })),
      h("div.turn-page", null, h("button", { type: "button", onclick: () => this.go(lesson.steps.length - 1) }, texts.common.previous), h("button.quiet", { type: "button", onclick: () => this.anew() }, texts.lesson.anew)));
    host.tell({ type: "posttrain/finished", lesson: lesson.name, sheet: sheet() });
  }

  /** Begins the lesson again, for somebody else. */
  anew() {
    this.progress.forget();
    location.reload();
  }
}

/** The elements of a text that core/lesson has written; it lets no markup of others through. */
function markup(/** @type {string} */ html) {
  return document.createRange().createContextualFragment(html);
}

/** A link with more panels hidden. */
function hiding(/** @type {string} */ link, /** @type {string[]} */ panels) {
  if (panels.length === 0) return link;
  const [, had] = link.match(/[?&]hide=([^&]*)/) ?? [];
  const hide = [...new Set([...(had ?? "").split(",").filter(Boolean), ...panels])].join(",");
  return had !== undefined ? link.replace(/([?&]hide=)[^&]*/, `$1${hide}`) : `${link}${link.includes("?") ? "&" : "?"}hide=${hide}`;
}

const place = /** @type {HTMLElement} */ (document.getElementById("lesson"));
if (parent !== window) document.documentElement.classList.add("within");
try {
  const lesson = await read(location.hash.slice(1) || carriedLink);
  asked.question = lesson.predict?.question ?? "";
  asked.choices = lesson.predict?.choices ?? [];
  host.also = (message) => system?.report(message, lesson);
  const course = new Course(place, lesson);
  asked.link = course.linkAt(Math.min(course.at, lesson.steps.length - 1));
  addEventListener("hashchange", () => location.reload());
  await course.follow(await enter(() => asked.link, { title: lesson.title, question: asked.question }));
} catch (/** @type {any} */ e) {
  fill(place, h("h1", null, texts.lesson.noLesson), h("p", { role: "alert" }, `${whyNot(e)}.`), /** @type {HTMLTemplateElement | null} */ (document.getElementById("all-lessons"))?.content.cloneNode(true));
}
