// The picture on the page as a file of its own, and the numbers of its table.

import { svg as element } from "./dom.js";
import { still } from "./still.js";

/** What the page's style gives shapes and words, and a file of its own has to say itself. */
const styled = ["fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap", "paint-order", "font-family", "font-weight", "font-variant-numeric"];

/** Pixels around the picture. */
const margin = 12;

/** Pixels of a PNG file for one of the page, so that it is sharp on a slide and on paper. */
const sharpness = 2;

/**
 * @typedef {{width: number, height: number, picture: import("../types/messages.js").scene.Picture}} Drawn
 * @typedef {import("../types/messages.js").scene.Table} Table
 */

/**
 * Returns a picture as the text of an SVG file in the colours of the page. What it shows is also in it as text: its title, its caption and,
 * as CSV, its table. @param {Drawn} drawn @param {{title: string, caption: string, table: Table}} about
 */
export function svg({ picture, width, height }, { title, caption, table }) {
  const image = still(picture, width, height);
  const page = document.createElement("div"); // where the page's style applies
  page.className = "still";
  page.hidden = true;
  page.append(image);
  document.body.append(page);
  const ground = getComputedStyle(document.body).getPropertyValue("--card");
  for (const element of [image, ...image.querySelectorAll("*")]) {
    const style = getComputedStyle(element);
    for (const name of styled) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute("class");
  }
  page.remove();
  image.removeAttribute("aria-hidden");
  image.setAttribute("role", "img");
  image.setAttribute("viewBox", `${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`);
  image.setAttribute("width", String(width + 2 * margin));
  image.setAttribute("height", String(height + 2 * margin));
  image.prepend(element("title", {}, title), element("desc", {}, caption), element("metadata", {}, csv(table)),
    element("rect", { x: -margin, y: -margin, width: width + 2 * margin, height: height + 2 * margin, fill: ground }));
  return new XMLSerializer().serializeToString(image);
}

/** Returns an SVG file as a PNG file. @returns {Promise<Blob>} */
export async function png(/** @type {string} */ file) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(file)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = sharpness * image.naturalWidth;
  canvas.height = sharpness * image.naturalHeight;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(texts.viewer.noPNG))), "image/png"));
}

/** Returns a table as the text of a CSV file, as in RFC 4180 with plain ends of lines. */
export function csv(/** @type {Table} */ { head, rows }) {
  const cell = (/** @type {string} */ value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return [head, ...(rows ?? [])].map((row) => `${row.map(cell).join(",")}\n`).join("");
}
