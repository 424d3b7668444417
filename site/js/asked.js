// What is asked of a lab besides the experiment in its address. Words of the page around it stand in that address too, where the element
// <posttrain-lab> writes them from its attributes; a lesson has words and an experiment of its own.

const given = new URLSearchParams(location.search);

/**
 * The title, a text and the question before the run, each "" if there is none of that page; choices are the answers to it, if they are not the
 * lanes; compact: the short form. link: the experiment, if the address does not have it; then the lab leaves the address alone.
 */
export const asked = {
  title: given.get("title") ?? "", text: given.get("text") ?? "", question: given.get("question") ?? "", choices: /** @type {string[]} */ ([]),
  compact: given.get("view") === "compact", link: "",
};
