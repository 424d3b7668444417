// An experiment or a lesson in a notebook or a book: a front-end module as anywidget specifies them (AFM), for Jupyter, marimo, MyST and
// whatever else calls render({ model, el }). It makes an iframe of the playground's embed.html or lesson.html, follows the traits link, lesson,
// title, text, question, view, theme, picture, height and base, and writes the traits state, done and sheet: see docs/hosts.
//
// It imports nothing, since hosts load it in different ways: from the playground, from a copy beside the notebook, or as a blob. So a few
// lines are those of posttrain-lab.js, which is no module. A copy does not know where the playground is, and needs base. The build makes this
// file small and puts its texts in, so a copy is made from the built site.

/** @typedef {import("./types/host.js").Told | {type: "posttrain/height", height: number}} Heard */

/**
 * What a host keeps of a widget, as far as this one uses it.
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {(event: string, call: () => void) => void} on
 * @property {(event: string, call: () => void) => void} off
 * @property {() => void} save_changes
 */

/** Pixels until the experiment has told its height, and the most that it is given. */
const firstHeight = 430;
const mostHeight = 20000;

/** The traits that are in the address of a page, besides what is shown. */
const passed = ["title", "text", "question", "view", "picture"];

/** Important, so that styles of the page around do not matter. */
const look = {
  display: "block", position: "static", width: "100%", "min-width": "0", "max-width": "none", "min-height": "0", "max-height": "none",
  margin: "0", padding: "0", border: "0", "color-scheme": "normal",
};

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Whether an element stands on a dark ground: that of the first element around it that has one, or else the page's own. */
function standsOnDark(/** @type {Element} */ element) {
  for (let e = /** @type {Element | null} */ (element); e; e = e.parentElement ?? /** @type {ShadowRoot} */ (e.getRootNode()).host ?? null) {
    const [red, green, blue, alpha = 1] = getComputedStyle(e).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128; // the usual weights of brightness
  }
  const schemes = getComputedStyle(document.documentElement).colorScheme;
  return schemes.includes("dark") && (!schemes.includes("light") || dark.matches);
}

/** Calls a method that a host may not have: in MyST, off and save_changes throw an error that says so. */
function ifThere(/** @type {() => void} */ call) {
  try {
    call();
  } catch {
    // nothing depends on it: see View.close, and without a kernel nothing is saved
  }
}

/** One place on a page in which a widget is shown. A notebook may show the same widget in several. */
class View {
  /** Whether the frame has its page. */ loaded = false;
  /** The theme with which the page was opened; later ones are messages. */ opened = "";
  /** The theme that the lab has. */ theme = "";
  /** The origin of the playground. */ origin = "";
  /** The height in pixels that the lab has told. */ high = firstHeight;
  over = new AbortController();

  /** @param {Model} model @param {HTMLElement} el */
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.frame = document.createElement("iframe");
    /** The way to the playground, until the frame has answered; readers without scripts or frames keep it. */
    this.way = document.createElement("a");
    this.watcher = new MutationObserver(() => this.dress());
    /** What follows each trait. @type {Record<string, () => void>} */
    this.followers = { height: () => this.rise(), theme: () => this.dress() };
    for (const name of ["link", "lesson", "base", ...passed]) this.followers[name] = () => this.open();
    for (const [name, follow] of Object.entries(this.followers)) {
      this.followers[name] = () => void (this.over.signal.aborted || follow());
      model.on(`change:${name}`, this.followers[name]);
    }
    const { signal } = this.over;
    addEventListener("message", (e) => this.hear(e), { signal });
    addEventListener("transitionend", () => this.dress(), { signal, capture: true }); // a switch between light and dark may take some time
    dark.addEventListener("change", () => this.dress(), { signal });
    for (const e of [document.documentElement, document.body]) this.watcher.observe(e, { attributes: true });
    el.append(this.way);
    this.open();
  }

  /** A trait as text; "" if the host does not have it. @param {string} name */
  trait(name) {
    return String(this.model.get(name) || "").trim();
  }

  /** Where the playground is. */
  get base() {
    const base = this.trait("base");
    try {
      return base ? new URL(base.endsWith("/") ? base : `${base}/`, document.baseURI) : new URL(".", import.meta.url);
    } catch {
      throw new Error(texts.page.noBase);
    }
  }

  /** The theme that the lab is to have. */
  get wanted() {
    const theme = this.trait("theme") || "auto";
    return theme !== "auto" ? theme : standsOnDark(this.el) ? "dark" : "light";
  }

  /** The address of what the traits say. */
  get address() {
    const lesson = this.trait("lesson");
    const url = new URL(lesson ? "lesson.html" : "embed.html", this.base);
    for (const name of passed) if (this.trait(name)) url.searchParams.set(name, this.trait(name));
    this.opened ||= this.wanted;
    url.searchParams.set("theme", this.opened);
    if (origin !== "null") url.searchParams.set("origin", origin);
    url.hash = lesson || this.trait("link");
    return url;
  }

  /** Shows what the traits say. Another link of the same page is taken up without loading it anew. */
  open() {
    const url = this.address;
    const before = this.frame.src.split("#")[0];
    this.origin = url.origin;
    this.way.href = new URL((this.trait("lesson") ? "lesson.html" : "") + url.hash, this.base).href;
    this.way.textContent = this.trait("title") || texts.page.frameTitle;
    if (this.loaded && before === url.href.split("#")[0]) this.frame.src = url.href;
    else this.load(url);
  }

  /** Loads a page in a frame of its own: one that is still loading another address may show either. @param {URL} url */
  load(url) {
    const frame = document.createElement("iframe");
    frame.title = this.way.textContent;
    frame.loading = "lazy";
    frame.allow = "clipboard-write";
    if (crossOriginIsolated) Object.assign(frame, { credentialless: true }); // or its host would have to send what isolated pages send
    // set one by one, as policies against inline styles allow
    for (const [name, value] of Object.entries(look)) frame.style.setProperty(name, value, "important");
    frame.onload = () => void (this.loaded = true);
    frame.src = url.href;
    this.frame.remove();
    this.frame = frame;
    this.loaded = false;
    this.theme = this.opened;
    this.way.hidden = false;
    this.high = firstHeight;
    this.rise();
    this.way.before(frame);
  }

  /** Hears what the lab tells; nobody else is listened to. @param {MessageEvent} message */
  hear({ source, origin: from, data }) {
    if (source !== this.frame.contentWindow || from !== this.origin || typeof data?.type !== "string") return;
    this.way.hidden = true;
    this.take(data);
  }

  /** @param {Heard} told */
  take(told) {
    switch (told.type) {
      case "posttrain/height":
        if (!(Number.isFinite(told.height) && told.height > 0)) break;
        this.high = Math.min(Math.ceil(told.height), mostHeight);
        this.rise();
        break;
      case "posttrain/ready":
        if (!told.started) this.theme = this.opened; // the page is new, also where a host moves a view, which loads its frame anew
        this.dress();
        this.write("state", { started: told.started, link: told.link, lanes: told.lanes });
        break;
      case "posttrain/step":
        this.write("state", { started: true, link: told.link, lanes: told.lanes });
        break;
      case "posttrain/done":
        this.write("done", { link: told.link, digests: told.digests, metrics: told.metrics, prediction: told.prediction });
        break;
      case "posttrain/finished":
        this.write("sheet", told.sheet);
    }
  }

  /** Writes a trait, for the program of the notebook. @param {string} name @param {unknown} value */
  write(name, value) {
    this.model.set(name, value);
    ifThere(() => this.model.save_changes());
  }

  /** Has the lab look as is wanted, once it listens. */
  dress() {
    if (!this.way.hidden || this.wanted === this.theme) return;
    this.theme = this.wanted;
    this.frame.contentWindow?.postMessage({ version: 1, type: "posttrain/theme", theme: this.theme }, this.origin);
  }

  /** Makes the frame as high as the lab is, unless a height was asked for. */
  rise() {
    this.frame.style.setProperty("height", `${Number(this.trait("height")) || this.high}px`, "important");
  }

  /** Leaves nothing behind. Where the host cannot forget a listener, it does nothing any more. */
  close() {
    this.over.abort();
    this.watcher.disconnect();
    for (const [name, follow] of Object.entries(this.followers)) ifThere(() => this.model.off(`change:${name}`, follow));
    this.frame.remove(); // and with it the workers of the lab
    this.way.remove();
  }
}

export default {
  /**
   * Shows a widget in an element, and returns what ends that.
   * @param {{model: Model, el: HTMLElement}} given
   */
  render({ model, el }) {
    const view = new View(model, el);
    return () => view.close();
  },
};
