// Links to the reference, which opens in a tab of its own: a run goes on, and a frame may not show other pages. Where there is no
// reference there are no links.

import { h, spoken } from "./dom.js";
import { reference } from "./files.js";

/**
 * A link to a page of the reference, or null.
 * @param {string} path as in core/article/pages.go: methods/grpo.html
 * @param {import("./dom.js").Children} text
 */
export function about(path, text) {
  const href = reference(path);
  return href ? h("a.refer", { href, target: "_blank", rel: "noopener" }, text, spoken(` ${texts.common.newTab}`)) : null;
}

/** The same in an element of its own, such as p.small. @param {string} tag @param {string} path @param {import("./dom.js").Children} text */
export function aboutIn(tag, path, text) {
  const link = about(path, text);
  return link && h(tag, null, link);
}

/** Where a metric is explained, or a series of the pictures. */
export function ofMetric(/** @type {string} */ name) {
  const short = name.replace(/^eval\/[^/]+\//, "");
  return short.startsWith("cost/") ? `costs.html#${short.slice(5)}` : `metrics.html#${short.replaceAll("/", "-")}`;
}
