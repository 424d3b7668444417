// Starts the program that draws, and keeps it from doing what Ebitengine does to a page of its own: swallow keys and the
// wheel, take the focus, ask for a frame sixty times a second, and reload when the graphics card takes its context away.

import { compileOnce } from "./js/compile-once.js";
import "./js/wasm_exec.js"; // Go's own, which defines the class Go

const program = compileOnce(["stage.wasm"], keeper(), { rehearsed: true });
program.catch(() => {}); // reported where it is waited for

/** The window that keeps the program for the next stage: the lab's, unless a sandbox has given that another origin. */
function keeper() {
  try {
    return parent.document && parent;
  } catch {
    return window;
  }
}

/** What Ebitengine listens to and we have no use for. The browser goes on to do with it what it always does. */
const ours = [
  "keydown", "keyup", "mousedown", "mouseup", "mousemove", "wheel", "touchstart", "touchmove", "touchend", "touchcancel",
  "contextmenu",
];
for (const kind of ours) addEventListener(kind, (e) => e.stopImmediatePropagation(), { capture: true, passive: true });

// What is dropped on the picture is for the page around it, unless a sandbox keeps that apart.
for (const kind of ["dragover", "drop"]) {
  addEventListener(kind, (e) => {
    e.stopImmediatePropagation();
    const { dataTransfer } = /** @type {DragEvent} */ (e);
    const left = window.frameElement?.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true })) ?? true;
    if (!left) e.preventDefault();
  }, { capture: true });
}

/** @type {MessagePort | undefined} */
let port;
let over = false;

/** Tells the page that this document is done with. */
function end(/** @type {string} */ type, /** @type {string} */ why) {
  if (over) return;
  over = true;
  port?.postMessage(why ? { type, why } : { type });
}

addEventListener("webglcontextlost", (e) => {
  e.stopImmediatePropagation();
  end("lost", "");
}, { capture: true });

/**
 * Ebitengine reads the number of the screen's pixels to one of the page once, so a page that was zoomed or has moved to
 * another screen needs another stage. There is no event that always tells.
 */
function watchZoom() {
  const ratio = devicePixelRatio;
  const look = () => { if (devicePixelRatio !== ratio) end("lost", ""); };
  matchMedia(`(resolution: ${ratio}dppx)`).addEventListener("change", look);
  addEventListener("resize", look);
  return look;
}

/** Milliseconds between two frames at the least: twenty-five a second do, and leave the processor to the lanes. */
const pace = 40;

/** A frame happens only when the program has asked for it: Ebitengine's own request waits for that. */
function holdFrames() {
  const frame = requestAnimationFrame.bind(window);
  let last = 0;
  const request = (/** @type {FrameRequestCallback} */ callback) => {
    const soon = () => frame((now) => {
      last = now;
      callback(now);
    });
    const wait = last + pace - performance.now();
    if (wait > 0) setTimeout(soon, wait);
    else soon();
  };
  /** @type {FrameRequestCallback | undefined} */
  let held;
  let wanted = false;
  window.requestAnimationFrame = (callback) => {
    if (!wanted) held = callback;
    else request(callback);
    wanted = false;
    return 0;
  };
  const look = watchZoom();
  return () => {
    look();
    if (held) request(held);
    else wanted = true;
    held = undefined;
  };
}

/**
 * Makes the canvas, with its context, that Ebitengine is then given as if it had made them: making another one, to know what
 * draws before the program starts, would take as long again. Says what draws, a graphics card or a program that stands in
 * for one, or nothing where there is no context.
 */
function renderer() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2", { alpha: true, premultipliedAlpha: true, stencil: true }); // as in graphics_js.go of Ebitengine
  if (!context) return undefined;
  // Ebitengine asks this before it deletes a buffer, and the answer has to wait until everything before is drawn. What the
  // question is for, a lost context, ends this document.
  context.isBuffer = (buffer) => buffer !== null;
  context.flush = () => {}; // a browser does so by itself once the frame is over
  const create = document.createElement;
  document.createElement = /** @type {typeof create} */ ((/** @type {string} */ name) => {
    if (name !== "canvas") return create.call(document, name);
    document.createElement = create;
    return canvas;
  });
  const name = context.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER;
  return String(context.getParameter(name));
}

async function run() {
  const drawn = renderer();
  if (drawn === undefined) return end("failed", "this browser offers no WebGL 2");
  // Where a program draws instead of a card, what moves would take the lanes' time.
  const still = /swiftshader|llvmpipe|softpipe|software|basic render/i.test(drawn);
  // Ebitengine asks for gamepads at every frame, which a frame from elsewhere may not.
  Object.defineProperty(navigator, "getGamepads", { value: () => [] });
  Object.assign(globalThis, { stage: { port, still, isDark, wake: holdFrames() } });
  const go = new globalThis.Go();
  const [stage] = await program;
  await go.run(await WebAssembly.instantiate(stage, go.importObject));
  end("failed", "the program that draws has stopped");
}

/** Whether the document looks dark: as the page has chosen, or as the browser says. */
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

/** The program listens to this, and reads the colours again. */
const dressed = () => dispatchEvent(new Event("dressed"));
dark.addEventListener("change", dressed);

addEventListener("message", ({ source, data }) => {
  if (source !== parent || data?.type !== "theme") return;
  if (data.theme) document.documentElement.dataset.theme = data.theme;
  else delete document.documentElement.dataset.theme;
  dressed();
});

addEventListener("message", function connect({ source, data, ports }) {
  if (source !== parent || data?.type !== "connect" || ports.length !== 1) return;
  removeEventListener("message", connect);
  port = ports[0];
  port.postMessage({ type: "connected" });
  run().catch((e) => end("failed", `the program that draws did not load (${e.message})`));
});
