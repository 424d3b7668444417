// The places of the page that change, in the order they are read.

import { h } from "./dom.js";

const card = (/** @type {string} */ name, /** @type {string} */ title, /** @type {any[]} */ ...children) =>
  h(`section.card.${name}`, { "data-panel": name, "aria-labelledby": `${name}-title` }, h("h2", { id: `${name}-title` }, title), children);

/** Builds the page into main and returns its places by name. */
export function layout(/** @type {Element} */ main) {
  const p = {
    notice: h("div.notice", { role: "alert", hidden: true }),
    status: h("p.spoken", { role: "status" }),
    kicker: h("p.kicker"), title: h("h1", null, "Posttrain"), lead: h("p.lead", null, "Loading the experiment…"), intro: h("p"), predict: h("div.predict", { "data-panel": "predict" }),
    recipe: h("div.card.recipe", { "data-panel": "recipe", role: "group", "aria-label": "The recipe" }),
    tabs: h("div.tabs", { role: "tablist", "aria-label": "Pictures" }), options: h("div.options"),
    stage: h("div.stage-place", { id: "stage", role: "tabpanel", "aria-describedby": "caption" }), picture: h("div.picture"), still: h("div.still"), frame: h("div.frame"), loading: h("p.small.loading", null, "Loading the picture…"),
    caption: h("p.caption", { id: "caption" }), table: h("div"), tableDetails: h("details.as-table"),
    run: h("button.run", { type: "button", disabled: true }, "Run"), step: h("button", { type: "button", disabled: true, title: "One update of every lane, then measure" }, "Step"),
    rewind: h("button", { type: "button", disabled: true }, "Rewind"), seed: h("span.seed"),
    progress: h("progress", { max: 1, value: 0, "aria-label": "Progress of the experiment" }), where: h("p.where", null, "Loading the trainer…"),
    verdict: h("div"), score: h("div"), cost: h("div"), answers: h("div.answers-grid", { "data-panel": "answers" }),
    try: h("div"), share: h("div"), field: h("div"),
  };
  p.picture.append(p.still, p.frame);
  p.stage.append(p.picture, p.loading);
  p.tableDetails.append(h("summary", null, "The same as a table"), p.table);
  main.replaceChildren(
    p.notice, p.status,
    h("section.intro", { "data-panel": "intro" }, p.kicker, p.title, p.lead),
    h("div.lab", null,
      h("div.bench", null,
        h("section.card.stage", { "data-panel": "stage", "aria-label": "The lanes in training" },
          h("div.transport", null, p.run, p.step, p.rewind, p.seed, h("div.push", null, p.progress, p.where)),
          p.predict,
          h("div.stage-head", null, p.tabs, p.options), p.stage, p.caption, p.tableDetails),
        h("div.stack", null, card("verdict", "What happened", p.verdict), card("score", "Score", p.score), card("try", "Try a prompt of your own", p.try)),
        p.answers,
        h("div.trio", null, card("cost", "What it cost", p.cost), card("field", "What the field says", p.field), card("share", "Take it with you", p.share))),
      h("aside.side", { "aria-label": "The experiment" },
        h("section.card.about", { "data-panel": "intro", "aria-labelledby": "about-title" }, h("h2", { id: "about-title" }, "What is tried"), p.intro), p.recipe)),
  );
  unfoldOnPaper(p.verdict);
  return p;
}

/** Opens the whole verdict for whoever prints the page, and closes it afterwards. */
function unfoldOnPaper(/** @type {Element} */ verdict) {
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [.../** @type {NodeListOf<HTMLDetailsElement>} */ (verdict.querySelectorAll("details:not([open])"))];
    for (const d of opened) d.open = true;
  });
  addEventListener("afterprint", () => {
    for (const d of opened) d.open = false;
  });
}
