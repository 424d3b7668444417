// What the builder makes, as text: the HTML of an exercise, and the Markdown file of a lesson. See docs/lessons.md.

/**
 * A step of a lesson as the builder has it. goal is a kind of goal, or "read" for none, or "words" for an answer in own words; which of the other
 * fields count depends on it.
 * @typedef {{
 *   title: string, text: string, goal: string, unlock: boolean, open: boolean,
 *   update: string, lane: string, metric: string, compare: string, value: string, key: string, to: string, scene: string, panel: string,
 *   choices: {text: string, right: boolean}[], after: string,
 * }} Step
 * @typedef {{title: string, link: string, hide: string[], lock: string, minutes: string, question: string, choices: string, text: string, steps: Step[]}} Lesson
 * @typedef {{title: string, link: string, hide: string[], text: string, question: string, compact: boolean, picture: string}} Exercise
 */

/** Pixels of an iframe in each form, with the picture as high as it usually is there. */
const heights = { full: { frame: 900, picture: 380 }, compact: { frame: 480, picture: 250 } };

/** A link with these panels hidden, and no others. @param {string} link @param {string[]} hide */
export function hiding(link, hide) {
  const [name, query = ""] = link.split(/\?(.*)/s);
  const pairs = query.split("&").filter((pair) => pair && !pair.startsWith("hide="));
  if (hide.length > 0) pairs.push(`hide=${hide.join(",")}`);
  return pairs.length > 0 ? `${name}?${pairs.join("&")}` : name;
}

/** The attributes of an exercise besides its link. */
function attributes(/** @type {Exercise} */ { title, text, question, compact, picture }) {
  return Object.entries({ title, text, question, view: compact ? "compact" : "", picture }).filter(([, value]) => value);
}

/** A text inside quotation marks of HTML. */
function escaped(/** @type {string} */ text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

/** An exercise as the element. script and page are the addresses of posttrain-lab.js and of the playground. @param {Exercise} e @param {URL} script @param {URL} page */
export function element(e, script, page) {
  const link = hiding(e.link, e.hide);
  const named = [["link", link], ...attributes(e)].map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
  return `<script src="${escaped(script.href)}" defer></script>

<posttrain-lab${named}>
  <a href="${escaped(`${page.href}#${link}`)}">${texts.builder.openIt}</a>
</posttrain-lab>`;
}

/** The address of an exercise that stands alone. @param {Exercise} e @param {URL} embed */
export function address(e, embed) {
  const url = new URL(embed);
  for (const [name, value] of attributes(e)) url.searchParams.set(name, value);
  url.hash = hiding(e.link, e.hide);
  return url.href;
}

/** An exercise as an iframe. @param {Exercise} e @param {URL} embed */
export function frame(e, embed) {
  const usual = heights[e.compact ? "compact" : "full"];
  const height = usual.frame + (e.picture ? Number(e.picture) - usual.picture : 0);
  return `<iframe src="${escaped(address(e, embed))}"
  title="${escaped(e.title || texts.page.frameTitle)}" width="100%" height="${height}" loading="lazy" allow="clipboard-write"></iframe>`;
}

/** A text of the front matter, in quotation marks where YAML would not read it as it is. */
function value(/** @type {string} */ text) {
  const line = text.trim().replace(/\s+/g, " ");
  return /^[\p{L}\p{N}][\p{L}\p{N} ,.?!()/&=~;_-]*$/u.test(line) && !/^null$/i.test(line) ? line : JSON.stringify(line);
}

/** The words of a heading, without what Markdown would read as formatting or as attributes. */
function words(/** @type {string} */ text) {
  return text.trim().replace(/\s+/g, " ").replace(/[{}]/g, "").replace(/[\\`*_[\]<>]/g, "\\$&");
}

/** How each goal with arguments is written; the others are their names. @type {Record<string, (step: Step) => string>} */
const goals = {
  update: ({ update }) => `update ${update}`,
  reach: ({ lane, metric, compare, value }) => `reach ${lane} ${metric} ${compare} ${value}`,
  change: ({ key, to }) => `change ${key}${to ? `=${to}` : ""}`,
  see: ({ scene }) => `see ${scene}`,
  open: ({ panel }) => `open ${panel}`,
  words: () => "answer",
};

/** A step as Markdown. @param {Step} step @param {boolean} locked whether the lesson locks anything */
function section(step, locked) {
  const goal = step.goal === "read" ? "" : (goals[step.goal]?.(step) ?? step.goal);
  const given = [goal && `goal="${goal.replaceAll('"', "").trim()}"`, step.unlock && locked && "unlock=true"].filter(Boolean).join(" ");
  const choices = step.goal === "answer" ? step.choices.filter(({ text }) => text.trim()).map(({ text, right }) => `- [${right ? "x" : " "}] ${text.trim()}`).join("\n") : "";
  const after = ["answer", "words"].includes(step.goal) && choices ? step.after.trim() : "";
  return [`## ${words(step.title)}${given && ` {${given}}`}`, step.text.trim(), choices, after].filter(Boolean).join("\n\n");
}

/** A lesson as a Markdown file. @param {Lesson} l */
export function lessonText(l) {
  const asks = l.steps.some(({ goal }) => goal === "predict");
  const front = {
    title: l.title, link: hiding(l.link, []), hide: l.hide.join(", "), lock: l.lock, minutes: l.minutes, predict: asks ? l.question : "", choices: asks ? l.choices : "",
  };
  const lines = Object.entries(front).filter(([key, text]) => text.trim() || key === "title" || key === "link").map(([key, text]) => `${key}: ${value(text)}`);
  const parts = [l.text.trim(), ...l.steps.map((step) => section(step, l.lock !== ""))].filter(Boolean);
  return `---\n${lines.join("\n")}\n---\n${parts.join("\n\n")}\n`;
}
