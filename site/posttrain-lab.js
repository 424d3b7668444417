// <posttrain-lab link="memorise?seed=7" [title="..."] [height="900"]>: an experiment in a page of your own. It is an iframe of the
// embed.html beside this module, as high as what is in it.

const page = new URL("embed.html", import.meta.url);

/** Pixels until the experiment has told its height, and the most that it is given. */
const firstHeight = 900;
const mostHeight = 20000;

class PosttrainLab extends HTMLElement {
  static observedAttributes = ["link", "title", "height"];

  constructor() {
    super();
    /** @type {HTMLIFrameElement | undefined} */
    this.frame = undefined;
    /** Whether the frame has its page, and whether it was given another link before. */
    this.loaded = this.overtaken = false;
    this.listen = (/** @type {MessageEvent} */ e) => this.hear(e);
  }

  connectedCallback() {
    addEventListener("message", this.listen);
    this.loaded = this.overtaken = false; // an iframe that is moved loads anew
    if (this.frame) return;
    const frame = (this.frame = document.createElement("iframe"));
    frame.loading = "lazy";
    frame.allow = "clipboard-write";
    frame.onload = () => {
      this.loaded = true;
      if (this.overtaken) this.attributeChangedCallback("link"); // Chromium may have loaded the first of the two addresses
    };
    // In a shadow, where styles of the page around do not reach; set one by one, as policies against inline styles allow.
    Object.assign(this.style, { display: "block" });
    Object.assign(frame.style, { display: "block", width: "100%", border: "0", colorScheme: "normal" });
    for (const name of PosttrainLab.observedAttributes) this.attributeChangedCallback(name);
    (this.shadowRoot ?? this.attachShadow({ mode: "open" })).append(frame);
  }

  disconnectedCallback() {
    removeEventListener("message", this.listen);
  }

  attributeChangedCallback(/** @type {string} */ name) {
    const { frame } = this;
    if (!frame) return;
    if (name === "link") {
      this.overtaken = !this.loaded && frame.src !== "";
      const url = new URL(page);
      url.hash = this.getAttribute("link") ?? "";
      frame.src = url.href; // another fragment of the same page, which is taken up without being loaded anew
    } else if (name === "title") {
      frame.title = this.getAttribute("title") ?? "Posttrain: an experiment that trains a small language model";
    } else {
      frame.style.height = `${Number(this.getAttribute("height")) || firstHeight}px`;
    }
  }

  /** The experiment tells how high it is; nobody else is listened to, and a height that was asked for stays. */
  hear(/** @type {MessageEvent} */ { source, data }) {
    if (!this.frame || source !== this.frame.contentWindow || data?.type !== "posttrain/height" || this.hasAttribute("height")) return;
    if (Number.isFinite(data.height) && data.height > 0) this.frame.style.height = `${Math.min(Math.ceil(data.height), mostHeight)}px`;
  }
}

if (!customElements.get("posttrain-lab")) customElements.define("posttrain-lab", PosttrainLab);
