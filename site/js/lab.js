// The lab: a recipe, its lanes in training, and everything that shows them. What others may use is window.posttrain.

import { Clerk } from "./clerk.js";
import { control, link as compose, parts } from "./controls.js";
import { rows } from "./data.js";
import { fill, h } from "./dom.js";
import { capital, firstSentence } from "./format.js";
import { layout } from "./layout.js";
import * as panels from "./panels.js";
import { results } from "./programs.js";
import { recipeCard } from "./recipe-card.js";
import { refusal } from "./refusal.js";
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
    this.main = main;
    this.p = layout(main);
    this.clerk = new Clerk({ restarted: () => this.run.again().then(() => this.recorded(), (e) => this.warn(e.message)), caughtUp: () => this.recorded() });
    this.run = new Run(this.clerk, (kind, lane, detail) => this.hear(kind, lane, detail));
    /** @type {Map<string, Set<(detail: any) => void>>} */
    this.listeners = new Map();
    this.viewer = new Viewer(this.p, welcome, this.run);
    this.trial = new Trial(this.p.try, this.clerk, this.run);
    this.guess = "";
    this.link = ""; // the address of what is open
    this.wasDone = false;
    this.p.run.onclick = () => this.toggle();
    this.p.step.onclick = () => this.step(1);
    this.p.rewind.onclick = () => this.reset();
    this.menuBox = /** @type {HTMLSelectElement | null} */ (document.getElementById("menu"));
    this.fillMenu();
    if (!fragment(location.href)) this.show(welcome.recipe); // with a link, nothing is shown before it is read
  }

  /** Takes up the recipe of the address, or the one that the site was built with. A link that is refused leaves nothing but that. */
  async start(/** @type {any} */ first) {
    const link = fragment(location.href);
    if (link) await this.load(link).catch(() => {}); // it has said why
    else this.take(first);
  }

  /** Takes up the recipe of a link, with the keys that are the page's own; rejects with a sentence when it is refused. */
  async open(/** @type {string} */ link) {
    const description = await this.clerk.ask("describe", { link });
    this.viewer.keys(description.page);
    this.take(description);
  }

  /** The same for a link from outside, of which the page shows why it is refused. */
  async load(/** @type {string} */ link) {
    try {
      await this.open(link);
    } catch (e) {
      this.refuse(link, /** @type {Error} */ (e).message);
      throw e;
    }
  }

  /** Takes up the recipe that is open as edited; rejects with a sentence when that is refused. What the page shows of it stays. */
  async change(/** @type {(p: import("./controls.js").Parts) => void} */ edit) {
    const p = parts(this.d);
    edit(p);
    this.take(await this.clerk.ask("describe", { link: compose(p) }));
  }

  take(/** @type {any} */ description) {
    this.main.querySelector(":scope > .refusal")?.remove();
    this.main.classList.remove("refused");
    this.p.notice.hidden = true;
    if (description !== this.d) this.show(description);
    this.wasDone = false;
    this.stale = true;
    this.others = undefined;
    const held = description.missing !== "";
    const recorded = this.run.open(held ? { ...description, lanes: [] } : description);
    for (const b of [this.p.run, this.p.step, this.p.rewind, this.trial.button]) b.disabled = held;
    this.link = description.address;
    this.address();
    if (held) this.hold();
    if (description.engine !== description.current) this.warn(`This link was made with engine ${description.engine} of the trainer; this page has engine ${description.current}, so its numbers may differ from those of then.`);
    this.draw();
    this.tell("change", this.state());
    recorded.then(() => this.recorded(), (e) => this.warn(e.message));
  }

  /** Has the address of the page say what is open. */
  address() {
    try {
      history.replaceState(null, "", "#" + this.link);
    } catch { /* a frame without an address of its own */ }
  }

  /** Shows why a link is refused, and the link: beside what is open, or alone where nothing is, under the address as it is. */
  refuse(/** @type {string} */ link, /** @type {string} */ why) {
    const again = (/** @type {string} */ link) => { this.load(link).catch(() => {}); };
    if (this.link) {
      this.address();
      return this.notify(refusal("h2", link, why, again));
    }
    this.main.querySelector(":scope > .refusal")?.remove();
    this.main.classList.add("refused");
    this.main.prepend(refusal("h1", link, why, again, this.menu.exhibits[0].name));
    this.main.querySelector(":scope > .refusal")?.setAttribute("role", "alert");
    if (this.menuBox) this.menuBox.selectedIndex = -1;
  }

  /** Says what the recipe needs before it can be run, with the place to bring it. */
  hold() {
    const { d, p } = this;
    const wanted = d.data && !d.data.here;
    fill(p.notice, h("div.wanted", null, h("p", null, capital(d.missing), "."),
      wanted ? rows(d, (name, text, other) => this.bring(name, text, other)) : h("p", null, "A page takes no models. In a terminal: ", h("span.mono", null, d.command))));
    p.notice.hidden = false;
    /** @type {HTMLElement | null} */ (p.notice.querySelector("input"))?.focus({ preventScroll: true }); // it is at the top, and a page around may be elsewhere
  }

  /** Draws everything that follows from the recipe alone. */
  show(/** @type {any} */ d) {
    const other = this.d?.name !== d.name;
    this.d = d;
    document.documentElement.classList.remove("early", "linked"); // see parts/lab.html
    const { p } = this;
    const at = this.menu.exhibits.findIndex((/** @type {any} */ e) => e.name === d.name);
    fill(p.kicker, d.exhibit?.museum ? "Failure museum" : at >= 0 ? `Exhibit ${at + 1}` : "An experiment of your own");
    fill(p.title, d.exhibit?.title ?? d.task.title);
    const doc = d.exhibit?.doc ?? d.task.doc;
    fill(p.lead, firstSentence(doc));
    fill(p.intro, doc);
    if (this.menuBox) this.menuBox.value = d.exhibit ? d.name : `task/${d.name}`;
    if (other) {
      this.guess = "";
      fill(p.verdict, panels.begun(d, [])); // not the verdict of the recipe before
    }
    this.showGuess();
    recipeCard(p.recipe, d, this.menu, { change: (edit) => this.change(edit), bring: (name, text, other) => this.bring(name, text, other), warn: (why) => this.warn(why) });
    const seed = d.knobs.find((/** @type {any} */ k) => k.name === "seed");
    if (p.seed.querySelector("input")?.value !== seed.value) {
      fill(p.seed, control(seed, "wide/seed", (value) => this.change((r) => { r.wide.seed = value; })));
    }
    share(p.share, d, { open: (link) => this.open(link), download: (i) => this.download(i).catch((e) => this.warn(e.message)) });
    fill(p.field, d.exhibit
      ? [h("p", null, h("b", null, "The claim. "), d.exhibit.claim, ` (${d.exhibit.cite})`), h("p", null, h("b", null, "Against it. "), d.exhibit.counter), d.exhibit.museum && h("p", null, h("b", null, "The sign. "), d.exhibit.sign), d.exhibit.museum && h("p", null, h("b", null, "The cure. "), d.exhibit.cure)]
      : h("p", null, `${d.task.doc} (${d.task.cite})`));
    this.viewer.describe(d);
    this.trial.describe(d);
  }

  /** @type {import("./data.js").Bring} */
  async bring(name, text, other = false) {
    const { link, data } = this.d;
    const digest = await this.clerk.ask("bring", { link, name, text });
    if (data && !data.here && data.digest !== digest && !other) return digest;
    this.run.data.set(digest, text);
    await this.change((r) => { r.wide.data = digest; });
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
          this.stale = true;
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
      this.load(task ? `${task}?lane=sft&lane=grpo` : name).catch(() => {}); // it has said why
    };
  }

  /** Whether there is something that can be run. */
  get ready() {
    return this.link !== "" && this.d.missing === "";
  }

  toggle() {
    if (this.run.running) return this.pause();
    if (this.run.done) this.reset();
    this.go();
  }

  go() {
    this.tryAgain();
    this.run.run();
    this.say("Training.");
    this.draw();
    this.tell("change", this.state());
  }

  /** Takes the notice away when a lane that could not go on is about to try again. */
  tryAgain() {
    if (this.run.lanes.some((l) => l.error)) this.dismiss();
  }

  pause() {
    this.run.pause();
    this.say("Paused.");
    this.draw();
    this.tell("change", this.state());
  }

  step(/** @type {number} */ n) {
    this.tryAgain();
    this.run.step(Number.isInteger(n) && n > 0 ? n : 1);
    this.draw();
  }

  reset() {
    this.wasDone = false;
    this.p.notice.hidden = true;
    this.viewer.forget();
    this.run.reset().then(() => this.recorded(), (e) => this.warn(e.message));
    this.draw();
    this.tell("change", this.state());
  }

  /** There is a new record, or more of the past is on it. */
  recorded() {
    this.stale = true;
    if (this.run.record) this.soon();
  }

  /** Draws before long, and starts the stage when it is time: while lanes are on the way to their first update it would take their processor. */
  soon() {
    if (this.run.record && !this.run.starting) this.viewer.open();
    this.later ??= setTimeout(() => this.draw(), this.run.running ? pace : 50);
  }

  /** What a lane has to say. */
  hear(/** @type {string} */ kind, /** @type {any} */ lane, /** @type {any} */ detail) {
    if (kind === "event") {
      this.tell("event", { lane: lane.label, ...detail });
      if (detail.kind === "eval" || detail.kind === "end" || detail.kind === "step" && detail.step === 1) this.stale = true;
      if (detail.kind === "ask") this.trial.draw();
    } else if (kind === "restart") {
      this.warn(`The worker of lane ${lane.name} stopped (${detail}). It was started again from ${lane.checkpoint && lane.kept ? `update ${lane.kept}` : "the start"}; the result is the same.`);
    } else if (kind === "error") {
      this.warn(`Lane ${lane.name} cannot go on: ${detail}.`);
      this.tell("error", { lane: lane.label, message: detail });
    } else {
      this.stale = true;
      this.tell("change", this.state());
    }
    this.soon();
  }

  /** Draws everything that follows from the lanes. */
  async draw() {
    clearTimeout(this.later);
    this.later = undefined;
    const { p, d, run } = this;
    if (!this.link) return;
    const { lanes, running, done } = run;
    fill(p.run, running ? "Pause" : done ? "Run again" : "Run");
    const step = Math.max(0, ...lanes.map((l) => l.step / l.steps));
    p.progress.value = lanes.length ? lanes.reduce((sum, l) => sum + (l.done ? 1 : l.step / l.steps), 0) / lanes.length : 0;
    if (d.missing) fill(p.where, `Run waits for ${d.data && !d.data.here ? `the data set ${d.data.digest}` : "a model that is not here"}.`);
    else fill(p.where, lanes.map((l) => `${l.name} ${l.preparing || `${l.step}/${l.steps}`}`).join(" · "), done && [" · same bits everywhere: ", h("span.mono", null, lanes.map((l) => l.digest.slice(0, 8)).join(" "))]);
    if (!this.stale && step > 0) return;
    this.stale = false;
    panels.score(p.score, d, lanes, []);
    panels.cost(p.cost, lanes);
    if (p.answers.children.length !== lanes.length) fill(p.answers, lanes.map((_, i) => h("section.card", { "aria-label": `Latest answers of lane ${i + 1}` })));
    lanes.forEach((l, i) => panels.answers(p.answers.children[i], d, l, i));
    this.viewer.refresh();
    if (d.missing) fill(p.verdict, panels.begun(d, []));
    if (!run.record || d.missing) return;
    if (d.studied) this.others ??= results(d.name).catch((e) => this.warn(e.message));
    const [v, others] = await Promise.all([run.ask("verdict"), this.others]).catch((e) => {
      this.warn(e.message);
      return [null];
    });
    if (v === undefined) return; // there is another record, which will be drawn
    if (v?.idle) panels.score(p.score, this.d, run.lanes, v.idle);
    if (v) panels.verdict(p.verdict, this.d, run.lanes, v, this.guess, this.d === d ? others : null, (link) => this.load(link).then(() => p.run.focus(), (e) => this.warn(e.message)));
    if (run.done && !this.wasDone) {
      this.wasDone = true;
      this.say(`Done. ${v?.headline ?? ""}`);
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
    if (!l) throw new Error(this.run.lanes.length > 0 ? `lane is ${lane}, want 0 to ${this.run.lanes.length - 1}` : "no lane can be run here");
    if (!this.d.base.name) throw new Error("without a network there are no weights to keep: the lane starts again from the beginning in no time");
    return new Blob([await l.save()], { type: "application/octet-stream" });
  }

  async download(/** @type {number} */ lane) {
    const { label, step } = this.run.lanes[lane];
    download(await this.checkpoint(lane), `${this.d.name}-${label.replaceAll("~", "-")}-${step}.msgp`);
  }

  warn(/** @type {string} */ text) {
    this.notify(h("p", null, capital(text)));
  }

  notify(/** @type {Element} */ what) {
    fill(this.p.notice, what, h("button.quiet", { type: "button", onclick: () => this.dismiss() }, "Close"));
    this.p.notice.hidden = false;
  }

  /** Takes the notice away, except for what the recipe still needs. */
  dismiss() {
    this.p.notice.hidden = true;
    if (this.d.missing) this.hold();
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
      run: () => this.ready && this.go(), pause: () => this.ready && this.pause(), step: (/** @type {number} */ n) => this.ready && this.step(n), reset: () => this.ready && this.reset(),
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

/**
 * The link in an address, as it stands there: what was done to it on its way is undone by the clerk alone. An address that leads to a
 * place of the page, as the first one for a keyboard does, has none.
 */
function fragment(/** @type {string} */ address) {
  const text = new URL(address).hash.slice(1);
  return document.getElementById(text) ? "" : text;
}

const welcome = await (await fetch(new URL("../welcome.json", import.meta.url))).json();
const lab = new Lab(/** @type {Element} */ (document.getElementById("lab")), welcome);
addEventListener("hashchange", (e) => { // location may be further already: a recipe that was on its way writes its own link there
  const link = fragment(e.newURL);
  if (link && link !== lab.link) lab.load(link).catch(() => {}); // it has said why
  else if (link) lab.dismiss(); // back from a link that was refused
});
addEventListener("beforeunload", (e) => { // the browser asks whether to leave
  if (lab.run.unfinished) e.preventDefault();
});
await lab.start(welcome.recipe);
/** @type {any} */ (globalThis).posttrain = lab.api();
