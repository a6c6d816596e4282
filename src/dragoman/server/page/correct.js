// A translation corrected where it stands.

import { post } from "./api.js";
import { byId, show } from "./dom.js";
import { directionOf } from "./languages.js";

/**
 * Make the form work. `current` returns the translation that is shown; `saved` is called with words when the correction
 * is kept.
 */
export function correcting(current, saved) {
  const form = byId("correction");
  const field = byId("corrected");
  const told = byId("told");
  let about = null;

  const open = (isOpen) => {
    show(form, isOpen);
    for (const id of ["translation", "pointed", "answer-foot"]) show(byId(id), !isOpen);
  };
  const close = () => {
    open(false);
    byId("correct").focus();
  };
  const save = async () => {
    const { src, trg, source } = about;
    try {
      const entry = await post("/v1/corrections", { src, trg, source, target: field.value });
      close();
      saved(entry.state === "approved"
        ? "Saved. From now on this is the answer."
        : "Thank you. It is kept as a suggestion, and holds when somebody with the role to correct has approved it.");
    } catch (error) {
      told.textContent = error.message;
    }
  };
  form.addEventListener("submit", (event) => (event.preventDefault(), save()));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
  });
  byId("correction-cancel").addEventListener("click", close);
  byId("correct").addEventListener("click", () => start(current().text));

  /** Open the form with `text` in it. */
  function start(text) {
    about = current();
    field.value = text;
    field.lang = about.trg;
    field.dir = directionOf(about.trg);
    told.textContent = "";
    open(true);
    field.focus();
  }
  return { start, close: () => open(false) };
}
