// The iframe in which the stage draws. If it loses its WebGL context, another iframe replaces it.

import { showStage, stageScript } from "./files.js";
import { whyNot } from "./format.js";
import { say } from "./say.js";

export class StageFrame {
  /**
   * @param {HTMLElement} place where the iframe goes
   * @param {{opened: () => void, ready: () => void, drawn: () => void, failed: (why: string) => void}} on opened is called when there is a
   *   new iframe, ready when its program has started, drawn when it shows a picture of the lanes, failed when there will be none
   */
  constructor(place, on) {
    this.place = place;
    this.on = on;
    this.view = "";
    /** @type {HTMLIFrameElement | undefined} the newest one */
    this.frame = undefined;
    this.losses = 0; // how many contexts in a row were lost soon
    this.opened = 0;
    this.open();
  }

  open() {
    this.opened = performance.now();
    const frame = document.createElement("iframe");
    showStage(frame);
    frame.title = texts.viewer.drawing;
    frame.tabIndex = -1;
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.onmessage = ({ data }) => port1 === this.port && this.receive(data);
    this.frame = frame;
    frame.addEventListener("load", () => {
      this.dress();
      frame.contentWindow?.postMessage({ type: "connect" }, "*", [port2]);
      this.missing().then((why) => why && port1 === this.port && !this.connected && this.on.failed(say(texts.viewer.drawerMissing, { why })));
    }, { once: true });
    this.connected = false;
    this.place.replaceChildren(frame);
    this.on.opened();
  }

  /** Has the iframe look as the page does. */
  dress() {
    this.frame?.contentWindow?.postMessage({ type: "theme", theme: document.documentElement.dataset.theme ?? "" }, "*");
  }

  /** Returns why the iframe's script cannot be loaded, or "" if it can. An iframe without its script sends no message. */
  async missing() {
    try {
      const r = await stageScript();
      return r.ok ? "" : `${r.status} ${r.statusText}`;
    } catch (/** @type {any} */ e) {
      return whyNot(e);
    }
  }

  /** Handles a message of the stage. */
  receive(/** @type {any} */ { type, why }) {
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
      if (this.losses > 5) this.on.failed(texts.viewer.keepsLosing);
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
