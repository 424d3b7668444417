// A lab in a page of somebody else's. It waits with a picture of itself until it is started, since a page may have many and each takes
// some hundred megabytes; it does not wait in a window of its own, and where the address has ?start. It tells the page around it
// how high it would like to be, in the ways that course hosts understand.

import { startCard } from "./start.js";

/** What the address asks for: start, not to wait for anybody; title, what the page around calls the experiment. */
const asked = new URLSearchParams(location.search);

let told = 0;

function tell() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  if (height === told || parent === window) return;
  told = height;
  parent.postMessage({ type: "posttrain/height", height }, "*");
  parent.postMessage({ subject: "lti.frameResize", height }, "*");
}

/** @type {number | undefined} */
let soon;
new ResizeObserver(() => {
  clearTimeout(soon);
  soon = setTimeout(tell, 100);
}).observe(document.documentElement);

/** Shows the card for the link in the address, which the host may change, and ends when it is started. */
async function started() {
  const place = /** @type {HTMLElement} */ (document.getElementById("lab"));
  const welcome = await (await fetch(new URL("../welcome.json", import.meta.url))).json();
  await new Promise((/** @type {(_?: unknown) => void} */ start) => {
    const show = () => startCard(place, welcome, location.hash.slice(1) || location.search.slice(1).replace("&", "?"), asked.get("title") ?? "", start);
    show();
    onhashchange = show;
  });
  onhashchange = null;
  place.focus(); // where the button was
}

if (parent !== window && !asked.has("start")) await started();
await import("./lab.js");
