// The view that translates while one types.

import { events, get, post, Refused, Unreachable } from "./api.js";
import { correcting } from "./correct.js";
import { byId, later, show } from "./dom.js";
import { showLikes, showLooks, showOthers } from "./evidence.js";
import { count } from "./figures.js";
import { translatesFiles } from "./files.js";
import { remember } from "./history.js";
import { inTab, read } from "./kept.js";
import { AUTO, choice, directionOf, nameOf } from "./languages.js";
import { together } from "./scrolling.js";
import { trouble } from "./trouble.js";
import { described, hasOtherNumbers, markSource, verdict, writeWords } from "./words.js";

const PAUSE_MS = 200;
const SETTLED_MS = 1200;
const N_ALTERNATIVES = 3;
const DRAFT = "dragoman-draft";

let chosen = null; // languages
let settings = {};
let shown = null; // the translation on the page: {src, trg, source, text, origin, words, alternatives, warnings}
let isCurrent = false; // it is that of what is typed, into the language that is chosen
let running = new AbortController();
let retry = 0;
let corrections = null;
let scrollAlike = null;

/** Make the view work. Return what asks for languages and settings; `taken` gets the settings whenever they come. */
export function translateView(taken) {
  const text = byId("text");
  const draft = read(inTab, DRAFT, {});
  text.value ||= draft.text ?? ""; // somebody may have typed while the page was loading
  corrections = correcting(() => shown, run);
  scrollAlike = together(text, byId("translation"));
  text.addEventListener("scroll", () => (byId("behind").style.transform = `translateY(${-text.scrollTop}px)`));
  text.addEventListener("input", changed);
  byId("clear").addEventListener("click", () => (take(""), text.focus()));
  byId("copy").addEventListener("click", copy);
  byId("swap").addEventListener("click", swap);
  events.addEventListener("back", () => (chosen ? run() : load()));
  translatesFiles(() => chosen && { src: chosen.src, trg: chosen.trg, suffixes: settings.supportedFilesFormat });

  async function load() {
    try {
      const [languages, told] = await Promise.all([get("/languages"), get("/frontend/settings")]);
      byId("translate-trouble").replaceChildren();
      settings = told;
      byId("file").accept = settings.supportedFilesFormat.join(",");
      show(byId("no-translator"), languages.length === 0);
      show(byId("translator"), languages.length > 0);
      if (languages.length) {
        const { source, target } = settings.language;
        chosen = choice(languages, chosen ?? { src: source.code, trg: target.code, ...draft }, changed);
        changed();
      }
      taken(settings);
    } catch (error) {
      show(byId("translator"), chosen !== null);
      byId("translate-trouble").replaceChildren(trouble(`The list of languages did not come. ${error.message}`, load));
    }
  }
  return load;
}

/** Translate `text` instead of what is typed. */
export function take(text, src, trg) {
  if (src) chosen?.choose(src, trg);
  byId("text").value = text;
  changed();
}

const runSoon = later(() => run(), PAUSE_MS);

/** What was typed or chosen is no longer what is shown. */
function changed() {
  if (!chosen) return;
  running.abort();
  clearTimeout(retry);
  const text = byId("text").value;
  inTab.set(DRAFT, JSON.stringify({ text, src: chosen.src, trg: chosen.trg }));
  markSource(byId("behind"), null, [], text);
  for (const id of ["text", "behind"]) byId(id).dir = chosen.src === AUTO ? "auto" : directionOf(chosen.src);
  byId("text").lang = chosen.src === AUTO ? "" : chosen.src;
  const n = [...text].length;
  byId("count").textContent = n > 0.8 * settings.charLimit ? `${count(n)} of ${count(settings.charLimit)} characters` : "";
  show(byId("clear"), text !== "");
  corrections.setAside();
  if (!text.trim()) return empty();
  current(false);
  busy(true);
  runSoon();
}

function empty() {
  shown = null;
  byId("translation").replaceChildren();
  byId("translation").removeAttribute("tabindex");
  byId("told").textContent = byId("pointed").textContent = byId("spoken").textContent = "";
  for (const id of ["origin", "evidence", "legend", "warning"]) show(byId(id), false);
  current(false);
  busy(false);
}

/** Ask for the translation and show it, with `words` about it. */
async function run(words = "") {
  const text = byId("text").value;
  if (!chosen || !text.trim()) return;
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const asked = { text, src: chosen.src, trg: chosen.trg, alternatives: N_ALTERNATIVES, words: true };
  try {
    const told = await post("/v1/translate", asked, signal);
    if (told.src === told.trg && chosen.turn(told.src)) return changed();
    draw({ src: told.src, trg: told.trg, source: text, ...told.translations[0] });
    const left = shown.origin === "source" ? `This text is in ${nameOf(told.trg)} already.` : "";
    byId("told").textContent = words || left;
    byId("told").classList.remove("bad");
    settled(signal);
  } catch (error) {
    if (!signal.aborted) fail(error, words);
  }
}

function draw(translation) {
  const first = shown === null;
  shown = translation;
  const { src, trg, text, origin, words, alternatives } = shown;
  chosen.detected(src);
  const place = byId("translation");
  place.lang = trg;
  place.dir = directionOf(trg);
  writeWords(place, words, point);
  point(null);
  scrollAlike();
  show(byId("origin"), origin === "memory");
  show(byId("legend"), words.trg.some((word) => word.confidence !== null));
  show(byId("legend-sentences"), words.sentences.some((sentence) => verdict(sentence)[0]));
  show(byId("warning"), hasOtherNumbers(translation));
  byId("correct").hidden = !settings.suggestions || origin === "source";
  showOthers(alternatives, text, trg, (other) => corrections.start(translation, other));
  showLooks(words, 0);
  if (first) for (const id of ["likes", "corrections"]) show(byId(id), false);
  show(byId("evidence"));
  current(true);
  busy(false);
}

/** Say whether what is shown is the translation of what is typed: if not, it can only be read. */
function current(isSo) {
  isCurrent = isSo;
  byId("answer").classList.toggle("stale", shown !== null && !isSo);
  for (const button of document.querySelectorAll("#correct, #copy, #others button")) button.disabled = !isSo;
}

/** Say whether an answer is on its way. */
function busy(isSo) {
  byId("answer").setAttribute("aria-busy", isSo);
}

/** Mark where word `number` of the translation comes from, and say what is known of it. */
function point(number) {
  if (!shown) return;
  const word = number === null ? null : shown.words.trg[number];
  markSource(byId("behind"), shown.words, word?.src != null && isCurrent ? [word.src] : [], byId("text").value);
  byId("pointed").textContent = word ? [word.text, described(word, shown.words)].filter(Boolean).join(" — ") : "";
  if (word) showLooks(shown.words, number);
}

const settled = later((signal) => {
  if (signal.aborted) return;
  byId("spoken").textContent = shown.text;
  if (shown.origin !== "source") remember(shown);
  if (settings.mayRead === false) return;
  showLikes({ src: shown.src, trg: shown.trg, text: shown.source }, settings.suggestions, signal);
}, SETTLED_MS);

/** Tell of an answer that did not come, behind the `words` that were to stand by it. */
function fail(error, words) {
  busy(false);
  if (!isCurrent) chosen.detected("");
  // Of a server that does not answer the banner tells.
  byId("told").textContent = error instanceof Unreachable ? words : [words, error.message].filter(Boolean).join(" ");
  byId("told").classList.toggle("bad", !(error instanceof Unreachable));
  if (error instanceof Refused && error.seconds) retry = setTimeout(() => run(words), 1000 * error.seconds);
}

/** Turn the direction round, and the translation with it if there is one. */
function swap() {
  const text = isCurrent ? shown.text : byId("text").value;
  chosen.swap();
  take(text);
}

async function copy() {
  const told = byId("told");
  try {
    await navigator.clipboard.writeText(shown.text);
    told.textContent = "Copied.";
  } catch {
    told.textContent = "The browser does not let this page copy; mark the text and copy it by hand.";
  }
}
