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

/** Pixels of the side of a QR code, and between it and what is around it. */
const side = 96;
const gap = 14;

/**
 * A link for paper: as a QR code, whose path has size squares on a side, with a few words.
 * @typedef {{size: number, path: string, words: string[]}} Code
 */

/**
 * Returns a picture as the text of an SVG file in the colours of the page. What it shows is also in it as text: its title, its caption and,
 * as CSV, its table. Below it stands the link to it, if there is one. @param {Drawn} drawn @param {{title: string, caption: string, table: Table, code?: Code}} about
 */
export function svg({ picture, width, height: drawn }, { title, caption, table, code }) {
  const height = code ? drawn + gap + side : drawn;
  const image = still(picture, width, drawn);
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
  if (code) image.append(...printed(code, drawn + gap));
  image.removeAttribute("aria-hidden");
  image.setAttribute("role", "img");
  image.setAttribute("viewBox", `${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`);
  image.setAttribute("width", String(width + 2 * margin));
  image.setAttribute("height", String(height + 2 * margin));
  image.prepend(element("title", {}, title), element("desc", {}, caption), element("metadata", {}, csv(table)),
    element("rect", { x: -margin, y: -margin, width: width + 2 * margin, height: height + 2 * margin, fill: ground }));
  return new XMLSerializer().serializeToString(image);
}

/** The elements of a QR code at a height, dark on light whatever the page's colours are, and its words beside it. */
function printed(/** @type {Code} */ { size, path, words }, /** @type {number} */ y) {
  const style = getComputedStyle(document.body);
  return [element("rect", { x: 0, y, width: side, height: side, fill: "#fff" }), element("path", { class: "code", d: path, transform: `translate(0 ${y}) scale(${side / size})`, fill: "#000" }),
    ...words.map((line, i) => element("text", { x: side + gap, y: y + 22 + 20 * i, "font-family": "sans-serif", "font-size": 13, "font-weight": i === 0 ? 600 : 400, fill: style.getPropertyValue("color") }, line))];
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
