// The texts of the page with what is to stand in them. The texts are in text/en.json and its translations; the build puts them in the places of
// expressions such as texts.lab.run: see docs/decisions/0047-the-text-of-the-page.md.

/** A text. One that depends on a number n has two forms, between which the build puts a bar. @typedef {string | {one: string, other: string}} Text */

/**
 * A text around values, as children of an element.
 * @param {Text} text @param {Record<string, any>} values what stands in the places of names in braces
 * @returns {any[]}
 */
export function around(text, values) {
  const [one, other = one] = String(text).split("|");
  return (String(values.n) === "1" ? one : other).split(/\{(\w+)\}/).map((part, i) => (i % 2 ? values[part] : part));
}

/** A text with values in it. @param {Text} text @param {Record<string, string | number>} values */
export function say(text, values) {
  return around(text, values).join("");
}
