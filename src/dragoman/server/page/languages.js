// Languages: their names, their directions of writing, and the choice of one for each side.

import { byId, el } from "./dom.js";

export const AUTO = "auto";
let displayNames = null;

/** Return "rtl", "ltr" or, where nobody knows, "auto". */
export function directionOf(code) {
  try {
    const locale = new Intl.Locale(code);
    return (locale.getTextInfo?.() ?? locale.textInfo)?.direction ?? "auto";
  } catch {
    return "auto";
  }
}

/** Return the English name of a language, or its code where it has none. */
export function nameOf(code) {
  try {
    displayNames ??= new Intl.DisplayNames(["en"], { type: "language" });
    return displayNames.of(code) ?? code;
  } catch {
    return code;
  }
}

/**
 * Fill the two lists from what /languages says, and return what is chosen.
 * @param {Array<{code: string, name: string, targets: string[]}>} languages
 * @param {{src?: string, trg?: string}} wanted
 * @param {Function} changed called when the user has chosen
 */
export function choice(languages, wanted, changed) {
  const [src, trg, swap] = ["src", "trg", "swap"].map(byId);
  const targets = new Map(languages.map((one) => [one.code, one.targets.filter((code) => code !== one.code)]));
  const names = new Map(languages.map((one) => [one.code, one.name]));
  const sources = [...targets.keys()].filter((code) => targets.get(code).length);
  const reachable = (code) => (code === AUTO ? [...new Set(sources.flatMap((one) => targets.get(one)))] : targets.get(code));
  let found = "";

  const option = (code) => el("option", { value: code }, names.get(code) ?? code);
  src.replaceChildren(...sources.map(option));
  if (sources.length > 1) src.prepend(el("option", { value: AUTO }, "Detect language"));

  const fill = (code) => {
    trg.replaceChildren(...reachable(src.value).map(option));
    if (reachable(src.value).includes(code)) trg.value = code;
    refresh();
  };
  const refresh = () => {
    const from = src.value === AUTO ? found : src.value;
    swap.disabled = !targets.get(trg.value)?.includes(from);
    swap.title = swap.disabled ? "There is no translator for the other direction" : "";
  };
  src.value = [wanted.src, sources[0]].find((code) => code === AUTO ? sources.length > 1 : sources.includes(code));
  fill(wanted.trg);
  src.onchange = () => (detected(""), fill(trg.value), changed());
  trg.onchange = () => (refresh(), changed());

  /** Tell which language was found, where it was looked for. */
  const detected = (code) => {
    found = code;
    const auto = src.querySelector(`[value=${AUTO}]`);
    if (auto) auto.textContent = code && src.value === AUTO ? `Detected: ${names.get(code)}` : "Detect language";
    refresh();
  };
  return {
    get src() { return src.value; },
    get trg() { return trg.value; },
    detected,
    swap: () => {
      const [from, to] = [trg.value, src.value === AUTO ? found : src.value];
      detected("");
      src.value = from;
      fill(to);
    },
    /** Translate from `code`, which was found, to another language, and tell whether there is one. */
    turn: (code) => {
      const [to] = targets.get(code) ?? [];
      if (src.value !== AUTO || !to) return false;
      fill(to);
      return true;
    },
    choose: (from, to) => {
      if (!reachable(from)?.includes(to)) return; // served no longer
      src.value = from;
      detected("");
      fill(to);
    },
  };
}
