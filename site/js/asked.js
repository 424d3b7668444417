// Words that the page around a lab has in its address, which the element <posttrain-lab> writes from its attributes.

const given = new URLSearchParams(location.search);

/** The title, a text and the question before the run, each "" if the page around has none; compact: the short form. */
export const asked = { title: given.get("title") ?? "", text: given.get("text") ?? "", question: given.get("question") ?? "", compact: given.get("view") === "compact" };
