// The ways to the exhibits and methods: the front door, the links to the exhibits beside the open one, and the finder. And to see more
// of one: full screen.

import { fill } from "./dom.js";
import { say } from "./say.js";

/** What is needed of the lab. @typedef {{main: Element, p: Record<string, any>, d: any, menu: any, ready: boolean, run: {busy: boolean}, toggle: () => void, warn: (text: string) => void, link: string, choose: (link: string) => Promise<boolean>, change: (edit: (p: import("./controls.js").Parts) => void, reshaped?: boolean) => Promise<void>, announce: (text: string) => void}} LabOfWays */

/** The parts of the finder. @typedef {"exhibits" | "methods" | "guide"} Part */

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Ways {
  /** @param {LabOfWays} lab */
  constructor(lab) {
    this.lab = lab;
    const { p } = lab;
    whole(p.wholeLab, lab.main);
    whole(p.wholePicture, p.stage.closest(".card"));
    this.door = document.getElementById("door");
    this.enter = /** @type {HTMLButtonElement | null} */ (document.getElementById("enter"));
    if (this.enter) this.enter.onclick = () => this.train();
    for (const way of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-find]"))) {
      way.disabled = false;
      way.addEventListener("click", (e) => {
        if (e.ctrlKey || e.metaKey || e.shiftKey) return; // a link opens elsewhere
        e.preventDefault();
        this.find(/** @type {Part} */ (way.dataset.find));
      });
    }
  }

  /** Has the links to the page in other languages lead to what is open. */
  speak() {
    for (const way of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a.language"))) way.hash = this.lab.link || location.hash;
  }

  /** The part of the finder that an address names, such as #gallery; "" if it names none. @returns {Part | ""} */
  asked(/** @type {string} */ address) {
    return /** @type {Part | ""} */ (document.getElementById(new URL(address).hash.slice(1))?.dataset.find ?? "");
  }

  /** Opens a part of the finder. */
  async find(/** @type {Part} */ part) {
    if (document.querySelector("dialog[open]")) return;
    try {
      const { find } = await import("./finder.js");
      await find(this.lab, part);
    } catch (/** @type {any} */ e) {
      this.lab.warn(say(texts.ways.notOpened, { why: e.message }));
    }
  }

  /** Trains what the page has opened with. */
  train() {
    const { lab } = this;
    if (!lab.ready) return;
    if (!lab.run.busy) lab.toggle();
    lab.main.scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
    lab.p.run.focus({ preventScroll: true });
  }

  /** Lets the visitor in, once there is something to train. */
  open() {
    if (this.enter) this.enter.disabled = !this.lab.ready;
    this.speak();
  }

  /** Takes the front door away, because another experiment is opened. */
  leave() {
    this.door?.remove();
    this.door = this.enter = null;
  }

  /** Has the links at the head lead to the exhibits before and after the open one. */
  turn() {
    const { p: { before, after }, d, menu } = this.lab;
    if (!before) return;
    const at = d.exhibit ? menu.exhibits.findIndex((/** @type {any} */ e) => e.name === d.name) : -1;
    const lead = (/** @type {HTMLAnchorElement} */ link, /** @type {any} */ to) => {
      link.hidden = !to;
      if (!to) return;
      link.href = `#${to.name}`;
      link.title = to.title;
      fill(/** @type {Element} */ (link.querySelector(".spoken")), `: ${to.title}`);
    };
    const left = document.activeElement;
    lead(before, at > 0 && menu.exhibits[at - 1]);
    lead(after, at >= 0 && menu.exhibits[at + 1]);
    if (left === before && before.hidden) after.focus();
    if (left === after && after.hidden) before.focus();
  }
}

/** Has a button show an element in full screen, and no longer. Where there is no full screen, the button stays hidden. */
function whole(/** @type {HTMLButtonElement | undefined} */ button, /** @type {Element} */ element) {
  if (!button || !document.fullscreenEnabled) return;
  button.hidden = false;
  button.onclick = () => (document.fullscreenElement === element ? document.exitFullscreen() : element.requestFullscreen()).catch(() => { button.hidden = true; });
  element.addEventListener("fullscreenchange", () => button.setAttribute("aria-pressed", String(document.fullscreenElement === element)));
}
