// The stages of an update, in the order in which it comes about. Nothing here knows single methods: what there is to show, the trainer says.

import { english, h, spoken } from "./dom.js";
import { capital, count } from "./format.js";
import { exchange, mark } from "./panels.js";
import { around, say } from "./say.js";

/** The place of the samples that the update pushes most. */
export function strongest(/** @type {Sample[]} */ samples) {
  let most = { sample: 0, place: 0, push: -1 };
  samples.forEach((s, sample) => s.places?.forEach((p, place) => {
    const push = Math.abs(p.symbols?.find((v) => v.o)?.p ?? -1);
    if (push > most.push) most = { sample, place, push };
  }));
  return { sample: most.sample, place: most.place };
}

/**
 * @typedef {import("../types/messages.js").protocol.Sample} Sample
 * @typedef {import("../types/messages.js").protocol.Push} Push
 * @typedef {import("../types/messages.js").protocol.Place} Place
 * What is shown of a lane.
 * @typedef {{lane: import("./lane.js").Lane, index: number, e: import("./anatomy.js").Dissected, chosen: {sample: number, place: number}, choose: (sample: number, place: number) => void}} Column
 */

/** What each optimiser made of the gradient. @type {Record<string, string>} */
const steps = { adamw: texts.stages.adamw, sgd: texts.stages.sgd, lion: texts.stages.lion, muon: texts.stages.muon };

/**
 * name: in the slider. title and says: a heading and a sentence for all lanes. part: of the formula. judged: whether it is about how the task
 * checks answers. lane: a sentence about a lane. body: what is shown of it.
 * @type {{name: string, title: string, says: string, part: string, judged?: boolean, lane: (c: any) => any, body: (c: any) => any}[]}
 */
export const stages = [
  {
    name: texts.stages.prompt, title: texts.stages.promptTitle, part: "state",
    says: texts.stages.promptSays,
    lane: (/** @type {Column} */ { e: { anatomy: a } }) => say(a.group === a.strongest ? texts.stages.promptStrongest : texts.stages.promptOf, { number: a.group + 1, all: a.groups }),
    body: prompt,
  },
  {
    name: texts.stages.material, title: texts.stages.materialTitle, part: "material",
    says: texts.stages.materialSays,
    lane: (/** @type {Column} */ { e }) => [english(e.anatomy.gathers), e.samples.length < e.anatomy.completions && ` ${say(texts.stages.shown, { shown: e.samples.length, all: e.anatomy.completions })}`],
    body: (/** @type {Column} */ c) => list(c, text),
  },
  {
    name: texts.stages.rewards, title: texts.stages.rewardsTitle, part: "reward", judged: true,
    says: texts.stages.rewardsSays,
    lane: (/** @type {Column} */ { e }) => english(e.anatomy.judges),
    body: rewards,
  },
  {
    name: texts.stages.advantages, title: texts.stages.advantagesTitle, part: "advantage",
    says: texts.stages.advantagesSays,
    lane: (/** @type {Column} */ { e }) => advantageSays(e.samples),
    body: advantages,
  },
  {
    name: texts.stages.coefficients, title: texts.stages.coefficientsTitle, part: "main",
    says: texts.stages.coefficientsSays,
    lane: (/** @type {Column} */ { e: { anatomy: a } }) => say(a.scale < 1 ? texts.stages.shortened : texts.stages.whole, { optimiser: steps[a.optimiser], moved: figure(a.moved), percent: figure(100 * a.scale), rate: figure(a.rate) }),
    body: coefficients,
  },
  {
    name: texts.stages.distribution, title: texts.stages.distributionTitle, part: "policy",
    says: texts.stages.distributionSays,
    lane: placeSays, body: distribution,
  },
  {
    name: texts.stages.answers, title: texts.stages.answersTitle, part: "main",
    says: texts.stages.answersSays,
    lane: answersSays, body: answers,
  },
];

/** A number with up to four digits. */
export function figure(/** @type {number} */ x) {
  return String(Number(x.toPrecision(4))).replace("-", "\u2212");
}

/** A probability with up to three digits. */
const share = (/** @type {number} */ p) => String(Number(p.toPrecision(3)));

/** What stands for the end of an answer, as in the other pictures. */
const end = texts.stages.end;

/** The symbols of a response, with its end. */
function symbols(/** @type {Sample} */ s) {
  const all = s.response === "" ? [] : s.words ? s.response.split(" ") : [...s.response];
  return s.finished ? [...all, end] : all;
}

/** What each source of completions is called. */
const sources = /** @type {Record<string, string>} */ ({
  rollout: texts.stages.rollout, demo: texts.stages.demo, chosen: texts.stages.chosen, rejected: texts.stages.rejected, greedy: texts.stages.greedy, replayed: texts.stages.replayed,
});

/** A response as text. What the policy did not write itself is pale: a hint, and what the world says. */
function text(/** @type {Sample} */ s) {
  const all = symbols(s);
  const said = all.map((symbol, i) => [i > 0 && s.words && " ", s.world?.[i] || i < (s.given ?? 0) ? h("span.soft", null, symbol) : symbol === end && i === all.length - 1 && s.finished ? "" : symbol]);
  return h(s.words ? "span.response.words" : "span.response", null, said.flat().filter(Boolean), !s.finished && h("span.soft", { title: texts.common.cutOff }, "\u2026"));
}

/** Completions with more symbols than this all together scroll, and of their tokens only those of one completion are shown at a time. */
const many = 120;

/** Whether the completions of a lane are long, as stories are. */
const long = (/** @type {Column} */ { e }) => e.samples.reduce((sum, s) => sum + symbols(s).length, 0) > many;

/** The completions of the prompt, each with what content makes of it. */
function list(/** @type {Column} */ c, /** @type {(s: Sample, i: number) => any} */ content) {
  const items = c.e.samples.map((s, i) => h("li", null, h("span.source", null, capital(sources[s.source ?? ""] ?? ""), (s.given ?? 0) > 0 && texts.stages.given), content(s, i)));
  if (!long(c)) return h("ol.completions", null, items);
  return h("div.long", { tabIndex: 0, role: "region", "aria-label": say(texts.stages.completions, { lane: c.lane.name }) }, h("ol.completions", null, items));
}

/** The prompt, and which one of the batch it is. */
function prompt(/** @type {Column} */ { lane, index, e }) {
  const { groups, group, strongest } = e.anatomy;
  const s = e.samples[0];
  const id = `walk-prompt-${index}`;
  const field = h("input", { id, type: "number", min: 1, max: groups, value: String(group + 1), disabled: !lane.askable,
    onchange: () => lane.dissect(Math.min(Math.max(Math.round(field.valueAsNumber || 1), 1), groups) - 1) });
  return [h("p.asked", null, exchange({ prompt: s.prompt, words: s.words })[0]),
    h("p.which", null, h("label", { htmlFor: id }, `${texts.stages.another} `, field),
      group !== strongest && h("button.quiet", { type: "button", disabled: !lane.askable, onclick: () => lane.dissect(strongest) }, texts.stages.mostPushed)),
    !lane.askable && h("p.small", null, texts.stages.goneOn)];
}

/** The reward with which a method learns. */
const reward = (/** @type {Sample} */ s) => (s.judge ? s.judged ?? 0 : s.reward);

/** The rewards as bars, and their mean. */
function rewards(/** @type {Column} */ c) {
  const sampled = c.e.samples.filter((s) => s.source === "rollout");
  const most = Math.max(1e-9, ...c.e.samples.map((s) => Math.abs(reward(s))));
  const mean = sampled.reduce((sum, s) => sum + reward(s), 0) / sampled.length;
  return [list(c, (s) => [text(s), h("span.value", null, mark(s), " ", s.source === "demo" ? "" : [s.judge && h("span.small", null, `${s.judge} `), h("b", null, figure(reward(s)))]), s.source !== "demo" && bar(reward(s) / most)]),
    sampled.length > 1 && h("p.small", null, say(texts.stages.mean, { mean: figure(mean) }))];
}

/** A bar from the middle, to the right if positive. x is from -1 to 1. */
function bar(/** @type {number} */ x) {
  const inner = h(x < 0 ? "i.down" : "i.up");
  inner.style.setProperty("--long", `${50 * Math.min(1, Math.abs(x))}%`);
  return h("span.signed", { "aria-hidden": "true" }, inner);
}

/** Which of a sample's places have factors of the coefficient. */
const explained = (/** @type {Sample} */ s) => (s.pushes ?? []).map((p, t) => ({ p, t })).filter(({ p, t }) => p.share !== 0 && !s.world?.[t]);

/** The pushes that have factors, of all samples. */
const factored = (/** @type {Sample[]} */ all) => all.flatMap((s) => explained(s).map(({ p }) => p));

function advantageSays(/** @type {Sample[]} */ all) {
  if (all.some((s) => s.paired)) return texts.stages.paired;
  const known = factored(all);
  if (known.length === 0) return texts.stages.noAdvantages;
  if (known.every((p) => p.advantage === 1)) return texts.stages.allOne;
  return texts.stages.aboveZero;
}

/** The advantage of each completion, or of its tokens where they differ. */
function advantages(/** @type {Column} */ c) {
  const most = Math.max(1e-9, ...factored(c.e.samples).map((p) => Math.abs(p.advantage)));
  return list(c, (s, i) => {
    if (s.paired) return [text(s), pairing(s)];
    const known = explained(s);
    if (known.length === 0) return [text(s), h("span.value.soft", null, s.source === "greedy" ? texts.stages.notLearned : texts.stages.none)];
    const same = known.every(({ p }) => p.advantage === known[0].p.advantage);
    if (same) return [text(s), h("span.value", null, h("b", null, figure(known[0].p.advantage))), bar(known[0].p.advantage / most)];
    return [tokens(c, s, i, (p) => p.advantage, most, texts.stages.advantage), c.chosen.sample === i && equation([[texts.stages.advantage, s.pushes?.[c.chosen.place]?.advantage ?? 0]], symbolAt(s, c.chosen.place))];
  });
}

/** The comparison of a pair, from the side of one of its halves. */
function pairing(/** @type {Sample} */ s) {
  const p = explained(s)[0]?.p;
  return h("span.value", null, around(texts.stages.margin, { margin: h("b", null, figure(s.margin ?? 0)) }), p && around(texts.stages.slope, { slope: h("b", null, figure(p.ratio)) }));
}

/** A symbol of a response, in words. */
const symbolAt = (/** @type {Sample} */ s, /** @type {number} */ t) => symbols(s)[t] ?? "";

/**
 * The tokens of a sample as buttons with bars: upwards for a positive value, downwards for a negative one. The arrow keys lead from token to token.
 * @param {Column} c @param {Sample} s @param {number} i which sample @param {(p: Push) => number} value @param {number} most the value of the longest bar
 * @param {string} what the value is
 */
function tokens(c, s, i, value, most, what) {
  const all = symbols(s);
  if (c.chosen.sample !== i && long(c)) return h("button.folded", { type: "button", title: texts.stages.showTokens, onclick: () => c.choose(i, strongest([s]).place) }, text(s));
  const own = all.map((_, t) => t).filter((t) => !s.world?.[t] && s.places?.[t]?.symbols);
  const here = c.chosen.sample === i ? c.chosen.place : -1;
  const stop = own.includes(here) ? here : own[0];
  const arrows = (/** @type {KeyboardEvent} */ e, /** @type {number} */ t) => {
    const at = own.indexOf(t);
    const to = { ArrowLeft: own[at - 1], ArrowRight: own[at + 1], Home: own[0], End: own.at(-1) }[e.key];
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(e.key)) return;
    e.preventDefault();
    e.stopPropagation(); // the arrows do not lead to another stage here
    if (to !== undefined) c.choose(i, to);
  };
  return h(s.words ? "span.toks.words" : "span.toks", { role: "group", "aria-label": say(texts.stages.tokensOf, { source: sources[s.source ?? ""] ?? "undefined", number: i + 1 }) }, all.map((symbol, t) => {
    if (!own.includes(t)) return h("span.tok.soft", { title: texts.stages.byWorld }, symbol);
    const v = value(/** @type {Push} */ (s.pushes?.[t]));
    const b = h(`button.tok${v > 0 ? ".up" : v < 0 ? ".down" : ""}`, {
      type: "button", tabIndex: t === stop ? 0 : -1, "aria-pressed": String(t === here), title: `${what} ${figure(v)}`, onclick: () => c.choose(i, t), onkeydown: (/** @type {KeyboardEvent} */ e) => arrows(e, t),
    }, symbol, spoken(`, ${what} ${figure(v)}`));
    b.style.setProperty("--long", String(Math.min(1, Math.abs(v) / most)));
    return b;
  }));
}

/**
 * An equation of named numbers, with signs between them.
 * @param {(string | [string, number])[]} terms @param {string} of the symbol that it is about
 */
function equation(terms, of) {
  return h("div.equation", { role: "group", "aria-label": say(texts.stages.token, { symbol: of }) }, h("span.of", null, of), terms.map((t) => (typeof t === "string"
    ? h("span.sign-of", null, t) : h("span.term-of", null, h("b", null, figure(t[1])), h("span.small", null, t[0])))));
}

/** What the coefficient of a token is made of. */
function factors(/** @type {Sample} */ s, /** @type {number} */ t) {
  const p = /** @type {Push} */ (s.pushes?.[t]);
  const place = /** @type {Place} */ (s.places?.[t]);
  /** @type {(string | [string, number])[]} */
  const terms = [];
  if (p.share !== 0) {
    const added = /** @type {[string, number][]} */ ([[texts.stages.pull, p.kl], [texts.stages.added, p.extra]]).filter(([, x]) => x !== 0);
    if (added.length > 0) terms.push("(");
    if (!s.paired) terms.push([texts.stages.mask, p.mask], "\u00d7");
    terms.push([s.paired ? texts.stages.marginSlope : texts.stages.ratio, p.ratio], "\u00d7", [s.paired ? texts.stages.scoreSlope : texts.stages.advantage, p.advantage]);
    for (const term of added) terms.push("+", term);
    if (added.length > 0) terms.push(")");
    terms.push("\u00d7", [texts.stages.share, p.share]);
    if (Math.abs(p.other) > 1e-9 * Math.abs(p.coefficient)) terms.push("+", [texts.stages.otherParts, p.other]);
    terms.push("=");
  }
  terms.push([texts.stages.coefficient, p.coefficient]);
  const besides = /** @type {[string, number | undefined][]} */ ([[texts.stages.onEntropy, place.entropy], [texts.stages.onKL, place.kl], [texts.stages.onCritic, place.critic], [texts.stages.expected, place.value]]);
  const more = besides.filter(([, x]) => x).map(([name, x]) => `${name} ${figure(x ?? 0)}`);
  return [equation(terms, symbolAt(s, t)), p.share !== 0 && !s.paired && h("p.small", null, texts.stages.factorsAre), more.length > 0 && h("p.small", null, say(texts.stages.besides, { more: more.join(", ") }))];
}

/** The largest coefficient of the samples. */
const largest = (/** @type {Sample[]} */ all) => Math.max(1e-30, ...all.flatMap((s) => (s.pushes ?? []).map((p) => Math.abs(p.coefficient))));

function coefficients(/** @type {Column} */ c) {
  const most = largest(c.e.samples);
  return list(c, (s, i) => [tokens(c, s, i, (p) => p.coefficient, most, texts.stages.coefficient), c.chosen.sample === i && factors(s, c.chosen.place)]);
}

/** The chosen place of a lane. */
function chosen(/** @type {Column} */ { e, chosen: { sample, place } }) {
  const s = e.samples[sample];
  const p = s.places?.[place];
  return { s, t: place, place: p?.symbols.length ? p : undefined };
}

function placeSays(/** @type {Column} */ c) {
  const { s, t, place } = chosen(c);
  if (!place) return texts.stages.noToken;
  const own = place.symbols.find((v) => v.o);
  return around(texts.stages.tokenWas, { symbol: h("b", null, symbolAt(s, t)), before: share(own?.b ?? 0), after: share(own?.a ?? 0) });
}

/** The likeliest symbols at the chosen token before and after the update, and how each was pushed. */
function distribution(/** @type {Column} */ c) {
  const { place } = chosen(c);
  const most = largest(c.e.samples);
  const rows = place?.symbols.map((v) => h(v.o ? "tr.own" : "tr", null, h("th", { scope: "row" }, v.s || end, v.o && spoken(texts.stages.itself)), h("td.bars", null, pair(c.index, v.b, v.a)),
    h("td", null, share(v.b)), h("td", null, share(v.a)), h(`td.${v.p > 0 ? "rise" : v.p < 0 ? "fall" : "soft"}`, null, v.p > 0 && "+", figure(Number(v.p.toPrecision(2))))));
  return [list(c, (s, i) => tokens(c, s, i, (p) => p.coefficient, most, texts.stages.coefficient)),
    rows && h("div.scroll", { tabIndex: 0, role: "region", "aria-label": texts.stages.symbolsAt }, h("table.symbols", null, h("caption.spoken", null, texts.stages.symbolsCaption),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, texts.stages.symbol), h("th.bars", { scope: "col" }, spoken(texts.stages.asBars)), h("th", { scope: "col" }, texts.stages.before), h("th", { scope: "col" }, texts.stages.after), h("th", { scope: "col", title: texts.stages.pushTitle }, texts.stages.push))),
      h("tbody", null, rows)))];
}

/** Two bars, for the probability before and after. */
function pair(/** @type {number} */ lane, /** @type {number} */ before, /** @type {number} */ after) {
  const one = (/** @type {string} */ tag, /** @type {number} */ p) => {
    const b = h(tag);
    b.style.setProperty("--long", `${100 * p}%`);
    return b;
  };
  return h("span.two", { "aria-hidden": "true" }, one("i.before", before), one(`i.after.lane${lane % 4}`, after));
}

/** The sum of the coefficients of a sample: above 0 if the update is to make it likelier. */
const pushed = (/** @type {Sample} */ s) => (s.pushes ?? []).reduce((sum, p) => sum + p.coefficient, 0);

function answersSays(/** @type {Column} */ { e }) {
  const all = e.anatomy.answers;
  const sum = (/** @type {(a: typeof all[0]) => boolean} */ which) => /** @type {const} */ (["before", "after"]).map((k) => share(all.filter(which).reduce((t, a) => t + a[k], 0)));
  const total = sum(() => true);
  const judged = all.some((a) => a.mark === "right" || a.mark === "wrong");
  const right = sum((a) => a.mark === "right");
  const against = all.find((a) => a.learned && e.samples.some((s) => s.response === a.response && pushed(s) * (a.after - a.before) < 0));
  return [say(texts.stages.answersWith, { n: count(all.length), before: total[0], after: total[1] }), judged && ` ${say(texts.stages.rightOnes, { before: right[0], after: right[1] })}`,
    against && ` ${say(texts.stages.against, { answer: against.response, all: e.anatomy.groups })}`];
}

/** Likely answers with their probabilities before and after. */
function answers(/** @type {Column} */ { index, e }) {
  const { words } = e.samples[0];
  const most = Math.max(1e-12, ...e.anatomy.answers.map((a) => Math.max(a.before, a.after)));
  return h("ol.answers-changed", null, e.anatomy.answers.map((a) => h("li", null,
    h("span.said", null, h(words ? "span.response.words" : "span.response", null, a.response, !a.finished && h("span.soft", { title: texts.common.cutOff }, "\u2026")), " ", mark(a), a.learned && h("span.small", null, ` ${texts.stages.inBatch}`)),
    pair(index, a.before / most, a.after / most),
    h("span.value", null, share(a.before), " \u2192 ", h("b", null, share(a.after)), " ", direction(a.before, a.after)))));
}

/** Whether a probability rose or fell. */
function direction(/** @type {number} */ before, /** @type {number} */ after) {
  if (after === before) return h("span.soft", null, "=", spoken(` ${texts.stages.unchanged}`));
  return after > before ? h("span.rise", null, "\u25b2", spoken(` ${texts.stages.likelier}`)) : h("span.fall", null, "\u25bc", spoken(` ${texts.stages.lessLikely}`));
}
