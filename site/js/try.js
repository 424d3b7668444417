// A prompt of somebody's own: every lane answers it as it now stands, and again whenever it is measured.

import { english, fill, h, sign } from "./dom.js";
import { capital } from "./format.js";
import { transcript } from "./panels.js";
import { around } from "./say.js";

/** How many answers each lane gives, the first of them greedy. */
const samples = 4;

export class Trial {
  /** @param {Element} place @param {import("./clerk.js").Clerk} clerk @param {import("./run.js").Run} run */
  constructor(place, clerk, run) {
    this.clerk = clerk;
    this.run = run;
    this.input = h("input", { id: "own-prompt", type: "text", autocomplete: "off", spellcheck: false, autocapitalize: "off", "aria-describedby": "own-prompt-says" });
    this.button = h("button", { type: "submit" }, texts.trial.ask);
    this.says = h("p.small", { id: "own-prompt-says", role: "status" });
    this.answers = h("div");
    fill(place,
      h("form.try", { onsubmit: (/** @type {Event} */ e) => { e.preventDefault(); this.ask(); } },
        h("label", { htmlFor: "own-prompt" }, texts.trial.prompt), h("div.field", null, this.input, this.button)),
      this.says, this.answers);
  }

  /** Another recipe; another task has other prompts. */
  describe(/** @type {any} */ d) {
    if (this.task === d.task.name) return;
    this.task = d.task.name;
    this.input.value = "";
    const example = d.task.examples?.[0];
    if (!example) return; // nobody can be asked, and the panel is hidden
    this.input.placeholder = example.prompt;
    this.input.classList.toggle("words", Boolean(d.task.words));
    this.say(around(texts.trial.says, { form: english(d.task.form), answers: samples, samples: samples - 1 }));
  }

  async ask() {
    const text = this.input.value.trim();
    try {
      const { prompt, why } = await this.clerk.ask("read", { prompt: text });
      this.say(why && `${capital(why)}. ${texts.trial.notJudged}`);
      this.run.askAll(prompt, samples);
    } catch (e) {
      this.say(capital(/** @type {Error} */ (e).message) + ".", true);
    }
  }

  say(/** @type {import("./dom.js").Children} */ text, refused = false) {
    fill(this.says, text);
    if (refused) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  /** The newest answers of every lane to the prompt that was asked last. */
  draw() {
    const { lanes, question } = this.run;
    fill(this.answers, lanes.map((lane, i) => {
      const given = lane.answers.filter((a) => a.prompt === question?.text);
      return given.length > 0 && h("div.answers", null, h("h3", null, sign(i), lane.name),
        h("ul", null, given.map(transcript)));
    }));
  }
}
