// Links to the reference, which opens in a tab of its own: a run goes on, and a frame may not show other pages.

import { h, spoken } from "./dom.js";

/**
 * A link to a page of the reference.
 * @param {string} path as in core/article/pages.go: methods/grpo.html
 * @param {import("./dom.js").Children} text
 */
export function about(path, text) {
  return h("a.refer", { href: new URL(`../reference/${path}`, import.meta.url).href, target: "_blank", rel: "noopener" }, text, spoken(` ${texts.common.newTab}`));
}

/** Where a metric is explained, or a series of the pictures. */
export function ofMetric(/** @type {string} */ name) {
  const short = name.replace(/^eval\/[^/]+\//, "");
  return short.startsWith("cost/") ? `costs.html#${short.slice(5)}` : `metrics.html#${short.replaceAll("/", "-")}`;
}
