// The plain iframes of this example get as high as what is in them. A course page that does without this chooses a height.

const frames = /** @type {NodeListOf<HTMLIFrameElement>} */ (document.querySelectorAll("main > iframe"));

addEventListener("message", ({ source, data }) => {
  if (data?.type !== "posttrain/height" || !(data.height > 0)) return;
  for (const frame of frames) if (frame.contentWindow === source) frame.style.height = `${Math.min(Math.ceil(data.height), 20000)}px`;
});
