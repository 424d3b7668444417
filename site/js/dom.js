// Building elements without markup in strings.

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Child | (Child | Child[])[]} Children
 * @param {string} tag an element's name with classes, such as "p.small.soft"
 * @param {Record<string, any> | null} [properties] on… adds a listener; what the element has as a property is set, the rest are attributes
 * @param {...Children} children nothing is added for null, undefined and false
 * @returns {any} the element
 */
export function h(tag, properties, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && !key.startsWith("aria") && key !== "role" && key !== "list") Object.assign(element, { [key]: value });
    else element.setAttribute(key, value === true ? "" : value);
  }
  fill(element, ...children);
  return element;
}

/**
 * Returns an element of an SVG picture.
 * @param {string} name @param {Record<string, string | number | undefined>} attributes those that are undefined are left out
 * @param {...(Node | string)} children
 */
export function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * Replaces what is in an element.
 * @param {Element} element
 * @param {...Children} children
 */
export function fill(element, ...children) {
  element.replaceChildren(.../** @type {any[]} */ (children.flat(2).filter((c) => c !== null && c !== undefined && c !== false)));
}

/** Marks what is in English in every language. @param {any} child @returns {any} */
export function english(child) {
  return inEnglish ? h("span", inEnglish, child) : child;
}

/** A text that only screen readers meet. */
export function spoken(/** @type {string} */ text) {
  return h("span.spoken", null, text);
}

/** The sign that stands for a lane, by colour and by shape. */
export function sign(/** @type {number} */ lane) {
  return h(`i.sign.lane${lane % 4}`, { "aria-hidden": "true" });
}
