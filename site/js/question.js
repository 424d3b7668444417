// A question that has to be answered before anything else is done. It is part of the page: browsers do not let all frames ask.

import { h } from "./dom.js";

export class Question {
  /** @param {Element} place @param {string} heading @param {string} text @param {{yes: string, no: string}} answers no is what Escape says */
  constructor(place, heading, text, { yes, no }) {
    this.dialog = h("dialog.question.card", { "aria-labelledby": "question-heading", "aria-describedby": "question-text" },
      h("h2", { id: "question-heading" }, heading), h("p", { id: "question-text" }, text),
      h("p.actions", null, h("button.run", { type: "button", autofocus: true, onclick: () => this.close() }, no), h("button", { type: "button", onclick: () => this.close("yes") }, yes)));
    /** @type {Promise<boolean>} */
    this.answer = new Promise((resolve) => {
      this.dialog.onclose = () => {
        this.dialog.remove();
        resolve(this.dialog.returnValue === "yes");
      };
    });
    place.append(this.dialog);
    this.dialog.showModal();
  }

  get open() {
    return this.dialog.open;
  }

  /** Takes the question away; without "yes" the answer is no. */
  close(answer = "") {
    this.dialog.close(answer);
  }
}
