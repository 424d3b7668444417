// The builder: a dialog in which a lecturer makes an exercise or a lesson of the experiment that is on the screen. See docs/lessons.md.

import { panels } from "./builder-panels.js";
import { Steps } from "./builder-steps.js";
import { address, element, frame, lessonText } from "./builder-text.js";
import { fill, h, spoken } from "./dom.js";
import { capital } from "./format.js";
import { pack, Reader } from "./lesson-text.js";
import { say } from "./say.js";
import { copyButton, download } from "./share.js";
import { published, styles } from "./files.js";

/** Milliseconds after the last key before a lesson is read. */
const pause = 400;

/** Panels that the compact form has. */
const ofCompact = ["intro", "predict", "stage", "verdict"];

/** The lowest and the highest picture, in pixels, as in js/framed.js. */
const [lowest, highest] = [120, 2000];

/** The most symbols of a link that is printed beside its code. */
const longestPrinted = 80;

/** @type {Builder | undefined} the one of this page, which keeps what was written when it is closed */
let builder;

/** Opens the builder. @param {any} lab */
export async function build(lab) {
  await styles("css/builder.css");
  if (document.querySelector("dialog[open]")) return; // opened twice while it was loaded
  builder ??= new Builder(lab);
  builder.open();
}

/** @typedef {"exercise" | "lesson"} Kind */

/** @type {{kind: Kind, title: string, says: string}[]} */
const kinds = [
  { kind: "exercise", title: texts.builder.exercise, says: texts.builder.exerciseSays },
  { kind: "lesson", title: texts.builder.lesson, says: texts.builder.lessonSays },
];

/** A text to copy. */
function output(/** @type {string} */ id, /** @type {string} */ label, /** @type {number} */ rows) {
  const area = h("textarea", { id, rows, readOnly: true, spellcheck: false, onfocus: () => area.select() });
  return { area, place: h("div.output", null, h("label", { htmlFor: id }, label), area, h("p.actions", null, copyButton(area, label))) };
}

/** A link that opens what was made. */
function tryIt() {
  return h("a.try-it", { target: "_blank", rel: "noopener" }, texts.builder.tryIt, spoken(` ${texts.common.newTab}`));
}

class Builder {
  /** @type {Kind} */ kind = "exercise";
  /** Whether the text of the lesson was written by hand or came from a file. Then the form leaves it alone. */ byHand = false;
  /** The name of the lesson's file, if it was opened. */ file = "";
  /** The link that the fields are about. */ link = "";
  /** How many times the lesson has been read. */ turn = 0;
  /** @type {Reader | undefined} while the dialog is open */ reader;
  /** @type {number | undefined} */ soon;

  /** @param {any} lab */
  constructor(lab) {
    this.lab = lab;
    /** @type {Set<string>} */
    this.hidden = new Set();
    const changed = () => this.changed();
    const input = (/** @type {string} */ id, /** @type {object} */ more = {}) => h("input", { type: "text", id, autocomplete: "off", oninput: changed, ...more });
    this.title = input("build-title");
    this.text = h("textarea", { id: "build-text", rows: 2, oninput: changed });
    this.question = input("build-question");
    this.choices = input("build-choices");
    this.minutes = input("build-minutes", { inputMode: "numeric" });
    this.picture = h("input", { type: "number", id: "build-picture", min: lowest, max: highest, placeholder: texts.builder.usual, oninput: changed });
    this.compact = h("input", { type: "radio", name: "build-form", onchange: changed });
    this.lock = h("select", { id: "build-lock", onchange: () => {
      this.steps.locked = this.lock.value !== "";
      this.steps.edited();
    } }, [["", texts.builder.lockNothing], ["settings", texts.builder.lockSettings], ["seed", texts.builder.lockSeed]].map(([name, says]) => h("option", { value: name }, says)));
    this.steps = new Steps(lab, changed);
    this.about = h("p.mono.small.link");
    this.counted = h("span.small");
    this.boxes = h("div.boxes");
    this.says = h("p.small");
    this.form = h("fieldset.form", null, this.fields());
    this.column = h("div", { role: "group", "aria-label": texts.builder.experiment }, this.form);
    this.source = h("textarea", { id: "build-source", rows: 22, spellcheck: true, oninput: () => this.takeByHand(), "aria-describedby": "build-state" });
    this.state = h("p.state", { id: "build-state", role: "status" });
    this.hand = h("p.notice", { hidden: true }, texts.builder.byHand, " ", h("button.quiet", { type: "button", onclick: () => this.fromForm() }, texts.builder.fromForm));
    const [asElement, asFrame, asLink] = [output("build-element", texts.builder.asElement, 8), output("build-frame", texts.builder.asFrame, 6), output("build-link", texts.builder.asLink, 4)];
    const lessonLink = output("build-lesson-link", texts.builder.asLink, 2);
    this.out = { asElement: asElement.area, asFrame: asFrame.area, asLink: asLink.area, lessonLink: lessonLink.area, tryExercise: tryIt(), tryLesson: tryIt() };
    asLink.place.lastElementChild.append(this.out.tryExercise);
    this.outputs = h("div.outputs", null, h("div.for-exercise", null, asElement.place, asFrame.place, asLink.place, this.forPaper(), this.more()), this.lessonOutput(lessonLink.place));
    this.tabs = kinds.map(({ kind, title }) => h("button", { type: "button", role: "tab", id: `build-${kind}`, "aria-controls": "build-body", onclick: () => this.show(kind) }, title));
    this.body = h("div.build-body", { role: "tabpanel", id: "build-body" }, this.column, this.outputs);
    const close = () => this.dialog.close();
    this.dialog = h("dialog.builder", { "aria-labelledby": "build-name", onclose: () => this.closed() },
      h("div.build-head", null, h("h2", { id: "build-name" }, texts.builder.title),
        h("div.tabs", { role: "tablist", "aria-label": texts.builder.kind, onkeydown: (/** @type {KeyboardEvent} */ e) => this.arrows(e) }, this.tabs),
        h("button.quiet", { type: "button", onclick: close }, texts.common.close)),
      this.body);
  }

  /** The fields of the form. Those with the class of a kind are for that kind alone. */
  fields() {
    const line = (/** @type {string} */ label, /** @type {HTMLElement} */ control, /** @type {string} */ hint = "", /** @type {string} */ of = "") => {
      const says = hint && h("p.small", { id: `${control.id}-says` }, hint);
      if (says) control.setAttribute("aria-describedby", says.id);
      return h(`div.line${of && `.${of}`}`, null, h("label", { htmlFor: control.id }, label), control, says);
    };
    const full = h("input", { type: "radio", name: "build-form", checked: true, onchange: () => this.changed() });
    return [
      this.says,
      h("h3", null, texts.builder.experiment), this.about, h("p.small", null, texts.builder.changeIt),
      line(texts.builder.name, this.title), line(texts.builder.text, this.text, texts.builder.textSays), line(texts.builder.question, this.question, texts.builder.questionSays),
      line(texts.builder.choices, this.choices, texts.builder.choicesSays, "for-lesson"),
      h("div.together.for-lesson", null, line(texts.builder.lock, this.lock), line(texts.builder.minutes, this.minutes)),
      h("fieldset.for-exercise", null, h("legend", null, texts.builder.form), h("label.check", null, full, texts.builder.full), h("label.check", null, this.compact, texts.builder.compact)),
      line(texts.builder.height, this.picture, "", "for-exercise"),
      h("details", null, h("summary", null, texts.builder.panels, this.counted), h("fieldset", null, h("legend.spoken", null, texts.builder.panels), this.boxes)),
      h("div.for-lesson", null, this.steps.place),
    ];
  }

  /** Saves the picture with the link as a QR code, for paper. */
  forPaper() {
    const says = h("p.small", { role: "status" }, texts.builder.paperSays);
    const save = async () => {
      const { viewer, clerk, d } = this.lab;
      const link = this.out.asLink.value;
      try {
        const [files, taken, code] = await Promise.all([import("./picture-file.js"), viewer.taken(), clerk.ask("code", { text: link })]);
        if (!taken) throw new Error(texts.viewer.nothingToSave);
        const about = { ...taken.about, code: { ...code, words: [this.title.value.trim(), link.length > longestPrinted ? texts.builder.scan : link] } };
        download(new Blob([files.svg(taken.drawn, about)], { type: "image/svg+xml" }), `${d.name}-for-paper.svg`);
        fill(says, texts.builder.paperSays);
      } catch (/** @type {any} */ e) {
        fill(says, `${capital(e.message)}.`);
      }
    };
    return h("div.output", null, h("p.actions", null, h("button", { type: "button", id: "build-paper", onclick: save }, texts.builder.paper)), says);
  }

  /** The way to the page that explains what to do with an exercise. */
  more() {
    return h("p.small", null, h("a", { href: published("course.html#make").href, target: "_blank", rel: "noopener" }, texts.builder.more, spoken(` ${texts.common.newTab}`)));
  }

  /** The lesson as a file, with its state and what can be done with it. */
  lessonOutput(/** @type {Element} */ link) {
    const file = h("input", { type: "file", id: "build-file", accept: ".md,.markdown,text/markdown", onchange: () => this.openFile(file) });
    return h("div.for-lesson", null,
      h("div.output", null, h("label", { htmlFor: "build-source" }, texts.builder.file), this.source, this.state, this.hand,
        h("p.actions", null, h("button.run", { type: "button", onclick: () => this.save() }, texts.builder.save), this.out.tryLesson)),
      link,
      h("div.line", null, h("label", { htmlFor: "build-file" }, texts.builder.openFile), file));
  }

  /** Shows the builder for the experiment that is open. */
  open() {
    const { d } = this.lab;
    const link = asShown(this.lab);
    if (link !== this.link) this.describe(d, link);
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.show(this.kind);
  }

  /** Takes over another experiment, with its link. What was written stays. */
  describe(/** @type {any} */ d, /** @type {string} */ link) {
    const titleOf = d.exhibit?.title ?? d.task.title;
    if (!this.title.value || this.title.value === this.usualTitle) this.title.value = titleOf;
    this.usualTitle = titleOf;
    if (!d.exhibit && !this.question.value) this.question.value = texts.builder.guessText;
    this.link = link;
    this.hidden = new Set((d.page.hide ?? "").split(",").filter(Boolean));
    fill(this.about, this.link);
    this.steps.describe();
  }

  closed() {
    if (this.dialog.open) return; // the event may come after it was opened again
    clearTimeout(this.soon);
    this.turn++;
    this.reader?.end();
    this.reader = undefined;
    this.dialog.remove();
  }

  arrows(/** @type {KeyboardEvent} */ e) {
    if (!["ArrowLeft", "ArrowRight"].includes(e.key)) return;
    e.preventDefault();
    this.show(this.kind === "lesson" ? "exercise" : "lesson");
    this.tabs.find((tab) => tab.tabIndex === 0).focus();
  }

  /** Shows the fields and the results of a kind. */
  show(/** @type {Kind} */ kind) {
    this.kind = kind;
    kinds.forEach((k, i) => {
      this.tabs[i].setAttribute("aria-selected", String(k.kind === kind));
      this.tabs[i].tabIndex = k.kind === kind ? 0 : -1;
    });
    this.body.setAttribute("aria-labelledby", `build-${kind}`);
    this.body.dataset.kind = kind;
    fill(this.says, kinds.find((k) => k.kind === kind)?.says);
    for (const place of [this.body, this.column, this.outputs]) place.scrollTop = 0;
    this.changed();
  }

  /** Draws what depends on the fields, and makes the results anew. */
  changed() {
    this.drawBoxes();
    const lesson = this.kind === "lesson";
    this.form.disabled = lesson && this.byHand;
    if (this.form.disabled) this.column.tabIndex = 0; // to be scrolled by keyboard
    else this.column.removeAttribute("tabindex");
    this.hand.hidden = !this.byHand;
    if (!lesson) return this.writeExercise();
    if (!this.byHand) this.source.value = lessonText({ ...this.values, lock: this.lock.value, minutes: this.minutes.value, choices: this.choices.value, steps: this.steps.all });
    this.read();
  }

  /** What is in the fields that both kinds have. */
  get values() {
    return {
      title: this.title.value.trim(), text: this.text.value.trim(), question: this.question.value.trim(), link: this.link,
      hide: panels.map(({ name }) => name).filter((name) => this.hidden.has(name)),
    };
  }

  /** Draws a box for every panel that is there to be hidden, and how many are. */
  drawBoxes() {
    const offered = panels.filter(({ name }) => this.kind === "lesson" || !this.compact.checked || ofCompact.includes(name));
    const shown = [...this.boxes.querySelectorAll("input")].map((box) => `${box.value}${box.checked}`).join();
    if (shown !== offered.map(({ name }) => `${name}${this.hidden.has(name)}`).join()) {
      fill(this.boxes, offered.map(({ name, title }) => h("label.check", null, h("input", { type: "checkbox", value: name, checked: this.hidden.has(name), onchange: (/** @type {any} */ e) => {
        if (e.target.checked) this.hidden.add(name);
        else this.hidden.delete(name);
        this.changed();
      } }), title)));
    }
    const n = offered.filter(({ name }) => this.hidden.has(name)).length;
    fill(this.counted, n > 0 && ` (${n})`);
  }

  writeExercise() {
    const wanted = Number(this.picture.value);
    const picture = wanted >= lowest && wanted <= highest ? String(wanted) : "";
    const exercise = { ...this.values, compact: this.compact.checked, picture };
    const embed = new URL("embed.html", location.href);
    embed.search = embed.hash = "";
    const page = new URL("./", location.href);
    this.out.asElement.value = element(exercise, published("posttrain-lab.js"), page);
    this.out.asFrame.value = frame(exercise, embed);
    this.out.asLink.value = this.out.tryExercise.href = address(exercise, embed);
  }

  /** Takes the text of the lesson as it was changed. */
  takeByHand() {
    this.byHand = true;
    this.changed();
  }

  /** Makes the text of the lesson from the form again. */
  fromForm() {
    this.byHand = false;
    this.file = "";
    this.changed();
    this.source.focus();
  }

  async openFile(/** @type {HTMLInputElement} */ field) {
    const [file] = field.files ?? [];
    if (!file) return;
    this.source.value = await file.text();
    this.file = file.name;
    field.value = ""; // so that the same file can be opened again
    this.takeByHand();
    this.source.focus();
  }

  /** Makes the link of the lesson, and reads the lesson when nobody has typed for a while, to show what is wrong with it. */
  read() {
    const turn = ++this.turn;
    const text = this.source.value;
    pack(text).then((packed) => {
      if (turn === this.turn) this.out.lessonLink.value = this.out.tryLesson.href = `${new URL("lesson.html", location.href).href}#${packed}`;
    });
    if (!this.state.textContent) fill(this.state, texts.builder.checking);
    clearTimeout(this.soon);
    this.soon = setTimeout(async () => {
      this.reader ??= new Reader();
      try {
        const lesson = await this.reader.parse(text);
        if (turn === this.turn) this.tell(h("span.right", null, say(texts.builder.isRight, { n: lesson.steps.length })));
      } catch (/** @type {any} */ e) {
        if (turn === this.turn) this.tell(h("span", inEnglish, `${capital(e.message)}.`), e.message);
      }
    }, pause);
  }

  /** Tells how the lesson is, and offers to go to the line that is wrong. */
  tell(/** @type {Element} */ says, wrong = "") {
    const [, line] = wrong.match(/^line (\d+)/) ?? [];
    this.state.classList.toggle("complaint", wrong !== "");
    this.source.setAttribute("aria-invalid", String(wrong !== ""));
    fill(this.state, says, line && [" ", h("button.quiet", { type: "button", onclick: () => this.goTo(Number(line)) }, say(texts.builder.goToLine, { line }))]);
  }

  /** Selects a line of the lesson. */
  goTo(/** @type {number} */ line) {
    const { source } = this;
    const lines = source.value.split("\n");
    const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    source.focus();
    source.setSelectionRange(from, from + (lines[line - 1] ?? "").length);
    source.scrollTop = source.scrollHeight * (line - 4) / lines.length;
  }

  save() {
    const name = this.title.value.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
    download(new Blob([this.source.value], { type: "text/markdown" }), this.file || `${name || "lesson"}.md`);
  }
}

/** The keys of a link that choose the picture, by the picture that they choose something of; "" means any. */
const views = { scene: "", axis: "race", series: "race", x: "plane", y: "plane" };

/** The link of the experiment with the picture that is on the screen. */
function asShown(/** @type {any} */ { d, viewer }) {
  const now = viewer.view();
  let link = d.address.replace(/&(scene|axis|series|x|y)=[^&]*/g, "");
  for (const [key, of] of Object.entries(views)) {
    const chosen = now[key];
    if (chosen && chosen !== (d.first[key] ?? "") && (!of || of === now.scene)) link += `&${key}=${chosen}`;
  }
  return link;
}
