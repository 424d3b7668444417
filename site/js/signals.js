// Warning signs: what was found in the lanes that goes wrong, why it happens, and what helps.

import { english, fill, h, sign, spoken } from "./dom.js";
import { styles } from "./files.js";
import { terms } from "./glossary.js";
import { around, say } from "./say.js";

/**
 * @typedef {import("../types/messages.js").recipe.Notice} Notice
 * @typedef {{label: string, name: string, text: string}} Named a lane; text is its whole recipe
 */

/** How many are shown at a time. */
const most = 2;

export class Signals {
  /**
   * @param {HTMLElement} place
   * @param {{cure: (link: string) => void, open: (link: string) => void, announce: (text: string) => void, leave: () => void}} act
   *   cure takes up the recipe with the change, open another exhibit; leave is called when the last sign that had the focus has gone
   */
  constructor(place, act) {
    this.place = place;
    this.act = act;
    styles("css/signals.css");
    /** @type {Set<string>} those that the visitor has closed */
    this.dismissed = new Set();
    /** @type {Set<string>} those that screen readers were told of */
    this.announced = new Set();
    this.drawn = "";
  }

  /** Shows what was found, the newest first, but for what the visitor has closed. */
  show(/** @type {Notice[]} */ found, /** @type {Named[]} */ lanes) {
    const all = found.filter((n) => lanes[n.lane]).map((notice) => {
      const { label, name, text } = lanes[notice.lane];
      return { notice, lane: name, key: JSON.stringify([text || label, notice.stage, notice.name]) };
    }).filter(({ key }) => !this.dismissed.has(key));
    const state = JSON.stringify([all, lanes.length]);
    if (state === this.drawn) return; // the focus stays, and an explanation that is open
    this.drawn = state;
    const open = [...this.place.querySelectorAll("details[open]")].map((e) => e.getAttribute("data-key"));
    const focused = /** @type {HTMLElement | null} */ (this.place.contains(document.activeElement) ? document.activeElement : null)?.dataset.key;
    const link = terms();
    const again = () => this.show(found, lanes);
    const left = all.length - most;
    fill(this.place, h("h2", { id: "signals-title" }, texts.signals.title),
      all.slice(0, most).map(({ notice, lane, key }) => this.card(notice, lane, key, link, open.includes(key), again)),
      left > 0 && h("p.small", null, say(texts.signals.left, { count: left })));
    this.place.hidden = all.length === 0;
    if (focused) /** @type {HTMLElement | null} */ (this.place.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
    const fresh = all.slice(0, most).filter(({ key }) => !this.announced.has(key));
    for (const { key } of fresh) this.announced.add(key);
    if (fresh.length > 0) this.act.announce(fresh.map(({ notice, lane }) => say(texts.signals.announced, { lane, title: notice.title })).join(" "));
  }

  /** One sign. */
  card(/** @type {Notice} */ n, /** @type {string} */ lane, /** @type {string} */ key, link = terms(), open = false, again = () => {}) {
    const { cure, open: choose } = this.act;
    return h("section.signal", { "aria-label": `${n.title}: ${lane}` },
      h("h3", null, sign(n.lane), english(n.title), h("button.quiet", { type: "button", "data-key": `close ${key}`, onclick: () => this.close(key, again) }, texts.common.close, spoken(` ${say(texts.signals.thisSign, { lane })}`))),
      h("p.small", null, say(texts.signals.where, { lane, step: n.step })),
      h("p", inEnglish, link(n.measured)),
      h("details", { "data-key": key, open }, h("summary", { "data-key": `why ${key}` }, texts.signals.why), h("p", inEnglish, link(n.why)), h("p.small", inEnglish, n.cite)),
      h("div.next", null,
        n.cure.link && h("button", { type: "button", "data-key": `cure ${key}`, onclick: () => cure(n.cure.link) }, english(n.cure.says)),
        n.shown.link && h("button.quiet", { type: "button", "data-key": `shown ${key}`, onclick: () => choose(n.shown.link) }, around(texts.signals.see, { exhibit: english(n.shown.says) }))));
  }

  /** Closes a sign for good. The focus goes to the next one. */
  close(/** @type {string} */ key, /** @type {() => void} */ again) {
    this.dismissed.add(key);
    again();
    const next = /** @type {HTMLElement | null} */ (this.place.querySelector(".signal button"));
    if (next) next.focus();
    else this.act.leave();
  }
}
