// The places of the page that scripts fill. They stand in parts/lab.html, which the build puts into the pages.

/** Where one column is too narrow for cards side by side: there most of them are folded. The same width as in css/lab.css. */
const narrow = matchMedia("screen and (max-width: 800px)");

/**
 * Returns the places of the page by name. A page that shows something else before the lab has them in a template.
 * @returns {Record<string, any>}
 */
export function layout(/** @type {Element} */ main) {
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("lab-template"));
  if (template) main.replaceChildren(template.content.cloneNode(true));
  const places = /** @type {HTMLElement[]} */ ([...main.querySelectorAll("[data-place]")]);
  const p = Object.fromEntries(places.map((e) => [e.dataset.place, e]));
  foldCards(main);
  return p;
}

/** Folds cards in a narrow window, and unfolds everything in a wide one and on paper. */
function foldCards(/** @type {Element} */ main) {
  const folds = /** @type {NodeListOf<HTMLDetailsElement>} */ (main.querySelectorAll(".fold:not(.walk, .annotate, .own)")); // which load more when it is opened
  const unfoldCards = unfolder(() => [...folds]);
  if (narrow.matches) for (const d of folds) d.open = false;
  narrow.addEventListener("change", () => unfoldCards(!narrow.matches));
  const unfoldOnPaper = unfolder(() => [...folds, .../** @type {NodeListOf<HTMLDetailsElement>} */ (main.querySelectorAll(".verdict details"))]);
  addEventListener("beforeprint", () => unfoldOnPaper(true));
  addEventListener("afterprint", () => unfoldOnPaper(false));
}

/**
 * Returns a function that opens all of these when it is given true, and when it is given false closes those again that it has opened.
 * @param {() => HTMLDetailsElement[]} all
 */
function unfolder(all) {
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  return (/** @type {boolean} */ open) => {
    const changed = open ? all().filter((d) => !d.open) : opened;
    opened = open ? changed : [];
    for (const d of changed) d.open = open;
  };
}
