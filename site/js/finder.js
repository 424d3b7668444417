// The finder: all exhibits as a gallery, all methods, and the guide, in one dialog. What it shows comes from finder.json, which the build
// makes from the catalogue and from what studies have found.

import { fill, h } from "./dom.js";
import { file, styles } from "./files.js";
import { whyNot } from "./format.js";
import { Gallery } from "./gallery.js";
import { Methods } from "./methods.js";
import { say } from "./say.js";

/** @typedef {import("./ways.js").LabOfWays} Lab */
/** @typedef {import("./ways.js").Part} Part */

/**
 * A part of the finder. first has the focus when the part is shown; draw is called when it is shown for the first time.
 * @typedef {{place: HTMLElement, first?: HTMLElement, draw: () => void | Promise<void>, close?: () => void}} Shown
 */

/** The parts in the order of their tabs. @type {{part: Part, title: string}[]} */
const parts = [{ part: "exhibits", title: texts.page.exhibits }, { part: "methods", title: texts.page.methods }, { part: "guide", title: texts.page.whichMethod }];

/** @type {Promise<any> | undefined} */
let data;

/** The data of the finder, fetched once if all goes well. */
function fetched() {
  data ??= file("finder.json").then((r) => {
    if (!r.ok) throw new Error(`${r.status} ${r.statusText}`);
    return r.json();
  }).catch((e) => {
    data = undefined; // so that the next call tries again
    throw new Error(`${whyNot(e)}.`);
  });
  return data;
}

/** Whether the visitor touches the screen. Then a field with the focus brings up a keyboard, which hides half of what there is. */
const touched = matchMedia("(pointer: coarse)");

/** Opens a part of the finder. @param {Lab} lab @param {Part} part */
export async function find(lab, part) {
  const [found] = await Promise.all([fetched(), styles("css/finder.css")]);
  if (document.querySelector("dialog[open]")) return; // opened twice while it was fetched
  const close = () => dialog.close();
  const end = () => {
    for (const shown of Object.values(made)) shown.close?.();
    dialog.remove();
  };
  /**
   * Ends the finder and opens a link, whose Run then has the focus. The dialog is not closed but removed, since closing would give the focus
   * back to what the finder was opened with, and the rest of an Enter on the link would press that again.
   */
  const open = async (/** @type {string} */ link) => {
    end();
    if (!(await lab.choose(link))) return;
    scrollTo(0, 0);
    lab.p.run.focus({ preventScroll: true });
  };
  /** @type {Record<Part, () => Promise<Shown>>} */
  const make = {
    exhibits: async () => new Gallery(lab, found, open),
    methods: async () => new Methods(lab, found, open, close),
    guide: async () => {
      const { guidePanel } = await import("./guide-panel.js");
      return guidePanel(lab, found, open);
    },
  };
  /** @type {Partial<Record<Part, Shown>>} */
  const made = {};
  const body = h("div.finder-body", { role: "tabpanel", id: "finder-body", tabIndex: -1 });
  const tabs = parts.map(({ part, title }) => h("button", { type: "button", role: "tab", id: `find-${part}`, "aria-controls": "finder-body", onclick: () => show(part) }, title));
  const show = async (/** @type {Part} */ part) => {
    tabs.forEach((tab, i) => {
      const chosen = parts[i].part === part;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    });
    body.setAttribute("aria-labelledby", `find-${part}`);
    try {
      const shown = made[part] ?? await make[part]();
      if (tabs[parts.findIndex((p) => p.part === part)].getAttribute("aria-selected") !== "true") return; // another one was chosen meanwhile
      fill(body, shown.place);
      body.scrollTop = 0;
      if (!made[part]) await shown.draw();
      made[part] = shown;
      if (!touched.matches) shown.first?.focus();
    } catch (/** @type {any} */ e) {
      fill(body, h("p.notice", { role: "alert" }, say(texts.finder.notLoaded, { why: whyNot(e) })));
    }
  };
  const arrows = (/** @type {KeyboardEvent} */ e) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    if (!by || at < 0) return;
    e.preventDefault();
    const next = (at + by + parts.length) % parts.length;
    show(parts[next].part).then(() => tabs[next].focus());
  };
  const dialog = h("dialog.finder", { "aria-label": texts.finder.title, onclose: end, onclick: (/** @type {MouseEvent} */ e) => { if (e.target === dialog) close(); } }, // beside it
  h("div.finder-head", null, h("div.tabs", { role: "tablist", "aria-label": texts.finder.find, onkeydown: arrows }, tabs), h("button.quiet", { type: "button", onclick: close }, texts.common.close)),
  body);
  document.body.append(dialog);
  dialog.showModal();
  await show(part);
}
