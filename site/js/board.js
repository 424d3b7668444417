// The dial board: the method of a stage as dials, each of which can be turned by itself. Which dials there are and what they say comes
// from core/method, by way of the clerk.

import { control } from "./controls.js";
import { english, fill, h, sign, svg } from "./dom.js";
import { file, styles } from "./files.js";
import { capital, firstSentence } from "./format.js";
import { terms } from "./glossary.js";
import { around, say } from "./say.js";

/**
 * @typedef {import("../types/messages.js").recipe.Board} Answer
 * @typedef {import("../types/messages.js").recipe.BoardDial} DialAnswer
 * @typedef {import("../types/messages.js").recipe.BoardNeighbour} Neighbour
 * @typedef {import("../types/messages.js").recipe.StageText} StageText
 * @typedef {(edit: (p: import("./controls.js").Parts) => void, reshaped?: boolean) => Promise<void>} Change
 */

/** Where a window is too narrow for the source beside the dials, it is folded at first. The same width as in css/lab.css. */
const narrow = matchMedia("(max-width: 800px)");

export class Board {
  /**
   * @param {Element} place @param {import("./clerk.js").Clerk} clerk
   * @param {{change: Change, run: () => void, warn: (why: string) => void, refused: import("./controls.js").Refused}} act
   */
  constructor(place, clerk, act) {
    this.clerk = clerk;
    this.act = act;
    this.at = { lane: 0, stage: 0 };
    this.lit = ""; // the dial that had the focus last
    this.asked = 0;
    this.pending = 0; // changes that are not applied yet
    this.styled = styles("css/board.css");
    /** @type {Map<string, Dial>} */
    this.rows = new Map();
    this.names = ""; // of the dials that there are rows for, with their choices
    this.chips = ""; // the methods that there are buttons for
    this.lead = h("p.small", null, terms()(texts.board.lead));
    this.tabs = h("div.tabs", { role: "tablist", "aria-label": texts.board.lanes });
    this.says = h("div.says", { role: "status" });
    this.run = h("button.run", { type: "button", onclick: act.run }, texts.lab.run);
    this.actions = h("p.actions", null, this.run);
    this.formula = h("div.maximised", { role: "group", "aria-label": texts.board.maximised });
    this.pictures = h("div.pictures");
    this.source = new Source();
    this.dials = h("div.dials");
    this.named = h("div.named");
    this.apart = h("details.apart");
    this.panel = h("div", { id: "board-panel", role: "tabpanel" },
      h("div.turning", null, h("div.position", null, this.says, this.actions, this.formula, this.pictures, this.source.place), this.dials), this.named, this.apart);
    fill(place, this.lead, this.tabs, this.panel);
  }

  /** Shows a stage of a recipe: of the lane that is given, of the one that is shown, or for another experiment of the first that is reinforced. */
  async describe(/** @type {any} */ d, /** @type {any} */ menu, /** @type {number | undefined} */ lane) {
    if (lane !== undefined || d.name !== this.d?.name || !d.lanes[this.at.lane]?.stages[this.at.stage]) this.at = first(d, d.methods ?? menu.methods, lane);
    this.d = d;
    await this.ask();
  }

  /** Asks for the board of the stage and draws it. */
  async ask() {
    const turn = ++this.asked;
    const [answer] = await Promise.all([this.clerk.ask("dials", { link: this.d.address, ...this.at }), this.styled]);
    if (turn !== this.asked) return;
    this.answer = answer;
    this.draw(answer);
  }

  /** Takes over what the button Run of the lab says. */
  showRun(/** @type {HTMLButtonElement} */ run) {
    this.run.textContent = run.textContent;
    this.run.disabled = run.disabled;
  }

  /** Changes the stage into another. It rejects if that is refused. */
  async take(/** @type {(now: import("./controls.js").Stage) => import("./controls.js").Stage} */ next, reshaped = true) {
    const { lane, stage } = this.at;
    this.pending++;
    try {
      await this.act.change((p) => { p.lanes[lane][stage] = next(p.lanes[lane][stage]); }, reshaped);
    } finally {
      this.pending--;
    }
  }

  /** Says why a change was refused, and shows again what is. */
  refuse(/** @type {Error} */ e) {
    this.act.warn(`${e.message}.`);
    if (this.answer) this.draw(this.answer);
  }

  /** Turns a dial, or sets one of its numbers. Any other method becomes the same position of the dials first. */
  turn(/** @type {string} */ name, /** @type {string} */ value) {
    const turned = /** @type {StageText} */ (this.answer?.turned);
    const dialled = this.d.lanes[this.at.lane].stages[this.at.stage].method === turned.method;
    return this.take((now) => {
      const { method, settings } = now.method === turned.method ? now : stageOf(turned);
      return { method, settings: { ...settings, [name]: value } };
    }, !dialled);
  }

  draw(/** @type {Answer} */ b) {
    this.drawTabs();
    const { dials, formula } = b;
    fillAnew(this.says, said(b));
    fill(this.actions, this.run, this.naming(b));
    this.formula.hidden = !formula;
    fill(this.formula, ...(formula ?? []).map((line, i) => h(i > 0 ? "p" : "p.main", null, line.map((piece) => h(piece.dials ? "span.piece" : "span", { "data-dials": piece.dials?.join(" ") }, notation(piece.text))))),
      b.turned && h("p.small.mono", null, `lane=${[b.turned.method, ...b.turned.settings].join(",")}`));
    fillAnew(this.pictures, [
      picture(texts.board.byRatio, "π/π_old", [0, 1, 2], b.by_ratio),
      picture(texts.board.byRight, texts.board.rightAnswers, [0, 4, 8], b.by_right),
    ].filter(Boolean));
    this.dials.hidden = !dials;
    this.drawDials(dials ?? []);
    this.drawNamed(b);
    fillAnew(this.apart, [h("summary", null, say(texts.board.apart, { count: b.apart.length })),
      h("dl", inEnglish, b.apart.map((m) => [h("dt", null, m.title, " ", h("span.mono.soft", null, m.name)), h("dd", null, `${capital(m.why)}.`)]))]);
    this.light(this.lit);
  }

  /** A tab for each stage of each lane, if there are several. */
  drawTabs() {
    /** @type {{lane: number, stage: number, name: string}[]} */
    const all = this.d.lanes.flatMap((/** @type {any} */ l, /** @type {number} */ lane) => l.stages.map((/** @type {any} */ _, /** @type {number} */ stage) => ({ lane, stage, name: l.stages.length > 1 ? `${l.name}, stage ${stage + 1}` : l.name })));
    const current = all.findIndex(({ lane, stage }) => lane === this.at.lane && stage === this.at.stage);
    const choose = (/** @type {number} */ i) => {
      const { lane, stage } = all[(i + all.length) % all.length];
      this.at = { lane, stage };
      this.ask().then(() => this.tabs.querySelector("[aria-selected=true]")?.focus(), (e) => this.act.warn(`${e.message}.`));
    };
    const arrows = (/** @type {KeyboardEvent} */ e) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (!by) return;
      e.preventDefault();
      choose(current + by);
    };
    const focused = this.tabs.contains(document.activeElement);
    this.tabs.hidden = all.length < 2;
    fill(this.tabs, all.map(({ lane, name }, i) => h("button", {
      type: "button", role: "tab", id: `board-tab-${i}`, "aria-controls": "board-panel", "aria-selected": String(i === current), tabIndex: i === current ? 0 : -1, onclick: () => choose(i), onkeydown: arrows,
    }, sign(lane), name)));
    if (all.length < 2) this.panel.setAttribute("aria-label", all[current].name);
    else this.panel.setAttribute("aria-labelledby", `board-tab-${current}`);
    if (focused) this.tabs.querySelector("[aria-selected=true]")?.focus();
  }

  /** A button that names the lane by the method that it is. */
  naming(/** @type {Answer} */ b) {
    const same = b.nearest?.[0]?.same;
    if (!same || b.method.name !== b.turned?.method) return null;
    return h("button", { type: "button", title: say(texts.board.sameRun, { lane: [same.method, ...same.settings].join(",") }), onclick: () => {
      this.take(() => stageOf(same)).then(() => this.run.focus(), (e) => this.refuse(e));
    } }, say(texts.board.nameLane, { method: b.nearest?.[0].label ?? "" }));
  }

  drawDials(/** @type {DialAnswer[]} */ dials) {
    const path = `${this.at.lane}/${this.at.stage}/board`;
    const names = dials.map((d) => [d.name, d.choice?.choices].join()).join(" ");
    if (names !== this.names) {
      this.names = names;
      this.rows = new Map(dials.map((d) => [d.name, new Dial(d, (value) => this.turn(d.name, value).catch((e) => this.refuse(e)), () => this.light(d.name))]));
      fill(this.dials, [...this.rows.values()].map((row) => row.place));
    }
    for (const d of dials) {
      this.rows.get(d.name)?.draw(d, this.pending > 0, d.numbers.map((s) => ({ s, make: () => control(s, `${path}/${s.name}`, (value) => this.turn(s.name, value), this.act.refused) })));
    }
    this.act.refused.drop((p) => p.includes("/board/") && !this.dials.querySelector(`[data-path="${CSS.escape(p)}"]`)); // settings that no longer matter
  }

  /** A button for each method that has a position, by family. */
  drawNamed(/** @type {Answer} */ b) {
    const families = [...new Set(b.named.map((m) => m.family))];
    const names = b.named.map((m) => m.name).join();
    if (names !== this.chips) {
      this.chips = names;
      fill(this.named, h("h3", null, texts.board.named), h("p.small", null, `${texts.board.namedSays} `, b.named.some((m) => m.besides) && texts.board.star),
        families.map((family) => h("div.family", { role: "group", "aria-label": family }, h("span.small", { ...inEnglish, "aria-hidden": "true" }, family), b.named.filter((m) => m.family === family).map((m) => h("button", {
          ...inEnglish, type: "button", "data-method": m.name, title: m.besides ? say(texts.board.besidesTitle, { title: m.title, more: m.besides }) : m.title, onclick: () => this.choose(m.name),
        }, m.label, m.besides && " *")))));
    }
    for (const m of b.named) this.named.querySelector(`[data-method=${m.name}]`)?.setAttribute("aria-pressed", String(m.here));
  }

  /** Turns the dials to the position of a method. */
  choose(/** @type {string} */ name) {
    const m = this.answer?.named.find((m) => m.name === name);
    if (m) this.take(() => stageOf(m.stage)).catch((e) => this.refuse(e));
  }

  /** Marks what a dial decides in the formula, and shows its source. */
  light(/** @type {string} */ dial) {
    this.lit = dial || "advantage";
    for (const piece of this.formula.querySelectorAll(".piece")) piece.classList.toggle("lit", piece.dataset.dials.split(" ").includes(this.lit));
    for (const [name, row] of this.rows) row.place.classList.toggle("lit", name === this.lit);
    const at = this.answer?.dials?.find((d) => d.name === this.lit);
    this.source.show(at);
  }
}

/** The stage to show of a recipe or of one of its lanes: the first that is reinforced, or else the first. */
function first(/** @type {any} */ d, /** @type {any[]} */ methods, /** @type {number | undefined} */ only) {
  const reinforced = (/** @type {any} */ s) => methods.find((m) => m.name === s.method)?.family === "policy gradient";
  for (const [lane, { stages }] of d.lanes.entries()) {
    const stage = stages.findIndex(reinforced);
    if (stage >= 0 && (only ?? lane) === lane) return { lane, stage };
  }
  return { lane: only ?? 0, stage: 0 };
}

/** A stage as a recipe's parts have it. @returns {import("./controls.js").Stage} */
function stageOf(/** @type {StageText} */ { method, settings }) {
  return { method, settings: Object.fromEntries(settings.map((s) => s.split("="))) };
}

/** Replaces what is in an element if that says something else, so that a screen reader is told of nothing twice. */
function fillAnew(/** @type {Element} */ element, /** @type {any[]} */ children) {
  const made = h("div", null, children);
  if (made.innerHTML !== element.innerHTML) element.replaceChildren(...made.childNodes);
}

/** What a position is called. @returns {any[]} */
function said(/** @type {Answer} */ b) {
  if (b.off) return [h("p.headline", null, around(texts.board.noPosition, { method: h("b", null, b.label) })), h("p", null, english(`${capital(b.off)}.`), ` ${texts.board.chooseNamed}`)];
  const refusing = b.dials?.find((d) => d.refused);
  if (refusing) return [h("p.headline", null, texts.board.untrainable), h("p.small", null, around(texts.board.dialSays, { dial: h("b", inEnglish, refusing.label) }))];
  if (b.refused) return [h("p.headline", null, texts.board.untrainable), h("p.complaint", inEnglish, `${capital(b.refused.replace(/^method \w+: /, ""))}.`)];
  const near = b.nearest ?? [];
  const too = b.named.filter((m) => m.here && m.besides && m.name !== b.method.name).map((m) => h("p.small", null, say(texts.board.standsHere, { method: m.label, more: m.besides })));
  if (b.method.name !== b.turned?.method) {
    const own = near.find((n) => n.name === b.method.name);
    return [h("p.headline", null, around(texts.board.this, { method: h("b", null, b.label), settings: usually(own) })), h("p.small", inEnglish, b.method.title, "."), b.besides && h("p.small", null, say(texts.board.leftOut, { more: b.besides })), too];
  }
  if (near[0]?.same) return [h("p.headline", null, around(texts.board.this, { method: h("b", null, near[0].label), settings: usually(near[0]) })), h("p.small", inEnglish, near[0].title, "."), too];
  return [h("p.headline", null, texts.board.noMethod), h("p.small", null, say(texts.board.nearest, { n: near.length || 1 })),
    h("ul.near", null, near.map((n) => h("li", null, h("b", { title: n.title }, n.label), differing(n))))];
}

/** In what the settings of a method differ from its usual ones. */
function usually(/** @type {Neighbour | undefined} */ n) {
  return (n?.differs ?? []).map((d, i) => say(i > 0 ? ", {setting}" : texts.board.with, { setting: say(texts.board.usually, { dial: d.dial, here: d.here, usual: d.of }) })).join("");
}

/** In what a method differs from the position. */
function differing(/** @type {Neighbour} */ { differs, besides }) {
  const all = differs.map((d) => `${d.dial}: ${d.of}`);
  return [all.length > 0 && say(texts.board.differsIn, { dials: all.join(texts.board.andIn) }), besides && say(all.length > 0 ? texts.board.besides : texts.board.whereBesides, { more: besides }), "."];
}

/** A formula with its indices below the line: A_i, π_ref, Σ_{s≥t}, but not eps_low, which is the name of a setting. */
function notation(/** @type {string} */ text) {
  const parts = [];
  let from = 0;
  for (const { 0: all, 1: base, 2: braced, 3: plain, index } of text.matchAll(/((?<!\p{L})\p{L}\d?|\))_(?:\{([^}]*)\}|(\p{Ll}+|T))/gu)) {
    parts.push(text.slice(from, index), base, h("sub", null, braced ?? plain));
    from = index + all.length;
  }
  return [...parts, text.slice(from)];
}

/**
 * A picture of pushes. Nothing is drawn if there are none.
 * @param {string} title @param {string} axis what x is @param {number[]} ticks of x, from one end to the other @param {import("../types/messages.js").method.Pushes} pushes
 */
function picture(title, axis, ticks, { right, wrong }) {
  if (!right) return null;
  const [left, top, width, height] = [38, 8, 190, 84];
  const most = Math.max(0.01, ...[...right, ...(wrong ?? [])].map((p) => Math.abs(p.y)));
  const x = (/** @type {number} */ value) => left + (width * value) / (ticks.at(-1) ?? 1);
  const y = (/** @type {number} */ value) => top + (height / 2) * (1 - value / most);
  const short = (/** @type {number} */ value) => String(Number(value.toPrecision(2)));
  const line = (/** @type {import("../types/messages.js").method.Point[]} */ points, /** @type {string} */ name) => svg("polyline", { class: name, points: points.map((p) => `${x(p.x).toFixed(1)},${y(p.y).toFixed(1)}`).join(" ") });
  const says = (/** @type {import("../types/messages.js").method.Point[]} */ points, /** @type {string} */ name) => `${name}: ${[points[0], points[points.length >> 1], points[points.length - 1]].map((p) => say(texts.board.pushAt, { push: short(p.y), x: short(p.x) })).join(", ")}.`;
  const named = wrong ? texts.board.rightName : texts.board.demonstrations;
  return h("figure", null, h("figcaption.small", null, `${title}.`),
    svg("svg", { viewBox: "0 0 240 122", role: "img", "aria-label": `${title}. ${says(right, named)} ${wrong ? says(wrong, texts.board.wrongName) : ""}` },
      svg("path", { class: "axis", d: `M${left} ${y(0)}h${width}M${x(ticks[1])} ${top}v${height}` }),
      ...[most, 0, -most].map((value) => svg("text", { x: left - 5, y: y(value) + 3, "text-anchor": "end" }, short(value).replace("-", "−"))),
      ...ticks.map((value) => svg("text", { x: x(value), y: top + height + 14, "text-anchor": "middle" }, String(value))),
      svg("text", { x: left + width / 2, y: top + height + 27, "text-anchor": "middle" }, axis),
      line(right, "right-push"), ...(wrong ? [line(wrong, "wrong-push")] : [])),
    wrong && h("p.small", null, h("span.right-push", null, texts.board.rightLine), " ", h("span.wrong-push", null, texts.board.wrongLine)));
}

/** A dial on the board: its choices, what the chosen one is, and the numbers that belong to it. */
class Dial {
  /** @param {DialAnswer} d @param {(value: string) => void} turn @param {() => void} focused */
  constructor(d, turn, focused) {
    const { choice } = d;
    this.choices = (choice?.choices ?? []).map((value, i) => ({
      value, title: choice?.titles?.[i] ?? value,
      input: h("input", { type: "radio", name: `dial-${d.name}`, value, onchange: () => turn(value) }),
    }));
    this.chosen = h("p.chosen");
    this.idle = h("p.small.idle-dial");
    this.complaint = h("p.complaint", { role: "alert" });
    this.numbers = h("div.numbers");
    this.shown = "";
    this.place = h(choice ? "fieldset.dial" : "fieldset.dial.number", { "data-dial": d.name, onfocusin: focused },
      h("legend", inEnglish, capital(d.label)),
      choice && h("p.small", inEnglish, terms()(firstSentence(choice.doc))),
      choice && h("div.options-of", inEnglish, this.choices.map(({ value, title, input }) => h("label.option", { title }, input, h("span", null, value.replaceAll("_", " "))))),
      this.chosen, this.idle, this.complaint, this.numbers);
  }

  /**
   * Draws the dial at a position. turning: a change is on its way, so what is chosen may be newer than d.
   * @param {DialAnswer} d @param {boolean} turning @param {{s: any, make: () => any}[]} numbers
   */
  draw(d, turning, numbers) {
    this.choices.forEach(({ value, title, input }, i) => {
      const refused = Boolean(d.refuses?.[i]);
      if (!turning) input.checked = value === d.choice?.value;
      input.setAttribute("aria-label", `${value.replaceAll("_", " ")}: ${title}${refused ? texts.board.cannot : ""}`);
      input.parentElement.classList.toggle("refused-option", refused);
    });
    const chosen = this.choices.find((c) => c.value === d.choice?.value);
    fill(this.chosen, chosen && english(`${capital(chosen.title)}.`));
    fill(this.idle, d.idle && say(texts.board.idle, { why: d.idle }));
    if (this.complaint.textContent !== d.refused) fill(this.complaint, d.refused && `${capital(d.refused)}.`);
    this.place.classList.toggle("moot", d.idle !== "");
    const shown = JSON.stringify(numbers.map(({ s }) => s));
    if (shown === this.shown) return;
    this.shown = shown;
    const focused = /** @type {HTMLElement | null} */ (this.numbers.contains(document.activeElement) ? document.activeElement?.closest("[data-knob]") : null)?.dataset.knob;
    fill(this.numbers, numbers.map(({ make }) => make()));
    if (focused) this.numbers.querySelector(`[data-knob=${focused}] input`)?.focus();
  }
}

/** @typedef {{file: string, line: number, text: string}} Excerpt a piece of the program's source, see site/dials.go */

/** The source of what a dial is turned to, which is loaded when it is looked at first. */
class Source {
  constructor() {
    /** By dial and choice. @type {Promise<Record<string, Record<string, Excerpt[]>>> | undefined} */
    this.all = undefined;
    this.title = h("summary");
    this.text = h("div");
    this.place = h("details.source", { hidden: true, open: !narrow.matches, ontoggle: () => this.draw() }, this.title, this.text);
  }

  /** Shows the source of a dial as it is turned; of none if it is undefined. */
  show(/** @type {DialAnswer | undefined} */ d) {
    this.d = d;
    this.place.hidden = !d;
    const { choice } = d ?? {};
    fill(this.title, around(texts.board.sourceOf, { dial: h("b", inEnglish, d?.label), choice: choice && english(` ${choice.value.replaceAll("_", " ")}`) }));
    this.draw();
  }

  async draw() {
    const { d } = this;
    if (!d || !this.place.open) return;
    this.all ??= file("dials.json").then((r) => (r.ok ? r.json() : Promise.reject(new Error(say(texts.board.answeredWith, { status: r.status })))));
    try {
      const of = (await this.all)[d.name] ?? {};
      if (d !== this.d) return;
      const excerpts = of[d.choice?.value ?? ""] ?? of[""] ?? [];
      fillAnew(this.text, excerpts.length > 0 ? excerpts.map(({ file, line, text }) => [h("p.small.mono", null, say(texts.board.line, { file, line })), h("pre", { tabIndex: 0, role: "region", "aria-label": say(texts.board.lineOf, { line, file }) }, h("code", null, text))]).flat()
        : [h("p.small", null, texts.board.addsNothing)]);
    } catch (/** @type {any} */ e) {
      this.all = undefined; // the next look tries again
      fill(this.text, h("p.small", null, say(texts.board.noSource, { why: e.message })));
    }
  }
}
