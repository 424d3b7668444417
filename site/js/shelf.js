// The shelf: the runs that are kept, what each differs by, and what can be done with them.

import { fill, h, spoken } from "./dom.js";
import { list } from "./format.js";
import { differing, settings } from "./naming.js";
import { say } from "./say.js";
import { far, isSecond, limits } from "./stored.js";

/**
 * @typedef {import("./stored.js").KeptRun} KeptRun
 * @typedef {import("./lane.js").Kept} Kept
 */

export class Shelf {
  /**
   * @param {Element} place @param {import("./stored.js").Stored} stored
   * @param {{
   *   open: (run: KeptRun) => void, compare: () => void, save: (run: KeptRun) => void, bring: (file: File) => void, failed: (e: Error) => void,
   *   removed: () => Promise<unknown>, far: () => number,
   * }} act compare is called when other runs are to be drawn behind the lanes, removed when a run has been removed; far returns how many
   *   updates the run on the page has made
   */
  constructor(place, stored, act) {
    this.stored = stored;
    this.act = act;
    /** The runs that are drawn behind the lanes, by key. chosen: by the visitor, who alone takes it away. @type {Map<string, {run: KeptRun, lanes: Kept[], chosen: boolean}>} */
    this.behind = new Map();
    this.shown = ""; // what the list was made of
    this.list = h("ul.kept");
    this.note = h("p.small", { role: "status" });
    this.nowhere = h("p.small", { role: "status" }); // says that the browser keeps nothing
    fill(place, this.list, this.note, this.nowhere,
      h("p.paste", null, h("label", { htmlFor: "replayed" }, texts.shelf.file),
        h("input", { type: "file", id: "replayed", accept: ".jsonl,.gz", onchange: (/** @type {any} */ { target }) => {
          if (target.files[0]) act.bring(target.files[0]);
          target.value = ""; // so that the same file can be chosen again
        } })));
    addEventListener("visibilitychange", () => document.hidden || this.refresh()); // another page may have changed it
  }

  /** Takes over the recipe on the page, and takes away what cannot be drawn behind its lanes. */
  describe(/** @type {any} */ d) {
    this.d = d;
    this.key = keyOf(d);
    this.settings = settings(d);
    for (const [key, { run }] of this.behind) if (run.task !== d.task.name || key === this.key) this.behind.delete(key);
    this.refresh();
  }

  /**
   * Has a run that another one has replaced on the page drawn behind that, in the place of the one before it. A run with a lane that was
   * changed and not trained since does not take the place of a whole one.
   */
  ghost(/** @type {import("./keeper.js").Left} */ { run, contents }) {
    if (this.behind.size > 0 && run.lanes.some((l) => l.step === 0)) return;
    for (const [key, { chosen }] of this.behind) if (!chosen) this.behind.delete(key);
    this.behind.set(run.key, { run, lanes: contents.lanes, chosen: false });
  }

  /** The runs to draw behind the lanes, named by what they differ from them in. */
  beside() {
    return [...this.behind.values()].map(({ run, lanes }) => ({ name: differing(run.settings, [this.settings ?? {}]), lanes: lanes.map(({ name, steps, history }) => ({
      name, steps, watch: (/** @type {string} */ _, /** @type {() => MessagePort} */ makePort) => makePort().postMessage({ events: history }),
    })) }));
  }

  /** Says what was removed to make room, and draws the list anew. */
  saved(/** @type {KeptRun[]} */ removed) {
    const missed = removed.filter((r) => !isSecond(r));
    if (missed.length > 0) {
      const names = missed.map((r) => say(texts.shelf.run, { title: r.title, settings: differing(r.settings, []) }));
      fill(this.note, `${say(texts.shelf.madeRoom, { n: missed.length, names: list(names) })} ${say(texts.shelf.most, { runs: limits.runs, megabytes: limits.bytes / 1e6 })}`);
    }
    this.refresh();
  }

  /** Draws the list anew if it has changed. */
  async refresh() {
    const all = (await this.stored.all()).filter((r) => !isSecond(r));
    const { lasting } = this.stored;
    const items = all.map((run) => this.item(run, all));
    const shown = JSON.stringify([items, lasting]);
    if (shown === this.shown) return;
    this.shown = shown;
    const at = this.list.contains(document.activeElement) && document.activeElement?.id;
    fill(this.list, items.map((item, i) => this.row(item, all[i])));
    if (at) (document.getElementById(at) ?? this.note.querySelector("button") ?? this.list.querySelector("button"))?.focus();
    if (all.length === 0) fill(this.list, h("li.small", null, texts.shelf.empty));
    if (!lasting) fill(this.nowhere, texts.shelf.notLasting);
  }

  /** What a row says of a run. One of the link on the page is not there if it has made more updates, as before a second run of the link. */
  item(/** @type {KeptRun} */ run, /** @type {KeptRun[]} */ all) {
    const same = all.filter((r) => r !== run && r.name === run.name).map((r) => r.settings);
    if (this.settings && this.d?.name === run.name && this.key !== run.key) same.push(this.settings);
    const here = run.key === this.key && far(run) <= this.act.far();
    const state = run.lanes.every((l) => l.done) ? texts.shelf.finished : list(run.lanes.map((l) => say(texts.shelf.laneAt, { lane: l.name, step: l.step, steps: l.steps })));
    return {
      key: run.key, name: differing(run.settings, same), title: run.title, state: here ? texts.shelf.onPage : state, from: run.from, pinned: run.pinned, here,
      comparable: !here && run.task === this.d?.task.name, compared: this.behind.has(run.key),
    };
  }

  row(/** @type {ReturnType<Shelf["item"]>} */ { name, title, state, from, pinned, here, comparable, compared }, /** @type {KeptRun} */ run) {
    const { key } = run;
    const act = (/** @type {string} */ text, /** @type {() => unknown} */ onclick, /** @type {object} */ more = {}) =>
      h("button.quiet", { type: "button", id: `${text.toLowerCase()} ${key}`, onclick, ...more }, text, spoken(` ${name}, ${title}`));
    const change = (/** @type {Promise<unknown>} */ changed) => changed.then(() => this.refresh(), this.act.failed);
    return h("li", null,
      h("p", null, h("b", inEnglish, name), " ", h("span.small", null, [title, from && say(texts.shelf.from, { file: from }), state].filter(Boolean).join(" \u00b7 "))),
      h("p.actions", null,
        comparable && act(texts.shelf.compare, () => this.compare(run), { "aria-pressed": String(compared), title: texts.shelf.compareTitle }),
        !here && act(texts.common.open, () => this.act.open(run)),
        act(texts.shelf.pin, () => change(this.stored.pin(key, !pinned)), { "aria-pressed": String(pinned), title: texts.shelf.pinTitle }),
        act(texts.shelf.save, () => this.act.save(run), { title: texts.shelf.saveTitle }),
        !here && act(texts.shelf.remove, () => change(this.remove(run, say(texts.shelf.named, { name, title }))))));
  }

  /** Removes a run, and offers to bring it back. */
  async remove(/** @type {KeptRun} */ run, /** @type {string} */ name) {
    const contents = await this.stored.contents(run.key);
    await this.stored.remove(run.key);
    const back = contents && h("button.quiet", { type: "button", onclick: () => this.stored.put(run, contents).then(() => {
      fill(this.note, say(texts.shelf.isBack, { name }));
      return this.refresh();
    }, this.act.failed) }, texts.shelf.bringBack);
    fill(this.note, `${say(texts.shelf.wasRemoved, { name })} `, back);
    if (this.behind.delete(run.key)) this.act.compare();
    await this.act.removed();
  }

  /** Draws a run behind the lanes, or no longer. */
  async compare(/** @type {KeptRun} */ run) {
    try {
      if (!this.behind.delete(run.key)) {
        const contents = await this.stored.contents(run.key);
        if (!contents) throw new Error(texts.lab.notKept);
        this.behind.set(run.key, { run, lanes: contents.lanes, chosen: true });
      }
      this.act.compare();
      await this.refresh();
    } catch (/** @type {any} */ e) {
      this.act.failed(e);
    }
  }
}

/** Under which key a run of this recipe is kept. */
export function keyOf(/** @type {any} */ d) {
  return d.replayed ? `${d.replayed.from} ${d.link}` : d.link;
}
