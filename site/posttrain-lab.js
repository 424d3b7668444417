// <posttrain-lab link="memorise?seed=7" [title="..."] [height="900"] [start]>: an experiment in a page of your own. It is an iframe of the
// embed.html beside this script, as high as what is in it. What stands between the tags is shown until this script has been loaded.
//
// It is not a module, so that pages of other hosts can load it from one that sends no headers for them.
{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript ?? document.querySelector('script[src*="posttrain-lab.js"]'));
  const page = new URL("embed.html", script.src);

  /** Pixels until the experiment has told its height, and the most that it is given. */
  const firstHeight = 430;
  const mostHeight = 20000;

  class PosttrainLab extends HTMLElement {
    static observedAttributes = ["link", "start", "title", "height"];

    constructor() {
      super();
      /** @type {HTMLIFrameElement | undefined} */
      this.frame = undefined;
      /** Whether the frame has its page, and whether it was given another link before. */
      this.loaded = this.overtaken = false;
      this.listen = (/** @type {MessageEvent} */ e) => this.hear(e);
      // The frame is a child as any other, where labs on a page find one another; the slot leaves out all other children.
      this.attachShadow({ mode: "open" }).append(Object.assign(document.createElement("slot"), { name: "lab" }));
    }

    connectedCallback() {
      addEventListener("message", this.listen);
      this.loaded = this.overtaken = false; // an iframe that is moved loads anew
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
      for (const name of PosttrainLab.observedAttributes) this.attributeChangedCallback(name);
      this.append(frame);
    }

    disconnectedCallback() {
      removeEventListener("message", this.listen);
    }

    attributeChangedCallback(/** @type {string} */ name) {
      const { frame } = this;
      if (!frame) return;
      if (name === "link" || name === "start") {
        this.overtaken = !this.loaded && frame.src !== "";
        const url = new URL(page);
        if (this.hasAttribute("start")) url.searchParams.set("start", "");
        if (this.title) url.searchParams.set("title", this.title); // what the experiment is called until it is started
        url.hash = this.getAttribute("link") ?? "";
        frame.src = url.href; // another fragment of the same page is taken up without loading it anew
      } else if (name === "title") {
        frame.title = this.getAttribute("title") ?? texts.page.frameTitle;
      } else {
        this.rise(Number(this.getAttribute("height")) || firstHeight);
      }
    }

    /** The experiment tells how high it is; nobody else is listened to, and a height that was asked for stays. */
    hear(/** @type {MessageEvent} */ { source, data }) {
      if (!this.frame || source !== this.frame.contentWindow || data?.type !== "posttrain/height" || this.hasAttribute("height")) return;
      if (Number.isFinite(data.height) && data.height > 0) this.rise(Math.min(Math.ceil(data.height), mostHeight));
    }

    rise(/** @type {number} */ height) {
      this.frame?.style.setProperty("height", `${height}px`, "important");
    }
  }

  if (!customElements.get("posttrain-lab")) customElements.define("posttrain-lab", PosttrainLab);
}
