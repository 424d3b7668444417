// Programs of the visitor's own in Starlark, see docs/scripts.md: a reward that lanes learn from in the place of the verifier's, or a whole
// task. Loaded when the panel is opened first, and with it a trainer that has the interpreter.

import { link as compose, parts } from "./controls.js";
import { Editor } from "./editor.js";
import { fill, h } from "./dom.js";
import { styles } from "./files.js";
import { terms } from "./glossary.js";
import { say } from "./say.js";
import { earnings, judged } from "./tried.js";

/** The lane whose prompts and base a reward is tried on: any that learns from rewards. */
const tried = [{ method: "grpo", settings: {} }];

/** @typedef {"reward" | "task"} Kind */

export class Programs {
  /** @type {any} the open recipe, as the clerk describes it */ d;
  /** @type {Kind} what is being written */ kind = "reward";
  /** @type {Record<Kind, string>} the texts as they were left */ texts = { reward: "", task: "" };

  /**
   * @param {Element} place @param {import("./clerk.js").Clerk} clerk
   * @param {import("./board.js").Change} change takes up the recipe as edited, or rejects with a sentence
   * @param {(link: string) => Promise<boolean>} choose opens another recipe
   */
  constructor(place, clerk, change, choose) {
    this.clerk = clerk;
    this.change = change;
    this.choose = choose;
    const button = (/** @type {string} */ tag, /** @type {string} */ text, /** @type {() => Promise<void>} */ act) => h(tag, { type: "button", disabled: true, onclick: () => this.guarded(act) }, text);
    const chosen = (/** @type {Kind} */ kind, /** @type {string} */ text) => h("label", null, h("input", { type: "radio", name: "program", value: kind, checked: kind === this.kind, onchange: () => this.turn(kind) }), ` ${text}`);
    this.says = h("p.small");
    this.from = h("select", { id: "program-from", onchange: () => this.startFrom() });
    this.editor = new Editor("program-text", texts.programs.text);
    this.tryIt = button("button", texts.programs.try, () => this.tryReward());
    this.take = button("button.run", texts.programs.take, () => this.takeReward());
    this.open = button("button.run", texts.programs.openTask, () => this.openTask());
    this.back = button("button.quiet", texts.programs.back, () => this.change(() => compose(this.plain())));
    this.state = h("p.small", { role: "status" });
    this.told = h("div.tried", { "aria-live": "polite" });
    fill(place,
      h("fieldset.kinds", null, h("legend.spoken", null, texts.programs.kind), chosen("reward", texts.programs.aReward), chosen("task", texts.programs.aTask)),
      this.says, h("p.start-from", null, h("label", { htmlFor: "program-from" }, texts.programs.from), this.from), ...this.editor.parts,
      h("p.actions", null, this.tryIt, this.take, this.open, this.back), this.state, this.told);
    this.ready = Promise.all([styles("css/own.css"), clerk.ask("programs").then((examples) => this.offer(examples))]);
  }

  /** Offers programs to start from. */
  offer(/** @type {import("../types/workers.js").Answers["programs"]} */ examples) {
    this.examples = { reward: examples.rewards, task: examples.tasks };
    for (const kind of /** @type {Kind[]} */ (["reward", "task"])) this.texts[kind] ||= this.examples[kind][0].text;
    this.editor.write(this.texts[this.kind]);
    this.draw();
  }

  /** Shows the open recipe, and the programs that it has. */
  async describe(/** @type {any} */ d) {
    await this.ready;
    const before = this.d;
    this.d = d;
    this.show("reward", d.reward, before?.reward);
    this.show("task", d.task.program, before?.task.program);
    if (before?.task.name !== d.task.name) fill(this.told);
    this.draw();
    if (!before) this.enable(true); // until now there was nothing to do something with
  }

  /** Takes up the text of a program that the recipe has, if it is another one than before. @param {Kind} kind @param {any} now @param {any} before */
  show(kind, now, before) {
    if (!now?.text || now.digest === before?.digest) return;
    this.texts[kind] = now.text;
    if (kind === this.kind) this.editor.write(now.text);
  }

  /** Goes on with the other kind of program. */
  turn(/** @type {Kind} */ kind) {
    this.texts[this.kind] = this.editor.text;
    this.kind = kind;
    this.editor.write(this.texts[kind]);
    fill(this.told);
    this.draw();
  }

  draw() {
    const { d, kind } = this;
    const reward = kind === "reward";
    fill(this.says, terms()(reward ? texts.programs.saysReward : texts.programs.saysTask));
    fill(this.from, h("option", { value: "" }, texts.programs.choose), this.examples?.[kind].map(({ title }, i) => h("option", { value: i, ...inEnglish }, title)));
    this.tryIt.hidden = this.take.hidden = !reward;
    this.open.hidden = reward;
    this.back.hidden = !reward || !d?.reward;
    if (!reward) fill(this.state, d?.task.program && say(texts.programs.openedTask, { digest: d.task.program.digest }));
    else fill(this.state, d?.reward ? say(d.reward.here ? texts.programs.taken : texts.programs.missing, { digest: d.reward.digest }) : texts.programs.verifier);
  }

  startFrom() {
    const example = this.examples?.[this.kind][Number(this.from.value)];
    if (this.from.value !== "" && example) this.editor.write(example.text);
    this.from.value = "";
  }

  /** Does something with the text, and shows what is wrong with it. */
  async guarded(/** @type {() => Promise<void>} */ act) {
    this.enable(false);
    this.editor.clear();
    try {
      await act();
    } catch (e) {
      this.editor.complain(/** @type {Error} */ (e).message);
    }
    this.enable(true);
  }

  enable(/** @type {boolean} */ enabled) {
    for (const b of [this.tryIt, this.take, this.open, this.back]) b.disabled = !enabled;
  }

  /** The parts of the open recipe without a reward of one's own. */
  plain() {
    const p = parts(this.d);
    delete p.wide.reward;
    delete p.wide.script;
    return p;
  }

  /** Has lanes learn from the reward. */
  async takeReward() {
    const link = await this.clerk.ask("takeReward", { link: compose(this.plain()), text: this.editor.text });
    await this.change(() => link);
  }

  /** Opens an experiment on the task. */
  async openTask() {
    await this.choose(await this.clerk.ask("takeTask", { text: this.editor.text }));
  }

  /** Shows what the base's answers earn. */
  async tryReward() {
    const link = await this.clerk.ask("takeReward", { link: compose({ ...this.plain(), lanes: [tried] }), text: this.editor.text });
    const d = await this.clerk.ask("describe", { link });
    fill(this.told, h("p.small", { role: "status" }, texts.programs.answering));
    try {
      fill(this.told, ...earnings(await judged(d), d.reward?.parts ?? []));
    } catch (e) {
      fill(this.told);
      throw e;
    }
  }
}
