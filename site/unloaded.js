// Runs before the page is drawn, and says why nothing happens when its modules cannot be loaded. It is not a module itself, so it also
// runs where modules do not: in a page that was opened as a file, and in a sandboxed frame whose host does not allow it.
{
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src; // "" in a page that is one file

  // The page is written with its first experiment in it, and a link leads to another one: see parts/lab.html.
  if (location.hash.length > 1) document.documentElement.classList.add("linked");

  // How the address asks the page to look: see js/asked.js.
  const asked = new URLSearchParams(location.search);
  const theme = asked.get("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  if (asked.get("view") === "compact") document.documentElement.classList.add("compact");

  const element = (/** @type {string} */ name, /** @type {string} */ text, /** @type {object} */ properties = {}) => Object.assign(document.createElement(name), { textContent: text }, properties);
  const paragraph = (/** @type {(Node | string)[]} */ ...parts) => {
    const p = element("p", "");
    p.append(...parts);
    return p;
  };

  /** Shows a heading and paragraphs in the place of the lab, with styles that the page may not have. */
  const show = (/** @type {string} */ heading, /** @type {Node[]} */ ...paragraphs) => {
    const card = element("section", "", { className: "instead" });
    card.setAttribute("role", "alert");
    card.append(element("h1", heading), ...paragraphs);
    document.documentElement.classList.add("unloaded");
    const height = () => Math.ceil(document.documentElement.getBoundingClientRect().height);
    const tell = () => parent.postMessage({ type: "posttrain/height", height: height() }, "*"); // as js/embed.js does
    document.getElementById("lab")?.replaceChildren(card);
    if (here) document.head.append(element("link", "", { rel: "stylesheet", href: new URL("css/instead.css", here).href, onload: tell }));
    else tell();
  };

  const asFile = () => {
    const page = location.pathname.slice(new URL(".", here).pathname.length) || "index.html"; // in the folder of this script
    const address = `http://localhost:8000/${page}${location.search}${location.hash}`;
    show(texts.unloaded.fileTitle,
      paragraph(texts.unloaded.fileSays),
      element("pre", "python3 -m http.server 8000"),
      paragraph(texts.unloaded.thenOpen, element("a", address, { href: address }), "."),
      paragraph(texts.unloaded.anyServer, element("code", "go run ."), texts.unloaded.buildsIt));
  };

  const inSandbox = () => {
    const about = new URL("course.html#hosts", here).href;
    const alone = new URL(`./${location.hash}`, location.href).href;
    show(texts.unloaded.sandboxTitle,
      paragraph(texts.unloaded.sandboxSays, element("b", location.host), texts.unloaded.itWouldSend),
      element("pre", "Access-Control-Allow-Origin: *"),
      paragraph(texts.unloaded.hosts, element("a", about, { href: about, target: "_blank" }), texts.unloaded.alone, element("a", alone, { href: alone, target: "_blank" }), "."));
  };

  const broken = (/** @type {string} */ what) => {
    show(texts.unloaded.brokenTitle,
      paragraph(`${what}${texts.unloaded.brokenSays}`));
  };

  // Resources complain on their elements, which only a capturing listener hears; modules that fail when they run, on the window.
  addEventListener("error", ({ target, error }) => {
    const script = target instanceof HTMLScriptElement && target.type === "module";
    if (!script && !error || window.posttrain || document.documentElement.classList.contains("unloaded")) return;
    if (!script) broken(texts.unloaded.failed.replace("{why}", error.message));
    else if (location.protocol === "file:") asFile();
    else if (origin === "null") inSandbox();
    else broken(texts.unloaded.missing.replace("{file}", target.src));
  }, true);
}
