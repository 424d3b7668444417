// All methods by family: what each does, in a sentence, and what it cannot train without. One that is chosen becomes the method of a lane.

import { fill, h, spoken } from "./dom.js";
import { capital } from "./format.js";
import { kept } from "./recipe-card.js";
import { say } from "./say.js";
import { Search } from "./search.js";

/** Where a method is tried that the open recipe cannot have: every method can be trained on cards. */
const elsewhere = "cards";

export class Methods {
  /**
   * @param {import("./ways.js").LabOfWays} lab @param {any} data finder.json
   * @param {(link: string) => void} open closes the finder and opens a link @param {() => void} close closes the finder
   */
  constructor(lab, data, open, close) {
    this.lab = lab;
    this.data = data;
    this.open = open;
    this.close = close;
    this.wanted = new Set(); // what the methods have to take
    this.search = new Search(texts.finder.searchMethods, texts.finder.methodWords, () => this.filter());
    this.first = this.search.field;
    this.titles = Object.fromEntries(data.takes.map((/** @type {any} */ t) => [t.name, t.title]));
    this.note = h("div", { role: "alert" });
    this.stages = (lab.d?.lanes ?? []).flatMap((/** @type {any} */ lane, /** @type {number} */ i) => lane.stages.map((/** @type {any} */ s, /** @type {number} */ j) => (
      { lane: i, stage: j, method: s.method, name: lane.stages.length > 1 ? say(texts.common.stageOfLane, { lane: lane.name, number: j + 1 }) : lane.name })));
    this.into = h("select", { id: "find-lane", onchange: () => this.list() }, this.stages.map((/** @type {any} */ s, /** @type {number} */ i) => h("option", { value: String(i) }, s.name)));
    this.lines = h("div.families");
    this.place = h("div.find-methods", null, this.search.place,
      h("div.filters", { role: "group", "aria-label": texts.finder.takes }, texts.finder.thatTake, data.takes.map((/** @type {any} */ t) => h("button", { ...inEnglish, type: "button", "aria-pressed": "false", onclick: (/** @type {any} */ e) => this.toggle(t.name, e.currentTarget) }, t.title))),
      this.stages.length > 0 && h("p.into", null, h("label", { htmlFor: "find-lane" }, `${texts.finder.into} `), this.into),
      this.note, this.lines);
  }

  draw() {
    this.list();
  }

  toggle(/** @type {string} */ take, /** @type {HTMLElement} */ button) {
    if (!this.wanted.delete(take)) this.wanted.add(take);
    button.setAttribute("aria-pressed", String(this.wanted.has(take)));
    this.filter();
  }

  /** The stage that a chosen method goes into. */
  get stage() {
    return this.stages[Number(this.into.value)];
  }

  /** Whether the open recipe can have a method. */
  takes(/** @type {string} */ name) {
    const { d, menu } = this.lab;
    return !!this.stage && !d.replayed && (d.methods ?? menu.methods).some((/** @type {any} */ m) => m.name === name);
  }

  /** Draws the methods by family. */
  list() {
    this.rows = this.data.methods.map((/** @type {any} */ m) => ({ method: m, row: this.row(m) }));
    this.families = this.data.families.map((/** @type {string} */ family) => h("section", null, h("h2", inEnglish, capital(family)),
      h("ul.lines", null, this.rows.filter((/** @type {any} */ r) => r.method.family === family).map((/** @type {any} */ r) => r.row))));
    fill(this.lines, this.families);
    this.filter();
  }

  row(/** @type {any} */ m) {
    const used = this.stage?.method === m.name;
    const fits = this.takes(m.name);
    return h("li", { "data-method": m.name },
      h("div", null, h("h3", inEnglish, h("span.mono", null, m.name), " ", m.title),
        h("p", inEnglish, m.says),
        h("p.takes-what", null, spoken(`${texts.finder.itTakes} `), m.takes.map((/** @type {string} */ t, /** @type {number} */ i) => [i > 0 && spoken(", "), h("span.chip", inEnglish, this.titles[t])]).flat())),
      used ? h("p.small", null, texts.finder.inUse) : h("button", { type: "button", onclick: () => (fits ? this.use(m) : this.elsewhere(m)) }, fits ? texts.finder.use : texts.finder.openIt, spoken(say(fits ? texts.finder.useIn : texts.finder.onCards, { method: m.name, lane: this.stage?.name }))));
  }

  /** Shows the methods that are found. */
  filter() {
    let n = 0;
    for (const { method, row } of this.rows ?? []) {
      row.hidden = !this.search.finds(method) || [...this.wanted].some((take) => !method.takes.includes(take));
      if (!row.hidden) n++;
    }
    for (const section of this.families ?? []) section.hidden = !section.querySelector("li:not([hidden])");
    this.search.say(n, this.data.methods.length, { all: texts.finder.methods, some: texts.finder.someMethods, none: texts.finder.noMethods });
  }

  /** Has a lane use a method. */
  async use(/** @type {any} */ m) {
    const { lane, stage, name } = this.stage;
    try {
      await this.lab.change((p) => { p.lanes[lane][stage] = { method: m.name, settings: kept(p.lanes[lane][stage].settings) }; }, true);
    } catch (/** @type {any} */ e) {
      return fill(this.note, h("p.notice", null, h("span", null, say(texts.finder.cannotUse, { lane: name, method: m.name, why: e.message })), h("button", { type: "button", onclick: () => this.elsewhere(m) }, texts.finder.tryOnCards)));
    }
    this.close();
    this.lab.announce(say(texts.finder.methodIs, { lane: name, method: m.title }));
    /** @type {HTMLElement | null} */ (this.lab.main.querySelector(`[data-path="${lane}/${stage}/method"] select`))?.focus();
  }

  /** Opens an experiment with a method, beside what people know best. */
  elsewhere(/** @type {any} */ m) {
    this.open(`${elsewhere}?lane=${m.name === "sft" ? "grpo" : "sft"}&lane=${m.name}`);
  }
}
