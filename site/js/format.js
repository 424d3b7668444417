// Numbers for people.

/** 0.994 as 99 %, but 0.997 as 99.7 %: nearly all is not all. */
export function percent(/** @type {number | undefined} */ share) {
  if (share === undefined) return "–";
  const p = 100 * share;
  const rounded = Math.round(p);
  return (rounded !== p && (rounded === 0 || rounded === 100) ? p.toFixed(1) : String(rounded)) + "\u202f%";
}

/** 19200 as 19,200 and 1234567 as 1.23 M. Intl would take a tenth of a second to load what it knows of languages. */
export function count(/** @type {number} */ n) {
  if (n >= 1e9) return (n / 1e9).toPrecision(3) + "\u202fG";
  if (n >= 1e6) return (n / 1e6).toPrecision(3) + "\u202fM";
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 1615872 as 1.62 MB. */
export function bytes(/** @type {number} */ n) {
  return n < 1e6 ? (n / 1e3).toPrecision(3) + "\u202fkB" : (n / 1e6).toPrecision(3) + "\u202fMB";
}

/** A time in seconds. */
export function seconds(/** @type {number} */ s) {
  return s < 10 ? s.toFixed(1) + "\u202fs" : Math.round(s) + "\u202fs";
}

/** The first letter large. */
export function capital(/** @type {string} */ s) {
  return s.slice(0, 1).toUpperCase() + s.slice(1);
}

/** Names with commas and an "and". */
export function list(/** @type {string[]} */ names) {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(` ${texts.common.and} `);
}

/** Why something could not be loaded, and what to do about it. What browsers say when the network is down is for programmers. */
export function whyNot(/** @type {Error} */ { message }) {
  const down = /failed to fetch|networkerror|load failed|network error/i.test(message) || String(message).includes(texts.common.didNotLoad);
  return down ? texts.common.unreachable : message;
}

/** What a text begins with. */
export function firstSentence(/** @type {string} */ text) {
  return text.match(/^.*?[.?!](?=\s|$)/s)?.[0] ?? text;
}
