// The links in the browser's address and history.

import { asked } from "./asked.js";

/** A query that is a link: somebody has written a ? in the place of the #. It begins with a name, or has lanes. */
const misplaced = /^\?(start&)?(?!start(&|$))([a-z]\w*([?&%]|$)|.*\blane(=|%3d))/i;

/**
 * The link in an address, as it stands there: what was done to it on its way is undone by the clerk alone. An address that leads to a
 * place of the page, as the first one for a keyboard does, has none. With a ? in the place of the #, the whole address is the link.
 */
export function linkIn(/** @type {string} */ address) {
  if (asked.link) return asked.link;
  const { hash, search } = new URL(address);
  const text = hash.slice(1);
  if (text) return document.getElementById(text) ? "" : text;
  return misplaced.test(search) ? address.replace("?start&", "?") : "";
}

/** The entries of the browser's history that are experiments. Each has its number in its state, to tell how far apart two are. */
export class Trail {
  constructor() {
    this.at = this.number() ?? 0; // the entry of what is open
  }

  /** The number of the entry that the browser is at; undefined when somebody has written a link into the address. */
  number() {
    return /** @type {number | undefined} */ (history.state?.posttrain);
  }

  /**
   * Has the address say what is open. Another experiment gets an entry of its own if anew is true, so that Back leads out of it. In a
   * frame it never does: the entries of a frame are those of the page around it, whose Back is to leave that page.
   */
  write(/** @type {string} */ link, anew = false) {
    if (asked.link) return;
    anew &&= parent === window;
    const { pathname, search } = location;
    const address = `${misplaced.test(search) ? pathname : ""}#${link}`;
    try {
      if (anew) history.pushState({ posttrain: this.at + 1 }, "", address);
      else history.replaceState({ posttrain: this.at }, "", address);
      if (anew) this.at++;
    } catch { /* a frame without an address of its own */ }
  }

  /** What the browser has gone to is open now. */
  follow() {
    this.at = this.number() ?? this.at + 1;
  }
}
