// What is said where something should stand that did not come.

import { el } from "./dom.js";

/** Return `words` with a button that calls `again`. */
export function trouble(words, again) {
  return el("div", { class: "card trouble", role: "alert" },
    el("p", { class: "bad" }, words),
    el("button", { type: "button", onclick: again }, "Try again"));
}
