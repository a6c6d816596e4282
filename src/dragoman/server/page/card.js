// A model's card: what it was made from, what it is worth, what it could learn.

import { curve } from "./curve.js";
import { el } from "./dom.js";
import { count, counted, duration, moment, score } from "./figures.js";
import { nameOf } from "./languages.js";

const PARTS = { test: "Test", harder: "Hard test", dev: "Dev" };

/** Return the card of `model`; `act` is called with "learn", "promote" or "rollback". */
export function modelCard(model, act) {
  const directions = model.directions.map((one) => `${one.src_name ?? nameOf(one.src)} → ${one.trg_name ?? nameOf(one.trg)}`);
  const drawn = curve(model.history, "dev_chrf", "chrF on dev sentences while it was trained")
    ?? curve(model.history, "dev_loss", "Loss on dev sentences while it was trained");
  return el("article", { class: "card model", "aria-label": model.model },
    el("header", {}, el("h2", {}, model.model), el("span", { class: "quiet" }, directions.join(" · "))),
    el("div", { class: "halves" },
      el("section", {}, el("h3", {}, "Scores"), scores(model.scores), drawn),
      el("section", {}, el("h3", {}, "Made from"), made(model))),
    learning(model, act));
}

/** The scores of each part with their intervals, as a table. */
function scores(parts) {
  const order = [...new Set([...Object.keys(PARTS), ...Object.keys(parts)])];
  const rows = order.filter((part) => parts[part]).map((part) => [part, parts[part]]);
  if (!rows.length) return el("p", { class: "quiet" }, "This model has no scores.");
  const names = [...new Set(rows.flatMap(([, found]) => Object.keys(found)))];
  const head = el("tr", {}, el("td"), ...names.map((name) => el("th", { scope: "col" }, name === "exact" ? "Exact" : name)));
  const body = rows.map(([part, found]) => el("tr", {},
    el("th", { scope: "row" }, PARTS[part] ?? part),
    ...names.map((name) => el("td", {}, ...interval(found[name])))));
  return el("div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": "Scores" },
    el("table", { class: "scores" },
      el("caption", { class: "quiet" }, "Unseen sentences; in brackets, 95 % intervals."),
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
    Trained: card.trained_minutes === null ? null : `for ${duration(60 * card.trained_minutes)}`,
    Finished: finished === true ? "yes" : finished === false ? "no, its training was stopped" : finished && moment(finished),
    Fingerprint: fingerprint.slice(0, 12),
  };
  const told = Object.entries(facts).filter(([, value]) => value);
  return el("dl", { class: "facts" }, ...told.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** Corrections that wait, what came of learning from them, and what can be done about it. */
function learning(model, act) {
  const { waiting, pending } = model.corrections;
  const words = [waiting ? `${counted(waiting, "correction")} it has not learned yet` : "It has learned every correction."];
  if (pending) words.push(`${counted(pending, "suggestion")} to be approved`);
  const isBusy = model.job?.state === "running";
  const button = (name, label, disabled = false, kind = "") =>
    el("button", { type: "button", class: kind, disabled: disabled || isBusy, onclick: () => act(name) }, label);
  return el("section", { class: "learning" },
    el("h3", {}, "Learning"),
    el("p", {}, words.join(" · ")),
    model.candidate && verdict(model.candidate),
    el("div", { class: "row" },
      button("learn", "Learn from corrections", !waiting, model.candidate?.passed ? "" : "main"),
      model.candidate && button("promote", "Put the new version to use", !model.candidate.passed, "main"),
      model.can_roll_back ? button("rollback", "Go back to the version before") : null));
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
