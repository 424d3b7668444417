// Be the annotator: the visitor judges pairs of answers, a reward model is trained on that, and the panel shows what it learned. Which
// pairs there are and what was learned comes from the core, see docs/decisions/0046-be-the-annotator.md. Loaded when the panel is opened first.

import { english, fill, h, sign, svg } from "./dom.js";
import { styles } from "./files.js";
import { percent } from "./format.js";
import { terms } from "./glossary.js";
import { around, say } from "./say.js";

/**
 * @typedef {import("../types/messages.js").protocol.Comparison} Comparison
 * @typedef {import("../types/messages.js").annotation.Report} Report
 * @typedef {import("./lane.js").Lane} Lane
 * @typedef {{score: number[], gold: number[]}} Curves of a lane, by update
 */

/** How many pairs are judged at first, and how many more each time that the visitor wants more. */
const [atFirst, more] = [24, 12];

/** The most labels that a link can have, as in core/objective/knob. */
const most = 200;

/** An experiment with a reward model, for an exhibit that has none. */
const withRewardModel = "taste?lane=rlhf,steps=60,pairs=24";

/** Milliseconds between two drawings of the curves. */
const pace = 500;

/** What keys do, as the number of the answer on the screen, or as what else is chosen. @type {Record<string, number | "leave" | "back">} */
const keys = { ArrowLeft: 0, 1: 0, ArrowRight: 1, 2: 1, ArrowDown: "leave", 0: "leave", Backspace: "back" };

export class Annotator {
  /** @type {any} the open recipe, as the clerk describes it */ d;
  /** @type {Lane | undefined} the lane whose pairs are judged; undefined if no lane has any */ lane;
  /** @type {number} which lane that is, from 0 */ number = 0;
  /** @type {Report | undefined} */ report;
  /** @type {number | undefined} */ timer;
  /** @type {number} how many letters there were when the numbers of labels to choose from were drawn */ own = 0;

  /**
   * @param {Element} place
   * @param {{clerk: import("./clerk.js").Clerk, run: import("./run.js").Run, change: import("./board.js").Change, go: () => void,
   *   choose: (link: string) => Promise<boolean>, on: (event: "event", f: (detail: any) => void) => void, warn: (why: string) => void}} lab
   */
  constructor(place, lab) {
    this.lab = lab;
    this.letters = ""; // a, b or - for each pair that was judged
    this.at = 0; // the pair to judge
    /** @type {Comparison[]} */
    this.pairs = [];
    this.wanted = atFirst; // pairs to be judged
    this.goesOn = false; // whether the focus goes to the next pair as soon as that is there
    /** @type {WeakMap<Lane, Curves>} */
    this.curves = new WeakMap();
    /** What lanes have reported of their reward models. @type {WeakMap<Lane, {pairs: Comparison[], fresh: Comparison[]}>} */
    this.examined = new WeakMap();

    this.far = h("p.far-judged", { role: "status" });
    this.bar = h("progress", { "aria-label": texts.annotate.progress });
    this.prompt = h("p.asked");
    this.answers = [0, 1].map((side) => h("button.answer", { type: "button", "aria-keyshortcuts": side ? "ArrowRight 2" : "ArrowLeft 1", onclick: () => this.pick(side) }));
    this.sides = h("div.answers-judged", null, this.answers);
    this.leave = h("button", { type: "button", "aria-keyshortcuts": "ArrowDown 0", onclick: () => this.pick("leave") }, texts.annotate.leave);
    this.back = h("button", { type: "button", "aria-keyshortcuts": "Backspace", onclick: () => this.pick("back") }, texts.annotate.back);
    this.hint = h("p.small.keys", null, around(texts.annotate.keys, { left: h("kbd", null, "\u2190"), right: h("kbd", null, "\u2192"), down: h("kbd", null, "\u2193"), back: h("kbd", null, "Backspace") }));
    this.judging = h("div.judging", { role: "group", "aria-label": texts.annotate.pairToJudge, onkeydown: (/** @type {KeyboardEvent} */ e) => this.press(e) },
      this.far, this.bar, this.prompt, this.sides, h("p.actions", null, this.leave, this.back), this.hint);
    this.total = h("select", { id: "annotate-labels" });
    this.train = h("button.run", { type: "button", onclick: () => this.trainOnIt() }, texts.annotate.train);
    this.extend = h("button", { type: "button", onclick: () => this.judgeMore() }, say(texts.annotate.judgeMore, { more }));
    this.training = h("div.training", null, h("label", { htmlFor: "annotate-labels" }, around(texts.annotate.learnsFrom, { labels: this.total })), h("p.actions", null, this.train, this.extend));
    this.live = h("div.live", { "aria-label": texts.annotate.training, role: "group" });
    this.headline = h("p.headline", { role: "status" });
    this.told = h("div");
    this.learned = h("div.learned", null, h("h3", null, texts.annotate.learned), this.headline, this.told);
    this.lead = h("div.small");
    this.place = place;
    fill(place, this.lead);
    this.ready = styles("css/annotate.css");
    lab.on("event", (e) => this.hear(e));
  }

  /** Shows the open recipe. Its lanes are those of the run by now. */
  async describe(/** @type {any} */ d) {
    await this.ready;
    const at = annotated(d);
    if (at < 0) return this.offer();
    const lane = this.lab.run.lanes[at];
    if (!lane) return;
    const before = this.d;
    const other = d.name !== before?.name || d.knobs.some((/** @type {any} */ k, /** @type {number} */ i) => k.value !== before.knobs[i]?.value);
    const same = lane === this.lane;
    Object.assign(this, { d, lane, number: at });
    if (same) return this.drawLive();
    const given = value(d.lanes[at], "judged");
    if (given || other) this.letters = given;
    if (other) this.at = given.length;
    this.wanted = Math.max(this.wanted, given.length);
    this.report = undefined;
    if (!this.judging.isConnected) fill(this.place, this.lead, this.judging, this.training, this.live, this.learned); // or the focus would be lost
    fill(this.lead, terms()(texts.annotate.says), " ", purpose(d));
    this.ask();
    if (given) for (const l of this.rewarded()) l.show({ examine: { samples: this.wanted } });
    this.draw();
    this.drawLearned();
    this.drawLive();
  }

  /** Offers an experiment with a reward model, where no lane has one. */
  offer() {
    this.lane = undefined;
    const open = async () => { this.goesOn = await this.lab.choose(withRewardModel); };
    fill(this.lead, texts.annotate.offer);
    fill(this.place, this.lead, h("p.actions", null, h("button.run", { type: "button", onclick: open }, texts.annotate.judgeYourself)));
  }

  /** Asks the lane for its pairs. */
  ask() {
    this.lane?.show({ pair: { samples: this.wanted } });
  }

  /** The lanes whose first stage has a reward model. */
  rewarded() {
    return this.lab.run.lanes.filter((_, i) => this.d.lanes[i] && value(this.d.lanes[i], "judged") !== undefined);
  }

  /** Takes what a lane has reported. */
  hear(/** @type {any} */ e) {
    const lane = this.lab.run.lanes.find((l) => l.label === e.lane);
    if (!lane || !this.lane || !this.rewarded().includes(lane)) return;
    if (e.kind === "pair" && lane === this.lane) this.receive(e.pairs);
    else if (e.kind === "examine") {
      this.examined.set(lane, { pairs: e.pairs, fresh: e.fresh ?? [] });
      this.tell();
    } else if (e.kind === "step" || e.kind === "eval") this.follow(lane, e);
  }

  /** Takes the pairs to judge. Judgements of other pairs are dropped. */
  receive(/** @type {Comparison[]} */ pairs) {
    const same = this.pairs.every((p, i) => !pairs[i] || p.first.prompt === pairs[i].first.prompt && p.first.response === pairs[i].first.response && p.second.response === pairs[i].second.response);
    if (!same && !value(this.d.lanes[this.number], "judged")) this.letters = "";
    this.pairs = pairs;
    this.at = Math.min(this.at, this.letters.length, pairs.length);
    this.skip();
    this.draw();
    if (this.goesOn) this.answers[0].focus();
    this.goesOn = false;
  }

  press(/** @type {KeyboardEvent} */ e) {
    const what = keys[e.key];
    if (what === undefined || e.altKey || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    this.pick(what);
  }

  /** Takes a judgement: the answer on the left (0) or on the right (1), or none; or goes back to the pair before. */
  pick(/** @type {number | "leave" | "back"} */ what) {
    const pair = this.pairs[this.at];
    if (what === "back") do this.at = Math.max(0, this.at - 1); while (this.at > 0 && alike(this.pairs[this.at]));
    else if (pair) this.note(what === "leave" ? "-" : (what === 1) !== Boolean(pair.swapped) ? "b" : "a");
    this.draw();
  }

  /** Notes a judgement of the pair and goes on to the next one whose answers differ. */
  note(/** @type {string} */ letter) {
    this.letters = this.letters.slice(0, this.at) + letter + this.letters.slice(this.at + 1);
    this.at++;
    this.skip();
  }

  /** Leaves pairs to the simulated annotator whose answers are the same. */
  skip() {
    if (this.at < Math.min(this.wanted, this.pairs.length) && alike(this.pairs[this.at])) this.note("-");
  }

  judgeMore() {
    this.wanted = Math.min(most, this.wanted + more);
    this.goesOn = true;
    this.ask();
  }

  /** How many pairs the visitor has judged. */
  get judged() {
    return this.letters.replaceAll("-", "").length;
  }

  /** Draws the pair to judge, and what can be trained. */
  draw() {
    const { at, pairs, letters, wanted } = this;
    const pair = pairs[at];
    const over = at >= Math.min(pairs.length, wanted) && pairs.length > 0;
    this.bar.max = wanted;
    this.bar.value = Math.min(letters.length, wanted);
    fill(this.far, pairs.length === 0 ? texts.annotate.baseAnswers : over ? say(texts.annotate.done, { all: wanted, judged: this.judged }) : say(texts.annotate.far, { pair: at + 1, judged: this.judged, all: wanted }));
    for (const part of [this.prompt, this.sides, this.leave, this.hint]) part.hidden = !pair || over;
    if (pair && !over) {
      fill(this.prompt, h("span.small", null, texts.annotate.asked, " "), h(pair.first.words ? "span.prompt.words" : "span.prompt", null, pair.first.prompt));
      const shown = pair.swapped ? [pair.second, pair.first] : [pair.first, pair.second];
      const chosen = letters[at] === "a" ? 0 : letters[at] === "b" ? 1 : undefined;
      this.answers.forEach((button, side) => {
        const { response, words, finished } = shown[side];
        button.setAttribute("aria-pressed", String(chosen !== undefined && side === (pair.swapped ? 1 - chosen : chosen)));
        fill(button, h("kbd", { "aria-hidden": "true" }, side + 1), h(words ? "span.response.words" : "span.response", null, response || texts.annotate.nothing, !finished && h("span.soft", { title: texts.common.cutOff }, "\u2026")));
      });
      this.leave.setAttribute("aria-pressed", String(letters[at] === "-"));
    }
    this.back.disabled = at === 0;
    const focused = this.judging.contains(document.activeElement) && /** @type {HTMLElement} */ (document.activeElement);
    if (focused && (focused.closest("[hidden]") || /** @type {any} */ (focused).disabled)) (over ? this.train : this.answers[0]).focus();
    this.training.hidden = this.judged === 0;
    this.extend.hidden = !over || wanted >= most;
    this.drawTotal();
  }

  /** The numbers of labels to choose from: those of the visitor alone, or with more by the simulated annotator. */
  drawTotal() {
    const own = this.letters.length;
    const chosen = Number(this.total.value) - this.own || 0;
    this.own = own;
    fill(this.total, [0, 76, 376, 976].map((more) => h("option", { value: own + more, selected: more === chosen },
      more === 0 ? say(texts.annotate.alone, { n: own }) : say(texts.annotate.andSimulated, { n: own, more }))));
  }

  /** Trains a reward model and a policy on the judgements, beside the same on the labels of the simulated annotator alone. */
  async trainOnIt() {
    const { letters, number } = this;
    const labels = this.total.value;
    try {
      await this.lab.change((p) => {
        const [first, ...rest] = p.lanes[number];
        const same = (/** @type {any} */ s) => JSON.stringify({ ...s, settings: { ...s.settings, judged: "", pairs: "" } });
        const beside = p.lanes.find((l, i) => i !== number && same(l[0]) === same(first) && !l[0].settings.judged);
        Object.assign(first.settings, { judged: letters, pairs: labels });
        if (beside) beside[0].settings.pairs = labels;
        else if (p.lanes.length < 4) p.lanes.push([{ ...first, settings: { ...first.settings, judged: "" } }, ...rest]);
      }, true);
      this.lab.go();
    } catch (/** @type {any} */ e) {
      this.lab.warn(`${e.message}.`);
    }
  }

  /** Adds an update or a measurement of a lane to its curves. */
  follow(/** @type {Lane} */ lane, /** @type {any} */ e) {
    const of = Object.fromEntries((e.metrics ?? []).map((/** @type {any} */ m) => [m.n, m.v]));
    const curves = (e.step > 1 && this.curves.get(lane)) || { score: [], gold: [] };
    this.curves.set(lane, curves);
    if (e.kind === "step") {
      curves.score[e.step] = of["train/score_mean"];
      curves.gold[e.step] = of["train/reward_mean"];
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.drawLive();
    }, pace);
  }

  /** Draws how the lanes with a reward model go. */
  drawLive() {
    const lanes = this.rewarded();
    const begun = lanes.filter((l) => l.step > 0 || l.going);
    this.live.hidden = begun.length === 0;
    fill(this.live, h("h3", null, texts.annotate.policy), h("div.curves", null, begun.map((l) => {
      const { score, gold } = this.curves.get(l) ?? { score: [], gold: [] };
      const newest = (/** @type {string} */ name) => (l.metrics[name] === undefined ? "\u2013" : l.metrics[name].toFixed(2));
      const practised = this.d.task.levels[0];
      return h(`figure.of-lane${this.lab.run.lanes.indexOf(l) % 4}`, null, h("figcaption", null, sign(this.lab.run.lanes.indexOf(l)), h("b", null, l.name), ", ", this.labelsOf(l) ? texts.annotate.withLabels : texts.annotate.withoutLabels, h("span.small", null, l.step === 0 ? texts.annotate.modelFirst : say(texts.annotate.update, { step: l.step, steps: l.steps }))),
        curve(score, gold, l.steps),
        h("dl", null, [[texts.annotate.score, newest("train/score_mean"), "score"], [texts.annotate.gold, newest("train/reward_mean"), "gold"], [practised.graded ? texts.annotate.goldOnNew : texts.annotate.accuracyOnNew, newest(practised.metric), ""]]
          .map(([name, number, line]) => h("div", null, h("dt", null, line && h(`i.line.${line}`, { "aria-hidden": "true" }), name), h("dd", null, number)))));
    })));
  }

  /** The visitor's labels that a lane learns from, as letters; "" for none. */
  labelsOf(/** @type {Lane} */ lane) {
    return value(this.d.lanes[this.lab.run.lanes.indexOf(lane)], "judged");
  }

  /** Asks what the reward models have learned from the judgements. */
  async tell() {
    const lanes = this.rewarded().filter((l) => this.examined.has(l)).map((l) => ({
      name: this.labelsOf(l) ? texts.annotate.modelWith : texts.annotate.modelWithout, judged: this.labelsOf(l), ...this.examined.get(l),
    }));
    if (!lanes.some(({ judged }) => judged)) return;
    try {
      this.report = await this.lab.clerk.ask("learned", { lanes: JSON.stringify(lanes) });
      this.drawLearned();
    } catch (/** @type {any} */ e) {
      this.lab.warn(`${e.message}.`);
    }
  }

  /** Draws what the reward models have learned. */
  drawLearned() {
    const r = this.report;
    this.learned.hidden = !r;
    if (!r) return;
    fill(this.headline, english(r.headline));
    fill(this.told, h("ul.told", null, (r.says ?? []).map((s) => h("li", null, english(s)))),
      h("p.small", null, texts.annotate.below), (r.tables ?? []).map(table));
  }
}

/** A table of counts, each with its share and the interval. */
function table(/** @type {import("../types/messages.js").annotation.Table} */ t) {
  const cell = (/** @type {import("../types/messages.js").annotation.Count} */ c) => h("td", null, c.of === 0 ? "\u2013"
    : [say(texts.annotate.countOf, { count: c.count, all: c.of }), h("span.small", null, `${percent(c.count / c.of)}, ${Math.round(100 * c.low)}\u2013${Math.round(100 * c.high)}`)]);
  return [h("h4", null, english(t.title)), h("div.scroll", { tabIndex: 0, role: "region", "aria-label": t.title }, h("table", { "aria-label": t.title },
    h("thead", null, h("tr", null, h("td"), t.columns.map((c) => h("th", { scope: "col" }, english(c))))),
    h("tbody", null, t.rows.map((row) => h("tr", null, h("th", { scope: "row" }, english(row.title)), row.cells.map(cell))))))];
}

/** Reports whether the answers of a pair are the same. */
function alike(/** @type {Comparison} */ { first, second }) {
  return first.response === second.response && first.finished === second.finished;
}

/** The text of a setting of a lane's first stage; undefined if it has none of this name. @returns {any} */
function value(/** @type {any} */ lane, /** @type {string} */ name) {
  return lane.stages[0].settings.find((/** @type {any} */ s) => s.name === name)?.value;
}

/** The number of the lane whose pairs are judged: the first with labels by a person, or else the first that can have some; -1 if none can. */
function annotated(/** @type {any} */ d) {
  const labels = d.lanes.map((/** @type {any} */ l) => value(l, "judged"));
  const own = labels.findIndex(Boolean);
  return own >= 0 ? own : labels.indexOf("");
}

/** What makes an answer good, which the visitor may follow or not. */
function purpose(/** @type {any} */ d) {
  return h("details", null, h("summary", null, texts.annotate.purpose), h("p", null, english(terms()(d.task.doc))));
}

/** The score and the gold reward by update, each on a scale of its own from its lowest value to its highest. @param {number[]} score @param {number[]} gold @param {number} steps */
function curve(score, gold, steps) {
  const line = (/** @type {number[]} */ values, /** @type {string} */ name) => {
    const known = values.filter((v) => Number.isFinite(v));
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const points = values.map((v, i) => (Number.isFinite(v) ? `${((236 * i) / Math.max(1, steps) + 2).toFixed(1)},${(66 - (60 * (v - low)) / (high - low || 1)).toFixed(1)}` : "")).filter(Boolean);
    return svg("polyline", { class: name, points: points.join(" ") });
  };
  return svg("svg", { viewBox: "0 0 240 72", preserveAspectRatio: "none", "aria-hidden": "true" }, line(score, "score"), line(gold, "gold"));
}
