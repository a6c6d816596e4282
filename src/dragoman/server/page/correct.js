// A translation corrected where it stands: a text of one sentence as a whole, a longer one sentence by sentence, so that
// each correction holds wherever its sentence stands.

import { follow, post } from "./api.js";
import { byId, el, show } from "./dom.js";
import { sentence } from "./figures.js";
import { directionOf } from "./languages.js";

/**
 * Make the form work. `current` returns the translation that is shown; `saved` is called with words when the correction
 * is kept.
 */
export function correcting(current, saved) {
  const form = byId("correction");
  const told = byId("told");
  let fields = []; // {src, trg, source, text, area}, one of each sentence
  let asking = new AbortController();

  const open = (isOpen) => {
    show(form, isOpen);
    for (const id of ["translation", "pointed", "answer-foot"]) show(byId(id), !isOpen);
  };
  const close = () => {
    asking.abort();
    open(false);
  };
  const leave = () => {
    close();
    byId("correct").focus();
  };
  form.addEventListener("submit", (event) => (event.preventDefault(), save()));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
  });
  byId("correction-cancel").addEventListener("click", leave);
  byId("correct").addEventListener("click", bySentence);

  /** Open the form with `text` in it, for the whole translation. */
  function start(text) {
    openWith([{ ...current(), text }]);
  }

  async function bySentence() {
    asking.abort();
    asking = new AbortController();
    const whole = current();
    try {
      const sentences = await sentencesOf(whole, asking.signal);
      openWith(sentences.length > 1 ? sentences : [whole]);
    } catch (error) {
      if (error.name !== "AbortError") told.textContent = error.message;
    }
  }

  function openWith(translations) {
    const isWhole = translations.length === 1;
    fields = translations.map(({ src, trg, source, text }, number) => {
      const area = el("textarea", { id: `corrected-${number}`, rows: isWhole ? 3 : 1, lang: trg, dir: directionOf(trg) });
      area.value = text;
      return { src, trg, source, text, area };
    });
    byId("correction-fields").replaceChildren(...fields.flatMap(({ src, source, area }) => [
      isWhole
        ? el("label", { for: area.id, class: "hidden" }, "Your translation")
        : el("label", { for: area.id, lang: src, dir: directionOf(src) }, source),
      area,
    ]));
    told.textContent = "";
    open(true);
    fields[0].area.focus();
  }

  async function save() {
    // One translation that stays as it was is confirmed.
    const kept = fields.length > 1 ? fields.filter(({ text, area }) => area.value !== text) : fields;
    let words = "Nothing was changed, so nothing is saved.";
    try {
      for (const field of kept) {
        const { src, trg, source, area } = field;
        const entry = await post("/v1/corrections", { src, trg, source, target: area.value });
        field.text = area.value;
        words = entry.state === "approved"
          ? "Saved. From now on this is the answer."
          : "Thank you. It is kept as a suggestion, and holds when somebody with the role to correct has approved it.";
      }
      leave();
      saved(words);
    } catch (error) {
      told.textContent = error.message;
    }
  }
  return { start, close };
}

/** Return the sentences of a translation as translations. */
async function sentencesOf({ src, trg, source }, signal) {
  const found = [];
  const take = (told) => {
    if (told.error) throw new Error(sentence(told.error));
    if (told.number !== undefined && told.src.trim()) found.push({ src, trg, source: told.src, text: told.text });
  };
  await follow("/v1/translate/stream", take, signal, { text: source, src, trg });
  return found;
}
