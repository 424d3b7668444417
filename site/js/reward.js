// A reward of the visitor's own: a program in Starlark that lanes learn from in the place of the verifier's reward, see docs/scripts.md.
// Loaded when the panel is opened first, and with it a trainer that has the interpreter.

import { computedBase } from "./computed.js";
import { link as compose, parts } from "./controls.js";
import { english, fill, h } from "./dom.js";
import { styles } from "./files.js";
import { capital } from "./format.js";
import { terms } from "./glossary.js";
import { transcript } from "./panels.js";
import { base, programs } from "./programs.js";
import { say } from "./say.js";
import { Trainer } from "./trainer.js";

/** On how many prompts a reward is tried, and how many answers of the base to each. */
const [prompts, answers] = [6, 8];

/** The lane whose prompts and base a reward is tried on: any that learns from rewards. */
const tried = [{ method: "grpo", settings: {} }];

/** @typedef {import("../types/messages.js").protocol.Sample} Sample */

export class RewardEditor {
  /** @type {any} the open recipe, as the clerk describes it */ d;
  /** @type {Trainer | undefined} the worker in which a reward is being tried */ trainer;

  /** @param {Element} place @param {import("./clerk.js").Clerk} clerk @param {import("./board.js").Change} change takes up the recipe as edited, or rejects with a sentence */
  constructor(place, clerk, change) {
    this.clerk = clerk;
    this.change = change;
    this.says = h("p.small", null, terms()(texts.reward.says));
    this.from = h("select", { id: "reward-from", onchange: () => this.startFrom() });
    this.numbers = h("pre.line-numbers", { "aria-hidden": "true" });
    this.text = h("textarea", {
      id: "reward-text", rows: 10, spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-describedby": "reward-complaint",
      oninput: () => this.number(), onscroll: () => { this.numbers.scrollTop = this.text.scrollTop; },
    });
    this.complaint = h("p.complaint", { id: "reward-complaint", role: "alert" });
    this.tryButton = h("button", { type: "button", onclick: () => this.guarded(() => this.tryIt()) }, texts.reward.try);
    this.take = h("button.run", { type: "button", onclick: () => this.guarded(() => this.takeIt()) }, texts.reward.take);
    this.back = h("button.quiet", { type: "button", onclick: () => this.guarded(() => this.drop()) }, texts.reward.back);
    this.state = h("p.small", { role: "status" });
    this.told = h("div.tried", { "aria-live": "polite" });
    fill(place, this.says,
      h("p.start-from", null, h("label", { htmlFor: "reward-from" }, texts.reward.from), this.from),
      h("label", { htmlFor: "reward-text" }, texts.reward.text),
      h("div.code", null, this.numbers, this.text), this.complaint,
      h("p.actions", null, this.tryButton, this.take, this.back), this.state, this.told);
    this.ready = Promise.all([styles("css/reward.css"), clerk.ask("rewards").then((examples) => this.offer(examples))]);
  }

  /** Offers rewards to start from. */
  offer(/** @type {import("../types/messages.js").script.Example[]} */ examples) {
    this.examples = examples;
    fill(this.from, h("option", { value: "" }, texts.reward.choose), examples.map(({ title }, i) => h("option", { value: i, ...inEnglish }, title)));
    if (!this.text.value) this.write(examples[0].text);
  }

  /** Shows the open recipe, and the reward that it has. */
  async describe(/** @type {any} */ d) {
    await this.ready;
    const before = this.d;
    this.d = d;
    if (d.reward?.text && d.reward.digest !== before?.reward?.digest) this.write(d.reward.text);
    if (before?.task.name !== d.task.name) fill(this.told);
    this.back.hidden = !d.reward;
    fill(this.state, d.reward ? (d.reward.here ? say(texts.reward.taken, { digest: d.reward.digest }) : say(texts.reward.missing, { digest: d.reward.digest })) : texts.reward.verifier);
  }

  write(/** @type {string} */ text) {
    this.text.value = text;
    this.number();
  }

  /** Puts a number before every line, and takes back what was said about the text before. */
  number(wrong = 0) {
    const lines = this.text.value.split("\n").length;
    this.text.rows = Math.min(24, Math.max(8, lines));
    fill(this.numbers, Array.from({ length: lines }, (_, i) => h(i + 1 === wrong ? "b" : "span", null, `${i + 1}\n`)));
    this.numbers.scrollTop = this.text.scrollTop;
    if (wrong) return;
    this.text.removeAttribute("aria-invalid");
    fill(this.complaint);
  }

  startFrom() {
    const example = this.examples?.[Number(this.from.value)];
    if (this.from.value !== "" && example) this.write(example.text);
    this.from.value = "";
  }

  /** Does something with the text, and shows what is wrong with it. */
  async guarded(/** @type {() => Promise<void>} */ act) {
    const buttons = [this.tryButton, this.take, this.back];
    for (const b of buttons) b.disabled = true;
    this.number();
    try {
      await act();
    } catch (e) {
      this.complain(/** @type {Error} */ (e).message);
    }
    for (const b of buttons) b.disabled = false;
  }

  /** Shows an error at its line, if it has one. */
  complain(/** @type {string} */ why) {
    const line = Number(/^reward\.star:(\d+): /.exec(why)?.[1] ?? 0);
    this.number(line);
    this.text.setAttribute("aria-invalid", "true");
    fill(this.complaint, english(line ? say(texts.reward.atLine, { line, why: why.slice(why.indexOf(": ") + 2) }) : `${capital(why)}.`));
    if (!line) return;
    const before = this.text.value.split("\n").slice(0, line - 1).join("\n").length;
    this.text.focus();
    this.text.setSelectionRange(before + (line > 1 ? 1 : 0), before + (line > 1 ? 1 : 0));
  }

  /** The parts of the open recipe without a reward of one's own. */
  plain() {
    const p = parts(this.d);
    delete p.wide.reward;
    delete p.wide.script;
    return p;
  }

  /** Has lanes learn from the reward. */
  async takeIt() {
    const link = await this.clerk.ask("takeReward", { link: compose(this.plain()), text: this.text.value });
    await this.change(() => link);
  }

  /** Has lanes learn from the verifier's reward again. */
  async drop() {
    await this.change(() => compose(this.plain()));
  }

  /** Shows what the base's answers earn. */
  async tryIt() {
    const link = await this.clerk.ask("takeReward", { link: compose({ ...this.plain(), lanes: [tried] }), text: this.text.value });
    const d = await this.clerk.ask("describe", { link });
    fill(this.told, h("p.small", { role: "status" }, texts.reward.answering));
    try {
      this.tell(await this.judged(d), d.reward?.parts ?? []);
    } catch (e) {
      fill(this.told);
      throw e;
    }
  }

  /** Has the base of a recipe answer in a worker of its own. @returns {Promise<Sample[]>} */
  async judged(/** @type {any} */ { address: link, bases, computed }) {
    const owner = {};
    const all = computed.map((/** @type {any} */ c) => computedBase(c, link));
    for (const c of all) c.want(owner);
    const files = [...bases.map(async (/** @type {string} */ name) => ({ name, file: await base(name) })), ...all.map(async (/** @type {any} */ c) => ({ name: c.key, file: await c.file }))];
    const [modules, ...loaded] = await Promise.all([programs(true), ...files]);
    for (const c of all) c.release(owner);
    return new Promise((/** @type {(samples: Sample[]) => void} */ resolve, reject) => {
      const trainer = new Trainer((/** @type {import("../types/workers.js").FromTrial} */ m) => {
        trainer.end();
        if (m.type === "tried") resolve(m.samples);
        else reject(new Error(m.why));
      }, (why) => reject(new Error(why)));
      trainer.begin();
      trainer.post({ type: "tryReward", turn: 0, modules, bases: loaded, link, prompts, answers });
    });
  }

  /** Shows answers with what they earn. */
  tell(/** @type {Sample[]} */ samples, /** @type {import("../types/messages.js").recipe.RewardPart[]} */ rewardParts) {
    const earned = samples.map((s) => s.judged ?? 0);
    const mean = (/** @type {number[]} */ xs) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
    const groups = Array.from({ length: Math.ceil(samples.length / answers) }, (_, i) => samples.slice(i * answers, (i + 1) * answers));
    const teaching = groups.filter((g) => g.some((s) => (s.judged ?? 0) !== (g[0].judged ?? 0))).length;
    fill(this.told,
      h("p.headline", null, say(texts.reward.earns, { n: samples.length, mean: figure(mean(earned)), least: figure(Math.min(...earned)), most: figure(Math.max(...earned)) })),
      h("p", null, say(texts.reward.teaches, { teaching, all: groups.length }), " ", teaching === 0 ? texts.reward.teachesNothing : texts.reward.compared),
      h("div.scroll", { tabIndex: 0, role: "group", "aria-label": texts.reward.table }, h("table", null,
        h("caption", null, texts.reward.table),
        h("thead", null, h("tr", null, h("th", { scope: "col" }, texts.reward.answer), h("th", { scope: "col" }, texts.reward.score), rewardParts.map(({ name, weight }) => h("th", { scope: "col" }, english(name), h("span.small", null, ` \u00d7 ${weight}`))), h("th", { scope: "col" }, texts.reward.yours))),
        groups.map((group) => h("tbody", null, different(group).map((s) => h("tr", null, h("td", null, h("ul", null, transcript({ ...s, judge: "" }))), h("td", null, figure(s.reward)), rewardParts.map((_, i) => h("td", null, figure(s.parts?.[i] ?? 0))), h("td", null, h("b", null, figure(s.judged ?? 0))))))))));
  }
}

/** Each answer once, those that earn most first. */
function different(/** @type {Sample[]} */ group) {
  const seen = new Map(group.map((s) => [s.response + s.finished, s]));
  return [...seen.values()].sort((a, b) => (b.judged ?? 0) - (a.judged ?? 0));
}

/** A reward in a few digits. */
const figure = (/** @type {number} */ x) => String(Number(x.toFixed(3)));
