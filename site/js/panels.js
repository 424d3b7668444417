// What the lanes have come to: words, scores, costs, answers.

import { about, ofMetric } from "./about.js";
import { english, fill, h, sign, spoken } from "./dom.js";
import { bytes, capital, count, percent, seconds } from "./format.js";
import { terms } from "./glossary.js";
import { around, say } from "./say.js";

/** @typedef {import("./lane.js").Lane} Lane */

/** @typedef {{lane: number, why: string}} Idle a lane that learned nothing, or hardly anything */
/** @typedef {{headline: string, more: string, names: string[] | null, ahead: number[] | null, runs?: string, rows: {title: string, note: string, cells: {text: string, change: string}[]}[] | null, idle: Idle[] | null}} Verdict verdict.Verdict */

/**
 * How good the base and every lane are at each level, and why a lane has learned nothing where that is so.
 * @param {Element} place @param {any} d @param {Lane[]} lanes @param {Idle[]} idle
 */
export function score(place, d, lanes, idle) {
  const kl = `eval/${d.task.levels[0].name}/kl_base_policy_nats`;
  const base = lanes.find((l) => l.base)?.base;
  const row = (/** @type {any} */ title, /** @type {string} */ doc, /** @type {string} */ key, /** @type {(value: number | undefined) => string} */ write, /** @type {number | undefined} */ start) =>
    h("tr", null, h("th", { ...inEnglish, scope: "row", title: doc }, title), [start, ...lanes.map((lane) => lane.metrics[key])].map((value) => h("td", null, write(value))));
  const nats = (/** @type {number | undefined} */ value) => (value === undefined ? "–" : value ? value.toFixed(1) : "0");
  const caption = texts.panels.scoreCaption;
  fill(place, h("div.scroll", { tabIndex: 0, role: "region", "aria-label": caption }, h("table.score", null,
    h("caption.spoken", null, caption),
    h("thead", null, h("tr", null, h("th", { scope: "col" }, spoken(texts.common.level)), h("th", { scope: "col" }, h("i.sign.base", { "aria-hidden": "true" }), texts.panels.base),
      lanes.map((lane, i) => h("th", { scope: "col" }, sign(i), lane.name)))),
    h("tbody", null,
      d.task.levels.map((/** @type {any} */ l) => row(l.title, l.doc, l.metric, percent, base?.[l.metric])),
      row(about(ofMetric(kl), "KL") ?? "KL", texts.panels.kl, kl, nats, base && 0)))),
    untaught(idle, lanes),
    h("p.small", null, terms()(`${measured(d)} ${say(texts.panels.klSays, { per: d.base.name ? texts.panels.perResponse : "" })}`),
      " ", about(ofMetric(d.task.levels[0].metric), texts.panels.howMeasured)));
  foldScore(place.ownerDocument);
}

/** Why lanes have learned nothing, or hardly anything. */
function untaught(/** @type {Idle[]} */ idle, /** @type {Lane[]} */ lanes) {
  return idle.map(({ lane, why }) => h("p.idle", null, sign(lane), h("b", null, `${lanes[lane]?.name}. `), english(terms()(why))));
}

/** What the scores are, and on how many prompts. */
function measured(/** @type {any} */ d) {
  const prompts = d.knobs.find((/** @type {any} */ k) => k.name === "eval_prompts");
  if (!prompts) return say(texts.panels.exactly, { measure: d.task.levels[0].measure });
  return say(d.task.levels.some((/** @type {any} */ l) => l.graded) ? texts.panels.meanReward : texts.panels.shareRight, { prompts: prompts.value });
}

/** How costs are written, by their unit; others are counted. */
const written = /** @type {Record<string, (value: number) => string>} */ ({ bytes, seconds, FLOPs: (n) => `${count(n)}FLOP` });

/**
 * What each lane has used up, with bars to compare. What none has used is left out: it is not counted there, or not yet.
 * @param {Element} place @param {Lane[]} lanes @param {{name: keyof import("../types/messages.js").protocol.Cost, title: string, unit: string, doc: string}[]} ledger what is counted
 */
export function cost(place, lanes, ledger) {
  const rows = ledger.filter(({ name }) => lanes.some((l) => l.cost?.[name]));
  if (rows.length === 0) return fill(place, h("p.small", null, texts.common.nothingYet));
  const caption = texts.panels.costCaption;
  const table = h("table.cost", null,
    h("caption.spoken", null, caption),
    h("thead", null, h("tr", null, h("th", { scope: "col" }, spoken(texts.panels.what)), lanes.map((l, i) => h("th", { scope: "col" }, sign(i), l.name)))),
    h("tbody", null, rows.map(({ name, title, unit, doc }) => {
      const most = Math.max(...lanes.map((l) => l.cost?.[name] ?? 0));
      const write = written[unit] ?? count;
      return h("tr", null, h("th", { ...inEnglish, scope: "row", title: doc }, about(ofMetric(`cost/${name}`), title) ?? title), lanes.map((l, i) => {
        const value = l.cost?.[name] ?? 0;
        const bar = h(`i.bar.lane${i % 4}`, { "aria-hidden": "true" });
        bar.style.width = most > 0 ? `${(100 * value) / most}%` : "0";
        return h("td", null, write(value), bar);
      }));
    })));
  table.style.setProperty("--lanes", String(lanes.length));
  fill(place, h("div.scroll", { tabIndex: 0, role: "region", "aria-label": caption }, table));
}

/**
 * How far each lane is, on one line: of more than two lanes the names would take several, so their signs stand for them. Signs of lanes
 * beside each other that prepare in the same way share the words for it.
 */
export function progress(/** @type {Lane[]} */ lanes) {
  const far = (/** @type {Lane} */ l) => l.preparing || `${l.step}/${l.steps}`;
  if (lanes.length <= 2) return lanes.map((l) => `${l.name} ${far(l)}`).join(" \u00b7 ");
  return lanes.map((l, i) => {
    const shared = l.preparing && l.preparing === lanes[i + 1]?.preparing;
    return h("span.far", { title: l.name }, sign(i), spoken(`${l.name} `), shared ? spoken(far(l)) : far(l));
  });
}

/** The newest answers of a lane, a few of each level; stories are long, so of them there are fewer. */
export function answers(/** @type {Element} */ place, /** @type {any} */ d, /** @type {Lane} */ lane, /** @type {number} */ index) {
  const shown = !d.task.words ? 3 : d.lanes.length > 2 ? 1 : 2;
  fill(place, h("h2", null, sign(index), say(texts.panels.latestOf, { lane: lane.name })),
    d.task.levels.map((/** @type {any} */ level) => {
      const samples = lane.samples[level.name];
      return samples && h("div.answers", null, h("h3", null, english(capital(level.title)), level.graded && texts.panels.gold),
        h("ul", null, samples.slice(0, shown).map(transcript)));
    }),
    Object.keys(lane.samples).length === 0 && h("p.small", null, texts.common.nothingYet));
}

/** How each mark of a response is shown; which one it has, the trainer says. */
const marks = /** @type {Record<string, (reward: number) => any>} */ ({
  right: () => h("span.right", null, "✓", spoken(` ${texts.common.right}`)),
  wrong: () => h("span.wrong", null, "✗", spoken(` ${texts.panels.wrong}`)),
  graded: (reward) => h("span.graded", { title: texts.panels.byVerifier }, spoken(`${texts.panels.reward} `), reward.toFixed(2)),
});

/** How a response is marked, if the verifier can judge it. */
export const mark = (/** @type {{mark?: string, reward: number}} */ s) => marks[s.mark ?? ""]?.(s.reward);

/**
 * A prompt and what follows it. Between words there is a blank, between other symbols nothing. No line begins with a full stop or a question mark.
 * @param {{prompt: string, words?: boolean}} s @param {any[]} said the response
 */
export function exchange(s, ...said) {
  if (!s.words) return [h("span.prompt", null, s.prompt), h("span.response", null, ...said)];
  const bound = (/** @type {any} */ text) => (typeof text === "string" ? text.replace(/ ([.?])/g, "\u00a0$1") : text);
  return [h("span.prompt.words", null, bound(s.prompt)), " ", h("span.response.words", null, ...said.map(bound))];
}

/** A prompt, a response, what it earns by a reward of the visitor's own, and, where the verifier can judge it, its mark. What a world says between the policy's symbols is pale. */
export function transcript(/** @type {any} */ s) {
  const symbols = s.words ? s.response.split(" ") : [...s.response];
  const blank = s.words && " ";
  const said = s.world ? symbols.flatMap((/** @type {string} */ symbol, /** @type {number} */ i) => [i > 0 && blank, s.world[i] ? h("span.soft", null, symbol) : symbol]) : s.response;
  return h(s.words ? "li.words" : "li", null, exchange(s, said, !s.finished && [blank, h("span.soft", { title: texts.common.cutOff }, "…")]),
    s.judge ? h("span.small", null, `${say(texts.panels.earns, { reward: Number((s.judged ?? 0).toFixed(2)) })} `, mark(s)) : mark(s));
}

/**
 * What other seeds gave, and what a study on other bases found.
 * @typedef {{seeds: import("../types/messages.js").study.Summary, bases: import("../types/messages.js").report.Account}} Studied
 */

/**
 * The verdict: a sentence, a table, what to try next, and what other seeds and other bases gave.
 * @param {Element} place @param {any} d @param {Lane[]} lanes @param {Verdict} v
 * @param {string} guess the name that was guessed before running, or "" @param {Studied | null | void} others
 * @param {(link: string) => void} open takes up another recipe
 * @param {(() => void) | undefined} slowly leads to the panel with an update in detail, if there is one
 */
export function verdict(place, d, lanes, v, guess, others, open, slowly) {
  if (!v.headline) {
    fill(place, begun(d, lanes));
    return foldScore(place.ownerDocument);
  }
  const done = lanes.every((l) => l.done);
  const link = terms();
  fill(place,
    h("p.headline", inEnglish, v.headline),
    v.more && h("p.more", inEnglish, link(v.more)),
    untaught(v.idle ?? [], lanes),
    changes(d, v, lanes, link),
    done && guess && guessed(lanes, v, guess),
    done && d.exhibit && d.studied && h("p.why", null, h("b", null, `${texts.panels.why} `), english(link(d.exhibit.why))),
    v.runs && h("p.runs", inEnglish, v.runs),
    h("p.small", null, done ? link(v.runs ? "" : `${texts.panels.oneSeed} `) : lanes.some((l) => l.going) ? `${texts.panels.stillTraining} ` : `${texts.panels.notFinished} `, done && !d.studied && texts.panels.changeSeed),
    done && next(d, open, slowly),
    others ? [seeds(d, others.seeds), bases(others.bases)] : null);
  foldScore(place.ownerDocument);
}

/** The score is there until the verdict has its numbers, unless that is hidden. */
function foldScore(/** @type {Document} */ page) {
  const [score, verdict] = ["score", "verdict"].map((name) => /** @type {HTMLElement | null} */ (page.querySelector(`[data-panel=${name}]`)));
  if (score) score.hidden = !!verdict?.querySelector(".changes") && !verdict.classList.contains("hide");
}

/** What to do, or to wait for, before there is a verdict. */
export function begun(/** @type {any} */ d, /** @type {Lane[]} */ lanes) {
  if (lanes.some((l) => l.step > 0)) return [h("p.headline", null, texts.panels.begun), h("p.small", null, texts.panels.verdictComes)];
  return [h("p.headline", null, texts.panels.nothingTrained),
    !d.missing && h("p.small", null, `${d.exhibit ? texts.panels.guessThenRun : texts.panels.pressRun}${d.studied ? ` ${texts.panels.aMinute}` : ""}`)];
}

/** How a change is shown, and how that is explained. */
const arrows = /** @type {Record<string, string>} */ ({ better: "▲", worse: "▼", "much worse": "▼", same: "≈" });
const legend = /** @type {Record<string, string>} */ ({ "▲": texts.panels.better, "▼": texts.panels.worse, "≈": texts.panels.byChance });

/** What each change is called. */
const changed = /** @type {Record<string, string>} */ ({ better: texts.panels.better, worse: texts.panels.worse, "much worse": texts.panels.muchWorse, same: texts.panels.same });

/** The most letters in a cell of two lanes that stand beside each other, such as 61 → 99.6 %. */
const widest = 11;

/**
 * From what to what each lane went at each level, and whether that is more than chance. More than two lanes stand below each other, and two
 * whose numbers would be too wide.
 */
function changes(/** @type {any} */ d, /** @type {Verdict} */ v, /** @type {Lane[]} */ lanes, link = terms()) {
  const caption = texts.panels.changesCaption;
  const rows = v.rows ?? [];
  const level = (/** @type {any} */ row) => [english(row.title), h("span.note", inEnglish, link(row.note))];
  const cell = (/** @type {{text: string, change: string}} */ { text, change }) => h("td", { class: change.replace(" ", "-") || null },
    change && h("span.arrow", { title: change === "same" && chance(d) ? legend[arrows.same] : changed[change] }, arrows[change], spoken(` ${changed[change]}: `)), text);
  const beside = () => [
    h("thead", null, h("tr", null, h("th", { scope: "col" }, spoken(texts.common.level)), lanes.map((l, i) => h("th", { scope: "col" }, sign(i), l.name)))),
    h("tbody", null, rows.map((row) => h("tr", null, h("th", { scope: "row" }, level(row)), row.cells.map(cell))))];
  const below = () => rows.map((row) => h("tbody", null,
    h("tr", null, h("th", { scope: "rowgroup", colSpan: 2 }, level(row))),
    row.cells.map((c, i) => h("tr.lane", null, h("th", { scope: "row" }, sign(i), lanes[i].name), cell(c)))));
  const wide = rows.some((row) => row.cells.some(({ text }) => text.length > widest));
  return [h("p.small", null, `${texts.panels.fromBase} ${explained(d, rows)}`),
    h("div.scroll", { tabIndex: 0, role: "region", "aria-label": caption },
      h("table.changes", null, h("caption.spoken", null, caption), lanes.length > 2 || (lanes.length === 2 && wide) ? below() : beside()))];
}

/** What the marks of the table stand for: those that are in it. Without chance there is no change that chance explains. */
function explained(/** @type {any} */ d, /** @type {{cells: {change: string}[]}[]} */ rows) {
  const shown = rows.flatMap((row) => row.cells.map((c) => arrows[c.change]));
  const meaning = (/** @type {string} */ mark) => (mark === "≈" && !chance(d) ? texts.panels.noChange : legend[mark]);
  const said = Object.keys(legend).filter((mark) => shown.includes(mark)).map((mark) => `${mark} ${meaning(mark)}`);
  return said.length > 0 ? `${said.join(", ")}.` : "";
}

/** Whether there is chance in what is measured, because it is measured on prompts. */
const chance = (/** @type {any} */ d) => d.knobs.some((/** @type {any} */ k) => k.name === "eval_prompts");

/** What to try next, and the way back from it. */
function next(/** @type {any} */ d, /** @type {(link: string) => void} */ open, /** @type {(() => void) | undefined} */ slowly) {
  if (!d.exhibit) return null;
  const seed = d.knobs.find((/** @type {any} */ k) => k.name === "seed").value;
  const back = { says: texts.panels.back, link: `${d.name}?seed=${seed}` };
  const offered = [...(d.next ?? []), ...(d.studied ? [] : [back])].filter((s) => s.link !== d.link);
  const look = slowly && h("button", { type: "button", onclick: slowly }, texts.panels.slowly);
  if (!look && offered.length === 0) return null;
  return h("div.next", null, h("h3", null, texts.panels.tryNext), look, offered.map(({ says, link }) => h("button", { type: "button", onclick: () => open(link) }, says === back.says ? says : english(says))));
}

/** A problem of the task worked step by step. */
export function worked(/** @type {any} */ d) {
  const { prompt, response, steps } = d.task.worked;
  return prompt && h("div.worked", null, h("h3", null, around(texts.panels.howToRead, { example: h("span", null, exchange({ prompt, words: d.task.words }, response)) })),
    h("ol", inEnglish, steps.map((/** @type {string} */ step) => h("li", null, step))));
}

/** How the guess compares with what came out, whose numbers are in the table. */
function guessed(/** @type {Lane[]} */ lanes, /** @type {Verdict} */ { names, ahead }, /** @type {string} */ guess) {
  if (!names || !ahead) return null;
  const alike = lanes.length > 1 && ahead.length === lanes.length;
  const at = lanes.findIndex((l) => l.name === guess);
  if (at < 0 && guess !== texts.lab.noDifference) return null; // an answer of a lesson's own
  const right = at < 0 ? alike : !alike && ahead.includes(at);
  return h("p.guessed", null, say(right ? texts.panels.guessedRight : texts.panels.guessedWrong, { guess: names[at] ?? guess }));
}

/** The summary over seeds that comes with the exhibit. */
function seeds(/** @type {any} */ d, /** @type {any} */ { seeds, lanes, tested = [] }) {
  const interval = (/** @type {any} */ e, /** @type {(x: number) => string} */ said) =>
    e.low === undefined ? said(e.mean) : `${said(e.mean)} [${said(e.low)}, ${said(e.high)}]`; // one seed gives none
  return h("details.study", null,
    h("summary", null, say(texts.panels.otherSeeds, { n: seeds.length })),
    h("table", null, h("caption.spoken", null, texts.panels.seedsCaption),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, spoken(texts.common.level)), lanes.map((/** @type {any} */ l, /** @type {number} */ i) => h("th", { scope: "col" }, sign(i), d.lanes[i]?.name ?? l.label)))),
      h("tbody", null, d.task.levels.map((/** @type {any} */ level) => h("tr", null, h("th", { ...inEnglish, scope: "row" }, level.title),
        lanes.map((/** @type {any} */ l) => h("td", null, interval(l.metrics[level.metric], percent))))))),
    tested.length > 0 && h("ul.details", null, tested.map((/** @type {any} */ t) => h("li", null, h("b", inEnglish, `${capital(t.outcome)}. `),
      say(texts.panels.needsMore, { claim: t.says, difference: interval(t.difference, (x) => x.toFixed(2)), least: t.by })))),
    h("p.small", null, seeds.length === 1 ? say(texts.panels.seedAlone, { seed: seeds[0] })
      : say(texts.panels.overSeeds, { first: seeds[0], last: seeds.at(-1), bases: d.base.name ? texts.panels.onThisBase : "" })));
}

/** What became of the exhibit's claims on bases that were not looked at before, with methods that were tuned alike. */
function bases(/** @type {import("../types/messages.js").report.Account} */ { summary, found, verdicts, doc, samples }) {
  return h("details.study", null,
    h("summary", null, texts.panels.onOtherBases),
    found && h("p", inEnglish, found),
    h("p", inEnglish, summary),
    h("ul.details", null, verdicts.map(({ word, claim, text }) => h("li", null, english([h("b", null, `${capital(word)}. `), claim]),
      text && h("details.small", null, h("summary", null, texts.panels.whatMeasured), h("p", inEnglish, text))))),
    h("details.small", null, h("summary", null, texts.panels.whatCompared), doc.map((text) => h("p", inEnglish, text)), h("p", inEnglish, samples)));
}

/** A scene.Table. */
export function table(/** @type {Element} */ place, /** @type {{caption: string, head: string[], rows: string[][]}} */ t) {
  fill(place, h("div.scroll", { ...inEnglish, tabIndex: 0, role: "region", "aria-label": t.caption }, h("table", null, h("caption", null, t.caption),
    h("thead", null, h("tr", null, t.head.map((c) => h("th", { scope: "col" }, c)))),
    h("tbody", null, (t.rows ?? []).map((row) => h("tr", null, row.map((c) => h("td", null, c))))))));
}
