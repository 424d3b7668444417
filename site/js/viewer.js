// The pictures: tabs of scenes, what can be chosen for each, the stage, and the same numbers as a table.

import { fill, h } from "./dom.js";
import { table } from "./panels.js";
import { StageFrame } from "./stage-frame.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Viewer {
  /** @param {any} places from layout @param {{scenes: {name: string, title: string, doc: string, of: string}[], axes: {name: string, unit: string}[]}} welcome @param {import("./run.js").Run} run @param {import("./clerk.js").Clerk} clerk */
  constructor(places, { scenes, axes }, run, clerk) {
    Object.assign(this, { p: places, all: scenes, scenes, axes, run, clerk });
    this.scene = scenes[0].name;
    this.axis = axes[0].name;
    this.failed = false;
    this.asked = false; // whether the link names a scene
    /** @type {string | undefined} what an exhibit wants to be looked at with first */
    this.suggested = undefined;
    for (const media of [dark, calm]) media.addEventListener("change", () => this.apply());
    places.tableDetails.addEventListener("toggle", () => this.refresh());
    this.tabs();
  }

  /** Takes the keys of a link that are the page's own, or throws a sentence when one names what there is not. */
  keys(/** @type {Record<string, string>} */ { scene, axis, hide = "" }) {
    /** @type {HTMLElement[]} */
    const panels = [...document.querySelectorAll("[data-panel]")];
    const hidden = hide.split(",").filter(Boolean);
    const names = (/** @type {{name: string}[]} */ all) => all.map((x) => x.name);
    expect("scene", scene ? [scene] : [], names(this.all));
    expect("axis", axis ? [axis] : [], names(this.axes));
    expect("hide", hidden, panels.map((p) => p.dataset.panel ?? ""));
    this.asked = scene !== undefined;
    if (scene) this.scene = scene;
    if (axis) this.axis = axis;
    for (const panel of panels) panel.classList.toggle("hide", hidden.includes(panel.dataset.panel ?? ""));
    this.tabs();
  }

  /** Another recipe. */
  describe(/** @type {any} */ d) {
    if (d.name !== this.d?.name && !this.asked) this.suggest(d.exhibit?.scene);
    this.d = d;
    this.offer(d.task.examples?.length ? "networks" : "numbers");
    this.options();
    this.apply();
  }

  /** Has the tabs of the scenes that can show what the lanes train, and the panels for what only networks do. */
  offer(/** @type {"networks" | "numbers"} */ kind) {
    this.scenes = this.all.filter((/** @type {any} */ s) => !s.of || s.of === kind);
    if (this.scenes.every((/** @type {any} */ s) => s.name !== this.scene)) this.scene = this.scenes[0].name;
    for (const panel of document.querySelectorAll("[data-panel=try], [data-panel=answers]")) /** @type {HTMLElement} */ (panel).hidden = kind !== "networks";
    this.tabs();
  }

  /** Turns to the scene that an exhibit is best looked at with, and away from one that was for another exhibit. */
  suggest(/** @type {string | undefined} */ scene) {
    if (!scene && !this.suggested) return;
    this.suggested = scene;
    this.scene = scene || this.scenes[0].name;
    this.tabs();
  }

  /** Starts the stage once the trainers have what they need. */
  open() {
    if (this.stage || this.failed) return;
    this.stage = new StageFrame(this.p.stage, {
      ready: () => this.run.show(this.stage),
      failed: (why) => {
        this.failed = true;
        this.stage = undefined;
        this.run.show(undefined);
        fill(this.p.stage, h("p.small.loading", null, `The picture cannot be drawn here: ${why}. Everything else works, and the table below has the same numbers.`));
        this.p.tableDetails.open = true;
      },
    });
    this.apply();
  }

  tabs() {
    const { p, scenes } = this;
    const choose = (/** @type {string} */ name) => {
      this.scene = name;
      this.tabs();
      this.options();
      this.apply();
      p.tabs.querySelector("[aria-selected=true]")?.focus();
    };
    const arrows = (/** @type {KeyboardEvent} */ e) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (!by) return;
      e.preventDefault();
      const at = scenes.findIndex((/** @type {any} */ s) => s.name === this.scene);
      choose(scenes[(at + by + scenes.length) % scenes.length].name);
    };
    fill(p.tabs, scenes.map((/** @type {any} */ s) => h("button", {
      type: "button", role: "tab", id: `tab-${s.name}`, title: s.doc, "aria-controls": "stage", "aria-selected": String(s.name === this.scene),
      tabIndex: s.name === this.scene ? 0 : -1, onclick: () => choose(s.name), onkeydown: arrows,
    }, s.title)));
    p.stage.setAttribute("aria-labelledby", `tab-${this.scene}`);
  }

  /** What can be chosen for the scene. */
  options() {
    const choices = { race: () => this.axisChoice(), tree: () => this.lookChoice(), world: () => this.lookChoice(), tokens: () => this.weighChoice(), weights: () => this.run.compareAll() };
    fill(this.p.options, this.d && choices[/** @type {keyof typeof choices} */ (this.scene)]?.());
  }

  axisChoice() {
    return [h("label", null, "against ", h("select", { id: "axis", onchange: (/** @type {any} */ e) => { this.axis = e.target.value; this.apply(); } },
      this.axes.map((/** @type {any} */ a) => h("option", { value: a.name, selected: a.name === this.axis }, a.unit))))];
  }

  lookChoice() {
    const look = this.run.look;
    const level = h("select", { id: "look-level" }, this.d.task.levels.map((/** @type {any} */ l) => h("option", { value: l.name, selected: l.name === look.level }, l.title)));
    const prompt = ordinal("look-prompt", look.prompt, (n) => this.run.lookAt(level.value, n));
    level.onchange = () => prompt.onchange();
    return [h("label", null, "a prompt of ", level), h("label", null, "number ", prompt)];
  }

  /** The lanes tell about tokens from the first time on that somebody looks at them. */
  weighChoice() {
    this.run.weighAt(this.run.weigh?.prompt ?? 0);
    return [h("label", null, "prompt of the newest batch, number ", ordinal("weigh-prompt", this.run.weigh?.prompt ?? 0, (n) => this.run.weighAt(n)))];
  }

  view() {
    return JSON.stringify({ scene: this.scene, axis: this.axis, theme: dark.matches ? "dark" : "light", motion: !calm.matches });
  }

  apply() {
    this.stage?.show(this.view());
    this.refresh();
  }

  /** Brings the table up to date, if anybody looks at it. */
  async refresh() {
    if (!this.p.tableDetails.open || !this.run.record) return;
    const t = await this.run.ask("table", { scene: this.scene, axis: this.axis }).catch(() => {}); // the verdict complains
    if (t) table(this.p.table, t);
  }

  /** The lanes start again. */
  forget() {
    fill(this.p.table);
  }
}

/** Throws when a key of a link has a name that is not known. */
function expect(/** @type {string} */ key, /** @type {string[]} */ given, /** @type {string[]} */ known) {
  const wrong = given.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new Error(`${key}=${wrong}: expected one of ${known.join(", ")}`);
}

/** A field for a number from 1 to 16, told as one from 0. */
function ordinal(/** @type {string} */ id, /** @type {number} */ value, /** @type {(n: number) => void} */ change) {
  const input = h("input", { id, type: "number", min: 1, max: 16, value: String(value + 1) });
  input.onchange = () => change(Math.min(Math.max(Math.round(input.valueAsNumber || 1), 1), Number(input.max)) - 1);
  return input;
}
