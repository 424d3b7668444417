// The lab: a recipe, its lanes in training, and everything that shows them. What others may use is window.posttrain.

import { Clerk } from "./clerk.js";
import { control, link as compose, parts } from "./controls.js";
import { fill, h } from "./dom.js";
import { capital, firstSentence } from "./format.js";
import { layout } from "./layout.js";
import * as panels from "./panels.js";
import { results } from "./programs.js";
import { recipeCard } from "./recipe-card.js";
import { Run } from "./run.js";
import { download, share } from "./share.js";
import { Trial } from "./try.js";
import { Viewer } from "./viewer.js";

/** Milliseconds between two pictures of the numbers while lanes train: they have better use for the processor. */
const pace = 500;

class Lab {
  /** @param {Element} main @param {any} welcome what the site was built with: menu, scenes and the first recipe */
  constructor(main, welcome) {
    this.menu = welcome.menu;
    this.p = layout(main);
    this.clerk = new Clerk();
    this.run = new Run(this.clerk, (kind, lane, detail) => this.hear(kind, lane, detail));
    /** @type {Map<string, Set<(detail: any) => void>>} */
    this.listeners = new Map();
    this.viewer = new Viewer(this.p, welcome, this.run, this.clerk);
    this.trial = new Trial(this.p.try, this.clerk, this.run);
    this.guess = "";
    this.wasDone = false;
    this.p.run.onclick = () => this.toggle();
    this.p.step.onclick = () => this.step(1);
    this.p.rewind.onclick = () => this.reset();
    this.menuBox = /** @type {HTMLSelectElement | null} */ (document.getElementById("menu"));
    this.fillMenu();
    this.show(welcome.recipe);
  }

  /** Takes up the recipe of the address, or the one that the site was built with. */
  async start(/** @type {any} */ first) {
    const link = fragment(location.href);
    try {
      if (link) await this.load(link);
    } catch (e) {
      this.warn(`This link cannot be opened: ${/** @type {Error} */ (e).message}. Here is the first exhibit instead.`);
    }
    if (!this.link) this.take(first);
    for (const b of [this.p.run, this.p.step, this.p.rewind]) b.disabled = false;
    this.draw();
  }

  /** Reads a link and takes up its recipe; rejects with a sentence when it is refused. */
  async load(/** @type {string} */ link) {
    const description = await this.clerk.ask("describe", { link });
    this.viewer.keys(link);
    this.p.notice.hidden = true;
    this.take(description);
  }

  take(/** @type {any} */ description) {
    if (description !== this.d) this.show(description);
    this.wasDone = false;
    this.stale = true;
    const recorded = this.run.open(description);
    this.link = description.link;
    try {
      history.replaceState(null, "", "#" + description.link);
    } catch { /* a frame without an address of its own */ }
    if (description.engine !== description.current) this.warn(`This link was made with engine ${description.engine} of the trainer; this page has engine ${description.current}, so its numbers will differ from those of then.`);
    this.draw();
    this.tell("change", this.state());
    recorded.then(() => this.viewer.open(), (e) => this.warn(e.message));
  }

  /** Draws everything that follows from the recipe alone. */
  show(/** @type {any} */ d) {
    const other = this.d?.name !== d.name;
    this.d = d;
    const { p } = this;
    const at = this.menu.exhibits.findIndex((/** @type {any} */ e) => e.name === d.name);
    fill(p.kicker, d.exhibit?.museum ? "Failure museum" : at >= 0 ? `Exhibit ${at + 1}` : "An experiment of your own");
    fill(p.title, d.exhibit?.title ?? d.task.title);
    const doc = d.exhibit?.doc ?? d.task.doc;
    fill(p.lead, firstSentence(doc));
    fill(p.intro, doc);
    if (this.menuBox) this.menuBox.value = d.exhibit ? d.name : `task/${d.name}`;
    if (other) this.guess = "";
    this.showGuess();
    recipeCard(p.recipe, d, this.menu, (link) => this.load(link), (name, text) => this.bring(name, text));
    const seed = d.knobs.find((/** @type {any} */ k) => k.name === "seed");
    if (p.seed.querySelector("input")?.value !== seed.value) {
      fill(p.seed, control(seed, "wide/seed", (value) => {
        const now = parts(this.d);
        return this.load(compose(this.d.name, { ...now.wide, seed: value }, now.lanes));
      }));
    }
    share(p.share, d, { open: (link) => this.load(link), download: (i) => this.download(i) });
    fill(p.field, d.exhibit
      ? [h("p", null, h("b", null, "The claim. "), d.exhibit.claim, ` (${d.exhibit.cite})`), h("p", null, h("b", null, "Against it. "), d.exhibit.counter), d.exhibit.museum && h("p", null, h("b", null, "The sign. "), d.exhibit.sign), d.exhibit.museum && h("p", null, h("b", null, "The cure. "), d.exhibit.cure), h("p", null, h("b", null, "Try next. "), d.exhibit.next)]
      : h("p", null, `${d.task.doc} (${d.task.cite})`));
    this.viewer.describe(d);
    this.trial.describe(d);
  }

  /** Trains on prompts that somebody brings; rejects with a sentence when they are refused. */
  async bring(/** @type {string} */ name, /** @type {string} */ text) {
    const digest = await this.clerk.ask("bring", { link: this.d.link, name, text });
    this.run.data.set(digest, text);
    const now = parts(this.d);
    await this.load(compose(this.d.name, { ...now.wide, data: digest }, now.lanes));
  }

  /** The question, with an answer for every lane and one for none. */
  showGuess() {
    const { d, p } = this;
    p.predict.hidden = !d.exhibit || d.lanes.length < 2;
    const names = [...d.lanes.map((/** @type {any} */ l) => l.name), "no difference"];
    fill(p.predict, h("p", { id: "question" }, h("b", null, "Before you run: "), d.exhibit?.question),
      h("div.choices", { role: "group", "aria-labelledby": "question" }, names.map((name) => h("button", {
        type: "button", "aria-pressed": String(name === this.guess), onclick: () => {
          this.guess = name;
          this.showGuess();
          this.draw();
          /** @type {HTMLElement | null} */ (p.predict.querySelector("[aria-pressed=true]"))?.focus();
        },
      }, name))));
  }

  fillMenu() {
    if (!this.menuBox) return;
    const option = (/** @type {string} */ kind) => (/** @type {any} */ e) => h("option", { value: kind + e.name }, e.title);
    const museum = this.menu.exhibits.filter((/** @type {any} */ e) => e.family);
    fill(this.menuBox, h("optgroup", { label: "Exhibits" }, this.menu.exhibits.filter((/** @type {any} */ e) => !e.family).map(option(""))),
      h("optgroup", { label: museum[0]?.family }, museum.map(option(""))), h("optgroup", { label: "Tasks" }, this.menu.tasks.map(option("task/"))));
    this.menuBox.onchange = () => {
      const name = /** @type {HTMLSelectElement} */ (this.menuBox).value;
      const task = name.startsWith("task/") ? name.slice(5) : "";
      this.load(task ? `${task}?lane=sft&lane=grpo` : name).catch((e) => this.warn(e.message));
    };
  }

  toggle() {
    if (this.run.running) return this.pause();
    if (this.run.done) this.reset();
    this.go();
  }

  go() {
    this.run.run();
    this.say("Training.");
    this.draw();
    this.tell("change", this.state());
  }

  pause() {
    this.run.pause();
    this.say("Paused.");
    this.draw();
    this.tell("change", this.state());
  }

  step(/** @type {number} */ n) {
    this.run.step(Number.isInteger(n) && n > 0 ? n : 1);
    this.draw();
  }

  reset() {
    this.wasDone = false;
    this.p.notice.hidden = true;
    this.viewer.forget();
    this.run.reset();
    this.draw();
    this.tell("change", this.state());
  }

  /** What a lane has to say. */
  hear(/** @type {string} */ kind, /** @type {any} */ lane, /** @type {any} */ detail) {
    if (kind === "event") {
      this.tell("event", { lane: lane.label, ...detail });
      if (detail.kind === "eval" || detail.kind === "end") this.stale = true;
      if (detail.kind === "ask") this.trial.draw();
    } else if (kind === "restart") {
      this.warn(`The worker of lane ${lane.name} stopped (${detail}). It went on from ${lane.checkpoint ? "its last checkpoint" : "the start"}, and ends with the same bits.`);
    } else if (kind === "error") {
      this.warn(`Lane ${lane.name} cannot go on: ${detail}.`);
      this.tell("error", { lane: lane.label, message: detail });
    } else {
      this.stale = true;
      this.tell("change", this.state());
    }
    this.later ??= setTimeout(() => this.draw(), this.run.running ? pace : 50);
  }

  /** Draws everything that follows from the lanes. */
  async draw() {
    clearTimeout(this.later);
    this.later = undefined;
    const { p, d, run } = this;
    const { lanes, running, done } = run;
    fill(p.run, running ? "Pause" : done ? "Run again" : "Run");
    const step = Math.max(0, ...lanes.map((l) => l.step / l.steps));
    p.progress.value = lanes.length ? lanes.reduce((sum, l) => sum + (l.done ? 1 : l.step / l.steps), 0) / lanes.length : 0;
    fill(p.where, lanes.map((l) => `${l.name} ${l.step}/${l.steps}`).join(" · "), done && [" · same bits everywhere: ", h("span.mono", null, lanes.map((l) => l.digest.slice(0, 8)).join(" "))]);
    if (!this.stale && step > 0) return;
    this.stale = false;
    panels.score(p.score, d, lanes);
    panels.cost(p.cost, lanes);
    if (p.answers.children.length !== lanes.length) fill(p.answers, lanes.map((_, i) => h("section.card", { "aria-label": `Latest answers of lane ${i + 1}` })));
    lanes.forEach((l, i) => panels.answers(p.answers.children[i], d, l, i));
    this.viewer.refresh();
    if (!run.record) return;
    const [v, others] = await Promise.all([this.clerk.ask("verdict"), d.studied ? results(d.name).catch((e) => this.warn(e.message)) : null]);
    panels.verdict(p.verdict, this.d, run.lanes, v, this.guess, this.d === d ? others : null);
    if (run.done && !this.wasDone) {
      this.wasDone = true;
      this.say(`Done. ${v.headline}`);
      this.tell("done", this.state());
    }
  }

  state() {
    const { lanes, running, done } = this.run;
    return {
      running, done,
      lanes: lanes.map(({ label, step, steps, done, metrics, digest, moving }) => ({ label, step, steps, done, metrics: { ...metrics }, digest: moving ? "" : digest })),
    };
  }

  /** A lane as a file that the command line reads too. */
  async checkpoint(/** @type {number} */ lane) {
    const l = this.run.lanes[lane];
    if (!l) throw new Error(`lane is ${lane}, want 0 to ${this.run.lanes.length - 1}`);
    if (!this.d.base.name) throw new Error("without a network there are no weights to keep: the lane starts again from the beginning in no time");
    return new Blob([await l.save()], { type: "application/octet-stream" });
  }

  async download(/** @type {number} */ lane) {
    const { label, step } = this.run.lanes[lane];
    download(await this.checkpoint(lane), `${this.d.name}-${label.replaceAll("~", "-")}-${step}.msgp`);
  }

  warn(/** @type {string} */ text) {
    fill(this.p.notice, h("p", null, capital(text)), h("button.quiet", { onclick: () => { this.p.notice.hidden = true; } }, "Close"));
    this.p.notice.hidden = false;
  }

  say(/** @type {string} */ text) {
    fill(this.p.status, text);
  }

  tell(/** @type {string} */ event, /** @type {any} */ detail) {
    for (const f of this.listeners.get(event) ?? []) f(detail);
  }

  /** What a host page, a lesson or a test may use. */
  api() {
    return {
      run: () => this.go(), pause: () => this.pause(), step: (/** @type {number} */ n) => this.step(n), reset: () => this.reset(),
      load: (/** @type {string} */ link) => this.load(link), link: () => this.link, state: () => this.state(),
      checkpoint: (/** @type {number} */ lane) => this.checkpoint(lane),
      /** @param {"event" | "change" | "done" | "error"} event @param {(detail: any) => void} f */
      on: (event, f) => {
        if (!this.listeners.has(event)) this.listeners.set(event, new Set());
        this.listeners.get(event)?.add(f);
        return () => this.listeners.get(event)?.delete(f);
      },
    };
  }
}

/** The link in an address; one that leads to a place of the page, as the first one for a keyboard does, has none. */
function fragment(/** @type {string} */ address) {
  const text = new URL(address).hash.slice(1);
  if (document.getElementById(text)) return "";
  try {
    return decodeURI(text);
  } catch {
    return text; // the clerk says what is wrong with it
  }
}

const welcome = await (await fetch(new URL("../welcome.json", import.meta.url))).json();
const lab = new Lab(/** @type {Element} */ (document.getElementById("lab")), welcome);
addEventListener("hashchange", (e) => { // location may be further already: a recipe that was on its way writes its own link there
  const link = fragment(e.newURL);
  if (link && link !== lab.link) lab.load(link).catch((e) => lab.warn(`This link cannot be opened: ${e.message}.`));
});
await lab.start(welcome.recipe);
/** @type {any} */ (globalThis).posttrain = lab.api();
