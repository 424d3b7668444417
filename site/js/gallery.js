// All exhibits as tiles: what each asks, what its study has found, and a small picture of its lanes, which draws itself when it is seen.

import { fill, h, sign, spoken } from "./dom.js";
import { Search } from "./search.js";
import { still } from "./still.js";

/** How the outcome of a claim is shown. */
const marks = /** @type {Record<string, string>} */ ({ reproduced: "✓", "not reproduced": "✗", inconclusive: "?" });

export class Gallery {
  /**
   * @param {import("./ways.js").LabOfWays} lab @param {any} data finder.json @param {(link: string) => void} open opens an exhibit
   */
  constructor(lab, data, open) {
    this.lab = lab;
    this.data = data;
    this.open = open;
    this.search = new Search(texts.finder.searchExhibits, texts.finder.exhibitWords, () => this.filter());
    this.first = this.search.field;
    this.seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        target.querySelector(".still")?.classList.add("moving");
        this.seen.unobserve(target);
      }
    }, { threshold: 0.6 });
    /** @type {{exhibit: any, tile: HTMLElement}[]} */
    this.tiles = data.exhibits.map((/** @type {any} */ exhibit) => ({ exhibit, tile: this.tile(exhibit) }));
    this.groups = data.groups.map((/** @type {string} */ group) => ({ group, section: h("section", null, h("h2", inEnglish, group),
      h("ul.tiles", null, this.tiles.filter(({ exhibit }) => exhibit.group === group).map(({ tile }) => tile))) }));
    this.place = h("div.gallery", null, this.search.place, h("p.small", null,
      texts.finder.recorded), this.groups.map((/** @type {any} */ g) => g.section));
  }

  draw() {
    this.filter();
    for (const { tile } of this.tiles) this.seen.observe(/** @type {Element} */ (tile.querySelector(".sketch")));
  }

  close() {
    this.seen.disconnect();
  }

  /** Shows what is found. */
  filter() {
    let n = 0;
    for (const { exhibit, tile } of this.tiles) {
      tile.hidden = !this.search.finds(exhibit);
      if (!tile.hidden) n++;
    }
    for (const { section } of this.groups) section.hidden = !section.querySelector("li:not([hidden])");
    this.search.say(n, this.tiles.length, { all: texts.finder.exhibits, some: texts.finder.someExhibits, none: texts.finder.noExhibits });
  }

  tile(/** @type {any} */ e) {
    const here = this.lab.d?.exhibit?.name === e.name;
    return h("li.tile", { "data-exhibit": e.name },
      sketch(e.sketch),
      h("h3", null, h("a", { ...inEnglish, href: `#${e.name}`, "aria-current": here ? "true" : null, onclick: (/** @type {MouseEvent} */ click) => {
        if (click.ctrlKey || click.metaKey || click.shiftKey) return; // it opens elsewhere
        click.preventDefault();
        this.open(e.name);
      } }, e.title), here && h("span.small", null, texts.finder.open)),
      h("p.asks", inEnglish, e.asks),
      h("p.found", inEnglish, e.verdict),
      h("p.outcomes", { ...inEnglish, title: e.summary }, e.outcomes.map((/** @type {string} */ word) => h(`span.${word.replaceAll(" ", "-")}`, { "aria-hidden": "true" }, marks[word])), spoken(e.summary)));
  }
}

/** A small picture of lanes, with the last value of each. */
function sketch(/** @type {any} */ { picture, width, height, measure, top, end, lanes }) {
  return h("figure", null,
    h("div.sketch", null, h("span.high", null, top), h("div.still", null, still(picture, width, height)), h("span.low", null, "0"), h("span.until", inEnglish, end)),
    h("figcaption", inEnglish, `${measure}: `, lanes.map((/** @type {any} */ l, /** @type {number} */ i) => [h("span.lane", null, sign(i), l.name, " ", h("b", null, l.value)), " "]).flat()));
}
