// The lab: a recipe, its lanes in training, and everything that shows them. Its API is window.posttrain.

import { about } from "./about.js";
import { asked } from "./asked.js";
import { Clerk } from "./clerk.js";
import { control, link as compose, parts, Refused } from "./controls.js";
import { english, fill, h } from "./dom.js";
import { carriedLink, interprets } from "./files.js";
import { capital, firstSentence, list, whyNot } from "./format.js";
import { terms } from "./glossary.js";
import { Keeper } from "./keeper.js";
import { layout } from "./layout.js";
import * as panels from "./panels.js";
import { results, study } from "./programs.js";
import { Repeats } from "./repeats.js";
import { recipeCard } from "./recipe-card.js";
import { Run } from "./run.js";
import { say } from "./say.js";
import { download, share } from "./share.js";
import { Shelf } from "./shelf.js";
import { Stored } from "./stored.js";
import { Timeline } from "./timeline.js";
import { linkIn, Trail } from "./trail.js";
import { Trial } from "./try.js";
import { Viewer } from "./viewer.js";
import { Ways } from "./ways.js";
import { welcome } from "./welcome.js";

/** Milliseconds between two drawings while lanes train, which need the processor more. */
const pace = 500;

/** The same before the first update, which comes the sooner the less is drawn. */
const firstPace = 1500;

/** The link that the page is opened with; "" for the first exhibit. */
const sought = () => linkIn(location.href) || carriedLink;

/** What there is to know about a link of another engine, or "". */
function otherEngine(/** @type {any} */ d) {
  if (d.engine === d.current) return "";
  return say(texts.lab.otherEngine, { engine: d.engine, current: d.current });
}

/**
 * How a recipe comes to be opened. "chosen": the visitor chose it on the page, which makes a new entry in the browser's history.
 * "arrived": the browser went to its address, as with Back. "begun": the page was opened with it. undefined: a program opened it.
 * Except for a program, its run goes on where it was left.
 * @typedef {"chosen" | "arrived" | "begun" | undefined} How
 */

/** Whether the page has been loaded again, or the browser has come back to it. */
const again = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType("navigation")[0])?.type !== "navigate";

/** @typedef {{describe: (d: any, menu: any, lane?: number) => unknown, showRun?: (run: HTMLButtonElement) => void}} Panel */

/** What makes the panels whose modules are loaded when they are opened first, by the names of their places. @type {Record<string, (lab: Lab) => Promise<Panel>>} */
const folded = {
  dials: (lab) => import("./board.js").then(({ Board }) => new Board(lab.p.board, lab.clerk, {
    change: (edit, reshaped) => lab.change(edit, reshaped), run: () => lab.toggle(), warn: (why) => lab.warn(why), refused: lab.refused,
  })),
  annotate: (lab) => import("./annotate.js").then(({ Annotator }) => new Annotator(lab.p.judging, {
    clerk: lab.clerk, run: lab.run, change: (edit, reshaped) => lab.change(edit, reshaped), go: () => lab.go(), choose: (link) => lab.choose(link), on: lab.api().on, warn: (why) => lab.warn(why),
  })),
  own: (lab) => import("./own.js").then(({ Programs }) => new Programs(lab.p.programs, lab.clerk, (edit) => lab.change(edit), (link) => lab.choose(link))),
};

class Lab {
  /** What other seeds gave and what a study on other bases found. @type {Promise<panels.Studied | void> | undefined} */ studied;
  /** The panel with an update in detail, once it has been opened. @type {import("./anatomy.js").Anatomy | undefined} */ anatomy;
  /** @type {number | undefined} */ drawTimer;
  /** The folded panels that have been opened. @type {Record<string, Promise<Panel>>} */ opened = {};
  /** @type {Promise<import("./signals.js").Signals> | undefined} */ signals;

  /** @param {Element} main @param {any} welcome what the site was built with: menu, scenes and the first recipe */
  constructor(main, welcome) {
    this.menu = welcome.menu;
    /** @type {any[]} the kinds of cost */
    this.ledger = welcome.ledger;
    this.main = main;
    this.p = layout(main);
    this.clerk = new Clerk({ restarted: () => this.run.beginAgain().then(() => this.recorded(), (e) => this.warn(e.message)), recorded: (lane, ended) => {
      if (ended) this.run.ended.add(lane);
      this.recorded();
    } }, sought());
    this.run = new Run(this.clerk, (kind, lane, detail) => this.onLane(kind, lane, detail));
    /** @type {Map<string, Set<(detail: any) => void>>} */
    this.listeners = new Map();
    this.viewer = new Viewer(this.p, welcome, this.run, (why) => this.warn(why));
    this.timeline = new Timeline(this.p.timeline, this.run, () => this.recorded());
    this.trial = new Trial(this.p.try, this.clerk, this.run);
    this.guess = "";
    /** @type {Map<string, string>} the visitor's notes, by link */
    this.notes = new Map();
    this.stored = new Stored();
    this.shelf = new Shelf(this.p.shelf, this.stored, {
      open: (run) => this.openKept(run), save: (run) => this.saveKept(run), bring: (file) => this.bring(file), failed: (e) => this.warn(e.message), compare: () => this.beginAgain(),
      removed: () => this.keeper.saveAgain(), far: () => this.keeper.far,
    });
    this.repeats = new Repeats(this.p.repeats, this.run, this.clerk, {
      changed: () => this.beginAgain(), moved: () => { this.stale = true; this.soon(); }, warn: (why) => this.warn(why),
    });
    this.run.besides = () => [...this.shelf.beside(), ...this.repeats.beside()];
    this.keeper = new Keeper(this.stored, this.run, () => this.guess, (removed) => this.shelf.saved(removed), (why) => this.warn(why));
    this.link = ""; // the address of the open recipe; "" if there is none
    this.locked = ""; // why the visitor cannot change the recipe; "" if that is possible
    this.wasDone = false;
    this.trail = new Trail();
    this.opening = 0; // how many links have been opened
    this.refused = new Refused(() => this.draw());
    /** @type {Promise<unknown>} resolves when all changes of settings so far have been applied or refused */
    this.settled = Promise.resolve();
    this.ways = new Ways(this);
    this.p.run.onclick = () => this.toggle();
    this.p.step.onclick = () => this.stepOnce();
    this.p.rewind.onclick = () => this.reset();
    this.p.slow.onclick = () => this.goSlowly();
    this.p.walk.addEventListener("toggle", () => this.openAnatomy());
    for (const name of Object.keys(folded)) this.p[name].addEventListener("toggle", () => this.unfold(name));
    this.menuBox = /** @type {HTMLSelectElement | null} */ (document.getElementById("menu"));
    this.fillMenu();
    if (!sought()) this.show(welcome.recipe); // with a link, nothing is shown before it is read
  }

  /** Opens the recipe of the address, or the first exhibit if the address has no link. */
  async start(/** @type {any} */ first) {
    const link = sought();
    const part = this.ways.asked(location.href);
    if (link) await this.load(link, "begun").catch(() => {}); // load shows the error
    else this.takeUp(first, false, await this.keeper.left(first.link, again));
    this.ways.open();
    if (part) this.ways.find(part);
  }

  /** Opens the recipe of a link, with the keys that are the page's own. It rejects if the link is refused. kept is its run as it was left. */
  async open(/** @type {string} */ link, /** @type {How} */ how = undefined, /** @type {import("./keeper.js").Left | undefined} */ kept = undefined) {
    const turn = ++this.opening;
    let description = await this.clerk.ask("describe", { link });
    if (how && description.link !== this.keeper.d?.link) kept ??= await this.keeper.left(description.link, how === "begun" && again);
    if (kept?.contents.data && description.data && !description.data.here) description = await this.withData(description, kept.contents.data);
    if (turn !== this.opening) return; // another one has been opened meanwhile
    this.ways.leave();
    this.viewer.keys(description.page);
    this.refused.drop(() => true);
    if (how === "arrived") this.trail.follow();
    this.takeUp(description, how === "chosen" && this.link !== "" && description.address !== this.link, kept);
    if (description.unused.length > 0 && this.p.notice.hidden) this.warn(say(texts.lab.unused, { names: list(description.unused), n: description.unused.length }));
  }

  /** Describes a recipe again, with the data set that its run was kept with. */
  async withData(/** @type {any} */ { link, data }, /** @type {string} */ text) {
    await this.clerk.ask("addData", { link, name: texts.lab.theDataSet, text });
    this.run.data.set(data.digest, text);
    return this.clerk.ask("describe", { link });
  }

  /** Opens a link, and if it is refused shows why. */
  async load(/** @type {string} */ link, /** @type {How} */ how = undefined) {
    try {
      await this.open(link, how);
    } catch (e) {
      if (how === "arrived") this.trail.follow();
      await this.refuse(link, /** @type {Error} */ (e).message);
      throw e;
    }
  }

  /** Opens a recipe that the visitor has chosen. It returns false if the link is refused. */
  async choose(/** @type {string} */ link) {
    if (this.locked) return this.warn(this.locked), false;
    const opened = await this.load(link, "chosen").then(() => true, () => false); // load shows the error
    if (!opened && this.link) this.showChoice();
    return opened;
  }

  /** Opens the link that the browser has gone to, by Back or Forward or because somebody edited the address. */
  async arrive(/** @type {string} */ link) {
    if (!link) return;
    if (link === this.link) {
      this.trail.follow();
      return this.dismiss();
    }
    await this.load(link, "arrived").catch(() => {}); // load shows the error
  }

  /**
   * Applies an edit to the open recipe: it changes the recipe's parts, or returns another link. It rejects if the result is refused.
   * reshaped: stages or lanes were added or removed.
   */
  change(/** @type {(p: import("./controls.js").Parts) => string | void} */ edit, reshaped = false) {
    if (this.locked) return Promise.reject(new Error(this.locked));
    const taken = this.settled.then(async () => { // one after the other, so that none is overwritten
      const p = parts(this.d);
      const link = edit(p) ?? compose(p);
      const description = await this.clerk.ask("describe", { link });
      if (reshaped) this.refused.drop((path) => !path.startsWith("wide/"));
      this.takeUp(description);
    });
    this.settled = taken.catch(() => {});
    return taken;
  }

  /**
   * Opens a described recipe. A run that it takes the place of is kept, and drawn behind it where it can be compared.
   * @param {any} description @param {boolean} [anew] whether the browser's history gets a new entry for it
   * @param {import("./keeper.js").Left} [kept] its run as it was left
   */
  takeUp(description, anew = false, kept) {
    const same = !description.replayed && description.link === this.keeper.d?.link;
    const left = same ? undefined : this.keeper.leave();
    if (left) this.shelf.ghost(left);
    this.shelf.describe(description);
    if (!same) this.repeats.describe(description);
    this.main.querySelector(":scope > .refusal")?.remove();
    this.main.classList.remove("refused");
    this.p.notice.hidden = true;
    if (description !== this.d) this.show(description);
    this.wasDone = false;
    this.stale = true;
    this.studied = undefined;
    const missing = description.missing !== "";
    const replayed = description.replayed !== undefined;
    const recorded = this.run.open(missing ? { ...description, lanes: [] } : description, kept?.contents.lanes);
    this.viewer.apply();
    this.keeper.begin(description, kept?.run);
    this.warnOf(null);
    if (kept?.run.guess) this.choice(kept.run.guess);
    if (kept || left) this.announce(kept ? texts.lab.goesOn : texts.lab.keptBefore);
    for (const b of [this.p.rewind, this.trial.button]) b.disabled = missing || replayed;
    this.link = description.address;
    this.trail.write(this.link, anew);
    this.ways.speak();
    if (missing) this.askForMissing();
    else if (otherEngine(description)) this.warn(otherEngine(description));
    this.draw();
    this.emit("change", this.state());
    recorded.then(() => this.recorded(), (e) => this.warn(e.message));
  }

  /** Shows a link that is refused, and why: as a notice above the open recipe, or alone on the page if no recipe is open. */
  async refuse(/** @type {string} */ link, /** @type {string} */ why) {
    const { opening: turn, link: open } = this;
    const first = open || carriedLink ? undefined : this.menu.exhibits[0].name;
    const form = await import("./refusal.js").then(({ refusal }) => refusal(open ? "h2" : "h1", link, why, (repaired) => { this.choose(repaired); }, first), () => undefined);
    if (!form) return this.warn(why);
    if (turn !== this.opening) return; // another link has been opened meanwhile
    if (open) {
      this.trail.write(open);
      return this.notify(form);
    }
    this.main.querySelector(":scope > .refusal")?.remove();
    this.main.classList.add("refused");
    this.main.prepend(form);
    form.setAttribute("role", "alert");
    this.showInMenu("");
  }

  /** Shows what the recipe needs before it can be run, with what adds it. */
  async askForMissing() {
    const { d, p } = this;
    if (d.refused && p.dials.open && p.dials.checkVisibility()) return; // the dial board shows it
    try {
      const { missing } = await import("./missing.js");
      const shown = await missing(d, otherEngine(d), { turn: () => this.turn("dials"), write: () => this.turn("own"), bring: (name, text, other) => this.addData(name, text, other) });
      if (d !== this.d) return;
      if (d.refused) return this.notify(shown);
      fill(p.notice, shown);
      p.notice.hidden = false;
      shown.querySelector("input")?.focus({ preventScroll: true }); // the notice is at the top; a page around may be scrolled elsewhere
    } catch (/** @type {any} */ e) {
      this.warn(`${whyNot(e)}.`);
    }
  }

  /** Draws everything that depends on the recipe alone. */
  show(/** @type {any} */ d) {
    const other = this.d?.name !== d.name;
    this.d = d;
    document.documentElement.classList.remove("early", "linked"); // see parts/lab.html
    const { p } = this;
    this.ways.turn();
    const at = this.menu.exhibits.findIndex((/** @type {any} */ e) => e.name === d.name);
    fill(p.kicker, d.replayed ? texts.lab.replayedKicker : d.exhibit?.museum ? texts.lab.museum : at >= 0 ? say(texts.lab.exhibit, { number: at + 1 }) : texts.lab.own);
    fill(p.title, asked.title || (d.exhibit?.title ?? d.task.title));
    const doc = d.exhibit?.doc ?? d.task.doc;
    p.lead.classList.toggle("given", asked.text !== "");
    fill(p.lead, asked.text || english(firstSentence(doc)), d.sizes.changed.length > 0 && ` ${say(texts.lab.changed, { changes: list(d.sizes.changed) })}`);
    fill(p.intro, english(terms()(doc)), d.exhibit && [" ", about(`exhibits/${d.exhibit.name}.html`, texts.lab.more)]);
    this.showChoice();
    if (other) {
      this.guess = "";
      fill(p.verdict, panels.begun(d, [])); // instead of the verdict on the recipe before
    }
    this.showGuess();
    recipeCard(p.recipe, d, this.menu, {
      change: (edit, reshaped) => this.change(edit, reshaped), bring: (name, text, other) => this.addData(name, text, other), warn: (why) => this.warn(why), refused: this.refused,
      dials: this.hasBoard ? (lane) => this.turn("dials", lane) : undefined,
    });
    p.dials.hidden = !this.hasBoard;
    p.own.hidden = !interprets || !d.task.examples || d.replayed !== undefined;
    p.annotate.hidden = d.replayed !== undefined || d.name !== "annotator" && !d.lanes.some((/** @type {any} */ l) => l.stages[0].settings.some((/** @type {any} */ s) => s.name === "judged"));
    for (const name of Object.keys(folded)) this.unfold(name);
    const seed = d.knobs.find((/** @type {any} */ k) => k.name === "seed");
    if (p.seed.querySelector("input")?.value !== (this.refused.all.get("wide/seed")?.text ?? seed.value)) {
      fill(p.seed, control(seed, "wide/seed", (value) => this.change((r) => { r.wide.seed = value; }), this.refused));
    }
    this.refused.drop((path) => !this.main.querySelector(`[data-path="${CSS.escape(path)}"]`)); // settings that no longer exist
    share(p.share, d, { open: (link) => this.open(link, "chosen"), download: (i) => this.download(i).catch((e) => this.warn(e.message)), report: (url) => this.opens(import("./report.js"), (m) => m.report(this, url)), build: this.menuBox && (() => this.opens(import("./builder.js"), (m) => m.build(this))) });
    const [e, term] = [d.exhibit, terms()];
    const point = (/** @type {string} */ heading, /** @type {string} */ text) => h("p", null, h("b", null, `${heading}. `), english(term(text)));
    fill(p.field, e
      ? [point(texts.lab.claim, `${e.claim} (${e.cite})`), point(texts.lab.counter, e.counter), e.museum && [point(texts.lab.sign, e.sign), point(texts.lab.cure, e.cure)]]
      : h("p", inEnglish, term(`${d.task.doc} (${d.task.cite})`)));
    this.viewer.describe(d);
    this.trial.describe(d);
  }

  /** Whether the page has the dial board for the open recipe. */
  get hasBoard() {
    return this.d.base.name !== "" && !this.d.replayed && !this.p.dials.classList.contains("hide");
  }

  /** Opens a folded panel and goes there: the dial board at a lane, or where it was left. */
  async turn(/** @type {string} */ name, /** @type {number | undefined} */ lane = undefined) {
    const panel = this.p[name];
    panel.open = true;
    await this.unfold(name, lane);
    panel.scrollIntoView({ block: "start" });
    panel.querySelector("summary").focus({ preventScroll: true });
  }

  /** Draws a folded panel if it is open, the dial board at a lane. */
  async unfold(/** @type {string} */ name, /** @type {number | undefined} */ lane = undefined) {
    if (!this.p[name].open || this.p[name].hidden) return;
    try {
      const panel = await (this.opened[name] ??= folded[name](this));
      await panel.describe(this.d, this.menu, lane);
      panel.showRun?.(this.p.run);
    } catch (/** @type {any} */ e) {
      delete this.opened[name];
      this.warn(`${whyNot(e)}.`);
    }
  }

  /** Takes a run from a file, or runs of a study that the visitor chooses from it. They join the shelf and are shown. */
  async bring(/** @type {File} */ file) {
    if (this.main.querySelector("dialog[open]")) return; // one question at a time
    try {
      const { chooseRuns } = await import("./replay.js");
      const brought = await chooseRuns(this.main, file);
      if (!brought) return;
      const d = await this.clerk.ask("describe", { link: brought.link });
      const { keptFrom } = await import("./run-file.js");
      const { run, contents } = keptFrom(file.name, d, brought);
      this.shelf.saved(await this.stored.put(run, contents));
      await this.openKept(run);
    } catch (/** @type {any} */ e) {
      this.warn(`${e.message}.`);
    }
  }

  /** Opens a run of the shelf: where it was left, or as lanes that were trained elsewhere. */
  async openKept(/** @type {import("./stored.js").KeptRun} */ run) {
    try {
      const contents = await this.stored.contents(run.key);
      if (!contents) throw new Error(texts.lab.notKept);
      if (!run.from) return await this.open(run.link, "chosen", { run, contents });
      const { replayed } = await import("./replay.js");
      const d = await this.clerk.ask("describe", { link: run.link });
      this.viewer.keys(d.page);
      this.refused.drop(() => true);
      this.takeUp(replayed(run.from, d, contents.lanes), this.link !== "");
      this.announce(say(texts.lab.asMeasured, { file: run.from }));
    } catch (/** @type {any} */ e) {
      this.warn(`${e.message}.`);
    }
  }

  /** Saves a run of the shelf as a file. */
  async saveKept(/** @type {import("./stored.js").KeptRun} */ run) {
    try {
      const contents = await this.stored.contents(run.key);
      if (!contents) throw new Error(texts.lab.notKept);
      const { written } = await import("./run-file.js");
      download(await written(run, contents), `${run.name}-run.jsonl.gz`);
    } catch (/** @type {any} */ e) {
      this.warn(`${e.message}.`);
    }
  }

  /** Has other runs drawn with the lanes. */
  beginAgain() {
    const begun = this.run.beginAgain();
    this.viewer.apply(); // the caption names them
    begun.then(() => this.recorded(), (e) => this.warn(e.message));
  }

  /** Trains the recipe of runs that are replayed. */
  async trainReplayed() {
    if (this.d.replayed.missing) return;
    try {
      this.takeUp(await this.clerk.ask("describe", { link: this.link }));
      this.go();
    } catch (/** @type {any} */ e) {
      this.warn(e.message);
    }
  }

  /** Adds a data set of the visitor's to the recipe. @type {import("./data.js").Bring} */
  async addData(name, text, other = false) {
    const { link, data } = this.d;
    const digest = await this.clerk.ask("addData", { link, name, text });
    if (data && !data.here && data.digest !== digest && !other) return digest;
    this.run.data.set(digest, text);
    await this.change((r) => { r.wide.data = digest; });
  }

  /** The question before the run: that of the page around, or else the exhibit's; "" if there is none. */
  get question() {
    return asked.question || (this.d.exhibit?.question ?? "");
  }

  /** Draws the question, with a button for each lane and one for no difference. */
  showGuess() {
    const { d, p } = this;
    p.predict.hidden = !this.question || d.lanes.length < 2 || asked.compact && !asked.question;
    const names = asked.choices.length > 0 ? asked.choices : [...d.lanes.map((/** @type {any} */ l) => l.name), texts.lab.noDifference];
    fill(p.predict, h("p", { id: "question" }, h("b", null, `${texts.lab.beforeYouRun} `), asked.question || english(this.question)),
      h("div.choices", { role: "group", "aria-labelledby": "question" }, names.map((name) => h("button", {
        type: "button", "aria-pressed": String(name === this.guess), onclick: () => {
          this.choice(name);
          this.draw();
          /** @type {HTMLElement | null} */ (p.predict.querySelector("[aria-pressed=true]"))?.focus();
        },
      }, name))));
  }

  /** Takes over what the visitor guesses. */
  choice(/** @type {string} */ name) {
    this.guess = name;
    this.stale = true;
    this.showGuess();
    this.emit("predict", this.state());
  }

  fillMenu() {
    if (!this.menuBox) return;
    const option = (/** @type {string} */ kind) => (/** @type {any} */ e) => h("option", { ...inEnglish, value: kind + e.name }, e.title);
    const museum = this.menu.exhibits.filter((/** @type {any} */ e) => e.family);
    fill(this.menuBox, h("optgroup", { label: texts.page.exhibits }, this.menu.exhibits.filter((/** @type {any} */ e) => !e.family).map(option(""))),
      h("optgroup", { label: museum[0]?.family }, museum.map(option(""))), h("optgroup", { label: texts.page.tasks }, this.menu.tasks.map(option("task/"))));
    this.menuBox.onchange = () => {
      const name = /** @type {HTMLSelectElement} */ (this.menuBox).value;
      const task = name.startsWith("task/") ? name.slice(5) : "";
      this.choose(task ? `${task}?lane=sft&lane=grpo` : name);
    };
  }

  /** Selects the open recipe in the menu. */
  showChoice() {
    this.showInMenu(this.d.exhibit ? this.d.name : `task/${this.d.name}`);
  }

  /** Selects an option in the menu, "" for none, and shows its whole title. */
  showInMenu(/** @type {string} */ value) {
    if (!this.menuBox) return;
    this.menuBox.value = value;
    fill(/** @type {HTMLElement} */ (document.getElementById("menu-shows")), this.menuBox.selectedOptions[0]?.textContent ?? "");
  }

  /** Whether the open recipe can be run. */
  get ready() {
    return this.link !== "" && this.d.missing === "";
  }

  /** A sentence about the settings because of which Run and Step are disabled; "" if there are none. */
  get heldBack() {
    const all = [...this.refused.all];
    if (all.length > 1) return say(texts.lab.settingsWait, { count: all.length });
    return all.map(([path, { label, text }]) => {
      const lane = this.d.lanes[Number.parseInt(path)]; // undefined for what all lanes have in common
      const setting = lane && this.d.lanes.length > 1 ? say(texts.lab.ofLane, { setting: label, lane: lane.name }) : label;
      return `${say(text === "" ? texts.lab.emptyWaits : texts.lab.settingWaits, { setting, value: text })} ${texts.lab.correctIt}`;
    }).join("");
  }

  async toggle() {
    if (this.busy) return this.pause();
    await this.settled; // a setting may have been left for this button
    if (!this.ready || this.heldBack) return;
    if (this.over && !this.d.replayed) this.reset();
    this.go();
  }

  /** Whether there is something to pause. */
  get busy() {
    return this.run.busy || this.repeats.busy;
  }

  /** Whether the run has ended, also with other seeds. */
  get over() {
    return this.run.done && !this.repeats.unfinished;
  }

  go() {
    if (this.heldBack) return;
    if (this.d.replayed) return void this.trainReplayed();
    this.tryAgain();
    this.run.run();
    this.repeats.go();
    this.announce(texts.lab.training);
    this.draw();
    this.emit("change", this.state());
  }

  /** Closes the notice if it is about a lane that stopped and now tries again. */
  tryAgain() {
    if (this.run.lanes.some((l) => l.error)) this.dismiss();
  }

  pause() {
    this.run.pause();
    this.repeats.pause();
    this.announce(texts.lab.paused);
    this.draw();
    this.emit("change", this.state());
  }

  /** slowly: the update is reported in detail. */
  async stepOnce(slowly = false) {
    await this.settled;
    if (this.ready) this.step(1, slowly);
  }

  /** Makes a step and leads to the panel that shows how it came about. */
  goSlowly() {
    this.stepOnce(true);
    this.showSlowly();
  }

  /** Leads to that panel. */
  showSlowly() {
    this.p.walk.open = true; // which loads the panel
    this.p.walk.querySelector("summary").focus({ preventScroll: true });
    this.p.walk.scrollIntoView();
  }

  step(/** @type {number} */ n, slowly = false) {
    if (this.heldBack || this.d.replayed) return;
    this.tryAgain();
    this.run.step(Number.isInteger(n) && n > 0 ? n : 1, slowly);
    this.draw();
  }

  /** Loads the panel with an update in detail when it is opened for the first time. */
  async openAnatomy() {
    if (!this.p.walk.open || this.anatomy) return;
    try {
      const { Anatomy } = await import("./anatomy.js");
      this.anatomy ??= new Anatomy(this.p.anatomy, this.run, () => this.d, () => {
        if (this.run.done) this.reset();
        this.stepOnce(true);
      });
      this.drawProgress();
    } catch (/** @type {any} */ e) {
      this.p.walk.open = false;
      this.warn(`${whyNot(e)}.`);
    }
  }

  reset() {
    if (this.d.replayed) return;
    this.wasDone = false;
    this.p.notice.hidden = true;
    this.viewer.forget();
    this.repeats.describe(this.d);
    this.keeper.save(); // what is rewound stays on the shelf
    this.run.reset().then(() => this.recorded(), (e) => this.warn(e.message));
    this.keeper.save();
    this.shelf.refresh();
    this.draw();
    this.emit("change", this.state());
  }

  /** Redraws because there is a new record, or it has more of a lane. */
  recorded() {
    this.stale = true;
    if (this.run.record) this.soon();
  }

  /** Milliseconds until the next drawing. */
  get pace() {
    if (!this.busy) return 50;
    return this.run.begun ? pace : firstPace;
  }

  /** Draws soon. It also starts the stage, except while lanes run that have made no update yet: the stage would slow them down. */
  soon() {
    if (this.run.record && !this.run.starting) this.viewer.open();
    this.drawTimer ??= setTimeout(() => this.draw(), this.pace);
  }

  /** Handles what a lane emits. */
  onLane(/** @type {string} */ kind, /** @type {any} */ lane, /** @type {any} */ detail) {
    if (kind === "event") {
      this.emit("event", { ...detail, lane: lane.label }); // which may have changed since the event was sent
      const first = detail.kind === "step" && detail.step === 1;
      if (first) { // the drawing that was to come before it is too late
        clearTimeout(this.drawTimer);
        this.drawTimer = undefined;
      }
      if (first || detail.kind === "eval" || detail.kind === "end") this.stale = true;
      if (detail.kind === "ask") this.trial.draw();
      if (detail.kind === "dissect") this.anatomy?.draw(this.p.slow.disabled);
    } else if (kind === "restart") {
      this.warn(say(texts.lab.restarted, { lane: lane.name, why: detail, place: lane.checkpoint && lane.keptStep ? say(texts.lab.fromUpdate, { number: lane.keptStep }) : texts.lab.fromStart }));
    } else if (kind === "anew") {
      this.warn(say(texts.lab.anew, { lane: lane.name, why: detail }));
      this.run.beginAgain().then(() => this.recorded(), (e) => this.warn(e.message));
    } else if (kind === "error" || kind === "unloaded") {
      this.warn(kind === "error" ? say(texts.lab.laneStopped, { lane: lane.name, why: detail }) : `${detail}.`);
      this.emit("error", { lane: lane.label, message: detail });
    } else if (kind === "turn") {
      this.emit("change", this.state());
    } else {
      this.stale = true;
      if (this.link) this.drawProgress();
      if (!lane.moving) this.keeper.save();
      this.repeats.next();
      this.emit("change", this.state());
    }
    if (!this.repeats.busy) this.run.rest();
    this.soon();
  }

  /** Draws the buttons and how far the lanes are. */
  drawProgress() {
    const { p, d, run, busy } = this;
    const { lanes, done } = run;
    fill(p.run, busy ? texts.lab.pause : this.over && !d.replayed ? texts.lab.runAgain : texts.lab.run);
    p.progress.value = lanes.length ? lanes.reduce((sum, l) => sum + (l.done ? 1 : l.step / l.steps), 0) / lanes.length : 0;
    const waits = this.heldBack;
    this.opened.dials?.then((board) => board.showRun?.(p.run), () => {}); // unfold shows the error
    p.run.disabled = d.missing !== "" || Boolean(d.replayed?.missing) || (waits !== "" && !busy);
    p.step.disabled = p.slow.disabled = d.missing !== "" || waits !== "" || d.replayed !== undefined;
    this.anatomy?.draw(p.slow.disabled);
    if (waits && !busy) fill(p.where, waits);
    else if (d.replayed) fill(p.where, h("b", null, say(texts.lab.replayedFrom, { file: d.replayed.from })), ` ${texts.lab.fileHas} `,
      d.replayed.missing ? say(texts.lab.notTrainable, { why: d.replayed.missing }) : texts.lab.runTrainsHere);
    else if (d.refused) fill(p.where, say(texts.lab.runWaits, { why: d.missing }));
    else if (d.missing) fill(p.where, d.data && !d.data.here ? say(texts.lab.waitsForData, { digest: d.data.digest }) : texts.lab.waitsForModel);
    else if (run.starts.run) fill(p.where, texts.lab.waitsForTurn);
    else if (run.computing) fill(p.where, run.computing);
    else if (run.uncomputed) fill(p.where, say(texts.lab.firstComputes, { seconds: run.uncomputed }));
    else fill(p.where, panels.progress(lanes), this.repeats.far, done && [lanes.length > 2 ? "" : " · ", terms()(texts.lab.digests), `${texts.lab.sameEverywhere} `, h("span.mono", null, lanes.map((l) => l.digest.slice(0, 8)).join(" "))], this.toStart());
  }

  /** Draws everything that depends on the lanes. */
  async draw() {
    clearTimeout(this.drawTimer);
    this.drawTimer = undefined;
    const { p, d, run } = this;
    if (!this.link) return;
    this.drawProgress();
    const { seen: lanes } = run;
    if (!this.stale && run.begun) return;
    this.stale = false;
    this.timeline.draw();
    panels.score(p.score, d, lanes, []);
    panels.cost(p.cost, lanes, this.ledger);
    if (p.answers.children.length !== lanes.length) fill(p.answers, lanes.map((_, i) => h("section.card", { "aria-label": say(texts.lab.latestOf, { number: i + 1 }) })));
    lanes.forEach((l, i) => panels.answers(p.answers.children[i], d, l, i));
    this.viewer.refresh();
    if (d.missing) fill(p.verdict, panels.begun(d, []));
    if (!run.record || d.missing) return;
    if (d.studied) this.studied ??= Promise.all([results(d.name), study(d.name)]).then(([seeds, bases]) => ({ seeds, bases })).catch((e) => this.warn(e.message));
    const [v, others] = await Promise.all([run.ask("verdict", { waiting: run.waiting }), this.studied]).catch((e) => {
      this.warn(e.message);
      return [null];
    });
    if (v === undefined) return; // there is a newer record, which will be drawn
    if (v) this.warnOf(v.notices);
    if (v?.idle) panels.score(p.score, this.d, run.seen, v.idle);
    if (v && (v.headline || run.past || !run.measured)) panels.verdict(p.verdict, this.d, run.seen, v, this.guess, this.d === d ? others : null, (link) => this.choose(link).then((opened) => opened && p.run.focus()), p.walk.hidden || p.walk.classList.contains("hide") ? undefined : () => this.showSlowly());
    if (run.done && run.endsRecorded && !run.past && !this.wasDone && !d.replayed) {
      this.wasDone = true;
      this.announce(say(texts.lab.done, { says: v?.headline ?? "" }));
      this.emit("done", this.state());
    }
  }

  /** Shows the signals that were found in the lanes. Their module is loaded when there is the first one. */
  async warnOf(/** @type {import("../types/messages.js").recipe.Notice[] | null} */ found) {
    if (!found && !this.signals) return;
    const { lanes } = this.run;
    const focus = () => this.p.run.focus();
    this.signals ??= import("./signals.js").then(({ Signals }) => new Signals(this.p.signals, {
      cure: (link) => { this.change(() => link, true).then(focus, (e) => this.warn(e.message)); },
      open: (link) => { this.choose(link).then((opened) => opened && focus()); },
      announce: (text) => this.announce(text), leave: focus,
    }));
    const signals = await this.signals.catch((e) => {
      this.signals = undefined; // the next drawing tries again
      this.warn(e.message);
    });
    signals?.show(found ?? [], lanes);
  }

  /** A sentence about the lanes that have not been started although others have, and how to start them; "" if there are none. */
  toStart() {
    const { lanes, waiting, running } = this.run;
    if (waiting.length === 0) return "";
    const [n, names] = [waiting.length, list(waiting.map((i) => lanes[i].name))];
    const others = lanes.some((l) => l.step > 0 && !l.done) ? texts.lab.runTrainsToo : texts.lab.runTrains;
    return ` \u00b7 ${say(texts.lab.untrained, { n, names })} ${say(running ? texts.lab.pauseThenRun : others, { n })}`;
  }

  state() {
    const { lanes, running, done } = this.run;
    return {
      running, done, prediction: { question: this.d ? this.question : "", guess: this.guess },
      lanes: lanes.map(({ label, name, step, steps, done, metrics, digest, moving }) => ({ label, name, step, steps, done, metrics: { ...metrics }, digest: moving ? "" : digest })),
    };
  }

  /** Returns a checkpoint of a lane, a file that the command line reads too. */
  async checkpoint(/** @type {number} */ lane) {
    const l = this.run.lanes[lane];
    if (!l) throw new Error(this.run.lanes.length > 0 ? say(texts.lab.wantLane, { lane, most: this.run.lanes.length - 1 }) : texts.lab.noLane);
    if (!this.d.base.name) throw new Error(texts.lab.noWeights);
    return new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (await l.save())], { type: "application/octet-stream" });
  }

  async download(/** @type {number} */ lane) {
    const { label, step } = this.run.lanes[lane];
    download(await this.checkpoint(lane), `${this.d.name}-${label.replaceAll("~", "-")}-${step}.msgp`);
  }

  /** Opens what is in a module that is being loaded. @template M @param {Promise<M>} module @param {(module: M) => Promise<void>} open */
  opens(module, open) {
    module.then(open).catch((e) => this.warn(e.message));
  }

  warn(/** @type {string} */ text) {
    this.notify(h("p", null, capital(text)));
  }

  notify(/** @type {Element} */ what) {
    fill(this.p.notice, what, h("button.quiet", { type: "button", onclick: () => this.dismiss() }, texts.common.close));
    this.p.notice.hidden = false;
  }

  /** Closes the notice, or shows again what the recipe still needs. */
  dismiss() {
    this.p.notice.hidden = true;
    if (this.d.missing && !this.d.refused) this.askForMissing();
  }

  /** Announces a text to screen readers. */
  announce(/** @type {string} */ text) {
    fill(this.p.status, text);
  }

  /** Calls the listeners of an event. */
  emit(/** @type {string} */ event, /** @type {any} */ detail) {
    for (const f of this.listeners.get(event) ?? []) f(detail);
  }

  /** The functions for a page around the lab, a lesson or a test. */
  api() {
    return {
      run: () => this.ready && this.go(), pause: () => this.ready && this.pause(), step: (/** @type {number} */ n) => this.ready && this.step(n), reset: () => this.ready && this.reset(),
      load: (/** @type {string} */ link) => this.load(link), link: () => this.link, state: () => this.state(),
      checkpoint: (/** @type {number} */ lane) => this.checkpoint(lane),
      dress: () => this.viewer.dress(),
      /** @param {"event" | "change" | "predict" | "done" | "error"} event @param {(detail: any) => void} f */
      on: (event, f) => {
        if (!this.listeners.has(event)) this.listeners.set(event, new Set());
        this.listeners.get(event)?.add(f);
        return () => this.listeners.get(event)?.delete(f);
      },
    };
  }
}

export const lab = new Lab(/** @type {Element} */ (document.getElementById("lab")), welcome);
if (!asked.link) addEventListener("hashchange", (e) => { // not location, where a recipe may have written its own link since
  const part = lab.ways.asked(e.newURL);
  if (!part) return lab.arrive(linkIn(e.newURL));
  lab.trail.write(lab.link);
  lab.ways.find(part);
});
/** Whether something is dragged that a page does not take by itself: files, but not over a field for files. */
const brings = (/** @type {DragEvent} */ e) => e.dataTransfer?.types.includes("Files") && !(/** @type {Element} */ (e.target)).closest?.("input[type=file]");
addEventListener("dragover", (e) => { if (brings(e)) e.preventDefault(); });
addEventListener("drop", (e) => {
  if (!brings(e)) return;
  e.preventDefault();
  const [file] = e.dataTransfer?.files ?? [];
  if (file) lab.bring(file);
});
addEventListener("beforeunload", (e) => { // has the browser ask whether to leave, where it would not keep the run
  if (lab.run.unfinished && !lab.keeper.lasting) e.preventDefault();
});
await lab.start(welcome.recipe);
/** @type {any} */ (globalThis).posttrain = lab.api();
