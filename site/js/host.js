// What a lab tells the page around it, and what that page can tell the lab. types/host.d.ts has the messages, and course.html explains them.

/** @typedef {import("../types/host.js").Told} Told */
/** @typedef {import("../types/host.js").Command} Command */

/** Of the messages; a page that writes it into its own is understood as long as it is this one. */
const version = 1;

/** Symbols of the longest link that is taken. */
const longestLink = 100000;

/** Milliseconds between two messages on how far the lanes are. */
const pace = 250;

/** The commands, and whether a message has what each of them takes. @type {Record<string, (data: any) => boolean>} */
const commands = {
  "posttrain/run": () => true, "posttrain/pause": () => true, "posttrain/reset": () => true,
  "posttrain/load": ({ link }) => typeof link === "string" && link.length > 0 && link.length <= longestLink,
  "posttrain/theme": ({ theme }) => ["light", "dark", "auto"].includes(theme),
};

export class Host {
  /** @param {string} origin of the page around, if it is known: then no other page is heard or told anything but heights */
  constructor(origin) {
    this.origin = origin;
    /** Who is told the same. @type {(message: Told) => void} */
    this.also = () => {};
  }

  /** Tells the page around something. @param {Told} message */
  tell(message) {
    this.also(message);
    if (parent !== window) parent.postMessage({ version, ...message }, this.origin || "*");
  }

  /** Calls a function with every message of the page around that is a command. */
  listen(/** @type {(command: Command) => void} */ obey) {
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== parent || parent === window || (this.origin && origin !== this.origin)) return;
      if (typeof data?.type !== "string" || !Object.hasOwn(commands, data.type) || ![undefined, version].includes(data.version)) return;
      if (commands[data.type](data)) obey(data);
    });
  }

  /** Tells the page around what happens in a lab. */
  report(/** @type {any} */ posttrain) {
    const told = () => ({ link: posttrain.link(), lanes: posttrain.state().lanes.map((/** @type {any} */ { label, name, step, steps }) => ({ label, name, step, steps })) });
    const byLane = (/** @type {(lane: any) => any} */ of) => Object.fromEntries(posttrain.state().lanes.map((/** @type {any} */ l) => [l.label, of(l)]));
    const prediction = () => posttrain.state().prediction;
    let opened = ""; // the link that the page around was told of
    const ready = () => {
      opened = posttrain.link();
      if (opened) this.tell({ type: "posttrain/ready", started: true, ...told() });
    };
    /** @type {number | undefined} */
    let soon;
    posttrain.on("event", (/** @type {any} */ e) => {
      if (e.kind === "eval") this.tell({ type: "posttrain/measured", link: posttrain.link(), lane: e.lane, step: e.step, metrics: byName(e.metrics) });
      if (e.kind !== "step") return;
      soon ??= setTimeout(() => {
        soon = undefined;
        this.tell({ type: "posttrain/step", ...told() });
      }, pace);
    });
    posttrain.on("change", () => {
      if (posttrain.link() !== opened) ready();
    });
    posttrain.on("predict", () => this.tell({ type: "posttrain/predicted", link: posttrain.link(), prediction: prediction() }));
    posttrain.on("done", () => this.tell({
      type: "posttrain/done", link: posttrain.link(), digests: byLane((l) => l.digest), metrics: byLane((l) => l.metrics), prediction: prediction(),
    }));
    ready();
  }
}

/** The metrics of an event by name. @param {{n: string, v: number}[] | undefined} metrics @returns {Record<string, number>} */
function byName(metrics) {
  return Object.fromEntries((metrics ?? []).map(({ n, v }) => [n, v]));
}

/**
 * Gives the keyboard back to the page around when somebody presses Escape, and with pointers also when they have pressed a button with one:
 * the keys that turn its slides are its own. Fields and menus keep it, and so does somebody who presses buttons by keyboard.
 */
export function leaveKeys(/** @type {boolean} */ pointers) {
  const fields = ["INPUT", "SELECT", "TEXTAREA", "OPTION"];
  const inField = (/** @type {EventTarget | null} */ target) => fields.includes(/** @type {Element} */ (target).tagName);
  if (pointers) addEventListener("click", ({ detail, target }) => {
    if (detail > 0 && !inField(target)) parent.focus();
  });
  addEventListener("keydown", ({ key, target }) => {
    if (key === "Escape" && !document.querySelector("dialog[open]") && !inField(target)) parent.focus();
  });
}
