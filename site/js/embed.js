// A lab embedded in another page. It shows a card until somebody starts it, since a page may have many labs and each takes some hundred
// megabytes. In a window of its own, or with ?start in the address, it starts at once. It sends its height to the page around it, in the
// formats that course hosts understand.

import { carriedLink, file } from "./files.js";
import { startCard } from "./start.js";

/** The options in the address. start: start at once. title: what the page around calls the experiment. */
const asked = new URLSearchParams(location.search);

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

/** Shows the card for the link in the address, which the page around may change. Resolves when the lab is started. */
async function started() {
  const place = /** @type {HTMLElement} */ (document.getElementById("lab"));
  const welcome = await (await file("welcome.json")).json();
  await new Promise((/** @type {(_?: unknown) => void} */ start) => {
    const show = () => startCard(place, welcome, location.hash.slice(1) || location.search.slice(1).replace("&", "?") || carriedLink, asked.get("title") ?? "", start);
    show();
    onhashchange = show;
  });
  onhashchange = null;
  place.focus(); // where the button was
}

if (parent !== window && !asked.has("start")) await started();
await import("./lab.js");
