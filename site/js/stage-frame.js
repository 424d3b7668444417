// The iframe that the stage draws in. It owns nothing: when it loses its WebGL context another takes its place.

import { whyNot } from "./format.js";

export class StageFrame {
  /**
   * @param {HTMLElement} place where the iframe goes
   * @param {{opened: () => void, ready: () => void, drawn: () => void, failed: (why: string) => void}} on all but failed again after every loss:
   *   drawn once there is something to see
   */
  constructor(place, on) {
    this.place = place;
    this.on = on;
    this.view = "";
    this.losses = 0; // one after the other
    this.opened = 0;
    this.open();
  }

  open() {
    this.opened = performance.now();
    const frame = document.createElement("iframe");
    frame.src = new URL("../stage.html", import.meta.url).href;
    frame.title = "Drawing of the lanes; the table below it has the same numbers";
    frame.tabIndex = -1;
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.onmessage = ({ data }) => port1 === this.port && this.hear(data);
    frame.addEventListener("load", () => {
      frame.contentWindow?.postMessage({ type: "connect" }, "*", [port2]);
      this.missing().then((why) => why && port1 === this.port && !this.connected && this.on.failed(`the program that draws did not load: ${why}`));
    }, { once: true });
    this.connected = false;
    this.place.replaceChildren(frame);
    this.on.opened();
  }

  /** Says why the frame's script cannot be there, "" if it can. A frame that could not load its script is silent. */
  async missing() {
    try {
      const r = await fetch(new URL("../stage.js", import.meta.url));
      return r.ok ? "" : `${r.status} ${r.statusText}`;
    } catch (/** @type {any} */ e) {
      return whyNot(e);
    }
  }

  hear(/** @type {any} */ { type, why }) {
    this.connected = true;
    if (type === "ready") {
      if (this.view) this.show(this.view);
      this.on.ready();
    } else if (type === "drawn") {
      this.on.drawn();
    } else if (type === "failed") {
      this.on.failed(why);
    } else if (type === "lost") {
      this.losses = performance.now() - this.opened < 3000 ? this.losses + 1 : 1;
      if (this.losses > 5) this.on.failed("the graphics card keeps taking the drawing away");
      else this.open();
    }
  }

  record(/** @type {string} */ recipe) {
    this.port?.postMessage({ type: "record", recipe });
  }

  listen(/** @type {number} */ lane, /** @type {MessagePort} */ port) {
    this.port?.postMessage({ type: "lane", lane, port }, [port]);
  }

  /** @param {string} view a scene.View as JSON */
  show(view) {
    this.view = view;
    this.port?.postMessage({ type: "view", view });
  }
}
