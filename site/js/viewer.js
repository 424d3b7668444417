// The pictures: tabs of scenes, what can be chosen for each, the stage, the same as a still picture, and as a table.

import { about, ofMetric } from "./about.js";
import { english, fill, h } from "./dom.js";
import { capital, list } from "./format.js";
import { terms } from "./glossary.js";
import { table } from "./panels.js";
import { around, say } from "./say.js";
import { download } from "./share.js";
import { StageFrame } from "./stage-frame.js";
import { still } from "./still.js";

/**
 * @typedef {{name: string, title: string, group: string}} Choice a scene.Choice
 * @typedef {typeof import("./picture-file.js")} Files
 * @typedef {{drawn: import("./picture-file.js").Drawn, about: Parameters<Files["svg"]>[1]}} Taken
 */

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** The parts of a view besides its scene. The page's keys in a link have the same names. */
const keys = /** @type {const} */ (["axis", "series", "x", "y"]);

export class Viewer {
  /**
   * @param {any} places from layout
   * @param {any} welcome has the scenes, the axes, the series, and pictures of the first recipe
   * @param {import("./run.js").Run} run @param {(why: string) => void} warn is called when a picture cannot be saved
   */
  constructor(places, welcome, run, warn) {
    this.p = places;
    this.welcome = welcome;
    this.scenes = welcome.scenes;
    this.run = run;
    this.scene = welcome.scenes[0].name;
    /** @type {Record<string, string>} what was chosen, by key; "" means the first choice */
    this.chosen = { axis: "", series: "", x: "", y: "" };
    /** @type {{series: Choice[], measures: Choice[]}} what can be chosen, since the lanes have reported it */
    this.offered = { series: [], measures: [] };
    this.failed = false;
    /** @type {{width: number, height: number, picture: import("../types/messages.js").scene.Picture} | undefined} the newest picture */
    this.drawn = undefined;
    this.explained = ""; // what the caption says
    /** @type {Record<string, string>} what the link chooses, by key */
    this.asked = {};
    addEventListener("beforeprint", () => this.stand());
    calm.addEventListener("change", () => this.apply());
    places.tableDetails.addEventListener("toggle", () => this.refresh());
    const save = (/** @type {keyof Viewer["files"]} */ kind) => h("button.quiet", { type: "button", onclick: () => this.save(kind).catch((e) => warn(e.message)) }, kind);
    fill(places.save, around(texts.viewer.save, { svg: save("SVG"), png: save("PNG"), csv: save("CSV") }));
    new ResizeObserver(() => this.resized()).observe(places.picture);
  }

  /** Applies the keys of a link that are the page's own. It throws an error if one has an unknown name. */
  keys(/** @type {Record<string, string>} */ page) {
    const panels = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-panel]"))];
    const hidden = (page.hide ?? "").split(",").filter(Boolean);
    const { scenes, axes, series } = this.welcome;
    const names = (/** @type {{name: string}[]} */ all) => all.map((x) => x.name);
    expect("hide", hidden, [...new Set(panels.map((p) => p.dataset.panel ?? ""))]);
    expect("scene", [page.scene], names(scenes));
    expect("axis", [page.axis], names(axes));
    for (const key of ["series", "x", "y"]) if (!this.series(page[key] ?? "")) expect(key, [page[key]], names(series));
    this.asked = Object.fromEntries(["scene", ...keys].filter((key) => page[key]).map((key) => [key, page[key]]));
    this.take(this.asked);
    for (const panel of panels) panel.classList.toggle("hide", hidden.includes(panel.dataset.panel ?? ""));
  }

  /** Takes over another recipe, a staging.Description. For another exhibit it chooses the first view anew. */
  describe(/** @type {any} */ d) {
    const other = d.name !== this.d?.name || d.replayed !== this.d?.replayed;
    this.d = d;
    this.scenes = this.welcome.scenes.filter((/** @type {any} */ s) => d.scenes.includes(s.name));
    const networks = d.task.examples?.length > 0 && !d.replayed; // of which there are answers
    for (const panel of document.querySelectorAll("[data-panel=try], [data-panel=answers], [data-panel=slowly]")) /** @type {HTMLElement} */ (panel).hidden = !networks;
    if (other) {
      this.take({ ...d.first, ...this.asked });
      this.offered = { series: [], measures: [] };
      this.drawn = d === this.welcome.recipe ? this.welcome.stills.reduce(nearest(this.p.picture.clientWidth)) : undefined;
      this.stand();
    }
    this.look();
  }

  /** Chooses the scene and the parts of a view that are given. */
  take(/** @type {Record<string, string>} */ wanted) {
    this.scene = wanted.scene ?? this.scene;
    for (const key of keys) this.chosen[key] = wanted[key] ?? this.chosen[key];
  }

  /** Shows the chosen scene, or the first one if the recipe has nothing to show in it. */
  look() {
    if (this.scenes.every((/** @type {any} */ s) => s.name !== this.scene)) this.scene = this.scenes[0].name;
    this.tabs();
    this.options();
    this.apply();
  }

  /** Starts the stage, unless it is there or has failed. */
  open() {
    if (this.stage || this.failed) return;
    this.stage = new StageFrame(this.p.frame, {
      opened: () => {
        this.p.stage.classList.remove("drawn");
        this.stand();
      },
      ready: () => this.run.show(this.stage),
      drawn: () => this.p.stage.classList.add("drawn"),
      failed: (why) => {
        this.failed = true;
        this.stage = undefined;
        this.run.show(undefined);
        fill(this.p.frame);
        this.p.stage.classList.remove("drawn");
        this.p.stage.classList.add("failed");
        this.stand();
        fill(this.p.loading, say(texts.viewer.failed, { why }));
        this.p.tableDetails.open = true;
      },
    });
    this.apply();
  }

  /** Has the stage look as the page does. */
  dress() {
    this.stage?.dress();
  }

  tabs() {
    const { p, scenes } = this;
    const choose = (/** @type {string} */ name) => {
      this.scene = name;
      this.look();
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
      type: "button", ...inEnglish, role: "tab", id: `tab-${s.name}`, "aria-controls": "stage", "aria-selected": String(s.name === this.scene),
      tabIndex: s.name === this.scene ? 0 : -1, onclick: () => choose(s.name), onkeydown: arrows,
    }, s.title)));
    p.stage.setAttribute("aria-labelledby", `tab-${this.scene}`);
    // In a narrow window the race has two levels beside each other, which need less height than a lane.
    p.stage.style.setProperty("--parts", this.current.lanes ? this.d.lanes.length : 0.55 * Math.ceil(this.d.task.levels.length / 2));
  }

  get current() {
    return this.scenes.find((/** @type {any} */ s) => s.name === this.scene);
  }

  /** What can be chosen for the scene. */
  options() {
    const choices = {
      race: () => [this.choice("series", `${texts.viewer.of} `, this.offered.series), this.choice("axis", `${texts.viewer.against} `, this.welcome.axes.map((/** @type {any} */ a) => ({ name: a.name, title: a.unit, group: "" })))],
      plane: () => [this.choice("y", `${texts.viewer.vertical} `, this.measures(-1)), this.choice("x", `${texts.viewer.horizontal} `, this.measures(0))],
      tree: () => this.lookChoice(), world: () => this.lookChoice(), tokens: () => this.weighChoice(), weights: () => void this.run.compareAll(),
    };
    fill(this.p.options, choices[/** @type {keyof typeof choices} */ (this.scene)]?.());
  }

  /** A menu of what the picture can show. What was chosen is in it even before the lanes have reported it. */
  choice(/** @type {"axis" | "series" | "x" | "y"} */ key, /** @type {string} */ label, /** @type {Choice[]} */ offered) {
    const chosen = this.chosen[key] || offered[0]?.name || "";
    const all = offered.some((c) => c.name === chosen) ? offered : [{ name: chosen, title: this.series(chosen || this.own(0))?.title, group: "" }, ...offered];
    const groups = [...new Set(all.map((c) => c.group))].map((group) => {
      const members = all.filter((c) => c.group === group).map((c) => h("option", { value: c.name, selected: c.name === chosen }, c.title));
      return group ? h("optgroup", { label: group }, members) : members;
    });
    const select = h("select", { ...inEnglish, id: key, onchange: () => {
      this.chosen[key] = select.value;
      this.apply();
    } }, groups.flat());
    return h("label", null, label, select);
  }

  /** The measures for an axis of the plane. The own metric of the first or the last level comes first. */
  measures(/** @type {0 | -1} */ at) {
    const { measures } = this.offered;
    const own = this.own(at);
    return [...measures.filter((c) => c.name === own), ...measures.filter((c) => c.name !== own)];
  }

  /** The metric that says how good a lane is at the first level or the last one, without eval/. */
  own(/** @type {0 | -1} */ at) {
    return this.d.task.levels.at(at).metric.slice("eval/".length);
  }

  /** The dictionary's entry of a series or a measure. */
  series(/** @type {string} */ name) {
    const all = this.welcome.series;
    return all.find((/** @type {any} */ s) => s.name === name) ?? all.find((/** @type {any} */ s) => s.levels && name.endsWith("/" + s.name));
  }

  lookChoice() {
    const look = this.run.look;
    const level = h("select", { ...inEnglish, id: "look-level" }, this.d.task.levels.map((/** @type {any} */ l) => h("option", { value: l.name, selected: l.name === look.level }, l.title)));
    const prompt = ordinal("look-prompt", look.prompt, (n) => this.run.lookAt(level.value, n));
    level.onchange = () => prompt.onchange();
    return [h("label", null, `${texts.viewer.level} `, level), h("label", null, `${texts.viewer.promptNumber} `, prompt)];
  }

  /** The choice of the group whose tokens are explained. It also asks the lanes to explain one. */
  weighChoice() {
    this.run.weighAt(this.run.weigh?.prompt ?? 0);
    return [h("label", null, `${texts.viewer.newestBatch} `, ordinal("weigh-prompt", this.run.weigh?.prompt ?? 0, (n) => this.run.weighAt(n)))];
  }

  view() {
    return { scene: this.scene, ...this.chosen, motion: !calm.matches };
  }

  apply() {
    if (!this.d) return;
    this.stage?.show(JSON.stringify(this.view()));
    const series = this.scene === "race" && this.series(this.chosen.series || this.own(0));
    const beside = ["race", "plane"].includes(this.scene) ? this.run.beside : [];
    const behind = beside.filter((b) => !b.again).map(({ name }) => name);
    const again = beside.filter((b) => b.again).length;
    const band = again > 0 ? ` ${say(texts.viewer.band, { count: again + 1 })}` : "";
    const dashed = behind.length > 0 ? ` ${say(texts.viewer.dashed, { names: list(behind) })}` : "";
    const doc = `${this.d.captions[this.scene] ?? this.current.doc}${series ? ` ${capital(series.title)}: ${series.doc}` : ""}`;
    const link = terms();
    this.explained = `${doc}${band}${dashed}`;
    fill(this.p.caption, english(link(doc)), link(`${band}${dashed}`), series && [" ", about(ofMetric(series.name), texts.viewer.howMeasured)]);
    this.refresh();
  }

  /** Updates the still picture, and the table if it is open. */
  async refresh() {
    const { p, run } = this;
    if (!run.record) return;
    const view = this.view();
    const { clientWidth: width, clientHeight: height } = p.picture;
    const asked = [run.ask("picture", { view, width, height }), p.tableDetails.open && run.ask("table", { view })];
    const [shown, rows] = await Promise.all(asked).catch(() => []); // the error is shown with the verdict
    if (!shown || JSON.stringify(view) !== JSON.stringify(this.view())) return; // another one is on its way
    this.drawn = { width, height, picture: shown.picture };
    if (!p.stage.classList.contains("drawn")) this.stand();
    this.offer(shown);
    if (rows) table(p.table, rows);
  }

  /** How the picture and its table are written, by the name of the format. */
  files = {
    /** @param {Files} files @param {Taken} taken @returns {Promise<Blob>} */
    SVG: async ({ svg }, { drawn, about }) => new Blob([svg(drawn, about)], { type: "image/svg+xml" }),
    /** @param {Files} files @param {Taken} taken @returns {Promise<Blob>} */
    PNG: ({ svg, png }, { drawn, about }) => png(svg(drawn, about)),
    /** @param {Files} files @param {Taken} taken @returns {Promise<Blob>} */
    CSV: async ({ csv }, { about }) => new Blob([csv(about.table)], { type: "text/csv" }),
  };

  /** Hands the picture, or the numbers of its table, to the visitor as a file. */
  async save(/** @type {keyof Viewer["files"]} */ kind) {
    const [files, taken] = await Promise.all([import("./picture-file.js"), this.taken()]);
    if (!taken) throw new Error(texts.viewer.nothingToSave);
    download(await this.files[kind](files, taken), `${this.d.name.replaceAll("/", "-")}-${this.scene}.${kind.toLowerCase()}`);
  }

  /** The picture and its table as they are now; undefined before there is a record. @returns {Promise<Taken | undefined>} */
  async taken() {
    const view = this.view();
    const { clientWidth: width, clientHeight: height } = this.p.picture;
    if (!this.run.record) return undefined;
    const [shown, rows] = await Promise.all([this.run.ask("picture", { view, width, height }), this.run.ask("table", { view })]);
    if (!shown || !rows) return undefined;
    const title = `${this.d.exhibit?.title ?? this.d.task.title}: ${this.current.title}`;
    return { drawn: { width, height, picture: shown.picture }, about: { title, caption: this.explained, table: rows } };
  }

  /** Draws the newest picture as a still one, below the stage. */
  stand() {
    if (this.drawn) fill(this.p.still, still(this.drawn.picture, this.drawn.width, this.drawn.height));
    else fill(this.p.still);
  }

  /** Updates the menus by what the lanes have reported. */
  offer(/** @type {{series: Choice[], measures: Choice[]}} */ { series, measures }) {
    const before = JSON.stringify(this.offered);
    this.offered = { series, measures };
    const focused = document.activeElement?.id;
    if (JSON.stringify(this.offered) === before || !["race", "plane"].includes(this.scene)) return;
    this.options();
    if (focused && this.p.options.querySelector(`#${CSS.escape(focused)}`)) document.getElementById(focused)?.focus();
  }

  /** Redraws the still picture once its place has stopped changing its size. */
  resized() {
    clearTimeout(this.rests);
    this.rests = setTimeout(() => this.refresh(), 200);
  }

  /** Empties the table, because the lanes start again. */
  forget() {
    fill(this.p.table);
  }
}

/** Throws an error if a key of a link has an unknown name. */
function expect(/** @type {string} */ key, /** @type {(string | undefined)[]} */ given, /** @type {string[]} */ known) {
  const wrong = given.find((name) => name && !known.includes(name));
  if (wrong !== undefined) throw new Error(say(texts.viewer.expected, { given: `${key}=${wrong}`, names: known.join(", ") }));
}

/** Returns a function for reduce that keeps the picture whose width is nearest to the given one. */
const nearest = (/** @type {number} */ width) => (/** @type {any} */ a, /** @type {any} */ b) => (Math.abs(a.width - width) < Math.abs(b.width - width) ? a : b);

/** A field for a number from 1 to 16. value, and what change is called with, count from 0. */
function ordinal(/** @type {string} */ id, /** @type {number} */ value, /** @type {(n: number) => void} */ change) {
  const input = h("input", { id, type: "number", min: 1, max: 16, value: String(value + 1) });
  input.onchange = () => change(Math.min(Math.max(Math.round(input.valueAsNumber || 1), 1), Number(input.max)) - 1);
  return input;
}
