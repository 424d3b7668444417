// A lab that may be in another page. There it shows a card until somebody starts it, since a page may have many labs and each takes some
// hundred megabytes. In a window of its own, or with ?start in the address, it starts at once. It tells the page around it its height, in
// the formats that course hosts understand, and what happens: see js/host.js.

import { h } from "./dom.js";
import { file } from "./files.js";
import { Host, leaveKeys } from "./host.js";
import { say } from "./say.js";
import { connect } from "./scorm.js";
import { startCard } from "./start.js";

const given = new URLSearchParams(location.search);
// Not from asked.js: it would become a file of its own, which the playground would load too.
const [title, text, question] = ["title", "text", "question"].map((key) => given.get(key) ?? "");

/** What an address can choose, by key. */
const choices = { view: ["compact"], theme: ["light", "dark", "auto"] };

/** The lowest and the highest picture, in pixels. */
const [lowest, highest] = [120, 2000];

/** Returns a sentence about an option in the address that is not accepted; "" if all are. */
function misread() {
  for (const [key, all] of Object.entries(choices)) {
    const value = given.get(key);
    if (value && !all.includes(value)) return say(texts.viewer.expected, { given: `${key}=${value}`, names: all.join(", ") });
  }
  const picture = given.get("picture");
  return !picture || isHeight(picture) ? "" : say(texts.viewer.expected, { given: `picture=${picture}`, names: `${lowest}\u2013${highest}` });
}

/** Reports whether a text is a height that a picture can have. */
function isHeight(/** @type {string} */ text) {
  return Number(text) >= lowest && Number(text) <= highest;
}

let sentHeight = 0;

/** Sends the height to the page around, if it has changed. */
function sendHeight() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  if (height === sentHeight || parent === window) return;
  sentHeight = height;
  parent.postMessage({ type: "posttrain/height", height }, "*");
  parent.postMessage({ subject: "lti.frameResize", height }, "*");
}

/** @type {number | undefined} */
let soon;
new ResizeObserver(() => {
  clearTimeout(soon);
  soon = setTimeout(sendHeight, 100);
}).observe(document.documentElement);

/** The page around. */
export const host = new Host(given.get("origin") ?? "");

/** The course system that runs this page as a package, if one does. */
export const system = connect();
host.also = (message) => system?.report(message);

/** @type {any} window.posttrain, once the lab has been started */
let posttrain;
/** Starts the lab; nothing once it has been started. */
let start = () => {};
/** Whether the page around has told the lab to run before it was started. */
let runs = false;

/** @type {{[K in import("../types/host.js").Command["type"]]: (command: any) => void}} */
const commands = {
  "posttrain/run": () => {
    runs = true;
    if (posttrain) posttrain.run();
    else start();
  },
  "posttrain/pause": () => {
    runs = false;
    posttrain?.pause();
  },
  "posttrain/reset": () => posttrain?.reset(),
  "posttrain/load": ({ link }) => {
    if (!posttrain) location.hash = link; // the card, or the lab that is being loaded, takes it up
    else posttrain.load(link).catch((/** @type {Error} */ { message }) => host.tell({ type: "posttrain/refused", link, why: message }));
  },
  "posttrain/theme": ({ theme }) => dress(theme),
};

/** Has the lab look light or dark, or with "auto" as the browser says. */
function dress(/** @type {string} */ theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  posttrain?.dress();
}

/**
 * Shows the card for a link, which the page around may change if it is in the address. Resolves when the lab is started.
 * @param {() => string} link @param {{title: string, question: string}} lesson what the experiment is a part of, with the question before the
 * run; "" for none
 */
async function started(link, lesson) {
  const place = /** @type {HTMLElement} */ (document.getElementById("lab"));
  const welcome = await (await file("welcome.json")).json();
  await new Promise((/** @type {(_?: unknown) => void} */ begin) => {
    start = () => begin();
    const show = () => {
      startCard(place, welcome, link(), { title, text, question: question || lesson.question, within: lesson.title }, start);
      host.tell({ type: "posttrain/ready", started: false, link: link(), lanes: [] });
    };
    show();
    onhashchange = show;
    if (runs) start();
  });
  onhashchange = null;
  start = () => {};
  place.focus(); // where the button was
}

/**
 * Shows the lab, in another page once somebody has started it. Resolves when it is there.
 * @param {() => string} link what is to be opened @param {{title: string, question: string}} [lesson] what it is a part of
 * @returns {Promise<typeof import("./lab.js")["lab"]>}
 */
export async function enter(link, lesson = { title: "", question: "" }) {
  const wrong = misread();
  if (wrong) document.getElementById("lab")?.before(h("p.notice", { role: "alert" }, wrong));
  const picture = given.get("picture") ?? "";
  if (isHeight(picture)) document.documentElement.style.setProperty("--picture", `${Number(picture)}px`);
  host.listen((command) => commands[command.type](command));
  if (parent !== window) leaveKeys(given.get("view") === "compact");
  if (parent !== window && !given.has("start")) await started(link, lesson);
  const { lab } = await import("./lab.js");
  ({ posttrain } = /** @type {any} */ (globalThis));
  host.report(posttrain);
  if (runs) posttrain.run();
  return lab;
}
