// A model's card: what it was made from, what it is worth, what it could learn.

import { curve } from "./curve.js";
import { el } from "./dom.js";
import { count, counted, duration, moment, score, sentence } from "./figures.js";
import { nameOf } from "./languages.js";

const NAMES = { exact: "Exact", invented: "Invented words, %" };
const PARTS = { test: "Test", harder: "Hard test", dev: "Dev" };

/** Return the card of `model`; `act` is called with "learn", "promote", "rollback" or "serve". */
export function modelCard(model, act) {
  const directions = model.directions.map((one) => `${one.src_name ?? nameOf(one.src)} → ${one.trg_name ?? nameOf(one.trg)}`);
  const drawn = curve(model.history, "dev_chrf", "chrF on dev sentences while it was trained")
    ?? curve(model.history, "dev_loss", "Loss on dev sentences while it was trained");
  return el("article", { class: "card model", "aria-label": model.model },
    el("header", {}, el("h2", {}, model.model), el("span", { class: "quiet" }, directions.join(" · ")),
      model.held_back ? el("span", { class: "badge stopped" }, "Not served") : null),
    el("div", { class: "halves" },
      el("section", {}, el("h3", {}, "Scores"), scores(model.scores), sources(model.card.corpora ?? []), ...model.verdict.map((sentence) => el("p", {}, sentence)), drawn),
      el("section", {}, el("h3", {}, "Made from"), made(model))),
    model.held_back ? heldBack(model, act) : learning(model, act));
}

/** The scores of each part with their intervals, as a table. */
function scores(parts) {
  const order = [...new Set([...Object.keys(PARTS), ...Object.keys(parts)])];
  const rows = order.filter((part) => parts[part]).map((part) => [part, parts[part]]);
  if (!rows.length) return el("p", { class: "quiet" }, "This model has no scores.");
  const names = [...new Set(rows.flatMap(([, found]) => Object.keys(found)))];
  const head = el("tr", {}, el("td"), ...names.map((name) => el("th", { scope: "col" }, NAMES[name] ?? name)));
  const body = rows.map(([part, found]) => el("tr", {},
    el("th", { scope: "row" }, PARTS[part] ?? part),
    ...names.map((name) => el("td", {}, ...interval(found[name])))));
  return el("div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": "Scores" },
    el("table", { class: "scores" },
      el("caption", { class: "quiet" }, "Unseen sentences; in brackets, 95 % intervals."),
      el("thead", {}, head), el("tbody", {}, ...body)));
}

/** What each of several sources holds, and what its unseen sentences score, as a table; null where there is only one. */
function sources(corpora) {
  if (!corpora.length) return null;
  const names = [...new Set(corpora.flatMap(({ scores }) => Object.keys(scores)))];
  const head = el("tr", {}, ...["Source", "Pairs", ...names].map((name) => el("th", { scope: "col" }, name)));
  const body = corpora.map((corpus) => el("tr", {},
    el("th", { scope: "row", title: [corpus.licence, corpus.citation].filter(Boolean).join(" · ") }, corpus.name, corpus.is_aim ? " ★" : ""),
    el("td", {}, count(corpus.parts.train ?? 0)),
    ...names.map((name) => el("td", {}, ...interval(corpus.scores[name])))));
  return el("div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": "Sources" },
    el("table", { class: "scores" },
      el("caption", { class: "quiet" }, "Each source by itself; ★ is what this model is for."),
      el("thead", {}, head), el("tbody", {}, ...body)));
}

function interval(found) {
  if (!found) return ["–"];
  if (found.low === undefined || found.low === null) return [score(found.value)];
  return [score(found.value), " ", el("span", { class: "quiet" }, `[${score(found.low)}, ${score(found.high)}]`)];
}

function made({ card, finished, fingerprint }) {
  const dropped = Object.entries(card.dropped).filter(([, n]) => n).map(([reason, n]) => `${reason}: ${count(n)}`);
  const parts = Object.entries(card.parts).map(([part, n]) => `${part} ${count(n)}`);
  const facts = {
    Corpus: card.corpus,
    Pairs: `${count(card.n_pairs)} (${parts.join(", ")})`,
    Dropped: dropped.join(", ") || "nothing",
    Model: `${card.architecture}, ${counted(card.n_parameters, "parameter")}`,
    Vocabularies: card.vocabulary_sizes.map(count).join(" and "),
    Trained: card.trained_seconds === null ? null : `for ${duration(card.trained_seconds)}`,
    Finished: finished === true ? "yes" : finished === false ? "no, its training was stopped" : finished && moment(finished),
    Fingerprint: fingerprint.slice(0, 12),
  };
  const told = Object.entries(facts).filter(([, value]) => value);
  return el("dl", { class: "facts" }, ...told.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** Why a model is not served, and what can be done about it. */
function heldBack({ held_back }, act) {
  return el("section", { class: "learning" },
    el("p", {}, sentence(`it is not served: ${held_back}`)),
    el("div", { class: "row" }, el("button", { type: "button", onclick: () => act("serve") }, "Serve it anyway")));
}

/** Corrections that wait, what came of learning from them, and what can be done about it. */
function learning(model, act) {
  const isBusy = model.job?.state === "running";
  const button = (name, label, disabled = false, kind = "") =>
    el("button", { type: "button", class: kind, disabled: disabled || isBusy, onclick: () => act(name) }, label);
  return el("section", { class: "learning" },
    el("h3", {}, "Learning"),
    el("p", {}, corrected(model.corrections)),
    model.candidate && verdict(model.candidate),
    el("div", { class: "row" },
      button("learn", "Learn from corrections", !model.corrections?.waiting, model.candidate?.passed ? "" : "main"),
      model.candidate && button("promote", "Put the new version to use", !model.candidate.passed, "main"),
      model.can_roll_back ? button("rollback", model.previous?.newer ? "Go forward to the newer version" : "Go back to the version before") : null));
}

/** How many corrections there are, and what has become of them; null where nobody knows. */
function corrected(corrections) {
  if (!corrections) return "The memory of corrections cannot be reached.";
  const { learned, right, waiting, pending } = corrections;
  const words = [];
  if (learned) words.push(`${counted(learned, "correction")} learned${right === null ? "" : `, ${count(right)} of them right`}`);
  if (waiting) words.push(`${counted(waiting, "correction")} it has not learned yet`);
  if (pending) words.push(`${counted(pending, "suggestion")} to be approved`);
  return words.join(" · ") || "No corrections yet.";
}

/** What the gate says of a new version, with figures before and after. */
function verdict({ passed, reasons, before, after, at }) {
  const names = Object.keys(before).filter((name) => typeof before[name] === "number" && typeof after[name] === "number");
  const rows = names.map((name) => {
    const figures = [before[name], after[name]];
    const written = figures.every(Number.isInteger) ? count : score;
    return el("tr", {}, el("th", { scope: "row" }, name), ...figures.map((value) => el("td", {}, written(value))));
  });
  const head = el("tr", {}, el("td"), ...["before", "after"].map((name) => el("th", { scope: "col" }, name)));
  return el("div", { class: `verdict ${passed ? "good" : "bad"}` },
    el("p", {}, el("strong", {}, passed ? "A new version passed its tests" : "A new version did not pass its tests"), at ? ` · ${moment(at)}` : ""),
    reasons.length ? el("ul", {}, ...reasons.map((reason) => el("li", {}, reason))) : null,
    names.length ? el("table", { class: "scores" }, el("thead", {}, head), el("tbody", {}, ...rows)) : null);
}
