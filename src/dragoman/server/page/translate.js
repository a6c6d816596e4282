// The view that translates while one types.

import { events, get, post, Refused, Unreachable } from "./api.js";
import { correcting } from "./correct.js";
import { byId, later, show } from "./dom.js";
import { showLikes, showLooks, showOthers } from "./evidence.js";
import { count } from "./figures.js";
import { translatesFiles } from "./files.js";
import { remember } from "./history.js";
import { AUTO, choice, directionOf } from "./languages.js";
import { described, markSource, writeWords } from "./words.js";

const PAUSE_MS = 200;
const SETTLED_MS = 1200;
const N_ALTERNATIVES = 3;
const DRAFT = "dragoman-draft";

let chosen = null; // languages
let settings = {};
let shown = null; // the translation on the page: {src, trg, source, text, words}
let running = new AbortController();
let retry = 0;
let corrections = null;

/** Make the view work. Return what asks for the server's languages and settings, and comes to the settings. */
export function translateView() {
  const text = byId("text");
  const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "{}");
  text.value ||= draft.text ?? ""; // somebody may have typed while the page was loading
  corrections = correcting(() => shown, run);
  text.addEventListener("input", changed);
  byId("clear").addEventListener("click", () => (take(""), text.focus()));
  byId("copy").addEventListener("click", copy);
  byId("swap").addEventListener("click", swap);
  events.addEventListener("back", () => run());
  translatesFiles(() => ({ src: chosen.src, trg: chosen.trg, suffixes: settings.supportedFilesFormat }));
  return async () => {
    const [languages, told] = await Promise.all([get("/languages"), get("/frontend/settings")]);
    settings = told;
    byId("file").accept = settings.supportedFilesFormat.join(",");
    show(byId("no-translator"), languages.length === 0);
    show(byId("translator"), languages.length > 0);
    if (languages.length) {
      const { source, target } = settings.language;
      chosen = choice(languages, chosen ?? { src: source.code, trg: target.code, ...draft }, changed);
      changed();
    }
    return settings;
  };
}

/** Translate `text` instead of what is typed. */
export function take(text, src, trg) {
  if (src) chosen.choose(src, trg);
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
  sessionStorage.setItem(DRAFT, JSON.stringify({ text, src: chosen.src, trg: chosen.trg }));
  markSource(byId("behind"), null, [], text);
  for (const id of ["text", "behind"]) byId(id).dir = chosen.src === AUTO ? "auto" : directionOf(chosen.src);
  byId("text").lang = chosen.src === AUTO ? "" : chosen.src;
  const n = [...text].length;
  byId("count").textContent = n > 0.8 * settings.charLimit ? `${count(n)} of ${count(settings.charLimit)} characters` : "";
  show(byId("clear"), text !== "");
  corrections.close();
  if (!text.trim()) return empty();
  byId("answer").setAttribute("aria-busy", "true");
  runSoon();
}

function empty() {
  shown = null;
  byId("translation").replaceChildren();
  byId("translation").removeAttribute("tabindex");
  byId("told").textContent = byId("pointed").textContent = byId("spoken").textContent = "";
  for (const id of ["origin", "evidence", "legend"]) show(byId(id), false);
  for (const id of ["correct", "copy"]) byId(id).disabled = true;
  settle(false);
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
    draw({ src: told.src, trg: told.trg, source: text, ...told.translations[0] });
    byId("told").textContent = words;
    byId("told").classList.remove("bad");
    settled(signal);
  } catch (error) {
    if (error.name !== "AbortError") fail(error);
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
  show(byId("origin"), origin === "memory");
  show(byId("legend"), words.trg.some((word) => word.confidence !== null));
  for (const id of ["correct", "copy"]) byId(id).disabled = false;
  byId("correct").hidden = !settings.suggestions;
  showOthers(alternatives, text, trg, (other) => corrections.start(other));
  showLooks(words, 0);
  if (first) for (const id of ["likes", "corrections"]) show(byId(id), false);
  show(byId("evidence"));
  settle(false);
}

/** Mark where word `number` of the translation comes from, and say what is known of it. */
function point(number) {
  if (!shown) return;
  const word = number === null ? null : shown.words.trg[number];
  const isCurrent = byId("text").value === shown.source;
  markSource(byId("behind"), shown.words, word?.src != null && isCurrent ? [word.src] : [], byId("text").value);
  byId("pointed").textContent = word ? [word.text, described(word, shown.words)].filter(Boolean).join(" — ") : "";
  if (word) showLooks(shown.words, number);
}

const settled = later((signal) => {
  if (signal.aborted) return;
  byId("spoken").textContent = shown.text;
  remember(shown);
  showLikes({ src: shown.src, trg: shown.trg, text: shown.source }, settings.suggestions, signal);
}, SETTLED_MS);

function fail(error) {
  settle(true);
  // Of a server that does not answer the banner tells.
  byId("told").textContent = error instanceof Unreachable ? "" : error.message;
  byId("told").classList.add("bad");
  if (error instanceof Refused && error.seconds) retry = setTimeout(run, 1000 * error.seconds);
}

/** The answer is there, or will not come; `isStale` says that what is shown is that of another text. */
function settle(isStale) {
  byId("answer").setAttribute("aria-busy", "false");
  byId("answer").classList.toggle("stale", isStale);
}

function swap() {
  const text = shown?.text ?? byId("text").value;
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
