// A translation corrected where it stands: a text of one sentence as a whole, a longer one sentence by sentence, so that
// each correction holds wherever its sentence stands. What is corrected is fixed when the form opens, and shown in it.

import { follow, post } from "./api.js";
import { byId, el, show } from "./dom.js";
import { counted, quoted, sentence } from "./figures.js";
import { directionOf } from "./languages.js";
import { isChanged, unsaved } from "./unsaved.js";

/**
 * Make the form work. `current` returns the translation that is shown; `saved` is called with words when a correction
 * is kept.
 *
 * A correction is {src, trg, source, fields}, and each of its fields {src, trg, source, text, value}: a sentence, its
 * translation and what is to stand for that.
 */
export function correcting(current, saved) {
  const form = byId("correction");
  const told = byId("told");
  let opened = null; // the correction in the form
  const saving = new Set();
  let asking = new AbortController();
  const others = unsaved((correction) => (setAside(), open(correction)));

  const showForm = (isOpen) => {
    show(form, isOpen);
    for (const id of ["translation", "pointed", "answer-foot"]) show(byId(id), !isOpen);
  };
  const close = () => {
    asking.abort();
    opened = null;
    showForm(false);
  };
  const goBack = () => (byId("correct").disabled ? byId("text") : byId("correct")).focus();
  const leave = () => {
    others.drop(opened);
    close();
    goBack();
  };
  form.addEventListener("submit", (event) => (event.preventDefault(), save(opened)));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") setAside(), goBack();
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
  });
  byId("correction-cancel").addEventListener("click", leave);
  byId("correct").addEventListener("click", begin);

  /** Close the form; what is not saved is kept and listed. */
  function setAside() {
    const left = opened;
    close();
    if (left) others.putAside(left);
  }

  /** Open the form with `text` in it, for the whole of `translation`. */
  function start(translation, text) {
    setAside();
    open(made(translation, [{ ...translation, text }]));
  }

  async function begin() {
    asking.abort();
    asking = new AbortController();
    const whole = current();
    const begun = others.of(whole);
    if (begun) return open(begun);
    told.textContent = "";
    try {
      const sentences = await sentencesOf(whole, asking.signal);
      open(made(whole, sentences.length > 1 ? sentences : [whole]));
    } catch (error) {
      if (error.name !== "AbortError") tell(error.message, true);
    }
  }

  function open(correction) {
    opened = correction;
    others.note(correction);
    const isWhole = correction.fields.length === 1;
    const areas = correction.fields.map((field, number) => {
      const { trg, value } = field;
      const input = (event) => {
        field.value = event.target.value;
        others.note(correction);
      };
      const id = `corrected-${number}`;
      const area = el("textarea", { id, rows: isWhole ? 3 : 1, lang: trg, dir: directionOf(trg), oninput: input });
      area.value = value;
      return area;
    });
    byId("correction-fields").classList.toggle("whole", isWhole);
    byId("correction-fields").replaceChildren(...correction.fields.flatMap(({ src, source }, number) => [
      el("label", { for: areas[number].id },
        isWhole ? "Translation of: " : null, el("span", { lang: src, dir: directionOf(src) }, source)),
      areas[number],
    ]));
    tell("");
    showForm(true);
    areas[0].focus();
  }

  async function save(correction) {
    if (!correction || saving.has(correction)) return;
    saving.add(correction);
    const { fields } = correction;
    // One translation that stays as it was is confirmed.
    const kept = fields.length > 1 ? fields.filter(({ text, value }) => value !== text) : fields;
    let n = 0;
    let state = "";
    try {
      for (; n < kept.length; n += 1) {
        const { src, trg, source, value } = kept[n];
        ({ state } = await post("/v1/corrections", { src, trg, source, target: value }));
        kept[n].text = value;
      }
      let words = n ? wordsOf(kept, state) : "Nothing was changed, so nothing is saved.";
      if (opened !== correction) others.putAside(correction);
      else if (isChanged(correction)) words += " What you have changed since then is not saved yet.";
      else leave();
      tell(words);
      saved(words);
    } catch (error) {
      tell(`${n ? `Only ${n} of ${kept.length} are saved.` : "Not saved."} ${error.message}`, true);
    } finally {
      saving.delete(correction);
    }
  }

  function tell(words, isBad = false) {
    told.textContent = words;
    told.classList.toggle("bad", isBad);
  }
  return { start, setAside };
}

function made({ src, trg, source }, translations) {
  const fields = translations.map((one) => ({ src, trg, source: one.source, text: one.text, value: one.text }));
  return { src, trg, source, fields };
}

/** What became of the corrections that were kept, by the last of them. */
function wordsOf(kept, state) {
  const [what, is] = kept.length === 1 ? [quoted(kept[0].source), "is"] : [counted(kept.length, "sentence"), "are"];
  return state === "approved"
    ? `Saved. From now on ${what} ${is} translated as you wrote.`
    : `Thank you. What you wrote for ${what} is kept as a suggestion, and holds when somebody with the role to correct has`
      + " approved it.";
}

/** Return the sentences of a translation as translations. */
async function sentencesOf({ src, trg, source }, signal) {
  const found = [];
  const take = (told) => {
    if (told.error) throw new Error(sentence(told.error));
    if (told.number !== undefined && told.src.trim()) found.push({ source: told.src, text: told.text });
  };
  await follow("/v1/translate/stream", take, signal, { text: source, src, trg });
  return found;
}
