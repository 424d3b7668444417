// The steps of a lesson in the builder: a list to which steps are added, in which they are moved, and from which they are removed.

import { fill, h, spoken } from "./dom.js";
import { capital } from "./format.js";
import { panels } from "./builder-panels.js";
import { say } from "./say.js";

/** @typedef {import("./builder-text.js").Step} Step */

/** What a student can do in a step, in the order of the menu. */
const goals = {
  read: texts.builder.read, predict: texts.builder.goalPredict, run: texts.builder.run, update: texts.builder.update, reach: texts.builder.reach, change: texts.builder.change,
  see: texts.builder.see, open: texts.builder.open, ask: texts.builder.ask, answer: texts.builder.answer, words: texts.builder.words,
};

/** Choices that a question has at first, and the most that it can have. */
const firstChoices = 2, mostChoices = 12;

/** The most steps of a lesson. */
const mostSteps = 30;

/** A step with nothing chosen. @param {Partial<Step>} given @returns {Step} */
function step(given) {
  return {
    title: texts.builder.newTitle, text: "", goal: "read", unlock: false, open: false, update: "", lane: "", metric: "", compare: ">=", value: "", key: "", to: "",
    scene: "", panel: "", choices: Array.from({ length: firstChoices }, (_, i) => ({ text: "", right: i === 0 })), after: "", ...given,
  };
}

/** The steps that a lesson begins with. */
function usual() {
  return [
    step({ title: texts.builder.firstTitle, text: texts.builder.firstText, open: true }),
    step({ title: texts.builder.guessTitle, text: texts.builder.guessText, goal: "predict" }),
    step({ title: texts.builder.runTitle, text: texts.builder.runText, goal: "run" }),
    step({
      title: texts.builder.askTitle, text: texts.builder.askText, goal: "answer", after: texts.builder.askAfter,
      choices: [{ text: texts.builder.askWrong, right: false }, { text: texts.builder.askRight, right: true }],
    }),
    step({ title: texts.builder.wordsTitle, text: texts.builder.wordsText, goal: "words" }),
  ];
}

export class Steps {
  /** @param {any} lab @param {() => void} changed is called when a step is another one */
  constructor(lab, changed) {
    this.lab = lab;
    this.changed = changed;
    this.locked = false; // whether the lesson locks anything
    this.all = usual();
    this.list = h("ol.steps");
    this.add = h("button", { type: "button", onclick: () => this.append() }, texts.builder.addStep);
    this.place = h("section", { "aria-label": texts.builder.steps }, h("h3", null, texts.builder.steps), this.list, this.add);
  }

  /** Takes over the open recipe: arguments that it does not have are replaced by some that it has. */
  describe() {
    for (const s of this.all) this.complete(s);
    this.draw();
  }

  /** What the arguments of goals can be, by field. @returns {Record<string, {name: string, title: string}[]>} */
  get offered() {
    const { d, viewer, run } = this.lab;
    const settings = [...d.knobs, ...d.lanes.flatMap((/** @type {any} */ l) => l.stages.flatMap((/** @type {any} */ s) => s.settings))];
    const measured = [...d.task.levels.map((/** @type {any} */ l) => l.metric), ...Object.keys(run.lanes[0]?.metrics ?? {})].map((name) => name.replace(/^eval\//, ""));
    return {
      lane: d.lanes.map((/** @type {any} */ l) => ({ name: l.label, title: l.name })),
      metric: [...new Set(measured)].map((name) => ({ name, title: name })),
      compare: [">=", "<=", ">", "<"].map((name) => ({ name, title: name })),
      key: [...new Map(settings.map((k) => [k.name, { name: k.name, title: k.label }])).values()],
      scene: viewer.scenes.map((/** @type {any} */ s) => ({ name: s.name, title: s.title })),
      panel: panels,
    };
  }

  /** Gives a step those arguments of its goal that it does not have. */
  complete(/** @type {Step} */ s) {
    const { offered } = this;
    for (const field of /** @type {const} */ (["lane", "key", "scene", "panel"])) if (!offered[field].some(({ name }) => name === s[field])) s[field] = offered[field][0]?.name ?? "";
    s.metric ||= offered.metric[0]?.name ?? "";
    s.value ||= "0.9";
    s.update ||= String(Math.max(1, Math.floor(Math.max(...this.lab.d.lanes.map((/** @type {any} */ l) => l.steps)) / 2)));
  }

  /** Adds a step at the end. */
  append() {
    const added = step({ open: true });
    this.complete(added);
    for (const s of this.all) s.open = false;
    this.all.push(added);
    this.edited();
    this.list.lastElementChild.querySelector("input").select();
  }

  /** Moves a step up or down. */
  move(/** @type {number} */ i, /** @type {number} */ by) {
    const [moved] = this.all.splice(i, 1);
    this.all.splice(i + by, 0, moved);
    this.edited();
    const buttons = this.list.children[i + by].querySelector(".of-step").children;
    const button = by < 0 ? buttons[0] : buttons[1];
    (button.disabled ? buttons[by < 0 ? 1 : 0] : button).focus();
  }

  remove(/** @type {number} */ i) {
    this.all.splice(i, 1);
    this.edited();
    (this.list.children[Math.min(i, this.all.length - 1)]?.querySelector("summary") ?? this.add).focus();
  }

  /** Draws the steps anew after one was added, moved or removed or has another goal. */
  edited() {
    this.draw();
    this.changed();
  }

  draw() {
    fill(this.list, this.all.map((s, i) => this.step(s, i)));
    this.add.disabled = this.all.length >= mostSteps;
  }

  /** The form of a step. */
  step(/** @type {Step} */ s, /** @type {number} */ i) {
    const title = h("span", null, s.title);
    const summary = h("summary", null, h("span.number", null, `${i + 1}.`), title, h("span.small", null, /** @type {any} */ (goals)[s.goal]));
    const id = (/** @type {string} */ name) => `step-${i}-${name}`;
    const of = spoken(say(texts.builder.ofStep, { number: i + 1 }));
    const goal = h("select", { id: id("goal"), onchange: () => {
      s.goal = goal.value;
      this.edited();
      this.list.children[i].querySelector("select").focus();
    } }, Object.entries(goals).map(([name, says]) => h("option", { value: name, selected: name === s.goal }, says)));
    const button = (/** @type {string} */ says, /** @type {boolean} */ disabled, /** @type {() => void} */ act) => h("button.quiet", { type: "button", disabled, onclick: act }, says, of.cloneNode(true));
    const name = this.field(s, "title", texts.builder.stepTitle, id, { oninput: () => fill(title, name.lastElementChild.value) });
    return h("li", null, h("details", { open: s.open, ontoggle: (/** @type {any} */ e) => { s.open = e.target.open; } }, summary,
      h("div.inner", null, name,
        h("div.line", null, h("label", { htmlFor: goal.id }, texts.builder.goal), goal),
        this.arguments(s, id),
        h("div.line", null, h("label", { htmlFor: id("text") }, texts.builder.stepText), this.area(s, "text", id, 4)),
        s.goal === "answer" && this.choices(s, id),
        this.locked && h("label.check", null, h("input", { type: "checkbox", checked: s.unlock, onchange: (/** @type {any} */ e) => { s.unlock = e.target.checked; this.changed(); } }), texts.builder.unlock),
        h("p.of-step.actions", null, button(texts.builder.up, i === 0, () => this.move(i, -1)), button(texts.builder.down, i === this.all.length - 1, () => this.move(i, 1)),
          button(texts.builder.remove, this.all.length === 1, () => this.remove(i))))));
  }

  /** The arguments of a step's goal. */
  arguments(/** @type {Step} */ s, /** @type {(name: string) => string} */ id) {
    const { offered } = this;
    const menu = (/** @type {"lane" | "compare" | "key" | "scene" | "panel"} */ field, /** @type {string} */ label) => h("div.line", null, h("label", { htmlFor: id(field) }, label),
      h("select", { id: id(field), onchange: (/** @type {any} */ e) => { s[field] = e.target.value; this.changed(); } }, offered[field].map(({ name, title }) => h("option", { ...(field === "panel" ? {} : inEnglish), value: name, selected: name === s[field] }, title))));
    const list = h("datalist", { id: id("metrics") }, offered.metric.map(({ name }) => h("option", { value: name })));
    switch (s.goal) {
      case "update": return this.field(s, "update", texts.builder.updateNumber, id, { inputMode: "numeric" });
      case "reach": return h("div.together", null, menu("lane", texts.builder.lane), this.field(s, "metric", texts.builder.metric, id, { list: list.id }), list, menu("compare", texts.builder.compare), this.field(s, "value", texts.builder.value, id, { inputMode: "decimal" }));
      case "change": return h("div.together", null, menu("key", texts.builder.setting), this.field(s, "to", texts.builder.to, id));
      case "see": return menu("scene", texts.builder.picture);
      case "open": return menu("panel", texts.builder.panel);
      default: return null;
    }
  }

  /**
   * A line of text of a step.
   * @param {Step} s @param {"title" | "update" | "metric" | "value" | "to"} key @param {string} label @param {(name: string) => string} id @param {Record<string, any>} more
   */
  field(s, key, label, id, { oninput = () => {}, ...more } = {}) {
    return h("div.line", null, h("label", { htmlFor: id(key) }, label), h("input", { type: "text", id: id(key), value: s[key], autocomplete: "off", ...more, oninput: (/** @type {any} */ e) => {
      s[key] = e.target.value;
      oninput();
      this.changed();
    } }));
  }

  /** @param {Step} s @param {"text" | "after"} key @param {(name: string) => string} id @param {number} rows */
  area(s, key, id, rows) {
    return h("textarea", { id: id(key), rows, value: s[key], oninput: (/** @type {any} */ e) => { s[key] = e.target.value; this.changed(); } });
  }

  /** The choices of a question, with a box before each that says whether it is right. */
  choices(/** @type {Step} */ s, /** @type {(name: string) => string} */ id) {
    return h("fieldset", null, h("legend", null, texts.builder.choicesOf),
      s.choices.map((c, i) => h("div.choice-line", null,
        h("input", { type: "checkbox", checked: c.right, "aria-label": say(texts.builder.right, { number: i + 1 }), title: capital(texts.common.right), onchange: (/** @type {any} */ e) => { c.right = e.target.checked; this.changed(); } }),
        h("input", { type: "text", value: c.text, "aria-label": say(texts.builder.choice, { number: i + 1 }), oninput: (/** @type {any} */ e) => { c.text = e.target.value; this.changed(); } }))),
      s.choices.length < mostChoices && h("button.quiet", { type: "button", onclick: () => {
        s.choices.push({ text: "", right: false });
        this.edited();
        this.place.querySelector(`#${id("after")}`).closest("fieldset").querySelectorAll("input[type=text]")[s.choices.length - 1].focus();
      } }, texts.builder.addChoice),
      h("div.line", null, h("label", { htmlFor: id("after") }, texts.builder.after), this.area(s, "after", id, 3)));
  }
}
