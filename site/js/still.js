// A picture as SVG: in the place of the drawing until that is there, where it cannot be, and on paper.

import { svg } from "./dom.js";

/** @typedef {[number, number]} Point */

const path = (/** @type {Point[]} */ points) => points.map((at) => at.join()).join(" ");

/** The shapes of dots by their numbers, scene.Shape, as corners around the middle of something of size 1; the first one is a disc. */
const corners = [
  undefined, [[-0.43, -0.43], [0.43, -0.43], [0.43, 0.43], [-0.43, 0.43]], [[0, -0.6], [0.6, 0], [0, 0.6], [-0.6, 0]], [[0, -0.6], [0.58, 0.42], [-0.58, 0.42]],
];
/** Those of the marks for right and wrong, which are strokes. */
const strokes = { 4: "-0.42,0.02 -0.12,0.36 0.44,-0.38", 5: "-0.36,-0.36 0.36,0.36 0,0 -0.36,0.36 0.36,-0.36" };

function dot(/** @type {{at: Point, size: number, shape: number, role: string, rim?: number}} */ { at: [x, y], size, shape, role, rim = 0 }) {
  const stroke = strokes[/** @type {4 | 5} */ (shape)];
  const scale = `translate(${x} ${y}) scale(${size})`;
  if (stroke) return svg("polyline", { points: stroke, transform: scale, class: `stroke ${role}`, "stroke-width": 0.19 });
  const ring = rim > 0 ? { "stroke-width": (2 * rim) / size } : {};
  const kind = rim > 0 ? `rimmed ${role}` : role;
  const shown = corners[shape];
  if (!shown) return svg("circle", { r: 0.5, transform: scale, class: kind, ...ring });
  return svg("polygon", { points: path(/** @type {Point[]} */ (shown)), transform: scale, class: kind, ...ring });
}

/**
 * @param {any} picture a scene.Picture @param {number} width @param {number} height in pixels
 * @returns {SVGElement}
 */
export function still(picture, width, height) {
  const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", ...inEnglish });
  for (const a of picture.areas ?? []) drawn.append(svg("polygon", { points: path([...a.upper, ...[...a.lower].reverse()]), class: a.role, opacity: a.alpha }));
  for (const l of picture.lines ?? []) {
    drawn.append(svg("polyline", { points: path(l.points), class: `stroke ${l.role}`, "stroke-width": l.width, opacity: l.alpha, "stroke-dasharray": l.dash }));
  }
  for (const d of picture.dots ?? []) drawn.append(dot(d));
  for (const w of picture.words ?? []) {
    drawn.append(svg("text", {
      x: w.at[0], y: w.at[1], dy: "0.35em", "text-anchor": w.anchor, "font-size": w.size,
      class: [w.role, w.bold && "bold", w.mono && "mono", w.clear && "clear"].filter(Boolean).join(" "),
    }, w.text));
  }
  return drawn;
}
