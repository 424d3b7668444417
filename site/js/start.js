// What an embedded lab shows until somebody starts it: what it is about, and its lanes before the race. It reads as much of the link
// as that takes; whether the link is right is found out by the clerk once the lab is started.

import { fill, h, sign } from "./dom.js";

/**
 * Fills the place of the lab.
 * @param {Element} place @param {any} welcome what the site was built with @param {string} link @param {() => void} start
 */
export function startCard(place, welcome, link, start) {
  const { kicker, title, question, lanes } = told(link, welcome);
  fill(place, h("section.instead.start", { "aria-label": title },
    h("div", null,
      h("p.kicker", null, kicker), h("h1", null, title),
      question && h("p.question", null, h("b", null, "Before you run: "), question),
      h("button.run.start-lab", { type: "button", onclick: start }, "Start"),
      h("p.small", null, "Start loads about 4 MB. Everything runs on your machine, and nothing is sent anywhere.")),
    h("ul.tracks", { "aria-label": "What is compared" }, lanes.map((name, i) => h("li", null,
      h("span.name", null, name), sign(i), h("span.way"), h("span.end", { "aria-hidden": "true" }, "?"))))));
}

/** What a link says to somebody who has not started it. */
function told(/** @type {string} */ link, /** @type {any} */ { menu, starts }) {
  const [name, query = ""] = link.replace(/\s/g, "").replaceAll("&amp;", "&").split("?");
  const keys = new URLSearchParams(query);
  const hidden = (keys.get("hide") ?? "").split(",");
  const exhibit = menu.exhibits.findIndex((/** @type {any} */ e) => e.name === name);
  const own = keys.getAll("lane").map((stages) => stages.split("~").map((s) => s.split(",")[0]).join(" \u2192 ").replaceAll("_", " ").toUpperCase());
  return {
    kicker: menu.exhibits[exhibit]?.family ?? (exhibit >= 0 ? `Exhibit ${exhibit + 1}` : "An experiment"),
    title: (menu.exhibits[exhibit] ?? menu.tasks.find((/** @type {any} */ t) => t.name === name))?.title ?? "Post-training in your browser",
    question: hidden.includes("predict") ? "" : starts[name]?.question,
    lanes: own.length > 0 ? own : starts[name]?.lanes ?? [],
  };
}
