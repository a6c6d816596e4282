// A translation word by word: how sure each is, and, while one is pointed at, where it comes from.

import { el } from "./dom.js";

// Of a model of 41 BLEU, three in four words above the first stand in the reference, half of those between the two, and
// three in ten of those below.
const SURE = 0.65;
const FAIRLY_SURE = 0.35;

// Of sentences.
const USABLE = 0.8;
const DOUBTFUL = 0.5;

/** Return in words how sure the translator is of a word, and the class that shows it. */
export function sureness(confidence) {
  if (confidence === null) return ["", ""];
  if (confidence >= SURE) return ["sure", "sure"];
  return confidence >= FAIRLY_SURE ? ["fairly sure", "fair"] : ["unsure", "unsure"];
}

/**
 * Return what to do with a sentence of which `confidence` is the probability that it is of use: the words, and the words
 * that mark it; a sentence that is sure has no mark.
 */
export function verdict({ confidence }) {
  if (confidence == null) return ["", ""];
  if (confidence >= USABLE) return ["sure", ""];
  return confidence >= DOUBTFUL ? ["check this", "check this"] : ["don't use", "don't use"];
}

/** Return what can be said of the sentence in which target word `number` stands. */
function sentenceSaid(number, words) {
  const sentence = words.sentences.find(({ trg: [first, end] }) => first <= number && number < end) ?? {};
  const [advice] = verdict(sentence);
  return advice && `sentence: ${advice}, ${Math.round(100 * sentence.confidence)} % likely of use`;
}

/** Return what can be said of a word of a translation. */
export function described(word, words) {
  const [sure] = sureness(word.confidence);
  const parts = [
    word.is_unknown ? "not known, left as it is" : sure && `${sure}, ${Math.round(100 * word.confidence)} %`,
    word.src === null ? "" : `from “${words.src[word.src].text}”`,
    sentenceSaid(words.trg.indexOf(word), words),
  ];
  return parts.filter(Boolean).join("; ");
}

/** Whether the numbers of a translation, or of a sentence of one, are not those of its text. */
export const hasOtherNumbers = ({ warnings }) => warnings?.includes("numbers") ?? false;

/**
 * Write a translation into `place`. One word can be reached by the tab key, the others by arrows.
 * @param {HTMLElement} place
 * @param {{src: Array, trg: Array}} words as the server tells them
 * @param {(number: number|null) => void} point called with the word that is pointed at, or null
 */
export function writeWords(place, words, point) {
  const ends = new Set(words.sentences.filter(hasOtherNumbers).map(({ trg: [, end] }) => end - 1));
  const marks = new Map(words.sentences.map((sentence) => [sentence.trg[1] - 1, verdict(sentence)[1]]));
  const options = words.trg.map((word, number) => {
    const label = [word.text, described(word, words), ends.has(number) && "check the numbers of this sentence"];
    return el("span", {
      class: `word ${word.is_unknown ? "unknown" : sureness(word.confidence)[1]}${ends.has(number) ? " doubtful" : ""}`, role: "option", "aria-label": label.filter(Boolean).join("; "), "aria-selected": "false",
      tabindex: number ? "-1" : "0", "data-number": number, "data-verdict": marks.get(number) || undefined,
      title: marks.get(number) ? sentenceSaid(number, words) : undefined, onfocus: focus, onblur: () => pointAt(null),
    }, word.text);
  });
  place.replaceChildren(...words.trg.flatMap((word, number) => [word.before, options[number]]));

  function pointAt(option) {
    for (const one of options) one.setAttribute("aria-selected", one === option);
    point(option ? Number(option.dataset.number) : null);
  }
  function focus(event) {
    for (const one of options) one.tabIndex = one === event.target ? 0 : -1;
    pointAt(event.target);
  }
  const focused = () => options.find((one) => one === document.activeElement) ?? null;
  const wordOf = (event) => event.target.closest?.("[data-number]") ?? null;
  place.onpointerover = (event) => pointAt(wordOf(event) ?? focused());
  place.onpointerleave = () => pointAt(focused());
  place.onclick = (event) => wordOf(event)?.focus();
  place.onkeydown = (event) => move(event, options, place);
}

/** Go to another word with the arrows, in the direction of writing. */
function move(event, options, place) {
  const at = options.indexOf(document.activeElement);
  const onward = getComputedStyle(place).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = onward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  const next = { [onward]: at + 1, [back]: at - 1, Home: 0, End: options.length - 1 }[event.key];
  if (options[next]) {
    event.preventDefault();
    options[next].focus();
  }
}

/** Write the text behind the typed one, with the words of `marked` (numbers) marked in it. */
export function markSource(place, words, marked, text) {
  if (words === null || !marked.length) return place.replaceChildren(`${text}\n`);
  const parts = words.src.flatMap((word, number) => [
    word.before, marked.includes(number) ? el("mark", {}, word.text) : word.text,
  ]);
  const length = parts.reduce((sum, part) => sum + (part.textContent ?? part).length, 0);
  place.replaceChildren(...parts, `${text.slice(length)}\n`);
}
