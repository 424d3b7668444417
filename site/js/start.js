// What an embedded lab shows until somebody starts it: a title, the question, and the lanes with their settings. The link is read here
// as far as that takes, because the program that reads links properly has 4 MB. What this reads wrongly is only shown wrongly: the lab
// is given the link as it is.

import { english, fill, h, sign } from "./dom.js";
import { say } from "./say.js";

/**
 * Fills the place of the lab.
 * @param {Element} place @param {any} welcome what the site was built with @param {string} link as it stands in the address
 * @param {{title: string, text: string, question: string, within: string}} asked words of the page around, "" for none; within is what the
 * experiment is a part of, whose name then stands in the place of the experiment's own
 * @param {() => void} start
 */
export function startCard(place, welcome, link, asked, start) {
  const { title, text } = asked;
  const { kicker, heading, question, settings, lanes } = told(plain(link), welcome, title || asked.within);
  fill(place, h("section.instead.start", { "aria-label": heading },
    h("div", null,
      h("p.kicker", null, asked.within ? texts.start.experiment : kicker), h("h1", null, title ? heading : english(heading)),
      text && h("p.text", null, text),
      (asked.question || question) && h("p.question", null, h("b", null, `${texts.lab.beforeYouRun} `), asked.question || english(question)),
      settings && h("p.given", null, settings),
      h("button.run.start-lab", { type: "button", onclick: start }, texts.start.start),
      h("p.small", null, texts.start.says)),
    h("ul.tracks", { "aria-label": texts.start.compared }, lanes.map((/** @type {{name: string, settings: string}} */ { name, settings }, /** @type {number} */ i) => h("li", null,
      h("span.name", null, name), sign(i), h("span.way"), h("span.end", { "aria-hidden": "true" }, "?"), settings && h("span.given", null, settings))))));
}

/** What mailers and editors most often do to a link, undone: escapes, perhaps of escapes, and white space. */
function plain(/** @type {string} */ link) {
  let text = link;
  for (let i = 0; i < 3; i++) {
    try {
      text = decodeURIComponent(text);
    } catch {
      break; // the lab says what is wrong with it
    }
  }
  return text.replace(/\s/g, "").replaceAll("&amp;", "&");
}

/** What the card says about a link. */
function told(/** @type {string} */ link, /** @type {any} */ { menu, starts, recipe }, /** @type {string} */ title) {
  const at = link.indexOf("?");
  const name = at < 0 ? link : link.slice(0, at);
  const pairs = at < 0 ? [] : link.slice(at + 1).split("&");
  const given = (/** @type {string} */ key) => pairs.filter((p) => p.startsWith(key + "=")).map((p) => p.slice(key.length + 1));
  const exhibit = menu.exhibits.findIndex((/** @type {any} */ e) => e.name === name);
  const known = (menu.exhibits[exhibit] ?? menu.tasks.find((/** @type {any} */ t) => t.name === name))?.title ?? texts.start.title;
  const kind = menu.exhibits[exhibit]?.family ?? (exhibit >= 0 ? say(texts.lab.exhibit, { number: exhibit + 1 }) : texts.start.experiment);
  const own = given("lane").map(lane);
  return {
    kicker: title ? `${kind}: ${known}` : kind,
    heading: title || known,
    question: given("hide").some((hidden) => hidden.split(",").includes("predict")) ? "" : starts[name]?.question,
    settings: pairs.filter((p) => recipe.knobs.some((/** @type {any} */ k) => p.startsWith(k.name + "="))).join(", "),
    lanes: own.length > 0 ? own : (starts[name]?.lanes ?? []).map((/** @type {any} */ l) => ({ ...lane(l.text), name: l.name })),
  };
}

/** The name and the settings of a lane that a link writes as sft,steps=20~grpo,beta=0. */
function lane(/** @type {string} */ text) {
  const stages = text.split("~").map((stage) => stage.split(","));
  const settings = stages.map(([, ...rest]) => rest.join(", "));
  return {
    name: stages.map(([method]) => method).join(" \u2192 ").replaceAll("_", " ").toUpperCase(),
    settings: settings.some(Boolean) ? settings.map((s) => s || texts.start.defaults).join(" \u2192 ") : "",
  };
}
