// The guide as a part of the finder: its form is that of guide.html, and it begins with what the open recipe has.

import { h } from "./dom.js";
import { pageBeside, styles } from "./files.js";
import { askedIn, Guide } from "./guide-form.js";

/**
 * Returns the guide, to be shown in the finder.
 * @param {import("./ways.js").LabOfWays} lab @param {any} data finder.json @param {(link: string) => void} open closes the finder and opens a link
 * @returns {Promise<import("./finder.js").Shown>}
 */
export async function guidePanel(lab, data, open) {
  const [page] = await Promise.all([pageBeside("guide.html").then((r) => {
    if (!r.ok) throw new Error(`${r.status} ${r.statusText}`);
    return r.text();
  }), styles("css/guide.css")]);
  const form = document.adoptNode(/** @type {Element} */ (new DOMParser().parseFromString(page, "text/html").querySelector(".guide")));
  const guide = new Guide(form, () => {});
  form.addEventListener("click", (e) => {
    const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (e);
    const link = /** @type {Element} */ (e.target).closest("a");
    const [, address, rest] = link?.getAttribute("href")?.match(/^(\.\/#|guide\.html\?)(.*)$/) ?? [];
    if (!link || !address || ctrlKey || metaKey || shiftKey) return;
    e.preventDefault();
    if (address === "./#") open(rest);
    else guide.begin(askedIn(`?${rest}`));
  });
  const place = h("div", null, h("p.lead", null, texts.guide.lead), form);
  const begun = question(lab.d, data);
  return { place, first: /** @type {HTMLElement} */ (form.querySelector("input")), draw: () => guide.begin(askedIn(begun)), close: () => guide.close() };
}

/** The question that a recipe suggests, as a query: what its lanes take, in the field of its task. */
function question(/** @type {any} */ d, /** @type {any} */ { methods, fields }) {
  if (!d?.base.name) return "";
  const used = d.lanes.flatMap((/** @type {any} */ l) => l.stages.map((/** @type {any} */ s) => s.method));
  const have = [...new Set(methods.filter((/** @type {any} */ m) => used.includes(m.name)).flatMap((/** @type {any} */ m) => m.takes))];
  const field = fields[d.task.name];
  return `?have=${have.join(",")}${field ? `&application=${field}` : "&need=id,ood,retain"}`;
}
