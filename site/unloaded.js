// Runs before the page is drawn, and says why nothing happens when its modules cannot be loaded. It is not a module itself, so it also
// runs where modules do not: in a page that was opened as a file, and in a sandboxed frame whose host does not allow it.
{
  // The page is written with its first experiment in it, and a link leads to another one: see parts/lab.html.
  if (location.hash.length > 1) document.documentElement.classList.add("linked");

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
    document.head.append(element("link", "", { rel: "stylesheet", href: "css/instead.css", onload: tell }));
    document.getElementById("lab")?.replaceChildren(card);
  };

  const asFile = () => {
    const page = location.pathname.split("/").pop() || "index.html";
    const address = `http://localhost:8000/${page}${location.search}${location.hash}`;
    show("This page needs a web server",
      paragraph("It was opened as a file, and browsers do not let a file load the programs that it needs. With Python, for instance, open a terminal in the folder of this file and type"),
      element("pre", "python3 -m http.server 8000"),
      paragraph("then open ", element("a", address, { href: address }), "."),
      paragraph("Any other web server will do, and so will any host for static files. In the source tree of Posttrain ", element("code", "go run ."), " builds the playground and serves it."));
  };

  const inSandbox = () => {
    const about = new URL("course.html#hosts", location.href).href;
    const alone = new URL(`./${location.hash}`, location.href).href;
    show("This experiment cannot be loaded here",
      paragraph("It is in a frame with a sandbox. Such a frame loads scripts only from a host that allows it to everybody, and ", element("b", location.host), " does not: it would have to send the header"),
      element("pre", "Access-Control-Allow-Origin: *"),
      paragraph("What hosts must send is in ", element("a", about, { href: about, target: "_blank" }), ". The experiment also works in a window of its own: ", element("a", alone, { href: alone, target: "_blank" }), "."));
  };

  const broken = (/** @type {string} */ what) => {
    show("This page could not be loaded completely",
      paragraph(`${what}. Reload the page. If that does not help, the site is incomplete, or its server is down or sends scripts with a wrong type.`));
  };

  // Resources complain on their elements, which only a capturing listener hears; modules that fail when they run, on the window.
  addEventListener("error", ({ target, error }) => {
    const script = target instanceof HTMLScriptElement && target.type === "module";
    if (!script && !error || window.posttrain || document.documentElement.classList.contains("unloaded")) return;
    if (!script) broken(`A script has failed: ${error.message}`);
    else if (location.protocol === "file:") asFile();
    else if (origin === "null") inSandbox();
    else broken(`${target.src} or something that it needs did not arrive`);
  }, true);
}
