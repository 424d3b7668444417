// One step, slowly: how an update of every lane came about, and what it changed, stage by stage. The numbers are those of the training
// itself, see docs/decisions/0040-the-anatomy-of-a-step.md. Loaded when the panel is opened for the first time.

import { stages, strongest } from "./anatomy-stages.js";
import { about } from "./about.js";
import { fill, h, sign } from "./dom.js";
import { file, styles } from "./files.js";
import { whyNot } from "./format.js";
import { exchange } from "./panels.js";
import { say } from "./say.js";

/**
 * @typedef {import("./lane.js").Lane} Lane
 * @typedef {import("../types/messages.js").protocol.Event & {anatomy: import("../types/messages.js").protocol.Anatomy, samples: import("../types/messages.js").protocol.Sample[]}} Dissected
 */

styles("css/anatomy.css");

export class Anatomy {
  /**
   * @param {HTMLElement} place @param {import("./run.js").Run} run @param {() => any} recipe returns the description of the run's recipe
   * @param {() => void} step makes every lane take a step that is reported in detail, the first one again if all lanes are at their end
   */
  constructor(place, run, recipe, step) {
    this.run = run;
    this.recipe = recipe;
    this.at = 0; // which stage is shown
    /** @type {(Column | undefined)[]} by lane */
    this.columns = [];
    this.place = place;
    this.sought = false; // whether the panel is to come into view once it has something to show
    this.go = h("button.take", { type: "button", onclick: () => {
      this.sought = run.done; // what is above it then becomes smaller
      step();
    } });
    this.says = h("p.small", { role: "status" });
    this.slider = h("input", { type: "range", id: "walk-stage", min: 1, max: stages.length, step: 1, value: 1, "aria-label": texts.anatomy.stage, oninput: () => this.show(this.slider.valueAsNumber - 1) });
    this.names = stages.map(({ name }, i) => h("button", { type: "button", tabIndex: -1, onclick: () => this.show(i) }, name)); // the slider is there for the keyboard
    this.back = h("button", { type: "button", onclick: () => this.show(this.at - 1) }, texts.common.previous);
    this.next = h("button", { type: "button", onclick: () => this.show(this.at + 1) }, texts.common.next);
    this.heading = h("h3", { id: "walk-stage-title" });
    this.told = h("p");
    this.checked = h("p.checked.small");
    this.grid = h("div.lanes");
    this.stepper = h("div.stepper", null, this.back, h("div.walk-track", null, this.slider, h("div.names", { "aria-hidden": "true" }, this.names)), this.next);
    fill(place, h("div.walk-start", null, this.go, this.says), h("div.walked", { "aria-labelledby": "walk-stage-title", role: "group", onkeydown: (/** @type {KeyboardEvent} */ e) => this.press(e) },
      this.stepper, h("div.told", { "aria-live": "polite" }, this.heading, this.told), this.checked, this.grid));
    this.show(0);
  }

  /** Shows a stage, if there is one of this number, from 0. */
  show(/** @type {number} */ i) {
    if (!stages[i]) return;
    this.at = i;
    const { name, title, says } = stages[i];
    this.slider.value = String(i + 1);
    this.slider.setAttribute("aria-valuetext", say(texts.anatomy.stageIs, { number: i + 1, all: stages.length, name }));
    this.names.forEach((b, k) => b.classList.toggle("here", k === i));
    const pressed = document.activeElement;
    this.back.disabled = i === 0;
    this.next.disabled = i === stages.length - 1;
    if (pressed === this.back && i === 0) this.next.focus(); // a disabled button would lose the focus, and with it the keys
    if (pressed === this.next && i === stages.length - 1) this.back.focus();
    fill(this.heading, h("span.soft", null, `${say(texts.anatomy.ofAll, { number: i + 1, all: stages.length })} `), title);
    fill(this.told, says);
    this.drawChecked();
    for (const c of this.columns) c?.show(i);
  }

  /** How the task checks an answer, at the stage where that matters. */
  drawChecked() {
    const { words, worked: { prompt, response, steps } } = this.recipe().task;
    this.checked.hidden = !stages[this.at].judged || !prompt;
    if (!this.checked.hidden) fill(this.checked, `${texts.stages.howChecked} `, h("span", null, exchange({ prompt, words }, response)), " ", h("span", inEnglish, steps.at(-1)));
  }

  /** Left and Right lead to the stages before and after, except in a field. */
  press(/** @type {KeyboardEvent} */ e) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (!by || e.altKey || e.ctrlKey || e.metaKey || /** @type {Element} */ (e.target).matches("input, pre")) return;
    e.preventDefault();
    this.show(this.at + by);
  }

  /** Shows what the lanes have reported. disabled: no step can be made now. */
  draw(/** @type {boolean} */ disabled) {
    const { lanes } = this.run;
    const reported = lanes.some((l) => l.dissected);
    const busy = lanes.some((l) => l.slowly && l.moving);
    const done = this.run.done;
    this.go.disabled = disabled || busy;
    fill(this.go, done ? texts.anatomy.again : reported ? texts.anatomy.next : texts.anatomy.first);
    const says = done ? texts.anatomy.over : busy ? texts.anatomy.making
      : reported ? "" : texts.anatomy.intro;
    if (this.says.textContent !== says) fill(this.says, says);
    this.stepper.parentElement.hidden = !reported;
    const columns = lanes.map((lane, i) => {
      const before = this.columns[i];
      if (before?.lane === lane && before.event === lane.dissected) return before.refresh();
      return new Column(lane, i, before?.lane === lane ? before : undefined, this.at);
    });
    const changed = columns.some((c, i) => c !== this.columns[i]) || columns.length !== this.columns.length;
    this.columns = columns;
    if (!changed) return;
    this.drawChecked();
    const focused = document.activeElement?.id;
    fill(this.grid, columns.map((c) => c.element));
    if (focused && this.grid.querySelector(`#${CSS.escape(focused)}`)) document.getElementById(focused)?.focus();
    if (this.sought && reported) {
      this.sought = false;
      this.place.parentElement?.scrollIntoView();
    }
  }
}

/** One lane's update. */
class Column {
  /** @type {HTMLDetailsElement | undefined} the source of its method */ origin;

  /** @param {Lane} lane @param {number} index @param {Column | undefined} before the column that it takes the place of @param {number} at the stage to show */
  constructor(lane, index, before, at) {
    this.lane = lane;
    this.index = index;
    this.at = at;
    this.event = lane.dissected;
    this.formula = h("p.formula", inEnglish);
    this.says = h("p.says");
    this.body = h("div.body");
    this.head = h("h4", null, sign(index), lane.name);
    this.element = h("section.lane", { "aria-label": lane.name }, this.head, this.says, this.body, this.formula);
    if (!this.event) {
      this.element.append(h("div.origin"));
      fill(this.says, this.waits());
      return;
    }
    this.e = /** @type {Dissected} */ (this.event);
    const { anatomy } = this.e;
    this.symbols = about(`methods/${anatomy.method}.html#on-symbols`, texts.anatomy.symbols);
    const source = `core/method/${anatomy.method}.go`;
    const { prompt, words } = this.e.samples[0];
    this.prompt = h("span.small", null, exchange({ prompt, words })[0]);
    this.head.append(h("span.small", null, say(anatomy.epochs > 1 ? texts.anatomy.epoch : texts.anatomy.update, { method: anatomy.method, step: this.e.step, epoch: anatomy.epoch, epochs: anatomy.epochs })), this.prompt);
    const text = h("pre", { tabIndex: 0, role: "region", "aria-label": source });
    const origin = h("details.origin", { open: before?.origin?.open, ontoggle: () => origin.open && !text.textContent && load(text, anatomy.method) }, h("summary", null, `${texts.anatomy.source} `, h("span.mono", null, source)), text);
    this.origin = origin;
    this.element.append(origin);
    /** The token that is looked at: which sample, and which of its places. */
    this.chosen = strongest(this.e.samples);
    this.show(at);
  }

  /** Why there is no update to show. */
  waits() {
    const { lane } = this;
    if (lane.error) return say(texts.anatomy.laneStopped, { why: lane.error });
    if (lane.done) return texts.anatomy.laneOver;
    return lane.moving ? texts.anatomy.laneMaking : texts.anatomy.laneNone;
  }

  /** Shows a stage. */
  show(/** @type {number} */ i) {
    this.at = i;
    this.askable = this.lane.askable;
    if (!this.e) return;
    const { part, lane, body } = stages[i];
    this.prompt.hidden = i === 0; // where it is large
    fill(this.formula, this.e.anatomy.formula.map((p) => (p.part === part || p.clause === part ? h("mark", null, p.text) : p.text)), " ", this.symbols);
    fill(this.says, lane(this));
    fill(this.body, body(this));
  }

  /** Shows the stage again with another token chosen. The focus stays on that token. */
  choose(/** @type {number} */ sample, /** @type {number} */ place) {
    this.chosen = { sample, place };
    this.show(this.at);
    /** @type {HTMLElement | null} */ (this.body.querySelector(".tok[aria-pressed=true]"))?.focus();
  }

  /** Updates what depends on how far the lane is. */
  refresh() {
    if (!this.e) fill(this.says, this.waits());
    else if (this.askable !== this.lane.askable) this.show(this.at);
    return this;
  }
}

/** Loads the source of a method into an element. */
async function load(/** @type {HTMLElement} */ place, /** @type {string} */ method) {
  try {
    const answer = await file(`methods/${method}.json`);
    if (!answer.ok) throw new Error(say(texts.anatomy.noSource, { method }));
    fill(place, await answer.json());
  } catch (/** @type {any} */ e) {
    fill(place, `${whyNot(e)}.`);
  }
}
