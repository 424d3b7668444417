// Styles that only some visitors need.

import { h } from "./dom.js";

/** Has the page use a file of styles. It resolves when they are there. @param {string} file */
export function styled(file) {
  const href = new URL(`../css/${file}`, import.meta.url).href;
  if ([...document.styleSheets].some((s) => s.href === href)) return Promise.resolve();
  return new Promise((/** @type {(_?: unknown) => void} */ resolve) => {
    document.head.append(h("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve }));
  });
}
