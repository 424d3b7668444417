// <posttrain-lab link="memorise?seed=7" [title="..."] [text="..."] [question="..."] [view="compact"] [theme="light"] [picture="300"]
// [height="900"] [start]>: an experiment in a page of your own. It is an iframe of the embed.html beside this script, as high as what is in
// it. What stands between the tags is shown until this script has been loaded. The element has methods run, pause and reset, and events
// ready, step, measured, predicted, done and refused, with what the lab tells as their detail: see types/host.d.ts.
//
// <posttrain-lab lesson="memorise">: a lesson, and the lab beside it. lesson is the name of one, or the address of a Markdown file, which
// ends with .md or has a / in it. Instead, the element may have the text in a child, <script type="text/markdown">. Its events are lesson,
// answered and finished too.
//
// It is not a module, so that pages of other hosts can load it from one that sends no headers for them.
{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript ?? document.querySelector('script[src*="posttrain-lab.js"]'));
  const page = new URL("embed.html", script.src);
  const lessonPage = new URL("lesson.html", script.src);

  /** Pixels until the experiment has told its height, and the most that it is given. */
  const firstHeight = 430;
  const mostHeight = 20000;

  /** The attributes that an address of embed.html has, besides the link. */
  const passed = ["title", "text", "question", "view", "picture"];

  /** What the lab tells, without what the element does with it itself. */
  const told = ["ready", "step", "measured", "predicted", "done", "refused", "lesson", "answered", "finished"];

  /** The text of a lesson for an address, as pack of js/lesson-text.js has it. */
  async function pack(/** @type {string} */ text) {
    const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
    const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    return `~${btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
  }

  /** A text without empty lines before it, and without what its first line is indented by. */
  function outdented(/** @type {string} */ text) {
    const whole = text.replace(/\r\n/g, "\n").replace(/^(?:[ \t]*\n)+/, "");
    const [indent] = whole.match(/^[ \t]*/) ?? [""];
    return whole.slice(indent.length).replaceAll(`\n${indent}`, "\n");
  }

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

  class PosttrainLab extends HTMLElement {
    static observedAttributes = ["link", "lesson", "start", "height", "theme", ...passed];

    constructor() {
      super();
      /** @type {HTMLIFrameElement | undefined} */
      this.frame = undefined;
      /** The theme with which its page was opened. @type {string | undefined} */
      this.opened = undefined;
      /** Whether the frame has its page, and whether it was given another link before. */
      this.loaded = this.overtaken = false;
      /** Commands that wait until the lab listens; undefined since it does. @type {object[] | undefined} */
      this.commands = [];
      this.theme = ""; // that the lab has
      this.opening = 0; // how many times a page was to be opened
      this.watcher = new MutationObserver(() => this.dress());
      this.dress = this.dress.bind(this);
      this.listen = (/** @type {MessageEvent} */ e) => this.hear(e);
      // The frame is a child as any other, where labs on a page find one another; the slot leaves out all other children.
      this.attachShadow({ mode: "open" }).append(Object.assign(document.createElement("slot"), { name: "lab" }));
    }

    connectedCallback() {
      addEventListener("message", this.listen);
      this.loaded = this.overtaken = false; // an iframe that is moved loads anew
      this.commands ??= [];
      this.theme = this.opened ?? "";
      this.watch();
      if (this.frame) return;
      this.querySelector(":scope > iframe[slot=lab]")?.remove(); // of an element that this one is a copy of
      const frame = (this.frame = document.createElement("iframe"));
      frame.slot = "lab";
      frame.loading = "lazy";
      frame.allow = "clipboard-write";
      if (crossOriginIsolated) Object.assign(frame, { credentialless: true }); // or its host would have to send what isolated pages send
      frame.onload = () => {
        this.loaded = true;
        if (this.overtaken) this.attributeChangedCallback("link"); // Chromium may have loaded the first of the two addresses
      };
      this.style.display = "block";
      // Important, so that styles of the page around do not matter; set one by one, as policies against inline styles allow.
      const look = {
        display: "block", position: "static", width: "100%", "min-width": "0", "max-width": "none", "min-height": "0", "max-height": "none",
        margin: "0", padding: "0", border: "0", "color-scheme": "normal",
      };
      for (const [name, value] of Object.entries(look)) frame.style.setProperty(name, value, "important");
      for (const name of ["link", "title", "height"]) this.attributeChangedCallback(name);
      this.append(frame);
      // While the document is being read, the children are not there yet.
      if (this.unread) addEventListener("DOMContentLoaded", () => this.attributeChangedCallback("lesson"), { once: true });
    }

    disconnectedCallback() {
      removeEventListener("message", this.listen);
      this.watcher.disconnect();
      dark.removeEventListener("change", this.dress);
      removeEventListener("transitionend", this.dress, true);
    }

    /** Follows how the page around looks: its switch between light and dark changes attributes, and perhaps colours over some time. */
    watch() {
      for (const e of [document.documentElement, document.body]) this.watcher.observe(e, { attributes: true });
      dark.addEventListener("change", this.dress);
      addEventListener("transitionend", this.dress, true);
    }

    /** The theme that the lab is to have. */
    get wanted() {
      const theme = this.getAttribute("theme") ?? "auto";
      return theme !== "auto" ? theme : standsOnDark(this) ? "dark" : "light";
    }

    /** Has the lab look as is wanted, once it listens. */
    dress() {
      if (this.commands || this.wanted === this.theme) return;
      this.theme = this.wanted;
      this.tell({ type: "posttrain/theme", theme: this.theme });
    }

    run() {
      this.tell({ type: "posttrain/run" });
    }

    pause() {
      this.tell({ type: "posttrain/pause" });
    }

    reset() {
      this.tell({ type: "posttrain/reset" });
    }

    /** Tells the lab something, as soon as it listens. */
    tell(/** @type {object} */ command) {
      if (this.commands) this.commands.push(command);
      else this.frame?.contentWindow?.postMessage({ version: 1, ...command }, page.origin === "null" ? "*" : page.origin);
    }

    attributeChangedCallback(/** @type {string} */ name) {
      const { frame } = this;
      if (!frame) return;
      if (name === "title") frame.title = this.title || texts.page.frameTitle;
      if (name === "height") this.rise(Number(this.getAttribute("height")) || firstHeight);
      else if (name === "theme") this.dress();
      else this.open(frame);
    }

    /** The text of a lesson that the element has in a child; "" without one. */
    get written() {
      return this.querySelector(':scope > script[type="text/markdown"]')?.textContent ?? "";
    }

    /** Whether it is not known yet what to show, since a child of the element would say it. */
    get unread() {
      return document.readyState === "loading" && !this.hasAttribute("link") && !this.hasAttribute("lesson") && !this.written;
    }

    /** Has the frame show what the attributes say. */
    async open(/** @type {HTMLIFrameElement} */ frame) {
      const turn = ++this.opening;
      const name = this.getAttribute("lesson");
      if (this.unread) return;
      if (name === null && !this.written) return this.show(frame, page, this.getAttribute("link") ?? "");
      const lesson = await this.lesson(name).catch((e) => {
        this.dispatchEvent(new CustomEvent("refused", { detail: { version: 1, type: "posttrain/refused", link: name ?? "", why: e.message } }));
        return encodeURIComponent(e.message); // the page says that there is no such lesson
      });
      if (turn === this.opening) this.show(frame, lessonPage, lesson);
    }

    /** The fragment of the lesson that the element is to show, by the attribute's value or else by its own text. */
    async lesson(/** @type {string | null} */ name) {
      if (name === null) return pack(outdented(this.written));
      if (!name.includes("/") && !name.endsWith(".md")) return name;
      const url = new URL(name, document.baseURI);
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`${url}: ${answer.status} ${answer.statusText}`.trim());
      return pack(await answer.text());
    }

    /** Has the frame show a page. Another fragment of the same page is taken up without loading it anew, except by lessons. */
    show(/** @type {HTMLIFrameElement} */ frame, /** @type {URL} */ page, /** @type {string} */ fragment) {
      if (!frame.src) this.loaded = false; // or what was loaded is an empty document
      this.overtaken = !this.loaded && frame.src !== "";
      const url = new URL(page);
      if (this.hasAttribute("start")) url.searchParams.set("start", "");
      for (const name of passed) if (this.getAttribute(name)) url.searchParams.set(name, this.getAttribute(name) ?? "");
      this.opened ??= this.wanted; // later themes are messages, for which nothing has to be loaded anew
      url.searchParams.set("theme", this.opened);
      if (origin !== "null") url.searchParams.set("origin", origin);
      url.hash = fragment;
      const before = new URL(frame.src || page);
      if (url.search !== before.search || url.pathname !== before.pathname || page === lessonPage && url.hash !== before.hash) {
        this.theme = this.opened;
        this.commands ??= [];
      }
      frame.src = url.href;
    }

    /** Hears what the lab tells; nobody else is listened to. */
    hear(/** @type {MessageEvent} */ { source, data }) {
      if (!this.frame || source !== this.frame.contentWindow || typeof data?.type !== "string") return;
      const [from, what] = data.type.split("/");
      if (from !== "posttrain") return;
      if (what === "height") this.follow(data.height);
      if (what === "ready") this.begin();
      if (told.includes(what)) this.dispatchEvent(new CustomEvent(what, { detail: data }));
    }

    /** Makes the element as high as the lab is, unless a height was asked for. */
    follow(/** @type {unknown} */ height) {
      if (this.hasAttribute("height") || typeof height !== "number" || !(height > 0) || !Number.isFinite(height)) return;
      this.rise(Math.min(Math.ceil(height), mostHeight));
    }

    /** Tells the lab what has waited for it. */
    begin() {
      const waiting = this.commands ?? [];
      this.commands = undefined;
      this.dress();
      for (const command of waiting) this.tell(command);
    }

    rise(/** @type {number} */ height) {
      this.frame?.style.setProperty("height", `${height}px`, "important");
    }
  }

  if (!customElements.get("posttrain-lab")) customElements.define("posttrain-lab", PosttrainLab);
}
