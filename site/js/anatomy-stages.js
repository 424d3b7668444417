// The stages of an update, in the order in which it comes about. Nothing here knows single methods: what there is to show, the trainer says.

import { h, spoken } from "./dom.js";
import { capital, counted } from "./format.js";
import { exchange, mark } from "./panels.js";

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

/**
 * name: in the slider. title and says: a heading and a sentence for all lanes. part: of the formula. lane: a sentence about a lane. body: what is
 * shown of it.
 * @type {{name: string, title: string, says: string, part: string, lane: (c: any) => any, body: (c: any) => any}[]}
 */
export const stages = [
  {
    name: "Prompt", title: "The prompt", part: "state",
    says: "An update begins with a batch of prompts. Each lane draws its own; one of them is followed here.",
    lane: (/** @type {Column} */ { e: { anatomy: a } }) => `Prompt ${a.group + 1} of the ${a.groups} in the batch${a.group === a.strongest ? ", the one whose tokens the update pushes most" : ""}.`,
    body: prompt,
  },
  {
    name: "Material", title: "What the method looks at", part: "material",
    says: "Methods differ first in their material: demonstrations by an expert, answers that the model has sampled itself, or pairs of answers.",
    lane: (/** @type {Column} */ { e }) => [e.anatomy.gathers, e.samples.length < e.anatomy.completions && ` ${e.samples.length} of this prompt\u2019s ${e.anatomy.completions} are shown.`],
    body: (/** @type {Column} */ c) => list(c, text),
  },
  {
    name: "Rewards", title: "The rewards", part: "reward",
    says: "A reward says how good a whole answer is. Methods that imitate have none.",
    lane: (/** @type {Column} */ { e }) => e.anatomy.judges,
    body: rewards,
  },
  {
    name: "Advantages", title: "The advantages", part: "advantage",
    says: "The advantage says how much better or worse than expected a token counts. What is expected is where methods differ: often the mean of the other answers.",
    lane: (/** @type {Column} */ { e }) => advantageSays(e.samples),
    body: advantages,
  },
  {
    name: "Coefficients", title: "The coefficient of every token", part: "main",
    says: "Everything so far comes down to one number for each token: above 0 the update makes the token likelier, below 0 less likely. Choose a token to see what its number is made of.",
    lane: (/** @type {Column} */ { e: { anatomy: a } }) => `The gradient that follows from all coefficients ${a.scale < 1 ? `was shortened to ${figure(100 * a.scale)}\u202f% of its length` : "was taken at its full length"}, and the optimiser (AdamW) moved the weights with learning rate ${figure(a.rate)}.`,
    body: coefficients,
  },
  {
    name: "Distribution", title: "The distribution at a token", part: "policy",
    says: "At every token the model has a probability for each symbol. The push acts on these, and the update of the weights then moves them all, in all places at once. Choose another token to look there.",
    lane: placeSays, body: distribution,
  },
  {
    name: "Answers", title: "The answers to the prompt", part: "main",
    says: "What the whole update, with all prompts of the batch, has changed in the answers to this one: their probabilities before and after.",
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
const end = "end";

/** The symbols of a response, with its end. */
function symbols(/** @type {Sample} */ s) {
  const all = s.response === "" ? [] : s.words ? s.response.split(" ") : [...s.response];
  return s.finished ? [...all, end] : all;
}

/** What each source of completions is called. */
const sources = /** @type {Record<string, string>} */ ({
  rollout: "sampled", demo: "demonstration", chosen: "chosen", rejected: "rejected", greedy: "greedy answer, for comparison alone", replayed: "kept from an earlier batch",
});

/** A response as text. What the policy did not write itself is pale: a hint, and what the world says. */
function text(/** @type {Sample} */ s) {
  const all = symbols(s);
  const said = all.map((symbol, i) => [i > 0 && s.words && " ", s.world?.[i] || i < (s.given ?? 0) ? h("span.soft", null, symbol) : symbol === end && i === all.length - 1 && s.finished ? "" : symbol]);
  return h(s.words ? "span.response.words" : "span.response", null, said.flat().filter(Boolean), !s.finished && h("span.soft", { title: "cut off" }, "\u2026"));
}

/** Completions with more symbols than this all together scroll, and of their tokens only those of one completion are shown at a time. */
const many = 120;

/** Whether the completions of a lane are long, as stories are. */
const long = (/** @type {Column} */ { e }) => e.samples.reduce((sum, s) => sum + symbols(s).length, 0) > many;

/** The completions of the prompt, each with what content makes of it. */
function list(/** @type {Column} */ c, /** @type {(s: Sample, i: number) => any} */ content) {
  const items = c.e.samples.map((s, i) => h("li", null, h("span.source", null, capital(sources[s.source ?? ""] ?? ""), (s.given ?? 0) > 0 && ", after a given beginning"), content(s, i)));
  if (!long(c)) return h("ol.completions", null, items);
  return h("div.long", { tabIndex: 0, role: "region", "aria-label": `Completions of ${c.lane.name}` }, h("ol.completions", null, items));
}

/** The prompt, and which one of the batch it is. */
function prompt(/** @type {Column} */ { lane, index, e }) {
  const { groups, group, strongest } = e.anatomy;
  const s = e.samples[0];
  const id = `walk-prompt-${index}`;
  const field = h("input", { id, type: "number", min: 1, max: groups, value: String(group + 1), disabled: !lane.askable,
    onchange: () => lane.dissect(Math.min(Math.max(Math.round(field.valueAsNumber || 1), 1), groups) - 1) });
  return [h("p.asked", null, exchange({ prompt: s.prompt, words: s.words })[0]),
    h("p.which", null, h("label", { htmlFor: id }, "Another prompt of this update, number ", field),
      group !== strongest && h("button.quiet", { type: "button", disabled: !lane.askable, onclick: () => lane.dissect(strongest) }, "The one that is pushed most")),
    !lane.askable && h("p.small", null, "Since then the lane has gone on, so there is no other prompt to choose.")];
}

/** The reward with which a method learns. */
const reward = (/** @type {Sample} */ s) => (s.judge ? s.judged ?? 0 : s.reward);

/** The rewards as bars, and their mean. */
function rewards(/** @type {Column} */ c) {
  const sampled = c.e.samples.filter((s) => s.source === "rollout");
  const most = Math.max(1e-9, ...c.e.samples.map((s) => Math.abs(reward(s))));
  const mean = sampled.reduce((sum, s) => sum + reward(s), 0) / sampled.length;
  return [list(c, (s) => [text(s), h("span.value", null, mark(s), " ", s.source === "demo" ? "" : [s.judge && h("span.small", null, `${s.judge} `), h("b", null, figure(reward(s)))]), s.source !== "demo" && bar(reward(s) / most)]),
    sampled.length > 1 && h("p.small", null, `Mean of the sampled answers: ${figure(mean)}.`)];
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
  if (all.some((s) => s.paired)) return "In a pair the two answers are compared: what counts is the margin by which the policy prefers the chosen one. The slope says how much there is still to gain.";
  const known = factored(all);
  if (known.length === 0) return "This method has no advantages. It computes the coefficients directly, from whole distributions or from the whole batch: see the next stage.";
  if (known.every((p) => p.advantage === 1)) return "Every token counts 1: nothing is compared.";
  return "Above 0 is better than expected, below 0 worse.";
}

/** The advantage of each completion, or of its tokens where they differ. */
function advantages(/** @type {Column} */ c) {
  const most = Math.max(1e-9, ...factored(c.e.samples).map((p) => Math.abs(p.advantage)));
  return list(c, (s, i) => {
    if (s.paired) return [text(s), pairing(s)];
    const known = explained(s);
    if (known.length === 0) return [text(s), h("span.value.soft", null, s.source === "greedy" ? "not learned from" : "none")];
    const same = known.every(({ p }) => p.advantage === known[0].p.advantage);
    if (same) return [text(s), h("span.value", null, h("b", null, figure(known[0].p.advantage))), bar(known[0].p.advantage / most)];
    return [tokens(c, s, i, (p) => p.advantage, most, "advantage"), c.chosen.sample === i && equation([["advantage", s.pushes?.[c.chosen.place]?.advantage ?? 0]], symbolAt(s, c.chosen.place))];
  });
}

/** The comparison of a pair, from the side of one of its halves. */
function pairing(/** @type {Sample} */ s) {
  const p = explained(s)[0]?.p;
  return h("span.value", null, "margin ", h("b", null, figure(s.margin ?? 0)), p && [", slope ", h("b", null, figure(p.ratio))]);
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
  if (c.chosen.sample !== i && long(c)) return h("button.folded", { type: "button", title: "Show its tokens", onclick: () => c.choose(i, strongest([s]).place) }, text(s));
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
  return h(s.words ? "span.toks.words" : "span.toks", { role: "group", "aria-label": `Tokens of ${sources[s.source ?? ""]} ${i + 1}` }, all.map((symbol, t) => {
    if (!own.includes(t)) return h("span.tok.soft", { title: "said by the world: context, never pushed" }, symbol);
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
  return h("div.equation", { role: "group", "aria-label": `The token ${of}` }, h("span.of", null, of), terms.map((t) => (typeof t === "string"
    ? h("span.sign-of", null, t) : h("span.term-of", null, h("b", null, figure(t[1])), h("span.small", null, t[0])))));
}

/** What the coefficient of a token is made of. */
function factors(/** @type {Sample} */ s, /** @type {number} */ t) {
  const p = /** @type {Push} */ (s.pushes?.[t]);
  const place = /** @type {Place} */ (s.places?.[t]);
  /** @type {(string | [string, number])[]} */
  const terms = [];
  if (p.share !== 0) {
    const added = /** @type {[string, number][]} */ ([["pull of the reference", p.kl], ["added by the method", p.extra]]).filter(([, x]) => x !== 0);
    if (added.length > 0) terms.push("(");
    if (!s.paired) terms.push(["mask", p.mask], "\u00d7");
    terms.push([s.paired ? "slope in the margin" : "ratio", p.ratio], "\u00d7", [s.paired ? "slope of its score" : "advantage", p.advantage]);
    for (const term of added) terms.push("+", term);
    if (added.length > 0) terms.push(")");
    terms.push("\u00d7", ["share in the average", p.share]);
    if (Math.abs(p.other) > 1e-9 * Math.abs(p.coefficient)) terms.push("+", ["other parts", p.other]);
    terms.push("=");
  }
  terms.push(["coefficient", p.coefficient]);
  const besides = /** @type {[string, number | undefined][]} */ ([["on the entropy", place.entropy], ["on the exact KL", place.kl], ["on the critic\u2019s value", place.critic], ["value that the critic expected", place.value]]);
  const more = besides.filter(([, x]) => x).map(([name, x]) => `${name} ${figure(x ?? 0)}`);
  return [equation(terms, symbolAt(s, t)), more.length > 0 && h("p.small", null, `Besides: ${more.join(", ")}.`)];
}

/** The largest coefficient of the samples. */
const largest = (/** @type {Sample[]} */ all) => Math.max(1e-30, ...all.flatMap((s) => (s.pushes ?? []).map((p) => Math.abs(p.coefficient))));

function coefficients(/** @type {Column} */ c) {
  const most = largest(c.e.samples);
  return list(c, (s, i) => [tokens(c, s, i, (p) => p.coefficient, most, "coefficient"), c.chosen.sample === i && factors(s, c.chosen.place)]);
}

/** The chosen place of a lane. */
function chosen(/** @type {Column} */ { e, chosen: { sample, place } }) {
  const s = e.samples[sample];
  const p = s.places?.[place];
  return { s, t: place, place: p?.symbols.length ? p : undefined };
}

function placeSays(/** @type {Column} */ c) {
  const { s, t, place } = chosen(c);
  if (!place) return "There is no token to look at.";
  const own = place.symbols.find((v) => v.o);
  return ["The token ", h("b", null, symbolAt(s, t)), ` had probability ${share(own?.b ?? 0)} and now has ${share(own?.a ?? 0)}.`];
}

/** The likeliest symbols at the chosen token before and after the update, and how each was pushed. */
function distribution(/** @type {Column} */ c) {
  const { place } = chosen(c);
  const most = largest(c.e.samples);
  const rows = place?.symbols.map((v) => h(v.o ? "tr.own" : "tr", null, h("th", { scope: "row" }, v.s || end, v.o && spoken(", the token itself")), h("td.bars", null, pair(c.index, v.b, v.a)),
    h("td", null, share(v.b)), h("td", null, share(v.a)), h(`td.${v.p > 0 ? "rise" : v.p < 0 ? "fall" : "soft"}`, null, v.p > 0 && "+", figure(Number(v.p.toPrecision(2))))));
  return [list(c, (s, i) => tokens(c, s, i, (p) => p.coefficient, most, "coefficient")),
    rows && h("div.scroll", { tabIndex: 0, role: "region", "aria-label": "Symbols at the token" }, h("table.symbols", null, h("caption.spoken", null, "Probabilities of symbols at the token, before and after the update, and the push on each"),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "symbol"), h("th.bars", { scope: "col" }, spoken("as bars")), h("th", { scope: "col" }, "before"), h("th", { scope: "col" }, "after"), h("th", { scope: "col", title: "Of all coefficients, on the symbol\u2019s logit" }, "push"))),
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

function answersSays(/** @type {Column} */ { e }) {
  const all = e.anatomy.answers;
  const sum = (/** @type {(a: typeof all[0]) => boolean} */ which) => /** @type {const} */ (["before", "after"]).map((k) => share(all.filter(which).reduce((t, a) => t + a[k], 0)));
  const total = sum(() => true);
  const judged = all.some((a) => a.mark === "right" || a.mark === "wrong");
  const right = sum((a) => a.mark === "right");
  return `${counted(all.length, "answer")} with ${total[0]} of all probability before and ${total[1]} after.${judged ? ` The right ones among them: ${right[0]}, then ${right[1]}.` : ""}`;
}

/** Likely answers with their probabilities before and after. */
function answers(/** @type {Column} */ { index, e }) {
  const { words } = e.samples[0];
  const most = Math.max(1e-12, ...e.anatomy.answers.map((a) => Math.max(a.before, a.after)));
  return h("ol.answers-changed", null, e.anatomy.answers.map((a) => h("li", null,
    h("span.said", null, h(words ? "span.response.words" : "span.response", null, a.response, !a.finished && h("span.soft", { title: "cut off" }, "\u2026")), " ", mark(a), a.learned && h("span.small", null, " in the batch")),
    pair(index, a.before / most, a.after / most),
    h("span.value", null, share(a.before), " \u2192 ", h("b", null, share(a.after)), " ", direction(a.before, a.after)))));
}

/** Whether a probability rose or fell. */
function direction(/** @type {number} */ before, /** @type {number} */ after) {
  if (after === before) return h("span.soft", null, "=", spoken(" unchanged"));
  return after > before ? h("span.rise", null, "\u25b2", spoken(" likelier")) : h("span.fall", null, "\u25bc", spoken(" less likely"));
}
